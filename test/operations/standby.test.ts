import { describe, expect, it } from 'vitest';
import { time } from '../../src/base/units.ts';
import { constantLaw } from '../../src/random/duration-law.ts';
import { app, gigabyte, inS, platform, seconds, TestWorld } from './support.ts';

const states = (world: TestWorld) => world.cluster.pods.map(({ state }) => state);
const reserved = (world: TestWorld) => world.cluster.nodes.reduce((sum, node) => sum + node.reservedMillicores, 0) / 1000;
const lone = () => [app('gala'), app('sale')];

// Nodes of 24 cores in two zones; pods of 4 cores. One bound pod a second, start-up 60 s, push 2 s, warm-up 10 s, drain 3 s, deletion 7 s.
describe('a pod that stands by', () => {
  it('is bound, started, and then waits without traffic, all its requests reserved and its limits in force', () => {
    const world = new TestWorld();
    const operation = world.scale('gala', 1, false, 2);
    world.until(100);
    expect([0, 1, 2].map((pod) => world.history(pod))).toEqual([
      [[1, 'starting'], [63, 'warming'], [73, 'running']],
      [[2, 'starting'], [62, 'standby']],
      [[3, 'starting'], [63, 'standby']],
    ]); // prettier-ignore
    expect(operation).toMatchObject({ state: 'done', requested: 3, done: 3 });
    expect(inS(operation.ended)).toBe(73);
    expect([reserved(world), world.cluster.pod(1).limits.millicores, world.cluster.pod(1).mode?.weight]).toEqual([12, 4000, 0]);
  });

  it('pulls its image first', () => {
    const image = { size: 5 * gigabyte, preheated: 0 };
    const world = new TestWorld({ apps: [app('gala', { image }), app('sale')], platform: platform({ registry: { perNode: '1GB/s' } }) });
    world.scale('gala', 0, false, 1);
    world.until(100);
    expect(world.history(0)).toEqual([[1, 'pulling'], [6, 'starting'], [66, 'standby']]); // prettier-ignore
  });

  it('is activated by a push and a warm-up, 12 s instead of 73; another one is created in its place', () => {
    const world = new TestWorld();
    world.scale('gala', 1, true, 1);
    expect(states(world)).toEqual(['running', 'standby']);
    world.until(100);
    const operation = world.scale('gala', 2, false, 1);
    world.until(200);
    expect([1, 2].map((pod) => world.history(pod).filter(([at]) => at > 0))).toEqual([
      [[102, 'warming'], [112, 'running']],
      [[101, 'starting'], [161, 'standby']],
    ]); // prettier-ignore
    expect([operation.requested, inS(operation.ended)]).toEqual([2, 161]);
  });

  it('is not replaced where the order leaves `standby` out: an order says all there is to be', () => {
    const world = new TestWorld();
    world.scale('gala', 1, true, 3);
    world.scale('gala', 2);
    world.until(50);
    expect(states(world)).toEqual(['running', 'running', 'gone', 'gone']);
  });

  it('misses as a cold start while it is activated', () => {
    const world = new TestWorld();
    world.scale('gala', 1, true, 1);
    expect(world.cluster.pod(1).mode).toMatchObject({ weight: 0 });
    expect(world.cluster.pod(1).mode?.cause).toBeUndefined();
    world.scale('gala', 2);
    expect(world.cluster.pod(1).mode).toMatchObject({ weight: 0, cause: 'cold-start' });
    world.until(2);
    expect(world.cluster.pod(1).mode).toMatchObject({ weight: 100, cause: 'cold-start' });
  });
});

describe('which pods are activated', () => {
  it('are first those of the zone with the fewest wanted pods, then the oldest', () => {
    // Wanted: pod 0 in zone 0. Standing by: 1 (zone 1), 2 (0), 3 (1), 4 (0). Zone 1 has none: 1; then one each: the oldest, 2; then zone 1 has fewer: 3.
    const world = new TestWorld();
    world.scale('gala', 1, true, 4);
    expect(world.cluster.pods.map(({ zone }) => zone)).toEqual([0, 1, 0, 1, 0]);
    const claimed = [2, 3, 4].map((pods) => {
      world.scale('gala', pods, false, 5 - pods);
      return world.cluster.pods.map(({ standby }) => (standby ? 's' : 'w')).join('');
    });
    expect(claimed).toEqual(['wwsss', 'wwwss', 'wwwws']);
  });

  it('are those nearest to standing by; what is still on its way goes on and is announced when it has started', () => {
    // Standing-by pods 1 and 2 are bound at 1 and 2 s. Asked for at 61.5 s, the first stands by since 61 s: push, then warm from 63.5 s on.
    // The second starts until 62 s, then it is pushed until 64 s.
    const world = new TestWorld();
    world.scale('gala', 1, true);
    world.scale('gala', 1, false, 2);
    world.until(61.5);
    world.scale('gala', 3);
    world.until(100);
    expect([1, 2].map((pod) => world.history(pod).slice(1))).toEqual([
      [[61, 'standby'], [63.5, 'warming'], [73.5, 'running']],
      [[62, 'standby'], [64, 'warming'], [74, 'running']],
    ]); // prettier-ignore
  });

  it('may be one that still waits for its node', () => {
    const world = new TestWorld();
    world.scale('gala', 0, false, 1);
    world.until(0.5);
    world.scale('gala', 1);
    world.until(100);
    expect(world.history(0)).toEqual([[1, 'starting'], [63, 'warming'], [73, 'running']]); // prettier-ignore
  });
});

