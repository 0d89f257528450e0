import { assert } from '../base/assert.ts';
import type { Cell, Row, RowOf } from '../metrics/columns.ts';
import { confidenceInterval, confidenceLevel, type Interval } from '../stats/interval.ts';
import { signFlipP } from '../stats/sign-flip.ts';
import type { Bounds } from './bound.ts';
import { judge, type Judgement, marginOf, type Paired } from './judgement.ts';
import { betterWay, isRegret, isSaving, judgedByDefault, type Metric, metrics, savings, unitOf } from './metric.ts';

/** What is judged, and how large a difference must be for anybody to care. */
export interface Judging {
  readonly metrics: readonly Metric[];
  /** Part of the baseline's mean, ≥ 0. */
  readonly margin: number;
}

export const defaultJudging: Judging = { metrics: judgedByDefault, margin: 0.01 };

/** The row `all` of one run. */
export interface RunSummary {
  readonly label: string;
  readonly replication: number;
  readonly all: Row;
}

/** What a comparison says of one strategy and one metric. */
export interface Compared {
  readonly strategy: string;
  readonly metric: Metric;
  /** Undefined where the metric applies in no replication. */
  readonly value: Interval | undefined;
  /** To the baseline, over the replications in which it applies to both; undefined for the baseline itself. */
  readonly difference: Interval | undefined;
  readonly baselineMean: number | undefined;
  /** Exact two-sided p of the differences under flipped signs; undefined for the baseline itself, and for too many replications. */
  readonly signFlip: number | undefined;
  /** Undefined for the baseline itself, and where the metric is not judged. */
  readonly judgement: Judgement | undefined;
}

/** The label that differences and savings are taken to. */
export interface Baseline {
  /** The first whose strategy is static-peak, else the first. */
  readonly label: string;
  /** Whether savings are known: whether it is a static-peak. */
  readonly isStaticPeak: boolean;
}

export function baselineOf(uses: readonly { readonly label: string; readonly use: string }[]): Baseline {
  const peak = uses.find(({ use }) => use === 'static-peak');
  const label = peak?.label ?? uses[0]?.label;
  assert(label !== undefined, 'a comparison without strategies');
  return { label, isStaticPeak: peak !== undefined };
}

/**
 * Every label × metric, in the order of `labels`: means over replications, differences paired by replication, since equal replications share their random numbers, and
 * verdicts on what is judged.
 */
export function compareRuns(
  labels: readonly string[],
  runs: readonly RunSummary[],
  baseline: Baseline,
  judging = defaultJudging,
  bounds: Bounds = new Map(),
): readonly Compared[] {
  const rows = new Map(labels.map((label) => [label, new Map<number, Row>()]));
  for (const { label, replication, all } of runs) rows.get(label)?.set(replication, all);
  const base: ReadonlyMap<number, Row> = rows.get(baseline.label) ?? new Map<number, Row>();

  const valueOf = (row: Row, replication: number, metric: Metric): number | undefined => {
    if (isRegret(metric)) return regretOf(numeric(row['cost']), bounds.get(replication));
    if (!isSaving(metric)) return numeric(row[metric]);
    const amount = numeric(row[savings[metric]]);
    const reference = baseline.isStaticPeak ? numeric(base.get(replication)?.[savings[metric]]) : undefined;
    return amount === undefined || reference === undefined || reference === 0 ? undefined : 1 - amount / reference;
  };
  const series = (label: string, metric: Metric): ReadonlyMap<number, number> =>
    new Map(
      Array.from(rows.get(label) ?? [], ([replication, row]) => [replication, valueOf(row, replication, metric)] as const).filter(
        (entry): entry is readonly [number, number] => entry[1] !== undefined,
      ),
    );

  const pairings = labels.flatMap((strategy) =>
    metrics.map((metric): Pairing => {
      const own = series(strategy, metric);
      const theirs = series(baseline.label, metric);
      const baselineMean = theirs.size > 0 ? confidenceInterval([...theirs.values()]).mean : undefined;
      const both =
        strategy === baseline.label ? [] : [...own.keys()].filter((replication) => theirs.has(replication)).sort((a, b) => a - b);
      return {
        strategy,
        metric,
        values: [...own.values()],
        replications: both,
        differences: both.map((replication) => (own.get(replication) as number) - (theirs.get(replication) as number)),
        baselineMean,
        margin: marginOf(judging.margin, baselineMean),
        better: betterWay(metric),
        scale: Math.abs(baselineMean ?? 0),
      };
    }),
  );
  const judgements = judge(pairings.filter(({ metric, differences }) => judging.metrics.includes(metric) && differences.length > 0)); // prettier-ignore
  return pairings.map((pairing) => ({
    strategy: pairing.strategy,
    metric: pairing.metric,
    value: pairing.values.length > 0 ? confidenceInterval(pairing.values) : undefined,
    difference: pairing.differences.length > 0 ? confidenceInterval(pairing.differences) : undefined,
    baselineMean: pairing.baselineMean,
    signFlip: signFlipP(pairing.differences),
    judgement: judgements.get(pairing),
  }));
}

/** Values of a strategy and its differences to the baseline: none for the baseline itself. */
interface Pairing extends Paired {
  readonly strategy: string;
  readonly metric: Metric;
  readonly values: readonly number[];
  readonly baselineMean: number | undefined;
}

/** Undefined where nothing has to be paid. */
const regretOf = (cost?: number, bound = 0): number | undefined => (cost === undefined || bound <= 0 ? undefined : cost / bound - 1);

/** Rows of compare.csv. */
export function comparisonRows(compared: readonly Compared[], baseline: Baseline): readonly RowOf<'compare'>[] {
  return compared.map(({ strategy, metric, value, difference, baselineMean, signFlip, judgement }) => ({
    strategy,
    metric,
    unit: unitOf(metric),
    replications: value?.count ?? 0,
    mean: value?.mean,
    half_width: value?.halfWidth,
    level: confidenceLevel,
    method: judgement?.test?.method === 'sign flip' ? 'sign-flip' : difference ? 'paired-t' : 't',
    baseline: baseline.label,
    difference_mean: difference?.mean,
    difference_half_width: difference?.halfWidth,
    difference_percent: differencePercent(difference, baselineMean),
    sign_flip_p: signFlip,
    margin: judgement?.margin,
    p_value: judgement?.test?.p,
    p_adjusted: judgement?.test?.adjusted,
    verdict: judgement?.said,
    replications_needed: judgement?.test?.needed,
    outlier: judgement?.outlier,
  }));
}

/** Undefined where the baseline's mean is 0. */
export function differencePercent(difference: Interval | undefined, baselineMean: number | undefined): number | undefined {
  return difference && baselineMean !== undefined && baselineMean !== 0 ? (100 * difference.mean) / Math.abs(baselineMean) : undefined;
}

const numeric = (cell: Cell): number | undefined => (typeof cell === 'number' ? cell : undefined);
