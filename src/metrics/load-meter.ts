import type { Time } from '../base/units.ts';
import type { BucketCounts } from '../serving/retries.ts';
import type { Service } from '../serving/service.ts';
import { addCounts, addTally, attemptsOf, emptyTally, type Tally } from '../serving/tally.ts';

/** Objective of an app: the share of attempts, retries among them, that must be served within the response objective, which the service knows. */
interface Objective {
  readonly success: number;
}

/** p99 within the objective means this share of the admitted attempts. */
const p99 = 0.99;

/**
 * All readers of one app's traffic: the run's total, the row of the results, the platform's metrics window, the ten-second window of the objective and the
 * bucket of its retries each take what happened since they last looked. Tallies are additive, so that no reader changes what another reads.
 */
export class LoadMeter {
  readonly service: Service;
  readonly #objective: Objective;
  /** Per zone, since time zero. */
  readonly total: Tally[];
  #row: Tally[];
  #window = emptyTally();
  #slo = emptyTally();
  #bucket = emptyTally();
  /** Σ lengths of the ten-second windows that violated the objective, s. */
  violationSeconds = 0;
  /** Largest mean CPU use of a ten-second window, cores. */
  usedCoresMax = 0;
  /** ∫ |forecast − offered| by ten-second windows, requests. */
  forecastError = 0;

  constructor(service: Service, zones: number, objective: Objective) {
    this.service = service;
    this.#objective = objective;
    this.total = Array.from({ length: zones }, emptyTally);
    this.#row = Array.from({ length: zones }, emptyTally);
  }

  /** What happened since the last row, per zone. */
  takeRow(at: Time): readonly Tally[] {
    this.#collect(at);
    const row = this.#row;
    this.#row = row.map(emptyTally);
    return row;
  }

  /** What happened since the last metrics window, all zones. */
  takeWindow(at: Time): Tally {
    this.#collect(at);
    const window = this.#window;
    this.#window = emptyTally();
    return window;
  }

  /** What happened since the last bucket, all zones, and the backlog it leaves. */
  takeBucket(at: Time): BucketCounts {
    this.#collect(at);
    const { offered, unserved } = this.#bucket;
    this.#bucket = emptyTally();
    return { offered, unserved, backlog: this.total.reduce((sum, _, zone) => sum + this.service.backlog(zone), 0) };
  }

  /** Ends a ten-second window in which `forecast` requests were expected and pods that started used `starting` core-seconds; returns whether it violated the objective, and the CPU used. */
  endSloWindow(at: Time, forecast: number, starting = 0): { readonly violated: boolean; readonly usedCores: number } {
    this.#collect(at);
    const { offered, admitted, within, withdrawn, seconds, usedCoreSeconds } = this.#slo;
    const usedCores = seconds > 0 ? (usedCoreSeconds + starting) / (seconds / this.total.length) : 0;
    const attempts = attemptsOf(this.#slo);
    const violated = attempts > 0 && (within - withdrawn < this.#objective.success * attempts || within < p99 * admitted);
    if (violated) this.violationSeconds += seconds / this.total.length;
    if (usedCores > this.usedCoresMax) this.usedCoresMax = usedCores;
    // What differs by rounding does not differ, wherever the tallies were cut.
    const error = Math.abs(forecast - offered);
    if (error > 1e-9 * offered) this.forecastError += error;
    this.#slo = emptyTally();
    return { violated, usedCores };
  }

  /** All zones since time zero. */
  sum(at: Time): Tally {
    this.#collect(at);
    const sum = emptyTally();
    for (const tally of this.total) addTally(sum, tally);
    return sum;
  }

  #collect(at: Time): void {
    this.service.cut(at).forEach((tally, zone) => {
      addTally(this.total[zone] as Tally, tally);
      addTally(this.#row[zone] as Tally, tally);
      addTally(this.#window, tally);
      addTally(this.#slo, tally);
      addCounts(this.#bucket, tally);
    });
  }
}

/** Ten seconds: the window of the objective. */
export const sloWindowSeconds = 10;
