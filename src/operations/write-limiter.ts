import { duration, type Duration, type Time } from '../base/units.ts';

/** Rate limit of the controller's writes to the API server: a token bucket (upstream: client-go's flowcontrol, `--kube-api-qps` and `--kube-api-burst`). */
export interface WriteLimit {
  /** Writes per second, in the long run. */
  readonly rate: number;
  /** Writes that may go out at once after a rest. */
  readonly burst: number;
}

/** Lets writes out in the order in which they are asked for, as the generic cell rate algorithm does: exact, in whole µs. */
export class WriteLimiter {
  readonly #interval: number;
  readonly #tolerance: number;
  /** When the bucket would be full again. */
  #full = 0;
  /** When the last write that has been let in goes out, or went. */
  #lastOut = 0;
  #stalledUntil = 0;

  constructor({ rate, burst }: WriteLimit) {
    this.#interval = Math.max(1, Math.round(1e6 / rate));
    this.#tolerance = (burst - 1) * this.#interval;
  }

  /** How long a write that is asked for at `now` has to wait. */
  wait(now: Time): Duration {
    const asked = Math.max(now, this.#stalledUntil);
    const sent = Math.max(asked, this.#full - this.#tolerance);
    this.#full = Math.max(asked, this.#full) + this.#interval;
    this.#lastOut = sent;
    return duration(sent - now);
  }

  /** Nothing goes out from `now` until `until`: returns by how much later everything goes out that has been let in and not out. */
  stall(now: Time, until: Time): Duration {
    const longer = Math.max(0, until - Math.max(now, this.#stalledUntil));
    if (this.#lastOut > now) {
      this.#full += longer;
      this.#lastOut += longer;
    }
    this.#stalledUntil = Math.max(this.#stalledUntil, until);
    return duration(longer);
  }
}
