import type { Time } from '../base/units.ts';
import type { BucketCounts } from '../serving/retries.ts';
import type { Service } from '../serving/service.ts';
import { addTally, clearTally, emptyTally, noCounts, sumOf, type Tally, type TrafficCounts } from '../serving/tally.ts';

/** Objective of an app: the share of attempts, retries among them, that must be served within the response objective, which the service knows. */
interface Objective {
  readonly success: number;
}

/** p99 within the objective means this share of the admitted attempts. */
const p99 = 0.99;

/**
 * All readers of one app's traffic: the row of the results, the platform's metrics window, the ten-second window of the objective and the bucket of its
 * retries each take what happened since they last looked. Tallies are additive, so that no reader changes what another reads.
 */
export class LoadMeter {
  readonly service: Service;
  readonly #objective: Objective;
  readonly #zones: number;
  /** Per zone: before the last row, in it, and since. */
  readonly #past: readonly Tally[];
  #lastRow: readonly Tally[];
  #row: readonly Tally[];
  #window = emptyTally();
  /** Whether the metrics window is collected. */
  #watched = true;
  /** Of the window of the objective: what had been cut in it, what had happened before it but was not cut yet, and what has happened since the last cut. */
  readonly #slo = noCounts();
  readonly #before = noCounts();
  readonly #uncut = noCounts();
  /** First attempts, and unserved ones by cause, since the last bucket. */
  #bucketOffered = 0;
  #bucketUnserved = [0, 0, 0, 0];
  readonly #read: (tally: Tally, zone: number) => void;
  /** Σ lengths of the ten-second windows that violated the objective, s. */
  violationSeconds = 0;
  /** Largest mean CPU use of a ten-second window, cores. */
  usedCoresMax = 0;
  /** ∫ |forecast − offered| by ten-second windows, requests. */
  forecastError = 0;

  constructor(service: Service, zones: number, objective: Objective) {
    this.service = service;
    this.#objective = objective;
    this.#zones = zones;
    [this.#past, this.#lastRow, this.#row] = [eachOf(zones), eachOf(zones), eachOf(zones)];
    this.#read = (tally, zone) => {
      addTally(this.#row[zone] as Tally, tally);
      if (this.#watched) addTally(this.#window, tally);
      this.#bucketOffered += tally.offered;
      for (let k = 0; k < 4; k++) this.#bucketUnserved[k] = (this.#bucketUnserved[k] as number) + (tally.unserved[k] as number);
    };
  }

  /** What happened since the last row, per zone: to be read before the next one is taken. */
  takeRow(at: Time): readonly Tally[] {
    this.#collect(at);
    this.#lastRow.forEach((tally, zone) => {
      addTally(this.#past[zone] as Tally, tally);
      clearTally(tally);
    });
    [this.#lastRow, this.#row] = [this.#row, this.#lastRow];
    return this.#lastRow;
  }

  /** What happened since the last metrics window, all zones. The next one is collected in `next`, a tally that nobody needs any more. */
  takeWindow(at: Time, next = emptyTally()): Tally {
    this.#collect(at);
    const window = this.#window;
    clearTally(next);
    this.#window = next;
    this.#watched = true;
    return window;
  }

  /** Nobody will be shown the present metrics window: it need not be collected until the next one begins. */
  leaveWindow(): void {
    this.#watched = false;
  }

  /** What happened since the last bucket, all zones, and the backlog it leaves. */
  takeBucket(at: Time): BucketCounts {
    this.#collect(at);
    const counts = { offered: this.#bucketOffered, unserved: this.#bucketUnserved, backlog: this.backlog };
    [this.#bucketOffered, this.#bucketUnserved] = [0, [0, 0, 0, 0]];
    return counts;
  }

  /** Ends a ten-second window in which `forecast` requests were expected and pods that started used `starting` core-seconds; returns whether it violated the objective, and the CPU used. */
  endSloWindow(at: Time, forecast: number, starting = 0): { readonly violated: boolean; readonly usedCores: number } {
    this.service.advance(at);
    this.#countSlo();
    copyCounts(this.#before, this.#uncut);
    const slo = this.#slo;
    const { offered, judged, admitted, within, withdrawn, seconds, usedCoreSeconds } = slo;
    const usedCores = seconds > 0 ? (usedCoreSeconds + starting) / (seconds / this.#zones) : 0;
    const violated = judged > 0 && (within - withdrawn < this.#objective.success * judged || within < p99 * admitted);
    if (violated) this.violationSeconds += seconds / this.#zones;
    if (usedCores > this.usedCoresMax) this.usedCoresMax = usedCores;
    // What differs by rounding does not differ, wherever the tallies were cut.
    const error = Math.abs(forecast - offered);
    if (error > 1e-9 * offered) this.forecastError += error;
    copyCounts(slo, nothing);
    return { violated, usedCores };
  }

  /** Requests that wait, in all zones, at the last moment advanced to. */
  get backlog(): number {
    let sum = 0;
    for (let zone = 0; zone < this.#zones; zone++) sum += this.service.backlog(zone);
    return sum;
  }

  /** Per zone since time zero, at the end of the run. */
  total(at: Time): readonly Tally[] {
    this.#collect(at);
    return this.#past.map((_, zone) => sumOf([this.#past, this.#lastRow, this.#row].map((tallies) => tallies[zone] as Tally)));
  }

  /** All zones since time zero. */
  sum(at: Time): Tally {
    return sumOf(this.total(at));
  }

  /** Adds to the window of the objective what has happened since it was last looked at. */
  #countSlo(): void {
    const [slo, before, now] = [this.#slo, this.#before, this.#uncut];
    this.service.count(now);
    slo.seconds += now.seconds - before.seconds;
    slo.offered += now.offered - before.offered;
    slo.retried += now.retried - before.retried;
    slo.judged += now.judged - before.judged;
    slo.admitted += now.admitted - before.admitted;
    slo.within += now.within - before.within;
    slo.withdrawn += now.withdrawn - before.withdrawn;
    slo.usedCoreSeconds += now.usedCoreSeconds - before.usedCoreSeconds;
  }

  #collect(at: Time): void {
    this.service.advance(at);
    this.#countSlo();
    copyCounts(this.#before, nothing);
    this.service.cut(at, this.#read);
  }
}

const eachOf = (zones: number): readonly Tally[] => Array.from({ length: zones }, emptyTally);

const nothing = noCounts();

function copyCounts(to: TrafficCounts, from: TrafficCounts): void {
  to.seconds = from.seconds;
  to.offered = from.offered;
  to.retried = from.retried;
  to.judged = from.judged;
  to.admitted = from.admitted;
  to.within = from.within;
  to.withdrawn = from.withdrawn;
  to.usedCoreSeconds = from.usedCoreSeconds;
}

/** Ten seconds: the window of the objective. */
export const sloWindowSeconds = 10;
