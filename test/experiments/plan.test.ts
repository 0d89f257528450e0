import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.ts';
import { inSeconds, time } from '../../src/base/units.ts';
import { parseAxis } from '../../src/experiments/axis.ts';
import { checkObjectives } from '../../src/experiments/objectives.ts';
import { plan, type PlanOptions } from '../../src/experiments/plan.ts';
import { asItIs, busiestMoment, lossOfEachZone, variations } from '../../src/experiments/worlds.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { planText } from '../../src/report/plan-text.ts';

/** The tiny scenario on nodes of two pods each, so that their number matters, under noise. */
const given = [
  'cluster.node.cpu=8',
  'results.detail=none',
  'defaults.noise={ sigma: 3%, interval: 10s, correlation: 0.8 }',
  'defaults.objective.p99=2s',
];
const read = (more: readonly string[]) => readScenario('scenarios/tiny.yaml', { set: [...given, ...more], catalog: { strategies } });
const options = (more: Partial<PlanOptions> = {}): PlanOptions => ({
  strategies: ['static-peak'],
  knob: { ...parseAxis('cluster.nodes=2..8'), largest: false },
  worlds: [asItIs],
  replications: 10,
  confidence: 0.95,
  whole: true,
  jobs: 1,
  ...more,
});
/** What trying every value says, run by run in this thread. */
function byBruteForce(
  values: readonly string[],
  path: string,
  whole: boolean,
  set: readonly string[] = [],
): Readonly<Record<string, boolean>> {
  return Object.fromEntries(
    values.map((value) => {
      const scenario = read([...set, `${path}=${value}`]);
      const runs = Array.from({ length: 10 }, (_, replication) => simulate({ scenario, label: 'static-peak', replication, strategies }));
      return [value, checkObjectives(scenario.apps, runs, 0.95, whole).every(({ holds }) => holds)];
    }),
  );
}

