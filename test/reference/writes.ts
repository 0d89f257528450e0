import type { Platform } from '../../src/operations/platform.ts';

/** The controller's writes to the API server: a bucket of tokens, each of which lets one write out. Kept as the µs of rest that are in it: a token is the pause between two writes. */
export class Writes {
  readonly #token: number;
  readonly #most: number;
  #rest: number;
  #since = 0;
  #lastOut = -1;
  #stalledUntil = 0;

  constructor({ rate, burst }: Platform['api']['writes']) {
    this.#token = Math.max(1, Math.round(1e6 / rate));
    this.#most = burst * this.#token;
    this.#rest = this.#most;
  }

  /** When a write that is asked for now goes out; before it all that were asked for earlier. */
  out(now: number): number {
    const asked = Math.max(now, this.#stalledUntil);
    this.#rest = Math.min(this.#most, this.#rest + asked - this.#since) - this.#token;
    this.#since = asked;
    this.#lastOut = asked + Math.max(0, -this.#rest);
    return this.#lastOut;
  }

  /** Nothing goes out until `until`: what waits, and with it all that the bucket lets out later, goes out so much later. */
  stall(now: number, until: number): number {
    const longer = Math.max(0, until - Math.max(now, this.#stalledUntil));
    if (this.#lastOut > now) {
      this.#since += longer;
      this.#lastOut += longer;
    }
    this.#stalledUntil = Math.max(this.#stalledUntil, until);
    return longer;
  }
}
