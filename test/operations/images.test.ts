import { describe, expect, it } from 'vitest';
import { time } from '../../src/base/units.ts';
import type { PodSpecs } from '../../src/cluster/specs.ts';
import { pullAlone } from '../../src/operations/images.ts';
import { constantLaw } from '../../src/random/duration-law.ts';
import { app, gigabyte, inS, platform, seconds, TestWorld } from './support.ts';

const image = (size: number, preheated = 0): Partial<PodSpecs> => ({ image: { size: size * gigabyte, preheated } });
/** Nodes of 24 cores in turn in two zones, each with room for six pods; the scheduler binds one a second to the emptiest node, spread over the zones. */
const stage = (
  apps: readonly PodSpecs[],
  registry: { readonly bandwidth: string; readonly perNode?: string },
  nodes = 4,
  rate = '1/s',
): TestWorld => new TestWorld({ nodes, apps, platform: platform({ scheduler: { rate }, registry }) });
/** When the pod was bound, and when it began to start. */
const pulled = (world: TestWorld, pod: number) => world.history(pod).slice(0, 2);

describe('the registry', () => {
  it('is shared by three pulls that begin one after the other, and each end is what its shares add up to', () => {
    // 1 GB/s, images of 3 GB; pods of gala are bound to nodes 0, 1, 2 at 1, 2 and 3 s. GB got so far:
    //   until 2 s the first alone, 1/s: 1 · until 3 s two, 1/2 each: 1.5, 0.5 · from 3 s three, 1/3 each.
    //   The first lacks 1.5: 4.5 s more, done at 7.5 s; by then the second has 0.5 + 1.5 = 2, the third 1.5.
    //   Two, 1/2 each: the second lacks 1, done at 9.5 s; the third has 2.5. Alone it gets its last 0.5 by 10 s: 9 GB in 9 s.
    const world = stage([app('gala', image(3)), app('sale')], { bandwidth: '1GB/s', perNode: '1GB/s' });
    world.scale('gala', 3);
    world.until(100);
    expect([0, 1, 2].map((pod) => [world.cluster.pod(pod).node, ...pulled(world, pod)])).toEqual([
      [0, [1, 'pulling'], [7.5, 'starting']],
      [1, [2, 'pulling'], [9.5, 'starting']],
      [2, [3, 'pulling'], [10, 'starting']],
    ]);
  });

  it('gives no node more than a node can take, and what it cannot take to nobody', () => {
    // 4 GB/s, 1 GB/s a node: three nodes do not fill it. 3 GB take each 3 s from its own beginning.
    const world = stage([app('gala', image(3)), app('sale')], { bandwidth: '4GB/s', perNode: '1GB/s' });
    world.scale('gala', 3);
    world.until(100);
    expect([0, 1, 2].map((pod) => pulled(world, pod)[1])).toEqual([4, 5, 6].map((at) => [at, 'starting']));
  });

  it('shares what is left when more nodes pull than its bandwidth feeds at their full speed', () => {
    // 2 GB/s, 1 GB/s a node, 4 GB: bound at 1, 2, 3 s. Two pull at 1 each until 3 s: 2 and 1 GB. Three at 2/3 each: the first lacks 2 GB, done at 6 s;
    // by then the second has 3, the third 2. Two at 1 each again: done at 7 and 8 s.
    const world = stage([app('gala', image(4)), app('sale')], { bandwidth: '2GB/s', perNode: '1GB/s' });
    world.scale('gala', 3);
    world.until(100);
    expect([0, 1, 2].map((pod) => pulled(world, pod)[1])).toEqual([6, 7, 8].map((at) => [at, 'starting']));
  });
});

