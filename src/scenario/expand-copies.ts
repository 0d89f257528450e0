import { show } from '../base/quantity.ts';
import { faultsSchema } from '../operations/fault-spec.ts';
import { type Copies, copiesSchema, type Families, type Family, mostApps, namesOfCopies, sharesOf, shiftOf } from './copies.ts';
import { decodeAt, located, type Report } from './issues.ts';
import { spanText } from './kit.ts';
import { complaintAboutName } from './names.ts';
import { inOwnWords, type Origins } from './own-words.ts';
import { markedKit, spread } from './references.ts';
import type { Place } from './source.ts';
import { type Catalog, entryFor, optionsSchema } from './strategy-uses.ts';
import { child, withEntry, withoutEntry, type Written, type WrittenEntry, type WrittenMapping, written } from './written.ts';

/** A scenario without families: every copy is an app of its own. */
export interface Expanded {
  readonly root: WrittenMapping;
  /** Whether all copies could be written out; where not, names of apps and groups mean nothing yet. */
  readonly whole: boolean;
  /** Takes what is said of `root`, and says it of the scenario as it was written. */
  readonly inOwnWords: (report: Report) => Report;
}

/**
 * Writes out the apps that stand for several: each copy with its part of the traffic, earlier or later by its shift; groups of families as groups of their
 * copies, the k-th with the k-th; and what faults and strategies say of families as what they say of copies. What is wrong goes to `report`.
 */
export function expandCopies(root: WrittenMapping, catalog: Catalog, report: Report): Expanded {
  return new Expansion(catalog, report).expand(root);
}

/** An entry as one app or group, and as a fleet where it stands for several. */
interface Read {
  readonly single: WrittenEntry;
  readonly fleet?: { readonly family: Family; readonly copy: (index: number) => WrittenEntry };
}

/** Why the copies of `name` cannot have the names they would get. */
function complaintAboutCopies(name: string, names: readonly string[], isTaken: (copy: string) => boolean): string | undefined {
  const taken = names.find(isTaken);
  if (taken !== undefined) return `a copy of it is ${taken}, and there is another of that name`;
  const long = complaintAboutName(names.at(-1) ?? '');
  return long !== undefined && complaintAboutName(name) === undefined
    ? `its copies are named ${show(names[0])} and so on: ${long}`
    : undefined;
}

class Expansion {
  readonly #catalog: Catalog;
  readonly #complain: Report;
  readonly #origins: Origins = new WeakMap();
  readonly #families: { readonly app: Map<string, Family>; readonly group: Map<string, Family> } = { app: new Map(), group: new Map() };
  /** Problems found so far. */
  #wrong = 0;

  constructor(catalog: Catalog, report: Report) {
    this.#catalog = catalog;
    this.#complain = report;
  }

