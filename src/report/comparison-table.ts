import { type Compared, comparisonRows, differencePercent } from '../experiments/comparison.ts';
import type { Experiment } from '../experiments/experiment.ts';
import type { Judgement } from '../experiments/judgement.ts';
import { betterWay, type Metric, unitOf } from '../experiments/metric.ts';
import { csvText } from '../output/csv.ts';
import { jsonText } from '../output/manifest.ts';
import { confidenceLevel, type Interval } from '../stats/interval.ts';
import { fewestForVerdict, mostNeeded } from '../stats/verdict.ts';
import { amount, digits, fixed, none, pText, signed } from './numbers.ts';
import { alignedTable, printable, wrapped } from './table.ts';

/** How a comparison is printed number by number. */
export type ComparisonFormat = 'table' | 'markdown' | 'csv' | 'json';

const heads = ['mean', 'difference', 'Δ %', 'p', 'n', 'verdict'] as const;

/** What is judged, metric by metric and strategy by strategy, after benchstat; of CSV and JSON every metric. Ends with a line feed. */
export function comparisonText(experiment: Experiment, format: ComparisonFormat): string {
  const rows = comparisonRows(experiment.compared, experiment.baseline);
  switch (format) {
    case 'csv':
      return csvText('compare', rows);
    case 'json':
      return jsonText({ scenario: experiment.scenario.name, set: experiment.set, baseline: experiment.baseline.label, level: confidenceLevel, judging: experiment.judging, rows }); // prettier-ignore
    case 'table':
      return `${[...preface(experiment).flatMap((text, i) => (i === 0 ? [text] : [wrapped(text, 100).join('\n')])), ...byMetric(experiment).map(({ metric, compared }) => tableOf(metric, compared))].join('\n\n')}\n`;
    case 'markdown':
      return [...preface(experiment), markdown(experiment)].join('\n\n');
  }
}

/** What the verdicts are about, and how certain they are. */
export function title({ baseline, judging, compared }: Experiment): string {
  const tests = compared.filter(({ judgement }) => judgement?.test !== undefined).length;
  const sure =
    tests === 0
      ? ''
      : `, ${tests === 1 ? 'right' : `all ${fixed(tests)} together right`} with ${fixed(100 * confidenceLevel)} % confidence (Holm)`;
  return `Verdicts against ${printable(baseline.label)}, beyond ±${String(100 * judging.margin)} % of its mean${sure}`;
}

/** What stands above the numbers. */
function preface(experiment: Experiment): readonly string[] {
  const legend = 'Mean ± half-width of its 95 % interval; difference from the baseline, pair by pair, the same as Δ % of the baseline’s mean (~: inconclusive); p: the least error at which the difference lies beyond, or within, the margin, for all verdicts together (Holm); n pairs; –: does not apply; lies far out: no t interval is to be trusted, so that p counts signs; replications count from 0';
  const absent = notApplying(experiment);
  return [title(experiment), legend, ...(absent === undefined ? [] : [absent])];
} // prettier-ignore

/** Which metrics that were asked for apply to no run; undefined where all do. */
export function notApplying({ compared, judging }: Experiment): string | undefined {
  const absent = judging.metrics.filter((metric) => !compared.some((each) => each.metric === metric && each.value !== undefined));
  return absent.length === 0 ? undefined : `Applies to none of these runs: ${absent.join(', ')}`;
}

interface OfMetric {
  readonly metric: Metric;
  readonly compared: readonly Compared[];
}

function byMetric({ compared, judging }: Experiment): readonly OfMetric[] {
  return judging.metrics
    .map((metric) => ({ metric, compared: compared.filter((each) => each.metric === metric) }))
    .filter(({ compared: rows }) => rows.some(({ value }) => value !== undefined));
}

function tableOf(metric: Metric, compared: readonly Compared[]): string {
  const columns = ['strategy', ...heads].map((head, i) => ({
    head,
    align: i === 0 || i === heads.length ? ('left' as const) : ('right' as const),
  }));
  const lines = alignedTable(
    columns,
    compared.map((each) => [printable(each.strategy, 30), ...cells(each)]),
  );
  return [`${metric} (${named(metric)})`, ...lines].join('\n');
}

function markdown(experiment: Experiment): string {
  const rows = byMetric(experiment).flatMap(({ metric, compared }) =>
    compared.map((each) => [`${metric} (${named(metric)})`, each.strategy, ...cells(each)]),
  );
  const line = (words: readonly string[]): string =>
    `| ${words.map((word) => printable(word).replaceAll('|', String.raw`\|`)).join(' | ')} |\n`;
  return `${line(['metric', 'strategy', ...heads])}${line(['---', '---', ...heads.slice(0, -1).map(() => '---:'), '---'])}${rows.map(line).join('')}`;
}

const named = (metric: Metric): string => {
  const way = betterWay(metric);
  return `${unitOf(metric)}${way === undefined ? '' : `; ${way} is better`}`;
};

function cells({ value, difference, baselineMean, judgement }: Compared): readonly string[] {
  const percent = differencePercent(difference, baselineMean);
  // As benchstat has it: no number that might be mistaken for a change.
  const change = judgement?.said === 'inconclusive' ? '~' : percent === undefined ? none : signed(percent, 2);
  return [
    plusMinus(value),
    difference === undefined || difference.mean === 0 ? plusMinus(difference) : `${difference.mean > 0 ? '+' : ''}${plusMinus(difference)}`,
    change,
    judgement?.test === undefined ? none : pText(judgement.test.adjusted),
    String((difference ?? value)?.count ?? 0),
    judgement === undefined ? '' : verdictText(judgement),
  ];
}

/** A half-width that is a smaller part of its mean is but rounding. */
const rounding = 1e-12;

/** A size with its half-width, however small that is. */
function plusMinus(interval: Interval | undefined): string {
  if (interval === undefined) return none;
  const { mean, halfWidth } = interval;
  if (Math.abs(mean) >= 1000 || Number.isInteger(mean)) return amount(interval);
  return halfWidth === undefined || halfWidth <= rounding * Math.abs(mean) ? digits(mean) : `${digits(mean)} ±${digits(halfWidth)}`;
}

/** The verdict, and why there is none. */
export function verdictText({ said: word, test, outlier }: Judgement): string {
  const far = outlier === undefined ? '' : `; replication ${String(outlier)} lies far out`;
  if (word !== 'inconclusive') return word + far;
  return test === undefined
    ? `inconclusive: a verdict takes ${String(fewestForVerdict)} replications`
    : `inconclusive: ${test.needed === undefined ? `more than ${fixed(mostNeeded)}` : `about ${fixed(test.needed)}`} replications would decide${far}`;
}
