import { InvariantError } from '../../base/assert.ts';
import { inSeconds, microsecondsPerSecond, type Time } from '../../base/units.ts';
import { type ServiceDistribution, serviceTimes } from '../../random/service-time.ts';
import type { Uniform } from '../../random/streams.ts';
import { Balancer, type BalancerName } from './balancer.ts';
import { FifoPod } from './fifo-pod.ts';
import { FluidService } from '../fluid/fluid-service.ts';
import type { Interval } from '../interval-union.ts';
import type { ServingMode } from '../mode.ts';
import { PoissonArrivals } from './poisson-arrivals.ts';
import { RequestBooks } from './request-books.ts';
import { Requests, type Request } from './request.ts';
import type { Discipline, RequestPod, Stratum } from './request-pod.ts';
import { RequestRetries } from './request-retries.ts';
import { type Fleet, RequestZone } from './request-zone.ts';
import { RequestDraws } from './request-draws.ts';
import { ResponseHistogram } from './response-histogram.ts';
import type { Census, Service, ServiceOptions } from '../service.ts';
import { SharingPod } from './sharing-pod.ts';
import type { Station } from '../fluid/station.ts';
import { stationOptions } from '../fluid/station-options.ts';
import { addShortage, clearCounts, type Tally, type TrafficCounts } from '../tally.ts';

export interface RequestOptions extends ServiceOptions {
  readonly distribution: ServiceDistribution;
  readonly discipline: Discipline;
  readonly balancer: BalancerName;
  /** Part of the pods, and of their traffic, that is simulated, in (0, 1]. */
  readonly sample: number;
  /** Told about every second of the clock how many attempts have been simulated since; false: no more shall be, the run is given up. */
  readonly pulse?: (at: Time, simulated: number) => boolean;
  /** A stream of random numbers for each purpose. */
  readonly stream: (purpose: 'arrivals' | 'places' | 'service' | 'hops' | 'choices' | 'again' | 'retries') => Uniform;
}

/**
 * The twin of the fluid: every request is an event. Arrivals are a Poisson process of the app's rate; each goes to a pod of its own, waits there, is served, refused
 * or given up. Which pods there are, how routing divides the traffic between them, what is missing and why are the fluid's, which runs beside it for that.
 * With a sample, of pods that are alike only some are simulated, with the traffic of those, and each request stands for as many as its pod.
 */
export class RequestService implements Service {
  readonly retries: RequestRetries | undefined;
  readonly #books: RequestBooks;
  readonly #fluid: FluidService;
  readonly #pods: readonly RequestPod[];
  readonly #zones: readonly RequestZone[];
  readonly #sample: number;
  readonly #pulse: RequestOptions['pulse'];
  /** Attempts that it has been told of. */
  #told = 0;
  readonly #distances: readonly (readonly number[])[] | undefined;
  readonly #overflow: boolean;
  readonly #requests = new Requests();
  readonly #arrivals: PoissonArrivals;
  /** What a response takes beside the time at the pod, s: always, and after a hop of each kind. */
  readonly #wait: number;
  readonly #hops: readonly number[];
  readonly #serviceTime: number;
  readonly #variate: (uniform: number) => number;
  readonly #draws: RequestDraws;
  readonly #hop: Uniform;
  readonly #again: Uniform;
  /** First attempts/s at `#since`, µs, their slope, and retries/s. */
  #since = 0;
  #rate = 0;
  #slope = 0;
  #retried = 0;
  #reached = 0;
  /** The fluid's zones, once time has gone on. */
  #stations: readonly Station[] = [];
  /** Whether pods have changed since the arrivals were divided. */
  #stale = true;
  /** Part of the app's attempts that is simulated; the most requests that one may stand for, now and so far. */
  #total = 0;
  #heaviest = 1;
  #heaviestEver: number;

  constructor(options: RequestOptions) {
    const { zones, stream, sample, retry, hops, distances, overflow = false } = options;
    this.#fluid = new FluidService(options);
    const station = stationOptions(options);
    this.#again = stream('again');
    this.retries = retry && retry.tries > 0 ? new RequestRetries(retry, stream('retries')) : undefined;
    const pods: RequestPod[] = [];
    const books = new RequestBooks(zones, pods, this.#requests, new ResponseHistogram(inSeconds(options.objective)), this.retries);
    const Pod = options.discipline === 'fifo' ? FifoPod : SharingPod;
    const limits = [options.runningMillicores, options.keepAliveMillicores] as const;
    const fleet: Fleet = { pods, spare: [], make: () => new Pod(station.timeout, books), limits, options: station, sample };
    const choices = stream('choices');
    this.#zones = Array.from(
      { length: zones },
      (_, zone) => new RequestZone(zone, fleet, new Balancer(options.balancer, (pod, t) => pod.present(t), choices), books),
    );
    this.#books = books;
    this.#pods = pods;
    this.#sample = sample;
    this.#heaviestEver = 1 / sample;
    this.#pulse = options.pulse;
    this.#distances = distances;
    this.#overflow = overflow;
    this.#wait = inSeconds(options.wait);
    this.#hops = hops.map(inSeconds);
    this.#serviceTime = inSeconds(options.serviceTime);
    this.#variate = serviceTimes(options.distribution, options.cv);
    const streams = { arrivals: stream('arrivals'), places: stream('places'), service: stream('service') };
    this.#draws = new RequestDraws(streams, this.#variate);
    this.#arrivals = new PoissonArrivals(this.#draws.gap);
    this.#hop = stream('hops');
  }