  readonly #report: Report = (problem) => {
    this.#wrong++;
    this.#complain(problem);
  };

  #whole(): boolean {
    return this.#wrong === 0;
  }

  expand(given: WrittenMapping): Expanded {
    let root = this.#apps(this.#withoutDefault(given));
    if (this.#whole() && this.#families.app.size > 0) {
      root = this.#groups(root);
      if (this.#whole()) root = this.#references(root);
    }
    const families = [...this.#families.app, ...this.#families.group];
    return { root, whole: this.#whole(), inOwnWords: (report) => inOwnWords(root, this.#origins, families, report) };
  }

  #withoutDefault(root: WrittenMapping): WrittenMapping {
    const defaults = root.entries.get('defaults');
    if (child(defaults?.value, 'copies') === undefined || defaults?.value.kind !== 'mapping') return root;
    this.#report(
      located(root, { path: ['defaults', 'copies'], message: 'an app says of itself how many copies it has: no default', aim: 'key' }),
    );
    const apps = root.entries.get('apps');
    const bare = withEntry(root, 'defaults', { ...defaults, value: withoutEntry(defaults.value, 'copies') });
    if (apps?.value.kind !== 'mapping') return bare;
    const without = [...apps.value.entries].map(([name, entry]): [string, WrittenEntry] => [
      name,
      entry.value.kind === 'mapping' ? { ...entry, value: withoutEntry(entry.value, 'copies') } : entry,
    ]);
    return withEntry(bare, 'apps', { ...apps, value: { ...apps.value, entries: new Map(without) } });
  }

  #apps(root: WrittenMapping): WrittenMapping {
    const apps = root.entries.get('apps');
    if (apps?.value.kind !== 'mapping') return root;
    const entries = this.#copied(root, 'apps', apps.value, (name, entry) => {
      if (entry.value.kind !== 'mapping' || child(entry.value, 'copies') === undefined) return undefined;
      const copies = decodeAt(copiesSchema, root, ['apps', name, 'copies'], this.#report);
      const single = withoutEntry(entry.value, 'copies');
      if (copies === undefined) return { single: { ...entry, value: single } };
      const at = entry.value.entries.get('copies')?.value.at ?? entry.value.at;
      const family = { names: namesOfCopies(name, copies), shares: sharesOf(copies) };
      this.#families.app.set(name, family);
      const copy = (index: number): WrittenEntry => ({ ...entry, value: this.#copy(single, family, copies, index, at) });
      return { single: { ...entry, value: single }, fleet: { family, copy } };
    });
    const size = entries.entries.size;
    if (size > mostApps)
      this.#report(
        located(root, { path: ['apps'], message: `${String(size)} apps, copies counted: at most ${String(mostApps)}`, aim: 'key' }),
      );
    return withEntry(root, 'apps', { ...apps, value: entries });
  }

  /** One copy: the app with its part of the traffic, and of a surprise's wave. */
  #copy(app: WrittenMapping, { names, shares }: Family, copies: Copies, index: number, at: Place): WrittenMapping {
    const later = shiftOf(names[index] ?? '', copies);
    const part = (of: Written): Written => {
      const by = `${String(Number(((shares[index] ?? 0) * 100).toPrecision(15)))}%`;
      const span = later > 0 ? { later: spanText(later) } : { earlier: spanText((0 - later) as typeof later) };
      return this.#block('scale', { by }, later === 0 ? of : this.#block('shift', span, of, at), at);
    };
    let copy = app;
    const traffic = app.entries.get('traffic');
    if (traffic) copy = withEntry(copy, 'traffic', { ...traffic, value: part(traffic.value) });
    const surprise = app.entries.get('surprise');
    const wave = surprise?.value.kind === 'mapping' ? surprise.value.entries.get('wave') : undefined;
    if (surprise?.value.kind === 'mapping' && wave)
      copy = withEntry(copy, 'surprise', { ...surprise, value: withEntry(surprise.value, 'wave', { ...wave, value: part(wave.value) }) });
    return copy;
  }

  /** A block of traffic over `of`, which problems in `of` say nothing about. */
  #block(kind: string, fields: object, of: Written, at: Place): Written {
    const inner = withEntry(written(fields, at) as WrittenMapping, 'of', { keyAt: at, value: of });
    const outer: WrittenMapping = { kind: 'mapping', entries: new Map([[kind, { keyAt: at, value: inner }]]), at };
    this.#origins.set(inner, new Map([['of', undefined]]));
    this.#origins.set(outer, new Map([[kind, undefined]]));
    return outer;
  }

  #groups(root: WrittenMapping): WrittenMapping {
    const groups = root.entries.get('groups');
    if (groups?.value.kind !== 'mapping') return root;
    const known = root.entries.get('apps')?.value;
    const value = this.#copied(root, 'groups', groups.value, (name, entry) => {
      const list = child(entry.value, 'apps');
      if (entry.value.kind !== 'mapping' || list?.kind !== 'list') return undefined;
      const group = entry.value;
      const members = list.items.map((item) => ({
        item,
        name: item.kind === 'scalar' ? String(item.value) : '',
        family: item.kind === 'scalar' ? this.#families.app.get(String(item.value)) : undefined,
      }));
      const first = members.find(({ family }) => family !== undefined);
      if (first?.family === undefined) return undefined;
      const { length } = first.family.names;
      const index = members.findIndex((member) =>
        member.family === undefined ? child(known, member.name) !== undefined : member.family.names.length !== length,
      );
      const other = members[index];
      if (other !== undefined) {
        const few = other.family === undefined ? 'is one app' : `has ${String(other.family.names.length)} copies`;
        this.#report({
          path: ['groups', name, 'apps', index],
          message: `${other.name} ${few}, but ${first.name} has ${String(length)}: apps share slots copy by copy, so each needs as many copies; or name one, such as ${first.family.names[0] ?? ''}`,
          place: other.item.at,
        });
        return { single: entry };
      }
      const family = { names: namesOfCopies(name, { count: length }), shares: first.family.shares };
      this.#families.group.set(name, family);
      const apps = group.entries.get('apps') as WrittenEntry;
      const items = (copy: number): readonly Written[] =>
        members.map(({ item, family: own }) => (own === undefined ? item : { kind: 'scalar', value: own.names[copy] ?? '', at: item.at }));
      const copy = (index: number): WrittenEntry => ({
        ...entry,
        value: withEntry(group, 'apps', { ...apps, value: { ...list, items: items(index) } }),
      });
      return { single: entry, fleet: { family, copy } };
    });
    return withEntry(root, 'groups', { ...groups, value });
  }

  /** The section with each entry that stands for several written out; what `each` says nothing of stays. */
  #copied(
    root: WrittenMapping,
    section: 'apps' | 'groups',
    mapping: WrittenMapping,
    each: (name: string, entry: WrittenEntry) => Read | undefined,
  ): WrittenMapping {
    const entries = new Map<string, WrittenEntry>();
    const whose = new Map<string, string>();
    for (const [name, entry] of mapping.entries) {
      const { single, fleet } = each(name, entry) ?? { single: entry };
      const complaint = fleet && complaintAboutCopies(name, fleet.family.names, (copy) => mapping.entries.has(copy) || entries.has(copy));
      if (complaint !== undefined) this.#report(located(root, { path: [section, name], message: complaint, aim: 'key' }));
      if (fleet === undefined || complaint !== undefined) entries.set(name, single);
      else
        fleet.family.names.forEach((copy, index) => {
          entries.set(copy, fleet.copy(index));
          whose.set(copy, name);
        });
    }
    const result = { ...mapping, entries };
    this.#origins.set(result, whose);
    return result;
  }

  /** What faults and strategies say. */
  #references(root: WrittenMapping): WrittenMapping {
    const { kit, roles } = markedKit();
    const context = { families: this.#families as Families, roles, origins: this.#origins, report: this.#report };
    const faults = root.entries.get('faults');
    let all = root;
    if (faults)
      all = withEntry(all, 'faults', {
        ...faults,
        value: spread(faults.value, faultsSchema({ ...kit, horizon: undefined, nodes: () => undefined }), ['faults'], context),
      });
    const strategies = root.entries.get('strategies');
    if (strategies?.value.kind !== 'mapping') return all;
    const spreadUse = ([label, entry]: readonly [string, WrittenEntry]): [string, WrittenEntry] => {
      const chosen = entryFor(label, entry.value, this.#catalog);
      const schema = chosen && optionsSchema(chosen, kit);
      return [label, schema === undefined ? entry : { ...entry, value: spread(entry.value, schema, ['strategies', label], context) }];
    };
    const uses = { ...strategies.value, entries: new Map([...strategies.value.entries].map(spreadUse)) };
    return withEntry(all, 'strategies', { ...strategies, value: uses });
  }
}
