import { quantileSorted } from 'd3-array';
import { type Duration, time, type Time } from '../base/units.ts';
import type { Measured } from './strategy.ts';

/** Tells from what was measured of one app what it will get. */
export interface Predictor {
  see(measured: Measured): void;
  /** Highest rate, requests/s, from `from` until just before `to`; undefined as long as too little was seen. */
  max(from: Time, to: Time): number | undefined;
}

/** Means of what was measured, in steps of equal length from the start on; a step in which nothing was measured has what the one before it had. */
class Steps {
  readonly length: Duration;
  readonly #sums: number[] = [];
  readonly #counts: number[] = [];

  constructor(length: Duration) {
    this.length = length;
  }

  see({ from, to, offeredPerSecond }: Measured): void {
    const index = Math.floor((from + to) / 2 / this.length);
    this.#sums[index] = (this.#sums[index] ?? 0) + offeredPerSecond;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
  }

  /** Steps that are over: the last one may still get more. */
  get whole(): number {
    return Math.max(0, this.#sums.length - 1);
  }

  at(index: number): number {
    for (let i = index; i >= 0; i--) if (this.#counts[i] !== undefined) return (this.#sums[i] as number) / (this.#counts[i] as number);
    return 0;
  }
}

/** The highest of the same stretch in any season that was seen (Crane's "max of the same time in past periods"). */
export function seasonalMax(season: Duration, step: Duration): Predictor {
  const steps = new Steps(step);
  const perSeason = Math.round(season / step);
  return {
    see: (measured) => {
      steps.see(measured);
    },
    max: (from, to) => {
      const [first, last] = [Math.floor(from / step), Math.max(Math.floor(from / step), Math.ceil(to / step) - 1)];
      let most: number | undefined;
      for (let i = first; i <= last; i++)
        for (let past = i - perSeason; past >= 0; past -= perSeason) if (past < steps.whole) most = Math.max(most ?? 0, steps.at(past));
      return most;
    },
  };
}

/** Weights of the newest value in level, trend and season, 0 … 1. */
export interface Smoothing {
  readonly level: number;
  readonly trend: number;
  readonly season: number;
}

/**
 * Additive Holt–Winters (Winters, Management Science 6, 1960; Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., §8.3): with season length m
 *
 *     ℓ(t) = α(y(t) − s(t−m)) + (1 − α)(ℓ(t−1) + b(t−1)),  b(t) = β(ℓ(t) − ℓ(t−1)) + (1 − β)b(t−1),  s(t) = γ(y(t) − ℓ(t−1) − b(t−1)) + (1 − γ)s(t−m)
 *
 * and ŷ(t+h) = ℓ(t) + h·b(t) + s(t+h−m⌈h/m⌉), at least 0. It begins after one season: its mean, no trend, deviations from the mean.
 */
export function holtWinters(season: Duration, step: Duration, { level: alpha, trend: beta, season: gamma }: Smoothing): Predictor {
  const steps = new Steps(step);
  const m = Math.round(season / step);
  const seasonal: number[] = [];
  let [level, trend, done] = [0, 0, 0];
  const advance = (): void => {
    if (done === 0 && steps.whole >= m) {
      const first = Array.from({ length: m }, (_, i) => steps.at(i));
      level = first.reduce((sum, value) => sum + value, 0) / m;
      seasonal.push(...first.map((value) => value - level));
      done = m;
    }
    for (; done > 0 && done < steps.whole; done++) {
      const [y, before, s] = [steps.at(done), level + trend, seasonal[done % m] as number];
      const next = alpha * (y - s) + (1 - alpha) * before;
      trend = beta * (next - level) + (1 - beta) * trend;
      seasonal[done % m] = gamma * (y - before) + (1 - gamma) * s;
      level = next;
    }
  };
  return {
    see: (measured) => {
      steps.see(measured);
      advance();
    },
    max: (from, to) => {
      if (done === 0) return undefined;
      const [first, last] = [Math.floor(from / step), Math.max(Math.floor(from / step), Math.ceil(to / step) - 1)];
      let most = 0;
      for (let i = first; i <= last; i++) most = Math.max(most, level + (i - done + 1) * trend + (seasonal[i % m] as number));
      return most;
    },
  };
}

/** Fewer errors tell nothing about their tail. */
const fewestErrors = 20;
/** Most errors that are remembered, the newest. */
const mostErrors = 240;

/** How much more comes than was said: what is predicted times the margin is enough in a share of the cases that were seen. */
export class Margin {
  readonly #share: number;
  readonly #said: { readonly at: Time; readonly perSecond: number }[] = [];
  #ratios: number[] = [];

  constructor(share: number) {
    this.#share = share;
  }

  /** `perSecond` was predicted for `at`. */
  say(at: Time, perSecond: number): void {
    this.#said.push({ at, perSecond });
  }

  see({ from, to, offeredPerSecond }: Measured): void {
    while (this.#said[0] !== undefined && this.#said[0].at < from) this.#said.shift();
    const said = this.#said[0];
    if (said === undefined || said.at >= to || said.perSecond <= 0) return;
    this.#ratios = [...this.#ratios.slice(1 - mostErrors), offeredPerSecond / said.perSecond];
  }

  /** At least 1: what is predicted is never cut. */
  get factor(): number {
    if (this.#ratios.length < fewestErrors) return 1;
    return Math.max(1, quantileSorted([...this.#ratios].sort((a, b) => a - b), this.#share) ?? 1); // prettier-ignore
  }
}

/** The highest of the wishes of the last `hold`, the newest among them. */
export class Hold {
  readonly #hold: Duration;
  #wishes: { readonly at: Time; readonly pods: number }[] = [];

  constructor(hold: Duration) {
    this.#hold = hold;
  }

  wish(now: Time, pods: number): number {
    // Only what later wishes do not exceed can still be the highest.
    this.#wishes = [...this.#wishes.filter((each) => each.at >= now - this.#hold && each.pods > pods), { at: time(now), pods }];
    return Math.max(...this.#wishes.map((each) => each.pods));
  }
}
