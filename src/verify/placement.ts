import { defined } from '../base/assert.ts';
import { appName, groupName, time, zoneName } from '../base/units.ts';
import { Cluster } from '../cluster/cluster.ts';
import { selectorSchema } from '../cluster/label-selector.ts';
import type { NodePool, NodeSpec, PodSpecs } from '../cluster/specs.ts';
import { effects, type Taint } from '../cluster/taints.ts';
import { type Profile, profileSchema } from '../placement/profile.ts';
import { type Choice, Scheduler } from '../placement/scheduler.ts';
import { type Filter, type Request, requestOf, type Unit } from '../placement/unit.ts';
import { type Claim, counted } from './claim.ts';
import { type Draw, drawFrom } from './draw.ts';
import type { ClaimGroup } from './group.ts';
import { PlainScan } from './plain-scan.ts';
import { decoded } from './small-scenario.ts';

const now = time(0);
const gibibytes = 1024 * 1024 * 1024;
const filters: readonly Filter[] = ['NodeResourcesFit', 'TaintToleration', 'NodeAffinity', 'PodTopologySpread'];
const keys = ['a', 'b', 'c'] as const;
const required = ['a', 'a=1', '!b', 'pool in (p0, p1)', 'topology.kubernetes.io/zone!=z0'] as const;
const preferred = ['a', 'b=1', 'c', 'pool=p1', 'topology.kubernetes.io/zone=z1'] as const;

const several = <T>(draw: Draw, most: number, one: () => T): readonly T[] => Array.from({ length: draw.whole(0, most) }, one);

function drawnPool(draw: Draw, shape: NodeSpec, index: number): NodePool {
  const taint = (): Taint => ({ key: draw.pick(...keys), value: '', effect: draw.pick(...effects, 'PreferNoSchedule') });
  const labels = Object.fromEntries(several(draw, 2, () => [draw.pick(...keys), draw.pick('1', '2')]));
  const size = { cpu: draw.pick(0, 4000, 7000, 16_000, 16_000), memory: draw.pick(10, 30, 64, 64) * gibibytes, pods: draw.whole(2, 12) };
  return { name: `p${String(index)}`, nodes: draw.whole(1, 7), node: { ...shape, ...size, systemReserved: { cpu: 0, memory: 0 }, labels, taints: [...several(draw, 2, taint)] } }; // prettier-ignore
}

function drawnApp(draw: Draw, base: PodSpecs, index: number): PodSpecs {
  return {
    ...base,
    name: appName(`a${String(index)}`),
    pod: { ...base.pod, cpu: draw.pick(1000, 1500, 3000), memory: draw.whole(1, 3) * gibibytes },
    keepAlive: { ...base.keepAlive, cpu: 500, memory: gibibytes },
    tolerations: draw.chance(0.3) ? [{}] : several(draw, 2, () => ({ key: draw.pick(...keys) })),
    nodeAffinity: {
      required: several(draw, 1, () => selectorSchema().parse(draw.pick(...required))),
      preferred: several(draw, 3, () => ({ weight: draw.pick(1, 7, 100), term: selectorSchema().parse(draw.pick(...preferred)) })),
    },
  };
}

const drawnProfile = ({ pick }: Draw): Profile => {
  const weight = () => pick(0, 1, 2, 3, 100);
  return profileSchema.parse({
    scoring: pick('LeastAllocated', 'MostAllocated'),
    zoneSpread: { maxSkew: pick(1, 1, 2, 4), whenUnsatisfiable: pick('DoNotSchedule', 'ScheduleAnyway') },
    weights: { NodeResourcesFit: weight(), NodeResourcesBalancedAllocation: weight(), TaintToleration: weight(), NodeAffinity: weight(), PodTopologySpread: weight() },
  }); // prettier-ignore
};

/** What is drawn changes some fields of these. */
interface Base {
  readonly app: PodSpecs;
  readonly node: NodeSpec;
}

/** What one history, or several, showed. */
interface Seen {
  choices: number;
  differences: number;
  readonly refusals: Map<Filter, number>;
}

const same = (a: Choice, b: Choice): boolean =>
  'node' in a || 'node' in b
    ? 'node' in a && 'node' in b && a.node === b.node
    : filters.every((filter) => a.refusedBy.has(filter) === b.refusedBy.has(filter));

