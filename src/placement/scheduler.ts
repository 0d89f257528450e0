import { defined } from '../base/assert.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Node } from '../cluster/node.ts';
import { affine, preference } from './node-affinity.ts';
import { balancedAllocation } from './node-resources-balanced-allocation.ts';
import { leastAllocated, mostAllocated } from './node-resources-fit.ts';
import { normalised } from './node-score.ts';
import { withinSkew, zoneScores } from './pod-topology-spread.ts';
import type { Profile } from './profile.ts';
import type { Ranking } from './ranking.ts';
import { type NodeKind, Rankings } from './rankings.ts';
import { intolerable, untolerated } from './taint-toleration.ts';
import type { Filter, Request } from './unit.ts';

/** What labels and taints make of a kind of nodes for units that are alike; neither changes in a run. */
interface KindStanding {
  /** The filter that refuses it. */
  readonly refused: Filter | undefined;
  /** Raw scores. */
  readonly intolerable: number;
  readonly preference: number;
}

interface Standing {
  /** By kind of nodes. */
  readonly kinds: readonly KindStanding[];
  /** Units placed by zone; undefined in zones without a node that the affinity allows. */
  readonly counts: (number | undefined)[];
}

/** Where a unit goes, or which filters stood in its way. */
export type Choice = { readonly node: number } | { readonly refusedBy: ReadonlySet<Filter> };

/** Why a node was chosen. */
export interface Scored {
  /** Nodes that passed the filters. */
  readonly nodes: number;
  /** Of the chosen one: from 0 to 100, each to be times its weight. Of equal sums the node that comes first. */
  readonly scores: readonly { readonly name: string; readonly score: number; readonly weight: number }[];
}

/**
 * Chooses nodes as kube-scheduler does: filters, then the highest weighted score, ties to the lowest index. The nodes of one kind differ in nothing but their own state,
 * so that the best of each kind, by their own scores alone, are all that has to be compared.
 */
export class Scheduler {
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #rankings: Rankings;
  readonly #standings = new Map<string, Standing>();

