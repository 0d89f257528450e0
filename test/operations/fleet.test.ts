import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantities } from '../../src/cluster/ledger.ts';
import type { PodSpecs } from '../../src/cluster/specs.ts';
import { reasonOf } from '../../src/operations/operation.ts';
import { app, inS, platform, seconds, TestWorld } from './support.ts';

/** `[seconds, weight]` of every change of the pod's traffic mode to one that gets traffic. */
const weights = (world: TestWorld) =>
  world.facts.flatMap(({ at, fact }) => (fact.kind === 'traffic' && fact.to?.receives ? [[at, fact.to.weight]] : []));
const reserved = (world: TestWorld) => world.cluster.nodes.map((node) => node.reservedMillicores / 1000);
const statesOf = (world: TestWorld) => world.cluster.pods.map((pod) => pod.state);
const warmingUp = (warmup: PodSpecs['warmup']) => [app('gala', { warmup }), app('sale')];

// Nodes of 24 cores, two in two zones; pods of 4 cores. One bound pod a second, start-up 60 s, push 2 s, warm-up 10 s, drain 3 s, deletion 7 s.
describe('the cold path', () => {
  it('binds the n-th pod at n seconds; it starts for 60, waits 2 for the push, warms up for 10', () => {
    const world = new TestWorld();
    const operation = world.scale('gala', 3);
    world.until(75);
    expect([0, 1, 2].map((pod) => world.history(pod))).toEqual([
      [[1, 'starting'], [63, 'warming'], [73, 'running']],
      [[2, 'starting'], [64, 'warming'], [74, 'running']],
      [[3, 'starting'], [65, 'warming'], [75, 'running']],
    ]); // prettier-ignore
    expect(operation).toMatchObject({ state: 'done', requested: 3, done: 3, failed: 0 });
    expect([inS(operation.started), inS(operation.ended)]).toEqual([0, 75]);
  });

  it('reserves when it binds, not before', () => {
    const world = new TestWorld();
    world.scale('gala', 3);
    world.until(0.999);
    expect(reserved(world)).toEqual([0, 0]);
    world.until(1);
    expect(reserved(world)).toEqual([4, 0]);
    world.until(3);
    expect(reserved(world)).toEqual([8, 4]);
  });

  it('tells how long each pod waited for its node', () => {
    const world = new TestWorld();
    world.scale('gala', 2);
    world.until(10);
    world.scale('sale', 1);
    world.until(20);
    expect(world.facts.flatMap(({ at, fact }) => (fact.kind === 'bound' ? [[at, fact.pod.id, inS(fact.waited)]] : []))).toEqual([
      [1, 0, 1],
      [2, 1, 2],
      [11, 2, 1],
    ]);
  });

  it('binds as many a second as the scheduler can, one queue for all apps', () => {
    const world = new TestWorld({ platform: platform({ scheduler: { rate: '4/s' } }) });
    world.scale('gala', 2);
    world.scale('sale', 2);
    world.until(5);
    expect([0, 1, 2, 3].map((pod) => world.history(pod)[0])).toEqual([
      [0.25, 'starting'],
      [0.5, 'starting'],
      [0.75, 'starting'],
      [1, 'starting'],
    ]);
  });

  it('gives a warming pod its small weight until the end of the warm-up, where it is a step', () => {
    const world = new TestWorld({ apps: warmingUp({ weight: 0.1, for: seconds(10), shape: 'step' }) });
    world.scale('gala', 1);
    world.until(100);
    expect(weights(world)).toEqual([
      [63, 100],
      [73, 1000],
    ]);
  });

  it('raises the weight in 20 steps where the warm-up is linear', () => {
    // From 0.1 to 1 in 20 steps of 0.045 and 0.5 s: 100 at 63 s, 145 at 63.5 s, … 955 at 72.5 s, 1000 at 73 s.
    const world = new TestWorld({ apps: warmingUp({ weight: 0.1, for: seconds(10), shape: 'linear' }) });
    world.scale('gala', 1);
    world.until(100);
    expect(weights(world)).toEqual(Array.from({ length: 21 }, (_, step) => [63 + step / 2, 100 + 45 * step]));
    expect(world.history(0)).toEqual([
      [1, 'starting'],
      [63, 'warming'],
      [73, 'running'],
    ]);
  });

  it('runs at once after the start where there is no warm-up', () => {
    const world = new TestWorld({ apps: warmingUp({ weight: 0.1, for: seconds(0), shape: 'linear' }) });
    world.scale('gala', 1);
    world.until(100);
    expect(world.history(0)).toEqual([
      [1, 'starting'],
      [63, 'warming'],
      [63, 'running'],
    ]);
    expect(weights(world)).toEqual([[63, 1000]]);
  });

  it('counts the capacity of a pod that is not there yet as missing for a cold start', () => {
    const world = new TestWorld();
    world.scale('gala', 1);
    expect(world.cluster.pod(0).mode).toMatchObject({ weight: 0, factor: 0, cause: 'cold-start' });
    world.until(65);
    expect(world.cluster.pod(0).mode).toMatchObject({ weight: 100, factor: 100, cause: 'cold-start' });
    world.until(75);
    expect(world.cluster.pod(0).mode).not.toHaveProperty('cause');
  });
});

