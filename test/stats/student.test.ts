import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incompleteBeta, studentQuantile } from '../../src/stats/student.ts';

describe("Student's t quantile", () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2 (three decimals), upper critical values.
  it.each([
    [0.975, 1, 12.706],
    [0.975, 2, 4.303],
    [0.975, 4, 2.776],
    [0.975, 9, 2.262],
    [0.975, 30, 2.042],
    [0.975, 100, 1.984],
    [0.95, 5, 2.015],
    [0.99, 7, 2.998],
    [0.995, 10, 3.169],
    [0.999, 3, 10.215],
  ])('at p = %f with %i degrees of freedom equals the published %f', (p, degrees, published) => {
    expect(studentQuantile(p, degrees)).toBeCloseTo(published, 3);
  });

  // One degree: tan(π(p − ½)); two degrees: (2p − 1) ÷ √(2p(1 − p)).
  it('equals the closed forms of one and of two degrees of freedom to twelve digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.501, max: 0.9999, noNaN: true }), (p) => {
        expect(studentQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 11);
        expect(studentQuantile(p, 2) / ((2 * p - 1) / Math.sqrt(2 * p * (1 - p)))).toBeCloseTo(1, 11);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('is odd around one half', () => {
    expect(studentQuantile(0.025, 4)).toBeCloseTo(-studentQuantile(0.975, 4), 12);
    expect(studentQuantile(0.5, 4)).toBe(0);
  });

  it('approaches the normal quantile 1.959964 with many degrees of freedom', () => {
    expect(studentQuantile(0.975, 1e7)).toBeCloseTo(1.959964, 5);
  });

  it('refuses probabilities of 0 and 1', () => {
    expect(() => studentQuantile(1, 4)).toThrow('p = 1');
    expect(() => studentQuantile(0, 4)).toThrow('p = 0');
    expect(() => studentQuantile(0.9, 0)).toThrow('0 degrees of freedom');
  });
});

describe('the incomplete beta function', () => {
  // I_x(1, 1) = x; I_x(2, 1) = x²; I_x(1, 2) = 1 − (1 − x)²; I_½(a, a) = ½; I_¼(½, ½) = (2 ÷ π) asin ½ = ⅓.
  it('equals its closed forms', () => {
    expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 14);
    expect(incompleteBeta(0.3, 2, 1)).toBeCloseTo(0.09, 14);
    expect(incompleteBeta(0.3, 1, 2)).toBeCloseTo(0.51, 14);
    expect(incompleteBeta(0.5, 7.5, 7.5)).toBeCloseTo(0.5, 13);
    expect(incompleteBeta(0.25, 0.5, 0.5)).toBeCloseTo(1 / 3, 13);
    expect(incompleteBeta(0, 2, 3)).toBe(0);
    expect(incompleteBeta(1, 2, 3)).toBe(1);
  });
});
