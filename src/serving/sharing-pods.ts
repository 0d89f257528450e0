import { type PodPower, PodSpeeds } from './pod-speeds.ts';
import type { Leaving, RequestPods } from './request-pods.ts';
import { none, type Requests } from './requests.ts';

/** One pod: those present by the reading of its clock at which they end, first ends first; and by arrival. */
interface Shared {
  servers: number;
  places: number;
  /** When something happens next. */
  due: number;
  /** Core-seconds that each of those present has got since the pod is there. */
  clock: number;
  readonly heap: number[];
  readonly ends: number[];
  oldest: number;
  newest: number;
}

/**
 * Processor sharing: all requests at a pod are in service at once, each by the same share of the k servers, but by one server at most. The pod's clock counts
 * what each of them gets, so that a request ends at a fixed reading of it, whoever comes and goes.
 */
export class SharingPods implements RequestPods {
  readonly #requests: Requests;
  readonly #timeout: number;
  readonly #leaving: Leaving;
  readonly #speeds = new PodSpeeds();
  readonly #pods: Shared[] = [];
  /** Where in the heap of its pod a request is. */
  readonly #places: number[] = [];

  constructor(requests: Requests, timeout: number, leaving: Leaving) {
    this.#requests = requests;
    this.#timeout = timeout;
    this.#leaving = leaving;
  }

  pass(pod: number, t: number): void {
    const shared = this.#pod(pod);
    while (shared.due <= t) this.#step(pod, shared);
  }

  present(pod: number, t: number): number {
    this.pass(pod, t);
    return this.#pod(pod).heap.length;
  }

  hasIdleServer(pod: number, t: number): boolean {
    return this.present(pod, t) < this.#pod(pod).servers && !this.#speeds.stands(pod);
  }

  add(): number {
    const pod = this.#pods.push({ servers: 0, places: 0, due: Infinity, clock: 0, heap: [], ends: [], oldest: none, newest: none }) - 1;
    this.#speeds.add(pod);
    return pod;
  }

  set(pod: number, t: number, power: PodPower): void {
    const shared = this.#reach(pod, t);
    this.#speeds.set(pod, t, power);
    shared.servers = power.servers;
    this.#reschedule(pod, shared);
  }

  setPlaces(pod: number, places: number): void {
    this.#pod(pod).places = places;
  }

  arrive(pod: number, t: number, request: number): boolean {
    const shared = this.#reach(pod, t);
    if (this.#speeds.stands(pod)) return false;
    // As many as are done in time if all share alike: they are in service from the beginning, and the time-out counts from there.
    const room = Math.max(shared.servers, Math.floor(this.#speeds.now(pod) * shared.places + 1e-9));
    if (shared.heap.length >= room) return false;
    this.#join(shared, request, none);
    this.#reschedule(pod, shared);
    return true;
  }

  adopt(pod: number, t: number, requests: readonly number[]): void {
    const shared = this.#reach(pod, t);
    // One that was elsewhere may have come before those that are here.
    const { next, arrived } = this.#requests;
    let after = shared.oldest;
    for (const request of this.#requests.byArrival(requests)) {
      while (after !== none && (arrived[after] as number) <= (arrived[request] as number)) after = next[after] as number;
      this.#join(shared, request, after);
    }
    this.#reschedule(pod, shared);
  }

  empty(pod: number, t: number): readonly number[] {
    const shared = this.#reach(pod, t);
    const { heap, ends, clock } = shared;
    const out: number[] = [];
    const left = new Map(heap.map((request, i) => [request, (ends[i] as number) - clock]));
    for (let request = shared.oldest; request !== none; request = this.#requests.next[request] as number) {
      this.#requests.work[request] = left.get(request) as number;
      out.push(request);
    }
    heap.length = ends.length = 0;
    shared.oldest = shared.newest = none;
    shared.due = Infinity;
    return out;
  }

  #pod(pod: number): Shared {
    return this.#pods[pod] as Shared;
  }

  /** The part of a server that each of those present has. */
  #part({ servers, heap }: Shared): number {
    return heap.length > servers ? servers / heap.length : 1;
  }

  /** Everything up to `t` has happened, and the clock shows it. */
  #reach(pod: number, t: number): Shared {
    this.pass(pod, t);
    const shared = this.#pod(pod);
    this.#tick(pod, t, shared);
    return shared;
  }

