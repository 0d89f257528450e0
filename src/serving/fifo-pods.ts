import { longer, type PodPower, PodSpeeds } from './pod-speeds.ts';
import type { Leaving, RequestPods } from './request-pods.ts';
import { none, type Requests } from './requests.ts';

/** What is kept of a pod before its servers, side by side in two arrays: whole numbers, and others. */
const [busyAt, serversAt, waitingAt, headAt, tailAt, firstAt, wholes] = [0, 1, 2, 3, 4, 5, 6] as const;
const [dueAt, clockAt, placesAt, reals] = [0, 1, 2, 3] as const;

/**
 * First come, first served, by k servers per pod. Every pod has a clock of the core-seconds that each of its servers could have done so far: a request in
 * service ends at a fixed reading of it, however its speed changes.
 */
export class FifoPods implements RequestPods {
  readonly #requests: Requests;
  readonly #timeout: number;
  readonly #leaving: Leaving;
  readonly #speeds = new PodSpeeds();
  #size = 0;
  /** Servers per pod that there is space for. */
  #wide: number;
  /** By pod: servers busy and in all, requests waiting, the first and the last of them, the server that is done first; by server, the busy ones first, its request. */
  #whole: Int32Array;
  /** By pod: the next moment at which something happens to one of its requests, the clock, places at the speed 1; by server, the busy ones first, the reading of the clock at which its request ends. */
  #real: Float64Array;

  /** `servers`: as many as most of its pods have at most. */
  constructor(requests: Requests, timeout: number, leaving: Leaving, servers = 4) {
    this.#requests = requests;
    this.#timeout = timeout;
    this.#leaving = leaving;
    this.#wide = servers;
    this.#whole = new Int32Array(wholes + servers);
    this.#real = new Float64Array(reals + servers);
  }

