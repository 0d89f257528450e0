import { assert } from '../base/assert.ts';
import type { Cell, Row, RowOf } from '../metrics/columns.ts';
import { confidenceInterval, confidenceLevel, type Interval } from '../stats/interval.ts';
import { signFlipP } from '../stats/sign-flip.ts';
import { fewestForVerdict, type Place, placeAll, type Verdict } from '../stats/verdict.ts';
import { betterWay, isSaving, judgedByDefault, type Metric, metrics, savings, unitOf } from './metric.ts';

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

/** `higher`, `lower`: of a metric of which neither is better. */
export type Said = 'better' | 'worse' | 'higher' | 'lower' | 'equivalent' | 'identical' | 'inconclusive';

/** A verdict on one strategy and metric, as one of the family of all that are judged. */
export interface Judgement {
  readonly said: Said;
  /** Largest difference of means that counts as equivalent, in the metric's unit. */
  readonly margin: number;
  /** Undefined where nothing was tested: all differences are 0, or there are too few of them. */
  readonly test: Verdict | undefined;
  /** The replication whose difference lies too far out for t. */
  readonly outlier: number | undefined;
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
): readonly Compared[] {
  const rows = new Map(labels.map((label) => [label, new Map<number, Row>()]));
  for (const { label, replication, all } of runs) rows.get(label)?.set(replication, all);
  const base: ReadonlyMap<number, Row> = rows.get(baseline.label) ?? new Map<number, Row>();

  const valueOf = (row: Row, replication: number, metric: Metric): number | undefined => {
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
      const both =
        strategy === baseline.label ? [] : [...own.keys()].filter((replication) => theirs.has(replication)).sort((a, b) => a - b);
      return {
        strategy,
        metric,
        values: [...own.values()],
        replications: both,
        differences: both.map((replication) => (own.get(replication) as number) - (theirs.get(replication) as number)),
        baselineMean: theirs.size > 0 ? confidenceInterval([...theirs.values()]).mean : undefined,
      };
    }),
  );
  const judgements = judged(pairings.filter(({ metric, differences }) => judging.metrics.includes(metric) && differences.length > 0), judging.margin); // prettier-ignore
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

/** Values of a strategy, and its differences to the baseline by replication: none for the baseline itself. */
interface Pairing {
  readonly strategy: string;
  readonly metric: Metric;
  readonly values: readonly number[];
  /** In which the metric applies to both. */
  readonly replications: readonly number[];
  readonly differences: readonly number[];
  readonly baselineMean: number | undefined;
}

/** What differs by no more than this part of the baseline differs by rounding. */
const rounding = 1e-9;

/** Verdicts on pairings, which are one family. */
function judged(pairings: readonly Pairing[], share: number): ReadonlyMap<Pairing, Judgement> {
  const marginOf = ({ baselineMean = 0 }: Pairing): number => Math.max(share, rounding) * Math.abs(baselineMean);
  const differ = ({ differences }: Pairing): boolean => differences.some((difference) => difference !== 0);
  const family = pairings.filter((pairing) => differ(pairing) && pairing.differences.length >= fewestForVerdict);
  const verdicts = placeAll(
    family.map((pairing) => ({ differences: pairing.differences, margin: marginOf(pairing) })),
    confidenceLevel,
  );
  return new Map(
    pairings.map((pairing) => {
      const test = verdicts[family.indexOf(pairing)];
      const said = differ(pairing) ? wordOf(test?.place, pairing.metric) : 'identical';
      return [
        pairing,
        { said, margin: marginOf(pairing), test, outlier: test?.outlier === undefined ? undefined : pairing.replications[test.outlier] },
      ];
    }),
  );
}

function wordOf(place: Place | undefined, metric: Metric): Said {
  if (place === undefined) return 'inconclusive';
  if (place === 'within') return 'equivalent';
  const way = place === 'above' ? 'higher' : 'lower';
  const better = betterWay(metric);
  return better === undefined ? way : way === better ? 'better' : 'worse';
}

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
