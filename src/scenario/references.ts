import type { z } from 'zod';
import { type Families, type Family, divided } from './copies.ts';
import { anyKit } from './kit.ts';
import type { Origins } from './own-words.ts';
import type { Kit } from '../strategies/strategy.ts';
import { definition, type Schema } from './complete.ts';
import type { Report } from './issues.ts';
import type { Written, WrittenEntry, WrittenList, WrittenMapping } from './written.ts';

/** Whose names a value of some schema may be. */
type Role = 'app' | 'group';

/** A kit whose schemas of names are known again in what strategies make of them. */
export interface MarkedKit {
  readonly kit: Kit;
  readonly roles: WeakMap<Schema, Role>;
}

export function markedKit(): MarkedKit {
  const roles = new WeakMap<Schema, Role>();
  const marked = <T extends z.ZodType>(schema: T, role: Role): T => {
    roles.set(innermost(schema), role);
    return schema;
  };
  return { kit: { ...anyKit, app: () => marked(anyKit.app(), 'app'), group: () => marked(anyKit.group(), 'group') }, roles };
}

interface Context {
  readonly families: Families;
  readonly roles: MarkedKit['roles'];
  readonly origins: Origins;
  readonly report: Report;
}

/**
 * `value` with everything that names a family said of its copies:
 * - in a list of names, the names of all copies;
 * - an item of a list that names families, once for each copy, the k-th with the k-th copies (families of one item have equally many);
 * - as a key of a mapping, a key for each copy; a whole number that counts is the number of all together, and is divided as their traffic is.
 * Anywhere else one app or group is meant: reported.
 */
export function spread(value: Written, schema: Schema, path: readonly PropertyKey[], context: Context): Written {
  return new Spread(context).value(value, schema, path, undefined);
}

class Spread {
  readonly #families: Families;
  readonly #roles: MarkedKit['roles'];
  readonly #origins: Origins;
  readonly #report: Report;

  constructor({ families, roles, origins, report }: Context) {
    this.#families = families;
    this.#roles = roles;
    this.#origins = origins;
    this.#report = report;
  }

  /** `copy`: the index of the copies that are meant by names of families here. */
  value(value: Written, schema: Schema, path: readonly PropertyKey[], copy: number | undefined): Written {
    const inner = this.#inner(schema, value);
    const def = definition(inner);
    if (value.kind === 'scalar') {
      const family = this.#family(value, inner);
      if (family === undefined) return value;
      const name = family.names[copy ?? 0] ?? '';
      if (copy === undefined)
        this.#complain(value, path, `${String(value.value)} stands for ${copies(family)}: name one of them, such as ${name}`);
      return { ...value, value: name };
    }
    if (value.kind === 'list') return def.element === undefined ? value : this.#list(value, def.element, path);
    if (def.keyType !== undefined && def.valueType !== undefined) return this.#record(value, def.keyType, def.valueType, path);
    const entries = [...value.entries].map(([key, entry]): [string, WrittenEntry] => {
      const field = def.shape?.[key];
      return [key, field === undefined ? entry : { ...entry, value: this.value(entry.value, field, [...path, key], copy) }];
    });
    return { ...value, entries: new Map(entries) };
  }

