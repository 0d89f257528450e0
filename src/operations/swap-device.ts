import { type Time, time } from '../base/units.ts';

/**
 * One direction of a node's swap device: its bandwidth is shared equally by the pods that swap at the same time (processor sharing).
 * A transfer of b bytes among n takes n·b ÷ bandwidth while n lasts; its end is rounded up to a whole µs.
 */
export class SwapDevice {
  #bytesPerSecond: number;
  #transfers: { readonly pod: number; left: number }[] = [];
  #since = 0;
  /** µs in which something was swapping at the present bandwidth, up to `#since`; and the bytes moved at others before. */
  #busy = 0;
  #movedBefore = 0;
  /** Raised at every change, so that an announced end that no longer holds is void. */
  epoch = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Begins a transfer. */
  start(at: Time, pod: number, bytes: number): void {
    this.#progress(at);
    this.#transfers.push({ pod, left: bytes });
    this.epoch++;
  }

  /** Ends the transfers that are complete at `at` and returns their pods, in the order in which they began. */
  finish(at: Time): readonly number[] {
    this.#progress(at);
    const finished = this.#transfers.filter(isOver).map((transfer) => transfer.pod);
    this.#transfers = this.#transfers.filter((transfer) => !isOver(transfer));
    this.epoch++;
    return finished;
  }

  /** The bandwidth changes. */
  setBandwidth(at: Time, bytesPerSecond: number): void {
    this.#progress(at);
    this.#movedBefore += (this.#busy * this.#bytesPerSecond) / 1e6;
    this.#busy = 0;
    this.#bytesPerSecond = bytesPerSecond;
    this.epoch++;
  }

  /** Its node is lost, and every transfer with it. */
  clear(at: Time): void {
    this.#progress(at);
    this.#transfers = [];
    this.epoch++;
  }

  /** When the first transfer ends if none begins before; undefined when idle. */
  nextEnd(): Time | undefined {
    if (this.#transfers.length === 0) return undefined;
    const least = Math.min(...this.#transfers.map((transfer) => transfer.left));
    return time(
      this.#since + Math.max(0, Math.ceil(Number(((least * this.#transfers.length * 1e6) / this.#bytesPerSecond).toPrecision(14)))),
    );
  }

  /** Bytes moved up to `at`: the bandwidth, for as long as something was swapping. */
  moved(at: Time): number {
    return this.#movedBefore + ((this.#busy + (this.#transfers.length > 0 ? at - this.#since : 0)) * this.#bytesPerSecond) / 1e6;
  }

  #progress(at: Time): void {
    if (this.#transfers.length > 0) this.#busy += at - this.#since;
    const each = ((at - this.#since) * this.#bytesPerSecond) / 1e6 / Math.max(1, this.#transfers.length);
    for (const transfer of this.#transfers) transfer.left -= each;
    this.#since = at;
  }
}

/** Less than a byte is rounding. */
const isOver = ({ left }: { readonly left: number }): boolean => left < 1;
