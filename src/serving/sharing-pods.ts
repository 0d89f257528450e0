import { IndexedHeap } from './indexed-heap.ts';
import { type PodPower, PodSpeeds } from './pod-speeds.ts';
import type { Leaving, RequestPods } from './request-pods.ts';
import { none, type Requests } from './requests.ts';

/** One pod: those present by the reading of its clock at which they end, first ends first; and by arrival. */
interface Shared {
  servers: number;
  places: number;
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
  readonly #due = new IndexedHeap();
  readonly #pods: Shared[] = [];

  constructor(requests: Requests, timeout: number, leaving: Leaving) {
    this.#requests = requests;
    this.#timeout = timeout;
    this.#leaving = leaving;
  }

  get nextTime(): number {
    return this.#due.firstKey;
  }

  present(pod: number): number {
    return this.#pod(pod).heap.length;
  }

  hasIdleServer(pod: number): boolean {
    return this.present(pod) < this.#pod(pod).servers && !this.#speeds.stands(pod);
  }

  add(): number {
    this.#pods.push({ servers: 0, places: 0, clock: 0, heap: [], ends: [], oldest: none, newest: none });
    const pod = this.#due.add();
    this.#speeds.add(pod);
    return pod;
  }

  set(pod: number, t: number, power: PodPower): void {
    const shared = this.#pass(pod, t);
    this.#speeds.set(pod, t, power);
    shared.servers = power.servers;
    this.#reschedule(pod, shared);
  }

  setPlaces(pod: number, places: number): void {
    this.#pod(pod).places = places;
  }

  arrive(pod: number, t: number, request: number): boolean {
    const shared = this.#pass(pod, t);
    if (this.#speeds.stands(pod)) return false;
    const room = shared.servers + Math.floor(this.#speeds.now(pod) * shared.places + 1e-9);
    if (shared.heap.length >= room) return false;
    this.#join(pod, shared, request);
    return true;
  }

  adopt(pod: number, t: number, request: number): void {
    this.#join(pod, this.#pass(pod, t), request);
  }

  empty(pod: number, t: number): readonly number[] {
    const shared = this.#pass(pod, t);
    const { heap, ends, clock } = shared;
    const out: number[] = [];
    const left = new Map(heap.map((request, i) => [request, (ends[i] as number) - clock]));
    for (let request = shared.oldest; request !== none; request = this.#requests.next[request] as number) {
      this.#requests.work[request] = left.get(request) as number;
      out.push(request);
    }
    heap.length = ends.length = 0;
    shared.oldest = shared.newest = none;
    this.#due.set(pod, Infinity);
    return out;
  }

  step(): void {
    const pod = this.#due.first;
    const t = this.#due.firstKey;
    const shared = this.#pass(pod, t);
    const { oldest, heap, ends } = shared;
    if ((this.#requests.arrived[oldest] as number) + this.#timeout <= t) {
      this.#leave(shared, heap.indexOf(oldest));
      this.#leaving.timedOut(oldest, t);
    } else {
      const request = heap[0] as number;
      shared.clock = ends[0] as number;
      this.#leave(shared, 0);
      this.#leaving.answered(request, t);
    }
    this.#reschedule(pod, shared);
  }

  #pod(pod: number): Shared {
    return this.#pods[pod] as Shared;
  }

  /** The part of a server that each of those present has. */
  #part({ servers, heap }: Shared): number {
    return heap.length > servers ? servers / heap.length : 1;
  }

  #pass(pod: number, t: number): Shared {
    const shared = this.#pod(pod);
    shared.clock += this.#speeds.pass(pod, t) * this.#part(shared);
    return shared;
  }

  #reschedule(pod: number, shared: Shared): void {
    const { ends, clock, oldest } = shared;
    if (oldest === none) {
      this.#due.set(pod, Infinity);
      return;
    }
    const part = this.#part(shared);
    const answer = part > 0 ? this.#speeds.when(pod, ((ends[0] as number) - clock) / part) : Infinity;
    this.#due.set(pod, Math.min(answer, (this.#requests.arrived[oldest] as number) + this.#timeout));
  }

  #join(pod: number, shared: Shared, request: number): void {
    const { next, previous, work, arrived } = this.#requests;
    const { heap, ends } = shared;
    let before = shared.newest;
    // One that was elsewhere may have come before those that are here.
    while (before !== none && (arrived[before] as number) > (arrived[request] as number)) before = previous[before] as number;
    const after = before === none ? shared.oldest : (next[before] as number);
    next[request] = after;
    previous[request] = before;
    if (before === none) shared.oldest = request;
    else next[before] = request;
    if (after === none) shared.newest = request;
    else previous[after] = request;
    heap.push(request);
    ends.push(0);
    rise(heap, ends, heap.length - 1, request, shared.clock + (work[request] as number));
    this.#reschedule(pod, shared);
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
    if (place < heap.length) rise(heap, ends, sink(heap, ends, place, end), last, end);
  }
}

/** The hole at `place` goes up to where `request` belongs, which is put there. */
function rise(heap: number[], ends: number[], place: number, request: number, end: number): void {
  let hole = place;
  while (hole > 0) {
    const up = (hole - 1) >> 1;
    if ((ends[up] as number) <= end) break;
    heap[hole] = heap[up] as number;
    ends[hole] = ends[up] as number;
    hole = up;
  }
  heap[hole] = request;
  ends[hole] = end;
}

/** The hole at `place` goes down to where what ends at `end` belongs; returns where that is. */
function sink(heap: number[], ends: number[], place: number, end: number): number {
  let hole = place;
  for (let child = 2 * hole + 1; child < heap.length; child = 2 * hole + 1) {
    if (child + 1 < heap.length && (ends[child + 1] as number) < (ends[child] as number)) child++;
    if (end <= (ends[child] as number)) break;
    heap[hole] = heap[child] as number;
    ends[hole] = ends[child] as number;
    hole = child;
  }
  return hole;
}
