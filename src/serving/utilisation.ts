import { exp, log } from '../base/elementary.ts';
import type { Piece } from './class-law.ts';
import { meanProportion } from './deficit.ts';

/** Ratio of neighbouring nodes of (ρ + offset)/(1 − ρ), as a logarithm: fine in ρ where few wait, in 1 − ρ where the wait is long. */
const step = 0.08;
const offset = 0.1;

/** The nodes of utilisation, rising from 0; 1 − ρ down to e^−11.7. */
export const nodes: Readonly<Float64Array> = Float64Array.from({ length: 176 }, (_, r) => {
  const z = offset * exp(r * step);
  return (z - offset) / (1 + z);
});

/** The last node that is not above the utilisation; `cap` from the `highest` on. */
export function rhoIndex(arrivals: number, capacity: number, cap: number, highest: number): number {
  if (arrivals >= capacity * highest) return cap;
  const index = Math.floor(log((arrivals / capacity + offset) / (offset * (1 - arrivals / capacity))) / step);
  return index < cap ? (index > 0 ? index : 0) : cap - 1;
}

/** Mean utilisation of the admitted requests of `piece` between `u` and `end`, seconds after its beginning. */
export function meanRho(
  { arrivalRate, arrivalSlope, capacity, capacitySlope, admittedRate, admittedSlope }: Piece,
  u: number,
  end: number,
): number {
  const [a0, a1] = [arrivalRate + arrivalSlope * u, arrivalRate + arrivalSlope * end];
  if (capacitySlope === 0 && arrivalSlope === 0) return arrivalRate / capacity;
  const [w0, w1] = [admittedRate + admittedSlope * u, admittedRate + admittedSlope * end];
  const [c0, c1] = [capacity + capacitySlope * u, capacity + capacitySlope * end];
  return meanProportion(w0, w1, a0, a1, c0, c1) / ((w0 + w1) / 2);
}

/**
 * Attempts of an app by node of the utilisation at which some of its pods, loaded at `rho` × its rate, serve them: between two nodes they are divided so
 * that their mean ρ is kept.
 */
export class NodeWeights {
  readonly rho: number;
  readonly highest: number;
  readonly #cap: number;
  readonly #weights: Float64Array;
  /** What an attempt at each node is worth, NaN where it has not been asked for. */
  readonly #worth: Float64Array;
  readonly #worthOf: (node: number) => number;
  /** Σ weight × worth. */
  valued = 0;
  /** The node at or below the last utilisation; all attempts are between the nodes `#low` and `#high`. */
  last = 0;
  #low = Infinity;
  #high = -1;

  /** `highest` utilisation, at or above which all are at the node `cap`; `worthOf` an attempt at a node. */
  constructor(rho: number, cap: number, highest: number, worthOf: (node: number) => number) {
    this.rho = rho;
    this.highest = highest;
    this.#cap = cap;
    this.#weights = new Float64Array(cap + 1);
    this.#worth = new Float64Array(cap + 1).fill(NaN);
    this.#worthOf = worthOf;
  }

  /** Adds the attempts of `h` seconds in which the app's rate goes from `r0` to `r1` in a straight line. */
  add(r0: number, r1: number, h: number): void {
    const { rho, highest } = this;
    const cap = this.#cap;
    let node = this.#nodeAt(rho * r0);
    const last = r0 === r1 ? node : this.#nodeAt(rho * r1);
    const towards = last < node ? -1 : 1;
    for (let a = r0; ; node += towards) {
      const next = towards > 0 ? node + 1 : node;
      const b = node === last ? r1 : (next < cap ? (nodes[next] as number) : highest) / rho;
      const weight = ((a + b) / 2) * (r0 === r1 ? h : (h * (b - a)) / (r1 - r0));
      if (weight > 0) {
        const low = nodes[node] as number;
        const high = node + 1 < cap ? (nodes[node + 1] as number) : highest;
        const mean = a === b ? rho * a : (rho * 2 * (a * a + a * b + b * b)) / (3 * (a + b));
        const x = node === cap ? 0 : (mean - low) / (high - low);
        const above = x > 0 ? (x < 1 ? weight * x : weight) : 0;
        if (above < weight) this.#add(node, weight - above);
        if (above > 0) this.#add(node + 1, above);
      }
      if (node === last) break;
      a = b;
    }
    this.last = last;
  }

  /** Shows `read` all attempts, node by node, and forgets them. */
  take(read: (node: number, attempts: number) => void): void {
    for (let node = this.#low; node <= this.#high; node++) {
      read(node, this.#weights[node] as number);
      this.#weights[node] = 0;
    }
    this.#low = Infinity;
    this.#high = -1;
    this.valued = 0;
  }

  #add(node: number, attempts: number): void {
    this.#weights[node] = (this.#weights[node] as number) + attempts;
    let worth = this.#worth[node] as number;
    if (worth !== worth) worth = this.#worth[node] = this.#worthOf(node);
    this.valued += attempts * worth;
    if (node < this.#low) this.#low = node;
    if (node > this.#high) this.#high = node;
  }

  /** As {@link rhoIndex}, which is asked where the utilisation is not next to the last one: neighbouring rates are mostly alike. */
  #nodeAt(rho: number): number {
    const { highest, last } = this;
    const cap = this.#cap;
    if (rho >= highest) return (this.last = cap);
    if (last + 2 < cap) {
      if (rho < (nodes[last + 1] as number)) {
        if (rho >= (nodes[last] as number)) return last;
        if (last > 0 && rho >= (nodes[last - 1] as number)) return (this.last = last - 1);
      } else if (rho < (nodes[last + 2] as number)) return (this.last = last + 1);
    }
    return (this.last = rhoIndex(rho, 1, cap, highest));
  }
}
