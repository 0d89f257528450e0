import type { Time } from '../base/units.ts';
import type { Claim, Cluster } from '../cluster/cluster.ts';
import type { Pod } from '../cluster/pod.ts';
import type { Slot } from '../cluster/slot.ts';
import type { PodSpecs } from '../cluster/specs.ts';

/** What the scheduler places at once: a pod outside slots, or a slot with all its tenants. */
export type Unit = { readonly kind: 'pod'; readonly pod: Pod } | { readonly kind: 'slot'; readonly slot: Slot };

/** What the scheduler looks at of an app: a slot must suit each of its members. */
export type Constraints = Pick<PodSpecs, 'tolerations' | 'nodeAffinity'>;

/** Why nodes were refused: the filter plug-ins. What has happened since tells whether another try can help (upstream: UnschedulablePlugins). */
export type Filter = 'NodeResourcesFit' | 'TaintToleration' | 'NodeAffinity' | 'PodTopologySpread';

/** A unit that waits to be bound. */
export interface Request {
  readonly unit: Unit;
  readonly claim: Claim;
  /** Units of one key are alike: an app's pods, a group's slots. They are spread over the zones together. */
  readonly spreadKey: string;
  readonly constraints: readonly Constraints[];
  /** The unit's pods' highest. */
  readonly priority: number;
  /** When it was asked for. */
  readonly since: Time;
}

/** The request of `unit`, asked for at `since`: an app's pods and a group's slots are alike. */
export function requestOf(cluster: Cluster, unit: Unit, since: Time): Request {
  const pods = unit.kind === 'pod' ? [unit.pod] : unit.slot.tenants;
  const apps = pods.map(({ app }) => cluster.app(app));
  const { cpu, memory } = unit.kind === 'pod' ? cluster.app(unit.pod.app).pod : cluster.group(unit.slot.group).spec.slot;
  return {
    unit,
    claim: { millicores: cpu, bytes: memory, pods: pods.length },
    spreadKey: unit.kind === 'pod' ? `app ${String(unit.pod.app)}` : `group ${String(unit.slot.group)}`,
    constraints: apps,
    priority: Math.max(...apps.map(({ priority }) => priority)),
    since,
  };
}
