import type { Claim } from '../cluster/cluster.ts';
import type { Node } from '../cluster/node.ts';
import { fits } from './node-resources-fit.ts';

/** What a node scores by its own state for a claim that fits: a whole number from 0 to 32,767. */
export type OwnScore = (claim: Claim, node: Node) => number;

/** Instead of a score: nodes without room for the claim, and nodes that are lost. */
const [full, lost] = [-1, -2];

/**
 * Nodes ranked for one claim by their own scores, the first of equals first: a tournament, whose leaves are the nodes and whose every inner place holds the higher score of the two
 * below it. A node that has changed is played again in at most log₂ n matches.
 */
export class Ranking {
  readonly #nodes: readonly Node[];
  readonly #claim: Claim;
  readonly #own: OwnScore;
  /** Place 1 is the winner's, 2 and 3 lie below 1, 4 and 5 below 2, …; the nodes begin at place `#leaves`. */
  readonly #scores: Int16Array;
  readonly #leaves: number;
  /** Nodes with room for the claim, and nodes that are lost. */
  fitting = 0;
  lost = 0;

  constructor(nodes: readonly Node[], claim: Claim, own: OwnScore) {
    this.#nodes = nodes;
    this.#claim = claim;
    this.#own = own;
    let leaves = 1;
    while (leaves < nodes.length) leaves *= 2;
    this.#leaves = leaves;
    this.#scores = new Int16Array(2 * leaves).fill(full);
  }

  /** All nodes may have changed. */
  updateAll(): void {
    for (let position = 0; position < this.#nodes.length; position++) this.update(position);
  }

  /** The node at `position` may have changed. */
  update(position: number): void {
    const [scores, node] = [this.#scores, this.#nodes[position] as Node];
    const score = node.state === 'lost' ? lost : fits(this.#claim, node) ? this.#own(this.#claim, node) : full;
    let place = this.#leaves + position;
    const before = scores[place] as number;
    if (score === before) return;
    this.#count(before, -1);
    this.#count(score, 1);
    scores[place] = score;
    for (place >>= 1; place > 0; place >>= 1) {
      const [left, right] = [scores[2 * place] as number, scores[2 * place + 1] as number];
      const higher = left > right ? left : right;
      if (scores[place] === higher) return;
      scores[place] = higher;
    }
  }

  /** The highest score of a node with room; below 0 where there is none. */
  get best(): number {
    return this.#scores[1] as number;
  }

  /** The first of the nodes with the highest score. */
  get first(): Node {
    const scores = this.#scores;
    const best = this.best;
    let place = 1;
    while (place < this.#leaves) place = scores[2 * place] === best ? 2 * place : 2 * place + 1;
    return this.#nodes[place - this.#leaves] as Node;
  }

  #count(score: number, delta: 1 | -1): void {
    if (score >= 0) this.fitting += delta;
    else if (score === lost) this.lost += delta;
  }
}
