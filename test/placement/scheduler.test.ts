import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { time } from '../../src/base/units.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { type Profile, profileSchema } from '../../src/placement/profile.ts';
import { type Choice, Scheduler } from '../../src/placement/scheduler.ts';
import type { Request } from '../../src/placement/unit.ts';
import { gigabyte } from '../operations/support.ts';
import { cluster, request } from './support.ts';

/** Only the scores that a test is about: NodeResourcesFit at weight 1, PodTopologySpread at 2. */
const profile = (scoring: Profile['scoring'], whenUnsatisfiable: Profile['zoneSpread']['whenUnsatisfiable'], maxSkew = 1): Profile => ({
  ...profileSchema.parse({ scoring, zoneSpread: { maxSkew, whenUnsatisfiable } }),
  weights: { NodeResourcesFit: 1, NodeResourcesBalancedAllocation: 0, TaintToleration: 0, NodeAffinity: 0, PodTopologySpread: 2 },
});
const nodeOf = (choice: Choice): number | undefined => ('node' in choice ? choice.node : undefined);

/** Places pods of the apps one after the other; their nodes, undefined where none was found. */
function place(of: Cluster, by: Profile, apps: readonly number[]): readonly (number | undefined)[] {
  const scheduler = new Scheduler(of, by);
  return apps.map((index) => {
    const wanted = request(of, index);
    const chosen = nodeOf(scheduler.choose(wanted));
    if (chosen !== undefined && wanted.unit.kind === 'pod') of.placePod(time(0), wanted.unit.pod, chosen);
    return chosen;
  });
}

describe('whole placements, by hand', () => {
  // Nodes of 16 cores and 32 GB; a small pod takes 4 cores and 8 GB, a quarter of both. Zones of nodes 0 to 3: 0, 1, 0, 1.
  it('LeastAllocated with DoNotSchedule alternates the zones and takes the emptier node, the lower index of equals', () => {
    // All empty: 75 each → 0. Zone 0 has one, so zone 1: nodes 1 and 3 equal → 1. Then both zones: 2 and 3 are empty (75 > 50) → 2. Zone 1: 3 (75) > 1 (50) → 3. All equal → 0, then zone 1 → 1.
    expect(place(cluster(4, 2), profile('LeastAllocated', 'DoNotSchedule'), [0, 0, 0, 0, 0, 0])).toEqual([0, 1, 2, 3, 0, 1]);
  });

  it('MostAllocated with DoNotSchedule alternates the zones too, but fills one node of each', () => {
    // 0; zone 1 → 1; nodes 0 and 1 score 50 > 25 → 0; zone 1 → 1; … four pods fill nodes 0 and 1, then 2 and 3.
    expect(place(cluster(4, 2), profile('MostAllocated', 'DoNotSchedule'), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0])).toEqual([
      0, 1, 0, 1, 0, 1, 0, 1, 2, 3,
    ]);
  });

  it('MostAllocated with ScheduleAnyway packs only as far as the spread, at weight 2, lets it', () => {
    // First: 25 + 2·100 on all → 0. Second: zone 0 raw 1 → 0, zone 1 → 100: 50 + 0 < 25 + 200 → 1.
    // Third: counts 1, 1 → 100 both: node 0 50 + 200 → 0. Fourth: counts 2, 1 → 33, 100: node 2 25 + 66, node 0 75 + 66 = 141 < node 1 50 + 200 → 1.
    expect(place(cluster(4, 2), profile('MostAllocated', 'ScheduleAnyway'), [0, 0, 0, 0])).toEqual([0, 1, 0, 1]);
  });

  it('ScheduleAnyway goes on where DoNotSchedule has no node left that would keep the skew', () => {
    // Three nodes: zone 0 has nodes 0 and 2, zone 1 has node 1, which holds four pods. The tenth pod finds zone 1 full.
    const pods = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const hard = place(cluster(3, 2), profile('LeastAllocated', 'DoNotSchedule'), pods);
    const soft = place(cluster(3, 2), profile('LeastAllocated', 'ScheduleAnyway'), pods);
    // Hard: zones 4 and 4, the ninth makes it 5 and 4, the tenth would make it 6 and 4: nowhere.
    expect(hard.map((node) => (node === undefined ? undefined : node % 2))).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, undefined]);
    expect(soft.map((node) => (node === undefined ? undefined : node % 2))).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 0]);
  });

  it('spreads each app by itself', () => {
    // The large pod's app has none yet: all zones pass; (16 − 10 − reserved)/16 CPU: empty nodes score best. Node 0 has a small one: node 1 is the lowest empty.
    expect(place(cluster(4, 2), profile('LeastAllocated', 'DoNotSchedule'), [0, 1, 1])).toEqual([0, 1, 2]);
  });

  it('normalises the spread over the zones that have a node left, as upstream does over filtered nodes', () => {
    // Zones 0, 1, 2 have nodes 0 and 3, 1 and 4, 2 and 5, of 16 cores. Pods of the app: 7 in zone 0, 8 in zone 1, none in zone 2, whose nodes are full of others.
    const of = cluster(6, 3);
    const scheduler = new Scheduler(of, profile('LeastAllocated', 'ScheduleAnyway'));
    for (const index of [2, 5]) of.node(index).reservedMillicores = 16_000;
    for (const index of [0, 3]) of.node(index).reservedMillicores = 8000;
    const wanted = request(of, 0);
    scheduler.count(wanted, 0, 7);
    scheduler.count(wanted, 1, 8);
    // CPU and memory: zone 0 (25 + 75) ÷ 2 = 50, zone 1 75. Spread over zones 0 and 1, ln 4: raw round(9.70) = 10, round(11.09) = 11 → 100, ⌊100·10 ÷ 11⌋ = 90.
    // 50 + 200 = 250 < 75 + 180 = 255 → node 1. With the full zone in it, ln 5: raw 11, 13, 0 → 15, 0: 50 + 30 = 80 > 75 would have been node 0.
    expect(scheduler.choose(wanted)).toEqual({ node: 1 });
  });

  it('is limited to a zone where one is named, and counts what it placed there', () => {
    const of = cluster(4, 2);
    const scheduler = new Scheduler(of, profile('LeastAllocated', 'DoNotSchedule'));
    expect(scheduler.choose(request(of, 0), 1)).toEqual({ node: 1 });
    expect(scheduler.choose(request(of, 0), 1)).toEqual({ refusedBy: new Set(['PodTopologySpread']) }); // 1 + 1 − 0 = 2 > 1
    expect(scheduler.choose(request(of, 0), 0)).toEqual({ node: 0 });
  });
});

