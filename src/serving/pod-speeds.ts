/** What a pod can do from now on. */
export interface PodPower {
  /** Requests that it works on at a time. */
  readonly servers: number;
  /** Core-seconds that each server does per second: now, and their change per second until `until`, s. */
  readonly speed: number;
  readonly slope: number;
  readonly until: number;
}

/** What is kept of a pod, side by side in one array. */
const width = 4;
const [speedAt, slopeAt, untilAt] = [1, 2, 3] as const;

/** How fast the servers of each pod work: at a speed that is constant, or rises or falls in a straight line to a moment and is constant from there on. */
export class PodSpeeds {
  /** By pod: the moment last passed to, the speed there, its slope, the end of the slope. */
  #pods = new Float64Array(16 * width);

  /** Room for the pod, which stands still. */
  add(pod: number): void {
    if (pod * width === this.#pods.length) this.#pods = longer(this.#pods, new Float64Array(2 * this.#pods.length));
  }

  set(pod: number, t: number, { speed, slope, until }: PodPower): void {
    const pods = this.#pods;
    const i = pod * width;
    pods[i] = t;
    pods[i + speedAt] = speed;
    pods[i + slopeAt] = until > t ? slope : 0;
    pods[i + untilAt] = until;
  }

  /** The moment it was last passed to. */
  since(pod: number): number {
    return this.#pods[pod * width] as number;
  }

  /** The speed at the moment it was last passed to. */
  now(pod: number): number {
    return this.#pods[pod * width + speedAt] as number;
  }

  /** Whether it stands still for good. */
  stands(pod: number): boolean {
    const i = pod * width;
    return this.#pods[i + speedAt] === 0 && this.#pods[i + slopeAt] === 0;
  }

  /** Core-seconds that each server can do from the last moment asked about to `t`. */
  pass(pod: number, t: number): number {
    const pods = this.#pods;
    const i = pod * width;
    const h = t - (pods[i] as number);
    pods[i] = t;
    return pods[i + slopeAt] === 0 ? (pods[i + speedAt] as number) * h : this.#ramp(i, t - h, t);
  }

  /** When so many core-seconds more will have been possible, s; Infinity: never. */
  when(pod: number, coreSeconds: number): number {
    const pods = this.#pods;
    const i = pod * width;
    const since = pods[i] as number;
    const speed = pods[i + speedAt] as number;
    const slope = pods[i + slopeAt] as number;
    if (slope === 0) return speed > 0 ? since + coreSeconds / speed : Infinity;
    const until = pods[i + untilAt] as number;
    const x = until - since;
    const then = speed + slope * x;
    const ramp = ((speed + then) / 2) * x;
    // speed·y + slope·y²/2 = coreSeconds, in the form that cancels nothing.
    if (coreSeconds <= ramp) return since + (2 * coreSeconds) / (speed + Math.sqrt(Math.max(0, speed * speed + 2 * slope * coreSeconds)));
    return then > 0 ? until + (coreSeconds - ramp) / then : Infinity;
  }

  /** The same as {@link pass}, where the speed of the pod kept at `i` moves. */
  #ramp(i: number, since: number, t: number): number {
    const pods = this.#pods;
    const [speed, slope, until] = [pods[i + speedAt] as number, pods[i + slopeAt] as number, pods[i + untilAt] as number];
    const x = (t < until ? t : until) - since;
    const then = Math.max(0, speed + slope * x);
    pods[i + speedAt] = then;
    const done = ((speed + then) / 2) * x;
    if (t < until) return done;
    pods[i + slopeAt] = 0;
    return done + then * (t - until);
  }
}

/** `into`, beginning with what is in `array`. */
export function longer<T extends Float64Array | Int32Array>(array: T, into: T): T {
  into.set(array);
  return into;
}
