import { csvFiles, type Row } from '../../metrics/columns.ts';
import { tableText } from '../../output/csv.ts';
import { confidenceInterval, confidenceLevel, type Interval } from '../../stats/interval.ts';
import { type Metric, summaryMetrics, unitOf } from '../metric.ts';
import type { CellResult } from './cells.ts';
import { cellAt, type SweepPlan } from './sweep-plan.ts';

/** sweep.csv: a column for each path that is varied, then those of summary.csv; cells in the order of the plan. */
export function sweepCsv(plan: SweepPlan, results: readonly CellResult[]): string {
  const rows = results.flatMap((result, i) => {
    const { point } = cellAt(plan, i);
    const varied = variedOf(plan, point);
    return result.rows.map((row): Row => ({ ...varied, ...row }));
  });
  return tableText('sweep.csv', [...plan.paths, ...csvFiles.summary.columns.map(({ name }) => name)], rows);
}

const variedOf = ({ paths }: SweepPlan, point: readonly string[]): Row => Object.fromEntries(paths.map((path, i) => [path, point[i]]));

/** Mean of one metric at one point under one strategy. */
export interface PointMean {
  readonly point: readonly string[];
  readonly strategy: string;
  readonly metric: Metric;
  readonly value: Interval;
}

/** Means over the replications of the rows `all`, of every metric that applies: by point, then strategy, then metric. */
export function pointMeans(plan: SweepPlan, results: readonly CellResult[]): readonly PointMean[] {
  const { replications } = plan;
  const means: PointMean[] = [];
  for (let from = 0; from < results.length; from += replications) {
    const { point, strategy } = cellAt(plan, from);
    const rows = results.slice(from, from + replications).map(({ rows: all }) => all.at(-1) ?? {});
    for (const metric of summaryMetrics) {
      const values = rows.map((row) => row[metric]).filter((cell) => typeof cell === 'number');
      if (values.length > 0) means.push({ point, strategy, metric, value: confidenceInterval(values) });
    }
  }
  return means;
}

/** sweep-means.csv: a column for each path that is varied, then strategy, metric and its interval. */
export function meansCsv(plan: SweepPlan, means: readonly PointMean[]): string {
  const names = [...plan.paths, 'strategy', 'metric', 'unit', 'replications', 'mean', 'half_width', 'level', 'method'];
  return tableText(
    'sweep-means.csv',
    names,
    means.map(({ point, strategy, metric, value }) => ({
      ...variedOf(plan, point),
      strategy,
      metric,
      unit: unitOf(metric),
      replications: value.count,
      mean: value.mean,
      half_width: value.halfWidth,
      level: confidenceLevel,
      method: 't',
    })),
  );
}