describe('scaling down', () => {
  it('lets the newest go first: they drain for 3 s, are deleted for 7 s, and free their room exactly then', () => {
    const world = new TestWorld();
    world.scale('gala', 4, true);
    const operation = world.scale('gala', 2);
    expect(statesOf(world)).toEqual(['running', 'running', 'draining', 'draining']);
    world.until(9.999999);
    expect([reserved(world), operation.state, world.cluster.ledger.all.limited.value]).toEqual([[8, 8], 'running', 16_000]);
    world.until(10);
    expect([reserved(world), operation.state, world.cluster.ledger.all.limited.value]).toEqual([[4, 4], 'done', 8000]);
    expect(world.history(3).slice(-3)).toEqual([
      [0, 'draining'],
      [3, 'terminating'],
      [10, 'gone'],
    ]);
    expect(operation).toMatchObject({ requested: 2, done: 2 });
    expect(inS(operation.ended)).toBe(10);
  });

  it('serves what is in flight while it drains, and gets nothing new', () => {
    const world = new TestWorld();
    world.scale('gala', 2, true);
    world.scale('gala', 1);
    expect(world.cluster.pod(1).mode).toMatchObject({ weight: 0, receives: false, factor: 1000 });
    world.until(3);
    expect(world.cluster.pod(1).mode).toBeUndefined();
  });

  it('withdraws pods that are pending, at once', () => {
    const world = new TestWorld();
    world.scale('gala', 3);
    world.until(1.5); // the first is bound
    const operation = world.scale('gala', 1);
    expect(statesOf(world)).toEqual(['starting', 'gone', 'gone']);
    // The newer order waits for the pod that the older one is still starting, too.
    expect(operation).toMatchObject({ state: 'running', requested: 3, done: 2 });
    expect(world.controller.fleet.binder.waiting).toBe(0);
    world.until(100);
    expect(reserved(world)).toEqual([4, 0]);
    expect(world.history(1)).toEqual([[1.5, 'gone']]);
  });

  it('terminates a pod that still starts without draining, and drains one that warms up', () => {
    const world = new TestWorld();
    world.scale('gala', 2);
    world.until(63.5); // the first warms up since 63 s, the second starts until 64 s
    world.scale('gala', 0);
    world.until(100);
    expect(world.history(0).slice(1)).toEqual([
      [63, 'warming'],
      [63.5, 'draining'],
      [66.5, 'terminating'],
      [73.5, 'gone'],
    ]);
    expect(world.history(1)).toEqual([
      [2, 'starting'],
      [63.5, 'terminating'],
      [70.5, 'gone'],
    ]);
    expect(reserved(world)).toEqual([0, 0]);
  });

  it('does not count pods on their way out for the spread over the zones', () => {
    const world = new TestWorld();
    world.scale('gala', 2, true); // one in each zone
    world.scale('gala', 1); // the one in the west leaves
    world.scale('gala', 2);
    world.until(1);
    // East 1, west 0: the west it must be, although both nodes still hold a pod.
    expect(world.cluster.pod(2)).toMatchObject({ state: 'starting', zone: 1 });
  });

  it('gives a pod that comes again the role of the one that left, as its next incarnation', () => {
    const world = new TestWorld();
    world.scale('gala', 2, true);
    world.scale('gala', 1);
    world.until(20);
    world.scale('gala', 3);
    expect(world.cluster.pods.map(({ role, incarnation }) => [role.index, incarnation])).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 0],
    ]);
  });
});

