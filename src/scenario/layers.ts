import { dirname, isAbsolute, join, normalize } from 'node:path';
import { show } from '../base/quantity.ts';
import type { TrafficKit } from '../traffic/schema.ts';
import { merge } from './merge.ts';
import type { Problem } from './scenario-error.ts';
import { applySet } from './set.ts';
import type { Place } from './source.ts';
import { withoutEntry, type WrittenMapping } from './written.ts';
import { parseYaml } from './yaml.ts';

/** The text of a file that a scenario extends, or why there is none. */
export type Open = (path: string) => { readonly text: string } | { readonly error: string };

/** What a scenario is made of: a file's text, the `--set` arguments in their order, and the way to further files. */
export interface ScenarioSource {
  /** The path as given: messages name it, and what it refers to is relative to it. */
  readonly file: string;
  readonly text: string;
  readonly set?: readonly string[] | undefined;
  /** Absent: the text may not extend files. */
  readonly open?: Open | undefined;
  /** The way to recorded traffic, which may be long. Absent: the text may not refer to any. */
  readonly stream?: TrafficKit['file'] | undefined;
}

const deepestExtends = 8;
const mostFiles = 64;

/** The layers of a scenario as one mapping: what it extends, below it; the file; the `--set` arguments, on top. Undefined where a file could not be read. */
export function layered(source: ScenarioSource, report: (problem: Problem) => void): WrittenMapping | undefined {
  let files = 0;
  const load = (file: string, text: string, chain: readonly string[]): WrittenMapping | undefined => {
    const parsed = parseYaml({ kind: 'file', name: file, text });
    parsed.problems.forEach(report);
    if (parsed.value === undefined) return undefined;
    const place = parsed.value.at;
    if (parsed.value.kind !== 'mapping') {
      const empty = parsed.value.kind === 'scalar' && parsed.value.value === null;
      report({
        path: [],
        place: empty ? { source: place.source } : place,
        message: `${empty ? 'is empty' : `read ${parsed.value.kind === 'list' ? 'a list' : show(parsed.value.value)}`}: expected a mapping with name, start, horizon, cluster, apps and strategies`,
      });
      return undefined;
    }
    const bases = extended(parsed.value, report);
    let below: WrittenMapping | undefined;
    let whole = bases !== undefined;
    for (const { path, at } of bases ?? []) {
      const target = resolveFrom(file, path);
      const trail = [...chain, normalize(file)];
      const opened = trail.includes(target)
        ? { error: `${[...trail.slice(trail.indexOf(target)), target].join(' extends ')}: a file cannot extend itself` }
        : opens(target, trail.length);
      if ('error' in opened) report({ path: ['extends'], place: at, message: opened.error });
      const base = 'error' in opened ? undefined : load(target, opened.text, trail);
      if (base === undefined) whole = false;
      else below = below === undefined ? base : (merge(below, base) as WrittenMapping);
    }
    const own = withoutEntry(parsed.value, 'extends');
    return whole ? (below === undefined ? own : (merge(below, own) as WrittenMapping)) : undefined;
  };
  const opens = (target: string, depth: number): ReturnType<Open> => {
    if (depth > deepestExtends) return { error: `extends more than ${String(deepestExtends)} files deep` };
    if (++files > mostFiles) return { error: `extends more than ${String(mostFiles)} files` };
    return source.open?.(target) ?? { error: `${target} cannot be read from here` };
  };
  const root = load(source.file, source.text, []);
  return root && (source.set ?? []).reduce((below, argument) => applySet(below, argument, report), root);
}

/** `path` as written in `file`: relative to the file's folder. */
export const resolveFrom = (file: string, path: string): string => normalize(isAbsolute(path) ? path : join(dirname(file), path));

/** The paths of `extends:`, in their order; undefined where one of them is none. */
function extended(
  root: WrittenMapping,
  report: (problem: Problem) => void,
): readonly { readonly path: string; readonly at: Place }[] | undefined {
  const entry = root.entries.get('extends');
  if (entry === undefined) return [];
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  const paths: { readonly path: string; readonly at: Place }[] = [];
  for (const item of items) {
    if (item.kind === 'scalar' && typeof item.value === 'string' && item.value !== '') paths.push({ path: item.value, at: item.at });
    else
      report({
        path: ['extends'],
        place: item.at,
        message: `read ${item.kind === 'scalar' ? show(item.value) : `a ${item.kind}`}: expected a path such as ./base.yaml, or a list of them`,
      });
  }
  return paths.length === items.length ? paths : undefined;
}
