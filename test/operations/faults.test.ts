import { describe, expect, it } from 'vitest';
import { fromSeconds, time } from '../../src/base/units.ts';
import type { Fault, NodeFaultKind } from '../../src/operations/fault-spec.ts';
import { constantLaw } from '../../src/random/duration-law.ts';
import { Streams } from '../../src/random/streams.ts';
import { exponential } from '../../src/random/variates.ts';
import { app, gigabyte, platform, TestWorld } from './support.ts';

const at = (value: number) => time(fromSeconds(value));
/** One fault of a node: from `from` seconds for `length` seconds. */
const fault = (kind: NodeFaultKind, nodes: readonly number[], from: number, length: number, speed = 1000): Fault => ({
  kind,
  begins: { at: at(from) },
  for: constantLaw(fromSeconds(length)),
  nodes,
  speed,
});

/** Nodes in two zones in turn, four slots held by gala, and a pod of each app outside slots in each zone. */
function fleet(faults: readonly Fault[], options: ConstructorParameters<typeof TestWorld>[0] = {}): TestWorld {
  const world = new TestWorld({ faults, ...options });
  world.reserve(4, 'gala', true);
  world.scale('gala', 2, true);
  world.scale('sale', 2, true);
  return world;
}

/** `[seconds, weight, factor, cause]` of every change of a pod's traffic; undefined: not there. */
const traffic = (world: TestWorld, appIndex: number, zone: number, since: number) =>
  world.facts.flatMap(({ at: when, fact }) =>
    fact.kind === 'traffic' && fact.app === appIndex && fact.zone === zone && when >= since
      ? [[when, fact.to?.weight, fact.to?.factor, fact.to?.cause, fact.backlog] as const]
      : [],
  );

