import { z } from 'zod';
import { log } from '../base/elementary.ts';
import { positiveSpan, span } from '../base/quantity.ts';
import { type Duration, duration } from '../base/units.ts';
import { lognormal, normalQuantile } from './variates.ts';

/** How long something takes: always the median (`sigma` 0), or log-normal about it, cut off at `max` where there is one. */
export interface DurationLaw {
  readonly median: Duration;
  /** Standard deviation of the logarithm. */
  readonly sigma: number;
  readonly max?: Duration | undefined;
}

export const constantLaw = (value: Duration): DurationLaw => ({ median: value, sigma: 0 });

const quantiles = { p95: 0.95, p99: 0.99, 'p99.9': 0.999 } as const;

/** `2.5s`, or `{ median: 2s, p99.9: 8s, max: 30s }`: σ = ln(quantile ÷ median) ÷ z (design: start-up, push and status delays). */
export const durationLaw = () =>
  z.union([
    span().transform((value): DurationLaw => constantLaw(value)),
    z
      .strictObject({
        median: positiveSpan(),
        p95: positiveSpan().optional(),
        p99: positiveSpan().optional(),
        'p99.9': positiveSpan().optional(),
        max: positiveSpan().optional(),
      })
      .transform((raw, context): DurationLaw => {
        const given = (Object.keys(quantiles) as (keyof typeof quantiles)[]).filter((name) => raw[name] !== undefined);
        const name = given[0];
        if (given.length !== 1 || name === undefined) {
          context.addIssue({ code: 'custom', message: 'beside the median give one of p95, p99 and p99.9' });
          return z.NEVER;
        }
        const upper = raw[name] ?? raw.median;
        if (upper < raw.median) context.addIssue({ code: 'custom', path: [name], message: 'is less than the median' });
        if (raw.max !== undefined && raw.max < upper) context.addIssue({ code: 'custom', path: ['max'], message: `is less than ${name}` });
        return {
          median: raw.median,
          sigma: log(upper / raw.median) / normalQuantile(quantiles[name]),
          ...(raw.max === undefined ? {} : { max: raw.max }),
        };
      }),
  ]);

/** One duration by inversion of `u`, in whole µs; never above `max`, nor above {@link longest}. */
export function draw(law: DurationLaw, u: number): Duration {
  return duration(Math.min(Math.round(lognormal(law.median, law.sigma, u)), law.max ?? longest));
}

/** 10¹⁵ µs, about 30 years, as for durations that are written: a wide law's far tail stays an integer that the clock can hold. */
const longest = 1e15;
