import type { Claim, Cluster } from '../cluster/cluster.ts';
import type { Node } from '../cluster/node.ts';
import { type OwnScore, Ranking } from './ranking.ts';

/** The nodes of one pool in one zone, by index: all alike but for what is on them. */
export interface NodeKind {
  readonly zone: number;
  readonly nodes: readonly Node[];
}

/** The rankings for one claim, by kind, and how many of the cluster's changes they know. */
interface Ranked {
  readonly claim: Claim;
  readonly kinds: readonly Ranking[];
  known: number;
}

/** Most claims whose rankings are kept (64 KiB each on 10,000 nodes). */
const claimsMax = 256;

/** The nodes of each kind, ranked for every claim that was asked for lately. A claim's rankings catch up with the nodes that have changed when they are asked for again. */
export class Rankings {
  readonly kinds: readonly NodeKind[];
  readonly #cluster: Cluster;
  readonly #own: OwnScore;
  /** By node: its kind, and its place in it. */
  readonly #kindOf: Int32Array;
  readonly #placeOf: Int32Array;
  /** The one used last first. */
  readonly #ranked: Ranked[] = [];

  constructor(cluster: Cluster, own: OwnScore) {
    this.#cluster = cluster;
    this.#own = own;
    const { nodes, spec } = cluster;
    this.#kindOf = new Int32Array(nodes.length);
    this.#placeOf = new Int32Array(nodes.length);
    const kinds = spec.pools.map(() => spec.zones.map((): Node[] => []));
    this.kinds = kinds.flatMap((zones) => zones.map((alike, zone) => ({ zone, nodes: alike })));
    for (const node of nodes) {
      const alike = kinds[node.pool]?.[node.zone] as Node[];
      this.#kindOf[node.index] = node.pool * spec.zones.length + node.zone;
      this.#placeOf[node.index] = alike.push(node) - 1;
    }
  }

  /** By kind; as of now, until a node changes. */
  of(claim: Claim): readonly Ranking[] {
    const ranked = this.#find(claim);
    const { changes } = this.#cluster;
    if (changes.reaches(ranked.known))
      for (let change = ranked.known; change < changes.length; change++) {
        const node = changes.at(change);
        (ranked.kinds[this.#kindOf[node] as number] as Ranking).update(this.#placeOf[node] as number);
      }
    else for (const kind of ranked.kinds) kind.updateAll();
    ranked.known = changes.length;
    return ranked.kinds;
  }

  #find(claim: Claim): Ranked {
    const at = this.#ranked.findIndex((ranked) => isSame(ranked.claim, claim));
    if (at === 0) return this.#ranked[0] as Ranked;
    const ranked = at < 0 ? this.#unknown(claim) : (this.#ranked.splice(at, 1)[0] as Ranked);
    this.#ranked.unshift(ranked);
    if (this.#ranked.length > claimsMax) this.#ranked.pop();
    return ranked;
  }

  #unknown(claim: Claim): Ranked {
    return { claim, kinds: this.kinds.map(({ nodes }) => new Ranking(nodes, claim, this.#own)), known: -Infinity };
  }
}

const isSame = (a: Claim, b: Claim): boolean => a.millicores === b.millicores && a.bytes === b.bytes && a.pods === b.pods;
