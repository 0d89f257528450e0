import { describe, expect, it } from 'vitest';
import { strategies } from '../../src/strategies/registry.ts';
import { readDecoded, readScenario } from '../../src/scenario/read.ts';
import { PluginError } from '../../src/base/errors.ts';
import { decodeScenario } from '../../src/scenario/decode.ts';
import { ScenarioError } from '../../src/scenario/scenario-error.ts';
import type { Kit, StrategyEntry } from '../../src/strategies/strategy.ts';
import { Streams } from '../../src/random/streams.ts';
import { catalog, changed, decode, errorOf, least } from './fixtures.ts';

const second = 1e6;
const gibibyte = 1024 ** 3;

describe('the least scenario that runs', () => {
  const { scenario, warnings } = decode(least);

  it('has every default filled in', () => {
    expect(scenario).toMatchObject({
      name: 'mine',
      file: 'a.yaml',
      start: '2026-11-10T20:00:00+08:00',
      // 20:00 at +08:00 is noon UTC.
      calendar: { startUnixMs: Date.UTC(2026, 10, 10, 12), offsetMinutes: 480, horizon: 12 * 3600 * second },
      horizon: 12 * 3600 * second,
      seed: 1,
      replications: 5,
      cluster: {
        pools: [
          {
            name: 'main',
            nodes: 40,
            node: { cpu: 64_000, memory: 256 * gibibyte, systemReserved: { cpu: 0, memory: 0 }, pods: 110, labels: {}, taints: [] },
          },
        ],
        zones: [{ name: 'zone-1' }],
      },
      platform: { scheduler: { rate: 1 }, metrics: { window: 15 * second, delay: 15 * second }, information: 'forecast' },
      results: { interval: 60 * second, detail: 'first', rows: 1_000_000 },
      prices: { basis: 'owned', coreHour: 1, unservedPer1000: 1, slotSwitch: 0.01, podCreated: 0.05 },
      limits: { eventsAtOnce: 1_000_000 },
    });
    expect(warnings).toEqual([]);
  });

  it('may have further pools of nodes, which say only what differs, and a profile of its own', () => {
    let text = changed(
      least,
      'nodes: 40,',
      'nodes: 40, pools: { fast: { nodes: 4, node: { cpu: 128, labels: { disk: ssd }, taints: ["fast:NoSchedule"] } } },',
    );
    text = changed(
      text,
      'horizon: 12h',
      'horizon: 12h\nplatform: { scheduler: { profile: mine, profiles: { mine: { weights: { NodeAffinity: 50 } } } } }',
    );
    const { cluster, platform } = decode(text).scenario;
    expect(cluster.pools.map(({ name, nodes }) => [name, nodes])).toEqual([
      ['main', 40],
      ['fast', 4],
    ]);
    expect(cluster.pools[1]?.node).toMatchObject({
      cpu: 128_000,
      memory: 256 * gibibyte,
      labels: { disk: 'ssd' },
      taints: [{ key: 'fast', value: '', effect: 'NoSchedule' }],
    });
    expect(platform.scheduler.profile).toMatchObject({
      scoring: 'LeastAllocated',
      weights: { NodeResourcesFit: 1, NodeResourcesBalancedAllocation: 1, TaintToleration: 3, NodeAffinity: 50, PodTopologySpread: 2 },
    });
  });

  it('has its apps in the order of the file, with 4C8G running and 1C2G kept alive', () => {
    expect(scenario.apps.map((app) => [app.name, app.service.time])).toEqual([
      ['shop', 8000],
      ['forest', 6000],
    ]);
    expect(scenario.apps[0]).toMatchObject({
      pod: { cpu: 4000, memory: 8 * gibibyte },
      keepAlive: { cpu: 1000, memory: 2 * gibibyte, traffic: 0.01 },
      noise: { sigma: 0 },
      traffic: { kind: 'pulse', peak: 40_000 },
    });
  });

  it('has the smallest slot: the largest running pod beside the others kept alive', () => {
    // 4 + 1 cores, 8 + 2 GiB
    expect(scenario.groups).toEqual([{ name: 'morning', apps: ['shop', 'forest'], slot: { cpu: 5000, memory: 10 * gibibyte } }]);
  });

  it('has its strategies decoded by their own schemas, without a gate', () => {
    expect(scenario.strategies.map(({ label, use, overrides }) => [label, use, overrides])).toEqual([
      ['static-peak', 'static-peak', []],
      ['time-share', 'time-share', []],
    ]);
    expect(scenario.strategies[0]).toMatchObject({ options: { utilisation: 0.75 }, given: {} });
    // 05:30 is nine and a half hours after 20:00.
    expect(scenario.strategies[1]?.options).toEqual({
      utilisation: 0.75,
      patience: 300 * second,
      plan: [{ at: 34_200 * second, group: 'morning', from: 'shop', to: 'forest' }],
      rollout: { batches: [0.01, 0.1, 0.4, 1], observe: 30 * second, pause: 0, by: 'spread', order: 'break-before-make', gate: undefined },
    });
  });

  it('is plain data that a worker gets unchanged', () => {
    expect(structuredClone(scenario)).toEqual(scenario);
  });

  it('may have a $schema key for editors', () => {
    expect(decode(`$schema: ./scenario.schema.json\n${least}`).scenario).toEqual(scenario);
  });
});

