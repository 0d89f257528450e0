import { describe, expect, it } from 'vitest';
import { exponent } from '../../bench/exponent.ts';

const costs = (...pairs: readonly (readonly [size: number, cost: number])[]) => pairs.map(([size, cost]) => ({ size, cost }));

describe('the exponent of growth', () => {
  it('is that of the power law on which all points lie', () => {
    expect(exponent(costs([1, 7], [3, 7], [10, 7]))).toBeCloseTo(0, 12);
    expect(exponent(costs([1, 5], [3, 15], [10, 50]))).toBeCloseTo(1, 12);
    expect(exponent(costs([1, 2], [3, 18], [10, 200]))).toBeCloseTo(2, 12);
    expect(exponent(costs([4, 1], [16, 2]))).toBeCloseTo(0.5, 12);
  });

  it('is the slope of least squares where they lie on none', () => {
    // Sizes 1, e, e² at costs 1, e², e: x − x̄ = −1, 0, 1 and y = 0, 2, 1, so the slope is (0·−1 + 1·1) ÷ 2.
    expect(exponent(costs([1, 1], [Math.E, Math.E * Math.E], [Math.E * Math.E, Math.E]))).toBeCloseTo(0.5, 12);
  });

  it('is undefined where a cost is not positive or missing, and asks for two sizes', () => {
    expect(exponent(costs([1, 0], [2, 1]))).toBeUndefined();
    expect(exponent(costs([1, NaN], [2, 1]))).toBeUndefined();
    expect(() => exponent(costs([2, 1], [2, 3]))).toThrow('needs two sizes');
  });
});
