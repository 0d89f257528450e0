import { describe, expect, it } from 'vitest';
import { isPrecise, looks } from '../../src/stats/sequential.ts';

describe('looks', () => {
  it('begin at ten, grow by a fifth, and end at the most', () => {
    expect(looks(50)).toEqual([10, 12, 15, 18, 22, 27, 33, 40, 48, 50]);
    expect(looks(10)).toEqual([10]);
    expect(looks(12)).toEqual([10, 12]);
  });

  it('are one where fewer are allowed', () => {
    expect(looks(4)).toEqual([4]);
  });
});

describe('precision', () => {
  // Mean 5, half-width 4.10852 (interval.test.ts): 82.17 %.
  it('is half-width ÷ mean', () => {
    expect(isPrecise([2, 4, 6, 8], 0.8218)).toBe(true);
    expect(isPrecise([2, 4, 6, 8], 0.8217)).toBe(false);
    expect(isPrecise([-2, -4, -6, -8], 0.8218)).toBe(true);
  });

  it('is there where all are equal, zeros too, and never with one value', () => {
    expect(isPrecise([3, 3, 3], 0.001)).toBe(true);
    expect(isPrecise([0, 0, 0], 0.001)).toBe(true);
    expect(isPrecise([3], 0.5)).toBe(false);
  });
});
