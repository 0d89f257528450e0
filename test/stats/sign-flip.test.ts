import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostSignFlips, signFlipP } from '../../src/stats/sign-flip.ts';

/** By looking at every combination of signs. */
function plainly(differences: readonly number[]): number {
  const seen = Math.abs(differences.reduce((sum, d) => sum + d, 0));
  let atLeast = 0;
  for (let signs = 0; signs < 2 ** differences.length; signs++) {
    const sum = differences.reduce((total, d, i) => total + (Math.floor(signs / 2 ** i) % 2 === 0 ? d : -d), 0);
    if (Math.abs(sum) >= seen) atLeast++;
  }
  return atLeast / 2 ** differences.length;
}

describe('the sign-flip p', () => {
  // Darwin's maize, cross- less self-fertilised, eighths of an inch; Fisher, The Design of Experiments, §21: 863 of 32,768 combinations reach +314.
  it('is Fisher’s own of Darwin’s maize', () => {
    expect(signFlipP([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48])).toBe(1726 / 32_768);
  });

  it('is 2 in 2^n where all differ the same way, by equal or by other amounts', () => {
    expect(signFlipP([0.1, 0.1, 0.1, 0.1, 0.1])).toBe(2 / 32);
    expect(signFlipP([-0.1, -0.2, -0.3, -0.7, -1e6, -1e-3])).toBe(2 / 64);
  });

  it('is 1 where the sum is 0, and where nothing differs', () => {
    expect(signFlipP([0.1, 0.2, -0.3])).toBe(1);
    expect(signFlipP([0, 0, 0])).toBe(1);
  });

  it('does not exist for nothing, nor for more pairs than are looked at exactly', () => {
    expect(signFlipP([])).toBeUndefined();
    expect(signFlipP(Array.from({ length: mostSignFlips }, () => 1))).toBe(2 ** (1 - mostSignFlips));
    expect(signFlipP([...Array.from({ length: mostSignFlips }, () => 1), 0])).toBe(2 ** (1 - mostSignFlips));
    expect(signFlipP(Array.from({ length: mostSignFlips + 1 }, () => 1))).toBeUndefined();
  });

  it('is the share among all combinations of signs', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 11 }), (differences) => {
        expect(signFlipP(differences)).toBe(plainly(differences));
      }),
      { seed: 11 },
    );
  });
});
