import { describe, expect, it } from 'vitest';
import { Streams } from '../../src/random/streams.ts';
import { normalQuantile } from '../../src/random/variates.ts';
import { studentQuantile } from '../../src/stats/student.ts';
import { mostNeeded, placeAll } from '../../src/stats/verdict.ts';

const only = (differences: readonly number[], margin: number) => placeAll([{ differences, margin }], 0.95)[0]!;

describe('the place of a difference', () => {
  // Student, The Probable Error of a Mean, 1908: additional sleep by hyoscine; mean 1.58, s 1.2300, t = 4.0621 with 9 degrees of freedom, p = 0.002833 (R: t.test).
  const sleep = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];

  it('without a margin has the p of the paired t test', () => {
    const { place, p, adjusted } = only(sleep, 0);
    expect([place, p]).toEqual(['above', adjusted]);
    expect(p).toBeCloseTo(0.002833, 6);
    expect(only(sleep.map((d) => -d), 0)).toMatchObject({ place: 'below', p }); // prettier-ignore
  });

  // Half-width at 95 %: 2.262157 · 1.229995 ÷ √10 = 0.879881: from 0.700119 to 2.459881.
  it('is that of the whole interval', () => {
    expect(only(sleep, 0.7001).place).toBe('above');
    expect(only(sleep, 0.7002).place).toBeUndefined();
    expect(only(sleep, 2.4598).place).toBeUndefined();
    expect(only(sleep, 2.4599).place).toBe('within');
    expect(only(sleep.map((d) => -d), 2.4599).place).toBe('within'); // prettier-ignore
  });

  it('is certain where all differences are equal', () => {
    expect(only([2, 2, 2, 2, 2], 1)).toEqual({
      place: 'above',
      p: 0,
      adjusted: 0,
      method: 'paired t',
      outlier: undefined,
      needed: undefined,
    });
    expect(only([-2, -2, -2, -2, -2], 2)).toMatchObject({ place: 'within', p: 0 });
  });

  it('is harder to say of one among many: Holm', () => {
    const p = only(sleep, 0).p; // 0.0028: one of 17 may have 0.0029, one of 18 may not
    const others = (count: number) => Array.from({ length: count }, () => ({ differences: [1, -1, 2, -2, 1, -1, 2, -2, 0, 0], margin: 0 }));
    expect(placeAll([{ differences: sleep, margin: 0 }, ...others(16)], 0.95)[0]).toMatchObject({ place: 'above', p, adjusted: 17 * p });
    expect(placeAll([{ differences: sleep, margin: 0 }, ...others(17)], 0.95)[0]?.place).toBeUndefined();
  });

  it('needs five pairs', () => {
    expect(() => only([1, 2, 3, 4], 0)).toThrow('a verdict from 4 differences');
  });
});

describe('how many replications would decide', () => {
  // s = 1.2300, 0.08 from the margin: (t(0.975; n − 1) + t(0.8; n − 1)) · 1.229995 ≤ 0.08 · √n.
  it('is the first number whose interval would lie in one place with four chances in five, of the same mean and deviation', () => {
    const sleep = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];
    const { needed } = only(sleep, 1.5);
    const wide = (n: number) => ((studentQuantile(0.975, n - 1) + studentQuantile(0.8, n - 1)) * 1.229995) / Math.sqrt(n);
    expect(wide(needed!)).toBeLessThanOrEqual(0.08);
    expect(wide(needed! - 1)).toBeGreaterThan(0.08);
  });

  it('is not said where it is out of reach', () => {
    const { place, needed } = only([1, -1, 1, -1, 0.00001], 0);
    expect([place, needed]).toEqual([undefined, undefined]);
    expect(mostNeeded).toBe(10_000);
  });

  // 400 studies of 20 pairs, normal, mean 0.3 and s 1, without a margin: of those that leave it open, and ask for less than 400, as many are drawn anew as they ask for.
  // Their means were too small by chance, so that they ask for more than the 90 that 0.3 needs, and more than four in five are decided.
  it('decides most studies that it is said of', () => {
    const uniform = new Streams(11).stream('needed');
    const draw = (n: number) => Array.from({ length: n }, () => 0.3 + normalQuantile(uniform()));
    const undecided = Array.from({ length: 400 }, () => only(draw(20), 0)).filter(({ needed }) => needed !== undefined && needed < 400);
    const decided = undecided.filter(({ needed }) => only(draw(needed!), 0).place === 'above');
    expect(undecided.length).toBeGreaterThan(100);
    expect(decided.length / undecided.length).toBeGreaterThan(0.75);
  });
});

