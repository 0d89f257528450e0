import { type Duration, type Time, time } from '../base/units.ts';
import { forecastOf } from './sizing.ts';
import type { AppView, View } from './strategy.ts';

/** Steps of a plan. */
export interface Grid {
  readonly from: Time;
  /** Of a step, µs; the last one ends with the horizon. */
  readonly step: Duration;
  readonly steps: number;
}

/** Steps of `step` from `from` to `to`. */
export const gridOf = (from: Time, to: Time, step: Duration): Grid => ({ from, step, steps: Math.max(1, Math.ceil((to - from) / step)) });

/** Moments of a step at which the forecast is looked at. */
const samples = 6;

/** What an app would lose with so many pods, step by step. */
export class Losses {
  readonly #rates: Float64Array;
  readonly #capacity: number;
  readonly #utilisation: number;
  /** Price of a request/s that is lost for the time of a sample. */
  readonly #price: number;

  /** `utilisation`: share of the CPU limits that counts as capacity. */
  constructor(view: View, app: AppView, { from, step, steps }: Grid, utilisation: number) {
    const forecast = forecastOf(app);
    this.#rates = Float64Array.from({ length: steps * samples }, (_, i) => {
      const at = Math.round(from + (step * (i + 0.5)) / samples);
      return at < view.horizon ? forecast.at(time(at)) : 0;
    });
    this.#utilisation = utilisation;
    // Pods stand evenly in the zones, and the busiest zone is short first.
    this.#capacity = (app.limitMillicores * 1000 * utilisation) / app.requestCpu / app.imbalance;
    this.#price = ((step / samples / 1e6) * view.prices.unservedPer1000) / 1000;
  }

  /** Price of the requests of a step that so many pods have no capacity for. */
  of(step: number, pods: number): number {
    const capacity = pods * this.#capacity;
    let lost = 0;
    for (let i = step * samples; i < (step + 1) * samples; i++) lost += Math.max(0, (this.#rates[i] as number) - capacity);
    return lost * this.#price;
  }

  /** Pods for all of a step. */
  all(step: number): number {
    return Math.ceil(this.#most(step) / this.#capacity - 1e-9);
  }

  /** Pods that must stay where others are to go: those that carry, at full use of their CPU, the load of a step and the one before it. */
  stay(step: number): number {
    const most = Math.max(this.#most(step), step === 0 ? 0 : this.#most(step - 1));
    return Math.ceil((most * this.#utilisation) / this.#capacity - 1e-9);
  }

  /** Highest rate of a step. */
  #most(step: number): number {
    let most = 0;
    for (let i = step * samples; i < (step + 1) * samples; i++) most = Math.max(most, this.#rates[i] as number);
    return most;
  }
}
