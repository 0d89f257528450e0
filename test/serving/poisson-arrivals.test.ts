import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Uniform, Streams } from '../../src/random/streams.ts';
import { exponential } from '../../src/random/variates.ts';
import { PoissonArrivals } from '../../src/serving/requests/poisson-arrivals.ts';

/** A rate from a moment on, in a straight line to the next one. */
interface Bend {
  readonly t: number;
  readonly rate: number;
  readonly slope: number;
}

const uniform = (seed: number): Uniform => new Streams(seed).stream('arrivals');

/** All arrivals on the line until `end`. */
function arrivalsOn(bends: readonly Bend[], end: number, draw: Uniform): number[] {
  const gap = (): number => exponential(1, draw());
  const arrivals = new PoissonArrivals(gap());
  const all: number[] = [];
  bends.forEach(({ t, rate, slope }, i) => {
    arrivals.bend(t, rate, slope);
    const until = bends[i + 1]?.t ?? end;
    while (arrivals.next <= until) {
      all.push(arrivals.next);
      arrivals.pass(gap());
    }
  });
  return all;
}

/** A line through rates, some of them 0, at moments `lengths` apart. */
function lineThrough(rates: readonly number[], lengths: readonly number[]): { readonly bends: readonly Bend[]; readonly end: number } {
  const bends: Bend[] = [];
  let t = 0;
  lengths.forEach((length, i) => {
    const [rate, then] = [rates[i] ?? 0, rates[i + 1] ?? 0];
    bends.push({ t, rate, slope: (then - rate) / length });
    t += length;
  });
  return { bends, end: t };
}

/** The rate integrated up to `to`. */
const integral = (bends: readonly Bend[], to: number): number =>
  bends.reduce((sum, { t, rate, slope }, i) => {
    const h = Math.min(to, bends[i + 1]?.t ?? Infinity) - t;
    return h > 0 ? sum + h * (rate + (slope * h) / 2) : sum;
  }, 0);

const line = fc
  .array(fc.record({ rate: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 200 })), length: fc.integer({ min: 1, max: 30 }) }), {
    minLength: 2,
    maxLength: 8,
  })
  .map((all) =>
    lineThrough(
      all.map(({ rate }) => rate),
      all.map(({ length }) => length / 10),
    ),
  );

describe('Poisson arrivals', () => {
  it('are the same into however many pieces the line is cut', () => {
    fc.assert(
      fc.property(line, fc.nat(1000), fc.integer({ min: 2, max: 7 }), ({ bends, end }, seed, pieces) => {
        const whole = arrivalsOn(bends, end, uniform(seed));
        const cut = bends.flatMap(({ t, rate, slope }, i) => {
          const length = (bends[i + 1]?.t ?? end) - t;
          return Array.from({ length: pieces }, (_, k) => (k * length) / pieces).map((x) => ({ t: t + x, rate: rate + slope * x, slope }));
        });
        const again = arrivalsOn(cut, end, uniform(seed));
        expect(again).toHaveLength(whole.length);
        again.forEach((t, i) => {
          // Where the rate begins at 0, Λ is flat: a moment is as near as the root of its rounding.
          const flat = bends.some((bend) => bend.rate === 0 && whole[i]! - bend.t < 1e-3 && whole[i]! >= bend.t);
          expect(Math.abs(t - whole[i]!)).toBeLessThan(flat ? 1e-6 : 1e-9);
        });
      }),
      { seed: 11, numRuns: 80 },
    );
  });

  it('are apart, in the integrated rate, by as much as was drawn', () => {
    fc.assert(
      fc.property(line, fc.nat(1000), ({ bends, end }, seed) => {
        const draw = uniform(seed);
        let sum = 0;
        for (const t of arrivalsOn(bends, end, uniform(seed))) {
          sum += -Math.log(1 - draw());
          expect(Math.abs(integral(bends, t) - sum)).toBeLessThan(1e-9 * (1 + sum));
        }
        // The next one would be later than the end.
        expect(integral(bends, end)).toBeLessThan(sum - Math.log(1 - draw()) + 1e-9 * (1 + sum));
      }),
      { seed: 12, numRuns: 80 },
    );
  });

  it('are unit exponentials apart in the integrated rate: mean, variance and the whole distribution', () => {
    const { bends, end } = lineThrough([100, 900, 0, 0, 400, 50], [10, 10, 5, 10, 10]);
    const lambda = arrivalsOn(bends, end, uniform(3)).map((t) => integral(bends, t));
    const gaps = lambda.map((value, i) => value - (lambda[i - 1] ?? 0));
    const n = gaps.length;
    // 5,000 + 4,500 + 0 + 2,000 + 2,250 are expected.
    expect(Math.abs(n - 13_750)).toBeLessThan(4 * Math.sqrt(13_750));
    const mean = gaps.reduce((a, b) => a + b, 0) / n;
    const variance = gaps.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1);
    // Standard errors 1/√n, and √(8/n): the fourth central moment of an exponential is 9.
    expect(Math.abs(mean - 1)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(8 / n));
    const sorted = [...gaps].sort((a, b) => a - b);
    const ks = Math.max(...sorted.map((x, i) => Math.max((i + 1) / n - 1 + Math.exp(-x), 1 - Math.exp(-x) - i / n)));
    // Kolmogorov and Smirnov: beyond 1.63/√n in 1 of 100 cases.
    expect(ks).toBeLessThan(1.63 / Math.sqrt(n));
    // Neighbours know nothing of each other.
    const together = gaps.slice(1).reduce((sum, gap, i) => sum + (gap - 1) * (gaps[i]! - 1), 0) / (n - 1);
    expect(Math.abs(together)).toBeLessThan(4 / Math.sqrt(n));
  });

  it('never come where the rate is 0', () => {
    fc.assert(
      fc.property(line, fc.nat(1000), ({ bends, end }, seed) => {
        for (const t of arrivalsOn(bends, end, uniform(seed)))
          bends.forEach(({ t: from, rate, slope }, i) => {
            const until = bends[i + 1]?.t ?? end;
            if (rate === 0 && slope === 0 && t > from + 1e-12 && t < until - 1e-12)
              expect.fail(`${String(t)} is within ${String(from)} … ${String(until)}`);
          });
      }),
      { seed: 13, numRuns: 200 },
    );
    const arrivals = new PoissonArrivals(exponential(1, uniform(1)()));
    expect(arrivals.next).toBe(Infinity);
    arrivals.bend(5, 0, 0);
    expect(arrivals.next).toBe(Infinity);
    // A rate that falls to 0 before: the triangle of area 1/2000 is too small for what was drawn.
    arrivals.bend(6, 1, -1000);
    expect(arrivals.next).toBe(Infinity);
    arrivals.bend(6.001, 0, 0);
    expect(arrivals.next).toBe(Infinity);
    arrivals.bend(7, 1, 0);
    expect(arrivals.next).toBeCloseTo(7 - Math.log(1 - uniform(1)()) - 1 / 2000, 9);
  });
});
