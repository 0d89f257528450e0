import { defined } from '../../base/assert.ts';
import { type AppName, type Duration, type Time, time } from '../../base/units.ts';
import type { Candidate } from '../../placement/pairing.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { forecastOf, streamsOf } from '../../simulation/demand.ts';
import { emptyView } from '../../simulation/foresee.ts';
import { leastPods, podsFor } from '../../strategies/sizing.ts';
import type { AppView } from '../../strategies/strategy.ts';
import type { Curve } from '../../traffic/curve.ts';

/** What an app needs, piece by piece of the day (资源画像). */
export interface Profile {
  readonly app: AppName;
  /** Pods for the highest forecast of each piece, and until a switch that begins at its end is over. */
  readonly needs: readonly number[];
  readonly pieces: readonly {
    readonly from: Time;
    readonly to: Time;
    /** Requests/s by the forecast. */
    readonly mean: number;
    readonly max: number;
    /** For `max`. */
    readonly pods: number;
    /** CPU that `mean` uses, cores. */
    readonly load: number;
  }[];
}

/** Profiles of all apps, by the forecasts of the first replication; `lead`: what a switch takes. */
export function profilesOf(scenario: Scenario, interval: Duration, utilisation: number, lead: Duration): readonly Profile[] {
  const streams = streamsOf(scenario, 0);
  const forecasts = scenario.apps.map((app) => forecastOf(app, scenario, streams));
  const view = emptyView(scenario, defined(scenario.strategies[0], 'a strategy'), forecasts);
  const zones = scenario.cluster.zones.length;
  return scenario.apps.map(({ name }, index) => {
    const [app, curve] = [view.app(name), forecasts[index] as Curve];
    const pieces = Array.from({ length: Math.ceil(scenario.horizon / interval) }, (_, k) => {
      const [from, to] = [time(k * interval), time(Math.min(scenario.horizon, (k + 1) * interval))];
      const [mean, max] = [curve.mean(from, to), curve.max(from, to)];
      return { from, to, mean, max, pods: podsOf(app, max, utilisation, zones), load: (mean * app.requestCpu) / 1e6 };
    });
    const ahead = (to: Time): Time => time(Math.min(scenario.horizon, to + lead));
    return { app: name, pieces, needs: pieces.map(({ from, to }) => podsOf(app, curve.max(from, ahead(to)), utilisation, zones)) };
  });
}

const podsOf = (app: AppView, rate: number, utilisation: number, zones: number): number => Math.max(leastPods(app, zones), podsFor(app, rate, utilisation, zones)); // prettier-ignore

/** The apps as pairing sees them. */
export function candidatesOf(scenario: Scenario, profiles: readonly Profile[]): readonly Candidate[] {
  return scenario.apps.map(({ name, pod, keepAlive, allowNoExclusive }, index): Candidate => {
    const { pieces, needs } = defined(profiles[index], 'a profile');
    return {
      name,
      needs,
      load: pieces.map(({ load }) => load),
      limit: pod.cpu,
      keepAlive: keepAlive.cpu,
      least: allowNoExclusive ? 0 : scenario.cluster.zones.length,
      given: false,
    };
  });
}
