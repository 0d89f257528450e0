import { InvariantError } from '../../base/assert.ts';
import { Books } from './books.ts';
import { emptyPiece } from './class-law.ts';
import { type Exchange, type Line, nothing, plus } from './exchange.ts';
import type { Interval } from '../interval-union.ts';
import { type ClassKey, classKey, mainKey, type ServingMode } from '../mode.ts';
import { PodClass } from './pod-class.ts';
import type { StationOptions } from './station-options.ts';
import { type CrossRouting, routeZone, ZoneSums } from './routing.ts';
import type { Tally } from '../tally.ts';

const nobody: ServingMode = { limits: 'running', weight: 0, local: 1000, receives: false, factor: 0 };

/**
 * The pods of one app in one zone, their backlogs, and what became of the traffic. On a *segment*, from one change of the model or end of a ramp
 * to the next, all rates are linear functions fixed at its start; reading in between changes nothing but the last bits.
 */
export class Station {
  readonly #options: StationOptions;
  readonly #classes = new Map<ClassKey, PodClass>();
  /** Takes what nobody takes: no capacity, so all is rejected. */
  readonly #nowhere: PodClass;
  #list: readonly PodClass[];
  /** Whether `#list` has all classes, and no other. */
  #listed = false;
  readonly #sums = new ZoneSums();
  readonly #active: PodClass[] = [];
  #lodged: readonly number[] = [0, 0, 0];
  readonly #piece = emptyPiece();
  readonly #books: Books;
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
  /** Whether the laws of the classes know the segment: while all is quiet they need not. */
  #formed = false;
  #ramping = false;
  #usable = 0;
  #usableSlope = 0;
  #idling = 0;
  #busyIdle = 0;

  constructor(options: StationOptions) {
    this.#options = options;
    this.#books = new Books(options.grid, options.demand);
    this.#nowhere = new PodClass(nobody, options.timeout);
    this.#list = [this.#nowhere];
  }

