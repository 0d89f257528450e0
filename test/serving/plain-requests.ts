import { defined } from '../../src/base/assert.ts';
import type { PodPower } from '../../src/serving/pod-speeds.ts';
import type { Discipline, Leaving, RequestPods } from '../../src/serving/request-pods.ts';
import type { Requests } from '../../src/serving/requests.ts';

/** A request at a pod, with the core-seconds it needs still. */
interface Present {
  readonly request: number;
  left: number;
}

interface PlainPod {
  power: PodPower;
  /** When it got its power, and up to when its requests have been worked on, s. */
  given: number;
  now: number;
  places: number;
  /** Under processor sharing all are in service. */
  serving: Present[];
  waiting: Present[];
}

/** What happens next at a pod. */
interface Next {
  readonly t: number;
  readonly kind: 'timed-out' | 'answered';
  readonly who: Present;
}

/**
 * The slow twin of FifoPods and SharingPods: lists of requests with the work that each needs still, all of it worked off from moment to moment, everything
 * looked for anew each time, and moments found by halving.
 */
export class PlainPods implements RequestPods {
  readonly #sharing: boolean;
  readonly #requests: Requests;
  readonly #timeout: number;
  readonly #leaving: Leaving;
  readonly #pods: PlainPod[] = [];

  constructor(discipline: Discipline, requests: Requests, timeout: number, leaving: Leaving) {
    this.#sharing = discipline === 'processor-sharing';
    this.#requests = requests;
    this.#timeout = timeout;
    this.#leaving = leaving;
  }

  pass(pod: number, t: number): void {
    const plain = this.#pod(pod);
    for (let next = this.#next(plain); next && next.t <= t; next = this.#next(plain)) this.#step(plain, next);
  }

  #step(pod: PlainPod, { t, kind, who }: Next): void {
    this.#pass(pod, t);
    if (kind === 'timed-out') {
      pod.waiting = pod.waiting.filter((each) => each !== who);
      pod.serving = this.#sharing ? pod.serving.filter((each) => each !== who) : pod.serving;
      this.#leaving.timedOut(who.request, t);
      return;
    }
    // The one at the last server moves to the server that is free: it tells who loses a server first.
    const last = pod.serving.pop() as Present;
    pod.serving = pod.serving.map((each) => (each === who ? last : each));
    this.#fill(pod);
    this.#leaving.answered(who.request, t);
  }

  add(): number {
    const power = { servers: 0, speed: 0, slope: 0, until: 0 };
    return this.#pods.push({ power, given: 0, now: 0, places: 0, serving: [], waiting: [] }) - 1;
  }