describe('a pod that is not wanted any more', () => {
  it('drains and stands by, as far as there is room; the newest leaves first', () => {
    const world = new TestWorld();
    world.scale('gala', 4, true);
    const operation = world.scale('gala', 1, false, 2);
    world.until(50);
    expect([3, 2, 1].map((pod) => world.history(pod).filter(([, state]) => !['starting', 'warming', 'running'].includes(state)))).toEqual([
      [[0, 'draining'], [3, 'standby']],
      [[0, 'draining'], [3, 'standby']],
      [[0, 'draining'], [3, 'terminating'], [10, 'gone']],
    ]); // prettier-ignore
    expect([operation.requested, operation.done, inS(operation.ended)]).toEqual([3, 3, 10]);
  });

  it('is not taken back while it drains: the next one is created', () => {
    const world = new TestWorld();
    world.scale('gala', 2, true);
    world.scale('gala', 1, false, 1);
    world.until(1);
    world.scale('gala', 2, false, 1);
    world.until(4);
    expect(states(world)).toEqual(['running', 'standby', 'starting']);
  });

  it('stays where it is in the cold path, and stands by at its end', () => {
    const world = new TestWorld();
    world.scale('gala', 2);
    world.until(1.5); // the first starts and has been announced for 63 s, the second waits
    world.scale('gala', 0, false, 2);
    world.until(100);
    expect([0, 1].map((pod) => world.history(pod))).toEqual([
      [[1, 'starting'], [63, 'standby']],
      [[2, 'starting'], [62, 'standby']],
    ]); // prettier-ignore
  });

  it('takes back the registration that is under way', () => {
    const world = new TestWorld();
    world.scale('gala', 1, true, 1);
    world.scale('gala', 2, false, 0);
    world.until(1);
    const operation = world.scale('gala', 1, false, 1);
    expect([operation.state, operation.requested]).toEqual(['done', 1]);
    world.until(50);
    expect(states(world)).toEqual(['running', 'standby']);
  });
});

describe('a pod that need not stand by any more', () => {
  it('is deleted without a drain: it had no traffic', () => {
    const world = new TestWorld();
    world.scale('gala', 1, true, 1);
    world.scale('gala', 1);
    world.until(20);
    expect(world.history(1).slice(2)).toEqual([[0, 'terminating'], [7, 'gone']]); // prettier-ignore
    expect(reserved(world)).toBe(4);
  });

  it('is deleted at the end of its drain, if it drains', () => {
    const world = new TestWorld();
    world.scale('gala', 2, true);
    world.scale('gala', 1, false, 1);
    world.until(1);
    world.scale('gala', 1);
    world.until(20);
    expect(world.history(1).slice(3)).toEqual([[0, 'draining'], [3, 'terminating'], [10, 'gone']]); // prettier-ignore
  });

  it('is withdrawn if it waits for a node', () => {
    const world = new TestWorld();
    world.scale('gala', 0, false, 2);
    world.scale('gala', 0, false, 1); // the newest leaves
    world.until(0.5);
    expect(states(world)).toEqual(['pending', 'gone']);
  });
});

describe('a pod that stands by on a node that is lost', () => {
  const lost = (length: number): TestWorld => {
    const world = new TestWorld({
      nodes: 4,
      platform: platform({ nodeLoss: { unregister: '3s', detect: '10s', evict: '20s' } }),
      faults: [{ kind: 'node-loss', begins: { at: time(seconds(100)) }, for: constantLaw(seconds(length)), nodes: [1], speed: 1000 }],
    });
    world.scale('gala', 1, true, 1);
    expect(world.cluster.pods.map(({ node }) => node)).toEqual([0, 1]);
    return world;
  };

  it('starts again when the node is back in time, and is missing to nobody', () => {
    const world = lost(20);
    world.until(110);
    expect(world.cluster.pod(1).mode?.cause).toBeUndefined();
    world.until(300);
    expect(world.history(1).slice(-3)).toEqual([[100, 'failed'], [120, 'starting'], [180, 'standby']]); // prettier-ignore
  });

  it('is made anew to stand by when the node stays away: given up at 130 s, bound a second later', () => {
    const world = lost(1000);
    world.until(300);
    expect(world.history(1).slice(-2)).toEqual([[100, 'failed'], [130, 'gone']]); // prettier-ignore
    expect(world.history(2)).toEqual([[131, 'starting'], [191, 'standby']]); // prettier-ignore
    expect([...world.controller.fleet.standby.pool(0)].map(({ id }) => id)).toEqual([2]);
  });

  it('is no pod to activate: another one is created', () => {
    const world = lost(1000);
    world.until(110);
    world.scale('gala', 2, false, 1);
    world.until(300);
    expect(world.history(2).at(-1)).toEqual([183, 'running']); // bound at 111 s: 60 + 2 + 10 s
  });
});

it('pods that stand by count among those for which an order is refused as too large', () => {
  const world = new TestWorld({ apps: lone() });
  // Two nodes of 110 pods: ten times 220.
  expect(world.scale('gala', 1000, false, 1201)).toMatchObject({ state: 'refused' });
});
