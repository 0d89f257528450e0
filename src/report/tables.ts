import type { Metric } from '../experiments/metric.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { csvFiles } from '../metrics/columns.ts';
import { confidenceInterval, type Interval } from '../stats/interval.ts';
import { type Figures, figuresByApp, figuresOf, isShort, meanOf } from './figures.ts';
import { amount, fixed, plusMinus, successPercent } from './numbers.ts';
import { alignedTable, printable } from './table.ts';

/** A table of the screen. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

interface Field {
  readonly head: string;
  readonly text: (subject: string) => string;
}

/** Widest name in a table. */
const nameWidth = 22;

function table(title: string, subject: string, names: readonly string[], fields: readonly Field[]): Section {
  const columns = [{ head: subject, align: 'left' as const }, ...fields.map(({ head }) => ({ head, align: 'right' as const }))];
  return { title, lines: alignedTable(columns, names.map((name) => [printable(name, nameWidth), ...fields.map(({ text }) => text(name))])) }; // prettier-ignore
}

/** What each strategy takes: cores and nodes owned, what its own plan says it needs, the saving, the cost. */
export function demandTable(experiment: Experiment): Section {
  const figures = figuresOf(experiment);
  const { baseline } = experiment;
  const isComparison = experiment.labels.length > 1 && baseline.isStaticPeak;
  // Against a fleet that did not get what it takes nothing is saved.
  const isWhole = !isShort(figures, baseline.label);
  const saved = (metric: Metric): readonly Field[] =>
    isComparison ? [{ head: 'saved %', text: (label) => plusMinus(isWhole ? figures(label, metric) : undefined, 1, 100) }] : [];
  const against = isComparison ? `, saved against ${printable(baseline.label, nameWidth)}` : '';
  const title = `What it takes: cores and nodes owned, planned${against}; core hours held; cost in units of the prices${regretTitle(experiment)}`;
  return table(title, 'strategy', experiment.labels, [
    { head: 'cores', text: (label) => plusMinus(figures(label, 'reserved_core_max')) },
    { head: 'planned', text: (label) => plusMinus(figures(label, 'planned_core')) },
    ...saved('saving_owned_ratio'),
    { head: 'nodes', text: (label) => plusMinus(figures(label, 'nodes_used_max')) },
    { head: 'planned', text: (label) => plusMinus(figures(label, 'planned_nodes')) },
    ...saved('saving_nodes_ratio'),
    { head: 'core h', text: (label) => amount(figures(label, 'reserved_core_h')) },
    { head: `cost (${experiment.scenario.prices.basis})`, text: (label) => amount(figures(label, 'cost')) },
    ...(experiment.bounds.size > 0
      ? [{ head: 'regret %', text: (label: string) => plusMinus(figures(label, 'regret_ratio'), 1, 100) }]
      : []),
  ]);
}

/** What the regret is measured by. */
function regretTitle({ bounds }: Experiment): string {
  if (bounds.size === 0) return '';
  return `; regret: cost above ${amount(confidenceInterval([...bounds.values()]))}, which it costs at least`;
}

const riskFields = (figures: Figures): readonly Field[] => [
  { head: 'served %', text: (name) => successPercent(figures(name, 'success_ratio')) },
  { head: 'unserved', text: (name) => amount(figures(name, 'unserved')) },
  { head: 'exposed min', text: (name) => plusMinus(figures(name, 'exposure_s'), 1, 1 / 60) },
  { head: 'SLO missed min', text: (name) => plusMinus(figures(name, 'slo_violation_s'), 1, 1 / 60) },
  { head: 'p99 ms', text: (name) => plusMinus(figures(name, 'response_p99_ms')) },
];

const riskTitle = 'What it risks (exposed: some pods got more than they can serve; SLO: an objective was missed)';

/** What each strategy risks. */
export function riskTable(experiment: Experiment): Section {
  return table(riskTitle, 'strategy', experiment.labels, riskFields(figuresOf(experiment)));
}

/** Most apps in a table. */
const appsShown = 20;

/** What each app risks under one strategy: of many apps those that lose most (of equals the longest exposed, then those whose objective is missed longest, then the slowest), worst first. */
export function riskByAppTable(experiment: Experiment, label: string): Section {
  const names = experiment.scenario.apps.map(({ name }): string => name);
  const figures = figuresByApp(experiment, label);
  const more = names.length - appsShown;
  if (more <= 0) return table(riskTitle, 'app', [...names, 'all'], riskFields(figures));
  const worse = (a: string, b: string): number => {
    for (const metric of ['unserved', 'exposure_s', 'slo_violation_s', 'response_p99_ms'] as const) {
      const difference = meanOf(figures(b, metric)) - meanOf(figures(a, metric));
      if (difference !== 0) return difference;
    }
    return 0;
  };
  const { title, lines } = table(riskTitle, 'app', [...[...names].sort(worse).slice(0, appsShown), 'all'], riskFields(figures));
  return {
    title,
    lines: [...lines, `${fixed(more)} more ${more === 1 ? 'app' : 'apps'}, none of them worse, in ${csvFiles.summary.file}`],
  };
}

