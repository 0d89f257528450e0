import { describe, expect, it } from 'vitest';
import { constantLaw } from '../../src/random/duration-law.ts';
import { app, platform, seconds, TestWorld } from './support.ts';

/** One node; pods of 4 cores, one bound a second; a start takes `startup` s with all of its `startupCpu` cores; push 2 s. */
const stage = (startup: number, startupCpu: number, cpu: number): TestWorld =>
  new TestWorld({
    nodes: 1,
    cpu: cpu * 1000,
    apps: [app('gala', { startup: constantLaw(seconds(startup)), startupCpu: startupCpu * 1000 }), app('sale')],
    platform: platform(),
  });
/** When each pod began to start and what came next. */
const starts = (world: TestWorld, pods: number) => Array.from({ length: pods }, (_, pod) => world.history(pod).slice(0, 2));
/** Cores that starting pods use, and core-seconds so far. */
const used = (world: TestWorld) => (world.cluster.ledger.apps[0]?.starting.value ?? 0) / 1000;
const work = (world: TestWorld) => (world.cluster.ledger.apps[0]?.starting.integral(world.engine.now) ?? 0) / 1e9;

describe('the CPU of a start', () => {
  it('is not looked at where the app says nothing of it', () => {
    const world = stage(60, 0, 24);
    world.scale('gala', 1);
    world.until(30);
    expect([used(world), world.cluster.pod(0).limits.millicores]).toEqual([0, 4000]);
    world.until(100);
    expect(starts(world, 1)).toEqual([[[1, 'starting'], [63, 'warming']]]); // prettier-ignore
  });

  it('is used within the limit for as long as the start takes, and not while clients are told', () => {
    const world = stage(60, 3, 24);
    world.scale('gala', 1);
    world.until(30);
    expect([used(world), world.cluster.pod(0).limits.millicores]).toEqual([3, 4000]);
    world.until(62);
    expect([used(world), work(world)]).toEqual([0, 180]);
    world.until(100);
    expect(starts(world, 1)).toEqual([[[1, 'starting'], [63, 'warming']]]); // prettier-ignore
  });

  it('goes beyond the limit on a node that has room, and the limit with it', () => {
    const world = stage(60, 7, 24);
    world.scale('gala', 1);
    world.until(30);
    const [node] = world.cluster.nodes;
    expect([used(world), world.cluster.pod(0).limits.millicores, node?.limitedMillicores, node?.reservedMillicores]).toEqual([
      7, 7000, 7000, 4000,
    ]);
    world.until(62);
    expect([used(world), work(world), world.cluster.pod(0).limits.millicores, node?.burstMillicores]).toEqual([0, 420, 4000, 0]);
  });

  it('is shared by pods that start on one node at the same time: three bursts of 3 cores, where 6 are left', () => {
    // 18 cores, 38 s with 7 cores: 266 core-seconds each. Bound at 1, 2 and 3 s; while one or two start, 14 and 10 cores are left, enough for 3 each.
    // From 3 s on 6 are left, 2 each: 6 cores. The first, 252 to go after 2 s at 7, ends at 3 + 42 = 45 s. The second, 7 after 1 s at 7 and 42 s at 6, has 7 to go: with
    // 3 each again it ends at 46 s; the third, 14 to go at 45 s, at 47 s.
    const world = stage(38, 7, 18);
    world.scale('gala', 3);
    world.until(10);
    expect([used(world), world.cluster.nodes[0]?.burstMillicores]).toEqual([18, 6000]);
    world.until(100);
    expect(starts(world, 3)).toEqual([
      [[1, 'starting'], [47, 'warming']],
      [[2, 'starting'], [48, 'warming']],
      [[3, 'starting'], [49, 'warming']],
    ]); // prettier-ignore
    expect(work(world)).toBe(3 * 266);
  });

  it('takes longer where nothing is left: 4 of 8 cores, twice as long', () => {
    const world = stage(30, 8, 4);
    world.scale('gala', 1);
    world.until(100);
    expect(starts(world, 1)).toEqual([[[1, 'starting'], [63, 'warming']]]); // prettier-ignore
  });

  it('gives way to what is bound to the node meanwhile', () => {
    // 8 cores, 30 s with 8: alone from 1 to 11 s: 80 of 240 core-seconds. A pod of sale takes the other 4 cores at 11 s: 160 ÷ 4 = 40 s more.
    const world = stage(30, 8, 8);
    world.scale('gala', 1);
    world.until(10);
    world.scale('sale', 1);
    world.until(100);
    expect(starts(world, 1)).toEqual([[[1, 'starting'], [53, 'warming']]]); // prettier-ignore
  });

  it('is there for the others when a start is given up', () => {
    // 12 cores, 30 s with 8: both get 4 + 2 from 2 s on, after 1 s at 8 for the first. At 12 s the second is given up; its request stays reserved until 19 s, its burst does not:
    // the first, 240 − 8 − 60 = 172 to go, gets 8 and ends at 12 + 21.5 s.
    const world = stage(30, 8, 12);
    world.scale('gala', 2);
    world.until(12);
    world.scale('gala', 1);
    world.until(100);
    expect(starts(world, 2)).toEqual([
      [[1, 'starting'], [35.5, 'warming']],
      [[2, 'starting'], [12, 'terminating']],
    ]); // prettier-ignore
  });

  it('is short for a tenant that is kept alive: it starts on 1 core and what is left', () => {
    // A slot of 5 cores on a node of 7: 2 are left. gala holds it and starts on its own 4; sale, with 1 + 2 of 4, takes 60 · 4 ÷ 3 = 80 s.
    const world = new TestWorld({
      nodes: 1,
      cpu: 7000,
      apps: [app('gala', { startupCpu: 4000 }), app('sale', { startupCpu: 4000 })],
    });
    world.reserve(1, 'gala');
    world.until(200);
    expect(starts(world, 2)).toEqual([
      [[1, 'starting'], [63, 'warming']],
      [[1, 'starting'], [81, 'keep-alive']],
    ]); // prettier-ignore
  });

  it('what if 20 pods start at once on one node? Then 96 cores do 20 · 480 core-seconds: 100 s instead of 60', () => {
    // 20 pods of 4 cores that would use 8 for 60 s, bound within 20 ms: 16 cores are left, 0.8 a pod, and 480 ÷ 4.8 = 100 s.
    const spec = app('gala', { pod: { cpu: 4000, memory: 2e9 }, startupCpu: 8000 });
    const world = new TestWorld({
      nodes: 1,
      cpu: 96_000,
      apps: [spec, app('sale')],
      platform: platform({ scheduler: { rate: '1000/s' } }),
    });
    world.scale('gala', 20);
    world.until(300);
    for (const [begun, ended] of starts(world, 20)) expect((ended?.[0] ?? NaN) - (begun?.[0] ?? NaN) - 2).toBeCloseTo(100, 1);
    expect(work(world)).toBeCloseTo(20 * 480, 1);
  });
});
