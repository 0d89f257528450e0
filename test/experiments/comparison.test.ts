import { describe, expect, it } from 'vitest';
import { baselineOf, compareRuns, comparisonRows, type RunSummary } from '../../src/experiments/comparison.ts';
import { betterWay, type Metric, metricsNamed, unitOf } from '../../src/experiments/metric.ts';

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

describe('a judgement', () => {
  const baseline = { label: 'peak', isStaticPeak: true };
  /** Runs of both labels of which every metric of `rows` has these values, replication by replication. */
  const paired = (rows: Readonly<Partial<Record<Metric, readonly (readonly [peak: number, share: number])[]>>>) =>
    Object.values(rows)[0]!.flatMap((_, replication) =>
      ['peak', 'share'].map((label, which) => ({
        label,
        replication,
        all: Object.fromEntries(Object.entries(rows).map(([metric, pairs]) => [metric, pairs[replication]?.[which]])),
      })),
    );
  const judge = (rows: Parameters<typeof paired>[0], judging?: Parameters<typeof compareRuns>[3]) =>
    compareRuns(['peak', 'share'], paired(rows), baseline, judging).filter(({ judgement }) => judgement !== undefined);
  const words = (rows: Parameters<typeof paired>[0], judging?: Parameters<typeof compareRuns>[3]) =>
    Object.fromEntries(judge(rows, judging).map(({ metric, judgement }) => [metric, judgement!.said]));

  // Differences around −40 %, +3 % and +0.1 % of about 100, with deviations of about 0.1; margin 1 % of the mean of the baseline.
  const near = (centre: number) => [0, 0.1, -0.1, 0.05, -0.05, 0.02].map((off, i) => [100 + i, 100 + i + centre + off] as const);

  it('says better, worse or equivalent by which way is good, and higher or lower where neither is', () => {
    expect(words({ cost: near(-40), unserved: near(3), exposure_s: near(0.1) })).toEqual({ cost: 'better', unserved: 'worse', exposure_s: 'equivalent' }); // prettier-ignore
    const metrics = ['success_ratio', 'goodput_ratio', 'switches', 'pods_created'] as const;
    expect(words({ success_ratio: near(-40), goodput_ratio: near(3), switches: near(3), pods_created: near(-3) }, { metrics, margin: 0.01 })).toEqual({
      success_ratio: 'worse',
      goodput_ratio: 'better',
      switches: 'higher',
      pods_created: 'lower',
    }); // prettier-ignore
  });

  it('is identical where all differences are 0, however few there are', () => {
    expect(words({ cost: [[7, 7], [8, 8]] })).toEqual({ cost: 'identical' }); // prettier-ignore
    expect(judge({ cost: [[7, 7], [8, 8]] })[0]?.judgement?.test).toBeUndefined(); // prettier-ignore
  });

  it('is inconclusive with fewer than five replications, and where the interval is on both sides of the margin', () => {
    expect(judge({ cost: near(-40).slice(0, 4) })[0]?.judgement).toMatchObject({ said: 'inconclusive', test: undefined });
    const open = judge({ cost: near(0.1).map(([a, b], i) => [a, b + (i % 2 === 0 ? 5 : -5)]) })[0]?.judgement;
    expect(open).toMatchObject({ said: 'inconclusive', test: { method: 'paired t' } });
    expect(open?.test?.needed).toBeGreaterThan(20);
  });

  it('takes no margin off a baseline of 0, and never takes rounding for a difference', () => {
    expect(words({ unserved: [3, 4, 5, 4, 3, 4].map((lost) => [0, lost]) })).toEqual({ unserved: 'worse' });
    const rounded = [1, 2, 1, 2, 3, 1].map((ulps) => [4320, 4320 + ulps * 1e-12] as const);
    expect(words({ cost: rounded }, { metrics: ['cost'], margin: 0 })).toEqual({ cost: 'identical' });
  });

  it('looks at what it is told to, and counts the family', () => {
    const rows = { cost: near(1.2), unserved: near(0.9), exposure_s: near(0.9) }; // 0.175 from the margin of 1.025, and 0.125
    const alone = judge(rows, { metrics: ['cost'], margin: 0.01 });
    expect(alone.map(({ metric }) => metric)).toEqual(['cost']);
    const family = judge(rows, { metrics: ['cost', 'unserved', 'exposure_s'], margin: 0.01 });
    const [cost, together] = [alone, family].map((judged) => judged.find(({ metric }) => metric === 'cost')!.judgement!.test!);
    expect(together!.p).toBe(cost!.p);
    expect(together!.adjusted).toBeGreaterThan(cost!.adjusted);
    expect(cost!.adjusted).toBe(cost!.p);
  });

  // Differences −1 … −1.2 and one of −40: for t too far out (Grubbs). Replication 5 is the sixth.
  it('names the replication that lies far out, and counts signs', () => {
    const pairs = [-1, -1.1, -0.9, -1, -1.2, -40, -1, -0.8].map((off) => [10, 10 + off] as const);
    expect(judge({ cost: pairs })[0]).toMatchObject({
      signFlip: 2 / 256,
      judgement: { said: 'better', outlier: 5, test: { method: 'sign flip', p: 2 / 256 } },
    });
    const row = comparisonRows(judge({ cost: pairs }), baseline)[0];
    expect(row).toMatchObject({ method: 'sign-flip', p_value: 2 / 256, p_adjusted: 2 / 256, verdict: 'better', outlier: 5, margin: 0.1 });
    expect(row?.replications_needed).toBeUndefined();
  });

  it('is not made of the baseline itself, nor of a metric that does not apply', () => {
    expect(judge({ cost: near(-40) }).map(({ strategy }) => strategy)).toEqual(['share']);
  });
});

describe('names of metrics', () => {
  it('are each taken once, and an unknown one is told what it could be', () => {
    expect(metricsNamed(['cost', 'saving_owned_ratio', 'cost'])).toEqual(['cost', 'saving_owned_ratio']);
    expect(() => metricsNamed(['costs', 'cost', 'p99'])).toThrow(
      /^unknown metric "costs"; did you mean "cost"\?\nunknown metric "p99"\nMetrics: success_ratio, .*, saving_nodes_ratio, regret_ratio$/s,
    );
  });

  it('know their unit and which way is good', () => {
    expect([unitOf('cost'), unitOf('saving_held_ratio'), unitOf('exposure_s')]).toEqual(['price', 'ratio', 's']);
    expect([betterWay('cost'), betterWay('success_ratio'), betterWay('switches')]).toEqual(['lower', 'higher', undefined]);
  });
});
