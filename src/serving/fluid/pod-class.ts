import { InvariantError } from '../../base/assert.ts';
import { ClassLaw } from './class-law.ts';
import { isMain, type ServingMode } from '../mode.ts';

/** Shares of an app's arrivals that concern one class: constant between changes of modes. */
export interface ClassFlow {
  /** Arrivals at the class. */
  arrivals: number;
  /** Of `arrivals`: through another pod's sidecar or from another zone. */
  forwardedIn: number;
  /** Of `forwardedIn`: from another zone. */
  crossIn: number;
  /** Shares of `arrivals` that took a hop: within the IDC, from another one, from another city. */
  readonly hops: [number, number, number];
  /** What its sidecars forward to other pods. */
  forwardedOut: number;
  /** Whether traffic can use its capacity: it gets traffic and serves all of it. */
  usable: boolean;
  /** CPU of one request served, with the relaying it brings, core-seconds. */
  demand: number;
  /** Requests/s of one pod at factor 1000. */
  podCapacity: number;
}

/** Pods of one app and zone that share a backlog. Sums are integers, so that any number of changes drifts by nothing. */
export class PodClass {
  readonly mode: ServingMode;
  readonly main: boolean;
  readonly law: ClassLaw;
  readonly flow: ClassFlow = {
    arrivals: 0,
    forwardedIn: 0,
    crossIn: 0,
    hops: [0, 0, 0],
    forwardedOut: 0,
    usable: false,
    demand: 0,
    podCapacity: 0,
  };
  pods = 0;
  /** P(response ≤ objective) with which a waiting attempt was credited when it was admitted: as those admitted last were. */
  credit = 0;
  /** Σ client weight, 1/1000. */
  weight = 0;
  /** Σ capacity factor of the pods outside ramps, 1/1000. */
  #factor = 0;
  /** Main class only: pods by factor, for their different response. */
  readonly groups = new Map<number, number>();
  /** Pods and Σ factor by cause fault, switch, cold-start (the rest is undersized whatever it says). */
  readonly causePods = [0, 0, 0];
  readonly causeFactor = [0, 0, 0];
  /** Starts of the ramps, rising; the first `#done` have ended; offsets of the others are summed. */
  readonly #starts: number[] = [];
  readonly #base: number;
  readonly #rampLength: number;
  #done = 0;
  #offsets = 0;

  constructor(mode: ServingMode, timeout: number) {
    this.mode = mode;
    this.main = isMain(mode);
    this.law = new ClassLaw(timeout);
    this.#base = mode.ramp ? Math.floor(mode.ramp.from / 1e6) * 1e6 : 0;
    this.#rampLength = mode.ramp ? mode.ramp.until - mode.ramp.from : 0;
  }

  add(mode: ServingMode): void {
    this.#count(mode, 1);
    const { ramp } = mode;
    if (!ramp) return;
    let i = this.#starts.length;
    while (i > 0 && (this.#starts[i - 1] as number) > ramp.from) i--;
    this.#starts.splice(i, 0, ramp.from);
    if (i < this.#done) this.#done++;
    else this.#offsets += ramp.from - this.#base;
  }

  remove(mode: ServingMode): void {
    this.#count(mode, -1);
    const { ramp } = mode;
    if (!ramp) {
      if (this.pods < 0) throw new InvariantError('a pod leaves a serving class that it is not in');
      return;
    }
    const i = this.#starts.indexOf(ramp.from);
    if (i < 0) throw new InvariantError(`no pod of this serving class began its ramp at ${String(ramp.from)} µs`);
    this.#starts.splice(i, 1);
    if (i < this.#done) this.#done--;
    else this.#offsets -= ramp.from - this.#base;
  }

  #count(mode: ServingMode, sign: 1 | -1): void {
    this.pods += sign;
    this.weight += sign * mode.weight;
    if (!mode.ramp) this.#factor += sign * mode.factor;
    if (this.main) {
      const left = (this.groups.get(mode.factor) ?? 0) + sign;
      if (left === 0) this.groups.delete(mode.factor);
      else this.groups.set(mode.factor, left);
    }
    const k = mode.cause === 'fault' ? 0 : mode.cause === 'switch' ? 1 : mode.cause === 'cold-start' ? 2 : -1;
    if (k < 0) return;
    this.causePods[k] = (this.causePods[k] as number) + sign;
    if (!mode.ramp) this.causeFactor[k] = (this.causeFactor[k] as number) + sign * mode.factor;
  }

  /** Part of the class's backlog that waits at one pod of `mode`: by weight in the main class, where pods differ; equal otherwise. */
  backlogShare(mode: ServingMode): number {
    return this.main && this.weight > 0 ? mode.weight / this.weight : 1 / this.pods;
  }

  /** `attempts` that were credited with `credit` each join its backlog. */
  join(attempts: number, credit: number): void {
    if (attempts === 0) return;
    const { law } = this;
    this.credit = (law.backlog * this.credit + attempts * credit) / (law.backlog + attempts);
    law.backlog += attempts;
  }

  /** Adds, by cause, what its pods' capacity at `t`, µs, lacks to `full` requests/s each; valid until {@link settle}'s moment. */
  addMissing(missing: number[], full: number, t: number): void {
    const { flow } = this;
    for (let k = 0; k < 3; k++) {
      const count = this.causePods[k] as number;
      if (count === 0) continue;
      const used = !flow.usable
        ? 0
        : this.mode.ramp
          ? this.factorAt(t) * flow.podCapacity
          : ((this.causeFactor[k] as number) * flow.podCapacity) / 1000;
      missing[k] = (missing[k] as number) + Math.max(0, count * full - used);
    }
  }

  /** Passes the ramps that have ended at `t`; returns when the next one ends. */
  settle(t: number): number {
    while (this.#done < this.#starts.length) {
      const start = this.#starts[this.#done] as number;
      if (start + this.#rampLength > t) return start + this.#rampLength;
      this.#offsets -= start - this.#base;
      this.#done++;
    }
    return Infinity;
  }

  /** Whether its capacity moves; valid until {@link settle}'s moment. */
  get ramping(): boolean {
    return this.#starts.length > this.#done;
  }

  /** Pods with any capacity. */
  get awake(): number {
    if (this.main) return this.pods - (this.groups.get(0) ?? 0);
    return this.mode.ramp || this.mode.factor > 0 ? this.pods : 0;
  }

  /** Σ capacity factor at `t`, in pods; valid until {@link settle}'s moment. */
  factorAt(t: number): number {
    const { ramp, factor } = this.mode;
    if (!ramp) return this.#factor / 1000;
    const rising = this.#starts.length - this.#done;
    const passed = rising * (t - this.#base) - this.#offsets;
    return (this.#done * ramp.to + rising * factor + (rising > 0 ? ((ramp.to - factor) * passed) / this.#rampLength : 0)) / 1000;
  }

  /** Its slope, pods per second. */
  get factorSlope(): number {
    const { ramp, factor } = this.mode;
    return ramp && this.#starts.length > this.#done
      ? ((ramp.to - factor) * (this.#starts.length - this.#done) * 1e3) / this.#rampLength
      : 0;
  }
}
