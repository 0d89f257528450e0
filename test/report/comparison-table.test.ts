import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../src/experiments/comparison.ts';
import type { Experiment } from '../../src/experiments/experiment.ts';
import { comparisonText } from '../../src/report/comparison-table.ts';
import { verdictSection } from '../../src/report/verdicts.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { strategies } from '../../src/strategies/registry.ts';

/** Costs 100 … 105 of the peak, near −40 of `share`, the same of `twin`, anything of `wild`; `far` has one replication far out. */
function experiment(replications = 6): Experiment {
  const baseline = { label: 'peak', isStaticPeak: true };
  const judging = { metrics: ['cost', 'response_p99_ms'], margin: 0.01 } as const;
  const off: Readonly<Record<string, readonly number[]>> = {
    peak: [0, 0, 0, 0, 0, 0],
    share: [-40, -39.5, -40.25, -40, -40, -39.75],
    twin: [0, 0, 0, 0, 0, 0],
    wild: [30, -25, 20, -20, 10, -5],
    'f|ar': [1, 1, 1, 1, 1, 90],
  };
  const labels = Object.keys(off);
  const runs = labels.flatMap((label) =>
    off[label]!.slice(0, replications).map((by, replication) => ({
      label, replication, all: { cost: 100 + replication + by, response_p99_ms: label === 'peak' ? 80 : 80.125 },
    })),
  ); // prettier-ignore
  return {
    scenario: { ...readScenario('scenarios/tiny.yaml', { catalog: { strategies } }), replications },
    set: [], labels, status: 'complete', runs: [], baseline, judging, until: [], imprecise: [], bounds: new Map(), compared: compareRuns(labels, runs, baseline, judging),
    failures: [], leftOut: [], folder: undefined, replaced: [],
  }; // prettier-ignore
}

describe('a comparison number by number', () => {
  // Means of 0 … 5 are 2.5. share: mean off −39.9167; half-width t(0.975; 5) · s ÷ √6 = 2.570582 · 0.258199 ÷ 2.449490 = 0.27096.
  // f|ar: less the margin of 1.025 five of −0.025 and 88.975: with the large one up every combination of the small ones reaches the sum, p = 1.
  it('is a table for each metric: mean ± half-width, difference, Δ %, p, n and verdict', () => {
    expect(comparisonText(experiment(), 'table')).toBe(
      `
Verdicts against peak, beyond ±1 % of its mean, all 7 together right with 95 % confidence (Holm)

Mean ± half-width of its 95 % interval; difference from the baseline, pair by pair, the same as Δ %
  of the baseline’s mean (~: inconclusive); p: the least error at which the difference lies beyond,
  or within, the margin, for all verdicts together (Holm); n pairs; –: does not apply; lies far out:
  no t interval is to be trusted, so that p counts signs; replications count from 0

cost (price; lower is better)
strategy          mean     difference     Δ %       p  n  verdict
peak      102.5 ±1.963              –       –       –  6
share     62.58 ±1.982   -39.92 ±0.27  -38.94  <0.001  6  better
twin      102.5 ±1.963              0    0.00       –  6  identical
wild      104.2 ±22.71  +1.667 ±23.15       ~   1.000  6  inconclusive: more than 10,000 replications would decide
f|ar      118.3 ±39.44  +15.83 ±38.13       ~   1.000  6  inconclusive: about 60 replications would decide; replication 5 lies far out

response_p99_ms (ms; lower is better)
strategy   mean  difference    Δ %       p  n  verdict
peak         80           –      –       –  6
share     80.13       +0.13  +0.16  <0.001  6  equivalent
twin      80.13       +0.13  +0.16  <0.001  6  equivalent
wild      80.13       +0.13  +0.16  <0.001  6  equivalent
f|ar      80.13       +0.13  +0.16  <0.001  6  equivalent
`.trimStart(),
    );
  });

  it('is a table in Markdown, in which a label is no column', () => {
    const lines = comparisonText(experiment(), 'markdown').split('\n');
    expect(lines[2]).toMatch(/^Mean ± half-width of its 95 % interval; .*; n pairs; –: does not apply; .*; replications count from 0$/);
    expect(lines[4]).toBe('| metric | strategy | mean | difference | Δ % | p | n | verdict |');
    expect(lines[5]).toBe('| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |');
    expect(lines[7]).toBe('| cost (price; lower is better) | share | 62.58 ±1.982 | -39.92 ±0.27 | -38.94 | <0.001 | 6 | better |');
    expect(lines[10]).toContain(String.raw`| f\|ar |`);
  });

  it('is compare.csv, and JSON of the same rows', () => {
    const rows = parse(comparisonText(experiment(), 'csv'), { columns: true });
    const row = rows.find((each) => (each as Record<string, string>)['strategy'] === 'share' && (each as Record<string, string>)['metric'] === 'cost') as Record<string, string>; // prettier-ignore
    expect(row).toMatchObject({ verdict: 'better', method: 'paired-t', baseline: 'peak', margin: '1.025', sign_flip_p: '0.03125' });
    const json = JSON.parse(comparisonText(experiment(), 'json')) as { readonly rows: readonly Record<string, unknown>[] };
    expect(json).toMatchObject({
      scenario: 'tiny',
      baseline: 'peak',
      level: 0.95,
      judging: { metrics: ['cost', 'response_p99_ms'], margin: 0.01 },
    });
    expect(json.rows).toHaveLength(rows.length);
    expect(json.rows.find((each) => each['strategy'] === 'share' && each['metric'] === 'cost')).toMatchObject({
      verdict: 'better',
      margin: 1.025,
    });
  });

  it('says that a verdict takes five replications', () => {
    expect(comparisonText(experiment(4), 'table')).toMatch(/^share .* – +4 +inconclusive: a verdict takes 5 replications$/m);
    expect(comparisonText(experiment(4), 'table')).toMatch(/^Verdicts against peak, beyond ±1 % of its mean\n/);
  });
});

describe('verdicts on the screen', () => {
  it('are a line for each strategy', () => {
    expect(verdictSection(experiment(), 200)?.lines).toEqual([
      'share: better cost; equivalent p99',
      'twin: equivalent p99; identical cost',
      expect.stringMatching(/^wild: equivalent p99; inconclusive cost( \(about [\d,]+ replications would decide\))?$/),
      expect.stringMatching(/^f\|ar: equivalent p99; inconclusive cost \(about [\d,]+ replications would decide\)$/),
    ]);
  });

  it('are none with fewer than five replications, or with nothing to compare', () => {
    expect(verdictSection(experiment(4), 200)).toEqual({ title: 'No verdicts: they take at least 5 replications', lines: [] });
    const { compared, ...rest } = experiment();
    expect(verdictSection({ ...rest, compared: compared.filter(({ strategy }) => strategy === 'peak') }, 200)).toBeUndefined();
  });
});
