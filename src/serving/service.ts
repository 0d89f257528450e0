import { InvariantError } from '../base/assert.ts';
import type { Duration, Time } from '../base/units.ts';
import type { Interval } from './interval-union.ts';
import type { ServingMode } from './mode.ts';
import { Overflow } from './overflow.ts';
import { Quiet } from './quiet.ts';
import { ResponseGrid } from './response-grid.ts';
import { apart, type CrossRouting, crossRouting, takesItsOwn, type ZoneSums } from './routing.ts';
import { Station } from './station.ts';
import type { StationOptions } from './station-options.ts';
import type { Tally, TrafficCounts } from './tally.ts';

export interface ServiceOptions {
  readonly zones: number;
  /** Routing shares of the zones, ≥ 0, not all 0; equal if left out. */
  readonly weights?: readonly number[];
  /** Mean CPU time of one request, µs. */
  readonly serviceTime: Duration;
  /** Coefficient of variation of the service time. */
  readonly cv: number;
  /** Time off CPU of one request, µs. */
  readonly wait: Duration;
  /** Longest time in the backlog, µs. */
  readonly timeout: Duration;
  /** Response objective (p99), µs. */
  readonly objective: Duration;
  readonly runningMillicores: number;
  readonly keepAliveMillicores: number;
  /** CPU that a running pod uses without traffic. */
  readonly idleMillicores: number;
  /** CPU of the sidecar per request served, µs. */
  readonly sidecar: Duration;
  /** CPU of each of the two sidecars per request forwarded, µs. */
  readonly relay: Duration;
  /** Added response time of a request that was forwarded or overflowed, µs: within an IDC, to another one, to another city. */
  readonly hops: readonly [Duration, Duration, Duration];
  /** Which of the hops it takes from zone to zone; the first if left out. */
  readonly distances?: readonly (readonly number[])[];
  /** Whether what the limiters of a zone refuse goes once to zones with room. */
  readonly overflow?: boolean;
}

/**
 * An app's service: one station per zone under one offered rate. Capacity of a pod = factor × (CPU limit − idle) ÷ (service time +
 * sidecar + relay × what its sidecar relays, in or out, per request it gets); only running pods idle. Calls come in the order of time;
 * several changes at one instant are one: routing, bounds and what is timed out because of them follow from the modes at its end.
 */
export class Service {
  readonly #options: StationOptions;
  readonly #stations: readonly Station[];
  readonly #sums: readonly ZoneSums[];
  readonly #apart: CrossRouting;
  readonly #shares: readonly number[];
  readonly #distances: readonly (readonly number[])[];
  readonly #overflow: Overflow | undefined;
  /** The last change of the model, the last moment integrated to, and the rate. */
  #changed = 0;
  #reached = 0;
  #rateSet = 0;
  #rate = 0;
  #slope = 0;
  #retried = 0;
  /** What is new at `#changed`: the rate, the pods, by zone. */
  #rateIsNew = true;
  #podsAreNew = true;
  readonly #newPods: boolean[];
  #coupled = true;
  /** How the stations count while nothing waits; made in the second segment since the pods changed, when they are all at rest. */
  #quiet: Quiet | undefined;
  /** Whether it counts, not the stations, and up to which moment of the segment that began at `#since`. */
  #isQuiet = false;
  /** Whether a station's own books may have anything in them since the last cut. */
  #stationsCount = false;
  /** The moment of the last cut, if nothing happened since. */
  #cutAt = -1;
  #since = 0;
  #counted = 0;

