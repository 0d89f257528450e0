import { relative, resolve, sep } from 'node:path';
import { stringify } from 'yaml';
import { defined } from '../base/assert.ts';
import { gibibyte } from '../base/units.ts';
import { anyCalendar } from '../base/wall-clock.ts';
import { faultsSchema } from '../operations/fault-spec.ts';
import { platformSpec } from '../operations/platform.ts';
import { completed } from './complete.ts';
import type { Decoded } from './decode.ts';
import { createKit } from './kit.ts';
import { resolveFrom } from './layers.ts';
import { appSchema, clusterSchema, groupSchema, limitsSchema, pricesSchema, resultsSchema, topFields } from './schema.ts';
import { defaultFrom, originLabel, type Place } from './source.ts';
import { type Catalog, entryFor } from './strategy-uses.ts';
import { type Written, type WrittenEntry, type WrittenMapping, withEntry, written } from './written.ts';

export interface ResolvedOptions {
  /** Where the file will lie; that of the scenario's file where it is left out. */
  readonly folder?: string;
  /** One line at its head. */
  readonly comment?: string;
  /** Those of the `--set` that nobody gave, and what found them. */
  readonly found?: { readonly set: readonly string[]; readonly by: string };
}

/**
 * The whole scenario as YAML, every default written out, each value followed by its origin: `# default: assumption`, `# scenarios/double11.yaml:31`, `# --set`, `# plan`. It
 * decodes to the same scenario: in the folder of its file, or in `folder`.
 */
export function resolvedYaml(decoded: Decoded, catalog: Catalog, { folder, comment, found }: ResolvedOptions = {}): string {
  const lines: Line[] = [];
  const whole = wholeScenario(decoded, catalog);
  const moved = folder === undefined ? whole : movedTo(folder, whole, decoded.scenario.file);
  print(moved.kind === 'mapping' ? moved : whole, 0, lines);
  const widest = Math.min(64, Math.max(...lines.map(({ text, at }) => (at === undefined ? 0 : text.length))));
  const originOf = (at: Place): string =>
    found !== undefined && at.source.kind === 'set' && found.set.includes(at.source.text) ? found.by : originLabel(at);
  const head = comment === undefined ? '' : `# ${comment}\n`;
  return head + lines.map(({ text, at }) => (at === undefined ? text : `${text.padEnd(widest)}  # ${originOf(at)}`) + '\n').join('');
}

function wholeScenario({ scenario, written: root }: Decoded, catalog: Catalog): WrittenMapping {
  const kit = createKit({
    calendar: scenario.calendar,
    apps: scenario.apps.map((app) => app.name),
    groups: scenario.groups.map((group) => group.name),
  });
  const app = appSchema({ calendar: anyCalendar(), time: () => kit.time(), file: () => ({ error: '' }) });
  const entries = new Map<string, WrittenEntry>();
  const put = (key: string, value: Written | undefined): void => {
    if (value !== undefined) entries.set(key, { keyAt: root.entries.get(key)?.keyAt ?? root.at, value });
  };
  const section = (key: string): Written | undefined => root.entries.get(key)?.value;
  const each = (key: string, change: (value: Written, name: string) => Written | undefined): void => {
    const value = section(key);
    put(
      key,
      value?.kind === 'mapping'
        ? {
            ...value,
            entries: new Map(
              [...value.entries].map(([name, entry]) => [name, { ...entry, value: change(entry.value, name) ?? entry.value }]),
            ),
          }
        : value,
    );
  };
  for (const [key, schema] of Object.entries(topFields)) put(key, completed(section(key), schema));
  put('cluster', completed(section('cluster'), clusterSchema));
  put('platform', completed(section('platform'), platformSpec(kit.time())));
  each('apps', (value) => completed(value, app));
  each('groups', (value, name) => {
    const group = completed(value, groupSchema(kit));
    const { slot } = defined(
      scenario.groups.find((each) => each.name === name),
      `group ${name}`,
    );
    if (group?.kind !== 'mapping' || group.entries.has('slot')) return group;
    const smallest = { source: defaultFrom('the largest running pod beside the others kept alive') };
    const size = written({ cpu: slot.cpu / 1000, memory: memoryAsWritten(slot.memory) }, smallest);
    return withEntry(group, 'slot', { keyAt: size.at, value: size });
  });
  put('faults', completed(section('faults'), faultsSchema({ ...kit, horizon: undefined, nodes: () => undefined })));
  each('strategies', (value, label) => {
    const options = value.kind === 'mapping' ? value : { kind: 'mapping' as const, entries: new Map<string, WrittenEntry>(), at: value.at };
    return completed(options, entryFor(label, value, catalog)?.options(kit));
  });
  put('results', completed(section('results'), resultsSchema));
  put('prices', completed(section('prices'), pricesSchema));
  put('limits', completed(section('limits'), limitsSchema));
  return { kind: 'mapping', entries, at: root.at };
}

