import { type Time, time } from '../base/units.ts';
import { FutureEventList } from '../engine/future-event-list.ts';

interface Transfer {
  readonly id: number;
  /** How many began before it. */
  readonly order: number;
}

/**
 * A bandwidth that the transfers under way share equally (processor sharing), each at no more than `each`: a node's swap device, the registry.
 * Among n a transfer gets min(each, bandwidth ÷ n). All get the same, so one that begins now and has b bytes is over when what each gets has grown by b:
 * a transfer that begins or ends costs the logarithm of their number. An end is rounded up to a whole µs.
 */
export class ProcessorSharing {
  #bytesPerSecond: number;
  readonly #each: number;
  /** Transfers under way by id, of which there is one at a time. */
  readonly #underWay = new Map<number, Transfer>();
  /** All of them, and cancelled ones, by the level at which they are over. */
  readonly #ends = new FutureEventList<Transfer>();
  /** Bytes that each has got since the device was idle, up to `#since`. */
  #level = 0;
  #since = 0;
  /** µs that the whole present bandwidth took for what has been moved up to `#since`; and the bytes moved at others before. */
  #busy = 0;
  #movedBefore = 0;
  #begun = 0;
  /** Raised at every change, so that an announced end that no longer holds is void. */
  epoch = 0;

  /** Bytes/s of all transfers together, and of one alone. */
  constructor(bytesPerSecond: number, each = Infinity) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#each = each;
  }

  /** Begins a transfer for `id`. */
  start(at: Time, id: number, bytes: number): void {
    this.#progress(at);
    const transfer = { id, order: this.#begun++ };
    this.#underWay.set(id, transfer);
    this.#ends.push(this.#level + bytes, 0, transfer);
    this.epoch++;
  }

  /** Ends the transfers that are complete at `at` and returns their ids, in the order in which they began. */
  finish(at: Time): readonly number[] {
    this.#progress(at);
    const finished: Transfer[] = [];
    // Less than a byte is rounding.
    while (this.#nextLevel - this.#level < 1) {
      const transfer = this.#ends.pop() as Transfer;
      this.#underWay.delete(transfer.id);
      finished.push(transfer);
    }
    this.epoch++;
    return finished.sort((a, b) => a.order - b.order).map(({ id }) => id);
  }

  /** The bandwidth of all changes. */
  setBandwidth(at: Time, bytesPerSecond: number): void {
    this.#progress(at);
    this.#movedBefore += (this.#busy * this.#bytesPerSecond) / 1e6;
    this.#busy = 0;
    this.#bytesPerSecond = bytesPerSecond;
    this.epoch++;
  }

  /** The transfer for `id` is given up, if there is one. */
  cancel(at: Time, id: number): void {
    this.#progress(at);
    this.#underWay.delete(id);
    this.epoch++;
  }

  /** Every transfer is given up. */
  clear(at: Time): void {
    this.#progress(at);
    this.#underWay.clear();
    this.epoch++;
  }

  /** When the first transfer ends if none begins before; undefined when idle, or beyond any time that the clock can hold. */
  nextEnd(): Time | undefined {
    if (this.#underWay.size === 0) return undefined;
    const microseconds = ((this.#nextLevel - this.#level) * 1e6) / this.#rate;
    const end = this.#since + Math.max(0, Math.ceil(Number(microseconds.toPrecision(14))));
    return end <= Number.MAX_SAFE_INTEGER ? time(end) : undefined;
  }

  /** Bytes moved up to `at`. */
  moved(at: Time): number {
    return this.#movedBefore + ((this.#busy + (at - this.#since) * this.#load) * this.#bytesPerSecond) / 1e6;
  }

  /** The level at which the first transfer is over; Infinity when idle. */
  get #nextLevel(): number {
    for (let next = this.#ends.first; next !== undefined && this.#underWay.get(next.id) !== next; next = this.#ends.first) this.#ends.pop();
    return this.#ends.nextTime;
  }

  /** Bytes/s that each transfer gets. */
  get #rate(): number {
    return Math.min(this.#each, this.#bytesPerSecond / this.#underWay.size);
  }

  /** Share of the bandwidth in use. */
  get #load(): number {
    return this.#underWay.size === 0 ? 0 : Math.min(1, (this.#underWay.size * this.#each) / this.#bytesPerSecond);
  }

  #progress(at: Time): void {
    const passed = at - this.#since;
    this.#since = at;
    this.#busy += passed * this.#load;
    // What each has got since it was idle is counted anew when it is: so the sum stays small, and its rounding with it.
    if (this.#nextLevel === Infinity) this.#level = 0;
    else this.#level += (passed * this.#rate) / 1e6;
  }
}
