import type { Row } from '../metrics/columns.ts';
import { confidenceInterval } from '../stats/interval.ts';
import { isPrecise } from '../stats/sequential.ts';
import type { RunSummary } from './comparison.ts';
import type { Metric } from './metric.ts';

/** When to stop replicating: `metric`, a column of summary.csv, is known to `relative` of itself for every strategy to which it applies. */
export interface Until {
  readonly metric: Metric;
  readonly relative: number;
}

/** A mean that is not known well enough. */
export interface Imprecise extends Until {
  readonly label: string;
  /** Its half-width, as a part of it. */
  readonly reached: number;
}

/** What is still not known well enough, by `until`, then by label. */
export function imprecise(until: readonly Until[], labels: readonly string[], runs: readonly RunSummary[]): readonly Imprecise[] {
  return until.flatMap(({ metric, relative }) =>
    labels.flatMap((label) => {
      const values = runs.filter((run) => run.label === label).flatMap(({ all }) => numberIn(all, metric));
      if (values.length === 0 || isPrecise(values, relative)) return [];
      const { mean, halfWidth = Infinity } = confidenceInterval(values);
      return [{ metric, relative, label, reached: halfWidth / Math.abs(mean) }];
    }),
  );
}

function numberIn(row: Row, metric: Metric): readonly number[] {
  const cell = row[metric];
  return typeof cell === 'number' ? [cell] : [];
}
