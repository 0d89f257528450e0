import { PluginError } from '../base/errors.ts';
import { roundUp } from '../base/round-up.ts';
import type { AppName, Time } from '../base/units.ts';
import type { AppView, Forecast, View } from './strategy.ts';

/** Share of the CPU limits that an expected peak may use unless a strategy is told otherwise (assumption; operators' safety lines are 50–75 %). */
export const defaultUtilisation = 0.75;

/**
 * Pods of `app` that serve `rate` requests/s at no more than `utilisation` of their CPU limit. They are spread evenly over the zones, each of which
 * must do for the busiest: zones · ⌈rate ÷ zones · imbalance · (service time + sidecar) ÷ (limit · utilisation)⌉.
 */
export function podsFor(app: AppView, rate: number, utilisation: number, zones: number): number {
  const perPod = (app.limitMillicores * 1000 * utilisation) / app.requestCpu;
  return zones * roundUp(((rate / zones) * app.imbalance) / perPod);
}

/** What the app is expected to get; a PluginError where the scenario withholds forecasts. */
export function forecastOf(app: AppView): Forecast {
  if (!app.forecast) throw new PluginError(`no forecast of ${app.name}: the scenario says \`information: none\``);
  return app.forecast;
}

/** Fewest pods outside slots: one per zone, unless the app may do without. */
export const leastPods = (app: AppView, zones: number): number => (app.allowNoExclusive ? 0 : zones);

/** Pods for the highest rate expected between two moments, and never fewer than the least. */
export function podsForMax(view: View, name: AppName, from: Time, to: Time, utilisation: number): number {
  const app = view.app(name);
  return Math.max(leastPods(app, view.zones), podsFor(app, forecastOf(app).max(from, to), utilisation, view.zones));
}
