import { Streams } from '../random/streams.ts';

/** What a case is drawn from. */
export interface Draw {
  /** On [low, high). */
  readonly number: (low: number, high: number) => number;
  /** A whole number from `low` to `high`. */
  readonly whole: (low: number, high: number) => number;
  readonly pick: <T>(...of: readonly [T, ...T[]]) => T;
  /** With probability `p`. */
  readonly chance: (p: number) => boolean;
}

/** The stream `verify/<name>` of the seed, as a source of cases. */
export function drawFrom(seed: number, name: string): Draw {
  const uniform = new Streams(seed).stream(`verify/${name}`);
  const number = (low: number, high: number): number => low + (high - low) * uniform();
  const whole = (low: number, high: number): number => Math.floor(number(low, high + 1));
  return { number, whole, pick: (...of) => of[whole(0, of.length - 1)] as (typeof of)[0], chance: (p) => uniform() < p };
}
