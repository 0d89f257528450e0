import type { Fingerprint } from '../base/fingerprint.ts';
import type { Platform } from '../operations/platform.ts';
import { Streams } from '../random/streams.ts';
import type { AppSpec, Scenario } from '../scenario/scenario.ts';
import { buildCurve } from '../traffic/build.ts';
import type { Curve } from '../traffic/curve.ts';
import { forecast } from '../traffic/forecast.ts';
import { realise } from '../traffic/noise.ts';
import { surprise } from '../traffic/surprise.ts';

/** One app's traffic in one replication. */
export interface Demand {
  /** What really arrives: the curve with its surprises, times its noise. */
  readonly truth: Curve;
  /** What was expected: the curve with the forecast's errors, without surprises. */
  readonly forecast: Curve;
}

/** Draws an app's traffic and forecast from the streams of their own: the same under every strategy. */
export function demandOf(app: AppSpec, scenario: Scenario, streams: Streams): Demand {
  const curve = buildCurve(app.traffic, scenario.calendar);
  return {
    truth: realise(
      surprise(curve, app.surprise, scenario.calendar, streams.stream(`surprise/${app.name}`)),
      app.noise,
      streams.stream(`traffic/${app.name}`),
    ),
    forecast: expected(curve, app, streams),
  };
}

/** What is expected of an app, without drawing what really arrives. */
export const forecastOf = (app: AppSpec, scenario: Scenario, streams: Streams): Curve =>
  expected(buildCurve(app.traffic, scenario.calendar), app, streams);

const expected = (curve: Curve, app: AppSpec, streams: Streams): Curve =>
  forecast(curve, app.forecast, streams.stream(`forecast/${app.name}`));

/** What strategies are told of it. */
export function toldOf({ truth, forecast: expected }: Demand, information: Platform['information']): Curve | undefined {
  return information === 'none' ? undefined : information === 'perfect' ? truth : expected;
}

/** Streams of one replication. */
export const streamsOf = (scenario: Scenario, replication: number): Streams => new Streams(scenario.seed + replication);

/** Adds what an app's clients do to a run's fingerprint: when the rate bends, and from and to what, in 1e-6 requests/s. */
export function addCurve(fingerprint: Fingerprint, curve: Curve): void {
  curve.eachPiece((from, _to, first, last) => {
    fingerprint.add(from);
    fingerprint.add(Math.round(first * 1e6));
    fingerprint.add(Math.round(last * 1e6));
  });
}