describe('a lost node', () => {
  it('that is back in time starts its pods again where they are: 60 s start, 2 s push, 10 s warm-up', () => {
    const world = fleet([fault('node-loss', [0], 100, 60)]);
    const onIt = world.cluster.pods.filter(({ node, slot }) => node === 0 && slot === undefined).map(({ id }) => id);
    expect(onIt).toHaveLength(2);
    world.until(99);
    expect(world.cluster.node(0).limitedMillicores).toBe(2 * 4000 + 2 * 5000);
    world.until(120);
    // Limits are gone, what was reserved is still.
    expect([world.cluster.node(0).limitedMillicores, world.cluster.node(0).reservedMillicores]).toEqual([0, 18_000]);
    expect(world.cluster.slots.map(({ state }) => state)).toEqual(['failed', 'steady', 'failed', 'steady']);
    world.until(400);
    for (const pod of onIt)
      expect(world.history(pod).slice(-4)).toEqual([
        [100, 'failed'],
        [160, 'starting'],
        [222, 'warming'],
        [232, 'running'],
      ]);
    // The tenant that is kept alive needs no registration: 160 + 60 s.
    const [holder, other] = world.cluster.slot(0).tenants.map(({ id }) => id) as [number, number];
    expect(world.history(holder).at(-1)).toEqual([232, 'running']);
    expect(world.history(other).slice(-2)).toEqual([
      [160, 'starting'],
      [220, 'keep-alive'],
    ]);
    expect(world.cluster.slots.map(({ state }) => state)).toEqual(['steady', 'steady', 'steady', 'steady']);
  });

  it('gets traffic that nobody answers for 10 s, and none then; what waited at its pods is lost', () => {
    const world = fleet([fault('node-loss', [0], 100, 600)]);
    world.until(200);
    // sale (app 1) in zone 0: one pod outside slots, which ran, and two that were kept alive: nothing of theirs is missing.
    expect(traffic(world, 1, 0, 100)).toEqual([
      [100, 1000, 0, undefined, 'lost'],
      [100, 1000, 0, undefined, 'lost'],
      [100, 1000, 0, 'fault', 'lost'],
      [110, undefined, undefined, undefined, 'moves'],
      [110, undefined, undefined, undefined, 'moves'],
      [110, 0, 0, 'fault', 'moves'],
    ]);
  });

  it('that stays away has its pods made anew elsewhere 40 s + 300 s after the loss, one a second, in the same roles', () => {
    // Four nodes: 0 and 2 in the first zone. Node 0 has two slots or pods at most, which fit on node 2.
    const world = fleet([fault('node-loss', [0], 100, 5000)], { nodes: 4, cpu: 30_000 });
    const lost = world.cluster.pods.filter(({ node }) => node === 0);
    const roles = new Set(lost.map(({ app: of, role }) => JSON.stringify([of, role])));
    world.until(439.9);
    expect(lost.every(({ state }) => state === 'failed')).toBe(true);
    world.until(440);
    expect(lost.every(({ state }) => state === 'gone')).toBe(true);
    expect([world.cluster.node(0).reservedMillicores, world.cluster.node(0).pods]).toEqual([0, 0]);
    const anew = world.cluster.pods.filter(({ created }) => created === at(440));
    expect(anew).toHaveLength(lost.length);
    expect(new Set(anew.map(({ app: of, role }) => JSON.stringify([of, role])))).toEqual(roles);
    expect(anew.every(({ incarnation, state }) => incarnation === 1 && state === 'pending')).toBe(true);
    world.until(600);
    expect(anew.every(({ node }) => node === 2)).toBe(true);
    expect(world.cluster.slots.filter(({ state }) => state === 'steady')).toHaveLength(4);
  });

  it('holds up an order for its pods, which is done when they are made anew', () => {
    const world = fleet([fault('node-loss', [0], 30, 5000)], { nodes: 4, cpu: 30_000 });
    world.until(1);
    const operation = world.scale('gala', 6); // bound at 2, 3, 4 and 5 s; they start for 60 s
    world.until(380);
    expect(operation).toMatchObject({ state: 'running', requested: 4 });
    expect(operation.done).toBeLessThan(4);
    world.until(500);
    expect(operation).toMatchObject({ state: 'done', requested: 4, done: 4 });
  });

  it('of several losses that overlap is back after the last', () => {
    const world = fleet([fault('node-loss', [0], 100, 60), fault('node-loss', [0, 1], 120, 90)]);
    world.until(170);
    expect(world.cluster.nodes.map(({ state }) => state)).toEqual(['lost', 'lost']);
    world.until(210);
    expect(world.cluster.nodes.map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect(world.history(world.cluster.slot(0).tenants[0]?.id ?? -1).slice(3)).toEqual([
      [100, 'failed'],
      [210, 'starting'],
    ]);
  });

  it('takes its slots out of a switch at work; the others go on, and they come back for the taker', () => {
    // Two slots a node. Traffic goes down until 5 s, memory out until 9.5 s (2 · 2 GB ÷ 1 GB/s): node 0 is lost at 7 s.
    const world = fleet([fault('node-loss', [0], 7, 20)]);
    const operation = world.switch(4);
    world.until(60);
    expect(world.steps().filter(([slot]) => slot === 0)).toEqual([
      [0, 'traffic-down', 0, 5, 'done'],
      [0, 'resources-down', 5, 7, 'lost'],
    ]);
    expect(
      world
        .steps()
        .filter(([slot]) => slot === 1)
        .map(([, step, start, end]) => [step, start, end]),
    ).toEqual([
      ['traffic-down', 0, 5],
      ['resources-down', 5, 9.5],
      ['resources-up', 9.5, 12],
      ['traffic-up', 12, 14],
      ['status', 14, 15.5],
    ]);
    expect(operation).toMatchObject({ state: 'done', requested: 4, done: 2, failed: 2 });
    world.until(120); // back at 27 s, started at 87 s + 2 s, warm at 99 s
    const sale = 1;
    expect(world.cluster.slots.map(({ holder, state }) => [holder, state])).toEqual([0, 1, 2, 3].map(() => [sale, 'steady']));
  });

  it('ends a step with the tries that it took, though another one was to come', () => {
    // The push of slot 0 fails at 2 s, the next one would go out at 3 s.
    const world = fleet([fault('node-loss', [0], 2.5, 20)], { fails: (name) => name.endsWith('/0/1/traffic-down/1') });
    world.switch(4);
    world.until(60);
    const lost = world.facts.flatMap(({ fact }) => (fact.kind === 'step' && fact.outcome === 'lost' ? [[fact.slot, fact.attempts]] : []));
    expect(lost).toEqual([
      [0, 1],
      [2, 1],
    ]);
  });

  it('comes back for the giver where the switch was rolled back', () => {
    const world = fleet([fault('node-loss', [0], 7, 20)]);
    const gate = { success: 0, responseP99: fromSeconds(1), failedSlots: 0.2, otherwise: 'roll-back' } as const;
    const operation = world.switch(4, { gate });
    world.until(200);
    expect(operation).toMatchObject({ state: 'rolled-back', done: 0 });
    expect(world.cluster.slots.map(({ holder, state }) => [holder, state])).toEqual([0, 1, 2, 3].map(() => [0, 'steady']));
  });

  it('comes back for the giver, too, where its slots were lost before their batch began', () => {
    // A change window opens at 50 s; node 0 is lost from 7 to 67 s. The gate looks at 65.5 s: half of the batch has failed.
    const changeWindows = [{ from: at(50), to: at(100) }];
    const world = fleet([fault('node-loss', [0], 7, 60)], { platform: platform({ changeWindows }) });
    const gate = { success: 0, responseP99: fromSeconds(1), failedSlots: 0.2, otherwise: 'roll-back' } as const;
    const operation = world.switch(4, { gate });
    world.until(300);
    expect(operation).toMatchObject({ state: 'rolled-back', done: 0 });
    expect(world.cluster.slots.map(({ holder, state }) => [holder, state])).toEqual([0, 1, 2, 3].map(() => [0, 'steady']));
  });

  it('loses what is swapped there, and nothing else', () => {
    const world = fleet([fault('node-loss', [0], 7, 20)]);
    world.switch(4);
    world.until(60);
    // Node 0: 2 s of swapping at 1 GB/s until it was lost at 7.5 − 0.5 = 7 s, begun at 5.5 s.
    expect(world.controller.swapped(0, 'out')).toBe(1.5 * gigabyte);
    expect(world.controller.swapped(1, 'out')).toBe(4 * gigabyte);
  });
});

describe('a slow node', () => {
  it('leaves its running pods as much traffic, and half the capacity: missing by a fault', () => {
    const world = fleet([fault('slow-node', [0], 100, 60, 500)]);
    world.until(200);
    expect(traffic(world, 1, 0, 100)).toEqual([
      // Two kept-alive tenants and the pod outside slots, slow and fast again.
      [100, 1000, 500, undefined, 'moves'],
      [100, 1000, 500, undefined, 'moves'],
      [100, 1000, 500, 'fault', 'moves'],
      [160, 1000, 1000, undefined, 'moves'],
      [160, 1000, 1000, undefined, 'moves'],
      [160, 1000, 1000, undefined, 'moves'],
    ]);
  });

  it('is as slow as the slowest of the faults at work on it', () => {
    const world = fleet([fault('slow-node', [0], 10, 40, 500), fault('slow-node', [0], 20, 10, 200)]);
    const speeds = [5, 15, 25, 35, 55].map((when) => {
      world.until(when);
      return world.cluster.node(0).speed;
    });
    expect(speeds).toEqual([1000, 500, 200, 500, 1000]);
  });
});

describe('a slow swap device', () => {
  it('takes longer for what is left: 1 s at 1 GB/s, then 3 GB at 0.25 GB/s', () => {
    // Node 0 swaps 2 · 2 GB out from 5.5 s; a quarter of the bandwidth from 6.5 s on: 6.5 + 3 ÷ 0.25 = 18.5 s.
    const world = fleet([fault('slow-swap', [0], 6.5, 100, 250)]);
    world.switch(4);
    world.until(30);
    const down = world.steps().filter(([, step]) => step === 'resources-down');
    expect(down.map(([slot, , start, end]) => [slot, start, end])).toEqual([
      [1, 5, 9.5],
      [3, 5, 9.5],
      [0, 5, 18.5],
      [2, 5, 18.5],
    ]);
    expect(world.controller.swapped(0, 'out')).toBe(4 * gigabyte);
  });
});

describe('an agent that is down', () => {
  it('holds up limit writes and status until it is up again', () => {
    // The order to write limits is there at 5 s; the agent is up at 20 s and takes 0.5 s; 2 · 2 GB take 4 s.
    const world = fleet([fault('agent-down', [0], 3, 17)]);
    world.switch(4);
    world.until(60);
    expect(
      world
        .steps()
        .filter(([, step]) => step === 'resources-down')
        .map(([slot, , start, end]) => [slot, start, end]),
    ).toEqual([
      [1, 5, 9.5],
      [3, 5, 9.5],
      [0, 5, 24.5],
      [2, 5, 24.5],
    ]);
  });

  it('for longer than a try may take lets it fail: two tries of 10 s with a pause of 1 s, then the slot is stuck', () => {
    const steps = { failure: '50%', tries: 2, backoff: '1s', timeout: '10s' };
    const world = fleet([fault('agent-down', [0], 3, 500)], { platform: platform({ steps, inspection: 'none' }) });
    const operation = world.switch(4);
    world.until(60);
    expect(world.steps().filter(([slot]) => slot === 0)).toEqual([
      [0, 'traffic-down', 0, 5, 'done'],
      [0, 'resources-down', 5, 26, 'stuck'],
    ]);
    expect(operation).toMatchObject({ state: 'done', done: 2, failed: 2 });
    expect(world.states(0)).toEqual(['cutoff', 'keep-alive']);
  });

  it('is no matter for traffic, which the sidecars change', () => {
    const world = fleet([fault('agent-down', [0], 0, 4)]);
    world.switch(4);
    world.until(5);
    expect(world.steps().map(([, , , end]) => end)).toEqual([5, 5, 5, 5]);
  });
});

describe('a stall', () => {
  const stall = (kind: 'scheduler-stall' | 'api-stall', from: number, length: number): Fault => ({
    kind,
    begins: { at: at(from) },
    for: constantLaw(fromSeconds(length)),
  });

  it('of the scheduler: it finishes the unit that it is at, and begins with the next when it is over', () => {
    const world = fleet([stall('scheduler-stall', 1.5, 10)], { nodes: 4 });
    world.scale('gala', 6); // one a second from 0 s on: at 1 and 2 s, then, from 11.5 s on, at 12.5 and 13.5 s
    world.until(60);
    expect(world.facts.flatMap(({ at: when, fact }) => (fact.kind === 'bound' ? [when] : []))).toEqual([1, 2, 12.5, 13.5]);
  });

  it('of the API server: orders to write limits wait for its end; then they come at its rate', () => {
    // Asked for at 5 s, sent at 9, 9.5, 10 and 10.5 s; the agent takes 0.5 s.
    const world = fleet([stall('api-stall', 4, 5)], { platform: platform({ api: { writes: { rate: '2/s', burst: 1 } } }) });
    world.switch(4);
    world.until(60);
    const begun = world.facts.flatMap(({ at: when, fact }) =>
      fact.kind === 'pod-state' && fact.pod.state !== 'gone' && fact.left === 'cutoff' ? [when] : [],
    );
    expect(begun).toEqual([9.5, 10, 10.5, 11]);
  });
});

describe('a stall of the API server that begins in the middle', () => {
  const stall = (from: number, length: number): Fault => ({
    kind: 'api-stall',
    begins: { at: at(from) },
    for: constantLaw(fromSeconds(length)),
  });
  const api = { writes: { rate: '2/s', burst: 1 } };

  it('holds up the writes that wait for their turn, and not those that are out', () => {
    // Asked for at 5 s, to go out at 5, 5.5, 6 and 6.5 s; from 5.6 s on nothing goes out for 10 s: 16 and 16.5 s. The agent takes 0.5 s.
    const world = fleet([stall(5.6, 10)], { platform: platform({ api }) });
    world.switch(4);
    world.until(60);
    const begun = world.facts.flatMap(({ at: when, fact }) =>
      fact.kind === 'pod-state' && fact.pod.state !== 'gone' && fact.left === 'cutoff' ? [when] : [],
    );
    expect(begun).toEqual([5.5, 6, 16.5, 17]);
  });

  it('lets tries fail that get no answer in time: two of 10 s and a pause of 1 s, then all four are stuck', () => {
    const steps = { failure: '50%', tries: 2, backoff: '1s', timeout: '10s' };
    const world = fleet([stall(4, 500)], { platform: platform({ steps, inspection: 'none' }) });
    const operation = world.switch(4);
    world.until(60);
    expect(world.steps().slice(4)).toEqual([0, 1, 2, 3].map((slot) => [slot, 'resources-down', 5, 26, 'stuck']));
    expect(operation).toMatchObject({ state: 'done', done: 0, failed: 4 });
  });

  it('keeps the scheduler from binding as well', () => {
    const world = fleet([stall(1.5, 10)], { nodes: 4 });
    world.scale('gala', 6);
    world.until(60);
    expect(world.facts.flatMap(({ at: when, fact }) => (fact.kind === 'bound' ? [when] : []))).toEqual([1, 2, 12.5, 13.5]);
  });
});

describe('what drifts', () => {
  it('drifts no more when it is not wanted any more', () => {
    const world = fleet([], { platform: platform({ pushLoss: '100%', inspection: 'none' }) });
    world.switch(4);
    world.until(60);
    world.reserve(0, 'sale');
    world.until(61);
    const drifts = world.facts.flatMap(({ fact }) => (fact.kind === 'drift' ? (fact.begins ? 1 : -1) : []));
    expect([drifts.length, drifts.reduce((sum, change) => sum + change, 0)]).toEqual([16, 0]);
    expect(world.cluster.pods.every(({ missed }) => missed === undefined)).toBe(true);
  });

  it('stays stuck, and can be given back, while no change window lets the inspection repair it', () => {
    const world = fleet([], {
      fails: (name) => name.startsWith('switch/night/0/1/resources-up/'),
      platform: { ...platform({ inspection: { every: '60s' } }), changeWindows: [{ from: at(0), to: at(30) }] },
    });
    world.switch(2);
    world.until(500);
    expect(world.cluster.slot(0).state).toBe('stuck');
    expect(world.controller.operations.filter(({ by }) => by === 'inspection')).toEqual([]);
    expect(world.reserve(3, 'sale').state).not.toBe('refused');
  });
});

describe('a lost node and a roll-back that comes after it is back', () => {
  it('leave its slots with the taker, for which they have started again, and say so', () => {
    // Node 0 is lost from 7 to 12 s; its two slots start for sale. At 30 s the switch is taken back.
    const world = fleet([fault('node-loss', [0], 7, 5)]);
    const operation = world.switch(4, { observe: fromSeconds(100) });
    world.until(30);
    world.order({ kind: 'roll-back', operation: operation.id });
    world.until(200);
    expect(operation.state).toBe('rolled-back');
    expect(world.cluster.slots.map(({ holder }) => holder)).toEqual([1, 0, 1, 0]);
    expect([...operation.notes.values()]).toContain('2 slots of lost nodes have started again for the taker and stay with it');
  });
});

describe('a slow registry', () => {
  it('has less for the pulls under way: 1 s at 1 GB/s, 10 s at a tenth, then the rest', () => {
    // Bound at 1 s; 3 GB: 1 GB by 2 s, 1 GB by 12 s, the last by 13 s.
    const faults: Fault[] = [{ kind: 'slow-registry', begins: { at: at(2) }, for: constantLaw(fromSeconds(10)), speed: 100 }];
    const apps = [app('gala', { image: { size: 3 * gigabyte, preheated: 0 } }), app('sale')];
    const world = new TestWorld({ faults, apps, platform: platform({ registry: { bandwidth: '1GB/s' } }) });
    world.scale('gala', 1);
    world.until(60);
    expect(world.history(0)).toEqual([
      [1, 'pulling'],
      [13, 'starting'],
    ]);
  });
});

describe('a random fault', () => {
  it("comes after exponential times from the node's own stream, from the last repair on", () => {
    const mtbf = fromSeconds(1000);
    const world = fleet([{ kind: 'slow-node', begins: { mtbf }, for: constantLaw(fromSeconds(50)), nodes: [0, 1], speed: 500 }]);
    world.until(20_000);
    const streams = new Streams(1);
    for (const [index, name] of world.cluster.nodes.map(({ name: of }, i) => [i, of] as const)) {
      const begins: number[] = [];
      let now = 0;
      for (let n = 0; now < 20_000e6; n++) {
        now += Math.round(exponential(1e9, streams.once(`fault/slow-node/${name}/${String(n)}`)));
        if (now < 20_000e6) begins.push(now / 1e6);
        now += 50e6;
      }
      const seen = new Set(
        world.facts.flatMap(({ at: when, fact }) =>
          fact.kind === 'traffic' && fact.zone === index && fact.to?.factor === 500 && fact.to.limits === 'running' ? [when] : [],
        ),
      );
      expect([...seen]).toEqual(begins);
      expect(begins.length).toBeGreaterThan(5);
    }
  });
});

describe('a push that gets lost', () => {
  const lossy = (share: string, change: Record<string, unknown> = {}) => platform({ pushLoss: share, inspection: 'none', ...change });

  it('leaves the ratio as it was, and the controller goes on', () => {
    const world = fleet([], { platform: lossy('100%') });
    const operation = world.switch(4);
    world.until(60);
    expect(operation).toMatchObject({ state: 'done', done: 4, failed: 0 });
    const [giver, taker] = world.cluster.slot(0).tenants;
    // Kept alive on one core, its sidecar still serves all it gets; the taker runs, and its sidecar still forwards 99 %.
    expect([giver?.state, giver?.mode?.limits, giver?.mode?.local, giver?.mode?.cause]).toEqual([
      'keep-alive',
      'keep-alive',
      1000,
      'fault',
    ]);
    expect([taker?.state, taker?.mode?.limits, taker?.mode?.local, taker?.mode?.cause]).toEqual(['running', 'running', 10, 'fault']);
  });

  it('is repeated by the inspection at the next multiple of its period; then the pods are as they are meant to be', () => {
    const faults: Fault[] = [{ kind: 'push-loss', begins: { at: at(0) }, for: constantLaw(fromSeconds(50)), share: 1, apps: undefined }];
    const world = fleet(faults, { platform: platform({ inspection: { every: '60s' } }) });
    world.switch(4);
    world.until(61.9);
    const drifts = () => world.facts.flatMap(({ at: when, fact }) => (fact.kind === 'drift' ? [[when, fact.begins] as const] : []));
    expect(drifts()).toEqual([...[2, 2, 2, 2].map((when) => [when, true]), ...[14, 14, 14, 14].map((when) => [when, true])]);
    world.until(62); // 60 s + push 2 s
    expect(drifts().slice(8)).toEqual(Array.from({ length: 8 }, () => [62, false]));
    const [giver, taker] = world.cluster.slot(0).tenants;
    expect([giver?.mode?.local, giver?.mode?.cause, taker?.mode?.local, taker?.mode?.cause]).toEqual([10, undefined, 1000, undefined]);
    // One more look, at 120 s, finds nothing; then nobody looks any more.
    expect(world.engine.pending).toBe(1);
    world.until(1000);
    expect(world.engine.pending).toBe(0);
  });

  it('is lost for the apps that a fault names only', () => {
    const sale = app('sale').name;
    const faults: Fault[] = [{ kind: 'push-loss', begins: { at: at(0) }, for: constantLaw(fromSeconds(50)), share: 1, apps: [sale] }];
    const world = fleet(faults, { platform: platform({ inspection: 'none' }) });
    world.switch(4);
    world.until(60);
    expect(world.cluster.slot(0).tenants.map(({ missed }) => missed)).toEqual([undefined, 10]);
  });

  it('is drawn for each push: about the share that is asked for, and the same under every order of events', () => {
    const world = new TestWorld({ nodes: 60, platform: lossy('20%') });
    world.reserve(200, 'gala', true);
    world.switch(200);
    world.until(300);
    const missed = world.cluster.pods.filter((pod) => pod.missed !== undefined).length;
    // 400 pushes at 20 %: 80 expected, standard deviation 8.
    expect(missed).toBeGreaterThan(48);
    expect(missed).toBeLessThan(112);
  });
});

describe('the inspection', () => {
  it('takes up a stuck slot where it stands, for the app that is to hold it', () => {
    // Slot 0 fails both tries of swapping in during the first switch (its number 1); the repair is number 2.
    const world = fleet([], {
      fails: (name) => name.startsWith('switch/night/0/1/resources-up/'),
      platform: platform({ inspection: { every: '60s' } }),
    });
    const operation = world.switch(2);
    world.until(59);
    expect([operation.state, world.cluster.slot(0).state, world.states(0)]).toEqual(['done', 'stuck', ['keep-alive', 'keep-alive']]);
    world.until(100);
    // 60 s: limits 0.5 + in 1 s, push 2, status 1.5.
    expect(world.steps().slice(-3)).toEqual([
      [0, 'resources-up', 60, 61.5, 'done'],
      [0, 'traffic-up', 61.5, 63.5, 'done'],
      [0, 'status', 63.5, 65, 'done'],
    ]);
    expect([world.cluster.slot(0).state, world.states(0), world.cluster.slot(0).holder]).toEqual(['steady', ['keep-alive', 'running'], 1]);
    const repair = world.controller.operations.at(-1);
    expect(repair).toMatchObject({ by: 'inspection', state: 'done', done: 1, order: { kind: 'switch', from: 'gala', to: 'sale' } });
  });

  it('tries again at the next round what fails again, and no more once it is mended', () => {
    const world = fleet([], {
      fails: (name) => /^switch\/night\/0\/[12]\/resources-up\//.test(name),
      platform: platform({ inspection: { every: '60s' } }),
    });
    world.switch(2);
    world.until(1000);
    expect(world.controller.operations.filter(({ by }) => by === 'inspection').map(({ ordered, done }) => [ordered / 1e6, done])).toEqual([
      [60, 0],
      [120, 1],
    ]);
    expect(world.cluster.slot(0).state).toBe('steady');
  });

  it('costs nothing where nothing drifts', () => {
    const world = fleet([], { platform: platform({ inspection: { every: '1s' } }) });
    world.switch(4);
    world.until(1000);
    expect(world.engine.pending).toBe(0);
  });
});

describe('change windows', () => {
  const windows = (...spans: readonly (readonly [number, number])[]) => ({
    ...platform(),
    changeWindows: spans.map(([from, to]) => ({ from: at(from), to: at(to) })),
  });

  it('hold a batch back until the next one opens; a batch that has begun goes on', () => {
    // One batch of two takes 12.5 s: the first begins at 100 s, the second has to wait for 200 s.
    const world = fleet([], { platform: windows([100, 110], [200, 300]) });
    const operation = world.switch(4, { batches: [0.5, 1] });
    world.until(150);
    expect(operation).toMatchObject({ state: 'running', batches: 1, done: 2 });
    expect([...operation.notes.values()]).toEqual(['pre-check held batch 2 back: no change window is open']);
    world.until(250);
    expect(operation).toMatchObject({ state: 'done', done: 4, ended: at(212.5) });
  });

  it('that are all over leave the switch waiting, which nobody waits for', () => {
    const world = fleet([], { platform: windows([0, 1]) });
    world.until(10);
    const operation = world.switch(4);
    world.until(1000);
    expect(operation).toMatchObject({ state: 'running', batches: 0, done: 0 });
    expect([...operation.notes.values()]).toEqual(['pre-check held batch 1 back: no change window is open, and none is to come']);
    expect(world.engine.pending).toBe(0);
  });

  it('do not keep a switch from being rolled back', () => {
    const world = fleet([], { platform: windows([0, 1]) });
    const operation = world.switch(4);
    world.until(20);
    world.order({ kind: 'roll-back', operation: operation.id });
    world.until(100);
    expect(operation.state).toBe('done'); // it was over: nothing to roll back
    const second = fleet([], { platform: windows([0, 1]) });
    const held = second.switch(4, { batches: [0.5, 1] });
    second.until(20);
    second.order({ kind: 'roll-back', operation: held.id });
    second.until(100);
    expect(held).toMatchObject({ state: 'rolled-back', done: 0 });
  });
});
