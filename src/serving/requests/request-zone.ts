import type { Balancer } from './balancer.ts';
import { type ClassKey, classKey, isMain, mainKey, type ServingMode } from '../mode.ts';
import type { PodClass } from '../fluid/pod-class.ts';
import type { PodPower } from './pod-speed.ts';
import type { Request } from './request.ts';
import type { RequestBooks } from './request-books.ts';
import type { RequestPod, Stratum } from './request-pod.ts';
import { serversOf, type StationOptions } from '../fluid/station-options.ts';

/** What zones share: the pods of the app that are simulated. */
export interface Fleet {
  readonly pods: RequestPod[];
  /** Pods that are not there any more: the next ones. */
  readonly spare: RequestPod[];
  readonly make: () => RequestPod;
  /** CPU limits of a running and of a keep-alive pod, millicores. */
  readonly limits: readonly [number, number];
  readonly options: StationOptions;
  /** Part of the pods that is simulated: of each stratum at least one. */
  readonly sample: number;
}

/** The pods of one app in one zone, as single requests meet them. */
export class RequestZone {
  readonly balancer: Balancer<RequestPod>;
  readonly #index: number;
  readonly #fleet: Fleet;
  readonly #books: RequestBooks;
  readonly #strata = new Map<ClassKey, Stratum>();
  /** Pods that take what other zones refuse. */
  #takers: readonly RequestPod[] = [];
  /** Share of the app's attempts that come here and that nobody takes. */
  refused = 0;
  /** Cores that its pods use without traffic; and what sidecars of pods that serve nothing relay, per attempt of the app. */
  idleCores = 0;
  relayed = 0;
  /** Most requests that one stands for that comes here. */
  heaviest = 0;
  /** Most pods of a stratum with traffic for which the sample has room for less than half a pod. */
  rounded = 0;

  /** The `index`-th zone. */
  constructor(index: number, fleet: Fleet, balancer: Balancer<RequestPod>, books: RequestBooks) {
    this.#index = index;
    this.#fleet = fleet;
    this.balancer = balancer;
    this.#books = books;
  }

  /** One pod changes its mode at `t`, s. */
  change(t: number, from: ServingMode | undefined, to: ServingMode | undefined, backlog: 'moves' | 'lost'): void {
    const source = from && this.#count(from, -1);
    const target = to && this.#count(to, 1);
    const surplus = source !== undefined && source.pods.length > this.#simulated(source);
    const short = target !== undefined && target.pods.length < this.#simulated(target);
    if (surplus) {
      const pod = this.#takeOut(source, from as ServingMode);
      if (backlog === 'lost' || !target) for (const request of pod.empty(t)) this.#books.lost(pod, request, t);
      if (short) this.#put(pod, t, target, to as ServingMode);
      else this.#retire(pod, t, target?.pods[0] ?? source.pods[0]);
    } else if (short) this.#put(this.#new(), t, target, to as ServingMode);
    for (const stratum of [source, target]) if (stratum && stratum.pods.length > 0) stratum.weight = stratum.count / stratum.pods.length;
  }

