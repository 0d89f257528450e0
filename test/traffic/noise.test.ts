import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp, log } from '../../src/base/elementary.ts';
import { Streams } from '../../src/random/streams.ts';
import { normalQuantile } from '../../src/random/variates.ts';
import { Curve } from '../../src/traffic/curve.ts';
import { noiseSchema, noiseSteps, realise } from '../../src/traffic/noise.ts';
import { anyCurve } from './any-curve.ts';
import { at, lasting, near } from './support.ts';

const noise = { sigma: 0.2, interval: lasting(10), correlation: 0.8 };
const counting = (uniform: () => number): { count: () => number; uniform: () => number } => {
  let drawn = 0;
  return {
    count: () => drawn,
    uniform: () => {
      drawn++;
      return uniform();
    },
  };
};

describe('noise', () => {
  // σ = 0.2, r = 0.6, √(1 − r²) = 0.8; z from u = 0.5 is 0, from Φ(1) it is 1: x = 0.2, 0.12, 0.12·0.6 + 0.16 = 0.232.
  it('is the recursion of its definition', () => {
    const one = 0.8413447460685429;
    expect(normalQuantile(one)).toBeCloseTo(1, 12);
    const draws = [one, 0.5, one];
    const { factors } = noiseSteps({ sigma: 0.2, interval: lasting(10), correlation: 0.6 }, at(30), () => draws.shift() ?? NaN);
    expect([...factors]).toEqual(
      near(
        [0.2, 0.12, 0.232].map((x) => exp(x - 0.02)),
        12,
      ),
    );
  });

  it('multiplies the curve, piece by piece, by a factor that holds for its interval', () => {
    const curve = Curve.fromPoints(
      [
        { at: at(0), rate: 0 },
        { at: at(100), rate: 1000 },
      ],
      at(100),
    );
    const played = realise(curve, noise, new Streams(1).stream('traffic/a'));
    const { factors } = noiseSteps(noise, at(100), new Streams(1).stream('traffic/a'));
    for (const s of [0, 5, 10, 19.5, 95]) expect(played.at(at(s))).toBeCloseTo(10 * s * (factors[Math.floor(s / 10)] ?? NaN), 9);
    expect(played.nextBend(at(10))).toBe(at(20));
  });

  it('without sigma is none and draws nothing', () => {
    const { uniform, count } = counting(() => 0.9);
    const curve = Curve.constant(5, at(100));
    expect(realise(curve, { ...noise, sigma: 0 }, uniform)).toBe(curve);
    expect(count()).toBe(0);
  });

  it('draws once for every interval that begins before the horizon', () => {
    for (const [seconds, draws] of [
      [100, 10],
      [95, 10],
      [100.5, 11],
      [3, 1],
    ] as const) {
      const { uniform, count } = counting(() => 0.5);
      noiseSteps(noise, at(seconds), uniform);
      expect(count()).toBe(draws);
    }
  });

  it('draws the same whatever the curve is', () => {
    fc.assert(
      fc.property(anyCurve, (curve) => {
        const small = { ...noise, interval: lasting(0.1) };
        const [a, b] = [counting(() => 0.3), counting(() => 0.3)];
        const played = realise(curve, small, a.uniform);
        const flat = realise(Curve.constant(1, curve.end), small, b.uniform);
        expect(a.count()).toBe(b.count());
        for (const { from, first } of played.pieces().filter((piece) => piece.from % 100_000 === 0))
          expect(first).toBeCloseTo(curve.at(at(from / 1e6)) * flat.at(at(from / 1e6)), 6);
      }),
      { seed: 11, numRuns: 100 },
    );
  });

  it('has mean 1, variance e^(σ²) − 1, and correlation r between neighbouring logarithms', () => {
    const [runs, steps] = [400, 250];
    const { sigma, correlation: r } = noise;
    const means: number[] = [];
    const variances: number[] = [];
    const products: number[] = [];
    for (let run = 0; run < runs; run++) {
      const { factors } = noiseSteps(noise, at(steps * 10), new Streams(run).stream('traffic/a'));
      const x = Array.from(factors, (factor) => log(factor) + (sigma * sigma) / 2);
      means.push(factors.reduce((a, b) => a + b, 0) / steps);
      variances.push(x.reduce((sofar, value) => sofar + value * value, 0) / steps);
      products.push(x.slice(1).reduce((sofar, value, i) => sofar + value * (x[i] ?? NaN), 0) / (steps - 1));
    }
    // Replications are independent: 99.9 % intervals (z = 3.29) about their means.
    const within = (values: readonly number[], expected: number): void => {
      const mean = values.reduce((a, b) => a + b, 0) / runs;
      const deviation = Math.sqrt(values.reduce((sofar, value) => sofar + (value - mean) * (value - mean), 0) / (runs - 1));
      expect(Math.abs(mean - expected)).toBeLessThan((3.29 * deviation) / Math.sqrt(runs));
      expect(deviation / Math.sqrt(runs)).toBeLessThan(0.03 * expected);
    };
    within(means, 1);
    within(variances, sigma * sigma);
    within(products, r * sigma * sigma);
  });

  it('is written with units, and a run of 16 hours of it has about 6,000 pieces', () => {
    expect(noiseSchema.parse({ sigma: '4%' })).toEqual({ sigma: 0.04, interval: lasting(10), correlation: 0.8 });
    expect(noiseSchema.parse({})).toEqual({ sigma: 0, interval: lasting(10), correlation: 0.8 });
    for (const wrong of [
      { sigma: 0.04 },
      { sigma: '140%' },
      { interval: '1ms' },
      { correlation: 1.1 },
      { correlation: -0.1 },
      { sigmma: '4%' },
    ])
      expect(noiseSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    expect(realise(Curve.constant(1, at(57_600)), noise, new Streams(1).stream('traffic/a')).pieces().length).toBe(5760);
  });
});