  get reached(): number {
    return this.#reached;
  }
  get census(): Census {
    const { simulated, presence, sojourns } = this.#books;
    return { simulated, heaviest: this.#heaviestEver, presence, sojourns, rounded: Math.max(...this.#zones.map(({ rounded }) => rounded)) };
  }

  setRate(at: Time, perSecond: number, slopePerSecond: number, retriedPerSecond = 0): void {
    this.advance(at);
    this.#fluid.setRate(at, perSecond, slopePerSecond, retriedPerSecond);
    this.#since = at;
    this.#rate = perSecond - retriedPerSecond;
    this.#slope = slopePerSecond;
    this.#retried = retriedPerSecond;
    this.#bend();
  }

  change(at: Time, zone: number, from: ServingMode | undefined, to: ServingMode | undefined, backlog: 'moves' | 'lost' = 'moves'): void {
    this.advance(at);
    this.#fluid.change(at, zone, from, to, backlog);
    this.#zone(zone).change(at / 1e6, from, to, backlog);
    this.#stale = true;
    this.#explain(at);
  }

  advance(to: Time): void {
    if (to < this.#reached) throw new InvariantError(`requests are asked to go back to ${String(to)} µs from ${String(this.#reached)} µs`);
    while (this.#reached < to) {
      // No further than to the end of a bucket: what fails before may come back after it.
      const bucket = this.retries?.bucketEnd(this.#reached) ?? Infinity;
      const end = (Math.floor(this.#reached / microsecondsPerSecond) + 1) * microsecondsPerSecond;
      this.#go(Math.min(to, end, bucket) as Time);
      if (this.#reached < end) continue;
      this.#explain(end);
      const { simulated } = this.#books;
      if (!(this.#pulse?.(end as Time, simulated - this.#told) ?? true)) this.#reached = to;
      this.#told = simulated;
    }
  }

  cut(at: Time, read: (tally: Tally, zone: number) => void): void {
    this.advance(at);
    this.#fluid.cut(at, (flow, zone) => {
      addShortage(this.#books.tally(zone), flow);
    });
    for (let zone = 0; zone < this.#zones.length; zone++) this.#books.cut(zone, read);
  }

  close(at: Time): void {
    this.advance(at);
    this.#explain(at);
  }

  count(counts: TrafficCounts): void {
    clearCounts(counts);
    this.#books.count(counts);
  }

  restlessFrom(): number {
    return this.#reached;
  }

  backlog(zone: number): number {
    return this.#books.present(zone);
  }

  exposureIntervals(zone: number): readonly Interval[] {
    return this.#fluid.exposureIntervals(zone);
  }

  /** Goes on to `to`: in one go, so that no bucket of retries and no second of the clock may end on the way. */
  #go(to: Time): void {
    if (this.#stale) this.#divide();
    this.#run(to / 1e6);
    for (const pod of this.#pods) pod.pass(to / 1e6);
    this.#books.pass(to / 1e6);
    this.#fluid.advance(to);
    const attempts = this.#attempts(to);
    const length = (to - this.#reached) / 1e6;
    this.#stations = this.#fluid.routed();
    for (let index = 0; index < this.#stations.length; index++) {
      const zone = this.#zone(index);
      const tally = this.#books.tally(index);
      tally.seconds += length;
      tally.usedCoreSeconds += zone.idleCores * length + zone.relayed * attempts;
    }
    this.#reached = to;
  }

  /**
   * What has failed up to `at`, µs, has the causes of the last deficit before it: at the end of every second of the clock, and whenever a pod changes. Nobody else may
   * say when, or the causes would depend on who looks.
   */
  #explain(at: number): void {
    this.#books.pass(at / 1e6);
    this.#stations.forEach(({ books }, index) => {
      this.#books.explain(index, books.proportions);
    });
  }

  /** Goes from attempt to attempt up to `until`, s. */
  #run(until: number): void {
    const [arrivals, draws, retries] = [this.#arrivals, this.#draws, this.retries];
    for (;;) {
      const back = retries ? retries.nextTime : Infinity;
      const next = arrivals.next;
      if (next < back) {
        if (next > until) return;
        this.#arrive(next, 0, draws.place, draws.service);
        draws.pass();
        arrivals.pass(draws.gap);
      } else {
        if (back > until) return;
        const generation = (retries as RequestRetries).take();
        // Attempts are worth what their pods stand for, which they cannot know beforehand: there must be enough for any.
        while ((retries as RequestRetries).ready(generation) >= this.#heaviest)
          this.#arrive(back, generation, this.#again(), this.#variate(this.#again()));
      }
    }
  }

  /** An attempt comes: a first one, of generation 0, or a retry. */
  #arrive(t: number, generation: number, place: number, service: number): void {
    let rest = place * this.#total;
    let index = 0;
    let zone = this.#zones[0] as RequestZone;
    for (const last = this.#zones.length - 1; index < last && rest >= this.#intensity(zone); zone = this.#zones[++index] as RequestZone)
      rest -= this.#intensity(zone);
    const { balancer } = zone;
    // Rounding alone refuses nobody.
    if (rest >= balancer.total && (zone.refused > 0 || balancer.total === 0)) {
      const stands = 1 / this.#sample;
      this.#books.attempted(index, generation, stands);
      this.#books.refused(index, t, generation, stands);
      return;
    }
    const pod = balancer.choose(rest / balancer.total, t);
    const stratum = pod.stratum as Stratum;
    const { hops } = stratum;
    const stands = stratum.weight;
    this.#books.attempted(index, generation, stands);
    const delay = this.#wait + (hops[3] > 0 ? this.#hopped(index, generation, hops, stands) : 0);
    const request = this.#requests.take();
    request.arrived = t;
    request.weight = stands;
    request.generation = generation;
    request.delay = delay;
    request.work = request.demand = this.#serviceTime * service + stratum.overhead;
    const taker = pod.arrive(t, request) ? pod : this.#overflow ? this.#overflows(request, index, t) : undefined;
    if (taker) this.#books.admitted(taker, request, t);
    else {
      this.#requests.release(request);
      this.#books.refused(index, t, generation, stands);
    }
  }

  /** What the hop takes, s, where the attempt takes one: drawn by their shares. */
  #hopped(zone: number, generation: number, hops: Stratum['hops'], stands: number): number {
    const u = (generation > 0 ? this.#again : this.#hop)();
    const hop = hops.findIndex((upTo) => u < upTo);
    if (hop < 0) return 0;
    const tally = this.#books.tally(zone);
    tally.forwarded += stands;
    if (hop > 0) tally.crossZone += stands;
    return this.#hops[hop === 0 ? 0 : hop - 1] as number;
  }

  /** The pod of another zone that takes what a zone refuses: once, where one is idle, beginning with a zone drawn at random. */
  #overflows(request: Request, from: number, t: number): RequestPod | undefined {
    const count = this.#zones.length;
    const start = Math.floor(this.#again() * count);
    for (let i = 0; i < count; i++) {
      const to = (start + i) % count;
      const pod = to === from ? undefined : this.#zone(to).idle(this.#again(), t);
      if (!pod?.arrive(t, request)) continue;
      this.#books.tally(from).overflowedOut += request.weight;
      this.#books.tally(to).overflowedIn += request.weight;
      request.delay += this.#hops[this.#distances?.[from]?.[to] ?? 0] as number;
      return pod;
    }
    return undefined;
  }

  /** Divides the arrivals between the pods as they are now. */
  #divide(): void {
    this.#stale = false;
    this.#heaviest = 1;
    this.#fluid.routed().forEach((station, index) => {
      const zone = this.#zone(index);
      zone.route(station.classes);
      this.#heaviest = Math.max(this.#heaviest, zone.heaviest);
    });
    this.#heaviestEver = Math.max(this.#heaviestEver, this.#heaviest);
    this.#bend();
  }

  /** Part of the app's attempts that is simulated in a zone. */
  #intensity({ balancer, refused }: RequestZone): number {
    return balancer.total + refused * this.#sample;
  }

  /** The rate of what is simulated is another one from now on. */
  #bend(): void {
    this.#total = this.#zones.reduce((sum, zone) => sum + this.#intensity(zone), 0);
    const rate = this.#rate + (this.#slope * (this.#reached - this.#since)) / 1e6;
    this.#arrivals.bend(this.#reached / 1e6, Math.max(0, rate) * this.#total, this.#slope * this.#total);
  }

  /** Attempts of the app from the moment reached to `to`, µs. */
  #attempts(to: number): number {
    const [from, until] = [(this.#reached - this.#since) / 1e6, (to - this.#since) / 1e6];
    return (until - from) * (this.#rate + this.#retried + (this.#slope * (from + until)) / 2);
  }

  #zone(index: number): RequestZone {
    const zone = this.#zones[index];
    if (zone === undefined) throw new InvariantError(`there is no zone ${String(index)}`);
    return zone;
  }
}
