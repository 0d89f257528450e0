import { type Appointment, type Clock, ranks } from './clock.ts';
import { dividedBy, type Fraction, isLess, least, minus, roundedUp, times, whole } from './fraction.ts';

interface Transfer<T> {
  readonly of: T;
  left: Fraction;
}

const million = whole(1e6);

/**
 * Transfers that share a bandwidth equally, in exact numbers: each keeps what it has left, and all are brought up to date whenever anything changes.
 * The first to be over is looked for anew then, at the next whole µs; whoever has less than a byte left at that moment is over too.
 */
export class Sharing<T> {
  readonly #clock: Clock;
  readonly #over: (finished: readonly T[]) => void;
  readonly #most: Fraction | undefined;
  #bandwidth: Fraction;
  #transfers: Transfer<T>[] = [];
  #since = 0;
  #end: Appointment | undefined;

  /** Bytes/s of all together, and the most that one gets; `over` is told who is. */
  constructor(clock: Clock, bandwidth: Fraction, over: (finished: readonly T[]) => void, most?: Fraction) {
    this.#clock = clock;
    this.#bandwidth = bandwidth;
    this.#over = over;
    this.#most = most;
  }

  begin(of: T, bytes: number): void {
    this.#goOn();
    this.#transfers.push({ of, left: whole(bytes) });
    this.#lookForEnd();
  }

  giveUp(isLost: (of: T) => boolean): void {
    this.#goOn();
    this.#transfers = this.#transfers.filter(({ of }) => !isLost(of));
    this.#lookForEnd();
  }

  setBandwidth(bandwidth: Fraction): void {
    this.#goOn();
    this.#bandwidth = bandwidth;
    this.#lookForEnd();
  }

  get #isAnnounced(): boolean {
    return this.#end !== undefined;
  }

  /** Bytes/s of each. */
  get #rate(): Fraction {
    const share = dividedBy(this.#bandwidth, whole(this.#transfers.length));
    return this.#most === undefined ? share : least(share, this.#most);
  }

  #goOn(): void {
    const passed = dividedBy(whole(this.#clock.now - this.#since), million);
    this.#since = this.#clock.now;
    if (this.#transfers.length === 0) return;
    const moved = times(this.#rate, passed);
    for (const transfer of this.#transfers) transfer.left = minus(transfer.left, moved);
  }

  #lookForEnd(): void {
    this.#clock.callOff(this.#end);
    this.#end = undefined;
    const [first] = this.#transfers;
    if (first === undefined) return;
    const left = this.#transfers.reduce((fewest, transfer) => least(fewest, transfer.left), first.left);
    const microseconds = roundedUp(dividedBy(times(left, million), this.#rate));
    this.#end = this.#clock.at(this.#clock.now + microseconds, ranks.over, () => {
      this.#goOn();
      const finished = this.#transfers.filter((transfer) => isLess(transfer.left, whole(1)));
      this.#transfers = this.#transfers.filter((transfer) => !finished.includes(transfer));
      this.#end = undefined;
      this.#over(finished.map(({ of }) => of));
      if (!this.#isAnnounced) this.#lookForEnd(); // unless another has begun meanwhile
    });
  }
}
