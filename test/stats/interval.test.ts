import { describe, expect, it } from 'vitest';
import { Streams } from '../../src/random/streams.ts';
import { normalQuantile } from '../../src/random/variates.ts';
import { confidenceInterval, pairedDifference } from '../../src/stats/interval.ts';
import { mean, sampleDeviation } from '../../src/stats/summary.ts';

describe('mean and sample deviation', () => {
  it('sums exactly, so that 1 survives between 1e16 and −1e16', () => {
    expect(mean([1e16, 1, -1e16])).toBeCloseTo(1 / 3, 15);
  });

  // Deviations −3 −1 1 3 from 5: squares 9 + 1 + 1 + 9 = 20; 20 ÷ 3.
  it('divides the squares by n − 1', () => {
    expect(sampleDeviation([2, 4, 6, 8])).toBeCloseTo(Math.sqrt(20 / 3), 14);
  });

  it('has no deviation for one value', () => {
    expect(sampleDeviation([3])).toBeUndefined();
  });

  it('refuses what is not finite instead of skipping it', () => {
    expect(() => mean([1, NaN])).toThrow('value 1 of a sample is NaN');
    expect(() => sampleDeviation([Infinity, 1])).toThrow('value 0 of a sample is Infinity');
    expect(() => mean([])).toThrow('the mean of no values');
  });
});

describe('a confidence interval', () => {
  // Mean 5, s = √(20/3) = 2.581989, t(0.975; 3) = 3.182446; 3.182446 × 2.581989 ÷ 2 = 4.108520.
  it('is mean ± t · s ÷ √n', () => {
    const { mean: centre, halfWidth, count } = confidenceInterval([2, 4, 6, 8]);
    expect([centre, count]).toEqual([5, 4]);
    expect(halfWidth).toBeCloseTo(4.10852, 5);
  });

  it('has no half-width from one value and a half-width of 0 from equal values', () => {
    expect(confidenceInterval([7])).toEqual({ mean: 7, halfWidth: undefined, count: 1 });
    expect(confidenceInterval([7, 7, 7])).toEqual({ mean: 7, halfWidth: 0, count: 3 });
  });

  // 4,000 samples of 5 normal values: the share of intervals that hold the true mean is 0.95 within 4 standard errors, 4·√(0.95·0.05 ÷ 4000) = 0.0138.
  it('holds the true mean in 95 of 100 samples of five', () => {
    const uniform = new Streams(11).stream('coverage');
    let covered = 0;
    for (let sample = 0; sample < 4000; sample++) {
      const { mean: centre, halfWidth } = confidenceInterval(Array.from({ length: 5 }, () => 10 + 3 * normalQuantile(uniform())));
      if (Math.abs(centre - 10) <= (halfWidth ?? 0)) covered++;
    }
    expect(Math.abs(covered / 4000 - 0.95)).toBeLessThan(0.0138);
  });
});

describe('a paired difference', () => {
  // Differences 1, 1, 1: what the pairs share cancels.
  it('cancels what the pairs have in common', () => {
    expect(pairedDifference([11, 21, 31], [10, 20, 30])).toEqual({ mean: 1, halfWidth: 0, count: 3 });
  });

  it('refuses samples of different size', () => {
    expect(() => pairedDifference([1, 2], [1])).toThrow('pairs of 2 and 1 values');
  });
});
