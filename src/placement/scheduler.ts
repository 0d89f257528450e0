import type { Cluster } from '../cluster/cluster.ts';
import type { Node } from '../cluster/node.ts';
import { fits, leastAllocated, mostAllocated } from './node-resources-fit.ts';
import { withinSkew, zoneScores } from './pod-topology-spread.ts';
import type { Request } from './unit.ts';

/** How nodes are filtered and scored. */
export interface Profile {
  readonly scoring: 'LeastAllocated' | 'MostAllocated';
  readonly zoneSpread: { readonly maxSkew: number; readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway' };
}

/** Upstream's default weight of PodTopologySpread; NodeResourcesFit has 1. */
const spreadWeight = 2;

/**
 * Chooses nodes as kube-scheduler does: filters, then the highest weighted score, ties to the lowest index; a plain scan over all nodes.
 * Keeps the units that wait: a queue in order of arrival, and apart from it those that fitted nowhere, until something is freed.
 */
export class Scheduler {
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #placed = new Map<string, number[]>();
  #queue: Request[] = [];
  #unschedulable: Request[] = [];

  constructor(cluster: Cluster, profile: Profile) {
    this.#cluster = cluster;
    this.#profile = profile;
  }

  /** Units that wait to be bound. */
  get waiting(): number {
    return this.#queue.length + this.#unschedulable.length;
  }
  /** Whether a unit waits that has not been refused by every node. */
  get active(): boolean {
    return this.#queue.length > 0;
  }

  enqueue(request: Request): void {
    this.#queue.push(request);
  }

  /** Takes out the requests that match: their pods are not wanted any more. */
  withdraw(matches: (request: Request) => boolean): void {
    this.#queue = this.#queue.filter((request) => !matches(request));
    this.#unschedulable = this.#unschedulable.filter((request) => !matches(request));
  }

  /** Gives the units that fitted nowhere another try, before those that came later: something was freed. */
  retryUnschedulable(): void {
    this.#queue = [...this.#unschedulable, ...this.#queue];
    this.#unschedulable = [];
  }

  /** The next request and the node it goes to; without node it joins the unschedulable. Undefined where none waits. */
  next(): { readonly request: Request; readonly node: number | undefined } | undefined {
    const request = this.#queue.shift();
    if (!request) return undefined;
    const node = this.choose(request);
    if (node === undefined) this.#unschedulable.push(request);
    return { request, node };
  }

  /** The node for `request`, counted as placed in its zone; undefined where every node is filtered out. `zone` limits the choice. */
  choose(request: Request, zone?: number): number | undefined {
    const counts = this.#counts(request.spreadKey);
    const { maxSkew, whenUnsatisfiable } = this.#profile.zoneSpread;
    const hard = whenUnsatisfiable === 'DoNotSchedule';
    const allowed = counts.map((_, index) => (zone === undefined || index === zone) && (!hard || withinSkew(counts, index, maxSkew)));
    const feasible = this.#cluster.nodes.filter((node) => (allowed[node.zone] ?? false) && fits(request.claim, node));
    const spread = hard ? undefined : spreadOver(feasible, counts, maxSkew);
    const score = this.#profile.scoring === 'LeastAllocated' ? leastAllocated : mostAllocated;
    let [best, bestScore] = [-1, -Infinity];
    for (const node of feasible) {
      const value = score(request.claim, node) + spreadWeight * (spread?.get(node.zone) ?? 0);
      if (value > bestScore) [best, bestScore] = [node.index, value];
    }
    if (best < 0) return undefined;
    this.count(request.spreadKey, this.#cluster.node(best).zone, 1);
    return best;
  }

  /** Corrects the number of units of `spreadKey` in `zone`. */
  count(spreadKey: string, zone: number, delta: number): void {
    const counts = this.#counts(spreadKey);
    counts[zone] = (counts[zone] ?? 0) + delta;
  }

  #counts(spreadKey: string): number[] {
    let counts = this.#placed.get(spreadKey);
    if (!counts) {
      counts = this.#cluster.spec.zones.map(() => 0);
      this.#placed.set(spreadKey, counts);
    }
    return counts;
  }
}

/** Spread scores of the zones that have a feasible node: upstream normalises over the nodes that passed the filters. */
function spreadOver(feasible: readonly Node[], counts: readonly number[], maxSkew: number): ReadonlyMap<number, number> {
  const zones = [...new Set(feasible.map((node) => node.zone))];
  const scores = zoneScores(
    zones.map((zone) => counts[zone] ?? 0),
    maxSkew,
  );
  return new Map(zones.map((zone, index) => [zone, scores[index] ?? 0]));
}
