import type { Metric } from '../experiments/metric.ts';
import type { PointMean } from '../experiments/sweep/tables.ts';
import type { SweepPlan } from '../experiments/sweep/sweep-plan.ts';
import type { Interval } from '../stats/interval.ts';
import { amount, fixed, plusMinus } from './numbers.ts';
import { alignedTable, printable } from './table.ts';

/** Most rows of the screen. */
const mostRows = 40;

const shown: readonly { readonly head: string; readonly metric: Metric; readonly text: (value: Interval | undefined) => string }[] = [
  { head: 'cost', metric: 'cost', text: amount },
  { head: 'cores', metric: 'reserved_core_max', text: plusMinus },
  { head: 'nodes', metric: 'nodes_used_max', text: plusMinus },
  { head: 'unserved', metric: 'unserved', text: amount },
  { head: 'exposed min', metric: 'exposure_s', text: (value) => plusMinus(value, 1, 1 / 60) },
  { head: 'p99 ms', metric: 'response_p99_ms', text: plusMinus },
];

/** The first points of a sweep, strategy by strategy, with means over the replications. Ends with a line feed. */
export function sweepText(plan: SweepPlan, means: readonly PointMean[]): string {
  const { points, strategies, replications, paths } = plan;
  const rows = points.flatMap((point) => strategies.map((strategy) => ({ point, strategy })));
  const valueOf = new Map(means.map(({ point, strategy, metric, value }) => [[...point, strategy, metric].join('\n'), value]));
  const table = alignedTable(
    [...paths, 'strategy', ...shown.map(({ head }) => head)].map((head, i) => ({ head: printable(head, 40), align: i <= paths.length ? ('left' as const) : ('right' as const) })), // prettier-ignore
    rows
      .slice(0, mostRows)
      .map(({ point, strategy }) => [
        ...point.map((value) => printable(value, 30)),
        printable(strategy, 30),
        ...shown.map(({ metric, text }) => text(valueOf.get([...point, strategy, metric].join('\n')))),
      ]),
  );
  const title = `${printable(plan.scenario)}: ${fixed(points.length)} ${points.length === 1 ? 'point' : 'points'} × ${String(strategies.length)} ${strategies.length === 1 ? 'strategy' : 'strategies'} × ${String(replications)} ${replications === 1 ? 'replication' : 'replications'}${replications > 1 ? '; means with 95 % t intervals' : ''}`; // prettier-ignore
  const more = rows.length - mostRows;
  return `${[title, '', ...table, ...(more > 0 ? [`${fixed(more)} more in sweep-means.csv`] : [])].join('\n')}\n`;
}
