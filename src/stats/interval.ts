import { assert } from '../base/assert.ts';
import { studentQuantile } from './student.ts';
import { mean, sampleDeviation } from './summary.ts';

/** A mean and how far the truth may be from it. */
export interface Interval {
  readonly mean: number;
  /** Of the two-sided confidence interval; undefined for fewer than two values, 0 where all are equal. */
  readonly halfWidth: number | undefined;
  readonly count: number;
}

/** The level used throughout. */
export const confidenceLevel = 0.95;

/** Mean ± t(1 − (1 − level)/2; n − 1) · s ÷ √n (Law, Simulation Modeling and Analysis, 5th ed., eq. 4.12): exact for independent normal values. At least one value. */
export function confidenceInterval(values: readonly number[], level = confidenceLevel): Interval {
  const deviation = sampleDeviation(values);
  const count = values.length;
  const halfWidth = deviation === undefined ? undefined : (studentQuantile((1 + level) / 2, count - 1) * deviation) / Math.sqrt(count);
  return { mean: mean(values), halfWidth, count };
}

/** Interval of the mean of a[i] − b[i]: pairs share their random numbers, so what they have in common cancels (Law, §10.2.1). Equally many values, at least one. */
export function pairedDifference(a: readonly number[], b: readonly number[], level = confidenceLevel): Interval {
  assert(a.length === b.length, `pairs of ${String(a.length)} and ${String(b.length)} values`);
  return confidenceInterval(
    a.map((value, index) => value - (b[index] as number)),
    level,
  );
}
