import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { anyCalendar } from '../../src/base/wall-clock.ts';
import { faultsSchema } from '../../src/operations/fault-spec.ts';
import { platformSpec } from '../../src/operations/platform.ts';
import { completed } from '../../src/scenario/complete.ts';
import { anyKit } from '../../src/scenario/kit.ts';
import { readDecoded } from '../../src/scenario/read.ts';
import { resolvedYaml } from '../../src/scenario/resolved.ts';
import { appSchema, clusterSchema, groupSchema, limitsSchema, pricesSchema, resultsSchema, topFields } from '../../src/scenario/schema.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { decodeScenario } from '../../src/scenario/decode.ts';
import { catalog, changed, decode, folder, least } from './fixtures.ts';

/** The scenario without what tells written options from defaults. */
const meaning = (scenario: Scenario): unknown => ({
  ...scenario,
  strategies: scenario.strategies.map((use) => ({ ...use, given: undefined })),
});

describe('the resolved scenario', () => {
  it('names the origin of every value', () => {
    const text = resolvedYaml(
      decode(`extends: base.yaml\n${least}defaults: { drain: 5s }\n`, {
        open: folder({ 'base.yaml': 'seed: 4\n' }),
        set: ['replications=3'],
      }),
      catalog,
    );
    const line = (start: string): string | undefined =>
      text
        .split('\n')
        .find((each) => each.trim().startsWith(start))
        ?.trim()
        .replace(/ +/g, ' ');
    expect([
      line('name:'),
      line('seed:'),
      line('replications:'),
      line('nodes:'),
      line('rate:'),
      line('drain:'),
      line('- at:'),
      line('slot:'),
      line('eventsAtOnce:'),
    ]).toEqual([
      'name: mine # a.yaml:2',
      'seed: 4 # base.yaml:1',
      'replications: 3 # --set',
      'nodes: 40 # a.yaml:5',
      'rate: 1/s # default: stock kube-scheduler at thousands of nodes: 1–2; batch scheduling: 100–200; kubernetes-practice-antfinal-shopping-festival, 2019',
      'drain: 5s # a.yaml:14',
      '- at: 05:30 # a.yaml:13',
      'slot:',
      'eventsAtOnce: 1000000 # default: assumption: no honest instant has as many',
    ]);
    expect(text).toContain('    slot:\n      cpu: 5 ');
    expect(text).not.toMatch(/^(defaults|extends):/m);
  });

  it('decodes to the same scenario', () => {
    let text = changed(
      least,
      '  static-peak:\n',
      '  static-peak: { scheduler: { rate: 9/s } }\n  other: { use: static-peak, utilisation: 12.5% }\n',
    );
    text = changed(text, 'apps: [shop, forest] }', 'apps: [shop, forest], slot: { cpu: 5500m, memory: 10.1Gi } }');
    text = changed(text, 'shop:   {', 'shop:   { domain: "a: [b] # c", startup: 30s, keepAlive: { memory: 2100Mi },');
    text = changed(
      text,
      'traffic: { pulse: { at: 07:00',
      'traffic: { sum: [ { daily: { peak: 5/s, factors: { "00:00": 1, "12:00": 0.5 } } }, { clip: { max: 3/s, of: { constant: 4/s } } } ] }, forecast: { timing: { later: 5m } }, noise: { sigma: 4% } }\n  third: { service: { time: 1ms }, traffic: { pulse: { at: 07:00',
    );
    const decoded = decode(text);
    expect(meaning(decode(resolvedYaml(decoded, catalog)).scenario)).toEqual(meaning(decoded.scenario));
  });

  it('writes out defaults that built-in strategies keep decoded', () => {
    const builtIn = { strategies };
    const decoded = decodeScenario({ file: 'a.yaml', text: least }, builtIn);
    expect(meaning(decodeScenario({ file: 'a.yaml', text: resolvedYaml(decoded, builtIn) }, builtIn).scenario)).toEqual(
      meaning(decoded.scenario),
    );
  });

  it('of double11 decodes to the same scenario', () => {
    const builtIn = { strategies };
    const decoded = readDecoded('scenarios/double11.yaml', { catalog: builtIn });
    const again = decodeScenario({ file: 'scenarios/double11.yaml', text: resolvedYaml(decoded, builtIn) }, builtIn);
    expect(meaning(again.scenario)).toEqual(meaning(decoded.scenario));
    expect(readFileSync('scenarios/double11.yaml', 'utf8')).toContain('yaml-language-server: $schema=./scenario.schema.json');
  });

  it.each(readdirSync('scenarios').filter((file) => file.endsWith('.yaml')))('of %s says of every default where it comes from', (file) => {
    const builtIn = { strategies };
    const text = resolvedYaml(readDecoded(`scenarios/${file}`, { catalog: builtIn }), builtIn);
    expect(text.split('\n').filter((line) => line.endsWith('# default'))).toEqual([]);
    expect(text).toMatch(/# default: assumption$/m); // defaults are marked as such at all
  });

  it('finds its traces from another folder', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'fenshi-resolved-'));
    const decoded = readDecoded('scenarios/trace.yaml', { catalog });
    writeFileSync(join(elsewhere, 'moved.yaml'), resolvedYaml(decoded, catalog, { folder: elsewhere }));
    const moved = readDecoded(join(elsewhere, 'moved.yaml'), { catalog }).scenario;
    const rates = ({ apps }: Scenario) => apps.map(({ traffic }) => (traffic.kind === 'trace' ? traffic.rates : []));
    expect(rates(moved)).toEqual(rates(decoded.scenario));
    expect(rates(moved)[0]?.length).toBeGreaterThan(100);
    rmSync(elsewhere, { recursive: true });
  });

  it('finds a source for every default of every schema, also of what no scenario uses', () => {
    const app = appSchema({ calendar: anyCalendar(), time: () => anyKit.time(), file: () => ({ error: '' }) });
    const whole = z.strictObject({
      ...topFields,
      cluster: clusterSchema,
      platform: platformSpec(anyKit.time()),
      app,
      group: groupSchema(anyKit),
      faults: faultsSchema({ ...anyKit, horizon: undefined, nodes: () => undefined }),
      strategies: z.strictObject(Object.fromEntries(strategies.map(({ name, options }) => [name, options(anyKit)]))),
      results: resultsSchema,
      prices: pricesSchema,
      limits: limitsSchema,
    });
    expect(bareDefaults(whole)).toEqual([]);
    // … and it would find one, and knows that the mapping around a value may speak for it.
    const silent = z.strictObject({ a: z.number().default(1), b: z.strictObject({ c: z.number().default(2) }).prefault({}) });
    expect(bareDefaults(silent)).toEqual(['.a', '.b.c']);
    expect(bareDefaults(z.strictObject({ b: silent.prefault({}).describe('both (assumption)') }))).toEqual([]);
  });
});