/** Some forty claims and releases of pods and slots, losses and repairs of nodes, on one cluster: both are asked the same, and the cluster follows the first. */
function playHistory(
  draw: Draw,
  base: Base,
  seen: Seen,
  twin: (cluster: Cluster, profile: Profile) => Pick<PlainScan, 'choose' | 'count'>,
): void {
  const zones = draw.whole(1, 4);
  const apps = Array.from({ length: draw.whole(2, 4) }, (_, index) => drawnApp(draw, base.app, index));
  const members = apps.slice(0, 2).map(({ name }) => name);
  const cluster = new Cluster(
    {
      pools: Array.from({ length: draw.whole(1, 3) }, (_, index) => drawnPool(draw, base.node, index)),
      zones: Array.from({ length: zones }, (_, index) => ({ name: zoneName(`z${String(index)}`), idc: 'i', city: 'c', weight: 1 })),
    },
    apps,
    [{ name: groupName('g'), apps: members, slot: { cpu: 3500, memory: 4 * gibibytes } }],
  );
  const profile = drawnProfile(draw);
  const [indexed, plain] = [new Scheduler(cluster, profile), twin(cluster, profile)];
  const placed: Request[] = [];
  for (let step = 0; step < 40; step++) {
    const what = draw.pick('claim', 'claim', 'claim', 'release', 'lose or repair');
    if (what === 'claim') {
      const kind = draw.whole(0, apps.length);
      const unit: Unit =
        kind < apps.length
          ? { kind: 'pod', pod: cluster.createPod(now, kind, { kind: 'exclusive', index: step }, 0, undefined) }
          : { kind: 'slot', slot: cluster.createSlot(now, 0, step, 0, 0, undefined) };
      const request = requestOf(cluster, unit, now);
      const zone = draw.chance(0.5) ? draw.whole(0, zones - 1) : undefined;
      const choice = indexed.choose(request, zone);
      seen.choices++;
      if (!same(choice, plain.choose(request, zone))) {
        // From here on the two count different zones: nothing more is to be learnt.
        seen.differences++;
        return;
      }
      if ('refusedBy' in choice) for (const filter of choice.refusedBy) seen.refusals.set(filter, (seen.refusals.get(filter) ?? 0) + 1);
      else {
        if (unit.kind === 'pod') cluster.placePod(now, unit.pod, choice.node);
        else cluster.placeSlot(now, unit.slot, choice.node);
        placed.push(request);
      }
    } else if (what === 'release') {
      const [request] = placed.splice(draw.whole(0, Math.max(0, placed.length - 1)), 1);
      if (request === undefined) continue;
      const { unit } = request;
      if (unit.kind === 'pod') cluster.releasePod(now, unit.pod);
      else cluster.releaseSlot(now, unit.slot);
      for (const scheduler of [indexed, plain]) scheduler.count(request, unit.kind === 'pod' ? unit.pod.zone : unit.slot.zone, -1);
    } else {
      const node = cluster.node(draw.whole(0, cluster.nodes.length - 1));
      cluster.setNodeState(node, node.state === 'lost' ? 'ready' : 'lost');
    }
  }
}

/** The indexed scheduler against `twin` in so many drawn histories. */
export function* placementClaims(
  histories: number,
  seed: number,
  twin = (of: Cluster, by: Profile): Pick<PlainScan, 'choose' | 'count'> => new PlainScan(of, by),
): Generator<Claim> {
  const draw = drawFrom(seed, 'placement');
  const { apps, cluster } = decoded();
  const base = { app: defined(apps[0], 'app'), node: defined(cluster.pools[0], 'pool').node };
  const seen: Seen = { choices: 0, differences: 0, refusals: new Map() };
  for (let history = 0; history < histories; history++) playHistory(draw, base, seen, twin);
  yield counted(
    { name: 'ranked nodes give the choice, or the refusing filters, of a scan over all nodes', source: 'kube-scheduler: filters, weighted scores, first of the best' },
    seen.differences,
    seen.choices,
  ); // prettier-ignore
  const rare = filters.filter((filter) => (seen.refusals.get(filter) ?? 0) < histories / 10);
  yield counted(
    { name: 'each filter refuses, in one history of twenty at least', source: 'what the claim above is worth' },
    rare.length,
    filters.length,
  );
}

export const placement: ClaimGroup = {
  name: 'placement',
  title: 'The scheduler against a plain scan, in random histories with pools, taints, zones, slots and lost nodes',
  claims: ({ quick, seed }) => placementClaims(quick ? 50 : 2000, seed),
};
