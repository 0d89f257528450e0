import type { Uniform } from '../../random/streams.ts';

/** How clients choose a pod: each with the weight that routing gives it. */
export const balancers = ['random', 'round-robin', 'least-outstanding', 'power-of-two'] as const;
export type BalancerName = (typeof balancers)[number];

/** Pods of one zone among which a request is divided: by weight, in the order in which they came. */
export class Balancer<Pod> {
  readonly #name: BalancerName;
  readonly #present: (pod: Pod, t: number) => number;
  readonly #uniform: Uniform;
  #pods: readonly Pod[] = [];
  #weights: readonly number[] = [];
  /** Σ weights of the pods up to each, and of all. */
  #upTo = new Float64Array(0);
  #total = 0;
  #equal = true;
  /** Round robin: how far a pod has come in the rounds; the next to be chosen. */
  #passes = new Map<Pod, number>();
  #turn = 0;

  /** `present`: requests at a pod at `t`, s; `uniform` draws what the first number of a choice does not decide. */
  constructor(name: BalancerName, present: (pod: Pod, t: number) => number, uniform: Uniform) {
    this.#name = name;
    this.#present = present;
    this.#uniform = uniform;
  }

  /** Σ weights. */
  get total(): number {
    return this.#total;
  }

  /** From now on these pods, each with a weight above 0. */
  set(pods: readonly Pod[], weights: readonly number[]): void {
    this.#pods = pods;
    this.#weights = weights;
    this.#upTo = new Float64Array(pods.length);
    this.#total = 0;
    weights.forEach((weight, i) => (this.#upTo[i] = this.#total += weight));
    this.#equal = weights.every((weight) => weight === weights[0]);
    if (this.#name === 'round-robin') this.#enter();
  }

  /** The pod for the request of the moment `t`, s; `u` ∈ [0, 1) decides what is random. There must be one. */
  choose(u: number, t: number): Pod {
    if (this.#name === 'random') return this.#pods[this.#drawn(u)] as Pod;
    if (this.#name === 'round-robin') return this.#next();
    if (this.#name === 'least-outstanding') return this.#least(t);
    const one = this.#drawn(u);
    const two = this.#drawn(this.#uniform());
    return this.#pods[this.#load(two, t) < this.#load(one, t) ? two : one] as Pod;
  }

  /** The place that a uniform points at. */
  #drawn(u: number): number {
    const last = this.#pods.length - 1;
    return this.#equal ? Math.min(last, Math.floor(u * (last + 1))) : this.#searched(u * this.#total, last);
  }

  /** The first place, up to the last one, whose weight and those before it sum up to more than `aim`. */
  #searched(aim: number, last: number): number {
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#upTo[middle] as number) > aim) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Requests per weight, with the one that comes. */
  #load(place: number, t: number): number {
    return (this.#present(this.#pods[place] as Pod, t) + 1) / (this.#weights[place] as number);
  }

  /** The least load; of equals the first one after the last choice, as HAProxy and Envoy take turns. */
  #least(t: number): Pod {
    const size = this.#pods.length;
    if (this.#turn >= size) this.#turn = 0;
    let [best, least] = [0, Infinity];
    const idle = this.#equal ? 1 / (this.#weights[0] as number) : 0;
    for (let i = 0, place = this.#turn; i < size; i++, place = place + 1 < size ? place + 1 : 0) {
      const load = this.#load(place, t);
      if (load < least) [best, least] = [place, load];
      if (load <= idle) break;
    }
    this.#turn = best + 1;
    return this.#pods[best] as Pod;
  }

  /**
   * Weighted round robin by earliest deadline (Envoy's EDF scheduler): the pod whose next turn comes first; a turn of weight w is 1/w long. Among equal weights
   * that is turn by turn.
   */
  #next(): Pod {
    const size = this.#pods.length;
    if (this.#equal) {
      if (this.#turn >= size) this.#turn = 0;
      return this.#pods[this.#turn++] as Pod;
    }
    let [best, least] = [0, Infinity];
    for (let place = 0; place < size; place++) {
      const due = this.#due(place);
      if (due < least) [best, least] = [place, due];
    }
    const pod = this.#pods[best] as Pod;
    this.#passes.set(pod, least);
    return pod;
  }

  #due(place: number): number {
    return (this.#passes.get(this.#pods[place] as Pod) as number) + 1 / (this.#weights[place] as number);
  }

  /** Pods that are new begin where the others are. */
  #enter(): void {
    const known = this.#pods.flatMap((pod) => this.#passes.get(pod) ?? []);
    const now = known.length > 0 ? Math.min(...known) : 0;
    this.#passes = new Map(this.#pods.map((pod) => [pod, this.#passes.get(pod) ?? now]));
  }
}
