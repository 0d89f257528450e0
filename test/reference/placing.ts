import { log } from '../../src/base/elementary.ts';
import { matches } from '../../src/cluster/label-selector.ts';
import { tolerates } from '../../src/cluster/taints.ts';
import { allocatable, type App, isSlot, type Node, reservedOn, type Unit, type World } from './world.ts';

/** Filters that may refuse a unit. */
export type Filter = 'NodeResourcesFit' | 'TaintToleration' | 'NodeAffinity' | 'PodTopologySpread';

export const appsOf = (unit: Unit): readonly App[] => (isSlot(unit) ? unit.group.members : [unit.app]);

/** What the unit asks a node for. */
export const claimOf = (unit: Unit): { cpu: number; memory: number; pods: number } =>
  isSlot(unit) ? { ...unit.group.slot, pods: unit.group.members.length } : { ...unit.app.pod, pods: 1 };

/** Units like this one that stand in the zone: an app's pods outside slots, a group's slots, unless they are leaving. */
function alike(world: World, unit: Unit, zone: number): number {
  const stand = ({ node, leaving, state }: Unit): boolean => node?.zone === zone && !leaving && state !== 'gone';
  if (isSlot(unit)) return world.slots.filter((slot) => slot.group === unit.group && stand(slot)).length;
  return world.pods.filter((pod) => pod.kind === 'exclusive' && pod.app === unit.app && stand(pod)).length;
}

const isAffine = (unit: Unit, { labels }: Node): boolean =>
  appsOf(unit).every(({ nodeAffinity: { required } }) => required.length === 0 || required.some((term) => matches(term, labels)));

/** Taints of the node with these effects that one of the unit's apps does not tolerate; counted for each app. */
const untolerated = (unit: Unit, node: Node, soft: boolean): number =>
  appsOf(unit).reduce(
    (sum, { tolerations }) =>
      sum +
      node.spec.taints.filter(
        (taint) => (taint.effect === 'PreferNoSchedule') === soft && !tolerations.some((toleration) => tolerates(toleration, taint)),
      ).length,
    0,
  );

const preference = (unit: Unit, { labels }: Node): number =>
  appsOf(unit)
    .flatMap(({ nodeAffinity }) => nodeAffinity.preferred)
    .reduce((sum, { weight, term }) => sum + (matches(term, labels) ? weight : 0), 0);

/** The filter that refuses the node; undefined where it will do. */
function refusal(world: World, unit: Unit, node: Node): Filter | undefined {
  const { maxSkew, whenUnsatisfiable } = world.platform.scheduler.profile.zoneSpread;
  if (untolerated(unit, node, false) > 0) return 'TaintToleration';
  if (!isAffine(unit, node)) return 'NodeAffinity';
  if (node.losses > 0) return 'TaintToleration'; // unreachable, says upstream's taint
  const [claim, taken, room] = [claimOf(unit), reservedOn(world, node), allocatable(node)];
  const fits = (['cpu', 'memory', 'pods'] as const).every((what) => taken[what] + claim[what] <= room[what]);
  if (!fits) return 'NodeResourcesFit';
  if (whenUnsatisfiable === 'ScheduleAnyway') return undefined;
  const allowed = new Set(world.nodes.filter((each) => isAffine(unit, each)).map(({ zone }) => zone));
  const emptiest = Math.min(...[...allowed].map((zone) => alike(world, unit, zone)));
  return alike(world, unit, node.zone) + 1 - emptiest > maxSkew ? 'PodTopologySpread' : undefined;
}

/** ⌊100 · raw ÷ largest⌋. */
const outOf = (raw: number, largest: number): number => (largest === 0 ? 0 : Math.floor((100 * raw) / largest));

/** Weighted sum of the scores of one of the nodes that passed the filters. */
function score(world: World, unit: Unit, node: Node, passed: readonly Node[]): number {
  const { scoring, weights, zoneSpread } = world.platform.scheduler.profile;
  const [claim, taken, room] = [claimOf(unit), reservedOn(world, node), allocatable(node)];
  const [cpu, memory] = [taken.cpu + claim.cpu, taken.memory + claim.memory];
  const fit =
    scoring === 'MostAllocated'
      ? Math.floor((outOf(cpu, room.cpu) + outOf(memory, room.memory)) / 2)
      : Math.floor((outOf(room.cpu - cpu, room.cpu) + outOf(room.memory - memory, room.memory)) / 2);
  const balance = Math.floor((1 - Math.abs(cpu / room.cpu - memory / room.memory) / 2) * 100);
  const most = (raw: (each: Node) => number): number => Math.max(...passed.map(raw));
  const softTaints =
    100 -
    outOf(
      untolerated(unit, node, true),
      most((each) => untolerated(unit, each, true)),
    );
  const preferred = outOf(
    preference(unit, node),
    most((each) => preference(unit, each)),
  );
  let spread = 0;
  if (zoneSpread.whenUnsatisfiable === 'ScheduleAnyway') {
    const zones = [...new Set(passed.map(({ zone }) => zone))];
    const raw = (zone: number): number => Math.round(alike(world, unit, zone) * log(zones.length + 2) + zoneSpread.maxSkew - 1);
    const [largest, smallest] = [Math.max(...zones.map(raw)), Math.min(...zones.map(raw))];
    spread = largest === 0 ? 100 : outOf(largest + smallest - raw(node.zone), largest);
  }
  return (
    weights.NodeResourcesFit * fit +
    weights.NodeResourcesBalancedAllocation * balance +
    weights.TaintToleration * softTaints +
    weights.NodeAffinity * preferred +
    weights.PodTopologySpread * spread
  );
}

/** The node with the highest score of those that no filter refuses, the first of equals; or the filters that refused them all. `zone` limits the choice. */
export function choose(world: World, unit: Unit, zone?: number): Node | ReadonlySet<Filter> {
  const nodes = world.nodes.filter((node) => zone === undefined || node.zone === zone);
  const refusals = nodes.map((node) => refusal(world, unit, node));
  const passed = nodes.filter((_, index) => refusals[index] === undefined);
  if (passed.length === 0) return new Set(refusals.filter((filter) => filter !== undefined));
  const scores = passed.map((node) => score(world, unit, node, passed));
  return passed[scores.indexOf(Math.max(...scores))] as Node;
}
