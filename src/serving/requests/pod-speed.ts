/** What a pod can do from now on. */
export interface PodPower {
  /** Requests that it works on at a time. */
  readonly servers: number;
  /** Core-seconds that each server does per second: now, and their change per second until `until`, s. */
  readonly speed: number;
  readonly slope: number;
  readonly until: number;
}

/** How fast the servers of a pod work: at a speed that is constant, or rises or falls in a straight line to a moment and is constant from there on. */
export class PodSpeed {
  /** The moment last advanced to, s, the speed there, its slope, the end of the slope. */
  #since = 0;
  #speed = 0;
  #slope = 0;
  #until = 0;

  set(t: number, { speed, slope, until }: PodPower): void {
    this.#since = t;
    this.#speed = speed;
    this.#slope = until > t ? slope : 0;
    this.#until = until;
  }

  /** The moment it was last advanced to. */
  get since(): number {
    return this.#since;
  }

  /** The speed at that moment. */
  get now(): number {
    return this.#speed;
  }

  /** Whether it stands still for good. */
  get stands(): boolean {
    return this.#speed === 0 && this.#slope === 0;
  }

  /** Goes on to `t`; returns the core-seconds that each server can do until then. */
  advance(t: number): number {
    const h = t - this.#since;
    this.#since = t;
    return this.#slope === 0 ? this.#speed * h : this.#ramp(t - h, t);
  }

  /** When so many core-seconds more will have been possible, s; Infinity: never. */
  when(coreSeconds: number): number {
    if (this.#slope !== 0) return this.#whenRamped(coreSeconds);
    return this.#speed > 0 ? this.#since + coreSeconds / this.#speed : Infinity;
  }

  /** The same as {@link advance}, where the speed moves. */
  #ramp(since: number, t: number): number {
    const until = this.#until;
    const x = (t < until ? t : until) - since;
    const then = Math.max(0, this.#speed + this.#slope * x);
    const done = ((this.#speed + then) / 2) * x;
    this.#speed = then;
    if (t < until) return done;
    this.#slope = 0;
    return done + then * (t - until);
  }

  /** The same as {@link when}, where the speed moves. */
  #whenRamped(coreSeconds: number): number {
    const [since, speed, slope, until] = [this.#since, this.#speed, this.#slope, this.#until];
    const x = until - since;
    const then = speed + slope * x;
    const ramp = ((speed + then) / 2) * x;
    // speed·y + slope·y²/2 = coreSeconds, in the form that cancels nothing.
    if (coreSeconds <= ramp) return since + (2 * coreSeconds) / (speed + Math.sqrt(Math.max(0, speed * speed + 2 * slope * coreSeconds)));
    return then > 0 ? until + (coreSeconds - ramp) / then : Infinity;
  }
}
