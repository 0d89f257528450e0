import { InvariantError } from '../../base/assert.ts';
import type { Time } from '../../base/units.ts';
import type { Interval } from '../interval-union.ts';
import type { ServingMode } from '../mode.ts';
import { Overflow } from './overflow.ts';
import { Quiet } from './quiet.ts';
import { apart, type CrossRouting, crossRouting, takesItsOwn, type ZoneSums } from './routing.ts';
import { FluidRetries } from './fluid-retries.ts';
import type { Service, ServiceOptions } from '../service.ts';
import { Station } from './station.ts';
import { type StationOptions, stationOptions } from './station-options.ts';
import { clearCounts, type Tally, type TrafficCounts } from '../tally.ts';

/** A service whose requests flow: one station per zone. Of several changes at one instant routing, bounds and what is timed out because of them follow from the modes at its end. */
export class FluidService implements Service {
  readonly retries: FluidRetries | undefined;
  readonly census = undefined;
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
    this.#options = stationOptions(options);
    this.#stations = Array.from({ length: zones }, () => new Station(this.#options));
    this.#apart = apart(zones);
    this.#sums = this.#stations.map(({ sums }) => sums);
    this.#distances = options.distances ?? weights.map(() => weights.map(() => 0));
    this.#overflow = options.overflow ? new Overflow(this.#stations, this.#distances) : undefined;
    this.#newPods = Array.from({ length: zones }, () => true);
    this.retries = options.retry && options.retry.tries > 0 ? new FluidRetries(options.retry) : undefined;
  }

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

  change(at: Time, zone: number, from: ServingMode | undefined, to: ServingMode | undefined, backlog: 'moves' | 'lost' = 'moves'): void {
    this.#turn(at);
    this.#wake(at);
    this.#cutAt = -1;
    const station = this.#station(zone);
    if (this.#overflow) this.#overflow.integrate(at);
    else station.integrate(at);
    station.change(from, to, to ? backlog : 'lost');
    this.#newPods[zone] = this.#podsAreNew = true;
  }

  advance(to: Time): void {
    this.#mustNotPass(to);
    if (to > this.#changed) this.#settle();
    this.#integrate(to);
  }

  close(at: Time): void {
    this.advance(at);
  }

  cut(at: Time, read: (tally: Tally, zone: number) => void): void {
    this.advance(at);
    if (this.#cutAt === at) return; // nothing has happened since
    this.#cutAt = at;
    this.#quiet?.settle();
    for (let zone = 0; zone < this.#stations.length; zone++) this.#station(zone).cut(zone, read);
    this.#stationsCount = !this.#isQuiet;
  }

  count(counts: TrafficCounts): void {
    clearCounts(counts);
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
    counts.judged = counts.offered + counts.retried;
  }

  get reached(): number {
    return this.#reached;
  }

  restlessFrom(): number {
    this.#settle();
    if (this.#isQuiet) {
      const toLimit = (this.#quiet as Quiet).limit - this.#rateAt(this.#reached);
      return this.#slope > 0 ? this.#reached + (1e6 * Math.max(0, toLimit)) / this.#slope : Infinity;
    }
    return Math.min(...this.#stations.map((station) => station.restlessFrom));
  }

  backlog(zone: number): number {
    return this.#station(zone).backlog;
  }

  /** Requests/s that traffic can use in a zone: the capacity of pods that get traffic and serve all of it, at the last moment that the zone was integrated to. */
  capacityPerSecond(zone: number): number {
    this.#settle();
    return this.#station(zone).capacityPerSecond;
  }

  exposureIntervals(zone: number): readonly Interval[] {
    return this.#station(zone).exposure;
  }

  /** Its zones, with their traffic divided between the classes as their pods are now. */
  routed(): readonly Station[] {
    this.#settle();
    return this.#stations;
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