  #list(list: WrittenList, element: Schema, path: readonly PropertyKey[]): Written {
    const whose: number[] = [];
    const items = list.items.flatMap((item, index): readonly Written[] => {
      const own = this.#item(item, element, [...path, index]);
      whose.push(...own.map(() => index));
      return own;
    });
    const result = { ...list, items };
    this.#origins.set(result, new Map(whose.map((index, now) => [String(now), index])));
    return result;
  }

  #item(item: Written, element: Schema, path: readonly PropertyKey[]): readonly Written[] {
    const named = this.#named(item, element);
    const [first] = named;
    if (first === undefined) return [this.value(item, element, path, undefined)];
    const other = named.find(({ family }) => family.names.length !== first.family.names.length);
    if (other !== undefined) {
      this.#complain(
        other.name,
        path,
        `${String(other.name.value)} stands for ${copies(other.family)}, but ${String(first.name.value)} for ${copies(first.family)}: what is said of several families is said of their copies one by one, so they need equally many`,
      );
      return [this.value(item, element, path, 0)];
    }
    return first.family.names.map((_, copy) => this.value(item, element, path, copy));
  }

  /** Families that an item names, those in lists and mappings of its own left out. */
  #named(item: Written, schema: Schema): readonly { readonly name: Written & { readonly kind: 'scalar' }; readonly family: Family }[] {
    const inner = this.#inner(schema, item);
    if (item.kind === 'scalar') {
      const family = this.#family(item, inner);
      return family === undefined ? [] : [{ name: item, family }];
    }
    const { shape } = definition(inner);
    if (item.kind === 'list' || shape === undefined) return [];
    return Object.entries(shape).flatMap(([key, field]) => {
      const entry = item.entries.get(key);
      return entry === undefined ? [] : this.#named(entry.value, field);
    });
  }

  #record(mapping: WrittenMapping, keys: Schema, values: Schema, path: readonly PropertyKey[]): Written {
    const role = this.#roles.get(innermost(keys));
    const whose = new Map<string, PropertyKey>();
    const entries = new Map<string, WrittenEntry>();
    for (const [key, entry] of mapping.entries) {
      const value = this.value(entry.value, values, [...path, key], undefined);
      const family = role && this.#families[role].get(key);
      const parts = family && this.#divided(value, family, values, [...path, key]);
      for (const [index, name] of (family?.names ?? [key]).entries()) {
        // What a copy is given by its own name is not taken from the family's total.
        if (family !== undefined && mapping.entries.has(name)) continue;
        whose.set(name, key);
        entries.set(name, { ...entry, value: parts?.[index] ?? value });
      }
    }
    const result = { ...mapping, entries };
    this.#origins.set(result, whose);
    return result;
  }

  #divided(value: Written, family: Family, schema: Schema, path: readonly PropertyKey[]): readonly Written[] | undefined {
    const meta = (innermost(schema) as z.ZodType).meta();
    if (meta?.['type'] !== 'integer' || value.kind !== 'scalar' || !Number.isSafeInteger(value.value) || Number(value.value) < 0)
      return undefined;
    const parts = divided(Number(value.value), family.shares);
    const least = Number(meta['minimum'] ?? 0);
    const short = parts.findIndex((part) => part < least);
    if (short >= 0) {
      this.#complain(
        value,
        path,
        `read ${String(value.value)}: divided among the ${copies(family)} as their traffic is, it leaves ${String(parts[short])} for ${family.names[short] ?? ''}, which needs at least ${String(least)}`,
      );
      return undefined;
    }
    return parts.map((part) => ({ ...value, value: part }));
  }

  #family(name: Written, schema: Schema): Family | undefined {
    const role = this.#roles.get(schema);
    return role === undefined || name.kind !== 'scalar' ? undefined : this.#families[role].get(String(name.value));
  }

  /** What a schema comes to for `value`: defaults, transforms and the like looked through, the branch of a union that such a value is for. */
  #inner(schema: Schema, value: Written): Schema {
    const inner = innermost(schema);
    const { options = [] } = definition(inner);
    const branches = options.map((option) => this.#inner(option, value));
    return (
      branches.find((branch) => {
        const def = definition(branch);
        if (value.kind === 'scalar') return this.#roles.has(branch);
        return value.kind === 'list' ? def.element !== undefined : def.shape !== undefined || def.keyType !== undefined;
      }) ?? inner
    );
  }

  #complain(at: Written, path: readonly PropertyKey[], message: string): void {
    this.#report({ path, message, place: at.at });
  }
}

const copies = ({ names }: Family): string => (names.length === 1 ? '1 copy' : `${String(names.length)} copies`);

function innermost(schema: Schema): Schema {
  const def = definition(schema);
  const inner = def.in ?? def.innerType ?? def.getter?.();
  return inner === undefined ? schema : innermost(inner);
}
