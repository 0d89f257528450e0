import type { Experiment } from '../experiments/experiment.ts';
import { csvFiles } from '../metrics/columns.ts';
import { spanText } from '../scenario/kit.ts';
import { confidenceLevel } from '../stats/interval.ts';
import { fixed } from './numbers.ts';
import { sentences } from './sentences.ts';
import { printable, wrapped } from './table.ts';
import { causeTable, demandTable, riskByAppTable, riskTable, type Section, switchTable } from './tables.ts';

export interface ScreenOptions {
  /** Titles in bold, for terminals. */
  readonly bold: boolean;
}

/** Widest line. */
const width = 100;
/** Most notes of runs that are shown; the manifest has all. */
const notesShown = 3;

/** What came of an experiment, on one screen: the answer in words, tables, and where the numbers are. Ends with a line feed. */
export function screen(experiment: Experiment, { bold }: ScreenOptions): string {
  const strong = (text: string): string => (bold ? `\u001b[1m${text}\u001b[22m` : text);
  const only = experiment.labels.length === 1 ? experiment.labels[0] : undefined;
  const risks = only === undefined ? riskTable(experiment) : riskByAppTable(experiment, only);
  const sections = [demandTable(experiment), risks, causeTable(experiment), switchTable(experiment)].filter(
    (section): section is Section => section !== undefined,
  );
  const blocks: readonly (readonly string[])[] = [
    [strong(title(experiment)), ...sentences(experiment).flatMap((sentence) => wrapped(sentence, width))],
    ...sections.map(({ title: heading, lines }) => [strong(heading), ...lines]),
    [...notes(experiment), ...files(experiment)],
  ];
  return `${blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`; // prettier-ignore
}

function title({ scenario }: Experiment): string {
  const { name, start, horizon, replications, seed } = scenario;
  const last = seed + replications - 1;
  const runs =
    replications === 1
      ? `1 replication, seed ${String(seed)}`
      : `${String(replications)} replications, seeds ${String(seed)}–${String(last)}, ± ${fixed(100 * confidenceLevel)} % confidence`;
  return `${printable(name)}: ${start} + ${spanText(horizon)}, ${runs}`;
}

/** What runs have to say beyond numbers, each once. */
function notes({ runs }: Experiment): readonly string[] {
  const all = [...new Set(runs.flatMap((run) => run.notes.map((note) => printable(`${run.label}: ${note}`))))];
  const rest = all.length - notesShown;
  return [
    ...all.slice(0, notesShown).flatMap((note) => wrapped(`Note: ${note}`, width)),
    ...(rest > 0 ? [`${String(rest)} more notes in manifest.json`] : []),
  ];
}

function files({ folder, labels, scenario }: Experiment): readonly string[] {
  if (folder === undefined) return [];
  const { detail } = scenario.results;
  const names = detail === 'all' ? 'apps, operations, switches, pods, nodes' : 'apps, operations, switches';
  const replication = detail === 'first' ? '0' : '<replication>';
  const whole = [
    `${csvFiles.summary.file} (every run and app)`,
    ...(labels.length > 1 ? [`${csvFiles.compare.file} (means, differences)`] : []),
    'manifest.json (how to repeat them)',
  ];
  const run = labels.length > 1 ? '<strategy>' : (labels[0] ?? '');
  return [
    `The numbers: ${folder}/`,
    ...wrapped(`  ${whole.join(', ')}`, width),
    ...(detail === 'none' ? [] : [`  ${run}/${replication}/*.csv (${names} over time)`]),
  ];
}
