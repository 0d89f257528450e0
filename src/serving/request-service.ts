import { InvariantError } from '../base/assert.ts';
import type { Time } from '../base/units.ts';
import { type ServiceDistribution, serviceTimes } from '../random/service-time.ts';
import type { Uniform } from '../random/streams.ts';
import { Balancer, type BalancerName } from './balancer.ts';
import { FifoPods } from './fifo-pods.ts';
import { FluidService } from './fluid-service.ts';
import type { Interval } from './interval-union.ts';
import type { ServingMode } from './mode.ts';
import { PoissonArrivals } from './poisson-arrivals.ts';
import { RequestBooks } from './request-books.ts';
import type { Discipline, RequestPods } from './request-pods.ts';
import { RequestRetries } from './request-retries.ts';
import { type Fleet, RequestZone, type Stratum } from './request-zone.ts';
import { RequestDraws } from './request-draws.ts';
import { Requests } from './requests.ts';
import { ResponseHistogram } from './response-histogram.ts';
import type { Census, Service, ServiceOptions } from './service.ts';
import { SharingPods } from './sharing-pods.ts';
import type { Station } from './station.ts';
import { seconds, serversOf, stationOptions } from './station-options.ts';
import { clearCounts, type Tally, type TrafficCounts } from './tally.ts';

/** µs. */
const second = 1_000_000;

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
  readonly #strata: readonly Stratum[];
  readonly #pods: RequestPods;
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
  /** Part of the app's attempts that is simulated; the most requests that one stands for. */
  #total = 0;
  #heaviest = 1;
  /** The moment of the attempt that comes, s. */
  #now = 0;

  constructor(options: RequestOptions) {
    const { zones, stream, sample, retry, hops, distances, overflow = false } = options;
    this.#fluid = new FluidService(options);
    const station = stationOptions(options);
    this.#again = stream('again');
    this.retries = retry && retry.tries > 0 ? new RequestRetries(retry, stream('retries')) : undefined;
    this.#books = new RequestBooks(zones, sample, this.#requests, new ResponseHistogram(seconds(options.objective)), this.retries);
    const { timeout } = station;
    const pods =
      options.discipline === 'fifo'
        ? new FifoPods(this.#requests, timeout, this.#books, serversOf(options.runningMillicores))
        : new SharingPods(this.#requests, timeout, this.#books);
    this.#pods = pods;
    const limits = [options.runningMillicores, options.keepAliveMillicores] as const;
    const fleet: Fleet = { pods, strata: [], modes: [], spare: [], limits, options: station, sample };
    this.#strata = fleet.strata;
    const choices = stream('choices');
    this.#zones = Array.from(
      { length: zones },
      (_, zone) =>
        new RequestZone(zone, fleet, new Balancer(options.balancer, (pod) => pods.present(pod, this.#now), choices), this.#books),
    );
    this.#sample = sample;
    this.#pulse = options.pulse;
    this.#distances = distances;
    this.#overflow = overflow;
    this.#wait = seconds(options.wait);
    this.#hops = hops.map(seconds);
    this.#serviceTime = seconds(options.serviceTime);
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
    const { simulated, heaviest, presence, sojourns } = this.#books;
    return { simulated, heaviest, presence, sojourns, rounded: Math.max(...this.#zones.map(({ rounded }) => rounded)) };
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
    this.#fluid.change(at, zone, from, to, to ? backlog : 'lost');
    this.#zone(zone).change(at / 1e6, from, to, backlog);
    this.#stale = true;
  }

  advance(to: Time): void {
    if (to < this.#reached) throw new InvariantError(`requests are asked to go back to ${String(to)} µs from ${String(this.#reached)} µs`);
    // Second by second of the clock, so that the causes of what fails do not depend on when somebody looks.
    while (this.#reached < to) {
      this.#go(Math.min(to, (Math.floor(this.#reached / second) + 1) * second) as Time);
      const { simulated } = this.#books;
      if (!(this.#pulse?.(this.#reached as Time, simulated - this.#told) ?? true)) this.#reached = to;
      this.#told = simulated;
    }
  }

  #go(to: Time): void {
    if (this.#stale) this.#divide();
    this.#run(to / 1e6);
    for (let pod = 0; pod < this.#strata.length; pod++) this.#pods.pass(pod, to / 1e6);
    this.#books.pass(to / 1e6);
    this.#fluid.advance(to);
    const attempts = this.#attempts(to);
    const length = (to - this.#reached) / 1e6;
    this.#stations = this.#fluid.routed();
    this.#stations.forEach((station, index) => {
      const zone = this.#zone(index);
      const tally = this.#books.tally(index);
      tally.seconds += length;
      tally.usedCoreSeconds += zone.idleCores * length + zone.relayed * attempts;
      this.#books.explain(index, station.books.proportions);
    });
    this.#reached = to;
  }

  cut(at: Time, read: (tally: Tally, zone: number) => void): void {
    this.advance(at);
    // What failed at this very instant has the causes of the last deficit before it.
    this.#books.pass(at / 1e6);
    this.#stations.forEach(({ books }, index) => {
      this.#books.explain(index, books.proportions);
    });
    this.#fluid.cut(at, (flow, zone) => {
      const tally = this.#books.tally(zone);
      tally.capacity += flow.capacity;
      tally.exposureSeconds += flow.exposureSeconds;
      tally.fallbackSeconds += flow.fallbackSeconds;
      for (let k = 0; k < 4; k++) tally.deficit[k] = (tally.deficit[k] as number) + (flow.deficit[k] as number);
    });
    for (let zone = 0; zone < this.#zones.length; zone++) this.#books.cut(zone, read);
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
    this.#now = t;
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
    const pod = balancer.choose(rest / balancer.total);
    const stratum = this.#strata[pod] as Stratum;
    const { hops } = stratum;
    const stands = stratum.weight;
    this.#books.attempted(index, generation, stands);
    const delay = this.#wait + (hops[3] > 0 ? this.#hopped(index, generation, hops, stands) : 0);
    const requests = this.#requests;
    const request = requests.take();
    requests.arrived[request] = t;
    requests.pod[request] = pod;
    requests.weight[request] = stands;
    requests.generation[request] = generation;
    requests.delay[request] = delay;
    requests.work[request] = requests.demand[request] = this.#serviceTime * service + stratum.overhead;
    if (this.#pods.arrive(pod, t, request) || this.#overflows(request, index, t)) this.#books.admitted(request, t);
    else {
      requests.release(request);
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

  /** Whether another zone takes what a zone refuses: once, where one of its pods is idle, beginning with a zone drawn at random. */
  #overflows(request: number, from: number, t: number): boolean {
    if (!this.#overflow) return false;
    const { pod: pods, weight, delay } = this.#requests;
    const count = this.#zones.length;
    const start = Math.floor(this.#again() * count);
    for (let i = 0; i < count; i++) {
      const to = (start + i) % count;
      const pod = to === from ? undefined : this.#zone(to).idle(this.#again(), t);
      if (pod === undefined || !this.#pods.arrive(pod, t, request)) continue;
      const stands = weight[request] as number;
      this.#books.tally(from).overflowedOut += stands;
      this.#books.tally(to).overflowedIn += stands;
      pods[request] = pod;
      delay[request] = (delay[request] as number) + (this.#hops[this.#distances?.[from]?.[to] ?? 0] as number);
      return true;
    }
    return false;
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