/** Causes of unserved requests, in the order in which a deficit is split. */
export const causes = [
  { metric: 'unserved_fault', name: 'fault', because: 'faults' },
  { metric: 'unserved_switch', name: 'switch', because: 'switches' },
  { metric: 'unserved_cold_start', name: 'cold start', because: 'cold starts (pods waiting for a node, starting or warming up)' },
  { metric: 'unserved_undersized', name: 'undersized', because: 'too few pods running or asked for' },
] as const satisfies readonly { readonly metric: Metric; readonly name: string; readonly because: string }[];

/** Why requests went unserved and how long pods waited, for the strategies that lost requests or created pods; undefined where none did. */
export function causeTable(experiment: Experiment): Section | undefined {
  const figures = figuresOf(experiment);
  const losing = experiment.labels.filter((label) => meanOf(figures(label, 'unserved')) > 0 || meanOf(figures(label, 'pods_created')) > 0);
  if (losing.length === 0) return undefined;
  return table('Why requests went unserved; pods created, most waiting for a node, seconds to a node', 'strategy', losing, [
    ...causes.map(({ metric, name }): Field => ({ head: name, text: (label) => amount(figures(label, metric)) })),
    { head: 'pods created', text: (label) => plusMinus(figures(label, 'pods_created')) },
    { head: 'pending max', text: (label) => plusMinus(figures(label, 'pods_pending_max')) },
    { head: 'node p99 s', text: (label) => plusMinus(applicable(figures, label, 'pods_created', 'scheduling_p99_s')) },
  ]);
}

/** What faults, retries and overflow do: the head of a column, and what the title says of it. */
const troubles = [
  { head: 'pods failed', metric: 'pods_failed', says: 'their node was lost' },
  { head: 'drift pod min', metric: 'drift_s', says: 'pods at a wrong traffic ratio, slots stuck' },
  { head: 'retried', metric: 'retried', says: 'attempts after the first' },
  { head: 'served by retry', metric: 'served_by_retry', says: 'requests served at a later attempt' },
  { head: 'overflowed', metric: 'overflowed', says: 'requests that another zone took' },
] as const satisfies readonly { readonly head: string; readonly metric: Metric; readonly says: string }[];

/** What faults, retries and overflow did, for the strategies that they touched; undefined where they touched none. Columns without a number are left out. */
export function troubleTable(experiment: Experiment): Section | undefined {
  const figures = figuresOf(experiment);
  const touched = (label: string, metric: Metric): boolean => meanOf(figures(label, metric)) > 0;
  const shown = troubles.filter(({ metric }) => experiment.labels.some((label) => touched(label, metric)));
  const labels = experiment.labels.filter((label) => shown.some(({ metric }) => touched(label, metric)));
  if (labels.length === 0) return undefined;
  return table(
    `Trouble (${shown.map(({ head, says }) => `${head}: ${says}`).join('; ')})`,
    'strategy',
    labels,
    shown.map(({ head, metric }): Field => ({
      head,
      text: (label) => (metric === 'drift_s' ? plusMinus(figures(label, metric), 1, 1 / 60) : amount(figures(label, metric))),
    })),
  );
}

/** What became of switches, for the strategies that made any; undefined where none did. */
export function switchTable(experiment: Experiment): Section | undefined {
  const figures = figuresOf(experiment);
  const switching = experiment.labels.filter((label) => meanOf(figures(label, 'switches')) > 0);
  if (switching.length === 0) return undefined;
  const field = (head: string, metric: Metric, decimals = 0): Field => ({
    head,
    text: (label) => plusMinus(figures(label, metric), decimals),
  });
  return table(
    'Switches, in a run (slots: handed on; failed: not by their switch; stuck: most at once; s: from the first action to the last status)',
    'strategy',
    switching,
    [
      field('switches', 'switches'),
      field('rolled back', 'switches_rolled_back', 1),
      field('slots', 'slots_switched'),
      field('failed', 'slots_failed', 1),
      field('stuck', 'slots_stuck_max', 1),
      field('p50 s', 'switch_p50_s', 1),
      field('p99 s', 'switch_p99_s', 1),
    ],
  );
}

/** `metric`, where `of` is above 0. */
const applicable = (figures: Figures, label: string, of: Metric, metric: Metric): Interval | undefined =>
  meanOf(figures(label, of)) > 0 ? figures(label, metric) : undefined;
