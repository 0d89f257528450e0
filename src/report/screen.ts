import type { Experiment } from '../experiments/experiment.ts';
import { csvFiles } from '../metrics/columns.ts';
import { nodeCount } from '../cluster/specs.ts';
import { spanText } from '../scenario/kit.ts';
import { confidenceLevel } from '../stats/interval.ts';
import { alike } from './alike.ts';
import { faultText } from './fault-text.ts';
import { fixed } from './numbers.ts';
import { sentences } from './sentences.ts';
import { printable, wrapped } from './table.ts';
import { verdictSection } from './verdicts.ts';
import { causeTable, demandTable, riskByAppTable, riskTable, type Section, switchTable, troubleTable } from './tables.ts';

export interface ScreenOptions {
  /** Titles in bold, for terminals. */
  readonly bold: boolean;
}

/** Widest line. */
const width = 100;
/** Most notes of runs that are shown, of more than so many one of each kind; the manifest has all. */
const notesShown = 3;

/** What came of an experiment, on one screen: the answer in words, tables, and where the numbers are. Ends with a line feed. */
export function screen(experiment: Experiment, { bold }: ScreenOptions): string {
  const strong = (text: string): string => (bold ? `\u001b[1m${text}\u001b[22m` : text);
  const only = experiment.labels.length === 1 ? experiment.labels[0] : undefined;
  const risks = only === undefined ? riskTable(experiment) : riskByAppTable(experiment, only);
  const sections = [
    demandTable(experiment),
    risks,
    causeTable(experiment),
    troubleTable(experiment),
    switchTable(experiment),
    verdictSection(experiment, width),
  ].filter((section): section is Section => section !== undefined);
  const blocks: readonly (readonly string[])[] = [
    [
      strong(title(experiment)),
      ...changes(experiment),
      ...precision(experiment),
      ...faults(experiment),
      ...sentences(experiment).flatMap((sentence) => wrapped(sentence, width)),
    ],
    ...sections.map(({ title: heading, lines }) => [...wrapped(heading, width).map(strong), ...lines]),
    [...notes(experiment), ...wrapped(leftOutText(experiment) ?? '', width).filter((line) => line !== ''), ...files(experiment)],
  ];
  return `${blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`; // prettier-ignore
}

function title({ scenario }: Experiment): string {
  const nodes = nodeCount(scenario.cluster);
  const { name, start, horizon, replications, seed, fidelity, sample } = scenario;
  const last = seed + replications - 1;
  const runs =
    replications === 1
      ? `1 replication, seed ${String(seed)}`
      : `${String(replications)} replications, seeds ${String(seed)}–${String(last)}, ± ${fixed(100 * confidenceLevel)} % confidence`;
  return `${printable(name)}: ${start} + ${spanText(horizon)} on ${fixed(nodes)} ${nodes === 1 ? 'node' : 'nodes'}, ${runs}${fidelity === 'fluid' ? '' : `, single requests${sample < 1 ? ` of ${fixed(100 * sample, 3).replace(/\.?0+$/, '')} % of the pods` : ''}`}`;
}

/** How the scenario was changed from the command line. */
const changes = ({ set }: Experiment): readonly string[] => (set.length === 0 ? [] : wrapped(`with ${printable(set.join(', '))}`, width));

/** Why there are as many replications as there are, where that was found out. */
function precision({ until, imprecise, scenario }: Experiment): readonly string[] {
  if (until.length === 0) return [];
  const known = until.map(({ metric, relative }) => `${metric} to ${String(Number((100 * relative).toPrecision(6)))} %`).join(', ');
  const stopped =
    imprecise.length > 0
      ? 'at the most that was allowed, before every strategy’s means were known'
      : 'where every strategy’s means are known';
  return wrapped(
    `Stopped after ${fixed(scenario.replications)} replications, ${stopped} (${known}); an interval at which one stops holds the truth a little more rarely than it says.`,
    width,
  );
}

/** What breaks, in the scenario's words; nothing where nothing does. */
const faults = ({ scenario }: Experiment): readonly string[] =>
  scenario.faults.length === 0 ? [] : wrapped(`Faults: ${scenario.faults.map((fault) => faultText(fault, scenario)).join('; ')}.`, width);

/** What runs have to say beyond numbers, each once, with the replications that said it. */
function notes({ runs, scenario }: Experiment): readonly string[] {
  const said = new Map<string, number[]>();
  for (const run of runs)
    for (const note of run.notes) {
      const text = printable(`${run.label}: ${note}`);
      said.set(text, [...(said.get(text) ?? []), run.replication]);
    }
  const all = [...said].map(([text, replications]) => {
    if (scenario.replications === 1) return text;
    const [only] = replications;
    return replications.length === 1
      ? `${text} (replication ${String(only)})`
      : `${text} (${String(replications.length)} of ${String(scenario.replications)} replications)`;
  });
  const kinds = (all.length > notesShown ? alike(all) : all.map((note) => [note])).slice(0, notesShown);
  const rest = all.length - kinds.reduce((sum, kind) => sum + kind.length, 0);
  return [
    ...kinds.flatMap(([note = '', ...others]) =>
      wrapped(`Note: ${note}${others.length > 0 ? ` (and ${fixed(others.length)} more like it in manifest.json)` : ''}`, width),
    ),
    ...(rest > 0 ? [`${fixed(rest)} more ${rest === 1 ? 'note' : 'notes'} in manifest.json (runs, notes)`] : []),
  ];
}

/** What full files were too small for; undefined where none was. */
export function leftOutText({ leftOut, scenario }: Pick<Experiment, 'leftOut' | 'scenario'>): string | undefined {
  if (leftOut.length === 0) return undefined;
  const most = scenario.results.rows === 1 ? 'the first row' : `the first ${fixed(scenario.results.rows)} rows`;
  const parts = [...new Set(leftOut.map(({ file }) => file))].map((name) => {
    const ofFile = leftOut.filter(({ file }) => file === name);
    const rows = ofFile.reduce((sum, each) => sum + each.rows, 0);
    return `${fixed(rows)} ${rows === 1 ? 'row' : 'rows'} of ${csvFiles[name].file} (${ofFile.length === 1 ? '' : `${fixed(ofFile.length)} runs, `}from ${fixed(Math.min(...ofFile.map(({ from }) => from)))} s on)`;
  });
  return `Not written: ${parts.join(', ')}. A file holds ${most} of a run (results.rows); manifest.json has the numbers file by file.`;
}

function files({ folder, labels, scenario, replaced }: Experiment): readonly string[] {
  if (folder === undefined) return [];
  const { detail } = scenario.results;
  const names = detail === 'all' ? 'apps, operations, switches, pods, nodes' : 'apps, operations, switches';
  const replication = detail === 'first' ? '0' : '<replication>';
  const whole = [
    `${csvFiles.summary.file} (every run and app)`,
    `${csvFiles.compare.file} (means, differences)`,
    'manifest.json (what they were made from)',
  ];
  const run = labels.length > 1 ? '<strategy>' : (labels[0] ?? '');
  return [
    ...wrapped(
      `The numbers: ${folder}/${replaced.length > 0 ? ` (in place of those of ${replaced.map((label) => printable(label)).join(', ')}; --out keeps results apart)` : ''}`,
      width,
    ),
    ...wrapped(`  ${whole.join(', ')}`, width),
    ...(detail === 'none' ? [] : [`  ${run}/${replication}/*.csv (${names} over time)`]),
  ];
}
