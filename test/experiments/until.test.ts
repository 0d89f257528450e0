import { describe, expect, it } from 'vitest';
import { imprecise } from '../../src/experiments/until.ts';

const runs = (label: string, costs: readonly (number | undefined)[]) =>
  costs.map((cost, replication) => ({ label, replication, all: { cost, switch_p50_s: undefined } }));

describe('what is not known well enough', () => {
  // 2, 4, 6, 8: mean 5, half-width 4.1085 (test/stats/interval.test.ts), 82.17 % of it.
  it('is every strategy whose half-width is more than its part of the mean', () => {
    const all = [...runs('a', [2, 4, 6, 8]), ...runs('b', [5, 5, 5, 5])];
    const [only, ...others] = imprecise([{ metric: 'cost', relative: 0.8 }], ['a', 'b'], all);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ label: 'a', metric: 'cost', relative: 0.8 });
    expect(only?.reached).toBeCloseTo(0.8217, 4);
    expect(imprecise([{ metric: 'cost', relative: 0.83 }], ['a', 'b'], all)).toEqual([]);
  });

  it('is nothing where the metric does not apply, and anything of which there is but one value', () => {
    expect(imprecise([{ metric: 'switch_p50_s', relative: 0.01 }], ['a'], runs('a', [2, 4]))).toEqual([]);
    expect(imprecise([{ metric: 'cost', relative: 0.5 }], ['a'], runs('a', [2]))).toEqual([
      { label: 'a', metric: 'cost', relative: 0.5, reached: Infinity },
    ]);
    expect(imprecise([], ['a'], runs('a', [2, 400]))).toEqual([]);
  });
});