/** `value` with the files of its traces named from `folder`; `file`: whose folder they are named from where no file says them. */
function movedTo(folder: string, value: Written, file: string): Written {
  if (value.kind === 'scalar') return value;
  if (value.kind === 'list') return { ...value, items: value.items.map((item) => movedTo(folder, item, file)) };
  const entries = new Map([...value.entries].map(([key, entry]) => [key, { ...entry, value: movedTo(folder, entry.value, file) }]));
  const trace = entries.get('trace')?.value;
  const named = trace?.kind === 'mapping' ? trace.entries.get('file') : undefined;
  if (trace?.kind === 'mapping' && named?.value.kind === 'scalar' && typeof named.value.value === 'string') {
    const { at, value: path } = named.value;
    const from = resolve(resolveFrom(at.source.kind === 'file' ? at.source.name : file, path));
    const moved = { ...named, value: { ...named.value, value: relative(folder, from).split(sep).join('/') } };
    entries.set('trace', { ...(entries.get('trace') as WrittenEntry), value: withEntry(trace, 'file', moved) });
  }
  return { ...value, entries };
}

/** Bytes as a scenario writes them, exactly. */
function memoryAsWritten(bytes: number): string {
  return bytes % gibibyte === 0 ? `${String(bytes / gibibyte)}Gi` : `${String(bytes / 1024)}Ki`;
}

interface Line {
  readonly text: string;
  /** Where its value was written; undefined where it has none. */
  readonly at: Place | undefined;
}

const scalar = (value: unknown): string =>
  typeof value === 'string' && /[\n\r]/.test(value) ? JSON.stringify(value) : stringify(value, { lineWidth: 0 }).trimEnd();
/** A scalar inside [ ]: there, brackets and commas need quotes too. */
const flowScalar = (value: unknown): string =>
  typeof value === 'string' && /[[\]{},]/.test(value) ? JSON.stringify(value) : scalar(value);

/** Lines of a mapping in block style; `lead` is what its first line begins with, where it is an item of a list. */
function print(mapping: WrittenMapping, indent: number, lines: Line[], lead = ' '.repeat(indent)): void {
  let margin = lead;
  for (const [key, { value }] of mapping.entries) {
    const head = `${margin}${flowScalar(key)}:`;
    margin = ' '.repeat(indent);
    if (value.kind === 'mapping' && value.entries.size > 0) {
      lines.push({ text: head, at: undefined });
      print(value, indent + 2, lines);
    } else if (value.kind === 'list' && value.items.some((item) => item.kind === 'mapping' && item.entries.size > 0)) {
      lines.push({ text: head, at: undefined });
      for (const item of value.items) printItem(item, indent + 2, lines);
    } else lines.push({ text: `${head} ${flow(value)}`, at: value.at });
  }
}

function printItem(item: Written, indent: number, lines: Line[]): void {
  const lead = `${' '.repeat(indent)}- `;
  if (item.kind === 'mapping' && item.entries.size > 0) print(item, indent + 2, lines, lead);
  else lines.push({ text: lead + flow(item), at: item.at });
}

function flow(value: Written): string {
  switch (value.kind) {
    case 'scalar':
      return flowScalar(value.value);
    case 'list':
      return `[${value.items.map(flow).join(', ')}]`;
    case 'mapping':
      return `{${[...value.entries].map(([key, entry]) => `${flowScalar(key)}: ${flow(entry.value)}`).join(', ')}}`;
  }
}
