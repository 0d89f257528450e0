import { InputError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { type ColumnName, csvFiles } from '../metrics/columns.ts';
import type { Better } from './judgement.ts';

/** Columns of the row `all` of summary.csv that a comparison looks at. */
export const summaryMetrics = [
  'success_ratio', 'goodput_ratio', 'unserved', 'unserved_undersized', 'unserved_cold_start', 'unserved_switch', 'unserved_fault',
  'exposure_s', 'slo_violation_s', 'response_mean_ms', 'response_p50_ms', 'response_p95_ms', 'response_p99_ms', 'response_p999_ms',
  'reserved_core_mean', 'reserved_core_max', 'reserved_core_h', 'used_core_mean', 'used_core_max', 'used_core_h', 'keep_alive_core_h',
  'memory_gib_max', 'nodes_used_max', 'nodes_occupied_max', 'planned_core', 'planned_nodes', 'cost', 'retried', 'served_by_retry', 'retrying_end', 'overflowed', 'pods_created', 'pods_failed', 'pods_pending_max', 'scheduling_p50_s', 'scheduling_p99_s',
  'switches', 'switches_failed', 'switches_rolled_back', 'slots_switched', 'slots_failed', 'slots_stuck_max', 'switch_p50_s', 'switch_p99_s',
  'drift_s', 'fallback_s', 'forecast_error_ratio',
] as const satisfies readonly ColumnName<'summary'>[]; // prettier-ignore

/** Savings against the static fleet of the same replication: 1 − amount ÷ its amount. */
export const savings = {
  saving_owned_ratio: 'reserved_core_max',
  saving_held_ratio: 'reserved_core_h',
  saving_nodes_ratio: 'nodes_used_max',
} as const satisfies Readonly<Record<string, ColumnName<'summary'>>>;

/** Cost ÷ the least that any strategy could cost in the same replication, less 1. */
const regret = 'regret_ratio';

/** What a comparison compares. */
export type Metric = (typeof summaryMetrics)[number] | keyof typeof savings | typeof regret;
export const metrics: readonly Metric[] = [...summaryMetrics, ...(Object.keys(savings) as (keyof typeof savings)[]), regret];

/** What is judged unless somebody asks for something else: few, since each verdict makes all others harder. */
export const judgedByDefault: readonly Metric[] = [
  'unserved', 'exposure_s', 'slo_violation_s', 'response_p99_ms', 'reserved_core_max', 'nodes_used_max', 'used_core_mean', 'cost',
]; // prettier-ignore

const higherIsBetter: readonly Metric[] = ['success_ratio', 'goodput_ratio', ...(Object.keys(savings) as (keyof typeof savings)[])];
/** What happens, for better or worse. */
const neitherIsBetter: readonly Metric[] = [
  'planned_core', 'planned_nodes', 'served_by_retry', 'retrying_end', 'overflowed', 'pods_created', 'switches', 'slots_switched', 'forecast_error_ratio',
]; // prettier-ignore

/** Which way is good; undefined where neither is. */
export function betterWay(metric: Metric): Better {
  if (neitherIsBetter.includes(metric)) return undefined;
  return higherIsBetter.includes(metric) ? 'higher' : 'lower';
}

export const isSaving = (metric: Metric): metric is keyof typeof savings => metric in savings;
export const isRegret = (metric: Metric): metric is typeof regret => metric === regret;

export function unitOf(metric: Metric): string {
  return isSaving(metric) || isRegret(metric) ? 'ratio' : (csvFiles.summary.columns.find(({ name }) => name === metric)?.unit ?? '');
}

/** The metrics of these names, each once. An {@link InputError} says of all that are unknown what they could be. */
export function metricsNamed(names: readonly string[]): readonly Metric[] {
  const unknown = names.filter((name) => !metrics.includes(name as Metric));
  if (unknown.length === 0) return [...new Set(names as readonly Metric[])];
  throw new InputError(
    `${unknown
      .map((name) => {
        const near = didYouMean(name, metrics);
        return `unknown metric "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
      })
      .join('\n')}\nMetrics: ${metrics.join(', ')}`,
  );
}
