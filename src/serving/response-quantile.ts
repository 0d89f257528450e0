import { log } from '../base/elementary.ts';
import { type Response, responseExpectation, servedTail, tailAndDensity } from './response-law.ts';
import type { Tally } from './tally.ts';

/** The responses of a tally's admitted attempts, as a mixture: one part per cell of the grids. */
class Mixture {
  readonly #parts: Response[] = [];
  readonly #weights: number[] = [];
  weight = 0;

  constructor({ responses }: Tally) {
    for (const weights of responses) {
      const { cells, grid } = weights;
      for (let i = 0; i < cells.length; i++) {
        const cell = cells[i] as number;
        const weight = weights.weight(cell);
        this.#parts.push(grid.response(cell));
        this.#weights.push(weight);
        this.weight += weight;
      }
    }
  }

  get mean(): number {
    let sum = 0;
    for (let i = 0; i < this.#parts.length; i++) sum += (this.#weights[i] as number) * responseExpectation(this.#parts[i] as Response);
    return sum / this.weight;
  }

  /**
   * t with P(response > t) = `tail`, 0 < tail < 1, from the guess `t` on: Newton's method on ln P, which is nearly a line where the slowest parts are left,
   * inside a bracket that is halved where a step leaves it. Error below 1e-12 of t.
   */
  quantile(tail: number, t: number): number {
    const aim = log(tail);
    let [low, high] = [0, Infinity];
    for (;;) {
      const [beyond, density] = this.#at(t);
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

  /** P(response > t) and its density. */
  #at(t: number): readonly [number, number] {
    let [beyond, density] = [0, 0];
    // Requests that took a hop and those that did not mostly take turns, on pods of one capacity.
    let [last, served, lastButOne, servedBefore]: [Response | undefined, number, Response | undefined, number] = [
      undefined,
      1,
      undefined,
      1,
    ];
    for (let i = 0; i < this.#parts.length; i++) {
      const part = this.#parts[i] as Response;
      if (!isServedAlike(part, last)) {
        [last, lastButOne] = [lastButOne, last];
        [served, servedBefore] = [servedBefore, served];
        if (!isServedAlike(part, last)) [last, served] = [part, servedTail(part, t)];
      }
      tailAndDensity(part, t, pair, served);
      const weight = this.#weights[i] as number;
      beyond += weight * (pair[0] as number);
      density += weight * (pair[1] as number);
    }
    return [beyond / this.weight, density / this.weight];
  }
}
const pair = new Float64Array(2);

const isServedAlike = (part: Response, other: Response | undefined): boolean =>
  other !== undefined && part.service === other.service && part.shift === other.shift;

/** Mean response time of the admitted attempts, s; undefined if there were none. */
export function responseMean(tally: Tally): number | undefined {
  const mixture = new Mixture(tally);
  return mixture.weight > 0 ? mixture.mean : undefined;
}

/** Response times t, s, with P(response ≤ t) = p for the rising p of `probabilities` (each inside (0, 1)); undefined if nothing was admitted. */
export function responseQuantiles(tally: Tally, probabilities: readonly number[]): readonly number[] | undefined {
  const mixture = new Mixture(tally);
  if (!(mixture.weight > 0)) return undefined;
  let t = mixture.mean;
  return probabilities.map((p) => (t = mixture.quantile(1 - p, t)));
}

/** The quantile of {@link responseQuantiles} for one p. */
export const responseQuantile = (tally: Tally, p: number): number | undefined => responseQuantiles(tally, [p])?.[0];
