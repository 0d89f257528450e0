import type { Written, WrittenEntry } from './written.ts';

/** Keys of which a mapping holds one: writing one of them takes the place of the others. */
const alternatives: readonly (readonly string[])[] = [
  ['p95', 'p99', 'p99.9'], // quantile of a duration law
];

/** Keys whose mappings hold exactly one block, named by its key: another block takes the place of the one below. */
const blocks: ReadonlySet<string> = new Set(['traffic', 'of']);

/**
 * `over` laid on `base`: mappings are merged key by key, everything else (lists too) is replaced. Keys keep the order of `base`; new ones follow.
 * Alternatives replace each other: `p99: 8s` over `p95: 5s`, `traffic: { constant: … }` over `traffic: { pulse: … }`.
 */
export function merge(base: Written, over: Written, key = ''): Written {
  if (base.kind !== 'mapping' || over.kind !== 'mapping') return over;
  const replaced = (name: string): boolean => {
    if (over.entries.has(name)) return false;
    if (blocks.has(key)) return over.entries.size > 0;
    return alternatives.some((group) => group.includes(name) && group.some((other) => over.entries.has(other)));
  };
  const entries = new Map<string, WrittenEntry>();
  for (const [name, entry] of base.entries) if (!replaced(name)) entries.set(name, entry);
  for (const [name, entry] of over.entries) {
    const below = entries.get(name);
    entries.set(name, below === undefined ? entry : { keyAt: entry.keyAt, value: merge(below.value, entry.value, name) });
  }
  return { kind: 'mapping', entries, at: over.at };
}
