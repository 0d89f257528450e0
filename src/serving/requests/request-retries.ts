import type { Time } from '../../base/units.ts';
import { FutureEventList } from '../../engine/future-event-list.ts';
import type { Uniform } from '../../random/streams.ts';
import { type Generation, nextBucket, type RetryBooks, type RetrySpec } from '../retries.ts';

/** What comes back: which attempt it will be, and of how many requests. */
interface Returning {
  readonly generation: number;
  readonly weight: number;
}

/**
 * Retries of single requests: an attempt that failed comes back with some probability at a moment drawn evenly from its bucket of the clock, one delay later;
 * those of the last generation, and those that do not come back, are lost for good. What comes back is {@link ready}, and pays for the attempts that are then
 * simulated: with a sample, one that failed at a pod stands for as many requests as its pod, and may come back to a pod that stands for more, or fewer.
 */
export class RequestRetries implements RetryBooks {
  readonly idle = false;
  readonly unserved = [0, 0, 0, 0];
  readonly generations: readonly Open<Generation>[];
  /** Given up and not explained yet. */
  #unexplained = 0;
  readonly #spec: RetrySpec;
  readonly #uniform: Uniform;
  /** What failed since time went on last: pods tell it one after the other. */
  readonly #failures: Failure[] = [];
  readonly #returning = new FutureEventList<Returning>();
  /** Requests that have come back and that no attempt stands for yet, by generation. */
  readonly #ready: number[];
  /** Weight of what comes back, by bucket; the bucket at work. */
  readonly #due = new Map<number, number>();
  #bucket = 0;

  constructor(spec: RetrySpec, uniform: Uniform) {
    this.#spec = spec;
    this.#uniform = uniform;
    this.generations = Array.from({ length: spec.tries + 1 }, () => ({ arrived: 0, failed: 0, givenUp: 0, served: 0, pending: 0 }));
    this.#ready = this.generations.map(() => 0);
  }

  get perSecond(): number {
    return ((this.#due.get(this.#bucket) ?? 0) * 1e6) / this.#spec.resolution;
  }

  /** When the next attempt comes back, s. */
  get nextTime(): number {
    return this.#returning.nextTime;
  }

  bucketEnd(t: number): Time {
    return nextBucket(t, this.#spec.resolution);
  }

  end(t: Time): void {
    this.#due.delete(this.#bucket);
    this.#bucket = t / this.#spec.resolution;
  }

  close(): void {
    // What is to come stays pending.
  }

  /** What comes back at {@link nextTime} is ready; returns its generation. */
  take(): number {
    const { generation, weight } = this.#returning.pop() as Returning;
    this.#ready[generation] = this.ready(generation) + weight;
    return generation;
  }

  /** Requests of the generation that have come back, and still wait for an attempt that stands for them. */
  ready(generation: number): number {
    return this.#ready[generation] as number;
  }

  arrived(generation: number, weight: number): void {
    const books = this.#books(generation);
    books.arrived += weight;
    if (generation === 0) return;
    this.#ready[generation] = this.ready(generation) - weight;
    books.pending -= weight;
  }

  served(generation: number, weight: number): void {
    this.#books(generation).served += weight;
  }

  /** An attempt failed at `t`, s. `cause`: its number, where it is known; else {@link explain} will say. */
  failed(t: number, generation: number, weight: number, cause?: number): void {
    this.#failures.push({ t, generation, weight, cause });
  }

  /** Time has gone on, to the end of its bucket at most: what failed is drawn for in the order of time, whoever told it. */
  pass(): void {
    if (this.#failures.length === 0) return;
    this.#failures.sort((a, b) => a.t - b.t || a.generation - b.generation || a.weight - b.weight);
    for (const failure of this.#failures) this.#decide(failure);
    this.#failures.length = 0;
  }

  #decide({ t, generation, weight, cause }: Failure): void {
    const { tries, probability, delay, resolution } = this.#spec;
    const books = this.#books(generation);
    books.failed += weight;
    if (generation === tries || this.#uniform() >= probability) {
      books.givenUp += weight;
      if (cause === undefined) this.#unexplained += weight;
      else this.unserved[cause] = (this.unserved[cause] as number) + weight;
      return;
    }
    // What fails at the very instant at which a bucket ends counts in it.
    const from = Math.max(0, Math.ceil(Math.round(t * 1e6) / resolution) - 1) * resolution + delay;
    const bucket = from / resolution;
    this.#due.set(bucket, (this.#due.get(bucket) ?? 0) + weight);
    this.#returning.push((from + this.#uniform() * resolution) / 1e6, 0, { generation: generation + 1, weight });
    this.#books(generation + 1).pending += weight;
  }

  /** The causes of what has been given up since the last call are in these proportions. */
  explain(proportions: readonly number[]): void {
    if (this.#unexplained === 0) return;
    for (let k = 0; k < 4; k++) this.unserved[k] = (this.unserved[k] as number) + this.#unexplained * (proportions[k] as number);
    this.#unexplained = 0;
  }

  #books(generation: number): Open<Generation> {
    return this.generations[generation] as Open<Generation>;
  }
}

interface Failure extends Returning {
  readonly t: number;
  readonly cause: number | undefined;
}

type Open<T> = { -readonly [K in keyof T]: T[K] };