describe('a family of verdicts', () => {
  // 1,000 families of 10 differences of 8 pairs that lie on their margin, or nowhere near 0 without one: in at most 5 % any is misplaced; 4 standard errors of 0.05 are 0.0276.
  it('misplaces any in 5 of 100 families at most', () => {
    const uniform = new Streams(11).stream('families');
    let wrong = 0;
    for (let family = 0; family < 1000; family++) {
      const verdicts = placeAll(
        Array.from({ length: 10 }, (_, k) => ({
          differences: Array.from({ length: 8 }, () => (k % 2) + normalQuantile(uniform())),
          margin: k % 2,
        })),
        0.95,
      );
      // Even ones: no difference at all, so that above and below are wrong. Odd ones lie on the margin of 1: above is as wrong as within is right.
      if (verdicts.some(({ place }, k) => (k % 2 === 0 ? place !== undefined : place === 'above' || place === 'below'))) wrong++;
    }
    expect(wrong / 1000).toBeLessThan(0.05 + 0.0276);
    expect(wrong).toBeGreaterThan(0);
  });
});

describe('a difference with one pair far out', () => {
  const five = [1, 1.1, 0.9, 1, 40];
  const eight = [1, 1.1, 0.9, 1, 1.2, 0.8, 1, 40];

  // All the same way: 2 in 2^5 and in 2^8. The t test would say p = 0.31 and 0.25.
  it('is placed by counting signs', () => {
    expect(only(five, 0)).toMatchObject({ place: undefined, p: 2 / 32, method: 'sign flip', outlier: 4 });
    expect(only(eight, 0)).toMatchObject({ place: 'above', p: 2 / 256, method: 'sign flip', outlier: 7, needed: undefined });
    expect(only(eight.map((d) => -d), 0)).toMatchObject({ place: 'below', p: 2 / 256 }); // prettier-ignore
  });

  // Above 0.7 all eight lie; above 0.85 one does not, by 0.05: that one or the other by 0.05 may be down, so that 3 combinations and their negatives reach the sum that was seen.
  it('from its margin, on either side where it lies within', () => {
    expect(only(eight, 0.7).p).toBe(2 / 256);
    expect(only(eight, 0.85).p).toBe(6 / 256);
    const within = only([1, -1, 1, -1, 1, -1, 1, 30], 60);
    expect(within).toMatchObject({ place: 'within', p: 2 / 256, method: 'sign flip' });
  });

  // 2^(1 − n) ≤ 0.05 from six pairs on, ≤ 0.05 ÷ 4 from eight.
  it('needs as many pairs as can be so improbable', () => {
    const far = [1000, 1000, 1000, 1001, 5000];
    expect(only(far, 0).needed).toBeGreaterThanOrEqual(6);
    const close = Array.from({ length: 4 }, () => ({ differences: [1e6, 1e6, 1e6, 1e6, 1e6 + 1], margin: 0 }));
    expect(placeAll(close, 0.95).map(({ needed, method }) => [needed, method])).toEqual(Array.from({ length: 4 }, () => [8, 'sign flip']));
  });

  it('is left to t where there are too many signs to count', () => {
    const many = [...Array.from({ length: 31 }, (_, k) => 1 + (k % 3) / 10), 40];
    expect(only(many, 0)).toMatchObject({ method: 'paired t', outlier: 31 });
  });
});
