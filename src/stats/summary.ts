import { deviation, fsum } from 'd3-array';
import { assert } from '../base/assert.ts';

/** Arithmetic mean, summed exactly. The values must be finite and at least one. */
export function mean(values: readonly number[]): number {
  requireFinite(values);
  assert(values.length > 0, 'the mean of no values');
  return fsum(values) / values.length;
}

/** Sample standard deviation (divisor n − 1); undefined for fewer than two values. The values must be finite. */
export function sampleDeviation(values: readonly number[]): number | undefined {
  requireFinite(values);
  return deviation(values);
}

/** d3-array skips NaN, which would shrink a sample silently. */
function requireFinite(values: readonly number[]): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  assert(bad < 0, `value ${String(bad)} of a sample is ${String(values[bad])}`);
}