describe('a strategy in a scenario', () => {
  it('may stand under several labels, with its own part of the platform', () => {
    const text = changed(
      least,
      '  static-peak:\n',
      '  static-peak:\n  fast: { use: static-peak, utilisation: 60%, scheduler: { rate: 100/s }, push: 1s }\n',
    );
    const { scenario } = decode(text);
    const fast = scenario.strategies[1];
    expect(fast).toMatchObject({
      label: 'fast',
      use: 'static-peak',
      given: { utilisation: '60%' },
      options: { utilisation: 0.6 },
      overrides: ['scheduler.rate: 100/s', 'push: 1s'],
    });
    expect([fast?.platform.scheduler.rate, fast?.platform.push]).toEqual([100, { median: second, sigma: 0 }]);
    // What it leaves alone is the platform's, and the platform is nobody else's.
    expect(fast?.platform.scheduler.profile.scoring).toBe(scenario.platform.scheduler.profile.scoring);
    expect(scenario.strategies[0]?.platform).toEqual(scenario.platform);
    expect(scenario.platform.scheduler.rate).toBe(1);
  });

  it('that needs a forecast may have one of its own under information: none', () => {
    const text = changed(least, 'time-share: { plan:', 'time-share: { information: perfect, plan:');
    expect(decode(`${text}platform: { information: none }\n`).scenario.strategies[1]?.platform.information).toBe('perfect');
  });

  it('may act at the start and at the horizon, but not after it', () => {
    const at = (clock: string): unknown => decode(changed(least, 'at: 05:30', `at: ${clock}`)).scenario.strategies[1]?.options;
    expect(at('20:00')).toMatchObject({ plan: [{ at: 0 }] });
    expect(at('08:00')).toMatchObject({ plan: [{ at: 43_200 * second }] });
    expect(() => at('08:00:00.000001')).toThrow(ScenarioError);
  });

  it('has a gate with its defaults where it says gate: {}', () => {
    const { scenario } = decode(changed(least, '{ plan:', '{ rollout: { gate: {} }, plan:'));
    expect(scenario.strategies[1]?.options).toMatchObject({
      rollout: { gate: { success: 0.99, responseP99: second, failedSlots: 0.02, otherwise: 'roll-back' } },
    });
  });
});

describe('names', () => {
  it('may be of any script', () => {
    const { scenario } = decode(least.replaceAll('shop', '支付').replaceAll('forest', 'forêt_2.b-1').replace('mine', 'x'.repeat(63)));
    expect(scenario.apps.map((app) => app.name)).toEqual(['支付', 'forêt_2.b-1']);
  });
});

describe('a slot larger than it need be', () => {
  it('is a warning with the amount', () => {
    const { warnings } = decode(changed(least, 'apps: [shop, forest] }', 'apps: [shop, forest], slot: { cpu: 6, memory: 10Gi } }'));
    expect(warnings.map((warning) => warning.message)).toEqual([
      '6 cores are 1 core more than any tenant can use beside the others kept alive: 5 cores would do',
    ]);
  });

  it('is none where it is the smallest', () => {
    expect(decode(changed(least, 'apps: [shop, forest] }', 'apps: [shop, forest], slot: { cpu: 5, memory: 10Gi } }')).warnings).toEqual([]);
  });
});

