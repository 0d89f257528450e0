import type { PodPower } from '../../src/serving/requests/pod-speed.ts';
import type { Request } from '../../src/serving/requests/request.ts';
import { type Discipline, type Leaving, RequestPod } from '../../src/serving/requests/request-pod.ts';

/** A request at a pod, with the core-seconds it needs still. */
interface Present {
  readonly request: Request;
  left: number;
}

/** What happens next at a pod. */
interface Next {
  readonly t: number;
  readonly kind: 'timed-out' | 'answered';
  readonly who: Present;
}

/**
 * The slow twin of FifoPod and SharingPod: lists of requests with the work that each needs still, all of it worked off from moment to moment, everything looked
 * for anew each time, and moments found by halving.
 */
export class PlainPod extends RequestPod {
  readonly #sharing: boolean;
  #power: PodPower = { servers: 0, speed: 0, slope: 0, until: 0 };
  /** When it got its power, and up to when its requests have been worked on, s. */
  #given = 0;
  #now = 0;
  /** Under processor sharing all are in service. */
  #serving: Present[] = [];
  #waiting: Present[] = [];

  constructor(discipline: Discipline, timeout: number, leaving: Leaving) {
    super(timeout, leaving);
    this.#sharing = discipline === 'processor-sharing';
  }

  override pass(t: number): void {
    for (let next = this.#next(); next && next.t <= t; next = this.#next()) this.#happen(next);
  }

  set(t: number, power: PodPower): void {
    this.#reach(t);
    this.#power = power;
    this.#given = t;
    if (this.#sharing) return;
    while (this.#serving.length > power.servers) this.#queue(this.#serving.pop() as Present);
    this.#fill();
  }

  arrive(t: number, request: Request): boolean {
    this.#reach(t);
    const { servers } = this.#power;
    if (this.#stands) return false;
    const places = Math.floor(this.#speedAt(t) * this.places + 1e-9);
    const room = this.#sharing ? Math.max(servers, places) : servers + places;
    const one = { request, left: request.work };
    if (this.#serving.length + this.#waiting.length >= room) return false;
    if (this.#sharing || this.#serving.length < servers) this.#serving.push(one);
    else this.#waiting.push(one);
    return true;
  }

  adopt(t: number, requests: readonly Request[]): void {
    this.#reach(t);
    for (const request of requests) {
      const one = { request, left: request.work };
      if (this.#sharing) this.#serving.push(one);
      else this.#queue(one);
    }
    if (!this.#sharing) this.#fill();
  }

  empty(t: number): readonly Request[] {
    this.#reach(t);
    const all = [...this.#serving, ...this.#waiting];
    if (this.#sharing) all.sort(byArrival);
    this.#serving = [];
    this.#waiting = [];
    return all.map(({ request, left }) => {
      request.work = left;
      return request;
    });
  }

  requests(): readonly Request[] {
    return [...this.#serving, ...this.#waiting].map(({ request }) => request);
  }

  present(t: number): number {
    this.pass(t);
    return this.#serving.length + this.#waiting.length;
  }

  hasIdleServer(t: number): boolean {
    this.pass(t);
    return this.#serving.length < this.#power.servers && !this.#stands;
  }

  protected step(): void {
    throw new Error('it knows nothing of what is due');
  }

  #happen({ t, kind, who }: Next): void {
    this.#work(t);
    if (kind === 'timed-out') {
      this.#waiting = this.#waiting.filter((each) => each !== who);
      this.#serving = this.#sharing ? this.#serving.filter((each) => each !== who) : this.#serving;
      this.leaving.timedOut(this, who.request, t);
      return;
    }
    // The one at the last server moves to the server that is free: it tells who loses a server first.
    const last = this.#serving.pop() as Present;
    this.#serving = this.#serving.map((each) => (each === who ? last : each));
    this.#fill();
    this.leaving.answered(this, who.request, t);
  }

  /** The part of a server that each of those in service has. */
  get #part(): number {
    return this.#sharing ? Math.min(1, this.#power.servers / this.#serving.length) : 1;
  }

  /** The queue is in the order of arrival. */
  #queue(one: Present): void {
    this.#waiting = [...this.#waiting, one].sort(byArrival);
  }

  #fill(): void {
    while (!this.#sharing && !this.#stands && this.#waiting.length > 0 && this.#serving.length < this.#power.servers)
      this.#serving.push(this.#waiting.shift() as Present);
  }

  /** What happens up to `t` has happened. */
  #reach(t: number): void {
    this.pass(t);
    this.#work(t);
  }

  #work(t: number): void {
    const done = this.#workOf(this.#now, t) * this.#part;
    for (const one of this.#serving) one.left -= done;
    this.#now = t;
  }

  /** Time-outs go before answers of the same moment. What has waited too long elsewhere, or in service, leaves at once. */
  #next(): Next | undefined {
    const patient = this.#sharing ? this.#serving : this.#waiting;
    const all: Next[] = patient.map((who) => ({
      t: Math.max(this.#now, who.request.arrived + this.timeout),
      kind: 'timed-out',
      who,
    }));
    for (const who of this.#serving) all.push({ t: this.#whenDone(who.left / this.#part), kind: 'answered', who });
    let first: Next | undefined;
    for (const each of all) if (each.t < (first?.t ?? Infinity)) first = each;
    return first;
  }

  /** Core-seconds per second of each server at `t`. */
  #speedAt(t: number): number {
    const { speed, slope, until } = this.#power;
    return until > this.#given ? Math.max(0, speed + slope * (Math.min(t, until) - this.#given)) : speed;
  }

  /** Whether it does nothing, and never will. */
  get #stands(): boolean {
    const { slope, until } = this.#power;
    return this.#speedAt(this.#now) === 0 && (slope === 0 || this.#now >= until);
  }

  /** Core-seconds of one server from `a` to `b`: the area of a trapezium, and of a rectangle. */
  #workOf(a: number, b: number): number {
    const bend = Math.min(b, Math.max(a, this.#power.until));
    return ((this.#speedAt(a) + this.#speedAt(bend)) / 2) * (bend - a) + this.#speedAt(bend) * (b - bend);
  }

  /** When a server has done so much more, found by halving. */
  #whenDone(work: number): number {
    const from = this.#now;
    let length = 1;
    while (this.#workOf(from, from + length) < work) {
      length *= 2;
      if (length > 1e9) return Infinity;
    }
    let [low, high] = [0, length];
    for (let i = 0; i < 80; i++) {
      const middle = (low + high) / 2;
      if (this.#workOf(from, from + middle) < work) low = middle;
      else high = middle;
    }
    return from + high;
  }
}

function byArrival(a: Present, b: Present): number {
  return a.request.arrived - b.request.arrived;
}
