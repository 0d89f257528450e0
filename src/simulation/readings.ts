import { InvariantError } from '../base/assert.ts';
import { readOnly } from '../base/read-only.ts';
import { type Duration, duration, fromSeconds, inSeconds, type Time } from '../base/units.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { LoadMeter } from '../metrics/load-meter.ts';
import { responseQuantile } from '../serving/response-quantile.ts';
import { attemptsOf, type Tally } from '../serving/tally.ts';
import type { Measured } from '../strategies/strategy.ts';

/** What a metrics window saw of an app. */
interface Window {
  readonly from: Time;
  readonly to: Time;
  readonly whole: boolean;
  readonly tally: Tally;
  readonly runningCores: number;
  /** What is to be said of it, once it has been asked for. */
  measured?: Measured;
}

/** The platform's metrics pipeline: strategies and gates see the mean over the last whole window, as old as the delay; of exactly that age it is seen. */
export class Readings {
  readonly #cluster: Cluster;
  readonly #delay: Duration;
  /** Windows that are not seen yet and the last one that is, per app, oldest first. */
  readonly #windows: readonly Window[][];
  /** Tallies of windows that nobody will ask for any more, to be filled again. */
  readonly #spare: (Tally | undefined)[] = [];

  constructor(cluster: Cluster, delay: Duration) {
    this.#cluster = cluster;
    this.#delay = delay;
    this.#windows = cluster.apps.map(() => []);
  }

  /** Of windows that end every `length`: where the first one begins that may be shown to whoever looks from `look` on. Nothing need be cut before. */
  firstSeen(length: Duration, look: Time): number {
    return (Math.floor((look - Math.max(1, this.#delay)) / length) - 1) * length;
  }

  /** A whole window of an app is over, at whose end `running` pods run; `whole` is false where what was before it has not been cut off. */
  endWindow(app: number, from: Time, to: Time, meter: LoadMeter, running: number, whole: boolean): void {
    const windows = this.#windows[app] as Window[];
    const tally = meter.takeWindow(to, this.#spare[app]);
    this.#spare[app] = undefined;
    windows.push({ from, to, whole, tally, runningCores: (running * this.#cluster.app(app).pod.cpu) / 1000 });
    while (windows[1] && this.#isSeen(windows[1], to)) this.#spare[app] = windows.shift()?.tally;
  }

  /** The last whole window that is old enough to be seen at `now`; undefined before the first. */
  measured(app: number, now: Time): Measured | undefined {
    const seen = this.#windows[app]?.findLast((window) => this.#isSeen(window, now));
    if (!seen) return undefined;
    const { from, to, whole } = seen;
    if (!whole || to + (to - from) + Math.max(1, this.#delay) <= now)
      throw new InvariantError(
        `the metrics window of app ${String(app)} that ends at ${String(to)} µs is not the last one to be seen at ${String(now)} µs`,
      );
    return (seen.measured ??= measuredOf(seen));
  }

  #isSeen(window: Window, now: Time): boolean {
    return window.to + this.#delay <= now;
  }
}

function measuredOf({ from, to, tally, runningCores }: Window): Measured {
  const seconds = inSeconds(duration(to - from));
  const attempts = attemptsOf(tally);
  const unserved = tally.rejected + tally.timedOut + tally.lost;
  const p99 = responseQuantile(tally, 0.99);
  return readOnly({
    from,
    to,
    offeredPerSecond: attempts / seconds,
    servedPerSecond: tally.served / seconds,
    successRatio: attempts > 0 ? Math.max(0, 1 - unserved / attempts) : 1,
    responseP99: p99 === undefined ? undefined : fromSeconds(p99),
    utilisation: runningCores > 0 ? tally.usedCoreSeconds / seconds / runningCores : 0,
  });
}
