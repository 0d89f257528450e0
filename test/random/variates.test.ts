import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp } from '../../src/base/elementary.ts';
import { Streams } from '../../src/random/streams.ts';
import { exponential, lognormal, normalQuantile } from '../../src/random/variates.ts';

const n = 20_000;
const uniforms = Array.from({ length: n }, new Streams(11).stream('variates'));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Half the width of a 99.9 % interval of a mean of `n` values with standard deviation `deviation`. */
const halfWidth = (deviation: number) => (3.2905 * deviation) / Math.sqrt(n);

const lastBelowOne = 1 - 1 / 9007199254740992;

describe('the quantile of the normal distribution', () => {
  // To 20 digits by Newton's method on erfc with 80-digit arithmetic.
  it.each([
    [0.001, -3.0902323061678135354],
    [0.01, -2.3263478740408410931],
    [0.025, -1.9599639845400542118],
    [0.05, -1.644853626951472688],
    [0.075, -1.4395314709384559349],
    [0.1, -1.2815515655446004353],
    [0.25, -0.6744897501960817432],
    [0.4, -0.25334710313579974132],
    [0.6, 0.25334710313579974132],
    [0.75, 0.6744897501960817432],
    [0.9, 1.2815515655446005935],
    [0.95, 1.6448536269514722843],
    [0.975, 1.9599639845400538556],
    [0.99, 2.3263478740408407676],
    [0.995, 2.5758293035489004539],
    [0.999, 3.0902323061678132778],
    [0.9999, 3.7190164854557083867],
    [1e-6, -4.7534243088228989573],
    [1e-9, -5.9978070150076868614],
    [1e-10, -6.3613409024040561991],
    [1e-11, -6.7060231554951362961],
    [1.4e-11, -6.6567230915181836356],
    [1e-12, -7.0344838253011319326],
    [1e-15, -7.9413453261709967713],
    [1e-16, -8.2220822161304356152],
  ])('at %d is %d to a relative 1e-15', (u, z) => {
    expect(Math.abs(normalQuantile(u) - z)).toBeLessThanOrEqual(1e-15 * Math.abs(z));
  });

  it('is 0 at one half and odd about it', () => {
    expect(normalQuantile(0.5)).toBe(0);
    for (const u of [1 / 4096, 1 / 64, 0.125, 0.375]) expect(normalQuantile(1 - u)).toBe(-normalQuantile(u));
  });

  it('never falls by more than rounding as u rises, also where its three formulas meet', () => {
    for (const meeting of [0.075, 0.925, 1.3887943864964021e-11]) {
      let previous = -Infinity;
      for (let i = -2000; i <= 2000; i++) {
        const z = normalQuantile(meeting * (1 + i * 2.3e-16));
        expect(z).toBeGreaterThanOrEqual(previous - 4e-16 * Math.abs(z));
        previous = z;
      }
    }
  });
});

describe('variates by inversion', () => {
  it('rise with u', () => {
    const u = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(u, u, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        // Closer than this, the difference drowns in rounding.
        fc.pre(high - low > 1e-12);
        expect(exponential(3, low)).toBeLessThan(exponential(3, high));
        expect(normalQuantile(low)).toBeLessThan(normalQuantile(high));
        expect(lognormal(3, 0.7, low)).toBeLessThan(lognormal(3, 0.7, high));
      }),
      { seed: 11, numRuns: 2000 },
    );
  });

  it('are finite at both ends of [0, 1)', () => {
    expect(exponential(1, 0)).toBe(0);
    // −ln 2⁻⁵³ = 36.7
    expect(exponential(1, lastBelowOne)).toBeCloseTo(36.7368, 4);
    expect(normalQuantile(0)).toBeCloseTo(-8.29, 2);
    expect(normalQuantile(lastBelowOne)).toBeCloseTo(8.21, 2);
    expect(lognormal(1, 1, 0)).toBeGreaterThan(0);
    expect(lognormal(1, 1, lastBelowOne)).toBeLessThan(1e4);
  });

  it('of the exponential law have its mean and its median', () => {
    // Mean 5, deviation 5; half of them lie below 5·ln 2.
    expect(Math.abs(mean(uniforms.map((u) => exponential(5, u))) - 5)).toBeLessThan(halfWidth(5));
    const below = uniforms.filter((u) => exponential(5, u) < 5 * 0.6931471805599453).length / n;
    expect(Math.abs(below - 0.5)).toBeLessThan(halfWidth(0.5));
    expect(exponential(5, 0.5)).toBe(5 * 0.6931471805599453);
  });

  it('of the normal law have mean 0 and variance 1', () => {
    const zs = uniforms.map(normalQuantile);
    expect(Math.abs(mean(zs))).toBeLessThan(halfWidth(1));
    expect(Math.abs(mean(zs.map((z) => z * z)) - 1)).toBeLessThan(halfWidth(Math.SQRT2));
  });

  it('of the log-normal law have its median and its mean', () => {
    const sigma = 0.5;
    const values = uniforms.map((u) => lognormal(40, sigma, u));
    const below = values.filter((value) => value < 40).length / n;
    expect(Math.abs(below - 0.5)).toBeLessThan(halfWidth(0.5));
    // Mean: median·e^(σ²/2); variance: mean²·(e^(σ²) − 1).
    const expected = 40 * exp((sigma * sigma) / 2);
    expect(Math.abs(mean(values) - expected)).toBeLessThan(halfWidth(expected * Math.sqrt(exp(sigma * sigma) - 1)));
    expect(lognormal(40, sigma, 0.5)).toBe(40);
  });

  it('of a log-normal law without spread are the median, whatever u', () => {
    for (const u of [0, 0.3, lastBelowOne]) expect(lognormal(40, 0, u)).toBe(40);
  });
});