  constructor(options: ServiceOptions) {
    const { zones, weights = Array.from({ length: zones }, () => 1) } = options;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (weights.length !== zones || !(total > 0))
      throw new InvariantError(`routing shares of ${String(zones)} zones: ${weights.join(', ')}`);
    this.#shares = weights.map((weight) => weight / total);
    const seconds = (t: Duration): number => t / 1e6;
    const demand = seconds(options.serviceTime) + seconds(options.sidecar);
    const running = Math.max(0, options.runningMillicores - options.idleMillicores) / 1000;
    const keepAlive = options.keepAliveMillicores / 1000;
    const kernel = (limit: number, cores: number) => ({ servers: Math.max(1, Math.floor(limit / 1000)), capacity: cores / demand });
    const grid = new ResponseGrid({
      wait: seconds(options.wait),
      hops: options.hops.map(seconds),
      timeout: seconds(options.timeout),
      objective: seconds(options.objective),
      cv: options.cv,
      serviceTime: seconds(options.serviceTime),
      kernels: [kernel(options.runningMillicores, running), kernel(options.keepAliveMillicores, keepAlive)],
    });
    this.#options = {
      timeout: seconds(options.timeout),
      demand,
      relay: seconds(options.relay),
      running,
      idle: options.idleMillicores / 1000,
      keepAlive,
      grid,
    };
    this.#stations = Array.from({ length: zones }, () => new Station(this.#options));
    this.#apart = apart(zones);
    this.#sums = this.#stations.map(({ sums }) => sums);
    this.#distances = options.distances ?? weights.map(() => weights.map(() => 0));
    this.#overflow = options.overflow ? new Overflow(this.#stations, this.#distances) : undefined;
    this.#newPods = Array.from({ length: zones }, () => true);
  }

  /** Attempts/s are `perSecond` + `slopePerSecond`·(t − at) from `at` on, until the next call; `retriedPerSecond` of them are retries, all the time. */
  setRate(at: Time, perSecond: number, slopePerSecond: number, retriedPerSecond = 0): void {
    if (!(perSecond >= retriedPerSecond && retriedPerSecond >= 0))
      throw new InvariantError(`a rate of ${String(perSecond)}/s, of which ${String(retriedPerSecond)}/s are retries`);
    this.#turn(at);
    this.#integrate(at);
    this.#rateIsNew = true;
    this.#rateSet = at;
    this.#rate = perSecond;
    this.#slope = slopePerSecond;
    this.#retried = retriedPerSecond;
  }

  /**
   * One pod of `zone` changes its mode; undefined = is not there. Its share of its class's backlog goes along (`moves`, the default when
   * `to` is given), is lost with the pod and counted so, cause fault (`lost`, the default when it leaves), or stays with the rest of its
   * class (`stays`; lost if it was the last one).
   */
  change(
    at: Time,
    zone: number,
    from: ServingMode | undefined,
    to: ServingMode | undefined,
    backlog: 'moves' | 'lost' | 'stays' = to ? 'moves' : 'lost',
  ): void {
    this.#turn(at);
    this.#wake(at);
    this.#cutAt = -1;
    const station = this.#station(zone);
    if (this.#overflow) this.#overflow.integrate(at);
    else station.integrate(at);
    station.change(from, to, backlog === 'moves' && !to ? 'lost' : backlog);
    this.#newPods[zone] = this.#podsAreNew = true;
  }

  /** Integrates up to `to`; does nothing if that has been done. */
  advance(to: Time): void {
    this.#mustNotPass(to);
    if (to > this.#changed) this.#settle();
    this.#integrate(to);
  }

  /** Shows `read` what happened in each zone since the last cut; it must not keep it. Cuts change no result: sums over any cuts agree. */
  cut(at: Time, read: (tally: Tally, zone: number) => void): void {
    this.advance(at);
    if (this.#cutAt === at) return; // nothing has happened since
    this.#cutAt = at;
    this.#quiet?.settle();
    for (let zone = 0; zone < this.#stations.length; zone++) this.#station(zone).cut(zone, read);
    this.#stationsCount = !this.#isQuiet;
  }

  /** Puts into `counts` what has happened in all zones since the last cut, up to the last moment advanced to. */
  count(counts: TrafficCounts): void {
    counts.seconds = counts.offered = counts.retried = counts.admitted = counts.within = counts.withdrawn = counts.usedCoreSeconds = 0;
    for (let zone = 0; this.#stationsCount && zone < this.#stations.length; zone++) {
      const { tally } = this.#station(zone).books;
      counts.seconds += tally.seconds;
      counts.offered += tally.offered;
      counts.retried += tally.retried;
      counts.admitted += tally.admitted;
      counts.within += tally.within;
      counts.withdrawn += tally.withdrawn;
      counts.usedCoreSeconds += tally.usedCoreSeconds;
    }
    this.#quiet?.addTo(counts);
  }

  /** The last moment that a call spoke of, µs. */
  get reached(): number {
    return this.#reached;
  }

  /** The first moment from now on, µs, at which requests may wait or be refused, or at which that has to be asked again; Infinity if nothing will change. */
  restlessFrom(): number {
    this.#settle();
    if (this.#isQuiet) {
      const toLimit = (this.#quiet as Quiet).limit - this.#rateAt(this.#reached);
      return this.#slope > 0 ? this.#reached + (1e6 * Math.max(0, toLimit)) / this.#slope : Infinity;
    }
    return Math.min(...this.#stations.map((station) => station.restlessFrom));
  }

  /** Requests that wait in a zone, at the last moment advanced to. */
  backlog(zone: number): number {
    return this.#station(zone).backlog;
  }

  /** Requests/s that traffic can use in a zone: the capacity of pods that get traffic and serve all of it, at the last moment that the zone was integrated to. */
  capacityPerSecond(zone: number): number {
    this.#settle();
    return this.#station(zone).capacityPerSecond;
  }

  /** Stretches of the clock, µs, in which the zone had a deficit so far. */
  exposureIntervals(zone: number): readonly Interval[] {
    return this.#station(zone).exposure;
  }

  #integrate(to: number): void {
    if (this.#isQuiet) {
      if (to === this.#counted) return;
      const quiet = this.#quiet as Quiet;
      const [from, until] = [this.#rateAt(this.#counted), this.#rateAt(to)];
      if (Math.max(from, until) <= quiet.limit) {
        quiet.count(from, until, (to - this.#counted) / 1e6, this.#retried);
        this.#counted = to;
        return;
      }
      this.#hand();
    }
    if (this.#overflow) this.#overflow.integrate(to);
    else for (const station of this.#stations) station.integrate(to);
  }

  /** The stations count for themselves from `at` on, up to which all is counted. */
  #wake(at: Time): void {
    if (!this.#isQuiet) return;
    this.#integrate(at);
    this.#hand();
  }

  /** Hands over to the stations what has been counted for them, and the segment from there on. */
  #hand(): void {
    if (!this.#isQuiet) return;
    this.#stationsCount = true;
    this.#quiet?.settle();
    this.#isQuiet = false;
    const rate = this.#rateAt(this.#since);
    for (const station of this.#stations) station.resume(this.#since, this.#counted, rate, this.#slope, this.#retried);
  }

  #rateAt(t: number): number {
    return this.#rate + (this.#slope * (t - this.#rateSet)) / 1e6;
  }

  #station(zone: number): Station {
    const station = this.#stations[zone];
    if (station === undefined) throw new InvariantError(`there is no zone ${String(zone)}`);
    return station;
  }

  /** Time goes on to `at`: what changed at the last instant is settled first. */
  #turn(at: Time): void {
    this.#mustNotPass(at);
    if (at === this.#changed) return;
    this.#settle();
    this.#changed = at;
  }

  #mustNotPass(t: Time): void {
    if (t < this.#reached) throw new InvariantError(`serving is asked to go back to ${String(t)} µs from ${String(this.#reached)} µs`);
    this.#reached = t;
  }

  /** Routes and forms what changed at the last instant. */
  #settle(): void {
    if (!this.#rateIsNew && !this.#podsAreNew) return;
    const t = (this.#since = this.#counted = this.#changed);
    const rate = this.#rateAt(t);
    if (this.#podsAreNew) this.#route(t);
    else if (this.#quiet === undefined && this.#atRest) this.#quiet = new Quiet(this.#stations, this.#options);
    const quiet = this.#quiet !== undefined && rate <= this.#quiet.limit && (this.#isQuiet || this.#atRest);
    if (!quiet) {
      this.#stationsCount = true;
      if (this.#isQuiet) this.#quiet?.settle();
      this.#stations.forEach((station, zone) => {
        // Zones that may take from each other begin every segment together.
        if (this.#newPods[zone] === true || this.#rateIsNew || this.#overflow) station.form(t, rate, this.#slope, this.#retried);
      });
    }
    this.#isQuiet = quiet;
    if (this.#podsAreNew) this.#newPods.fill(false);
    this.#rateIsNew = this.#podsAreNew = false;
  }

  /** Shares out the arrivals anew where pods changed at `t`. Zones that forward to each other change together. */
  #route(t: number): void {
    this.#quiet = undefined;
    const cross = this.#sums.every(takesItsOwn) ? this.#apart : crossRouting(this.#sums, this.#shares, this.#distances);
    const together = cross.coupled || this.#coupled;
    this.#coupled = cross.coupled;
    this.#stations.forEach((station, zone) => {
      if (this.#newPods[zone] !== true && !together) return;
      if (!this.#overflow) station.integrate(t);
      station.route(this.#shares[zone] as number, cross, zone);
      this.#newPods[zone] = true;
    });
    if (together) this.#lodge(cross);
  }

  get #atRest(): boolean {
    return this.#stations.every(({ atRest }) => atRest);
  }

  /** Zones that take in what others have no pods for lack what those lack, each its part. */
  #lodge({ homeless, crossIn }: CrossRouting): void {
    const all = homeless.reduce((sum, share) => sum + share, 0);
    const missing = [0, 0, 0];
    this.#stations.forEach((station, zone) => {
      if ((homeless[zone] as number) > 0)
        station.missing.forEach((amount, cause) => (missing[cause] = (missing[cause] as number) + amount));
    });
    this.#stations.forEach((station, zone) => {
      const part = all > 0 ? (crossIn[zone] as readonly number[]).reduce((sum, share) => sum + share, 0) / all : 0;
      station.lodge(missing.map((amount) => amount * part));
    });
  }
}
