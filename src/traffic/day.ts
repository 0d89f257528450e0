import { type Duration, duration } from '../base/units.ts';
import type { Point } from './curve.ts';

/** A day in µs. */
export const dayLength = duration(86_400e6);

/** A level that holds from `from` (since local midnight) until the next one. */
export interface Level {
  readonly from: Duration;
  readonly rate: number;
}

/**
 * The points of a day of `levels`, repeated from day `first` to day `last`, in µs since midnight of day 0. Neighbouring levels are joined by a straight line over `join`,
 * centred on the moment of the change, which leaves the mean of the day as it is without joins. `join` is at most the shortest level.
 */
export function dailyPoints(levels: readonly Level[], join: Duration, first: number, last: number): readonly Point[] {
  const lead = Math.floor(join / 2);
  const points: Point[] = [];
  for (let day = first; day <= last; day++) {
    levels.forEach(({ from, rate }, i) => {
      const at = day * dayLength + from;
      points.push({ at: at - lead, rate: (levels.at(i - 1) as Level).rate }, { at: at - lead + join, rate });
    });
  }
  return points;
}

/** Time mean of the levels over a day. */
export function meanLevel(levels: readonly Level[]): number {
  const area = levels.reduce(
    (sofar, { from, rate }, i) => sofar + rate * ((levels[i + 1]?.from ?? dayLength + (levels[0] as Level).from) - from),
    0,
  );
  return area / dayLength;
}

const hours = (count: number): Duration => duration(count * 3600e6);

/** `day-base`: deep night half of the day's level, evening a little above it (domain facts: the step rates of 2018 and 2019). */
export const dayBaseLevels: readonly Level[] = [
  { from: hours(0), rate: 1 },
  { from: hours(2), rate: 0.55 },
  { from: hours(7), rate: 1.05 },
  { from: hours(20), rate: 1.2 },
];

/** How long a level takes to become the next one unless the scenario says otherwise. */
export const defaultJoin = duration(600e6);
