import { IndexedHeap, longer } from './indexed-heap.ts';
import { type PodPower, PodSpeeds } from './pod-speeds.ts';
import type { Leaving, RequestPods } from './request-pods.ts';
import { none, type Requests } from './requests.ts';

/**
 * First come, first served, by k servers per pod. Every pod has a clock of the core-seconds that each of its servers could have done so far: a request in
 * service ends at a fixed reading of it, however its speed changes.
 */
export class FifoPods implements RequestPods {
  readonly #requests: Requests;
  readonly #timeout: number;
  readonly #leaving: Leaving;
  readonly #speeds = new PodSpeeds();
  /** Pods by the next moment at which something happens to one of their requests. */
  readonly #due = new IndexedHeap();
  /** Servers per pod that there is space for. */
  #wide: number;
  #clock = new Float64Array(16);
  #places = new Float64Array(16);
  #servers = new Int32Array(16);
  #busy = new Int32Array(16);
  #waiting = new Int32Array(16);
  #head = new Int32Array(16);
  #tail = new Int32Array(16);
  /** By pod and server, the busy ones first: the request, and the reading of the pod's clock at which it ends. */
  #serves: Int32Array;
  #ends: Float64Array;
  /** The place there of the busy server that is done first. */
  #first = new Int32Array(16);

  /** `servers`: as many as most of its pods have at most. */
  constructor(requests: Requests, timeout: number, leaving: Leaving, servers = 4) {
    this.#requests = requests;
    this.#timeout = timeout;
    this.#leaving = leaving;
    this.#wide = servers;
    this.#serves = new Int32Array(16 * servers);
    this.#ends = new Float64Array(16 * servers);
  }

  get nextTime(): number {
    return this.#due.firstKey;
  }

