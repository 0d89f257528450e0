import type { PodPower } from './pod-speed.ts';
import { byArrival, chain, type Request } from './request.ts';
import { RequestPod } from './request-pod.ts';

/** Processor sharing: all requests are in service at once, each by the same share of the k servers, but by one server at most. */
export class SharingPod extends RequestPod {
  #servers = 0;
  /** Those present in a heap, first ends first, and the reading of the clock at which each ends. */
  readonly #heap: Request[] = [];
  readonly #ends: number[] = [];
  /** The first and the last one that came. */
  #oldest: Request | undefined;
  #newest: Request | undefined;

  present(t: number): number {
    this.pass(t);
    return this.#heap.length;
  }

  hasIdleServer(t: number): boolean {
    return this.present(t) < this.#servers && !this.speed.stands;
  }

  set(t: number, power: PodPower): void {
    this.#reach(t);
    this.speed.set(t, power);
    this.#servers = power.servers;
    this.#reschedule();
  }

  arrive(t: number, request: Request): boolean {
    this.#reach(t);
    if (this.speed.stands) return false;
    // As many as are done in time if all share alike: they are in service from the beginning, and the time-out counts from there.
    const room = Math.max(this.#servers, Math.floor(this.speed.now * this.places + 1e-9));
    if (this.#heap.length >= room) return false;
    this.#join(request, undefined);
    this.#reschedule();
    return true;
  }

  adopt(t: number, requests: readonly Request[]): void {
    this.#reach(t);
    // One that was elsewhere may have come before those that are here.
    let after = this.#oldest;
    for (const request of byArrival(requests)) {
      while (after && after.arrived <= request.arrived) after = after.next;
      this.#join(request, after);
    }
    this.#reschedule();
  }

  empty(t: number): readonly Request[] {
    this.#reach(t);
    const out = this.requests();
    for (const request of out) request.work = (this.#ends[request.place] as number) - this.clock;
    this.#heap.length = this.#ends.length = 0;
    this.#oldest = this.#newest = undefined;
    this.due = Infinity;
    return out;
  }

  requests(): readonly Request[] {
    return chain(this.#oldest);
  }

  /** The part of a server that each of those present has. */
  get #part(): number {
    const present = this.#heap.length;
    return present > this.#servers ? this.#servers / present : 1;
  }

  /** Everything up to `t` has happened, and the clock shows it. */
  #reach(t: number): void {
    this.pass(t);
    this.#tick(t);
  }

  #tick(t: number): void {
    this.clock += this.speed.advance(t) * this.#part;
  }

  protected step(): void {
    const t = this.due;
    this.#tick(t);
    const oldest = this.#oldest as Request;
    if (oldest.arrived + this.timeout <= t) {
      oldest.work = (this.#ends[oldest.place] as number) - this.clock;
      this.#leave(oldest);
      this.leaving.timedOut(this, oldest, t);
    } else {
      const request = this.#heap[0] as Request;
      this.clock = this.#ends[0] as number;
      this.#leave(request);
      this.leaving.answered(this, request, t);
    }
    this.#reschedule();
  }

  /** When something happens next. */
  #reschedule(): void {
    const oldest = this.#oldest;
    if (!oldest) {
      this.due = Infinity;
      return;
    }
    const part = this.#part;
    const answer = part > 0 ? this.speed.when(((this.#ends[0] as number) - this.clock) / part) : Infinity;
    this.due = Math.min(answer, oldest.arrived + this.timeout);
  }

  /** Puts the request in before the one that came `after` it; undefined: it is the newest. */
  #join(request: Request, after: Request | undefined): void {
    const before = after ? after.previous : this.#newest;
    request.next = after;
    request.previous = before;
    if (before) before.next = request;
    else this.#oldest = request;
    if (after) after.previous = request;
    else this.#newest = request;
    this.#rise(this.#heap.length, request, this.clock + request.work);
  }

  #leave(request: Request): void {
    const { next, previous, place } = request;
    if (previous) previous.next = next;
    else this.#oldest = next;
    if (next) next.previous = previous;
    else this.#newest = previous;
    const [last, end] = [this.#heap.pop() as Request, this.#ends.pop() as number];
    if (last !== request) this.#rise(this.#sink(place, end), last, end);
  }

  /** The hole at `hole` of the heap goes up to where the request, which ends at `end`, belongs. */
  #rise(hole: number, request: Request, end: number): void {
    const ends = this.#ends;
    while (hole > 0) {
      const up = (hole - 1) >> 1;
      const above = ends[up] as number;
      if (above <= end) break;
      this.#put(hole, this.#heap[up] as Request, above);
      hole = up;
    }
    this.#put(hole, request, end);
  }

  /** The hole goes down to where what ends at `end` belongs; returns where that is. */
  #sink(hole: number, end: number): number {
    const ends = this.#ends;
    for (let child = 2 * hole + 1; child < ends.length; child = 2 * hole + 1) {
      if (child + 1 < ends.length && (ends[child + 1] as number) < (ends[child] as number)) child++;
      const below = ends[child] as number;
      if (end <= below) break;
      this.#put(hole, this.#heap[child] as Request, below);
      hole = child;
    }
    return hole;
  }

  #put(place: number, request: Request, end: number): void {
    this.#heap[place] = request;
    this.#ends[place] = end;
    request.place = place;
  }
}