describe('a newer order for the same pods', () => {
  it('supersedes the older one and waits for what that one still waited for', () => {
    const world = new TestWorld();
    const older = world.scale('gala', 3);
    world.until(10);
    const newer = world.scale('gala', 5);
    expect([older.state, older.done, reasonOf(older)]).toEqual(['superseded', 0, 'superseded by operation 1']);
    expect(inS(older.ended)).toBe(10);
    world.until(100);
    // The three that start, and two more, bound at 11 and 12 s: the last runs at 12 + 60 + 2 + 10 = 84 s.
    expect(newer).toMatchObject({ state: 'done', requested: 5, done: 5 });
    expect(inS(newer.ended)).toBe(84);
  });

  it('leaves orders for other apps alone', () => {
    const world = new TestWorld();
    const other = world.scale('sale', 1);
    world.scale('gala', 1);
    expect(other.state).toBe('running');
  });

  it('is done at once where nothing changes: scale is idempotent', () => {
    const world = new TestWorld();
    world.scale('gala', 2, true);
    expect(world.scale('gala', 2)).toMatchObject({ state: 'done', requested: 0, done: 0 });
    expect(statesOf(world)).toEqual(['running', 'running']);
  });

  it('is not done before the pods run, though it repeats an order that is under way', () => {
    const world = new TestWorld();
    const first = world.scale('gala', 2);
    world.until(1.5);
    const second = world.scale('gala', 2);
    expect([first.state, second.state, second.requested, second.done]).toEqual(['superseded', 'running', 2, 0]);
    world.until(100);
    expect([second.state, second.done, inS(second.ended)]).toEqual(['done', 2, 74]); // bound at 2 s, running 72 s later
  });
});

describe('an opening fleet', () => {
  it('is placed at once and warm, in turn over the zones', () => {
    const world = new TestWorld({ nodes: 4 });
    world.scale('gala', 5, true);
    expect(world.cluster.pods.map(({ state, zone, node }) => [state, zone, node])).toEqual([
      ['running', 0, 0],
      ['running', 1, 1],
      ['running', 0, 2],
      ['running', 1, 3],
      ['running', 0, 0],
    ]);
    expect(world.engine.pending).toBe(0);
    expect(world.controller.operations).toMatchObject([{ state: 'done', requested: 5, done: 5, ended: 0 }]);
  });

  it('brings up slots as one unit: the holder runs, the others are kept alive', () => {
    const world = new TestWorld({ nodes: 4 });
    const operation = world.reserve(3, 'sale', true);
    expect([0, 1, 2].map((slot) => [world.cluster.slot(slot).state, world.cluster.slot(slot).node, ...world.states(slot)])).toEqual([
      ['steady', 0, 'keep-alive', 'running'],
      ['steady', 1, 'keep-alive', 'running'],
      ['steady', 2, 'keep-alive', 'running'],
    ]);
    expect(operation).toMatchObject({ state: 'done', requested: 3, done: 3, ended: 0 });
  });

  it('waits with what fits no node until something is deleted', () => {
    const world = new TestWorld();
    world.scale('sale', 2, true);
    const operation = world.scale('gala', 12, true);
    // 24 cores a node: a pod of sale and five of gala; two are left over, and tried in vain at 1 and 2 s.
    expect(world.cluster.count(0, 'exclusive', 'running')).toBe(10);
    expect(operation).toMatchObject({ state: 'running', requested: 12, done: 10 });
    world.until(5);
    expect(statesOf(world).filter((state) => state === 'pending')).toHaveLength(2);
    expect([world.controller.fleet.binder.waiting, world.controller.fleet.binder.queue.active]).toEqual([2, false]);
    world.scale('sale', 0);
    world.until(100);
    // Drained at 8 s, deleted at 15 s, tried again: bound at 16 and 17 s, running 72 s later.
    expect(world.history(12)).toEqual([
      [16, 'starting'],
      [78, 'warming'],
      [88, 'running'],
    ]);
    expect(world.history(13)).toEqual([
      [17, 'starting'],
      [79, 'warming'],
      [89, 'running'],
    ]);
    expect([operation.state, operation.done, inS(operation.ended)]).toEqual(['done', 12, 89]);
  });
});

