import { type Time, time } from '../base/units.ts';

/**
 * What a worker and its supervisor share while the worker is too busy to answer messages: a wish to stop, how far the run is, and since when (both in
 * simulated time) a strategy has been deciding. One writer per field.
 */
export class Heartbeat {
  readonly buffer: SharedArrayBuffer;
  /** [stop, number of calls into the strategy begun and ended: odd while one lasts]. */
  readonly #flags: Int32Array;
  /** [when the strategy was asked last, how far the run is]. */
  readonly #times: Float64Array;

  constructor(buffer = new SharedArrayBuffer(24)) {
    this.buffer = buffer;
    this.#flags = new Int32Array(buffer, 0, 2);
    this.#times = new Float64Array(buffer, 8, 2);
  }

  /** The supervisor asks the run to end soon. */
  stop(): void {
    Atomics.store(this.#flags, 0, 1);
  }

  get stopped(): boolean {
    return Atomics.load(this.#flags, 0) === 1;
  }

  /** The worker calls the strategy at `now`. */
  deciding(now: Time): void {
    this.#times[0] = now;
    if (!this.#busy) Atomics.add(this.#flags, 1, 1);
  }

  /** The strategy has returned. */
  decided(): void {
    if (this.#busy) Atomics.add(this.#flags, 1, 1);
  }

  /** The call that the strategy has not returned from: its number, and the simulated time it was asked at. */
  get decision(): { readonly number: number; readonly at: Time } | undefined {
    return this.#busy ? { number: Atomics.load(this.#flags, 1), at: time(this.#times[0] ?? 0) } : undefined;
  }

  /** The worker's run has come to this moment: 0 before it begins. */
  set reached(now: Time) {
    this.#times[1] = now;
  }

  get reached(): Time {
    return time(this.#times[1] ?? 0);
  }

  get #busy(): boolean {
    return (Atomics.load(this.#flags, 1) & 1) === 1;
  }
}