/** Paths of the defaults in a schema of which nothing says where they come from. */
function bareDefaults(schema: z.core.$ZodType, path = '', isSaid = false, above: readonly z.core.$ZodType[] = []): readonly string[] {
  if (above.includes(schema)) return []; // blocks of traffic hold others
  const def = schema._zod.def as unknown as Readonly<Record<string, unknown>> & { readonly type: string };
  const said = isSaid || /\)$/.test((schema as z.ZodType).description ?? '');
  const into = (next: unknown, name = '', alreadySaid = said): readonly string[] =>
    next === undefined ? [] : bareDefaults(next as z.core.$ZodType, path + name, alreadySaid, [...above, schema]);
  switch (def.type) {
    case 'default':
    case 'prefault': {
      const whole = completed(undefined, schema);
      const isBare = !said && (whole?.kind === 'scalar' || whole?.kind === 'list' || isEmpty(whole));
      return [...(isBare ? [path] : []), ...into(def['innerType'])];
    }
    case 'object':
      return Object.entries(def['shape'] as Readonly<Record<string, unknown>>).flatMap(([key, value]) => into(value, `.${key}`));
    case 'record':
      return into(def['valueType'], '.*', false);
    case 'array':
      return into(def['element'], '.*', false);
    case 'union':
      return (def['options'] as readonly unknown[]).flatMap((option) => into(option));
    case 'lazy':
      return into((def['getter'] as () => unknown)());
    default:
      return into(def['in'] ?? def['innerType']);
  }
}

const isEmpty = (whole: ReturnType<typeof completed>): boolean => whole?.kind === 'mapping' && whole.entries.size === 0;
