import { defined } from '../../src/base/assert.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { Node } from '../../src/cluster/node.ts';
import { affine, preference } from '../../src/placement/node-affinity.ts';
import { balancedAllocation } from '../../src/placement/node-resources-balanced-allocation.ts';
import { fits, leastAllocated, mostAllocated } from '../../src/placement/node-resources-fit.ts';
import { normalised } from '../../src/placement/node-score.ts';
import { withinSkew, zoneScores } from '../../src/placement/pod-topology-spread.ts';
import type { Profile } from '../../src/placement/profile.ts';
import type { Choice } from '../../src/placement/scheduler.ts';
import { intolerable, untolerated } from '../../src/placement/taint-toleration.ts';
import type { Filter, Request } from '../../src/placement/unit.ts';

/** What labels and taints make of every node for units of one kind; neither changes in a run. */
interface Standing {
  /** By node: the filter that refuses it, or undefined. */
  readonly refused: readonly (Filter | undefined)[];
  /** Raw scores by node; undefined where they are the same on all nodes, and so decide nothing. */
  readonly intolerable: readonly number[] | undefined;
  readonly preference: readonly number[] | undefined;
  /** Units placed by zone; undefined in zones without a node that the affinity allows. */
  readonly counts: (number | undefined)[];
}

/** The scheduler's slow twin, which keeps nothing about nodes: every choice filters all of them, scores those that passed, and takes the first of the best. */
export class PlainScan {
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #standings = new Map<string, Standing>();

  constructor(cluster: Cluster, profile: Profile) {
    this.#cluster = cluster;
    this.#profile = profile;
  }

  /** The node for `request`, counted as placed in its zone. `zone` limits the choice. */
  choose(request: Request, zone?: number): Choice {
    const standing = this.#standing(request);
    const { maxSkew, whenUnsatisfiable } = this.#profile.zoneSpread;
    const hard = whenUnsatisfiable === 'DoNotSchedule';
    const spread = this.#cluster.spec.zones.map((_, index) => !hard || withinSkew(standing.counts, index, maxSkew));
    const refusedBy = new Set<Filter>();
    const feasible: Node[] = [];
    for (const node of this.#cluster.nodes) {
      if (zone !== undefined && node.zone !== zone) continue;
      const filter =
        standing.refused[node.index] ??
        // Upstream taints a node that is lost (node.kubernetes.io/unreachable).
        (node.state === 'lost'
          ? 'TaintToleration'
          : !fits(request.claim, node)
            ? 'NodeResourcesFit'
            : spread[node.zone] === true
              ? undefined
              : 'PodTopologySpread');
      if (filter === undefined) feasible.push(node);
      else refusedBy.add(filter);
    }
    const best = this.#best(request, feasible, standing);
    if (best === undefined) return { refusedBy };
    this.count(request, best.zone, 1);
    return { node: best.index };
  }

  /** Corrects the number of units like `request` in `zone`. */
  count(request: Pick<Request, 'spreadKey' | 'constraints'>, zone: number, delta: number): void {
    const { counts } = this.#standing(request);
    counts[zone] = (counts[zone] ?? 0) + delta;
  }

  /** The first of those with the highest score. */
  #best({ claim }: Request, feasible: readonly Node[], standing: Standing): Node | undefined {
    const { scoring, weights, zoneSpread } = this.#profile;
    const soft = zoneSpread.whenUnsatisfiable === 'ScheduleAnyway';
    const spread = soft ? spreadOver(feasible, standing.counts, zoneSpread.maxSkew) : undefined;
    const allocated = scoring === 'LeastAllocated' ? leastAllocated : mostAllocated;
    const tainted = weighted(standing.intolerable, feasible, weights.TaintToleration, true);
    const preferred = weighted(standing.preference, feasible, weights.NodeAffinity, false);
    let [best, bestScore]: [Node | undefined, number] = [undefined, -Infinity];
    for (const node of feasible) {
      const score =
        weights.NodeResourcesFit * allocated(claim, node) +
        weights.NodeResourcesBalancedAllocation * balancedAllocation(claim, node) +
        tainted(node) +
        preferred(node) +
        weights.PodTopologySpread * (spread?.get(node.zone) ?? 0);
      if (score > bestScore) [best, bestScore] = [node, score];
    }
    return best;
  }

  #standing({ spreadKey, constraints }: Pick<Request, 'spreadKey' | 'constraints'>): Standing {
    const known = this.#standings.get(spreadKey);
    if (known) return known;
    const { nodes, spec } = this.#cluster;
    const affineTo = (node: Node): boolean => constraints.every(({ nodeAffinity }) => affine(nodeAffinity, node.labels));
    const sum = (raw: (of: Request['constraints'][number]) => number): number => constraints.reduce((total, of) => total + raw(of), 0);
    const standing: Standing = {
      refused: nodes.map((node) => {
        if (constraints.some(({ tolerations }) => untolerated(tolerations, node.taints))) return 'TaintToleration';
        return affineTo(node) ? undefined : 'NodeAffinity';
      }),
      intolerable: unlessEqual(nodes.map(({ taints }) => sum(({ tolerations }) => intolerable(tolerations, taints)))),
      preference: unlessEqual(nodes.map(({ labels }) => sum(({ nodeAffinity }) => preference(nodeAffinity, labels)))),
      counts: spec.zones.map((_, zone) => (nodes.some((node) => node.zone === zone && affineTo(node)) ? 0 : undefined)),
    };
    this.#standings.set(spreadKey, standing);
    return standing;
  }
}

const unlessEqual = (raw: readonly number[]): readonly number[] | undefined => (raw.every((value) => value === raw[0]) ? undefined : raw);

/** A node's normalised and weighted score; 0 where all nodes have the same. */
function weighted(
  raw: readonly number[] | undefined,
  feasible: readonly Node[],
  weight: number,
  lessIsBetter: boolean,
): (node: Node) => number {
  if (raw === undefined || weight === 0) return () => 0;
  const of = (node: Node): number => defined(raw[node.index], 'raw score');
  const largest = feasible.reduce((most, node) => Math.max(most, of(node)), 0);
  return (node) => weight * normalised(of(node), largest, lessIsBetter);
}

/** Spread scores of the zones that have a feasible node: upstream normalises over the nodes that passed the filters. */
function spreadOver(feasible: readonly Node[], counts: readonly (number | undefined)[], maxSkew: number): ReadonlyMap<number, number> {
  const zones = [...new Set(feasible.map((node) => node.zone))];
  const scores = zoneScores(
    zones.map((zone) => counts[zone] ?? 0),
    maxSkew,
  );
  return new Map(zones.map((zone, index) => [zone, scores[index] ?? 0]));
}
