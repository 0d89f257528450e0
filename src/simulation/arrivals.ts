import { defined } from '../base/assert.ts';
import { type Time, time } from '../base/units.ts';
import type { LoadMeter } from '../metrics/load-meter.ts';
import type { RetryBooks } from '../serving/retries.ts';
import type { Demand } from './demand.ts';
import type { SimEvent } from './events.ts';

/** What arrives at the services: each app's curve, bend by bend, and the retries of what failed. */
export class Arrivals {
  readonly #demands: readonly Demand[];
  readonly #meters: readonly LoadMeter[];
  readonly #end: Time;
  readonly #schedule: (at: Time, event: SimEvent) => void;
  /** Per app; undefined where nothing is tried again. */
  readonly retries: readonly (RetryBooks | undefined)[];
  /** When the app's bucket is looked at next. */
  readonly #due: number[];
  /** Apps that something happened to since the last {@link settle}. */
  readonly #touched = new Set<number>();

  constructor(demands: readonly Demand[], meters: readonly LoadMeter[], end: Time, schedule: (at: Time, event: SimEvent) => void) {
    this.#demands = demands;
    this.#meters = meters;
    this.#end = end;
    this.#schedule = schedule;
    this.retries = meters.map(({ service }) => service.retries);
    this.#due = meters.map(() => Infinity);
  }

  /** The app's rate from now on; returns when its curve bends next, Infinity if it does not before the end. Retries make an event of it. */
  bend(app: number, now: Time): number {
    this.#setRate(app, now);
    const next = this.#demand(app).truth.nextBend(now);
    if (next >= this.#end) return Infinity;
    if (this.retries[app]) this.#schedule(time(next), { kind: 'bend', app });
    return next;
  }

  /** Something happened to the app's pods or rate: requests may fail from now on. */
  touch(app: number): void {
    if (this.retries[app]) this.#touched.add(app);
  }

  /** Sees to it that the bucket in which requests of a touched app may first fail is looked at when it ends: until then there is nothing to try again. */
  settle(): void {
    for (const app of this.#touched) this.#watch(app);
    this.#touched.clear();
  }

  /** The end of a bucket that is looked at. */
  endBucket(app: number, now: Time): void {
    const retries = defined(this.retries[app], 'retries');
    if (this.#due[app] !== now) return; // an earlier bucket had to be looked at, and took this one over
    this.#due[app] = Infinity;
    const before = retries.perSecond;
    retries.end(now, this.#meter(app).takeBucket(now));
    if (retries.perSecond !== before) this.#setRate(app, now);
    this.#watch(app);
  }

  /** The run ends. */
  close(now: Time): void {
    this.retries.forEach((retries, app) => retries?.close(now, this.#meter(app).takeBucket(now)));
  }

  #setRate(app: number, now: Time): void {
    const { truth } = this.#demand(app);
    const retried = this.retries[app]?.perSecond ?? 0;
    this.#meter(app).service.setRate(now, truth.at(now) + retried, truth.slopePerSecond(now), retried);
    this.touch(app);
  }

  #watch(app: number): void {
    const retries = defined(this.retries[app], 'retries');
    const { service } = this.#meter(app);
    const at = retries.bucketEnd(retries.idle ? service.restlessFrom() : service.reached);
    if (at > this.#end || at >= (this.#due[app] as number)) return;
    this.#due[app] = at;
    this.#schedule(at, { kind: 'bucket', app });
  }

  #demand(app: number): Demand {
    return defined(this.#demands[app], 'demand');
  }

  #meter(app: number): LoadMeter {
    return defined(this.#meters[app], 'meter');
  }
}
