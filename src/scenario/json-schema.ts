import { z } from 'zod';
import { assert } from '../base/assert.ts';
import { anyCalendar } from '../base/wall-clock.ts';
import { faultsSchema } from '../operations/fault-spec.ts';
import { platformKeys, platformSpec } from '../operations/platform.ts';
import type { StrategyEntry } from '../strategies/strategy.ts';
import { anyKit, clock } from './kit.ts';
import { appSchema, clusterSchema, groupSchema, limitsSchema, pricesSchema, resultsSchema, topFields } from './schema.ts';
import type { Catalog } from './strategy-uses.ts';

interface Json {
  readonly [key: string]: unknown;
  readonly properties?: Readonly<Record<string, Json>>;
  /** What schemas that contain themselves refer to. */
  readonly definitions?: Readonly<Record<string, Json>>;
}

/**
 * The JSON Schema (draft-7, which yaml-language-server reads) of a scenario file, for completion and hover texts in editors. It is wider than the decoder: it knows no names,
 * no clock times and no quantities, lets a file leave out what `extends` or `defaults` may give, and lets a label of one's own hold anything beside `use`.
 */
export function scenarioJsonSchema({ strategies }: Catalog): Json {
  const { definitions: recursive = {}, ...app } = withoutRequired(
    convert(appSchema({ calendar: anyCalendar(), time: () => clock(undefined, 'anywhere'), file: () => ({ error: 'no file' }) })),
    2,
  );
  const options = Object.fromEntries(strategies.map((entry) => [`strategy-${entry.name}`, optionsOf(entry, strategies)]));
  const top = withoutRequired(convert(z.strictObject(topFields)), 1);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'fenshi scenario',
    type: 'object',
    properties: {
      ...top.properties,
      cluster: withoutRequired(convert(clusterSchema), 2, true),
      platform: orNothing({ $ref: '#/definitions/platform' }),
      defaults: orNothing({ $ref: '#/definitions/app' }, 'what every app has unless it says otherwise'),
      apps: { type: 'object', description: 'apps by name', additionalProperties: { $ref: '#/definitions/app' } },
      groups: orNothing(
        { type: 'object', additionalProperties: withoutRequired(convert(groupSchema(anyKit)), 1) },
        'who may share slots, by name',
      ),
      faults: orNothing(
        convert(faultsSchema({ ...anyKit, horizon: undefined, nodes: () => undefined })),
        'what breaks, and when: the same for every strategy',
      ),
      strategies: {
        type: 'object',
        description: 'label: options; use: names the strategy where the label does not',
        properties: Object.fromEntries(
          strategies.map(({ name, summary }) => [name, orNothing({ $ref: `#/definitions/strategy-${name}` }, summary)]),
        ),
        additionalProperties: { anyOf: strategies.map(({ name }) => ({ $ref: `#/definitions/strategy-${name}` })) },
      },
      results: orNothing(convert(resultsSchema)),
      prices: orNothing(convert(pricesSchema)),
      limits: orNothing(convert(limitsSchema)),
      extends: {
        description: 'files whose scenario this one changes; relative to this file',
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      },
      $schema: { type: 'string' },
    },
    additionalProperties: false,
    definitions: { app, platform: convert(platformSpec(anyKit.time())), ...options, ...recursive },
  };
}

/** Options of a strategy, and what every label may hold beside them. */
function optionsOf(entry: StrategyEntry, strategies: readonly StrategyEntry[]): Json {
  const own = withoutRequired(convert(entry.options(anyKit)), 1);
  assert(
    own.definitions === undefined,
    `options of ${entry.name} contain themselves: their definitions must be hoisted as those of apps are`,
  );
  const overrides = Object.fromEntries(platformKeys.map((key) => [key, { $ref: `#/definitions/platform/properties/${key}` }]));
  const use: Json = { enum: strategies.map(({ name }) => name), description: 'the strategy, where the label does not name it' };
  return { ...own, description: entry.summary, properties: { ...overrides, use, ...own.properties } };
}

function convert(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    reused: 'inline',
  }) as Json;
  return json;
}

/** The schema without `required` down to `levels` of properties: a file may leave to others what the whole must have. `nullable` lets a mapping be empty text. */
function withoutRequired(schema: Json, levels: number, nullable = false): Json {
  const { required: _, ...rest } = schema;
  if (levels <= 1 || rest.properties === undefined) return rest;
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(rest.properties).map(([key, value]) => [
        key,
        nullable && key === 'zones' ? nullableValues(value) : withoutRequired(value, levels - 1),
      ]),
    ),
  };
}

const nullableValues = (record: Json): Json => ({ ...record, additionalProperties: orNothing(record['additionalProperties'] as Json) });

/** A section may be left empty. */
const orNothing = (schema: Json, description?: string): Json => ({
  ...(description === undefined ? {} : { description }),
  anyOf: [schema, { type: 'null' }],
});

/** The text of `scenarios/scenario.schema.json`. */
export const generatedJsonSchema = (catalog: Catalog): string => `${JSON.stringify(scenarioJsonSchema(catalog), null, 2)}\n`;
