import { assert } from '../base/assert.ts';
import { type Cell, type ColumnName, csvFiles, type Row, type RowOf } from '../metrics/columns.ts';
import { confidenceInterval, confidenceLevel, type Interval, pairedDifference } from '../stats/interval.ts';

/** Columns of the row `all` of summary.csv that a comparison looks at. */
const summaryMetrics = [
  'success_ratio', 'goodput_ratio', 'unserved', 'unserved_undersized', 'unserved_cold_start', 'unserved_switch', 'unserved_fault',
  'exposure_s', 'slo_violation_s', 'response_mean_ms', 'response_p50_ms', 'response_p95_ms', 'response_p99_ms', 'response_p999_ms',
  'reserved_core_mean', 'reserved_core_max', 'reserved_core_h', 'used_core_mean', 'used_core_max', 'used_core_h', 'keep_alive_core_h',
  'memory_gib_max', 'nodes_used_max', 'nodes_occupied_max', 'planned_core', 'planned_nodes', 'cost', 'retried', 'served_by_retry', 'retrying_end', 'overflowed', 'pods_created', 'pods_failed', 'pods_pending_max', 'scheduling_p50_s', 'scheduling_p99_s',
  'switches', 'switches_failed', 'switches_rolled_back', 'slots_switched', 'slots_failed', 'slots_stuck_max', 'switch_p50_s', 'switch_p99_s',
  'drift_s', 'fallback_s', 'forecast_error_ratio',
] as const satisfies readonly ColumnName<'summary'>[]; // prettier-ignore

/** Savings against the static fleet of the same replication: 1 − amount ÷ its amount. */
const savings = {
  saving_owned_ratio: 'reserved_core_max',
  saving_held_ratio: 'reserved_core_h',
  saving_nodes_ratio: 'nodes_used_max',
} as const satisfies Readonly<Record<string, ColumnName<'summary'>>>;

export type Metric = (typeof summaryMetrics)[number] | keyof typeof savings;
const metrics: readonly Metric[] = [...summaryMetrics, ...(Object.keys(savings) as (keyof typeof savings)[])];

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

/** Every label × metric, in the order of `labels`: means over replications, and differences paired by replication, since equal replications share their random numbers. */
export function compareRuns(labels: readonly string[], runs: readonly RunSummary[], baseline: Baseline): readonly Compared[] {
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

  return labels.flatMap((strategy) =>
    metrics.map((metric) => {
      const own = series(strategy, metric);
      const theirs = series(baseline.label, metric);
      const pairs = Array.from(own).flatMap(([replication, value]) => {
        const other = theirs.get(replication);
        return other === undefined ? [] : [[value, other] as const];
      });
      const value = own.size > 0 ? confidenceInterval([...own.values()]) : undefined;
      const difference = strategy !== baseline.label && pairs.length > 0 ? pairedDifference(pairs.map(([a]) => a), pairs.map(([, b]) => b)) : undefined; // prettier-ignore
      return {
        strategy,
        metric,
        value,
        difference,
        baselineMean: theirs.size > 0 ? confidenceInterval([...theirs.values()]).mean : undefined,
      };
    }),
  );
}

/** Rows of compare.csv. */
export function comparisonRows(compared: readonly Compared[], baseline: Baseline): readonly RowOf<'compare'>[] {
  return compared.map(({ strategy, metric, value, difference, baselineMean }) => ({
    strategy,
    metric,
    unit: unitOf(metric),
    replications: value?.count ?? 0,
    mean: value?.mean,
    half_width: value?.halfWidth,
    level: confidenceLevel,
    method: difference ? 'paired-t' : 't',
    baseline: baseline.label,
    difference_mean: difference?.mean,
    difference_half_width: difference?.halfWidth,
    difference_percent:
      difference && baselineMean !== undefined && baselineMean !== 0 ? (100 * difference.mean) / Math.abs(baselineMean) : undefined,
  }));
}

function unitOf(metric: Metric): string {
  return isSaving(metric) ? 'ratio' : (csvFiles.summary.columns.find(({ name }) => name === metric)?.unit ?? '');
}

const isSaving = (metric: Metric): metric is keyof typeof savings => metric in savings;
const numeric = (cell: Cell): number | undefined => (typeof cell === 'number' ? cell : undefined);
