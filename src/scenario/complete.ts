import type { z } from 'zod';
import { duration } from '../base/units.ts';
import { spanText } from './kit.ts';
import { builtIn, defaultFrom, type Source } from './source.ts';
import { child, type Scalar, type Written, type WrittenEntry, written } from './written.ts';

export type Schema = z.core.$ZodType;

/** The parts of zod's schema definitions that matter to what may be left out, and to where names stand. */
export interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly keyType?: Schema;
  readonly valueType?: Schema;
  readonly element?: Schema;
  readonly options?: readonly Schema[];
  readonly getter?: () => Schema;
  readonly defaultValue?: unknown;
}

export const definition = (schema: Schema): Definition => schema._zod.def;

/**
 * `value` with everything that `schema` would fill in written out, as a scenario writes it, in the schema's order; undefined where nothing is and nothing need be.
 * A default comes from where its own description says, else from where that of the mapping around it does: `above`.
 */
export function completed(value: Written | undefined, schema: Schema | undefined, above = builtIn): Written | undefined {
  if (schema === undefined) return value;
  const def = definition(schema);
  const source = sourceOf(schema) ?? above;
  switch (def.type) {
    case 'default':
    case 'prefault':
      return completed(value ?? written(asWritten(def.defaultValue, def.innerType), { source }), def.innerType, source);
    case 'pipe':
      return completed(value, def.in, source);
    case 'lazy':
      return completed(value, def.getter?.(), source);
    case 'object':
      return value?.kind === 'mapping' ? withFields(value, def.shape ?? {}, source) : value;
    case 'record':
      if (value?.kind !== 'mapping') return value;
      return {
        ...value,
        entries: new Map(
          [...value.entries].map(([key, entry]) => [key, { ...entry, value: completed(entry.value, def.valueType) ?? entry.value }]),
        ),
      };
    case 'array':
      return value?.kind === 'list' ? { ...value, items: value.items.map((item) => completed(item, def.element) ?? item) } : value;
    case 'union':
      return value?.kind === 'mapping' ? completed(value, def.options?.find(describesMapping), source) : value;
    default:
      return def.innerType === undefined ? value : completed(value, def.innerType, source);
  }
}

/** Where the default of a described schema comes from: what its description says last, in brackets; undefined where it says nothing. */
function sourceOf(schema: Schema): Source | undefined {
  const [, from] = /\(((?:[^()]|\([^()]*\))*)\)$/.exec((schema as z.ZodType).description ?? '') ?? [];
  return from === undefined ? undefined : defaultFrom(from);
}

function withFields(value: Written, shape: Readonly<Record<string, Schema>>, above: Source): Written {
  const old: ReadonlyMap<string, WrittenEntry> = value.kind === 'mapping' ? value.entries : new Map();
  const entries = new Map<string, WrittenEntry>();
  for (const [key, schema] of Object.entries(shape)) {
    const whole = completed(child(value, key), schema, above);
    if (whole !== undefined) entries.set(key, { keyAt: old.get(key)?.keyAt ?? whole.at, value: whole });
  }
  for (const [key, entry] of old) if (!entries.has(key)) entries.set(key, entry);
  return { kind: 'mapping', entries, at: value.at };
}

function describesMapping(schema: Schema): boolean {
  const def = definition(schema);
  const inner = def.in ?? def.innerType;
  return def.type === 'object' || def.type === 'record' || (inner !== undefined && describesMapping(inner));
}

/** A default as one would write it: some are kept decoded (0 bytes, 600,000,000 µs, the ratio 0.75). */
function asWritten(value: unknown, schema: Schema | undefined): unknown {
  if (typeof value !== 'number' || schema === undefined) return value;
  const spellings: readonly Scalar[] = [
    value,
    String(value),
    spanText(duration(value)),
    `${String(Number((value * 100).toPrecision(12)))}%`,
    `${String(value)}/s`,
  ];
  return spellings.find((spelling) => (schema as z.ZodType).safeParse(spelling).data === value) ?? value;
}