  /** Capacity that traffic can use at the moment integrated to, requests/s. */
  get capacityPerSecond(): number {
    this.#form();
    return this.#usable + (this.#usableSlope * (this.#now - this.#start)) / 1e6;
  }
  /** The first moment from the one integrated to, µs, at which a request may wait or be refused, or at which that has to be asked again. */
  get restlessFrom(): number {
    this.#form();
    let next = this.#rampEnd;
    for (const { law } of this.#list)
      if (!law.idle) next = Math.min(next, this.#start + 1e6 * law.restlessFrom((this.#now - this.#start) / 1e6));
    return Math.max(this.#now, next);
  }
  get start(): number {
    return this.#start;
  }
  get now(): number {
    return this.#now;
  }
  get rampEnd(): number {
    return this.#rampEnd;
  }
  get backlog(): number {
    let sum = 0;
    if (this.#listed) for (let i = 0; i < this.#list.length; i++) sum += (this.#list[i] as PodClass).law.backlog;
    else for (const { law } of this.#classes.values()) sum += law.backlog;
    return sum;
  }
  /** Stretches with a deficit, rising, joined where they touch. */
  get exposure(): readonly Interval[] {
    return this.#books.exposure;
  }
  get sums(): ZoneSums {
    return this.#sums;
  }
  /** Its classes, routed, and one that takes what nobody takes. */
  get classes(): readonly PodClass[] {
    return this.#list;
  }
  /** Whether its keep-alive pods have to serve everything. */
  get fallback(): boolean {
    return this.#fallback;
  }
  get books(): Books {
    return this.#books;
  }
  /** Whether nothing waits and no capacity moves from the segment's start on. */
  get atRest(): boolean {
    return !this.#ramping && this.backlog === 0;
  }

  /** One pod changes its mode at the moment integrated to. The caller routes and forms anew before time goes on. */
  change(from: ServingMode | undefined, to: ServingMode | undefined, backlog: 'moves' | 'lost'): void {
    let [moved, credit] = [0, 0];
    if (from) {
      const key = classKey(from);
      const left = this.#classes.get(key);
      if (left === undefined) throw new InvariantError(`a pod leaves the serving class ${String(key)}, which has no pods`);
      const { law } = left;
      const share = left.pods === 1 ? law.backlog : law.backlog * left.backlogShare(from);
      left.remove(from);
      this.#sums.add(from, -1);
      law.backlog = left.pods === 0 ? 0 : Math.max(0, law.backlog - share);
      if (left.pods === 0) {
        this.#classes.delete(key);
        this.#listed = false;
      }
      if (backlog === 'moves') [moved, credit] = [share, left.credit];
      else if (share > 0) this.#books.lose(left, share);
    }
    if (to) {
      const { ramp } = to;
      if (ramp && ramp.from > this.#now)
        throw new InvariantError(`a ramp begins at ${String(ramp.from)} µs, after its change at ${String(this.#now)} µs`);
      const key = classKey(to);
      let joined = this.#classes.get(key);
      if (joined === undefined) {
        this.#classes.set(key, (joined = new PodClass(to, this.#options.timeout)));
        this.#listed = false;
      }
      joined.add(to);
      this.#sums.add(to, 1);
      joined.join(moved, credit);
    }
  }

  /** Shares out the app's arrivals between the classes. */
  route(share: number, cross: CrossRouting, zone: number): void {
    if (!this.#listed) this.#list = [...this.#classes.values(), this.#nowhere];
    this.#listed = true;
    routeZone(this.#list, this.#sums, share, cross, zone);
    this.#nowhere.flow.arrivals = cross.nowhere[zone] as number;
    this.#fallback = cross.fallback && this.#sums.forwarding > 0;
    const { demand, relay, running, keepAlive } = this.#options;
    for (const { flow, mode } of this.#list) {
      flow.demand = demand + (flow.arrivals > 0 ? (relay * (flow.forwardedIn + flow.forwardedOut)) / flow.arrivals : 0);
      flow.podCapacity = (mode.limits === 'running' ? running : keepAlive) / flow.demand;
    }
  }

  /** Missing capacity by cause as its pods are now, at the moment integrated to. */
  get missing(): readonly number[] {
    return this.#ownMissingAt(this.#now);
  }

  /** What is missing, by cause, in zones whose traffic comes here because they have no pods for it: that this zone is too small is their doing. */
  lodge(missing: readonly number[]): void {
    this.#lodged = missing;
  }

  /** Begins a segment at `t`, where the app's rate is `rate` attempts/s, `retried` of them retries, and rises by `slope` per second. */
  form(t: number, rate: number, slope: number, retried: number): void {
    this.#start = this.#now = t;
    this.#open = this.#formed = false;
    this.#rate = rate;
    this.#slope = slope;
    this.#retried = retried;
    this.#rampEnd = Infinity;
    this.#ramping = false;
    for (const pods of this.#list) {
      this.#rampEnd = Math.min(this.#rampEnd, pods.settle(t));
      this.#ramping ||= pods.ramping;
    }
  }

  /** Takes up at `now`, µs, a segment that began at `t` and has been counted so far by {@link Quiet}. */
  resume(t: number, now: number, rate: number, slope: number, retried: number): void {
    this.form(t, rate, slope, retried);
    this.#now = now;
  }

  /** Tells the laws of the classes of the segment. */
  #form(): void {
    if (this.#formed) return;
    this.#formed = true;
    this.#usable = this.#usableSlope = this.#idling = this.#busyIdle = 0;
    for (const pods of this.#list) {
      const { flow, law, mode } = pods;
      const capacity = pods.factorAt(this.#start) * flow.podCapacity;
      const capacitySlope = pods.factorSlope * flow.podCapacity;
      law.form(flow.arrivals * this.#rate, flow.arrivals * this.#slope, capacity, capacitySlope);
      if (flow.usable) {
        this.#usable += capacity;
        this.#usableSlope += capacitySlope;
      }
      if (mode.limits === 'running') this.#idling += pods.awake;
      // What sidecars of pods without arrivals of their own relay is charged as it comes; otherwise it is part of the demand of a request.
      if (flow.arrivals === 0) this.#busyIdle += flow.forwardedOut;
    }
  }

  #rateAt(t: number): number {
    return this.#rate + (this.#slope * (t - this.#start)) / 1e6;
  }

  /** Integrates up to `to`, µs, which is not before the moment integrated to. */
  integrate(to: number): void {
    while (this.#now < to) {
      this.open();
      const end = Math.min(to, this.#rampEnd);
      this.#classesAlone((this.#now - this.#start) / 1e6, (end - this.#start) / 1e6);
      this.pass(end, end === this.#rampEnd);
    }
  }

  /** The first moment after `s`, seconds since the segment's start, at which a class's regime ends or one of its rates bends. */
  nextBend(s: number): number {
    let next = Infinity;
    for (const { law } of this.#list) if (!law.idle) next = Math.min(next, law.nextBend(s));
    return next;
  }

  /** What the limiters of its classes refuse from `s` on, until the next bend. */
  refusal(s: number): Line {
    let sum = nothing;
    for (const { law } of this.#list) if (!law.idle) sum = plus(sum, law.refusal(s));
    return sum;
  }

  /** Room of its main class from `s` on, until the next bend. */
  room(s: number): Line {
    return this.#classes.get(mainKey)?.law.room(s) ?? nothing;
  }

  /** Integrates the classes from `s` to `end`, between two bends, while it gives to and takes from other zones. */
  exchange(s: number, end: number, exchange: Exchange | undefined): void {
    this.#active.length = 0;
    for (const pods of this.#list) if (!pods.law.idle || (pods.main && exchange)) this.#active.push(pods);
    if (this.#active.length > 0) this.#together(s, end, exchange);
  }

  /** Notes that its classes have been integrated up to `to`, µs; `renews`: a ramp ends there, of this station or of one beside it. */
  pass(to: number, renews: boolean): void {
    const [a, b] = [(this.#now - this.#start) / 1e6, (to - this.#start) / 1e6];
    const h = b - a;
    const middle = a + h / 2;
    const { tally } = this.#books;
    tally.seconds += h;
    tally.capacity += h * (this.#usable + this.#usableSlope * middle);
    tally.usedCoreSeconds +=
      h * (this.#idling * this.#options.idle + this.#busyIdle * this.#options.relay * (this.#rate + this.#slope * middle));
    if (this.#fallback) tally.fallbackSeconds += h;
    this.#now = to;
    if (renews) this.form(to, this.#rateAt(to), this.#slope, this.#retried);
  }

  /** Shows `read` what happened since the last cut, which it must not keep. */
  cut(zone: number, read: (tally: Tally, zone: number) => void): void {
    this.#books.cut(this.backlog, zone, read);
  }

  /** Enforces the bounds of a new segment; returns whether it has begun only now. */
  open(): boolean {
    if (this.#open) return false;
    this.#open = true;
    this.#form();
    let dropped = 0;
    let deficit = 0;
    for (const pods of this.#list) {
      const late = pods.law.open();
      this.#books.drop(pods, late);
      dropped += late;
      deficit += pods.law.deficitAtStart;
    }
    if (dropped > 0) this.#books.explain(dropped, deficit, this.#missingAt(0));
    return true;
  }

  /** From `a` to `b`, seconds since the segment's start, without a look at other zones. */
  #classesAlone(a: number, b: number): void {
    this.#active.length = 0;
    for (const pods of this.#list) {
      if (pods.law.idle) continue;
      if (pods.law.quietUntil(b)) this.#run(pods, a, b, undefined);
      else this.#active.push(pods);
    }
    if (this.#active.length === 0) return;
    for (let s = a; s < b;) {
      let end = b;
      for (const { law } of this.#active) end = Math.min(end, law.nextBend(s));
      this.#together(s, end);
      s = end;
    }
  }

  /** Integrates the active classes, which queue, overflow or are about to, side by side between two bends, so that deficit and unserved are linear. */
  #together(s: number, end: number, exchange?: Exchange): void {
    let [d0, d1, u0, u1, refused, timedOut] = [0, 0, 0, 0, 0, 0];
    for (const pods of this.#active) {
      this.#run(pods, s, end, exchange);
      const piece = this.#piece;
      d0 += piece.deficitStart;
      d1 += piece.deficitEnd;
      u0 += piece.unservedStart;
      u1 += piece.unservedEnd;
      refused += piece.rejected;
      timedOut += piece.timedOut;
    }
    if (exchange && refused > 0) [u0, u1] = this.#books.giveOut(end - s, refused, timedOut, exchange, [u0, u1]);
    const short = d0 > 0 || d1 > 0;
    if (!short && !(u0 > 0 || u1 > 0)) return;
    const missing = short ? { start: this.#missingAt(s), end: this.#missingAt(end) } : nothingMissing;
    const [from, to] = [this.#start + s * 1e6, this.#start + end * 1e6];
    this.#books.fallShort(from, to, end - s, { deficit: [d0, d1], unserved: [u0, u1] }, missing);
  }

  #run(pods: PodClass, s: number, end: number, exchange: Exchange | undefined): void {
    pods.law.run(s, end, this.#piece);
    this.#books.count(pods, this.#piece, this.#start + s * 1e6, this.#retried, exchange);
  }

  /** Missing capacity by cause at `s`, with that of the zones whose traffic lodges here. */
  #missingAt(s: number): number[] {
    return this.#ownMissingAt(this.#start + s * 1e6).map((amount, cause) => amount + (this.#lodged[cause] as number));
  }

  /** Full running capacity minus what traffic can use at `t`, µs. */
  #ownMissingAt(t: number): number[] {
    const full = this.#options.running / this.#options.demand;
    const missing = [0, 0, 0];
    for (const pods of this.#list) pods.addMissing(missing, full, t);
    return missing;
  }
}

const nothingMissing = { start: [0, 0, 0], end: [0, 0, 0] };
