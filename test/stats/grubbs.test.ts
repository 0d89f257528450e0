import { describe, expect, it } from 'vitest';
import { outlier } from '../../src/stats/grubbs.ts';

/** Ten values with G = `g` at the last: nine alike but for ±1, and one far out. */
function withGrubbs(g: number): readonly number[] {
  const rest = [-1, 1, -1, 1, -1, 1, -1, 1, 0];
  // x from the rest: mean x/10, Σ(…)² = 8 + x² − x²/10; G = 0.9 x ÷ √((8 + 0.9 x²) ÷ 9); so x² = 8 g² ÷ (7.29 − 0.9 g²).
  return [...rest, Math.sqrt((8 * g * g) / (7.29 - 0.9 * g * g))];
}

describe('an outlier', () => {
  // NIST/SEMATECH e-Handbook 1.3.5.17.1: mass spectrometer measurements of uranium isotopes, G = 2.4687.
  it('is the published one', () => {
    expect(outlier([199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57])).toBe(7);
    expect(outlier([199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18])).toBeUndefined();
  });

  // Grubbs 1969, table I, one-sided 0.5 %: 2.482 for ten values.
  it('lies further out than the published critical value', () => {
    expect(outlier(withGrubbs(2.4815))).toBeUndefined();
    expect(outlier(withGrubbs(2.4825))).toBe(9);
  });

  // Of n values of which one differs G = (n − 1) ÷ √n: 1.789 for five, above 1.764.
  it('is one that alone differs, from four values on', () => {
    expect(outlier([0, 0, 0, 1e6, 0])).toBe(3);
    expect(outlier([0, -5, 0, 0])).toBe(1);
    expect(outlier([0, 0, 1])).toBeUndefined();
  });

  it('is not one that differs by rounding, nor any of equal values', () => {
    expect(outlier([7200, 7200, 7200, 7200, 7200.000000000001])).toBeUndefined();
    expect(outlier([3, 3, 3, 3])).toBeUndefined();
    expect(outlier([0, 9])).toBeUndefined();
    expect(outlier([])).toBeUndefined();
  });
});
