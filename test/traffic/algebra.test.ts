import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/assert.ts';
import { duration, time } from '../../src/base/units.ts';
import { clip, scale, shift, sum, timesSteps } from '../../src/traffic/algebra.ts';
import { Curve } from '../../src/traffic/curve.ts';
import { anyCurve } from './any-curve.ts';
import { at, lasting } from './support.ts';

/** 0 → 20 over 10 s, a jump to 10, held for 10 s. */
const ramp = new Curve([
  { from: at(0), to: at(10), first: 0, last: 20 },
  { from: at(10), to: at(20), first: 10, last: 10 },
]);
const all = (curve: Curve): number => curve.integral(time(0), curve.end);
/** `curve` on [0, end], its last rate held or what is beyond cut off. */
const until = (curve: Curve, end: number): Curve =>
  Curve.fromPoints(
    curve.pieces().flatMap((piece) => [
      { at: piece.from, rate: piece.first },
      { at: piece.to, rate: piece.last },
    ]),
    time(end),
  );
const moments = (curve: Curve): readonly number[] => curve.pieces().flatMap(({ from, to }) => [from, Math.floor((from + to) / 2)]);

describe('a sum', () => {
  it('adds rates and integrals, and keeps the jumps of its parts', () => {
    const total = sum([
      ramp,
      Curve.constant(5, at(20)),
      Curve.fromPoints(
        [
          { at: at(5), rate: 0 },
          { at: at(5), rate: 1 },
        ],
        at(20),
      ),
    ]);
    expect([0, 4, 5, 10, 15].map((s) => total.at(at(s)))).toEqual([5, 13, 16, 16, 16]);
    expect(total.justBefore(at(10))).toBe(26);
    // 100 + 100 of the ramp, 5·20, 1·15
    expect(all(total)).toBe(315);
  });

  it('wants curves that end together', () => {
    expect(() => sum([ramp, Curve.constant(1, at(5))])).toThrow(InvariantError);
    expect(() => sum([])).toThrow(InvariantError);
  });

  it('of any two curves is their values added, everywhere', () => {
    fc.assert(
      fc.property(anyCurve, anyCurve, (one, other) => {
        const second = until(other, one.end);
        const total = sum([one, second]);
        for (const t of [...moments(one), ...moments(second)])
          expect(total.at(time(t))).toBeCloseTo(one.at(time(t)) + second.at(time(t)), 6);
        expect(all(total)).toBeCloseTo(all(one) + all(second), 5);
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});

describe('a scaled curve', () => {
  it('has every value and the integral times the factor', () => {
    const half = scale(ramp, 0.5);
    expect([half.at(at(5)), half.justBefore(at(10)), half.at(at(10)), all(half)]).toEqual([5, 10, 5, 100]);
    expect(all(scale(ramp, 0))).toBe(0);
  });
});

describe('a shifted curve', () => {
  it('comes later and holds its first rate until then', () => {
    const later = shift(ramp, lasting(4));
    expect([0, 4, 9, 14, 20].map((s) => later.at(at(s)))).toEqual([0, 0, 10, 10, 10]);
    expect(later.justBefore(at(14))).toBe(20);
  });

  it('comes earlier and holds its last rate from then on', () => {
    const earlier = shift(ramp, duration(-4e6));
    expect([0, 5, 6, 20].map((s) => earlier.at(at(s)))).toEqual([8, 18, 10, 10]);
    expect(earlier.end).toBe(ramp.end);
  });

  it('is what the curve was that much earlier, for every curve and shift', () => {
    fc.assert(
      fc.property(anyCurve, fc.integer({ min: -10_000_000, max: 10_000_000 }), (curve, by) => {
        const shifted = shift(curve, duration(by));
        const inside = moments(curve).filter((t) => t - by >= 0 && t - by < curve.end);
        for (const t of inside) expect(shifted.at(time(t))).toBeCloseTo(curve.at(time(t - by)), 4);
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});

describe('a clipped curve', () => {
  // 0 → 20 over 10 s meets 4 after 2 s and 12 after 6 s: 4·2 + (4+12)/2·4 + 12·4 + 10·10 = 188.
  it('bends where it meets its bounds', () => {
    const kept = clip(ramp, 4, 12);
    expect(kept.pieces().map(({ to }) => to / 1e6)).toEqual([2, 6, 10, 20]);
    expect(all(kept)).toBe(188);
    expect(kept.justBefore(at(10))).toBe(12);
  });

  it('meets both bounds also on the way down', () => {
    const down = clip(new Curve([{ from: 0, to: at(10), first: 20, last: 0 }]), 4, 12);
    expect(down.pieces().map(({ to, last }) => [to / 1e6, last])).toEqual([
      [4, 12],
      [8, 4],
      [10, 4],
    ]);
  });

  it('stays within its bounds and follows the curve between them, for every curve', () => {
    fc.assert(
      fc.property(anyCurve, fc.double({ min: 0, max: 1e5, noNaN: true }), fc.double({ min: 0, max: 1e5, noNaN: true }), (curve, a, b) => {
        const [least, most] = [Math.min(a, b), Math.max(a, b)];
        const kept = clip(curve, least, most);
        for (const { from, first, last } of kept.pieces()) {
          expect(Math.min(first, last)).toBeGreaterThanOrEqual(least);
          expect(Math.max(first, last)).toBeLessThanOrEqual(most);
          // A bend lies within 1 µs of where it should be: on the steepest piece, 1e5/s within 1 µs, that may be all of it.
          const steepness = Math.abs(curve.slopePerSecond(time(from))) / 1e6;
          expect(Math.abs(first - Math.min(Math.max(curve.at(time(from)), least), most))).toBeLessThanOrEqual(steepness + 1e-6);
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});

describe('a curve times steps', () => {
  // 0 → 20 over 10 s times 1 for 4 s, 3 for 4 s, 2 for 4 s …: 16·1 + 48·3 + 36·2 of the ramp; 10·2·2 + 10·4·1 + 10·4·5 after it.
  it('is multiplied interval by interval, counted from time 0', () => {
    const product = timesSteps(ramp, { interval: lasting(4), factors: Float64Array.of(1, 3, 2, 1, 5) });
    expect([0, 4, 8, 10, 12, 16, 19].map((s) => product.at(at(s)))).toEqual([0, 24, 32, 20, 10, 50, 50]);
    expect(product.justBefore(at(4))).toBe(8);
    expect(all(product)).toBeCloseTo(16 + 144 + 72 + 40 + 40 + 200, 9);
  });

  it('wants a factor for every interval that begins before the end', () => {
    expect(() => timesSteps(ramp, { interval: lasting(4), factors: Float64Array.of(1, 3, 2, 1) })).toThrow(InvariantError);
    expect(all(timesSteps(ramp, { interval: lasting(10), factors: Float64Array.of(1, 1) }))).toBe(200);
  });

  it('by one everywhere is the curve itself', () => {
    fc.assert(
      fc.property(anyCurve, fc.integer({ min: 100_000, max: 2_000_000 }), (curve, interval) => {
        const factors = new Float64Array(Math.ceil(curve.end / interval)).fill(1);
        const same = timesSteps(curve, { interval: duration(interval), factors });
        for (const t of moments(curve)) expect(same.at(time(t))).toBeCloseTo(curve.at(time(t)), 4);
        expect(all(same)).toBeCloseTo(all(curve), 5);
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});
