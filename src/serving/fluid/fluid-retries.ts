import type { Time } from '../../base/units.ts';
import { type BucketCounts, type Generation, nextBucket, type RetryBooks, type RetrySpec } from '../retries.ts';

/** A smaller part of the attempts present is rounding: it does not come back. */
const rounding = 1e-9;

/**
 * Retries of one app’s fluid. Attempts that failed within a bucket of the clock come back with some probability, evenly over the bucket one delay later, as the
 * next generation; those of the last generation, and those that do not come back, are lost for good. All attempts present in a bucket, waiting at its
 * beginning or arrived in it, share what happens in it alike: each generation has the same part of the failures, of the answers and of the backlog left.
 */
export class FluidRetries implements RetryBooks {
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