describe('the order of scheduling', () => {
  it('is by priority, then by the time of queueing', () => {
    const world = new TestWorld({ apps: [app('gala'), app('sale', { priority: 10 })] });
    world.scale('gala', 2);
    world.until(0.5);
    world.scale('sale', 2);
    world.until(10);
    // The scheduler is at gala's first pod when sale's arrive; they come next.
    expect([world.history(0), world.history(2), world.history(3), world.history(1)]).toEqual([
      [[1, 'starting']],
      [[2, 'starting']],
      [[3, 'starting']],
      [[4, 'starting']],
    ]);
  });

  it('tries what fitted nowhere again when something is deleted, but not before its backoff is over', () => {
    // 8 cores a node: gala fills both nodes, and is gone 0.2 s after it is told to go.
    const world = new TestWorld({ cpu: 8000, apps: [app('gala', { drain: seconds(0), terminate: seconds(0.2) }), app('sale')] });
    world.scale('gala', 4, true);
    world.scale('sale', 1);
    world.until(1); // refused: the backoff ends at 2 s
    world.scale('gala', 3); // room at 1.2 s
    world.until(5);
    expect(world.history(4)).toEqual([[3, 'starting']]); // tried from 2 s on
  });

  it('flushes what fits nowhere after five minutes: it is tried once more, in vain', () => {
    const world = new TestWorld({ cpu: 8000 });
    const { binder } = world.controller.fleet;
    /** Units in the queue, and those with the one that is being tried. */
    const waiting = () => [binder.queue.waiting, binder.waiting];
    world.scale('gala', 4, true);
    world.scale('sale', 1);
    world.until(300.9); // refused at 1 s
    expect(waiting()).toEqual([1, 1]);
    world.until(301.5); // flushed at 301 s
    expect(waiting()).toEqual([0, 1]);
    world.until(302); // refused again
    expect(waiting()).toEqual([1, 1]);
  });
});

describe('room that a switch gives back', () => {
  it('goes to pods that fitted nowhere: the extra of make-before-break', () => {
    // 13 cores a node: a slot of 5, a pod of 4, and 3 more for the switch: 1 is left. A pod of 4 fits when they are back.
    const world = new TestWorld({ cpu: 13_000 });
    world.reserve(2, 'gala', true);
    world.scale('gala', 2, true);
    world.switch(2, { order: 'make-before-break' });
    world.scale('sale', 2);
    world.until(11);
    expect(world.cluster.count(1, 'exclusive', 'pending')).toBe(2); // tried at 1 and 2 s
    world.until(20);
    // In 1.5 + push 2 + push 2 and drain 3 + out 2.5 = 11 s: then bound at 12 and 13 s.
    expect([world.history(6), world.history(7)]).toEqual([[[12, 'starting']], [[13, 'starting']]]);
  });
});

describe('slots at run time', () => {
  it('are bound as one unit; the holder warms up, the others go to keep-alive, then the slot is steady', () => {
    const world = new TestWorld();
    const operation = world.reserve(2, 'gala');
    expect(world.cluster.slot(0).state).toBe('pending');
    world.until(1);
    expect([world.cluster.slot(0).state, reserved(world)]).toEqual(['starting', [5, 0]]);
    world.until(73.999999);
    // Bound at 1 and 2 s. Started at 61 and 62 s; the holder's push takes 2 s, its warm-up 10 s.
    expect([0, 1, 2, 3].map((pod) => world.history(pod))).toEqual([
      [[1, 'starting'], [63, 'warming'], [73, 'running']],
      [[1, 'starting'], [61, 'keep-alive']],
      [[2, 'starting'], [64, 'warming']],
      [[2, 'starting'], [62, 'keep-alive']],
    ]); // prettier-ignore
    expect([world.cluster.slot(0).state, world.cluster.slot(1).state, operation.done]).toEqual(['steady', 'starting', 1]);
    world.until(74);
    expect(operation).toMatchObject({ state: 'done', requested: 2, done: 2 });
    expect(inS(operation.ended)).toBe(74);
  });

  it('are given back newest first; the room is free when the last tenant is gone', () => {
    const world = new TestWorld();
    world.reserve(4, 'gala', true);
    const operation = world.reserve(3, 'gala');
    // Kept alive: deleted at once, gone at 7 s. Holder: drains 3 s, gone at 10 s.
    world.until(9.999999);
    expect([world.states(3), world.cluster.slot(3).state, reserved(world)]).toEqual([['terminating', 'gone'], 'leaving', [10, 10]]);
    world.until(10);
    expect([world.states(3), world.cluster.slot(3).state, reserved(world)]).toEqual([['gone', 'gone'], 'gone', [10, 5]]);
    expect(operation).toMatchObject({ state: 'done', requested: 1, done: 1 });
    expect([0, 1, 2].map((slot) => world.cluster.slot(slot).state)).toEqual(['steady', 'steady', 'steady']);
  });

  it('are withdrawn at once while they are pending', () => {
    const world = new TestWorld();
    world.reserve(2, 'gala');
    world.until(0.5);
    expect(world.reserve(0, 'gala')).toMatchObject({ state: 'done', done: 2 });
    world.until(10);
    expect([statesOf(world), reserved(world)]).toEqual([
      ['gone', 'gone', 'gone', 'gone'],
      [0, 0],
    ]);
  });

  it('are not given back while they start; a refused order does not end the one before it', () => {
    const world = new TestWorld();
    const first = world.reserve(2, 'gala');
    world.until(5);
    const refused = world.reserve(0, 'gala');
    expect([refused.state, reasonOf(refused)]).toEqual([
      'refused',
      'only 0 of 2 slots can be given back; the others are starting or switching',
    ]);
    expect(first.state).toBe('running');
    world.until(80);
    expect([first.state, first.done, reasonOf(first)]).toEqual(['done', 2, undefined]);
  });

  it('that come later take the lowest number that no slot has: a role is one slot’s alone', () => {
    const world = new TestWorld();
    world.reserve(3, 'gala', true);
    world.switch(2, { by: 'node' }); // slots 0 and 2, on the first node
    world.reserve(2, 'gala'); // the newest that is steady leaves: slot 1
    world.reserve(4, 'gala');
    expect(world.controller.fleet.slots(0).map(({ index }) => index)).toEqual([0, 2, 1, 3]);
  });
});

