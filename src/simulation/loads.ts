import { InvariantError } from '../base/assert.ts';
import { after, type Duration, duration, fromSeconds, inSeconds, type Time, time } from '../base/units.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Account } from '../cluster/ledger.ts';
import { type LoadMeter, sloWindowSeconds } from '../metrics/load-meter.ts';
import type { Measured } from '../strategies/strategy.ts';
import type { Arrivals } from './arrivals.ts';
import type { Demand } from './demand.ts';
import { loadRank } from './events.ts';
import { Readings } from './readings.ts';

const sloWindow = fromSeconds(sloWindowSeconds);
/** How far apart all loads are gone through at the latest. */
export const catchUpInterval = fromSeconds(600);
/** Ten-second windows that end from one time to the next, both included. */
const windowsAtOnce = catchUpInterval / sloWindow + 1;

/** What the ends of windows read of an app's pods, as it has been since the last change. */
interface Standing {
  running: number;
  /** CPU that starting pods had used at `since`, millicore-µs, and use since, millicores. */
  starting: number;
  use: number;
  since: Time;
  /** Of it, core-seconds that windows have counted. */
  counted: number;
}

/**
 * The load of every app between the changes of its pods: the bends of its curve, the ends of the platform's metrics windows and of the ten-second windows
 * of the objective. They are no events: nobody sees them until something happens to the app or it is looked at, and then they are gone through in order,
 * app by app, so that what belongs to an app stays in the processor's cache.
 */
export class Loads {
  readonly #meters: readonly LoadMeter[];
  readonly #demands: readonly Demand[];
  readonly #arrivals: Arrivals;
  readonly #readings: Readings;
  readonly #cluster: Cluster;
  readonly #end: Time;
  readonly #window: Duration;
  /** By app: the next bend, and the ends of the current windows. */
  readonly #bends: Float64Array;
  readonly #windows: Float64Array;
  readonly #slos: Float64Array;
  /** By app: whether the current window began where the last one ended. */
  readonly #whole: Uint8Array;
  readonly #standing: readonly Standing[];
  /** By ten-second window since the last time that all apps were gone through, and the first of them: whether any app violated its objective, and the CPU used by all. */
  readonly #violated = new Uint8Array(windowsAtOnce);
  readonly #usedCores = new Float64Array(windowsAtOnce);
  #first = 0;
  /** Of all apps together: time in which any violated its objective, s, and the largest CPU use in a ten-second window, cores. */
  violationSeconds = 0;
  usedCoresMax = 0;

  constructor(
    cluster: Cluster,
    meters: readonly LoadMeter[],
    demands: readonly Demand[],
    arrivals: Arrivals,
    end: Time,
    metrics: { readonly window: Duration; readonly delay: Duration },
  ) {
    this.#cluster = cluster;
    this.#meters = meters;
    this.#demands = demands;
    this.#arrivals = arrivals;
    this.#end = end;
    this.#window = metrics.window;
    this.#readings = new Readings(cluster, metrics.delay);
    const apps = meters.length;
    this.#bends = new Float64Array(apps);
    this.#windows = new Float64Array(apps).fill(metrics.window);
    this.#slos = new Float64Array(apps).fill(Math.min(end, sloWindow));
    this.#whole = new Uint8Array(apps).fill(1);
    this.#standing = meters.map(() => ({ running: 0, starting: 0, use: 0, since: time(0), counted: 0 }));
  }

  /** The rates at time zero. */
  begin(): void {
    for (let app = 0; app < this.#meters.length; app++) this.#bend(app, time(0));
  }

  /** Goes through what happens to the app's load before the kinds of `rank` at `now`. Nobody is shown metrics before `look`. */
  advance(app: number, now: Time, rank: number, look = now): void {
    const seen = this.#readings.firstSeen(this.#window, look);
    if ((this.#windows[app] as number) < seen) {
      this.#windows[app] = seen;
      this.#whole[app] = 0;
      (this.#meters[app] as LoadMeter).leaveWindow();
    }
    for (;;) {
      const bend = this.#bends[app] as number;
      const window = this.#windows[app] as number;
      const slo = this.#slos[app] as number;
      const next = Math.min(bend, window, slo);
      if (next > now || next === Infinity) return;
      const late = next < now;
      if (bend === next && (late || loadRank.bend < rank)) this.#bend(app, time(next));
      else if (window === next && (late || loadRank.window < rank)) this.#endWindow(app, time(next));
      else if (slo === next && (late || loadRank.slo < rank)) this.#endSloWindow(app, time(next));
      else return;
    }
  }

  /** The same for all apps: at least every {@link catchUpInterval}. */
  advanceAll(now: Time, rank: number, look = now): void {
    for (let app = 0; app < this.#meters.length; app++) this.advance(app, now, rank, look);
    for (let i = 0; i < windowsAtOnce; i++) {
      if (this.#violated[i] === 1) this.violationSeconds += inSeconds(this.#lengthOf(this.#first + i));
      this.usedCoresMax = Math.max(this.usedCoresMax, this.#usedCores[i] as number);
    }
    this.#violated.fill(0);
    this.#usedCores.fill(0);
    this.#first = Math.floor(now / sloWindow);
  }

  /** Notes what the app's pods are and use from `now` on, up to which it has been advanced. */
  note(app: number, now: Time): void {
    const standing = this.#standing[app] as Standing;
    const { starting } = this.#cluster.ledger.apps[app] as Account;
    standing.running = this.#cluster.running(app);
    standing.starting = starting.integral(now);
    standing.use = starting.value;
    standing.since = now;
  }

  /** What the platform's metrics say at `now`, up to which the app has been advanced. */
  measured(app: number, now: Time): Measured | undefined {
    return this.#readings.measured(app, now);
  }

  #bend(app: number, now: Time): void {
    this.#bends[app] = this.#arrivals.bend(app, now);
  }

  #endWindow(app: number, now: Time): void {
    const { running } = this.#standing[app] as Standing;
    this.#readings.endWindow(app, time(now - this.#window), now, this.#meters[app] as LoadMeter, running, this.#whole[app] === 1);
    this.#whole[app] = 1;
    const next = after(now, this.#window);
    this.#windows[app] = next <= this.#end ? next : Infinity;
  }

  #endSloWindow(app: number, now: Time): void {
    const index = Math.ceil(now / sloWindow) - 1;
    const standing = this.#standing[app] as Standing;
    const starting = (standing.starting + standing.use * (now - standing.since)) / 1e9;
    const expected = (this.#demands[app] as Demand).forecast.integral(time(index * sloWindow), now);
    const { violated, usedCores } = (this.#meters[app] as LoadMeter).endSloWindow(now, expected, starting - standing.counted);
    standing.counted = starting;
    const place = index - this.#first;
    if (place < 0 || place >= windowsAtOnce)
      throw new InvariantError(`window ${String(index)} of an objective ends long after window ${String(this.#first)}`);
    if (violated) this.#violated[place] = 1;
    this.#usedCores[place] = (this.#usedCores[place] as number) + usedCores;
    this.#slos[app] = now < this.#end ? Math.min(now + sloWindow, this.#end) : Infinity;
  }

  /** The last window may be shorter. */
  #lengthOf(window: number): Duration {
    return duration(Math.min(this.#end, (window + 1) * sloWindow) - window * sloWindow);
  }
}
