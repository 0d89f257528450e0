import { z } from 'zod';
import { plainNumber, positiveSpan } from '../base/quantity.ts';
import type { TraceOptions } from './trace.ts';

/** A trace as a scenario gives it: where it is, and how to read it. */
export interface GivenTrace extends TraceOptions {
  readonly kind: 'trace';
}

/** Schema of recorded traffic. What belongs to one format only is a mistake beside the other. */
export const traceSchema = z
  .strictObject({
    file: z.string().describe('CSV with a header, or the JSON that Prometheus answers to query_range; a path relative to the scenario'),
    format: z.enum(['csv', 'prometheus']).optional().describe('by default told from the name: prometheus for .json, else csv'),
    time: z
      .string()
      .optional()
      .describe('CSV: column of the times, by default timestamp: plain numbers, or YYYY-MM-DD HH:MM[:SS], with or without Z or an offset'),
    timeUnit: z.enum(['s', 'ms']).optional().describe('CSV: what plain numbers in the column of times count, by default seconds'),
    value: z.string().optional().describe('CSV: column of the values, by default value; each holds until the next row'),
    series: z
      .record(z.string(), z.union([z.string(), z.number()]).transform(String))
      .optional()
      .describe('Prometheus: labels of the one series to read, where there are several'),
    unit: z.enum(['per-step', 'per-second']).describe('per-step: requests between two rows; per-second: a rate'),
    scale: plainNumber(0, 1e9).default(1).describe('factor of every value (as recorded)'),
    from: z
      .union([z.string(), z.number()])
      .transform(String)
      .optional()
      .describe(
        'what in the file is the start of the scenario: first-row (the default, but to be said where the file begins within a month of the start); clock, the same date and time; or a time as the file writes them',
      ),
    resample: positiveSpan()
      .optional()
      .describe('rates become means over windows of this length, counted from the start; by default each row stays a step'),
    gaps: z
      .enum(['refuse', 'zero', 'hold'])
      .default('refuse')
      .describe(
        'whole steps that are missing: an error; without traffic; or at the rate before them (a choice of fenshi: nothing is filled in unasked)',
      ),
  })
  .transform((given, context): GivenTrace => {
    const format = given.format ?? (/\.json$/i.test(given.file) ? 'prometheus' : 'csv');
    const foreign = format === 'csv' ? (['series'] as const) : (['time', 'timeUnit', 'value'] as const);
    for (const key of foreign)
      if (given[key] !== undefined)
        context.addIssue({
          code: 'custom',
          path: [key],
          message: `does not belong to ${format === 'csv' ? 'a CSV' : 'an answer of Prometheus'}`,
        });
    const { time = 'timestamp', value = 'value', series = {}, ...rest } = given;
    if (format === 'csv' && time === value)
      context.addIssue({
        code: 'custom',
        path: [given.value === undefined ? 'time' : 'value'],
        message: 'times and values cannot be in one column',
      });
    return { ...rest, kind: 'trace', format, time, value, series };
  });