describe('the committed scenario double11', () => {
  it('decodes with the built-in strategies to what its comments say', () => {
    const scenario = readScenario('scenarios/double11.yaml', { catalog: { strategies } });
    expect([scenario.name, scenario.horizon, scenario.cluster.zones.length, scenario.apps.map((app) => app.name)]).toEqual([
      'double11',
      16 * 3600 * second,
      2,
      ['interact', 'pay', 'forest'],
    ]);
    expect(structuredClone(scenario)).toEqual(scenario);
    expect(readDecoded('scenarios/double11.yaml', { catalog: { strategies } }).warnings).toEqual([]);
  });
});

describe('any text', () => {
  it('either decodes or ends in a ScenarioError with a place: 300 mutated files', () => {
    const uniform = new Streams(11).stream('mutation');
    const pick = (size: number): number => Math.floor(uniform() * size);
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ': ',
      '-',
      '- ',
      '\n',
      '  ',
      '"',
      "'",
      '&a ',
      '*a',
      '!!int ',
      '#',
      '|',
      '>',
      '?',
      '%',
      '\t',
      '\u0000',
      '9'.repeat(30),
      'null',
      '~',
      '.nan',
      '<<: ',
      '__proto__: ',
      '-1',
      '1e400',
      '支',
      '\ud800',
      '\u2028',
      ',',
      '0',
    ];
    let refused = 0;
    for (let round = 0; round < 300; round++) {
      let text = least;
      for (let edit = pick(3); edit >= 0; edit--) {
        const at = pick(text.length);
        const piece = pieces[pick(pieces.length)] ?? '';
        text =
          [
            text.slice(0, at) + piece + text.slice(at),
            text.slice(0, at) + text.slice(at + 1 + pick(20)),
            text.slice(0, at) + piece + text.slice(at + 1),
          ][pick(3)] ?? text;
      }
      try {
        decode(text);
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw new Error(`round ${String(round)}: ${String(error)}\n${text}`, { cause: error });
        expect(error.issues.length).toBeGreaterThan(0);
        refused++;
      }
    }
    // Most mutations matter; some fall into blanks and comments.
    expect(refused).toBeGreaterThan(200);
  });

  it('is refused where it is empty', () => {
    expect(errorOf('').message).toBe('a.yaml: is empty: expected a mapping with name, start, horizon, cluster, apps and strategies');
    expect(errorOf('# only a comment\n').message).toContain('is empty');
  });

  it('needs apps and strategies', () => {
    expect(() => decode(least, { set: ['apps={}'] })).toThrow('expected at least one app');
    expect(() => decode(least, { set: ['strategies=[]'] })).toThrow('expected at least one strategy');
    expect(catalog.strategies).toHaveLength(2);
  });
});

describe('a plug-in whose options are none', () => {
  const kit = (options: unknown) => ({
    strategies: [
      ...catalog.strategies,
      { name: 'mine', summary: 's', needsForecast: () => false, options, create: () => ({}) } as unknown as StrategyEntry,
    ],
  });
  const decoding = (options: unknown) => () => decodeScenario({ file: 'a.yaml', text: `${least}  mine:\n` }, kit(options));
  it.each([
    ['throw', () => { throw new Error('no'); }, 'strategy mine: its options threw: Error: no'],
    ['are no schema', () => 5, 'strategy mine: options(kit) returned 5 instead of a schema such as kit.z.strictObject({ … })'],
    ['throw while they decode', (of: Kit) => of.z.strictObject({}).transform(() => { throw new TypeError('bad'); }), 'strategy mine: its options threw: TypeError: bad'],
    ['hold functions', (of: Kit) => of.z.strictObject({}).transform(() => ({ f: () => 1 })), 'strategy mine: its options are no plain data: '],
  ])('is named: they %s', (_, options, message) => {
    expect(decoding(options)).toThrow(PluginError);
    expect(decoding(options)).toThrow(message);
  }); // prettier-ignore
});
