import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/assert.ts';
import { type Time, time } from '../../src/base/units.ts';
import { Curve, type Piece } from '../../src/traffic/curve.ts';
import { anyCurve } from './any-curve.ts';
import { at } from './support.ts';

/** 10 → 30 over the first 10 s, a jump to 5 held for 5 s, then 5 → 0 over 5 s. */
const example = new Curve([
  { from: at(0), to: at(10), first: 10, last: 30 },
  { from: at(10), to: at(15), first: 5, last: 5 },
  { from: at(15), to: at(20), first: 5, last: 0 },
]);

const withMoments = (count: number) =>
  anyCurve.chain((curve) =>
    fc.tuple(
      fc.constant(curve),
      fc
        .array(fc.integer({ min: 0, max: curve.end }), { minLength: count, maxLength: count })
        .map((moments) => moments.sort((a, b) => a - b).map(time)),
    ),
  );

describe('a curve', () => {
  it('is read from the right at a jump and from the left just before it', () => {
    expect(example.at(at(0))).toBe(10);
    expect(example.at(at(5))).toBe(20);
    expect(example.at(at(10))).toBe(5);
    expect(example.justBefore(at(10))).toBe(30);
    expect(example.justBefore(at(17))).toBe(3);
    expect(example.justBefore(at(0))).toBe(10);
  });

  it('holds its ends outside of its range', () => {
    expect(example.at(time(-1))).toBe(10);
    expect(example.at(at(20))).toBe(0);
    expect(example.at(at(99))).toBe(0);
    expect(example.justBefore(at(99))).toBe(0);
    expect(example.integral(at(-5), at(0))).toBe(0);
    expect(example.max(at(20), at(99))).toBe(0);
  });

  it('tells the slope of the piece that begins at or contains a moment', () => {
    expect([0, 9, 10, 15, 19].map((s) => example.slopePerSecond(at(s)))).toEqual([2, 2, 0, -1, -1]);
  });

  it('tells the next bend after a moment, and that the end is none', () => {
    expect([0, 9.999999, 10, 14, 15, 20].map((s) => example.nextBend(at(s)))).toEqual([at(10), at(10), at(15), at(15), Infinity, Infinity]);
    expect(example.nextBend(at(-1))).toBe(0);
  });

  // [0,10]: (10+30)/2·10 = 200; [10,15]: 25; [15,20]: 12.5. From 5 to 12: (20+30)/2·5 + 5·2 = 135. From 16 to 18: (4+2)/2·2 = 6.
  it('integrates trapezia exactly', () => {
    expect(example.integral(at(0), at(20))).toBe(237.5);
    expect(example.integral(at(5), at(12))).toBe(135);
    expect(example.integral(at(16), at(18))).toBe(6);
    expect(example.integral(at(5), at(16))).toBe(125 + 25 + 4.5);
    expect(example.integral(at(7), at(7))).toBe(0);
    expect(example.mean(at(0), at(20))).toBe(11.875);
    expect(example.mean(at(5), at(5))).toBe(20);
  });

  it('finds the largest rate of a range, also where it only comes up to a jump', () => {
    expect(example.max(at(0), at(20))).toBe(30);
    expect(example.max(at(0), at(5))).toBe(20);
    expect(example.max(at(10), at(20))).toBe(5);
    expect(example.max(at(9), at(10))).toBe(30);
    const up = new Curve([
      { from: 0, to: 10, first: 1, last: 1 },
      { from: 10, to: 20, first: 7, last: 7 },
    ]);
    expect(up.max(time(0), time(9))).toBe(1);
    expect(up.max(time(0), time(10))).toBe(7);
  });

  it('refuses pieces that leave a gap, overlap, or are negative, infinite or no numbers', () => {
    const piece = (part: Partial<Piece>): Piece[] => [{ from: 0, to: 10, first: 1, last: 1, ...part }];
    const wrong = [
      [],
      piece({ from: 1 }),
      piece({ to: 0 }),
      piece({ to: 1.5 }),
      piece({ first: -1 }),
      piece({ last: Infinity }),
      piece({ first: NaN }),
      [...piece({}), { from: 11, to: 12, first: 0, last: 0 }],
    ];
    for (const pieces of wrong) expect(() => new Curve(pieces), JSON.stringify(pieces)).toThrow(InvariantError);
    expect(() => example.integral(at(2), at(1))).toThrow(InvariantError);
  });

  it('draws straight lines between points and holds the first and the last', () => {
    const points = [
      { at: at(2), rate: 10 },
      { at: at(4), rate: 30 },
      { at: at(4), rate: 8 },
      { at: at(6), rate: 0 },
    ];
    const curve = Curve.fromPoints(points, at(10));
    expect([0, 2, 3, 4, 5, 6, 9].map((s) => curve.at(at(s)))).toEqual([10, 10, 20, 8, 4, 0, 0]);
    expect(curve.justBefore(at(4))).toBe(30);
  });

  it('is shaped by points outside of its range', () => {
    const curve = Curve.fromPoints(
      [
        { at: at(-10), rate: 0 },
        { at: at(10), rate: 20 },
      ],
      at(5),
    );
    expect([curve.at(at(0)), curve.at(at(5)), curve.pieces().length]).toEqual([10, 15, 1]);
    expect(
      Curve.fromPoints(
        [
          { at: at(-3), rate: 1 },
          { at: at(-2), rate: 4 },
        ],
        at(5),
      ).pieces(),
    ).toEqual([{ from: 0, to: at(5), first: 4, last: 4 }]);
    expect(Curve.fromPoints([{ at: at(7), rate: 1 }], at(5)).at(at(2))).toBe(1);
  });
});

describe('for every curve', () => {
  it('the integral over a range is the sum of those over its parts', () => {
    fc.assert(
      fc.property(withMoments(3), ([curve, [a, b, c]]) => {
        const [from, middle, to] = [a as Time, b as Time, c as Time];
        const whole = curve.integral(from, to);
        expect(Math.abs(curve.integral(from, middle) + curve.integral(middle, to) - whole)).toBeLessThanOrEqual(
          1e-12 * curve.integral(time(0), curve.end),
        );
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('the integral is that of the trapezia between its bends', () => {
    fc.assert(
      fc.property(withMoments(2), ([curve, [a, b]]) => {
        const [from, to] = [a as Time, b as Time];
        let area = 0;
        for (let t = from; t < to;) {
          const next = time(Math.min(curve.nextBend(t), to));
          area += ((curve.at(t) + curve.justBefore(next)) / 2) * ((next - t) / 1e6);
          t = next;
        }
        expect(Math.abs(curve.integral(from, to) - area)).toBeLessThanOrEqual(1e-11 * (1 + area));
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('value, slope and bends tell the same curve, and the maximum bounds mean and values', () => {
    fc.assert(
      fc.property(withMoments(3), ([curve, [a, b, c]]) => {
        const [from, t, to] = [a as Time, b as Time, c as Time];
        const most = curve.max(from, to);
        expect(curve.at(t)).toBeLessThanOrEqual(most);
        expect(curve.at(t)).toBeGreaterThanOrEqual(0);
        expect(curve.mean(from, to)).toBeLessThanOrEqual(most * (1 + 1e-12));
        const bend = curve.nextBend(t);
        if (bend < Infinity)
          expect(curve.at(t) + (curve.slopePerSecond(t) * (bend - t)) / 1e6).toBeCloseTo(curve.justBefore(time(bend)), 6);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});
