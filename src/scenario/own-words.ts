import type { Family } from './copies.ts';
import type { Report } from './issues.ts';
import { child, type Written } from './written.ts';

/** For containers that writing out the copies made: the key in them → the key as the scenario has it; undefined for a level that was put in. */
export type Origins = WeakMap<Written, ReadonlyMap<string, PropertyKey | undefined>>;

/**
 * A report of problems in `root`, whose copies have been written out, in the words of the scenario as it was written: paths name the family,
 * and a mistake that all copies share is told once, of the first.
 */
export function inOwnWords(root: Written, origins: Origins, families: readonly (readonly [string, Family])[], report: Report): Report {
  if (families.length === 0) return report;
  const familyOf = new Map(families.flatMap(([name, family]) => family.names.map((copy) => [copy, name] as const)));
  const lists = families
    .filter(([, { names }]) => names.length > 2)
    .map(([, { names }]) => [names.join(', '), `${names[0] ?? ''} … ${names.at(-1) ?? ''}`] as const);
  const said = new Set<string>();
  return ({ path, message, ...problem }) => {
    const short = lists.reduce((text, [all, ends]) => text.replaceAll(all, ends), message);
    const { source, offset } = problem.place;
    const key = JSON.stringify([source.name, source.text, offset, short.replace(copyName, (name) => familyOf.get(name) ?? name)]);
    if (said.has(key)) return;
    said.add(key);
    report({ ...problem, message: short, path: asWritten(root, path, origins) });
  };
}

const copyName = /\p{L}[\p{L}\p{M}\p{N}._-]*-\p{N}+/gu;

function asWritten(root: Written, path: readonly PropertyKey[], origins: Origins): readonly PropertyKey[] {
  let here: Written | undefined = root;
  return path.flatMap((key) => {
    const names: ReadonlyMap<string, PropertyKey | undefined> | undefined = here && origins.get(here);
    here = child(here, key);
    const own = names?.has(String(key)) === true ? names.get(String(key)) : key;
    return own === undefined ? [] : [own];
  });
}
