import { z } from 'zod';
import { exp } from '../base/elementary.ts';
import { percentage, share, span } from '../base/quantity.ts';
import { type Duration, duration } from '../base/units.ts';
import type { Uniform } from '../random/streams.ts';
import { normalQuantile } from '../random/variates.ts';
import { scale, shift } from './algebra.ts';
import type { Curve } from './curve.ts';
import { type GivenShift, signedShift } from './signed-shift.ts';

/** How a curve differs from another in level and timing: by a fixed part, and one drawn once per replication. */
export interface Deviation {
  readonly level: { readonly factor: number; readonly sigma: number };
  /** Later where `by` is positive. */
  readonly timing: { readonly by: Duration; readonly sigma: Duration };
}

/** Fields of a deviation, each with what it means to whom it belongs. */
export const deviationFields = (says: { readonly factor: string; readonly later: string; readonly earlier: string }) => ({
  level: z
    .strictObject({
      factor: percentage()
        .refine((value) => value > 0 && value <= 1000, { error: 'must be greater than 0% and at most 100000%' })
        .prefault('100%')
        .describe(`${says.factor} (off)`),
      sigma: share().prefault('0%').describe('standard deviation of the logarithm of the factor, drawn once per replication (off)'),
    })
    .prefault({}),
  timing: z
    .strictObject({
      later: span().optional().describe(says.later),
      earlier: span().optional().describe(says.earlier),
      sigma: span().prefault('0s').describe('standard deviation of a further normal shift, drawn once per replication (off)'),
    })
    .transform((raw, context) => ({ by: isShifted(raw) ? signedShift(raw, context) : duration(0), sigma: raw.sigma }))
    .prefault({}),
});

const isShifted = ({ later, earlier }: GivenShift): boolean => later !== undefined || earlier !== undefined;

/**
 * The curve at another level (log-normal about `factor`) and time (normal about `by`), drawn from `uniform` in this order, whether they are wanted or not.
 * Shifted in from outside the horizon is the rate at that end.
 */
export function deviate(curve: Curve, { level, timing }: Deviation, uniform: Uniform): Curve {
  const by = level.factor * exp(level.sigma * normalQuantile(uniform()));
  const late = duration(timing.by + Math.round(timing.sigma * normalQuantile(uniform())));
  const levelled = by === 1 ? curve : scale(curve, by);
  return late === 0 ? levelled : shift(levelled, late);
}