  pass(pod: number, t: number): void {
    const r = this.#realOf(pod);
    while ((this.#real[r + dueAt] as number) <= t) this.#step(pod, r);
  }

  present(pod: number, t: number): number {
    this.pass(pod, t);
    const i = this.#wholeOf(pod);
    return (this.#whole[i + busyAt] as number) + (this.#whole[i + waitingAt] as number);
  }

  hasIdleServer(pod: number, t: number): boolean {
    this.pass(pod, t);
    const i = this.#wholeOf(pod);
    return (this.#whole[i + busyAt] as number) < (this.#whole[i + serversAt] as number) && !this.#speeds.stands(pod);
  }

  add(): number {
    const pod = this.#size++;
    this.#speeds.add(pod);
    if (this.#wholeOf(pod) === this.#whole.length) {
      this.#whole = longer(this.#whole, new Int32Array(2 * this.#whole.length));
      this.#real = longer(this.#real, new Float64Array(2 * this.#real.length));
    }
    const i = this.#wholeOf(pod);
    this.#whole[i + headAt] = this.#whole[i + tailAt] = none;
    this.#real[this.#realOf(pod) + dueAt] = Infinity;
    return pod;
  }

  set(pod: number, t: number, power: PodPower): void {
    this.#reach(pod, t);
    this.#speeds.set(pod, t, power);
    const { servers } = power;
    if (servers > this.#wide) this.#widen(servers);
    const i = this.#wholeOf(pod);
    this.#whole[i + serversAt] = servers;
    while ((this.#whole[i + busyAt] as number) > servers) this.#interrupt(pod);
    this.#fill(pod);
    this.#reschedule(pod);
  }

  setPlaces(pod: number, places: number): void {
    this.#real[this.#realOf(pod) + placesAt] = places;
  }

  arrive(pod: number, t: number, request: number): boolean {
    this.#reach(pod, t);
    if (this.#speeds.stands(pod)) return false;
    const whole = this.#whole;
    const real = this.#real;
    const i = this.#wholeOf(pod);
    const r = this.#realOf(pod);
    const busy = whole[i + busyAt] as number;
    if (busy === whole[i + serversAt]) {
      // Rounding must not cost a place.
      if ((whole[i + waitingAt] as number) + 1 > this.#speeds.now(pod) * (real[r + placesAt] as number) + 1e-9) return false;
      this.#queue(i, r, request);
      return true;
    }
    this.#serve(i, r, request);
    const ends = r + reals;
    if (busy === 0 || (real[ends + busy] as number) < (real[ends + (whole[i + firstAt] as number)] as number)) {
      whole[i + firstAt] = busy;
      real[r + dueAt] = this.#speeds.when(pod, this.#requests.work[request] as number);
    }
    return true;
  }

  adopt(pod: number, t: number, requests: readonly number[]): void {
    this.#reach(pod, t);
    this.#insert(pod, this.#requests.byArrival(requests));
    this.#fill(pod);
    this.#reschedule(pod);
  }

  empty(pod: number, t: number): readonly number[] {
    this.#reach(pod, t);
    const [i, r] = [this.#wholeOf(pod), this.#realOf(pod)];
    const out: number[] = [];
    for (let server = 0; server < (this.#whole[i + busyAt] as number); server++) {
      const request = this.#whole[i + wholes + server] as number;
      this.#requests.work[request] = (this.#real[r + reals + server] as number) - (this.#real[r + clockAt] as number);
      out.push(request);
    }
    this.#whole[i + busyAt] = 0;
    while (this.#whole[i + headAt] !== none) out.push(this.#unqueue(i));
    this.#real[r + dueAt] = Infinity;
    return out;
  }

  #wholeOf(pod: number): number {
    return pod * (wholes + this.#wide);
  }

  #realOf(pod: number): number {
    return pod * (reals + this.#wide);
  }

  #deadline(request: number): number {
    return (this.#requests.arrived[request] as number) + this.#timeout;
  }

  /** Everything up to `t` has happened, and the clock shows it. */
  #reach(pod: number, t: number): void {
    this.pass(pod, t);
    this.#tick(pod, t);
  }

  #tick(pod: number, t: number): void {
    const r = this.#realOf(pod);
    this.#real[r + clockAt] = (this.#real[r + clockAt] as number) + this.#speeds.pass(pod, t);
  }

  /** Lets what is due at the pod, whose numbers are kept at `r`, happen. */
  #step(pod: number, r: number): void {
    const real = this.#real;
    const t = real[r + dueAt] as number;
    const whole = this.#whole;
    const i = this.#wholeOf(pod);
    const head = whole[i + headAt] as number;
    if (head !== none && this.#deadline(head) <= t) {
      this.#tick(pod, t);
      this.#unqueue(i);
      this.#leaving.timedOut(head, t);
    } else {
      const place = i + wholes + (whole[i + firstAt] as number);
      const ends = r + reals + (whole[i + firstAt] as number);
      const last = (whole[i + busyAt] as number) - 1;
      const request = whole[place] as number;
      this.#speeds.pass(pod, t);
      real[r + clockAt] = real[ends] as number;
      real[ends] = real[r + reals + last] as number;
      whole[place] = whole[i + wholes + last] as number;
      whole[i + busyAt] = last;
      if (head !== none) this.#serve(i, r, this.#unqueue(i));
      this.#leaving.answered(request, t);
    }
    this.#reschedule(pod);
  }

  /** When something happens next at the pod. */
  #reschedule(pod: number): void {
    const whole = this.#whole;
    const real = this.#real;
    const i = this.#wholeOf(pod);
    const r = this.#realOf(pod);
    const busy = whole[i + busyAt] as number;
    let at = Infinity;
    if (busy > 0) {
      let first = 0;
      for (let server = 1; server < busy; server++)
        if ((real[r + reals + server] as number) < (real[r + reals + first] as number)) first = server;
      whole[i + firstAt] = first;
      at = this.#speeds.when(pod, (real[r + reals + first] as number) - (real[r + clockAt] as number));
    }
    const head = whole[i + headAt] as number;
    // One that lost its server may have waited for longer already: it leaves now.
    if (head !== none) at = Math.min(at, Math.max(this.#speeds.since(pod), this.#deadline(head)));
    real[r + dueAt] = at;
  }

  /** The pod kept at `i` and `r` begins with the request. */
  #serve(i: number, r: number, request: number): void {
    const whole = this.#whole;
    const real = this.#real;
    const server = whole[i + busyAt] as number;
    whole[i + busyAt] = server + 1;
    whole[i + wholes + server] = request;
    real[r + reals + server] = (real[r + clockAt] as number) + (this.#requests.work[request] as number);
  }

  /** Begins with those that wait, as far as servers are idle. */
  #fill(pod: number): void {
    if (this.#speeds.stands(pod)) return;
    const i = this.#wholeOf(pod);
    while (this.#whole[i + headAt] !== none && (this.#whole[i + busyAt] as number) < (this.#whole[i + serversAt] as number))
      this.#serve(i, this.#realOf(pod), this.#unqueue(i));
  }

  /** The last server's request goes back into the queue. */
  #interrupt(pod: number): void {
    const [i, r] = [this.#wholeOf(pod), this.#realOf(pod)];
    const server = (this.#whole[i + busyAt] as number) - 1;
    const request = this.#whole[i + wholes + server] as number;
    this.#whole[i + busyAt] = server;
    this.#requests.work[request] = (this.#real[r + reals + server] as number) - (this.#real[r + clockAt] as number);
    this.#insert(pod, [request]);
  }

  /** Queues requests, first come first, that may have arrived before others: the queue is in the order of arrival, so that its head is the first to time out. */
  #insert(pod: number, requests: readonly number[]): void {
    const { next, arrived } = this.#requests;
    const i = this.#wholeOf(pod);
    let [before, after] = [none as number, this.#whole[i + headAt] as number];
    for (const request of requests) {
      for (; after !== none && (arrived[after] as number) < (arrived[request] as number); after = next[after] as number) before = after;
      next[request] = after;
      if (before === none) this.#whole[i + headAt] = request;
      else next[before] = request;
      if (after === none) this.#whole[i + tailAt] = request;
      before = request;
    }
    this.#whole[i + waitingAt] = (this.#whole[i + waitingAt] as number) + requests.length;
  }

  #queue(i: number, r: number, request: number): void {
    const whole = this.#whole;
    const { next } = this.#requests;
    const tail = whole[i + tailAt] as number;
    next[request] = none;
    if (tail === none) {
      whole[i + headAt] = request;
      this.#real[r + dueAt] = Math.min(this.#real[r + dueAt] as number, this.#deadline(request));
    } else next[tail] = request;
    whole[i + tailAt] = request;
    whole[i + waitingAt] = (whole[i + waitingAt] as number) + 1;
  }

  /** Takes out the head of the queue of the pod kept at `i`. */
  #unqueue(i: number): number {
    const whole = this.#whole;
    const head = whole[i + headAt] as number;
    const next = this.#requests.next[head] as number;
    whole[i + headAt] = next;
    if (next === none) whole[i + tailAt] = none;
    whole[i + waitingAt] = (whole[i + waitingAt] as number) - 1;
    return head;
  }

  /** Makes space for more servers per pod. */
  #widen(servers: number): void {
    const [whole, real, wide] = [this.#whole, this.#real, this.#wide];
    const pods = whole.length / (wholes + wide);
    this.#whole = new Int32Array(pods * (wholes + servers));
    this.#real = new Float64Array(pods * (reals + servers));
    for (let pod = 0; pod < this.#size; pod++) {
      this.#whole.set(whole.subarray(pod * (wholes + wide), (pod + 1) * (wholes + wide)), pod * (wholes + servers));
      this.#real.set(real.subarray(pod * (reals + wide), (pod + 1) * (reals + wide)), pod * (reals + servers));
    }
    this.#wide = servers;
  }
}
