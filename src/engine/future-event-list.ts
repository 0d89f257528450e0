/**
 * The scheduled events, totally ordered by (time, rank, insertion number): at one instant lower ranks go first, and of equal ranks the one scheduled first.
 * A binary heap on parallel arrays; rank and insertion number share one integer key.
 */
export class FutureEventList<E> {
  readonly #times: number[] = [];
  readonly #keys: number[] = [];
  readonly #events: E[] = [];
  #inserted = 0;

  get size(): number {
    return this.#times.length;
  }

  /** The time of the next event, Infinity where there is none. */
  get nextTime(): number {
    return this.#times[0] ?? Infinity;
  }

  /** The next event, undefined where there is none. */
  get first(): E | undefined {
    return this.#events[0];
  }

  /** `rank` is an integer from 0 to 15. */
  push(time: number, rank: number, event: E): void {
    const [times, keys, events] = [this.#times, this.#keys, this.#events];
    const key = rank * insertionLimit + this.#inserted++;
    let hole = times.length;
    times.push(time);
    keys.push(key);
    events.push(event);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const parentTime = times[parent] as number;
      if (parentTime < time || (parentTime === time && (keys[parent] as number) < key)) break;
      times[hole] = parentTime;
      keys[hole] = keys[parent] as number;
      events[hole] = events[parent] as E;
      hole = parent;
    }
    times[hole] = time;
    keys[hole] = key;
    events[hole] = event;
  }

  /** Takes the first event out; undefined where there is none. */
  pop(): E | undefined {
    const [times, keys, events] = [this.#times, this.#keys, this.#events];
    const first = events[0];
    const time = times.pop();
    const key = keys.pop() as number;
    const event = events.pop() as E;
    const size = times.length;
    if (time === undefined || size === 0) return first;
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      const right = child + 1;
      if (right < size && this.#before(right, child)) child = right;
      const childTime = times[child] as number;
      if (time < childTime || (time === childTime && key < (keys[child] as number))) break;
      times[hole] = childTime;
      keys[hole] = keys[child] as number;
      events[hole] = events[child] as E;
      hole = child;
    }
    times[hole] = time;
    keys[hole] = key;
    events[hole] = event;
    return first;
  }

  #before(a: number, b: number): boolean {
    const [ta, tb] = [this.#times[a] as number, this.#times[b] as number];
    return ta < tb || (ta === tb && (this.#keys[a] as number) < (this.#keys[b] as number));
  }
}

/** 2⁴⁸ insertions, 16 ranks: together below 2⁵³. */
const insertionLimit = 281_474_976_710_656;
