import { InvariantError } from '../base/assert.ts';
import { emptyPiece } from './class-law.ts';
import { DeficitSplit } from './deficit.ts';
import type { Interval } from './interval-union.ts';
import { classKey, type ServingMode } from './mode.ts';
import { PodClass } from './pod-class.ts';
import type { ResponseGrid } from './response-grid.ts';
import { type CrossRouting, routeZone, type ZoneSums, zoneSums } from './routing.ts';
import { emptyTally, type Tally } from './tally.ts';

/** What stations of one app have in common. Times in seconds, CPU in cores. */
export interface StationOptions {
  readonly timeout: number;
  /** CPU per request: service and sidecar; and of each of two sidecars per request forwarded. */
  readonly demand: number;
  readonly relay: number;
  /** CPU for requests of a running pod, its idle CPU, and the CPU of a keep-alive pod. */
  readonly running: number;
  readonly idle: number;
  readonly keepAlive: number;
  readonly grid: ResponseGrid;
}

const nobody: ServingMode = { limits: 'running', weight: 0, local: 1000, receives: false, factor: 0 };

/**
 * The pods of one app in one zone, their backlogs, and what became of the traffic. On a *segment*, from one change of the model or end of a ramp
 * to the next, all rates are linear functions fixed at its start; reading in between changes nothing.
 */
export class Station {
  readonly #options: StationOptions;
  readonly #classes = new Map<string, PodClass>();
  /** Takes what nobody takes: no capacity, so all is rejected. */
  readonly #nowhere: PodClass;
  #list: PodClass[];
  readonly #active: PodClass[] = [];
  readonly #piece = emptyPiece();
  readonly #split = new DeficitSplit();
  readonly #exposure: { from: number; to: number }[] = [];
  #tally = emptyTally();
  #cells = new Map<number, number>();
  #backlogAtCut = 0;
  /** The segment: its start, µs; where it has been integrated to; the next end of a ramp; whether its bounds have been enforced. */
  #start = 0;
  #now = 0;
  #rampEnd = Infinity;
  #open = false;
  #rate = 0;
  #slope = 0;
  /** Of the rate: attempts beyond the first. */
  #retried = 0;
  #fallback = false;
  #usable = 0;
  #usableSlope = 0;
  #idling = 0;
  #busyIdle = 0;

  constructor(options: StationOptions) {
    this.#options = options;
    this.#nowhere = new PodClass(nobody, options.timeout);
    this.#list = [this.#nowhere];
  }

