import { exp, log } from '../../base/elementary.ts';
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

/** The number of the last node, at which all is that is loaded higher. */
export const lastNode = nodes.length - 1;
const highest = nodes[lastNode] as number;

/** The last node that is not above the utilisation. */
export function rhoIndex(arrivals: number, capacity: number): number {
  if (arrivals >= capacity * highest) return lastNode;
  const index = Math.floor(log((arrivals / capacity + offset) / (offset * (1 - arrivals / capacity))) / step);
  return index < lastNode ? (index > 0 ? index : 0) : lastNode - 1;
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
 * that their mean ρ is kept. Of the attempts between two nodes only their number W and the sum M of the rates at which they came are kept, as the division
 * is linear in both: (ρM − W·low)/(high − low) of them are at the upper node.
 */
export class NodeWeights {
  readonly rho: number;
  /** The app's rate at each node. */
  readonly #rates: Float64Array;
  /** W and M of the attempts between a node and the next one; at the last node only W. */
  readonly #attempts: Float64Array;
  readonly #moments: Float64Array;
  /** What an attempt is worth there: #base + #rise × rate; NaN where it has not been asked for. */
  readonly #base: Float64Array;
  readonly #rise: Float64Array;
  readonly #worthOf: (node: number) => number;
  /** Σ what the attempts are worth. */
  valued = 0;
  /** The node at or below the last utilisation; all attempts are from the node `#low` to the one after `#high`. */
  #last = 0;
  #low = Infinity;
  #high = -1;

  /** `worthOf` an attempt at a node. */
  constructor(rho: number, worthOf: (node: number) => number) {
    this.rho = rho;
    this.#rates = Float64Array.from(nodes, (node) => node / rho);
    this.#attempts = new Float64Array(nodes.length);
    this.#moments = new Float64Array(nodes.length);
    this.#base = new Float64Array(nodes.length).fill(NaN);
    this.#rise = new Float64Array(nodes.length);
    this.#worthOf = worthOf;
  }

  /** Adds the attempts of `h` seconds in which the app's rate goes from `r0` to `r1` in a straight line. */
  add(r0: number, r1: number, h: number): void {
    const rates = this.#rates;
    const last = this.#nodeAt(r1);
    let node =
      r0 === r1 || (last < lastNode && r0 >= (rates[last] as number) && r0 < (rates[last + 1] as number)) ? last : this.#nodeAt(r0);
    if (node === last) this.#add(node, r0, r1, h);
    else {
      const perSecond = (r1 - r0) / h;
      const towards = last < node ? -1 : 1;
      for (let a = r0; ; node += towards) {
        const b = node === last ? r1 : (rates[towards > 0 ? node + 1 : node] as number);
        this.#add(node, a, b, (b - a) / perSecond);
        if (node === last) break;
        a = b;
      }
    }
    this.#last = last;
  }

  /** Shows `read` all attempts, node by node, and forgets them. */
  take(read: (node: number, attempts: number) => void): void {
    let above = 0;
    for (let node = this.#low; node <= this.#high; node++) {
      const attempts = this.#attempts[node] as number;
      const part = this.#above(node, attempts, this.#moments[node] as number);
      read(node, above + (attempts - part));
      above = part;
      this.#attempts[node] = this.#moments[node] = 0;
    }
    if (above > 0) read(this.#high + 1, above);
    this.#low = Infinity;
    this.#high = -1;
    this.valued = 0;
  }

  /** Of so many attempts between a node and the next one: those at the next one. */
  #above(node: number, attempts: number, moment: number): number {
    if (node === lastNode) return 0;
    const [low, high] = [this.#rates[node] as number, this.#rates[node + 1] as number];
    const above = (moment - attempts * low) / (high - low);
    return above > 0 ? (above < attempts ? above : attempts) : 0;
  }

  #add(node: number, r0: number, r1: number, h: number): void {
    const attempts = (h * (r0 + r1)) / 2;
    if (!(attempts > 0)) return;
    const moment = (h * (r0 * r0 + r0 * r1 + r1 * r1)) / 3;
    this.#attempts[node] = (this.#attempts[node] as number) + attempts;
    this.#moments[node] = (this.#moments[node] as number) + moment;
    let base = this.#base[node] as number;
    if (base !== base) base = this.#value(node);
    this.valued += base * attempts + (this.#rise[node] as number) * moment;
    if (node < this.#low) this.#low = node;
    if (node > this.#high) this.#high = node;
  }

  /** Asks what attempts between a node and the next one are worth. */
  #value(node: number): number {
    const worth = this.#worthOf(node);
    if (node === lastNode) return (this.#base[node] = worth);
    const [low, high] = [this.#rates[node] as number, this.#rates[node + 1] as number];
    const rise = (this.#rise[node] = (this.#worthOf(node + 1) - worth) / (high - low));
    return (this.#base[node] = worth - rise * low);
  }

  /** As {@link rhoIndex}, which is asked where the rate is not next to the last one: neighbouring rates are mostly alike. */
  #nodeAt(rate: number): number {
    const [rates, cap, last] = [this.#rates, lastNode, this.#last];
    if (rate >= (rates[cap] as number)) return (this.#last = cap);
    if (last + 2 <= cap) {
      if (rate < (rates[last + 1] as number)) {
        if (rate >= (rates[last] as number)) return last;
        if (last > 0 && rate >= (rates[last - 1] as number)) return (this.#last = last - 1);
      } else if (rate < (rates[last + 2] as number)) return (this.#last = last + 1);
    }
    return (this.#last = rhoIndex(this.rho * rate, 1));
  }
}