/** The choice spelt out: score every node, then the best, the first of equals. */
function slowChoice(of: Cluster, by: Profile, counts: readonly number[], wanted: Request): number | undefined {
  const { maxSkew, whenUnsatisfiable } = by.zoneSpread;
  const hard = whenUnsatisfiable === 'DoNotSchedule';
  const emptiest = Math.min(...counts);
  const left = of.nodes.filter((node) => {
    const room =
      node.reservedMillicores + wanted.claim.millicores <= node.millicores &&
      node.reservedBytes + wanted.claim.bytes <= node.bytes &&
      node.pods + wanted.claim.pods <= node.podLimit;
    return room && !(hard && (counts[node.zone] ?? 0) + 1 - emptiest > maxSkew);
  });
  const zones = new Set(left.map((node) => node.zone)).size;
  const raw = (zone: number) => Math.round((counts[zone] ?? 0) * Math.log(zones + 2) + maxSkew - 1);
  const raws = left.map((node) => raw(node.zone));
  const scored = left.map((node) => {
    const share = (used: number, most: number) =>
      by.scoring === 'LeastAllocated' ? Math.floor(((most - used) * 100) / most) : Math.floor((used * 100) / most);
    const fit = Math.floor(
      (share(node.reservedMillicores + wanted.claim.millicores, node.millicores) +
        share(node.reservedBytes + wanted.claim.bytes, node.bytes)) /
        2,
    );
    const [most, least] = [Math.max(...raws), Math.min(...raws)];
    const spread = most === 0 ? 100 : Math.floor((100 * (most + least - raw(node.zone))) / most);
    return { index: node.index, score: hard ? fit : fit + 2 * spread };
  });
  const best = Math.max(...scored.map(({ score }) => score));
  return scored.find(({ score }) => score === best)?.index;
}

it('chooses what an argmax over all nodes would, on 300 random states', () => {
  let none = 0;
  const state = fc.record({
    scoring: fc.constantFrom('LeastAllocated' as const, 'MostAllocated' as const),
    when: fc.constantFrom('DoNotSchedule' as const, 'ScheduleAnyway' as const),
    maxSkew: fc.integer({ min: 1, max: 3 }),
    zones: fc.integer({ min: 1, max: 4 }),
    app: fc.integer({ min: 0, max: 1 }),
    nodes: fc.array(
      fc.record({
        cores: fc.integer({ min: 0, max: 16 }),
        gigabytes: fc.integer({ min: 0, max: 32 }),
        pods: fc.integer({ min: 0, max: 5 }),
      }),
      { minLength: 4, maxLength: 12 },
    ),
    counts: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 4, maxLength: 4 }),
  });
  fc.assert(
    fc.property(state, ({ scoring, when, maxSkew, zones, app, nodes, counts }) => {
      const of = cluster(nodes.length, zones, { pods: 5 });
      nodes.forEach(({ cores, gigabytes, pods }, index) => {
        const node = of.node(index);
        [node.reservedMillicores, node.reservedBytes, node.pods] = [cores * 1000, gigabytes * gigabyte, pods];
      });
      const by = profile(scoring, when, maxSkew);
      const scheduler = new Scheduler(of, by);
      const placed = counts.slice(0, zones);
      const wanted = request(of, app);
      placed.forEach((count, zone) => {
        scheduler.count(wanted, zone, count);
      });
      const expected = slowChoice(of, by, placed, wanted);
      if (expected === undefined) none++;
      expect(nodeOf(scheduler.choose(wanted))).toBe(expected);
      // What it chose counts from now on.
      const now = placed.map((count, zone) => count + (expected !== undefined && of.node(expected).zone === zone ? 1 : 0));
      expect(nodeOf(scheduler.choose(wanted))).toBe(slowChoice(of, by, now, wanted));
    }),
    { seed: 11, numRuns: 300 },
  );
  expect(none).toBeGreaterThan(20);
  expect(none).toBeLessThan(200);
});