  set(pod: number, t: number, power: PodPower): void {
    const plain = this.#reach(pod, t);
    plain.power = power;
    plain.given = t;
    if (this.#sharing) return;
    while (plain.serving.length > power.servers) this.#queue(plain, plain.serving.pop() as Present);
    this.#fill(plain);
  }

  setPlaces(pod: number, places: number): void {
    this.#pod(pod).places = places;
  }

  arrive(pod: number, t: number, request: number): boolean {
    const plain = this.#reach(pod, t);
    const { servers } = plain.power;
    if (stands(plain)) return false;
    const places = Math.floor(speedAt(plain, t) * plain.places + 1e-9);
    const room = this.#sharing ? Math.max(servers, places) : servers + places;
    const one = { request, left: this.#requests.work[request] as number };
    const present = plain.serving.length + plain.waiting.length;
    if (present >= room) return false;
    if (this.#sharing || plain.serving.length < servers) plain.serving.push(one);
    else plain.waiting.push(one);
    return true;
  }

  adopt(pod: number, t: number, requests: readonly number[]): void {
    const plain = this.#reach(pod, t);
    for (const request of requests) {
      const one = { request, left: this.#requests.work[request] as number };
      if (this.#sharing) plain.serving.push(one);
      else this.#queue(plain, one);
    }
    if (!this.#sharing) this.#fill(plain);
  }

  empty(pod: number, t: number): readonly number[] {
    const plain = this.#reach(pod, t);
    const all = [...plain.serving, ...plain.waiting];
    if (this.#sharing) all.sort((a, b) => this.#arrived(a) - this.#arrived(b));
    plain.serving = [];
    plain.waiting = [];
    return all.map(({ request, left }) => {
      this.#requests.work[request] = left;
      return request;
    });
  }

  present(pod: number, t: number): number {
    this.pass(pod, t);
    const { serving, waiting } = this.#pod(pod);
    return serving.length + waiting.length;
  }

  hasIdleServer(pod: number, t: number): boolean {
    this.pass(pod, t);
    const plain = this.#pod(pod);
    return plain.serving.length < plain.power.servers && !stands(plain);
  }

  #pod(pod: number): PlainPod {
    return defined(this.#pods[pod], 'pod');
  }

  #arrived({ request }: Present): number {
    return this.#requests.arrived[request] as number;
  }

  /** The part of a server that each of those in service has. */
  #part({ power: { servers }, serving }: PlainPod): number {
    return this.#sharing ? Math.min(1, servers / serving.length) : 1;
  }

  /** The queue is in the order of arrival. */
  #queue(pod: PlainPod, one: Present): void {
    pod.waiting = [...pod.waiting, one].sort((a, b) => this.#arrived(a) - this.#arrived(b));
  }

  #fill(pod: PlainPod): void {
    while (!this.#sharing && !stands(pod) && pod.waiting.length > 0 && pod.serving.length < pod.power.servers)
      pod.serving.push(pod.waiting.shift() as Present);
  }

  /** What happens up to `t` has happened. */
  #reach(pod: number, t: number): PlainPod {
    this.pass(pod, t);
    return this.#pass(this.#pod(pod), t);
  }

  #pass(pod: PlainPod, t: number): PlainPod {
    const done = workOf(pod, pod.now, t) * this.#part(pod);
    for (const one of pod.serving) one.left -= done;
    pod.now = t;
    return pod;
  }

  /** Time-outs go before answers of the same moment. What has waited too long elsewhere, or in service, leaves at once. */
  #next(pod: PlainPod): Next | undefined {
    const patient = this.#sharing ? pod.serving : pod.waiting;
    const all: Next[] = patient.map((who) => ({ t: Math.max(pod.now, this.#arrived(who) + this.#timeout), kind: 'timed-out', who }));
    for (const who of pod.serving) all.push({ t: whenDone(pod, who.left / this.#part(pod)), kind: 'answered', who });
    let first: Next | undefined;
    for (const each of all) if (each.t < (first?.t ?? Infinity)) first = each;
    return first;
  }
}

/** Core-seconds per second of each server at `t`. */
function speedAt({ power: { speed, slope, until }, given }: PlainPod, t: number): number {
  return until > given ? Math.max(0, speed + slope * (Math.min(t, until) - given)) : speed;
}

/** Whether it does nothing, and never will. */
function stands(pod: PlainPod): boolean {
  const { slope, until } = pod.power;
  return speedAt(pod, pod.now) === 0 && (slope === 0 || pod.now >= until);
}

/** Core-seconds of one server from `a` to `b`: the area of a trapezium, and of a rectangle. */
function workOf(pod: PlainPod, a: number, b: number): number {
  const bend = Math.min(b, Math.max(a, pod.power.until));
  return ((speedAt(pod, a) + speedAt(pod, bend)) / 2) * (bend - a) + speedAt(pod, bend) * (b - bend);
}

/** When a server has done so much more, found by halving. */
function whenDone(pod: PlainPod, work: number): number {
  const from = pod.now;
  let length = 1;
  while (workOf(pod, from, from + length) < work) {
    length *= 2;
    if (length > 1e9) return Infinity;
  }
  let [low, high] = [0, length];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (workOf(pod, from, from + middle) < work) low = middle;
    else high = middle;
  }
  return from + high;
}
