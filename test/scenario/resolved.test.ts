import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDecoded } from '../../src/scenario/read.ts';
import { resolvedYaml } from '../../src/scenario/resolved.ts';
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
});
