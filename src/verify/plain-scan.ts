import type { Cluster } from '../cluster/cluster.ts';
import type { Node } from '../cluster/node.ts';
import { affine, preference } from '../placement/node-affinity.ts';
import { balancedAllocation } from '../placement/node-resources-balanced-allocation.ts';
import { fits, leastAllocated, mostAllocated } from '../placement/node-resources-fit.ts';
import { normalised } from '../placement/node-score.ts';
import { withinSkew, zoneScores } from '../placement/pod-topology-spread.ts';
import type { Profile } from '../placement/profile.ts';
import type { Choice } from '../placement/scheduler.ts';
import { intolerable, untolerated } from '../placement/taint-toleration.ts';
import type { Filter, Request } from '../placement/unit.ts';

/** What tells units apart whose choices depend on each other. */
type Alike = Pick<Request, 'spreadKey' | 'constraints'>;

/** kube-scheduler's choice as its documentation tells it, without any memory of nodes: filter each, score those that pass, take the first of the best. */
export class PlainScan {
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  /** Units placed, by what they are spread by, and zone. */
  readonly #placed = new Map<string, number[]>();
  /** Of the last choice: the nodes that passed the filters, and the highest sum of scores. */
  last = { nodes: 0, score: 0 };

  constructor(cluster: Cluster, profile: Profile) {
    this.#cluster = cluster;
    this.#profile = profile;
  }

  choose(request: Request, zone?: number): Choice {
    const refusedBy = new Set<Filter>();
    const feasible: Node[] = [];
    for (const node of this.#cluster.nodes) {
      if (zone !== undefined && node.zone !== zone) continue;
      const filter = this.#filter(request, node);
      if (filter === undefined) feasible.push(node);
      else refusedBy.add(filter);
    }
    const scores = this.#scores(request, feasible);
    this.last = { nodes: feasible.length, score: Math.max(...scores) };
    const best = scores.indexOf(this.last.score);
    const node = feasible[best];
    if (node === undefined) return { refusedBy };
    this.count(request, node.zone, 1);
    return { node: node.index };
  }

  count({ spreadKey }: Alike, zone: number, delta: number): void {
    const placed = this.#placed.get(spreadKey) ?? this.#cluster.spec.zones.map(() => 0);
    placed[zone] = (placed[zone] ?? 0) + delta;
    this.#placed.set(spreadKey, placed);
  }

  /** The first filter that refuses the node. A lost node counts as tainted. */
  #filter(request: Request, node: Node): Filter | undefined {
    const { constraints, claim } = request;
    if (constraints.some(({ tolerations }) => untolerated(tolerations, node.taints) !== undefined)) return 'TaintToleration';
    if (!this.#affine(request, node)) return 'NodeAffinity';
    if (node.state === 'lost') return 'TaintToleration';
    if (!fits(claim, node)) return 'NodeResourcesFit';
    const { whenUnsatisfiable, maxSkew } = this.#profile.zoneSpread;
    if (whenUnsatisfiable === 'DoNotSchedule' && !withinSkew(this.#counts(request), node.zone, maxSkew)) return 'PodTopologySpread';
    return undefined;
  }

  #affine({ constraints }: Alike, { labels }: Node): boolean {
    return constraints.every(({ nodeAffinity }) => affine(nodeAffinity, labels));
  }

  /** Units like it by zone; undefined where no node is that its affinity allows. */
  #counts(request: Alike): readonly (number | undefined)[] {
    const placed = this.#placed.get(request.spreadKey);
    return this.#cluster.spec.zones.map((_, zone) => {
      const allowed = this.#cluster.nodes.some((node) => node.zone === zone && this.#affine(request, node));
      return allowed ? (placed?.[zone] ?? 0) : undefined;
    });
  }

  #scores({ claim, constraints, ...request }: Request, feasible: readonly Node[]): readonly number[] {
    const { scoring, weights, zoneSpread } = this.#profile;
    const sum = (raw: (of: Request['constraints'][number]) => number): number => constraints.reduce((total, of) => total + raw(of), 0);
    const tainted = feasible.map(({ taints }) => sum(({ tolerations }) => intolerable(tolerations, taints)));
    const preferred = feasible.map(({ labels }) => sum(({ nodeAffinity }) => preference(nodeAffinity, labels)));
    const [mostTainted, mostPreferred] = [Math.max(0, ...tainted), Math.max(0, ...preferred)];
    const zones = [...new Set(feasible.map(({ zone }) => zone))];
    const placed = this.#counts({ ...request, constraints });
    const spread = zoneScores(
      zones.map((zone) => placed[zone] ?? 0),
      zoneSpread.maxSkew,
    );
    return feasible.map(
      (node, i) =>
        weights.NodeResourcesFit * (scoring === 'LeastAllocated' ? leastAllocated : mostAllocated)(claim, node) +
        weights.NodeResourcesBalancedAllocation * balancedAllocation(claim, node) +
        weights.TaintToleration * normalised(tainted[i] as number, mostTainted, true) +
        weights.NodeAffinity * normalised(preferred[i] as number, mostPreferred, false) +
        (zoneSpread.whenUnsatisfiable === 'ScheduleAnyway' ? weights.PodTopologySpread * (spread[zones.indexOf(node.zone)] as number) : 0),
    );
  }
}
