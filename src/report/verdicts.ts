import type { Compared } from '../experiments/comparison.ts';
import type { Experiment } from '../experiments/experiment.ts';
import type { Said } from '../experiments/judgement.ts';
import type { Metric } from '../experiments/metric.ts';
import { fewestForVerdict } from '../stats/verdict.ts';
import { notApplying, title } from './comparison-table.ts';
import { fixed } from './numbers.ts';
import { printable, wrapped } from './table.ts';
import type { Section } from './tables.ts';

/** What the screen calls a metric, where that is not its column. */
const names: Partial<Record<Metric, string>> = {
  unserved: 'unserved',
  exposure_s: 'exposed',
  slo_violation_s: 'SLO missed',
  response_p99_ms: 'p99',
  reserved_core_max: 'cores',
  nodes_used_max: 'nodes',
  used_core_mean: 'cores used',
};

const words: readonly Said[] = ['better', 'worse', 'higher', 'lower', 'equivalent', 'identical'];

/** In a line for each strategy what is better, worse or as good as the baseline's, and what is inconclusive; undefined where nothing is compared. */
export function verdictSection(experiment: Experiment, width: number): Section | undefined {
  const judged = experiment.compared.filter(({ judgement }) => judgement !== undefined);
  if (judged.length === 0) return undefined;
  if (judged.every(({ difference }) => (difference?.count ?? 0) < fewestForVerdict))
    return { title: `No verdicts: they take at least ${String(fewestForVerdict)} replications`, lines: [] };
  const lines = experiment.labels
    .filter((label) => label !== experiment.baseline.label)
    .flatMap((label) => wrapped(`${printable(label)}: ${ofStrategy(judged.filter(({ strategy }) => strategy === label))}`, width));
  const absent = notApplying(experiment);
  return { title: title(experiment), lines: absent === undefined ? lines : [...lines, absent] };
}

function ofStrategy(compared: readonly Compared[]): string {
  const parts = words.flatMap((word) => {
    const metrics = compared.filter(({ judgement }) => judgement?.said === word);
    return metrics.length === 0 ? [] : [`${word} ${metrics.map(({ metric }) => names[metric] ?? metric).join(', ')}`];
  });
  const open = compared.filter(({ judgement }) => judgement?.said === 'inconclusive');
  if (open.length > 0) parts.push(`inconclusive ${open.map(inconclusive).join(', ')}`);
  return parts.join('; ');
}

function inconclusive({ metric, judgement }: Compared): string {
  const needed = judgement?.test?.needed;
  return `${names[metric] ?? metric}${needed === undefined ? '' : ` (about ${fixed(needed)} replications would decide)`}`;
}