  present(pod: number): number {
    return (this.#busy[pod] as number) + (this.#waiting[pod] as number);
  }

  hasIdleServer(pod: number): boolean {
    return (this.#busy[pod] as number) < (this.#servers[pod] as number) && !this.#speeds.stands(pod);
  }

  add(): number {
    const pod = this.#due.add();
    this.#speeds.add(pod);
    if (pod === this.#clock.length) this.#grow(2 * pod, this.#wide);
    this.#head[pod] = this.#tail[pod] = none;
    return pod;
  }

  set(pod: number, t: number, power: PodPower): void {
    this.#pass(pod, t);
    this.#speeds.set(pod, t, power);
    const { servers } = power;
    if (servers > this.#wide) this.#grow(this.#clock.length, servers);
    this.#servers[pod] = servers;
    for (let busy = this.#busy[pod] as number; busy > servers; busy--) this.#interrupt(pod);
    this.#fill(pod);
    this.#reschedule(pod);
  }

  setPlaces(pod: number, places: number): void {
    this.#places[pod] = places;
  }

  arrive(pod: number, t: number, request: number): boolean {
    this.#pass(pod, t);
    if (this.#speeds.stands(pod)) return false;
    if ((this.#busy[pod] as number) < (this.#servers[pod] as number)) {
      this.#serve(pod, request);
      const last = pod * this.#wide + (this.#busy[pod] as number) - 1;
      if (last === pod * this.#wide || (this.#ends[last] as number) < (this.#ends[this.#first[pod] as number] as number)) {
        this.#first[pod] = last;
        this.#due.set(pod, this.#speeds.when(pod, this.#requests.work[request] as number));
      }
      return true;
    }
    // Rounding must not cost a place.
    if ((this.#waiting[pod] as number) + 1 > this.#speeds.now(pod) * (this.#places[pod] as number) + 1e-9) return false;
    this.#queue(pod, request);
    return true;
  }

  adopt(pod: number, t: number, request: number): void {
    this.#pass(pod, t);
    this.#insert(pod, request);
    this.#fill(pod);
    this.#reschedule(pod);
  }

  empty(pod: number, t: number): readonly number[] {
    this.#pass(pod, t);
    const out: number[] = [];
    const busy = this.#busy[pod] as number;
    for (let place = pod * this.#wide; place < pod * this.#wide + busy; place++) {
      const request = this.#serves[place] as number;
      this.#requests.work[request] = (this.#ends[place] as number) - (this.#clock[pod] as number);
      out.push(request);
    }
    this.#busy[pod] = 0;
    for (let request = this.#head[pod] as number; request !== none; request = this.#requests.next[request] as number) out.push(request);
    this.#head[pod] = this.#tail[pod] = none;
    this.#waiting[pod] = 0;
    this.#due.set(pod, Infinity);
    return out;
  }

  step(): void {
    const pod = this.#due.first;
    const t = this.#due.firstKey;
    const head = this.#head[pod] as number;
    if (head !== none && this.#deadline(head) <= t) {
      this.#pass(pod, t);
      this.#unqueue(pod);
      this.#leaving.timedOut(head, t);
    } else {
      const first = this.#first[pod] as number;
      this.#speeds.pass(pod, t);
      this.#clock[pod] = this.#ends[first] as number;
      const request = this.#serves[first] as number;
      const busy = (this.#busy[pod] as number) - 1;
      const last = pod * this.#wide + busy;
      this.#busy[pod] = busy;
      this.#serves[first] = this.#serves[last] as number;
      this.#ends[first] = this.#ends[last] as number;
      if (head !== none) this.#serve(pod, this.#unqueue(pod));
      this.#leaving.answered(request, t);
    }
    this.#reschedule(pod);
  }

  #deadline(request: number): number {
    return (this.#requests.arrived[request] as number) + this.#timeout;
  }

  #pass(pod: number, t: number): void {
    this.#clock[pod] = (this.#clock[pod] as number) + this.#speeds.pass(pod, t);
  }

  /** The place of the server that is done first; there must be one. */
  #firstToEnd(pod: number): number {
    const ends = this.#ends;
    const from = pod * this.#wide;
    const to = from + (this.#busy[pod] as number);
    let first = from;
    for (let i = from + 1; i < to; i++) if ((ends[i] as number) < (ends[first] as number)) first = i;
    return first;
  }

  #reschedule(pod: number): void {
    let at = Infinity;
    if ((this.#busy[pod] as number) > 0) {
      const first = (this.#first[pod] = this.#firstToEnd(pod));
      at = this.#speeds.when(pod, (this.#ends[first] as number) - (this.#clock[pod] as number));
    }
    const head = this.#head[pod] as number;
    // One that lost its server may have waited for longer already: it leaves now.
    if (head !== none) at = Math.min(at, Math.max(this.#speeds.since(pod), this.#deadline(head)));
    this.#due.set(pod, at);
  }

  /** Begins with the request. */
  #serve(pod: number, request: number): void {
    const busy = this.#busy[pod] as number;
    const place = pod * this.#wide + busy;
    this.#busy[pod] = busy + 1;
    this.#serves[place] = request;
    this.#ends[place] = (this.#clock[pod] as number) + (this.#requests.work[request] as number);
  }

  /** Begins with those that wait, as far as servers are idle. */
  #fill(pod: number): void {
    if (this.#speeds.stands(pod)) return;
    while (this.#head[pod] !== none && (this.#busy[pod] as number) < (this.#servers[pod] as number)) this.#serve(pod, this.#unqueue(pod));
  }

  /** The last server's request goes back into the queue. */
  #interrupt(pod: number): void {
    const busy = (this.#busy[pod] as number) - 1;
    const place = pod * this.#wide + busy;
    const request = this.#serves[place] as number;
    this.#busy[pod] = busy;
    this.#requests.work[request] = (this.#ends[place] as number) - (this.#clock[pod] as number);
    this.#insert(pod, request);
  }

  /** Queues a request that may have arrived before others: the queue is in the order of arrival, so that its head is the first to time out. */
  #insert(pod: number, request: number): void {
    const { next, arrived } = this.#requests;
    let [before, after] = [none as number, this.#head[pod] as number];
    for (; after !== none && (arrived[after] as number) < (arrived[request] as number); after = next[after] as number) before = after;
    next[request] = after;
    if (before === none) this.#head[pod] = request;
    else next[before] = request;
    if (after === none) this.#tail[pod] = request;
    this.#waiting[pod] = (this.#waiting[pod] as number) + 1;
  }

  #queue(pod: number, request: number): void {
    const tail = this.#tail[pod] as number;
    this.#requests.next[request] = none;
    if (tail === none) {
      this.#head[pod] = request;
      this.#due.set(pod, Math.min(this.#due.key(pod), this.#deadline(request)));
    } else this.#requests.next[tail] = request;
    this.#tail[pod] = request;
    this.#waiting[pod] = (this.#waiting[pod] as number) + 1;
  }

  /** Takes out the head of the queue. */
  #unqueue(pod: number): number {
    const head = this.#head[pod] as number;
    const next = this.#requests.next[head] as number;
    this.#head[pod] = next;
    if (next === none) this.#tail[pod] = none;
    this.#waiting[pod] = (this.#waiting[pod] as number) - 1;
    return head;
  }

  #grow(pods: number, wide: number): void {
    const old = { serves: this.#serves, ends: this.#ends, wide: this.#wide, pods: this.#clock.length };
    this.#serves = new Int32Array(pods * wide);
    this.#ends = new Float64Array(pods * wide);
    for (let pod = 0; pod < old.pods; pod++) {
      this.#serves.set(old.serves.subarray(pod * old.wide, (pod + 1) * old.wide), pod * wide);
      this.#ends.set(old.ends.subarray(pod * old.wide, (pod + 1) * old.wide), pod * wide);
      this.#first[pod] = (this.#first[pod] as number) + pod * (wide - old.wide);
    }
    this.#wide = wide;
    if (pods === old.pods) return;
    this.#clock = longer(this.#clock, new Float64Array(pods));
    this.#places = longer(this.#places, new Float64Array(pods));
    this.#servers = longer(this.#servers, new Int32Array(pods));
    this.#busy = longer(this.#busy, new Int32Array(pods));
    this.#waiting = longer(this.#waiting, new Int32Array(pods));
    this.#head = longer(this.#head, new Int32Array(pods));
    this.#tail = longer(this.#tail, new Int32Array(pods));
    this.#first = longer(this.#first, new Int32Array(pods));
  }
}
