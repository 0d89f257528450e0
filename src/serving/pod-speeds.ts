import { longer } from './indexed-heap.ts';

/** What a pod can do from now on. */
export interface PodPower {
  /** Requests that it works on at a time. */
  readonly servers: number;
  /** Core-seconds that each server does per second: now, and their change per second until `until`, s. */
  readonly speed: number;
  readonly slope: number;
  readonly until: number;
}

/** How fast the servers of each pod work: at a speed that is constant, or rises or falls in a straight line to a moment and is constant from there on. */
export class PodSpeeds {
  #since = new Float64Array(16);
  #speed = new Float64Array(16);
  #slope = new Float64Array(16);
  #until = new Float64Array(16);

  /** Room for the pod, which stands still. */
  add(pod: number): void {
    if (pod < this.#since.length) return;
    const size = 2 * pod;
    this.#since = longer(this.#since, new Float64Array(size));
    this.#speed = longer(this.#speed, new Float64Array(size));
    this.#slope = longer(this.#slope, new Float64Array(size));
    this.#until = longer(this.#until, new Float64Array(size));
  }

  set(pod: number, t: number, { speed, slope, until }: PodPower): void {
    this.#since[pod] = t;
    this.#speed[pod] = speed;
    this.#slope[pod] = until > t ? slope : 0;
    this.#until[pod] = until;
  }

  /** The moment it was last passed to. */
  since(pod: number): number {
    return this.#since[pod] as number;
  }

  /** The speed at the moment it was last passed to. */
  now(pod: number): number {
    return this.#speed[pod] as number;
  }

  /** Whether it stands still for good. */
  stands(pod: number): boolean {
    return this.#speed[pod] === 0 && this.#slope[pod] === 0;
  }

  /** Core-seconds that each server can do from the last moment asked about to `t`. */
  pass(pod: number, t: number): number {
    const speed = this.#speed[pod] as number;
    const slope = this.#slope[pod] as number;
    const since = this.#since[pod] as number;
    this.#since[pod] = t;
    if (slope === 0) return speed * (t - since);
    const until = this.#until[pod] as number;
    const x = (t < until ? t : until) - since;
    const then = speed + slope * x;
    this.#speed[pod] = then > 0 ? then : 0;
    const done = ((speed + then) / 2) * x;
    if (t < until) return done;
    this.#slope[pod] = 0;
    return done + then * (t - until);
  }

  /** When so many core-seconds more will have been possible, s; Infinity: never. */
  when(pod: number, coreSeconds: number): number {
    const speed = this.#speed[pod] as number;
    const slope = this.#slope[pod] as number;
    const since = this.#since[pod] as number;
    if (slope === 0) return speed > 0 ? since + coreSeconds / speed : Infinity;
    const until = this.#until[pod] as number;
    const x = until - since;
    const then = speed + slope * x;
    const ramp = ((speed + then) / 2) * x;
    // speed·y + slope·y²/2 = coreSeconds, in the form that cancels nothing.
    if (coreSeconds <= ramp) return since + (2 * coreSeconds) / (speed + Math.sqrt(Math.max(0, speed * speed + 2 * slope * coreSeconds)));
    return then > 0 ? until + (coreSeconds - ramp) / then : Infinity;
  }
}
