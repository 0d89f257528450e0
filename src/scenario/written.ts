import { builtIn, type Place } from './source.ts';

/** A value as it was written, with its places: what stands between the text and the decoded scenario, so that merging keeps every value's origin. */
export type Written = WrittenScalar | WrittenList | WrittenMapping;

export type Scalar = string | number | boolean | null;

export interface WrittenScalar {
  readonly kind: 'scalar';
  readonly value: Scalar;
  readonly at: Place;
}
export interface WrittenList {
  readonly kind: 'list';
  readonly items: readonly Written[];
  readonly at: Place;
}
export interface WrittenMapping {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, WrittenEntry>;
  readonly at: Place;
}
export interface WrittenEntry {
  readonly keyAt: Place;
  readonly value: Written;
}

/** The value without its places, as schemas take it. */
export function plain(written: Written): unknown {
  switch (written.kind) {
    case 'scalar':
      return written.value;
    case 'list':
      return written.items.map(plain);
    case 'mapping': {
      const object: Record<string, unknown> = {};
      for (const [key, { value }] of written.entries) object[key] = plain(value);
      return object;
    }
  }
}

/** `value` as if written in the built-in defaults. Undefined members are left out. */
export function written(value: unknown, at: Place = { source: builtIn }): Written {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => written(item, at)), at };
  if (typeof value !== 'object' || value === null) return { kind: 'scalar', value: value as Scalar, at };
  const entries = new Map<string, WrittenEntry>();
  for (const [key, member] of Object.entries(value)) if (member !== undefined) entries.set(key, { keyAt: at, value: written(member, at) });
  return { kind: 'mapping', entries, at };
}

/** The child of `parent` under `key` (an index for lists). */
export function child(parent: Written | undefined, key: PropertyKey): Written | undefined {
  if (parent?.kind === 'mapping') return parent.entries.get(String(key))?.value;
  return parent?.kind === 'list' ? parent.items[Number(key)] : undefined;
}

/** The value at `path`, or undefined where there is none. */
export const valueAt = (root: Written, path: readonly PropertyKey[]): Written | undefined => path.reduce<Written | undefined>(child, root);

/** The mapping with `key` set to `value`; in its old place where there was one, else at the end. */
export function withEntry(mapping: WrittenMapping, key: string, entry: WrittenEntry): WrittenMapping {
  return { ...mapping, entries: new Map(mapping.entries).set(key, entry) };
}

/** The mapping without `key`. */
export function withoutEntry(mapping: WrittenMapping, key: string): WrittenMapping {
  const entries = new Map(mapping.entries);
  entries.delete(key);
  return { ...mapping, entries };
}

/**
 * Where to point for an issue at `path`: at the value; at the key, where the value is a mapping, a list, or where `aim` says so; at the nearest key above, where
 * there is no such value or where it is a built-in default, which the reader cannot see.
 */
export function placeOf(root: Written, path: readonly PropertyKey[], aim: 'value' | 'key' = 'value'): Place {
  let best = root.at;
  let here: Written | undefined = root;
  for (const [depth, key] of path.entries()) {
    const entry: WrittenEntry | undefined = here.kind === 'mapping' ? here.entries.get(String(key)) : undefined;
    const next: Written | undefined = entry?.value ?? child(here, key);
    if (next === undefined) return best;
    const last = depth === path.length - 1;
    const place: Place = entry === undefined || (last && aim === 'value' && next.kind === 'scalar') ? next.at : entry.keyAt;
    if (place.source.kind !== 'default') best = place;
    here = next;
  }
  return best;
}
