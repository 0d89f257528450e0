import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generatedJsonSchema, scenarioJsonSchema } from '../../src/scenario/json-schema.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { catalog, least } from './fixtures.ts';

type Json = Readonly<Record<string, unknown>>;

/** The part of draft-7 that the schema uses: where `value` breaks it, and the keywords it does not know. */
function violations(root: Json, schema: Json | boolean, value: unknown, path = ''): readonly string[] {
  if (schema === true) return [];
  if (schema === false) return [`${path}: not allowed`];
  const found: string[] = [];
  const at = (child: unknown): Json | boolean => child as Json | boolean;
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  for (const [keyword, rule] of Object.entries(schema)) {
    switch (keyword) {
      case '$ref': {
        const target = String(rule)
          .replace('#/', '')
          .split('/')
          .reduce<unknown>((node, key) => (node as Json)[key], root);
        if (target === undefined) throw new Error(`no ${String(rule)}`);
        found.push(...violations(root, at(target), value, path));
        break;
      }
      case 'type': {
        const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
        if (![rule].flat().some((one) => one === type || (one === 'integer' && Number.isInteger(value))))
          found.push(`${path}: ${type} is not ${String(rule)}`);
        break;
      }
      case 'enum':
        if (!(rule as unknown[]).includes(value)) found.push(`${path}: not one of ${String(rule)}`);
        break;
      case 'const':
        if (rule !== value) found.push(`${path}: not ${String(rule)}`);
        break;
      case 'anyOf':
        if (!(rule as Json[]).some((one) => violations(root, one, value, path).length === 0)) found.push(`${path}: none of the forms`);
        break;
      case 'allOf':
        for (const one of rule as Json[]) found.push(...violations(root, one, value, path));
        break;
      case 'properties':
        for (const [key, child] of Object.entries(rule as Json))
          if (object && key in object) found.push(...violations(root, at(child), object[key], `${path}.${key}`));
        break;
      case 'additionalProperties':
        for (const [key, child] of Object.entries(object ?? {}))
          if (!Object.hasOwn(schema['properties'] ?? {}, key)) found.push(...violations(root, at(rule), child, `${path}.${key}`));
        break;
      case 'propertyNames':
        for (const key of Object.keys(object ?? {})) found.push(...violations(root, at(rule), key, `${path}.${key} (name)`));
        break;
      case 'required':
        for (const key of rule as string[]) if (object && !(key in object)) found.push(`${path}.${key}: missing`);
        break;
      case 'items':
        if (Array.isArray(value)) value.forEach((item, i) => found.push(...violations(root, at(rule), item, `${path}.${String(i)}`)));
        break;
      case 'pattern':
        if (typeof value === 'string' && !new RegExp(String(rule), 'u').test(value)) found.push(`${path}: ${value} does not match`);
        break;
      case 'minimum':
        if (typeof value === 'number' && value < Number(rule)) found.push(`${path}: less than ${String(rule)}`);
        break;
      case 'maximum':
        if (typeof value === 'number' && value > Number(rule)) found.push(`${path}: more than ${String(rule)}`);
        break;
      case 'minProperties':
        if (object && Object.keys(object).length < Number(rule)) found.push(`${path}: too few keys`);
        break;
      case 'maxProperties':
        if (object && Object.keys(object).length > Number(rule)) found.push(`${path}: too many keys`);
        break;
      case 'minItems':
        if (Array.isArray(value) && value.length < Number(rule)) found.push(`${path}: too few items`);
        break;
      case '$schema':
      case 'title':
      case 'description':
      case 'examples':
      case 'default':
      case 'definitions':
      case 'format':
        break;
      default:
        throw new Error(`this test knows no ${keyword} (at ${path})`);
    }
  }
  return found;
}

describe('the JSON Schema for editors', () => {
  const schema = scenarioJsonSchema({ strategies });

  it('is committed as the sources make it (else run: npm run generate)', () => {
    expect(readFileSync('scenarios/scenario.schema.json', 'utf8')).toBe(generatedJsonSchema({ strategies }));
  });

  const committed = readdirSync('scenarios').filter((name) => name.endsWith('.yaml'));
  it.each(committed)('takes the committed scenario %s', (name) => {
    expect(violations(schema, schema, parse(readFileSync(`scenarios/${name}`, 'utf8')))).toEqual([]);
  });

  it('takes the least scenario, sections left empty, labels of one’s own and parts of a scenario', () => {
    const own = scenarioJsonSchema(catalog);
    const text = `${least}  mine: { use: static-peak, utilisation: 60%, scheduler: { rate: 5/s } }\nplatform:\ndefaults: { service: { timeout: 2s } }\n`;
    expect(violations(own, own, parse(text))).toEqual([]);
    expect(
      violations(own, own, {
        extends: './base.yaml',
        cluster: { nodes: 3, zones: { a: null } },
        apps: { shop: { service: { time: '3ms' } } },
      }),
    ).toEqual([]);
  });

  it.each([
    ['an unknown key at the top', { platfrom: {} }, '.platfrom: not allowed'],
    ['an unknown key of an app', { apps: { a: { servce: {} } } }, '.apps.a.servce: not allowed'],
    ['a number for a duration', { horizon: 3 }, '.horizon: number is not string'],
    ['an unknown block of traffic', { apps: { a: { traffic: { constnt: '3/s' } } } }, '.apps.a.traffic.constnt: not allowed'],
    ['an unknown option', { strategies: { 'static-peak': { utilization: '75%' } } }, '.strategies.static-peak: none of the forms'],
    ['a wrong detail', { results: { detail: 'some' } }, '.results: none of the forms'],
  ])('marks %s', (_, value, violation) => {
    expect(violations(schema, schema, value)).toContain(violation);
  });
});
