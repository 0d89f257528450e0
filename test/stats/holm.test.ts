import { describe, expect, it } from 'vitest';
import { holm } from '../../src/stats/holm.ts';

describe('Holm’s procedure', () => {
  // 4 · 0.005 = 0.02, 3 · 0.01 = 0.03, 2 · 0.03 = 0.06, and 1 · 0.04 is no less than the one before.
  it('multiplies by how many are left, and never falls', () => {
    holm([0.01, 0.04, 0.03, 0.005]).forEach((adjusted, i) => expect(adjusted).toBeCloseTo([0.03, 0.06, 0.06, 0.02][i] ?? NaN, 15));
  });

  // R 4.3, p.adjust(c(.01, .02, .03, .04, .05), "holm").
  it('agrees with p.adjust of R', () => {
    holm([0.01, 0.02, 0.03, 0.04, 0.05]).forEach((adjusted, i) =>
      expect(adjusted).toBeCloseTo([0.05, 0.08, 0.09, 0.09, 0.09][i] ?? NaN, 15),
    );
  });

  it('treats equals alike, is never above 1, leaves a single p alone, and knows an empty family', () => {
    expect(holm([0.01, 0.01, 0.02])).toEqual([0.03, 0.03, 0.03]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
    expect(holm([0.2])).toEqual([0.2]);
    expect(holm([])).toEqual([]);
  });
});
