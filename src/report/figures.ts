import { compareRuns, type Compared, type Metric } from '../experiments/comparison.ts';
import type { Experiment } from '../experiments/experiment.ts';
import type { Interval } from '../stats/interval.ts';

/** Means with their half-widths, by subject (a strategy's label, or an app) and metric. */
export type Figures = (subject: string, metric: Metric) => Interval | undefined;

/** Of whole runs, by label. */
export const figuresOf = ({ compared }: Experiment): Figures => byName(compared);

/** Of one strategy's runs, by app and `all`. */
export function figuresByApp({ runs }: Experiment, label: string): Figures {
  const rows = runs
    .filter((run) => run.label === label)
    .flatMap(({ replication, summary }) => summary.map((row) => ({ label: String(row['app']), replication, all: row })));
  const names = [...new Set(rows.map((row) => row.label))];
  return byName(compareRuns(names, rows, { label: 'all', isStaticPeak: false }));
}

function byName(compared: readonly Compared[]): Figures {
  const values = new Map(compared.map(({ strategy, metric, value }) => [`${metric} ${strategy}`, value]));
  return (subject, metric) => values.get(`${metric} ${subject}`);
}

/** The mean; 0 where the metric does not apply. */
export const meanOf = (interval: Interval | undefined): number => interval?.mean ?? 0;
