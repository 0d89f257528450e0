import { z } from 'zod';
import { exp } from '../base/elementary.ts';
import { percentage, share, span } from '../base/quantity.ts';
import { duration } from '../base/units.ts';
import type { Uniform } from '../random/streams.ts';
import { normalQuantile } from '../random/variates.ts';
import { scale, shift, timesSteps } from './algebra.ts';
import type { Curve } from './curve.ts';
import { noiseSteps, slowNoiseSchema } from './noise.ts';
import { type GivenShift, signedShift } from './signed-shift.ts';

const factor = () =>
  percentage()
    .refine((value) => value > 0 && value <= 1000, { error: 'must be greater than 0% and at most 100000%' })
    .prefault('100%')
    .describe('forecast ÷ curve in the median: 80% is a forecast that is a fifth too low');

const level = z.strictObject({
  factor: factor(),
  sigma: share().prefault('0%').describe('standard deviation of the logarithm of the factor, drawn once per replication'),
});

const timing = z
  .strictObject({
    later: span().optional().describe('the forecast expects everything this much later than it comes'),
    earlier: span().optional().describe('the forecast expects everything this much earlier than it comes'),
    sigma: span().prefault('0s').describe('standard deviation of a further normal shift, drawn once per replication'),
  })
  .transform((raw, context) => ({ by: isShifted(raw) ? signedShift(raw, context) : duration(0), sigma: raw.sigma }));

const isShifted = ({ later, earlier }: GivenShift): boolean => later !== undefined || earlier !== undefined;

/** How a forecast errs: in level, timing and shape. Without any of them it is the curve itself. */
export const forecastSchema = z.strictObject({
  level: level.prefault({}),
  timing: timing.prefault({}),
  shape: slowNoiseSchema.prefault({}).describe('a factor of mean 1 that wanders slowly'),
});
export type ForecastSpec = z.output<typeof forecastSchema>;

/**
 * What a planner knows beforehand of a curve (without its noise): the curve with errors of level (log-normal about `factor`), timing (normal about `by`) and shape, drawn from `uniform`
 * in this order, whether they are wanted or not. Shifted in from outside the horizon is the rate at that end.
 */
export function forecast(curve: Curve, { level, timing, shape }: ForecastSpec, uniform: Uniform): Curve {
  const by = level.factor * exp(level.sigma * normalQuantile(uniform()));
  const late = duration(timing.by + Math.round(timing.sigma * normalQuantile(uniform())));
  const levelled = by === 1 ? curve : scale(curve, by);
  const shifted = late === 0 ? levelled : shift(levelled, late);
  return shape.sigma === 0 ? shifted : timesSteps(shifted, noiseSteps(shape, curve.end, uniform));
}