describe('an image', () => {
  it('of no size is everywhere: the pod starts as soon as it is bound', () => {
    const world = stage([app('gala'), app('sale')], { bandwidth: '1GB/s' });
    world.scale('gala', 1);
    world.until(2);
    expect(world.history(0)).toEqual([[1, 'starting']]);
  });

  it('is pulled once for the pods that wait for it on a node, and stays for those that come later', () => {
    // Two nodes of one zone each: pods 0 and 2 on node 0, 1 and 3 on node 1. 2 GB/s, a node 1 GB/s, 5 GB: 1 → 6 s and 2 → 7 s; the pods bound at 3 and 4 s join.
    const world = stage([app('gala', image(5)), app('sale')], { bandwidth: '2GB/s', perNode: '1GB/s' }, 2);
    world.scale('gala', 4);
    world.until(20);
    expect([0, 1, 2, 3].map((pod) => [world.cluster.pod(pod).node, ...pulled(world, pod)])).toEqual([
      [0, [1, 'pulling'], [6, 'starting']],
      [1, [2, 'pulling'], [7, 'starting']],
      [0, [3, 'pulling'], [6, 'starting']],
      [1, [4, 'pulling'], [7, 'starting']],
    ]);
    world.scale('gala', 5);
    world.until(30);
    expect(world.history(4)).toEqual([[21, 'starting']]);
  });

  it('waits for another one that the node pulls: a node pulls one at a time, in the order asked', () => {
    // One node. A slot bound at 1 s asks for gala's 2 GB, then sale's 4 GB, at 1 GB/s: there at 3 s and 7 s. The tenants start each with its own.
    const world = stage([app('gala', image(2)), app('sale', image(4))], { bandwidth: '1GB/s' }, 1);
    world.reserve(1, 'gala');
    world.until(100);
    expect([0, 1].map((pod) => world.history(pod))).toEqual([
      [[1, 'pulling'], [3, 'starting'], [65, 'warming'], [75, 'running']],
      [[1, 'pulling'], [7, 'starting'], [67, 'keep-alive']],
    ]); // prettier-ignore
    expect(world.cluster.slot(0).state).toBe('steady');
  });

  it('reserves its pod’s request while it is pulled, and limits nothing: nothing runs yet', () => {
    const world = stage([app('gala', image(5)), app('sale')], { bandwidth: '1GB/s' });
    world.scale('gala', 1);
    world.until(3);
    const [node] = world.cluster.nodes;
    expect([node?.reservedMillicores, node?.limitedMillicores, node?.residentBytes]).toEqual([4000, 0, 0]);
    world.until(6);
    expect([node?.reservedMillicores, node?.limitedMillicores]).toEqual([4000, 4000]);
  });

  it('comes to its node also when its pod is given up meanwhile; the pod is gone at once, and one that queues behind is not pulled', () => {
    // One node, 1 GB/s: gala's 5 GB from 1 s on, sale's 2 GB behind it. Both pods are given up at 4 s: gala's image comes at 6 s, sale's never.
    const world = stage([app('gala', image(5)), app('sale', image(2))], { bandwidth: '1GB/s' }, 1);
    world.scale('gala', 1);
    world.scale('sale', 1);
    world.until(4);
    const operation = world.scale('gala', 0);
    world.scale('sale', 0);
    expect(world.cluster.pods.map(({ state }) => state)).toEqual(['gone', 'gone']);
    expect([operation.state, inS(operation.ended)]).toEqual(['done', 4]);
    world.until(20);
    expect([...(world.cluster.nodes[0]?.images ?? [])]).toEqual([0]);
    world.scale('gala', 1);
    world.scale('sale', 1);
    world.until(30);
    expect(world.history(2)[0]).toEqual([21, 'starting']);
    expect(pulled(world, 3)).toEqual([[22, 'pulling'], [24, 'starting']]); // prettier-ignore
  });

  it('is on the nodes of the opening fleet', () => {
    const world = stage([app('gala', image(5)), app('sale')], { bandwidth: '1GB/s' }, 4);
    world.scale('gala', 2, true); // nodes 0 and 1
    expect(world.cluster.nodes.map(({ images }) => images.has(0))).toEqual([true, true, false, false]);
  });

  it.each([
    [0.5, [true, true, true, true, false, false]], // three nodes a zone, the first ⌈1.5⌉
    [0.01, [true, true, false, false, false, false]],
    [1, [true, true, true, true, true, true]],
    [0, [false, false, false, false, false, false]],
  ])('preheated to %d is on the first nodes of each zone, rounded up', (share, expected) => {
    const world = stage([app('gala', image(5, share)), app('sale')], { bandwidth: '1GB/s' }, 6);
    expect(world.cluster.nodes.map(({ images }) => images.has(0))).toEqual(expected);
  });

  it('takes a node that pulls alone its size by the narrower of the two bandwidths; nothing where all nodes have it', () => {
    const registry = { bandwidth: 4 * gigabyte, perNode: gigabyte };
    expect(pullAlone(app('gala', image(3)), registry)).toBe(seconds(3));
    expect(pullAlone(app('gala', image(3)), { ...registry, bandwidth: gigabyte / 2 })).toBe(seconds(6));
    expect(pullAlone(app('gala', image(3, 1)), registry)).toBe(0);
    expect(pullAlone(app('gala'), registry)).toBe(0);
  });
});

describe('a node that is lost while it pulls', () => {
  // Two nodes, 1 GB/s, images of 6 GB: pods bound at 1 and 2 s. By 4 s the first node has 1 + 1 GB, the second 1. Then node 0 is lost.
  const lost = (length: number): TestWorld => {
    const world = new TestWorld({
      apps: [app('gala', image(6)), app('sale')],
      platform: platform({
        registry: { bandwidth: '1GB/s', perNode: '1GB/s' },
        nodeLoss: { unregister: '3s', detect: '10s', evict: '20s' },
      }),
      faults: [{ kind: 'node-loss', begins: { at: time(seconds(4)) }, for: constantLaw(seconds(length)), nodes: [0], speed: 1000 }],
    });
    world.scale('gala', 2);
    world.until(200);
    return world;
  };

  it('leaves its share to the others, and pulls from the beginning when it is back', () => {
    // The second node gets its last 5 GB alone: 9 s. Node 0 is back at 20 s and needs 6 s.
    const world = lost(16);
    expect([0, 1].map((pod) => world.history(pod).slice(0, 4))).toEqual([
      [[1, 'pulling'], [4, 'failed'], [20, 'pulling'], [26, 'starting']],
      [[2, 'pulling'], [9, 'starting'], [71, 'warming'], [81, 'running']],
    ]); // prettier-ignore
  });

  it('forgets the pull when it stays away, and its pod is given up', () => {
    // Given up at 4 + 10 + 20 s. The one made anew waits: there is no other node in its zone.
    const world = lost(1000);
    expect(world.history(0)).toEqual([[1, 'pulling'], [4, 'failed'], [34, 'gone']]); // prettier-ignore
    expect(world.cluster.pods.map(({ state }) => state)).toEqual(['gone', 'running', 'pending']);
  });
});
