import { log } from '../base/elementary.ts';
import { type Response, responseExpectation, servedTail, tailAndDensity } from './response-law.ts';
import type { Tally } from './tally.ts';

/** The responses of a tally's admitted attempts, as a mixture: one part per cell of the grids. Lists of numbers by part, which are quicker than the cells themselves. */
class Mixture {
  readonly #weights: number[] = [];
  readonly #drains: number[] = [];
  readonly #waits: number[] = [];
  readonly #limits: number[] = [];
  readonly #cuts: number[] = [];
  /** By part: which of the services it has. Requests that took a hop and those that did not mostly take turns, on pods of one capacity. */
  readonly #served: number[] = [];
  /** Rate and shift of each service, and P(S > t − shift) at the t of {@link #at}. */
  readonly #services: number[] = [];
  readonly #shifts: number[] = [];
  readonly #tails: number[] = [];
  weight = 0;
  #sum = 0;
  /** P(response > t) and its density at the last t. */
  #beyond = 0;
  #density = 0;

  constructor({ responses }: Tally) {
    for (const weights of responses) {
      const { cells, grid } = weights;
      for (let i = 0; i < cells.length; i++) {
        const cell = cells[i] as number;
        this.#add(grid.response(cell), weights.weight(cell));
      }
    }
  }

  /** Whether all responses were measured: each part is one length of time. */
  get isMeasured(): boolean {
    return this.#services.every((service) => service === Infinity);
  }

  /** The least t with P(response ≤ t) ≥ p, for the rising p of `probabilities`, where all responses were measured. */
  measuredQuantiles(probabilities: readonly number[]): readonly number[] {
    const parts = this.#weights.map((weight, i) => ({ weight, t: this.#shifts[this.#served[i] as number] as number }));
    parts.sort((a, b) => a.t - b.t);
    let [i, upTo] = [0, (parts[0] as { readonly weight: number }).weight];
    return probabilities.map((p) => {
      while (i + 1 < parts.length && upTo < p * this.weight) upTo += (parts[++i] as { readonly weight: number }).weight;
      return (parts[i] as { readonly t: number }).t;
    });
  }

  get mean(): number {
    return this.#sum / this.weight;
  }

  /**
   * t with P(response > t) = `tail`, 0 < tail < 1, from the guess `t` on: Newton's method on ln P, which is nearly a line where the slowest parts are left,
   * inside a bracket that is halved where a step leaves it. Error below 1e-12 of t.
   */
  quantile(tail: number, t: number): number {
    const aim = log(tail);
    let low = 0;
    let high = Infinity;
    for (;;) {
      this.#at(t);
      const [beyond, density] = [this.#beyond, this.#density];
      if (beyond > tail) low = t;
      else high = t;
      const step = beyond > 0 && density > 0 ? ((log(beyond) - aim) * beyond) / density : NaN;
      let next = t + step;
      if (!(next > low && next < high)) next = high === Infinity ? 2 * t : (low + high) / 2;
      // Converges quadratically: the next step would be about the square of this one.
      if (Math.abs(next - t) <= 1e-7 * t && (next === t + step || high - low <= 1e-12 * high)) return next;
      t = next;
    }
  }

  #add(part: Response, weight: number): void {
    const services = this.#services.length;
    let served = services - 1;
    if (!this.#isServed(part, served) && !this.#isServed(part, --served)) {
      served = services;
      this.#services.push(part.service);
      this.#shifts.push(part.shift);
      this.#tails.push(1);
    }
    this.#weights.push(weight);
    this.#drains.push(part.drain);
    this.#waits.push(part.waits);
    this.#limits.push(part.limit);
    this.#cuts.push(part.cut);
    this.#served.push(served);
    this.weight += weight;
    this.#sum += weight * responseExpectation(part);
  }

  #isServed({ service, shift }: Response, by: number): boolean {
    return by >= 0 && this.#services[by] === service && this.#shifts[by] === shift;
  }

  #at(t: number): void {
    const [services, shifts, tails] = [this.#services, this.#shifts, this.#tails];
    for (let i = 0; i < services.length; i++) tails[i] = servedTail(services[i] as number, t - (shifts[i] as number));
    let beyond = 0;
    let density = 0;
    for (let i = 0; i < this.#weights.length; i++) {
      const by = this.#served[i] as number;
      tailAndDensity(
        services[by] as number,
        this.#drains[i] as number,
        this.#waits[i] as number,
        this.#limits[i] as number,
        this.#cuts[i] as number,
        t - (shifts[by] as number),
        tails[by] as number,
        pair,
      );
      const weight = this.#weights[i] as number;
      beyond += weight * (pair[0] as number);
      density += weight * (pair[1] as number);
    }
    this.#beyond = beyond / this.weight;
    this.#density = density / this.weight;
  }
}
const pair = new Float64Array(2);

/** Mean response time of the admitted attempts, s; undefined if there were none. */
export function responseMean(tally: Tally): number | undefined {
  const mixture = new Mixture(tally);
  return mixture.weight > 0 ? mixture.mean : undefined;
}

/** Response times t, s, with P(response ≤ t) = p for the rising p of `probabilities` (each inside (0, 1)); undefined if nothing was admitted. */
export function responseQuantiles(tally: Tally, probabilities: readonly number[]): readonly number[] | undefined {
  const mixture = new Mixture(tally);
  if (!(mixture.weight > 0)) return undefined;
  if (mixture.isMeasured) return mixture.measuredQuantiles(probabilities);
  let t = mixture.mean;
  return probabilities.map((p) => (t = mixture.quantile(1 - p, t)));
}

/** The quantile of {@link responseQuantiles} for one p. */
export const responseQuantile = (tally: Tally, p: number): number | undefined => responseQuantiles(tally, [p])?.[0];