it('leaks no pod: after everything is scaled to zero nothing is reserved, limited, resident, waiting or scheduled', () => {
  const names = fc.constantFrom('gala', 'sale');
  const order = fc.oneof(
    fc.record({ kind: fc.constant('scale' as const), name: names, count: fc.integer({ min: 0, max: 8 }), opening: fc.boolean() }),
    fc.record({ kind: fc.constant('reserve' as const), name: names, count: fc.integer({ min: 0, max: 5 }), opening: fc.boolean() }),
    fc.record({ kind: fc.constant('switch' as const), name: names, count: fc.integer({ min: 1, max: 4 }), opening: fc.boolean() }),
  );
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(fc.tuple(order, fc.integer({ min: 0, max: 90_000 })), { minLength: 3, maxLength: 25 }), (script) => {
      const world = new TestWorld({ nodes: 3, platform: platform({ steps: { failure: '0%' } }) });
      let now = 0;
      for (const [{ kind, name, count, opening }, wait] of script) {
        const other = name === 'gala' ? 'sale' : 'gala';
        const atStart = opening && now === 0;
        const made =
          kind === 'scale'
            ? world.scale(name, count, atStart)
            : kind === 'reserve'
              ? world.reserve(count, name, atStart)
              : world.switch(count, opening ? { order: 'make-before-break' } : {}, name, other);
        if (made.state !== 'refused') kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        now += wait / 1000;
        world.until(now);
      }
      for (const name of ['gala', 'sale']) world.scale(name, 0);
      world.until(now + 1000); // everything starts and switches to its end
      world.reserve(0, 'gala');
      world.until(now + 2000);
      expect(new Set(statesOf(world)).size === 0 || statesOf(world).every((state) => state === 'gone')).toBe(true);
      expect(world.cluster.slots.every((slot) => slot.state === 'gone' && slot.extra === undefined)).toBe(true);
      for (const node of world.cluster.nodes)
        expect(node).toMatchObject({ reservedMillicores: 0, reservedBytes: 0, pods: 0, slots: 0, limitedMillicores: 0, residentBytes: 0 });
      for (const quantity of quantities)
        expect([world.cluster.ledger.all, ...world.cluster.ledger.appZones.flat()].map((account) => account[quantity].value)).toEqual([
          0, 0, 0, 0, 0,
        ]);
      expect(world.cluster.pods.filter((pod) => pod.mode !== undefined)).toEqual([]);
      expect([world.cluster.occupied.value, world.controller.fleet.binder.waiting, world.engine.pending]).toEqual([0, 0, 0]);
      expect(world.controller.operations.filter(({ state }) => state === 'running')).toEqual([]);
    }),
    { seed: 11, numRuns: 150 },
  );
  for (const kind of ['scale', 'reserve', 'switch']) expect(kinds.get(kind), kind).toBeGreaterThan(100);
});
