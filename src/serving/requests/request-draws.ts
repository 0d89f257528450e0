import type { Uniform } from '../../random/streams.ts';
import { exponential } from '../../random/variates.ts';

/** Requests that are drawn at a time. */
const batch = 256;

/**
 * What is drawn for first attempts: the n-th has the n-th number of each stream, whatever becomes of the others. Drawn in batches, each in a loop of its own:
 * that takes half the time.
 */
export class RequestDraws {
  readonly #streams: { readonly arrivals: Uniform; readonly places: Uniform; readonly service: Uniform };
  readonly #variate: (uniform: number) => number;
  readonly #gaps = new Float64Array(batch);
  readonly #places = new Float64Array(batch);
  readonly #service = new Float64Array(batch);
  #next = batch;

  constructor(
    streams: { readonly arrivals: Uniform; readonly places: Uniform; readonly service: Uniform },
    variate: (uniform: number) => number,
  ) {
    this.#streams = streams;
    this.#variate = variate;
    this.#fill();
  }

  /** The integrated rate from the attempt before to this one: exponential of mean 1. */
  get gap(): number {
    return this.#gaps[this.#next] as number;
  }
  /** Where it goes, uniform on [0, 1). */
  get place(): number {
    return this.#places[this.#next] as number;
  }
  /** Its service time relative to the mean. */
  get service(): number {
    return this.#service[this.#next] as number;
  }

  /** Goes on to the next attempt. */
  pass(): void {
    if (++this.#next === batch) this.#fill();
  }

  #fill(): void {
    const [{ arrivals, places, service }, variate] = [this.#streams, this.#variate];
    for (let i = 0; i < batch; i++) this.#gaps[i] = exponential(1, arrivals());
    for (let i = 0; i < batch; i++) this.#places[i] = places();
    for (let i = 0; i < batch; i++) this.#service[i] = variate(service());
    this.#next = 0;
  }
}
