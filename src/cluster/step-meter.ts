import type { Time } from '../base/units.ts';

/** Exact integral and maximum of a step function of time. A value that is replaced within its own instant counts for neither: functions are right-continuous. */
export class StepMeter {
  #value = 0;
  #since = 0;
  #integral = 0;
  #max = 0;

  get value(): number {
    return this.#value;
  }

  add(at: Time, delta: number): void {
    if (at > this.#since) this.#close(at);
    this.#value += delta;
  }

  /** ∫ value dt from 0 to `at`, value × µs. */
  integral(at: Time): number {
    return this.#integral + this.#value * (at - this.#since);
  }

  /** Largest value held for more than an instant before `at`. */
  max(at: Time): number {
    return at > this.#since && this.#value > this.#max ? this.#value : this.#max;
  }

  #close(at: Time): void {
    this.#integral += this.#value * (at - this.#since);
    if (this.#value > this.#max) this.#max = this.#value;
    this.#since = at;
  }
}
