import type { Compared } from '../experiments/comparison.ts';
import type { Metric } from '../experiments/metric.ts';
import type { Experiment } from '../experiments/experiment.ts';
import type { Row } from '../metrics/columns.ts';
import { confidenceInterval, type Interval } from '../stats/interval.ts';

/** Means with their half-widths, by subject (a strategy's label, or an app) and metric. */
export type Figures = (subject: string, metric: Metric) => Interval | undefined;

/** Of whole runs, by label. */
export const figuresOf = ({ compared }: Experiment): Figures => byName(compared);

/** Of one strategy's runs, by app and `all`: computed where they are asked for, since apps may be hundreds. */
export function figuresByApp({ runs }: Experiment, label: string): Figures {
  const rows = new Map<string, Row[]>();
  for (const row of runs.filter((run) => run.label === label).flatMap(({ summary }) => summary)) {
    const known = rows.get(String(row['app']));
    if (known) known.push(row);
    else rows.set(String(row['app']), [row]);
  }
  return (app, metric) => {
    const values = (rows.get(app) ?? []).map((row) => row[metric]).filter((cell) => typeof cell === 'number');
    return values.length > 0 ? confidenceInterval(values) : undefined;
  };
}

function byName(compared: readonly Compared[]): Figures {
  const values = new Map(compared.map(({ strategy, metric, value }) => [`${metric} ${strategy}`, value]));
  return (subject, metric) => values.get(`${metric} ${subject}`);
}

/** Whether the strategy held less than its own plan asks for: pods that never got a node. */
export const isShort = (figures: Figures, label: string): boolean =>
  meanOf(figures(label, 'reserved_core_max')) < meanOf(figures(label, 'planned_core'));

/** The mean; 0 where the metric does not apply. */
export const meanOf = (interval: Interval | undefined): number => interval?.mean ?? 0;
