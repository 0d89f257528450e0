import fc from 'fast-check';
import { Curve, type Piece } from '../../src/traffic/curve.ts';

/** Curves of up to 12 pieces with jumps, from 1 µs to some seconds each. */
export const anyCurve = fc
  .array(
    fc.record({
      length: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5_000_000 })),
      first: fc.double({ min: 0, max: 1e5, noNaN: true }),
      last: fc.double({ min: 0, max: 1e5, noNaN: true }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => {
    const pieces: Piece[] = [];
    for (const { length, first, last } of parts) {
      const from = pieces.at(-1)?.to ?? 0;
      pieces.push({ from, to: from + length, first, last });
    }
    return new Curve(pieces);
  });