describe('a plan', () => {
  it('finds what trying every number of nodes finds', async () => {
    for (const whole of [true, false]) {
      const found = await plan(read, options({ whole }));
      const [only] = found.strategies;
      const all = byBruteForce(found.knob.values, 'cluster.nodes', whole);
      const smallest = found.knob.values.find((value) => all[value]);
      expect(only?.answer?.value).toBe(smallest);
      expect(Number(smallest)).toBeGreaterThan(3);
      for (const probe of only?.probes ?? [])
        if (probe.replications === 10) expect([probe.value, probe.holds]).toEqual([probe.value, all[probe.value]]);
      const tried = only?.probes.filter(({ replications }) => replications === 10).map(({ value }) => Number(value)) ?? [];
      expect(tried).toEqual(expect.arrayContaining([1, 2, 3].map((below) => Number(smallest) - below).filter((value) => value >= 2)));
      expect(only?.exceptions).toEqual([]);
    }
  });

  it('finds the largest load that is borne', async () => {
    const knob = { path: 'load', values: parseAxis('load=80%..120%/10%').values.toReversed(), largest: true };
    const found = await plan((more) => read(['cluster.nodes=6', ...more]), options({ knob, whole: false }));
    const all = byBruteForce(knob.values, 'load', false, ['cluster.nodes=6']);
    expect(found.strategies[0]?.answer?.value).toBe(knob.values.find((value) => all[value]));
    expect(planText(found).replace(/\n {2}/g, ' ')).toMatch(
      /the largest load of 80%, 90%, 100%, 110%, 120% with which every objective holds: .*\nstatic-peak bears load = 100%: with 110%, /,
    );
  });

  it('says the best that was reached where nothing will do', async () => {
    const found = await plan(read, options({ knob: { ...parseAxis('cluster.nodes=2..3'), largest: false } }));
    expect(found.strategies[0]).toMatchObject({ answer: undefined, nearest: { value: '3', holds: false } });
    expect(planText(found).replace(/\n {2}/g, ' ')).toMatch(
      /static-peak: none will do; at best, with 3 nodes, \w+ serves [\d.]+ % of its requests, and 99 % is asked for; and [\d.]+ % of the cores that it plans find a node; whether more would do was not asked: do so, with --path cluster\.nodes=3\.\.12\./,
    );
  });

  it('says where the last values still change', async () => {
    const found = await plan(read, options({ knob: { ...parseAxis('cluster.nodes=2..5'), largest: false, start: () => '2' } }));
    expect(planText(found).replace(/\n {2}/g, ' ')).toContain('; it still changes there: ask further, with --path cluster.nodes=5..20.');
  });

  it('says where the values make no difference', async () => {
    const knob = { path: 'strategies.time-share.rollout.observe', values: ['10s', '20s', '30s'], largest: false };
    const found = await plan((more) => read(['cluster.nodes=6', ...more]), options({ knob }));
    expect(planText(found).replace(/\n {2}/g, ' ')).toMatch(/\nstatic-peak: every objective holds with strategies\.time-share\.rollout\.observe = 10s; the \d values that were tried make no difference\.\n/);
    const hopeless = await plan((more) => read(['cluster.nodes=3', ...more]), options({ knob }));
    expect(planText(hopeless).replace(/\n {2}/g, ' ')).toMatch(/static-peak: none will do; .*; from strategies\.time-share\.rollout\.observe = 20s on, it is the same whatever is tried\.\n/);
  }); // prettier-ignore

  it('says where only room is missing, and how to do without', async () => {
    const found = await plan(read, options());
    const [only] = found.strategies;
    const room = { app: 'all', objective: 'room', required: 1, mean: 0.9, bound: 0.9, outlier: undefined, holds: false, world: '' } as const;
    const text = planText({ ...found, strategies: [{ ...only!, answer: undefined, nearest: { ...only!.nearest, checked: [room] } }] });
    expect(text.replace(/\n {2}/g, ' ')).toContain('90 % of the cores that it plans find a node; every other objective holds, and --partial asks for no more;');
  }); // prettier-ignore

  it('says where more changes nothing, and what the figures are of where there are several worlds', async () => {
    const hopeless = (more: readonly string[]) => read(['defaults.objective.p99=1ms', 'defaults.noise.sigma=0%', ...more]);
    const worlds = [asItIs, { ...asItIs, name: 'without anything' }];
    const found = await plan(hopeless, options({ knob: { ...parseAxis('cluster.nodes=5..30'), largest: false }, worlds, replications: 10 }));
    const text = planText(found).replace(/\n {2}/g, ' ');
    expect(found.strategies[0]?.alikeFrom).toBe('18');
    expect(text).toMatch(/, and 1 ms is asked for; from 18 nodes on, it is the same whatever is tried\.\n/);
    expect(text).toContain('with which every objective holds, also without anything, and all that is planned finds a node: all together');
    expect(text).toContain('; cost, unserved and p99 are those of the world as it is; frontier: no other value of any strategy, whether it holds or not, is as good in both cost and unserved, of the 5 replications that all have');
  }); // prettier-ignore

  it('marks where one replication is the bound', async () => {
    const found = await plan(read, options({ knob: { ...parseAxis('cluster.nodes=2..3'), largest: false } }));
    const [only] = found.strategies;
    const far = { app: 'sale', objective: 'p99', required: 300, mean: 120, bound: 327, outlier: 4, holds: false, world: '' } as const;
    const nearest = { ...only!.nearest, checked: [far] };
    const text = planText({ ...found, strategies: [{ ...only!, nearest, probes: [nearest] }] }).replace(/\n {2}/g, ' ');
    expect(text).toContain('sale answers 99 % of its requests within 120 ms (in the mean; but the replication with seed 5 lies so far out that the worst one counts: 327 ms), and 300 ms is asked for; whether more would do was not asked: do so, with --path cluster.nodes=3..12.');
    expect(text).toMatch(/\*: one replication lies too far out for a t bound.*no +sale p99 +300 ms +120 ms +327 ms\*/s);
  }); // prettier-ignore

  it('asks for what it needs', async () => {
    await expect(plan(read, options({ replications: 9 }))).rejects.toThrow('a plan takes at least 10 replications');
    await expect(plan(read, options({ strategies: ['static'] }))).rejects.toThrow(InputError);
    await expect(plan(read, options({ knob: { ...parseAxis('cluster.nods=2..3'), largest: false } }))).rejects.toThrow(
      'did you mean "nodes"?',
    );
  });

  it('stops when it is asked to, with nothing', async () => {
    const found = await plan(read, options({ signal: AbortSignal.abort() }));
    expect(found).toMatchObject({ interrupted: true, strategies: [] });
  });
});

