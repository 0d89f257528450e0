import { describe, expect, it } from 'vitest';
import { lowerBound } from '../../src/experiments/bound.ts';
import { otherStrategies } from '../../src/experiments/labels.ts';
import { Streams } from '../../src/random/streams.ts';
import { decodeScenario } from '../../src/scenario/decode.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { drawnSmall } from '../experiments/drawn-small.ts';

const read = (text: string, set: readonly string[] = []) => decodeScenario({ file: 'drawn.yaml', text, set }, { strategies }).scenario;
const costOf = (scenario: ReturnType<typeof read>, label: string, entries = strategies): number =>
  Number(simulate({ scenario, label, replication: 0, strategies: entries }).summary.at(-1)?.['cost']);

describe('optimum', () => {
  // `npm run optimum-check` looks at as many as one likes.
  it('costs no more than any other strategy and no less than the bound, in four drawn scenarios', async () => {
    for (let n = 1; n <= 4; n++) {
      const text = drawnSmall(new Streams(n).stream('small'));
      const { set } = otherStrategies(read(text), strategies, (more) => read(text, more));
      const scenario = read(text, set);
      const best = costOf(scenario, 'optimum');
      expect([n, (await lowerBound(scenario, 0) as number) <= best * (1 + 1e-9)]).toEqual([n, true]);
      for (const { label } of scenario.strategies) expect([n, label, costOf(scenario, label) >= best * (1 - 1e-9)]).toEqual([n, label, true]);
    }
  });

  it('is the cheapest of all plans of slots, by simulating each of them', () => {
    // Two apps whose peaks do not meet, three looks of ten minutes; pods are dear and slow to make, so that slots pay.
    const text = JSON.stringify({
      name: 'brute',
      start: '2019-11-11T00:00:00+08:00',
      horizon: '30m',
      seed: 1,
      replications: 1,
      cluster: { nodes: 20, node: { cpu: 32, memory: '128Gi' }, zones: { east: {} } },
      defaults: { pod: { cpu: 4, memory: '8G' }, keepAlive: { cpu: '250m', memory: '2G', swap: '2G', release: '4G' }, service: { time: '10ms', timeout: '10ms' }, sidecar: { cpu: '0s' }, startup: '20m', allowNoExclusive: true },
      apps: {
        pay: { traffic: { piecewise: [{ at: '00:00', rate: '390/s' }, { at: '00:10', rate: '390/s' }, { at: '00:10', rate: '1190/s' }, { at: '00:20', rate: '1190/s' }, { at: '00:20', rate: '390/s' }] } },
        talk: { traffic: { piecewise: [{ at: '00:00', rate: '1190/s' }, { at: '00:10', rate: '1190/s' }, { at: '00:10', rate: '10/s' }, { at: '00:20', rate: '10/s' }, { at: '00:20', rate: '790/s' }] } },
      },
      groups: { shared: { apps: ['pay', 'talk'] } },
      strategies: { optimum: { information: 'perfect', step: '5s', batch: '15s', rollout: { batches: ['100%'], observe: '0s' } } },
      prices: { podCreated: 5, unservedPer1000: 0.02 },
      results: { detail: 'none' },
    });
    const scenario = read(text);
    const best = costOf(scenario, 'optimum');
    let [least, tried] = [Infinity, 0];
    // Who is to hold how many from each look on, of one to four slots.
    for (let slots = 1; slots <= 4; slots++)
      for (const holder of ['pay', 'talk'])
        for (let code = 0; code < (slots + 1) ** 3; code++) {
          const pays = Array.from({ length: 3 }, (_, i) => Math.floor(code / (slots + 1) ** i) % (slots + 1));
          const given = {
            name: 'given', summary: 'x', needsPerfect: false, needsForecast: () => false, options: (strategies[0] as (typeof strategies)[number]).options,
            create: () => ({
              period: 600e6,
              open: () => [{ kind: 'reserve', group: 'shared', slots, holder }, { kind: 'wake', at: 0 }],
              decide: (view: { now: number; group: (name: string) => { held: (app: string) => number } }) => {
                const more = (pays[Math.min(2, Math.floor(view.now / 600e6))] as number) - view.group('shared').held('pay');
                const [from, to] = more < 0 ? ['pay', 'talk'] : ['talk', 'pay'];
                return more === 0 ? [] : [{ kind: 'switch', group: 'shared', from, to, slots: Math.abs(more), rollout: (scenario.strategies[0]?.options as { rollout: unknown }).rollout }];
              },
            }),
          } as unknown as (typeof strategies)[number];
          least = Math.min(least, costOf({ ...scenario, strategies: [{ ...scenario.strategies[0]!, label: 'given', use: 'given', options: {} }] }, 'given', [given]));
          tried++;
        }
    expect(tried).toBe(2 * (2 ** 3 + 3 ** 3 + 4 ** 3 + 5 ** 3));
    // It may look at every minute, and so be a little cheaper.
    expect([best <= least + 1e-9, best / least]).toEqual([true, expect.closeTo(1, 1)]);
    expect(costOf(read(text, ['strategies.optimum.utilisation=50%']), 'optimum')).toBeGreaterThan(best);
  });

  it('says how many steps it can plan', () => {
    const text = drawnSmall(new Streams(1).stream('small'));
    const scenario = read(text, ['horizon=10h', 'strategies.optimum={ information: perfect, step: 1s }']);
    expect(() => costOf(scenario, 'optimum')).toThrow('36000 steps are more than it can plan: 20000 at most; give it a longer step');
  });

  it('is refused where it may not know what comes', () => {
    const text = drawnSmall(new Streams(1).stream('small'));
    expect(() => read(text, ['strategies.optimum={}'])).toThrow('optimum plans by what will really come, but the platform says information: forecast; give it { information: perfect }');
    expect(() => read(text, ['strategies.optimum={ information: perfect }'])).not.toThrow();
    const blind = ['platform.information=none', 'strategies={ hpa: {} }'];
    expect(otherStrategies(read(text, blind), strategies, (more) => read(text, [...blind, ...more])).left).toContain('optimum');
  });
}); // prettier-ignore