  #tick(pod: number, t: number, shared: Shared): void {
    shared.clock += this.#speeds.pass(pod, t) * this.#part(shared);
  }

  /** Lets what is due at the pod happen. */
  #step(pod: number, shared: Shared): void {
    const t = shared.due;
    this.#tick(pod, t, shared);
    const { oldest, heap, ends } = shared;
    if ((this.#requests.arrived[oldest] as number) + this.#timeout <= t) {
      const place = this.#places[oldest] as number;
      this.#requests.work[oldest] = (ends[place] as number) - shared.clock;
      this.#leave(shared, place);
      this.#leaving.timedOut(oldest, t);
    } else {
      const request = heap[0] as number;
      shared.clock = ends[0] as number;
      this.#leave(shared, 0);
      this.#leaving.answered(request, t);
    }
    this.#reschedule(pod, shared);
  }

  #reschedule(pod: number, shared: Shared): void {
    const { ends, clock, oldest } = shared;
    if (oldest === none) {
      shared.due = Infinity;
      return;
    }
    const part = this.#part(shared);
    const answer = part > 0 ? this.#speeds.when(pod, ((ends[0] as number) - clock) / part) : Infinity;
    shared.due = Math.min(answer, (this.#requests.arrived[oldest] as number) + this.#timeout);
  }

  /** Puts the request in before the one that came `after` it; none: it is the newest. */
  #join(shared: Shared, request: number, after: number): void {
    const { next, previous, work } = this.#requests;
    const { heap, ends } = shared;
    const before = after === none ? shared.newest : (previous[after] as number);
    next[request] = after;
    previous[request] = before;
    if (before === none) shared.oldest = request;
    else next[before] = request;
    if (after === none) shared.newest = request;
    else previous[after] = request;
    heap.push(request);
    ends.push(0);
    rise(shared, this.#places, heap.length - 1, request, shared.clock + (work[request] as number));
  }

  /** Takes out the one at `place` of the heap. */
  #leave(shared: Shared, place: number): void {
    const { next, previous } = this.#requests;
    const { heap, ends } = shared;
    const request = heap[place] as number;
    const [after, before] = [next[request] as number, previous[request] as number];
    if (before === none) shared.oldest = after;
    else next[before] = after;
    if (after === none) shared.newest = before;
    else previous[after] = before;
    const [last, end] = [heap.pop() as number, ends.pop() as number];
    if (place < heap.length) rise(shared, this.#places, sink(shared, this.#places, place, end), last, end);
  }
}

/** The hole at `place` goes up to where `request` belongs, which is put there. */
function rise({ heap, ends }: Shared, places: number[], place: number, request: number, end: number): void {
  let hole = place;
  while (hole > 0) {
    const up = (hole - 1) >> 1;
    if ((ends[up] as number) <= end) break;
    places[(heap[hole] = heap[up] as number)] = hole;
    ends[hole] = ends[up] as number;
    hole = up;
  }
  places[(heap[hole] = request)] = hole;
  ends[hole] = end;
}

/** The hole at `place` goes down to where what ends at `end` belongs; returns where that is. */
function sink({ heap, ends }: Shared, places: number[], place: number, end: number): number {
  let hole = place;
  for (let child = 2 * hole + 1; child < heap.length; child = 2 * hole + 1) {
    if (child + 1 < heap.length && (ends[child + 1] as number) < (ends[child] as number)) child++;
    if (end <= (ends[child] as number)) break;
    places[(heap[hole] = heap[child] as number)] = hole;
    ends[hole] = ends[child] as number;
    hole = child;
  }
  return hole;
}
