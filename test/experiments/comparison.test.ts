import { describe, expect, it } from 'vitest';
import { baselineOf, compareRuns, comparisonRows, type Metric, type RunSummary } from '../../src/experiments/comparison.ts';

const run = (label: string, replication: number, cores: number, seconds?: number): RunSummary => ({
  label,
  replication,
  all: {
    reserved_core_max: cores,
    reserved_core_h: cores * 10,
    nodes_used_max: Math.ceil(cores / 60),
    ...(seconds !== undefined && { switch_p50_s: seconds }),
  },
});
const find = (compared: ReturnType<typeof compareRuns>, strategy: string, metric: Metric) =>
  compared.find((each) => each.strategy === strategy && each.metric === metric);

describe('the baseline', () => {
  it('is the first static-peak, under whatever label, else the first label', () => {
    expect(baselineOf([{ label: 'a', use: 'time-share' }, { label: 'ours', use: 'static-peak' }])).toEqual({ label: 'ours', isStaticPeak: true }); // prettier-ignore
    expect(baselineOf([{ label: 'a', use: 'time-share' }, { label: 'b', use: 'hpa' }])).toEqual({ label: 'a', isStaticPeak: false }); // prettier-ignore
  });
});

describe('a comparison', () => {
  const baseline = { label: 'peak', isStaticPeak: true };
  const runs = [run('peak', 0, 7000), run('peak', 1, 7200), run('share', 0, 4200), run('share', 1, 4320, 190)];

  // Savings 1 − 4200/7000 = 0.4 and 1 − 4320/7200 = 0.4: mean 0.4, no spread. Nodes 117 and 120 against 70 and 72: 1 − 70/117 = 0.401709, 1 − 72/120 = 0.4.
  it('takes savings replication by replication', () => {
    const compared = compareRuns(['peak', 'share'], runs, baseline);
    expect(find(compared, 'share', 'saving_owned_ratio')?.value?.mean).toBeCloseTo(0.4, 12);
    expect(find(compared, 'share', 'saving_owned_ratio')?.value?.halfWidth).toBeCloseTo(0, 12);
    expect(find(compared, 'share', 'saving_nodes_ratio')?.value?.mean).toBeCloseTo((0.401709402 + 0.4) / 2, 8);
    expect(find(compared, 'peak', 'saving_owned_ratio')?.value?.mean).toBe(0);
  });

  // Differences −2800 and −2880: mean −2840, s = 56.5685, t(0.975; 1) = 12.7062; 12.7062 × 56.5685 ÷ √2 = 508.25.
  it('pairs differences by replication, whatever the order of the runs', () => {
    const difference = find(compareRuns(['peak', 'share'], runs.toReversed(), baseline), 'share', 'reserved_core_max')?.difference;
    expect(difference?.mean).toBe(-2840);
    expect(difference?.halfWidth).toBeCloseTo(508.25, 2);
  });

  it('uses only the replications that both have, as after an interruption', () => {
    const compared = compareRuns(['peak', 'share'], runs.slice(0, 3), baseline);
    expect(find(compared, 'share', 'reserved_core_max')?.difference).toEqual({ mean: -2800, halfWidth: undefined, count: 1 });
    expect(find(compareRuns(['peak', 'share'], runs.slice(0, 2), baseline), 'share', 'reserved_core_max')?.value).toBeUndefined();
  });

  it('counts the replications in which a metric applies', () => {
    const compared = compareRuns(['peak', 'share'], runs, baseline);
    expect(find(compared, 'share', 'switch_p50_s')?.value).toEqual({ mean: 190, halfWidth: undefined, count: 1 });
    expect(find(compared, 'share', 'switch_p50_s')?.difference).toBeUndefined();
    expect(find(compared, 'peak', 'switch_p50_s')?.value).toBeUndefined();
  });

  it('knows no saving without a static-peak', () => {
    const compared = compareRuns(['peak', 'share'], runs, { label: 'peak', isStaticPeak: false });
    expect(find(compared, 'share', 'saving_owned_ratio')?.value).toBeUndefined();
    expect(find(compared, 'share', 'reserved_core_max')?.difference?.mean).toBe(-2840);
  });

  // 100 × −2840 ÷ 7100 = −40.
  it('becomes rows with unit, method and the difference in percent of the baseline', () => {
    const rows = comparisonRows(compareRuns(['peak', 'share'], runs, baseline), baseline);
    const row = rows.find(({ strategy, metric }) => strategy === 'share' && metric === 'reserved_core_max');
    expect(row).toMatchObject({
      unit: 'cores',
      replications: 2,
      mean: 4260,
      level: 0.95,
      method: 'paired-t',
      baseline: 'peak',
      difference_mean: -2840,
      difference_percent: -40,
    });
    expect(rows.find(({ strategy, metric }) => strategy === 'peak' && metric === 'saving_owned_ratio')).toMatchObject({
      unit: 'ratio',
      method: 't',
      mean: 0,
    });
  });
});
