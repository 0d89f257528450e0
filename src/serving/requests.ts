import { longer } from './pod-speeds.ts';

/** No request, no pod. */
export const none = -1;

/** The requests that are at some pod: parallel arrays by a number that is used again when the request has left. Times in s. */
export class Requests {
  /** When it arrived at its pod. */
  arrived = new Float64Array(64);
  /** CPU that it needs, or needs still where it was interrupted, core-seconds; and all it took. */
  work = new Float64Array(64);
  demand = new Float64Array(64);
  /** For how many requests it stands. */
  weight = new Float64Array(64);
  /** What its response takes beside the time at its pod: hops, time off CPU. */
  delay = new Float64Array(64);
  /** Attempts before it. */
  generation = new Int32Array(64);
  /** Its pod. */
  pod = new Int32Array(64);
  /** The ones behind and before it at its pod. */
  next = new Int32Array(64);
  previous = new Int32Array(64);
  #free: number = none;
  #made = 0;

  /** The number of a new request. */
  take(): number {
    const request = this.#free;
    if (request === none) {
      if (this.#made === this.work.length) this.#grow();
      return this.#made++;
    }
    this.#free = this.next[request] as number;
    return request;
  }

  /** The request has left. */
  release(request: number): void {
    this.next[request] = this.#free;
    this.#free = request;
  }

  /** The same requests, first come first. */
  byArrival(requests: readonly number[]): readonly number[] {
    return [...requests].sort((a, b) => (this.arrived[a] as number) - (this.arrived[b] as number));
  }

  #grow(): void {
    const size = 2 * this.#made;
    this.arrived = longer(this.arrived, new Float64Array(size));
    this.work = longer(this.work, new Float64Array(size));
    this.demand = longer(this.demand, new Float64Array(size));
    this.weight = longer(this.weight, new Float64Array(size));
    this.delay = longer(this.delay, new Float64Array(size));
    this.generation = longer(this.generation, new Int32Array(size));
    this.pod = longer(this.pod, new Int32Array(size));
    this.next = longer(this.next, new Int32Array(size));
    this.previous = longer(this.previous, new Int32Array(size));
  }
}