  /** Arrivals per second, attempts, at the moment integrated to. */
  get offeredPerSecond(): number {
    let share = 0;
    for (const { flow } of this.#list) share += flow.arrivals;
    return share * (this.#rate + (this.#slope * (this.#now - this.#start)) / 1e6);
  }
  /** Capacity that traffic can use at the moment integrated to, requests/s. */
  get capacityPerSecond(): number {
    return this.#usable + (this.#usableSlope * (this.#now - this.#start)) / 1e6;
  }
  /** The first moment from the one integrated to, µs, at which a request may wait or be refused, or at which that has to be asked again. */
  get restlessFrom(): number {
    let next = this.#rampEnd;
    for (const { law } of this.#list)
      if (!law.idle) next = Math.min(next, this.#start + 1e6 * law.restlessFrom((this.#now - this.#start) / 1e6));
    return Math.max(this.#now, next);
  }
  get backlog(): number {
    let sum = 0;
    for (const { law } of this.#classes.values()) sum += law.backlog;
    return sum;
  }
  /** Stretches with a deficit, rising, joined where they touch. */
  get exposure(): readonly Interval[] {
    return this.#exposure;
  }
  get sums(): ZoneSums {
    return zoneSums(this.#classes.values());
  }

  /** One pod changes its mode at the moment integrated to. The caller routes and forms anew before time goes on. */
  change(from: ServingMode | undefined, to: ServingMode | undefined, backlog: 'moves' | 'lost' | 'stays'): void {
    let moved = 0;
    if (from) {
      const key = classKey(from);
      const left = this.#classes.get(key);
      if (left === undefined) throw new InvariantError(`a pod leaves the serving class ${key}, which has no pods`);
      const { law } = left;
      const share = left.pods === 1 ? law.backlog : backlog === 'stays' ? 0 : law.backlog * left.backlogShare(from);
      left.remove(from);
      law.backlog = left.pods === 0 ? 0 : Math.max(0, law.backlog - share);
      if (left.pods === 0) this.#classes.delete(key);
      if (backlog === 'moves') moved = share;
      else if (share > 0) {
        this.#tally.lost += share;
        this.#withdraw(left, share);
        this.#tally.unserved[0] = (this.#tally.unserved[0] as number) + share;
      }
    }
    if (to) {
      const { ramp } = to;
      if (ramp && ramp.from > this.#now)
        throw new InvariantError(`a ramp begins at ${String(ramp.from)} µs, after its change at ${String(this.#now)} µs`);
      const key = classKey(to);
      let joined = this.#classes.get(key);
      if (joined === undefined) this.#classes.set(key, (joined = new PodClass(to, this.#options.timeout)));
      joined.add(to);
      joined.law.backlog += moved;
    }
  }

  /** Shares out the app's arrivals between the classes. */
  route(sums: ZoneSums, share: number, cross: CrossRouting, zone: number): void {
    routeZone(this.#classes.values(), sums, share, cross, zone);
    this.#nowhere.flow.arrivals = cross.nowhere[zone] as number;
    this.#fallback = cross.fallback && sums.forwarding > 0;
    this.#list = [...this.#classes.values(), this.#nowhere];
    const { demand, relay, running, keepAlive } = this.#options;
    for (const { flow, mode } of this.#list) {
      flow.demand = demand + (flow.arrivals > 0 ? (relay * (flow.forwardedIn + flow.forwardedOut)) / flow.arrivals : 0);
      flow.podCapacity = (mode.limits === 'running' ? running : keepAlive) / flow.demand;
    }
  }

  /** Begins a segment at `t`, where the app's rate is `rate` attempts/s, `retried` of them retries, and rises by `slope` per second. */
  form(t: number, rate: number, slope: number, retried: number): void {
    this.#start = this.#now = t;
    this.#open = false;
    this.#rate = rate;
    this.#slope = slope;
    this.#retried = retried;
    this.#rampEnd = Infinity;
    this.#usable = this.#usableSlope = this.#idling = this.#busyIdle = 0;
    for (const pods of this.#list) {
      const { flow, law, mode } = pods;
      const rampEnd = pods.settle(t);
      if (rampEnd < this.#rampEnd) this.#rampEnd = rampEnd;
      const capacity = pods.factorAt(t) * flow.podCapacity;
      const capacitySlope = pods.factorSlope * flow.podCapacity;
      law.form(flow.arrivals * rate, flow.arrivals * slope, capacity, capacitySlope);
      if (flow.usable) {
        this.#usable += capacity;
        this.#usableSlope += capacitySlope;
      }
      if (mode.limits === 'running') this.#idling += pods.awake;
      // What sidecars of pods without arrivals of their own relay is charged as it comes; otherwise it is part of the demand of a request.
      if (flow.arrivals === 0) this.#busyIdle += flow.forwardedOut;
    }
  }

  /** Integrates up to `to`, µs, which is not before the moment integrated to. */
  integrate(to: number): void {
    while (this.#now < to) {
      if (!this.#open) this.#begin();
      const end = Math.min(to, this.#rampEnd);
      this.#stretch((this.#now - this.#start) / 1e6, (end - this.#start) / 1e6);
      this.#now = end;
      if (end === this.#rampEnd) this.form(end, this.#rate + (this.#slope * (end - this.#start)) / 1e6, this.#slope, this.#retried);
    }
  }

  /** What happened since the last cut. */
  cut(): Tally {
    const tally = this.#tally;
    const { grid } = this.#options;
    for (const [cell, weight] of this.#cells) tally.within += weight * grid.within(cell);
    tally.responses.push({ grid, cells: this.#cells });
    const { backlog } = this;
    tally.backlogGrowth = backlog - this.#backlogAtCut;
    this.#backlogAtCut = backlog;
    this.#tally = emptyTally();
    this.#cells = new Map();
    return tally;
  }

  /** Enforces the bounds of a new segment. */
  #begin(): void {
    this.#open = true;
    let dropped = 0;
    let deficit = 0;
    for (const pods of this.#list) {
      const late = pods.law.open();
      this.#withdraw(pods, late);
      dropped += late;
      deficit += pods.law.deficitAtStart;
    }
    if (dropped === 0) return;
    this.#tally.timedOut += dropped;
    this.#split.note(deficit, this.#missingAt(0));
    this.#split.instant(dropped, this.#tally.unserved);
  }

  /** From `a` to `b`, seconds since the segment's start. */
  #stretch(a: number, b: number): void {
    const h = b - a;
    const middle = a + h / 2;
    const tally = this.#tally;
    tally.seconds += h;
    tally.capacity += h * (this.#usable + this.#usableSlope * middle);
    tally.usedCoreSeconds +=
      h * (this.#idling * this.#options.idle + this.#busyIdle * this.#options.relay * (this.#rate + this.#slope * middle));
    if (this.#fallback) tally.fallbackSeconds += h;
    this.#active.length = 0;
    for (const pods of this.#list) {
      if (pods.law.idle) continue;
      if (pods.law.quietUntil(b)) this.#run(pods, a, b);
      else this.#active.push(pods);
    }
    if (this.#active.length > 0) this.#overload(a, b);
  }

  /** Integrates the classes that queue, overflow or are about to, side by side from bend to bend, so that deficit and unserved are linear in between. */
  #overload(a: number, b: number): void {
    for (let s = a; s < b;) {
      let end = b;
      for (const { law } of this.#active) end = Math.min(end, law.nextBend(s));
      let d0 = 0;
      let d1 = 0;
      let u0 = 0;
      let u1 = 0;
      for (const pods of this.#active) {
        this.#run(pods, s, end);
        d0 += this.#piece.deficitStart;
        d1 += this.#piece.deficitEnd;
        u0 += this.#piece.unservedStart;
        u1 += this.#piece.unservedEnd;
      }
      const short = d0 > 0 || d1 > 0;
      if (short) this.#expose(s, end);
      if (short || u0 > 0 || u1 > 0) {
        const missing = short ? { start: this.#missingAt(s), end: this.#missingAt(end) } : nothingMissing;
        this.#split.add(end - s, d0, d1, missing, u0, u1, this.#tally.deficit, this.#tally.unserved);
      }
      s = end;
    }
  }

  #run(pods: PodClass, s: number, end: number): void {
    const piece = this.#piece;
    const tally = this.#tally;
    const { flow, mode } = pods;
    pods.law.run(s, end, piece);
    const retried = flow.arrivals * this.#retried * piece.length;
    tally.offered += piece.arrivals - retried;
    tally.retried += retried;
    tally.served += piece.served;
    tally.rejected += piece.rejected;
    tally.timedOut += piece.timedOut;
    this.#withdraw(pods, piece.timedOut);
    tally.admitted += piece.admitted;
    tally.usedCoreSeconds += piece.served * flow.demand;
    if (flow.arrivals === 0) return;
    const forwarded = flow.forwardedIn / flow.arrivals;
    tally.forwarded += piece.arrivals * forwarded;
    tally.crossZone += (piece.arrivals * flow.crossIn) / flow.arrivals;
    if (!(piece.admitted > 0)) return;
    const { grid, demand } = this.#options;
    const relative = demand / flow.demand;
    const kernel = mode.limits === 'running' ? 0 : 1;
    if (!pods.main) {
      const scale = relative / pods.pods;
      const full = pods.factorAt(this.#start + s * 1e6) * scale;
      pods.lastCell = grid.record(this.#cells, kernel, piece, 1, full, pods.factorSlope * scale, forwarded);
      return;
    }
    for (const [factor, count] of pods.groups) {
      if (factor > 0)
        pods.lastCell = grid.record(this.#cells, kernel, piece, (count * factor) / pods.weight, (factor * relative) / 1000, 0, forwarded);
    }
  }

  /** Attempts that will not be answered after all were credited when they were admitted: as those admitted last were. */
  #withdraw({ lastCell }: PodClass, attempts: number): void {
    if (attempts > 0 && lastCell >= 0) this.#tally.withdrawn += attempts * this.#options.grid.within(lastCell);
  }

  #expose(from: number, to: number): void {
    this.#tally.exposureSeconds += to - from;
    const start = this.#start + from * 1e6;
    const end = this.#start + to * 1e6;
    const last = this.#exposure[this.#exposure.length - 1];
    // Nearer than a nanosecond is the same moment, computed twice.
    if (last && start - last.to < 1e-3) last.to = end;
    else this.#exposure.push({ from: start, to: end });
  }

  /** Missing capacity by cause at `s`: full running capacity minus what traffic can use now. */
  #missingAt(s: number): number[] {
    const { running, demand } = this.#options;
    const missing = [0, 0, 0];
    for (const { causePods, causeFactor, flow, law, mode } of this.#list) {
      for (let k = 0; k < 3; k++) {
        const count = causePods[k] as number;
        if (count === 0) continue;
        const used = !flow.usable
          ? 0
          : mode.ramp
            ? law.capacity + law.capacitySlope * s
            : ((causeFactor[k] as number) * flow.podCapacity) / 1000;
        missing[k] = (missing[k] as number) + Math.max(0, (count * running) / demand - used);
      }
    }
    return missing;
  }
}

const nothingMissing = { start: [0, 0, 0], end: [0, 0, 0] };