describe('other worlds', () => {
  const scenario = readScenario('scenarios/tiny.yaml', { catalog: { strategies } });

  // gala 1,800/s to 300 s beside sale 300/s; sale 1,800/s from 350 s beside gala 300/s: as many cores from the start on.
  it('know the busiest moment', () => {
    expect(inSeconds(busiestMoment(scenario))).toBe(0);
    const late = readScenario('scenarios/tiny.yaml', {
      set: ['apps.sale.traffic={ pulse: { at: 00:04:00, rise: 1s, hold: 1m, halve: 10s, peak: 9000/s, base: 1/s } }'],
      catalog: { strategies },
    });
    expect(inSeconds(busiestMoment(late))).toBe(241);
    // Between two minutes, and at the end of a ramp that falls at once.
    const short = readScenario('scenarios/tiny.yaml', {
      set: ['apps.sale.traffic={ piecewise: [{ at: 00:00, rate: 1/s }, { at: 00:03:10, rate: 1/s }, { at: 00:03:20, rate: 9000/s }, { at: 00:03:20, rate: 1/s }] }'],
      catalog: { strategies },
    }); // prettier-ignore
    expect(busiestMoment(short)).toBe(200e6 - 1);
  });

  it('lose every node of one zone each, beside what breaks anyway', () => {
    const worlds = lossOfEachZone(scenario, time(60e6));
    expect(worlds.map(({ name }) => name)).toEqual(['without east', 'without west']);
    expect(worlds.map(({ change }) => change(scenario).faults.at(-1))).toMatchObject([
      { kind: 'node-loss', begins: { at: 60e6 }, nodes: [0] },
      { kind: 'node-loss', begins: { at: 60e6 }, nodes: [1] },
    ]);
    const one = readScenario('scenarios/tiny.yaml', { set: ['cluster.zones={ east: {} }'], catalog: { strategies } });
    expect(() => lossOfEachZone(one, time(0))).toThrow('--survive zone: the cluster has one zone');
  });

  it('vary the traffic, what comes of it, and how fast memory moves, by a tenth', () => {
    const changed = Object.fromEntries(variations.map(({ name, change }) => [name, change(scenario)]));
    const offered = (name: string): number =>
      simulate({ scenario: { ...changed[name]!, horizon: scenario.horizon }, label: 'static-peak', replication: 0, strategies }).summary.at(
        -1,
      )?.['offered'] as number;
    // 1,185,000 requests (test/simulation/tiny.test.ts).
    expect(offered('all traffic +10 %')).toBeCloseTo(1_303_500, 3);
    expect(offered('all traffic -10 %')).toBeCloseTo(1_066_500, 3);
    expect(offered('10 % more than forecast')).toBeCloseTo(1_303_500, 3);
    expect(offered('10 % less than forecast')).toBeCloseTo(1_066_500, 3);
    expect(offered('swap time +10 %')).toBeCloseTo(1_185_000, 3);
    const bandwidth = scenario.cluster.pools[0]!.node.swapOut;
    expect(changed['swap time +10 %']?.cluster.pools[0]?.node.swapOut).toBeCloseTo(bandwidth / 1.1, 3);
    expect(changed['swap time -10 %']?.cluster.pools[0]?.node.swapIn).toBeCloseTo(scenario.cluster.pools[0]!.node.swapIn / 0.9, 3);
  });
});
