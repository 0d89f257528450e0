import { z } from 'zod';
import { count, positiveSpan, share } from '../base/quantity.ts';
import type { Time } from '../base/units.ts';

/** How clients try again. Times in µs; `delay` is a whole number of `resolution`s. */
export const retrySchema = z.strictObject({
  tries: count(0, 1000).default(0).describe('most attempts beyond the first; 0: what fails is lost for good (off)'),
  probability: share()
    .prefault('100%')
    .describe('probability that an attempt which was refused, timed out or lost comes back (assumption)'),
  delay: positiveSpan().prefault('1s').describe('from a failed attempt to the next, a whole number of resolutions (assumption)'),
  resolution: positiveSpan()
    .refine((value) => value >= 100_000, { error: 'must be at least 100ms' })
    .prefault('1s')
    .describe('what fails within so much time comes back evenly over as much, one delay later (assumption)'),
});
export type RetrySpec = z.output<typeof retrySchema>;

/** What became of an app's attempts in one bucket, all zones. */
export interface BucketCounts {
  /** First attempts that arrived. */
  readonly offered: number;
  /** Attempts rejected, timed out or lost, by cause. */
  readonly unserved: readonly number[];
  /** Requests that wait at its end. */
  readonly backlog: number;
}

/** The books of one generation: first attempts (0), first retries (1) …, in attempts. */
export interface Generation {
  arrived: number;
  /** Rejected, timed out or lost: each has come back, will, or was given up. */
  failed: number;
  givenUp: number;
  /** Its attempts that were answered, and that are still to come. */
  readonly served: number;
  readonly pending: number;
}

/** What fails in a bucket of the clock comes back, perhaps. */
export interface RetryBooks {
  /** Retries per second in the bucket at work. */
  readonly perSecond: number;
  /** Whether no attempt beyond the first is there, or to come. */
  readonly idle: boolean;
  readonly generations: readonly Generation[];
  /** Requests lost for good, in the order of `causes`. */
  readonly unserved: readonly number[];
  /** The first end of a bucket after `t`, µs. */
  bucketEnd(t: number): Time;
  /** A bucket ends at `t`; the next one begins. Buckets in which nothing could fail may be left out: `counts` are those since the last call. */
  end(t: Time, counts: BucketCounts): void;
  /** The run ends at `t`, perhaps within a bucket. What was still to come in it stays pending. */
  close(t: Time, counts: BucketCounts): void;
}

/** The first end of a bucket of `resolution` after `t`, µs. */
export const nextBucket = (t: number, resolution: number): Time => ((Math.floor(t / resolution) + 1) * resolution) as Time;
