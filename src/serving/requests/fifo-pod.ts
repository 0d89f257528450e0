import type { PodPower } from './pod-speed.ts';
import { byArrival, chain, type Request } from './request.ts';
import { RequestPod } from './request-pod.ts';

/** First come, first served, by k servers. */
export class FifoPod extends RequestPod {
  #servers = 0;
  /** Requests in service, of which the first `#busy` count, and the reading of the clock at which each ends; the one that ends first. */
  readonly #serving: Request[] = [];
  readonly #ends: number[] = [];
  #busy = 0;
  #first = 0;
  /** Those that wait. */
  #head: Request | undefined;
  #tail: Request | undefined;
  #waiting = 0;

  present(t: number): number {
    this.pass(t);
    return this.#busy + this.#waiting;
  }

  hasIdleServer(t: number): boolean {
    this.pass(t);
    return this.#busy < this.#servers && !this.speed.stands;
  }

  set(t: number, power: PodPower): void {
    this.#reach(t);
    this.speed.set(t, power);
    this.#servers = power.servers;
    while (this.#busy > this.#servers) this.#interrupt();
    this.#fill();
    this.#reschedule();
  }

  arrive(t: number, request: Request): boolean {
    this.#reach(t);
    const { speed } = this;
    if (speed.stands) return false;
    const busy = this.#busy;
    if (busy === this.#servers) {
      // Rounding must not cost a place.
      if (this.#waiting + 1 > speed.now * this.places + 1e-9) return false;
      this.#queue(request);
      return true;
    }
    const end = this.#serve(request);
    if (busy === 0 || end < (this.#ends[this.#first] as number)) {
      this.#first = busy;
      this.due = speed.when(request.work);
    }
    return true;
  }

  adopt(t: number, requests: readonly Request[]): void {
    this.#reach(t);
    this.#insert(byArrival(requests));
    this.#fill();
    this.#reschedule();
  }

  empty(t: number): readonly Request[] {
    this.#reach(t);
    const out = this.requests();
    for (let server = 0; server < this.#busy; server++) this.#stop(server);
    this.#busy = this.#waiting = 0;
    this.#head = undefined;
    this.due = Infinity;
    return out;
  }

  requests(): readonly Request[] {
    return [...this.#serving.slice(0, this.#busy), ...chain(this.#head)];
  }

  /** Everything up to `t` has happened, and the clock shows it. */
  #reach(t: number): void {
    this.pass(t);
    this.clock += this.speed.advance(t);
  }

  protected step(): void {
    const t = this.due;
    const head = this.#head;
    if (head !== undefined && head.arrived + this.timeout <= t) {
      this.clock += this.speed.advance(t);
      this.#unqueue(head);
      this.leaving.timedOut(this, head, t);
    } else {
      const serving = this.#serving;
      const ends = this.#ends;
      const first = this.#first;
      const last = this.#busy - 1;
      const request = serving[first] as Request;
      this.speed.advance(t);
      this.clock = ends[first] as number;
      ends[first] = ends[last] as number;
      serving[first] = serving[last] as Request;
      this.#busy = last;
      if (head !== undefined) this.#serve(this.#unqueue(head));
      this.leaving.answered(this, request, t);
    }
    this.#reschedule();
  }

  /** When something happens next. */
  #reschedule(): void {
    const ends = this.#ends;
    const busy = this.#busy;
    let at = Infinity;
    if (busy > 0) {
      let first = 0;
      let least = ends[0] as number;
      for (let server = 1; server < busy; server++) {
        const end = ends[server] as number;
        if (end < least) {
          first = server;
          least = end;
        }
      }
      this.#first = first;
      at = this.speed.when(least - this.clock);
    }
    const head = this.#head;
    // One that lost its server may have waited for longer already: it leaves now.
    if (head !== undefined) at = Math.min(at, Math.max(this.speed.since, head.arrived + this.timeout));
    this.due = at;
  }

  /** Begins with the request; returns the reading of the clock at which it ends. */
  #serve(request: Request): number {
    const server = this.#busy++;
    const end = this.clock + request.work;
    this.#serving[server] = request;
    this.#ends[server] = end;
    return end;
  }

  /** Begins with those that wait, as far as servers are idle. */
  #fill(): void {
    if (this.speed.stands) return;
    while (this.#head && this.#busy < this.#servers) this.#serve(this.#unqueue(this.#head));
  }

  /** The last server's request goes back into the queue. */
  #interrupt(): void {
    this.#insert([this.#stop(--this.#busy)]);
  }

  /** A server is stopped: its request, with the work that is left. */
  #stop(server: number): Request {
    const request = this.#serving[server] as Request;
    request.work = (this.#ends[server] as number) - this.clock;
    return request;
  }

  /** Queues requests, first come first, that may have arrived before others: the queue is in the order of arrival, so that its head is the first to time out. */
  #insert(requests: readonly Request[]): void {
    let before: Request | undefined;
    let after = this.#head;
    for (const request of requests) {
      for (; after && after.arrived < request.arrived; after = after.next) before = after;
      request.next = after;
      if (before) before.next = request;
      else this.#head = request;
      if (!after) this.#tail = request;
      before = request;
    }
    this.#waiting += requests.length;
  }

  #queue(request: Request): void {
    request.next = undefined;
    if (this.#head === undefined) {
      this.#head = request;
      this.due = Math.min(this.due, request.arrived + this.timeout);
    } else (this.#tail as Request).next = request;
    this.#tail = request;
    this.#waiting++;
  }

  /** Takes the head out of the queue. */
  #unqueue(head: Request): Request {
    this.#head = head.next;
    this.#waiting--;
    return head;
  }
}
