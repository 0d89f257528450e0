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

/** A smaller part of the attempts present is rounding: it does not come back. */
const rounding = 1e-9;

/**
 * Retries of one app. Attempts that failed within a bucket of the clock come back with some probability, evenly over the bucket one delay later, as the
 * next generation; those of the last generation, and those that do not come back, are lost for good. All attempts present in a bucket, waiting at its
 * beginning or arrived in it, share what happens in it alike: each generation has the same part of the failures, of the answers and of the backlog left.
 */
export class Retries implements RetryBooks {
  readonly #spec: RetrySpec;
  /** Number of the bucket at work, and the attempts that come in it, in later buckets, and that wait in the backlog: by generation. */
  #bucket = 0;
  #coming: number[];
  readonly #later = new Map<number, number[]>();
  #waiting: number[];
  readonly #books: { arrived: number; failed: number; givenUp: number }[];
  readonly unserved = [0, 0, 0, 0];

  constructor(spec: RetrySpec) {
    this.#spec = spec;
    this.#coming = this.#none();
    this.#waiting = this.#none();
    this.#books = this.#coming.map(() => ({ arrived: 0, failed: 0, givenUp: 0 }));
  }

  get perSecond(): number {
    return (sum(this.#coming) * 1e6) / this.#spec.resolution;
  }

  get idle(): boolean {
    return this.#later.size === 0 && sum(this.#coming) === 0 && sum(this.#waiting.slice(1)) === 0;
  }

  get generations(): readonly Generation[] {
    return this.#books.map((book, g) => {
      let pending = this.#coming[g] as number;
      for (const coming of this.#later.values()) pending += coming[g] as number;
      return { ...book, served: Math.max(0, book.arrived - book.failed - (this.#waiting[g] as number)), pending };
    });
  }

  bucketEnd(t: number): Time {
    return nextBucket(t, this.#spec.resolution);
  }

  end(t: Time, counts: BucketCounts): void {
    this.#bucket = t / this.#spec.resolution - 1;
    this.#judge(counts, 1);
    this.#bucket++;
    this.#coming = this.#later.get(this.#bucket) ?? this.#none();
    this.#later.delete(this.#bucket);
  }

  close(t: Time, counts: BucketCounts): void {
    const { resolution } = this.#spec;
    const part = t / resolution - Math.floor(t / resolution);
    this.#bucket = Math.floor(t / resolution);
    this.#judge(counts, part);
    this.#coming = this.#coming.map((attempts) => attempts * (1 - part));
  }

  #judge({ offered, unserved, backlog }: BucketCounts, part: number): void {
    const { probability, tries, delay, resolution } = this.#spec;
    const present = this.#coming.map((attempts, g) => {
      const arrived = g === 0 ? offered : attempts * part;
      (this.#books[g] as Generation).arrived += arrived;
      return (this.#waiting[g] as number) + arrived;
    });
    const all = sum(present);
    const failures = sum(unserved);
    if (!(all > 0)) return;
    const returning = failures > rounding * all ? probability : 0;
    const back = this.#none();
    let lost = 0;
    present.forEach((attempts, g) => {
      this.#waiting[g] = (attempts / all) * backlog;
      const failed = (attempts / all) * failures;
      const retried = g < tries ? returning * failed : 0;
      if (g < tries) back[g + 1] = retried;
      const book = this.#books[g] as Generation;
      book.failed += failed;
      book.givenUp += failed - retried;
      lost += failed - retried;
    });
    if (failures > 0) unserved.forEach((amount, k) => ((this.unserved[k] as number) += (amount * lost) / failures));
    if (sum(back) > 0) this.#later.set(this.#bucket + delay / resolution, back);
  }

  /** No attempts of any generation. */
  #none(): number[] {
    return new Array<number>(this.#spec.tries + 1).fill(0);
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