  /** The arrivals are divided as `classes` say. */
  route(classes: readonly PodClass[]): void {
    const { options } = this.#fleet;
    const known = new Map<ClassKey, PodClass>();
    this.refused = this.idleCores = this.relayed = this.heaviest = 0;
    for (const each of classes) {
      if (each.pods > 0) known.set(each.main ? mainKey : classKey(each.mode), each);
      else this.refused += each.flow.arrivals;
      if (each.mode.limits === 'running') this.idleCores += each.awake * options.idle;
      if (each.flow.arrivals === 0) this.relayed += each.flow.forwardedOut * options.relay;
    }
    const reached: RequestPod[] = [];
    const shares: number[] = [];
    const takers: RequestPod[] = [];
    for (const stratum of this.#strata.values()) {
      const { flow, main, weight, pods: count } = known.get(stratum.classKey) as PodClass;
      const share = main ? (flow.arrivals * stratum.mode.weight) / weight : flow.arrivals / count;
      if (!(share > 0)) continue;
      if (stratum.count * this.#fleet.sample < 0.5) this.rounded = Math.max(this.rounded, stratum.count);
      this.heaviest = Math.max(this.heaviest, stratum.weight);
      stratum.overhead = flow.demand - options.demand + options.sidecar;
      const forwarded = (flow.forwardedIn - flow.crossIn) / flow.arrivals;
      const [near, idc, city] = flow.hops;
      stratum.hops[0] = forwarded;
      stratum.hops[1] = near;
      stratum.hops[2] = near + idc;
      stratum.hops[3] = near + idc + city;
      const places = (this.#servers(stratum.mode) * options.timeout) / flow.demand;
      for (const pod of stratum.pods) {
        pod.places = places;
        reached.push(pod);
        shares.push(share);
        if (main) takers.push(pod);
      }
    }
    if (this.refused > 0) this.heaviest = Math.max(this.heaviest, 1 / this.#fleet.sample);
    this.balancer.set(reached, shares);
    this.#takers = takers;
  }

  /** A pod that would serve a request at once, looked for from the place on that `u` ∈ [0, 1) points at; undefined: none. */
  idle(u: number, t: number): RequestPod | undefined {
    const takers = this.#takers;
    const from = Math.floor(u * takers.length);
    for (let i = 0; i < takers.length; i++) {
      const pod = takers[(from + i) % takers.length] as RequestPod;
      if (pod.hasIdleServer(t)) return pod;
    }
    return undefined;
  }

  /** One pod of this mode more, or less. */
  #count(mode: ServingMode, by: 1 | -1): Stratum {
    const main = isMain(mode);
    // In the main class pods of different weight stand side by side.
    const key = main ? -2 - mode.factor : classKey(mode);
    let stratum = this.#strata.get(key);
    if (!stratum) {
      stratum = { mode, classKey: main ? mainKey : key, count: 0, pods: [], weight: 1, overhead: 0, hops: [0, 0, 0, 0] };
      this.#strata.set(key, stratum);
    }
    stratum.count += by;
    if (stratum.count === 0) this.#strata.delete(key);
    return stratum;
  }

  #simulated({ count }: Stratum): number {
    if (count === 0) return 0;
    return Math.max(1, Math.round(count * this.#fleet.sample));
  }

  #new(): RequestPod {
    const { pods, spare, make } = this.#fleet;
    let pod = spare.pop();
    if (!pod) pods.push((pod = make()));
    pod.zone = this.#index;
    return pod;
  }

  #takeOut({ pods }: Stratum, { ramp }: ServingMode): RequestPod {
    const place = ramp ? pods.findLastIndex(({ mode }) => mode?.ramp?.from === ramp.from) : -1;
    return pods.splice(place, 1)[0] as RequestPod;
  }

  #put(pod: RequestPod, t: number, stratum: Stratum, mode: ServingMode): void {
    stratum.pods.push(pod);
    pod.stratum = stratum;
    pod.mode = mode;
    const power = this.#power(mode, t);
    pod.set(t, power);
    if (power.speed === 0 && power.slope === 0) for (const request of pod.empty(t)) this.#books.timedOut(pod, request, t);
  }

  /** The pod is simulated no more: `heir` takes its requests. */
  #retire(pod: RequestPod, t: number, heir: RequestPod | undefined): void {
    const requests = pod.empty(t);
    if (heir === undefined) for (const request of requests) this.#books.lost(pod, request, t);
    else heir.adopt(t, this.#condensed(requests, pod, heir, t));
    pod.set(t, { servers: 0, speed: 0, slope: 0, until: 0 });
    this.#fleet.spare.push(pod);
  }

  /** As many of the requests of a pod as weigh at `heir` what all of them weigh: its load is that of one pod among all that it stands for. */
  #condensed(requests: readonly Request[], from: RequestPod, heir: RequestPod, t: number): readonly Request[] {
    const { count, pods } = heir.stratum as Stratum;
    const weight = requests.reduce((sum, request) => sum + request.weight, 0);
    const kept = Math.min(requests.length, Math.max(1, Math.round((weight * pods.length) / count)));
    const out: Request[] = [];
    requests.forEach((request, i) => {
      const place = Math.floor((i * kept) / requests.length);
      if (place === out.length) {
        this.#books.moved(request, from, heir, t);
        out.push(request);
      } else this.#books.merged(request, from, out[place] as Request, heir, t);
    });
    return out;
  }

  #servers({ limits }: ServingMode): number {
    return serversOf(this.#fleet.limits[limits === 'running' ? 0 : 1]);
  }

  /** What a pod of this mode can do from `t` on, s. */
  #power(mode: ServingMode, t: number): PodPower {
    const { options } = this.#fleet;
    const servers = this.#servers(mode);
    const whole = (mode.limits === 'running' ? options.running : options.keepAlive) / servers / 1000;
    const { factor, ramp } = mode;
    if (!ramp || t * 1e6 >= ramp.until) return { servers, speed: (ramp?.to ?? factor) * whole, slope: 0, until: 0 };
    const slope = ((ramp.to - factor) * 1e6) / (ramp.until - ramp.from);
    const speed = (factor + slope * (t - ramp.from / 1e6)) * whole;
    return { servers, speed, slope: slope * whole, until: ramp.until / 1e6 };
  }
}
