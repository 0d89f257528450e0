import { defined } from '../base/assert.ts';
import { time } from '../base/units.ts';
import type { Scenario, StrategyUse } from '../scenario/scenario.ts';
import { created } from '../simulation/decision.ts';
import { forecastOf, streamsOf } from '../simulation/demand.ts';
import { emptyView, foresee } from '../simulation/foresee.ts';
import type { StrategyEntry } from '../strategies/strategy.ts';
import { Curve } from '../traffic/curve.ts';

/**
 * What of the plans of the scenario's strategies will not come about, and where they are too small for the forecast of the first replication, in words with time
 * and amount; by arithmetic, without a run.
 */
export const planWarnings = (scenario: Scenario, strategies: readonly StrategyEntry[]): readonly string[] =>
  warningsOf(scenario, strategies, scenario.strategies, true);

/** Of it what the cluster or the calendar does not allow: that a plan is too small for the forecast, the results will show. */
export const plansThatFail = (scenario: Scenario, strategies: readonly StrategyEntry[], uses: readonly StrategyUse[]): readonly string[] =>
  warningsOf(scenario, strategies, uses, false);

function warningsOf(
  scenario: Scenario,
  strategies: readonly StrategyEntry[],
  uses: readonly StrategyUse[],
  forForecast: boolean,
): readonly string[] {
  const streams = streamsOf(scenario, 0);
  const forecasts = scenario.apps.map((app) => forecastOf(app, scenario, streams));
  const expected = forForecast ? forecasts : scenario.apps.map(() => Curve.constant(0, time(scenario.horizon)));
  return uses.flatMap((use) => {
    const entry = defined(
      strategies.find(({ name }) => name === use.use),
      `strategy ${use.use}`,
    );
    const strategy = created(entry, use, streams, { label: use.label, seed: scenario.seed, calendar: scenario.calendar });
    const { warnings } = foresee(scenario, use.label, strategy, emptyView(scenario, use, forecasts), expected) ?? { warnings: [] };
    return warnings.map((warning) => `${use.label}: ${warning}`);
  });
}