  constructor(cluster: Cluster, profile: Profile) {
    this.#cluster = cluster;
    this.#profile = profile;
    const { scoring, weights } = profile;
    const allocated = scoring === 'LeastAllocated' ? leastAllocated : mostAllocated;
    this.#rankings = new Rankings(
      cluster,
      (claim, node) =>
        weights.NodeResourcesFit * allocated(claim, node) + weights.NodeResourcesBalancedAllocation * balancedAllocation(claim, node),
    );
  }

  /** The node for `request`, counted as placed in its zone. `zone` limits the choice. */
  choose(request: Request, zone?: number): Choice {
    const standing = this.#standing(request);
    const rankings = this.#rankings.of(request.claim);
    const feasible = this.#feasible(standing, rankings, zone);
    const best = this.#best(feasible, standing, rankings);
    if (best === undefined) return { refusedBy: this.#refusals(standing, rankings, zone) };
    this.count(request, best.zone, 1);
    return { node: best.index };
  }

  /** What the node was chosen for that `choose` has just given to `request`: to be asked before anything is placed there. */
  scores(request: Request, node: number, zone?: number): Scored {
    const chosen = defined(this.#cluster.nodes[node], 'node');
    this.count(request, chosen.zone, -1);
    const standing = this.#standing(request);
    const rankings = this.#rankings.of(request.claim);
    const feasible = this.#feasible(standing, rankings, zone);
    const kind = feasible.find((index) => this.#rankings.kinds[index]?.nodes.includes(chosen));
    const { intolerable, preference, spread } = this.#raw(feasible, standing)(defined(kind, 'a kind that is feasible'));
    this.count(request, chosen.zone, 1);
    const { scoring, weights } = this.#profile;
    const all = {
      NodeResourcesFit: (scoring === 'LeastAllocated' ? leastAllocated : mostAllocated)(request.claim, chosen),
      NodeResourcesBalancedAllocation: balancedAllocation(request.claim, chosen),
      TaintToleration: intolerable,
      NodeAffinity: preference,
      PodTopologySpread: spread,
    };
    const nodes = feasible.reduce((sum, index) => sum + (rankings[index] as Ranking).fitting, 0);
    return { nodes, scores: Object.entries(all).map(([name, score]) => ({ name, score, weight: weights[name as keyof typeof weights] })) };
  }

  /** Corrects the number of units like `request` in `zone`. */
  count(request: Pick<Request, 'spreadKey' | 'constraints'>, zone: number, delta: number): void {
    const { counts } = this.#standing(request);
    counts[zone] = (counts[zone] ?? 0) + delta;
  }

  /** Whether one more unit in the zone keeps a hard spread. */
  #spreads({ counts }: Standing, zone: number): boolean {
    const { maxSkew, whenUnsatisfiable } = this.#profile.zoneSpread;
    return whenUnsatisfiable === 'ScheduleAnyway' || withinSkew(counts, zone, maxSkew);
  }

  /** Kinds that have nodes which pass the filters. */
  #feasible(standing: Standing, rankings: readonly Ranking[], zone: number | undefined): readonly number[] {
    const feasible: number[] = [];
    this.#rankings.kinds.forEach((kind, index) => {
      if (zone !== undefined && kind.zone !== zone) return;
      const passes = standing.kinds[index]?.refused === undefined && (rankings[index] as Ranking).fitting > 0;
      if (passes && this.#spreads(standing, kind.zone)) feasible.push(index);
    });
    return feasible;
  }

  /** Scores of a kind that its nodes have in common, without weights; upstream normalises over the nodes that passed the filters. */
  #raw(feasible: readonly number[], { kinds, counts }: Standing): (kind: number) => KindStanding & { readonly spread: number } {
    const { zoneSpread } = this.#profile;
    const zoneOf = (kind: number): number => (this.#rankings.kinds[kind] as NodeKind).zone;
    const spread = zoneSpread.whenUnsatisfiable === 'ScheduleAnyway' ? spreadOver(feasible.map(zoneOf), counts, zoneSpread.maxSkew) : undefined; // prettier-ignore
    let [mostIntolerable, mostPreferred] = [0, 0];
    for (const kind of feasible) {
      const { intolerable, preference } = kinds[kind] as KindStanding;
      mostIntolerable = Math.max(mostIntolerable, intolerable);
      mostPreferred = Math.max(mostPreferred, preference);
    }
    return (kind) => {
      const { refused, intolerable, preference } = kinds[kind] as KindStanding;
      return {
        refused,
        intolerable: normalised(intolerable, mostIntolerable, true),
        preference: normalised(preference, mostPreferred, false),
        spread: spread?.get(zoneOf(kind)) ?? 0,
      };
    };
  }

  /** The first of the nodes with the highest score. */
  #best(feasible: readonly number[], standing: Standing, rankings: readonly Ranking[]): Node | undefined {
    const { weights } = this.#profile;
    const raw = this.#raw(feasible, standing);
    let [best, bestScore]: [Node | undefined, number] = [undefined, -Infinity];
    for (const kind of feasible) {
      const { intolerable, preference, spread } = raw(kind);
      const ranking = rankings[kind] as Ranking;
      const score =
        ranking.best + weights.TaintToleration * intolerable + weights.NodeAffinity * preference + weights.PodTopologySpread * spread;
      if (score < bestScore) continue;
      const { first } = ranking;
      if (best === undefined || score > bestScore || first.index < best.index) [best, bestScore] = [first, score];
    }
    return best;
  }

  /** The filters that refused the nodes, of `zone` or all, where none passed. */
  #refusals(standing: Standing, rankings: readonly Ranking[], zone: number | undefined): ReadonlySet<Filter> {
    const refusedBy = new Set<Filter>();
    this.#rankings.kinds.forEach((kind, index) => {
      if (kind.nodes.length === 0 || (zone !== undefined && kind.zone !== zone)) return;
      const { refused } = standing.kinds[index] as KindStanding;
      const { fitting, lost } = rankings[index] as Ranking;
      if (refused !== undefined) refusedBy.add(refused);
      else {
        // Upstream taints a node that is lost (node.kubernetes.io/unreachable).
        if (lost > 0) refusedBy.add('TaintToleration');
        if (fitting + lost < kind.nodes.length) refusedBy.add('NodeResourcesFit');
        if (fitting > 0) refusedBy.add('PodTopologySpread');
      }
    });
    return refusedBy;
  }

  #standing({ spreadKey, constraints }: Pick<Request, 'spreadKey' | 'constraints'>): Standing {
    const known = this.#standings.get(spreadKey);
    if (known) return known;
    const { kinds } = this.#rankings;
    const affineTo = ({ labels }: Node): boolean => constraints.every(({ nodeAffinity }) => affine(nodeAffinity, labels));
    const sum = (raw: (of: Request['constraints'][number]) => number): number => constraints.reduce((total, of) => total + raw(of), 0);
    const standing: Standing = {
      kinds: kinds.map(({ nodes: [node] }) => {
        if (node === undefined) return { refused: undefined, intolerable: 0, preference: 0 };
        const { labels, taints } = node;
        const tainted = constraints.some(({ tolerations }) => untolerated(tolerations, taints));
        return {
          refused: tainted ? 'TaintToleration' : affineTo(node) ? undefined : 'NodeAffinity',
          intolerable: sum(({ tolerations }) => intolerable(tolerations, taints)),
          preference: sum(({ nodeAffinity }) => preference(nodeAffinity, labels)),
        };
      }),
      counts: this.#cluster.spec.zones.map((_, zone) =>
        kinds.some(({ zone: where, nodes: [node] }) => where === zone && node !== undefined && affineTo(node)) ? 0 : undefined,
      ),
    };
    this.#standings.set(spreadKey, standing);
    return standing;
  }
}

/** Spread scores of the zones that have a feasible node, by zone. */
function spreadOver(feasible: readonly number[], counts: readonly (number | undefined)[], maxSkew: number): ReadonlyMap<number, number> {
  const zones = [...new Set(feasible)];
  const scores = zoneScores(
    zones.map((zone) => counts[zone] ?? 0),
    maxSkew,
  );
  return new Map(zones.map((zone, index) => [zone, defined(scores[index], 'score')]));
}
