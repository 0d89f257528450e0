import { defined } from '../base/assert.ts';
import { time } from '../base/units.ts';
import type { Scenario, StrategyUse } from '../scenario/scenario.ts';
import { created } from '../simulation/decision.ts';
import { forecastOf, streamsOf } from '../simulation/demand.ts';
import { emptyView, type Foreseen, foresee } from '../simulation/foresee.ts';
import type { PlannedFleet, Strategy, StrategyEntry } from '../strategies/strategy.ts';
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

/** Nodes that a strategy's own plan takes, by arithmetic, without a run; undefined where it does not plan. The strategy must be one of `strategies`. */
export function plannedNodes(scenario: Scenario, strategies: readonly StrategyEntry[], label: string): number | undefined {
  const use = defined(
    scenario.strategies.find((each) => each.label === label),
    `strategy ${label}`,
  );
  return foreseen(scenario, strategies, use, forecastsOf(scenario))?.nodes;
}

/** The fleet at time zero of a strategy that plans one. The strategy must be one of `strategies`. */
export function openingFleet(scenario: Scenario, strategies: readonly StrategyEntry[], use: StrategyUse): PlannedFleet | undefined {
  return createdFor(scenario, strategies, use).plan?.(emptyView(scenario, use, forecastsOf(scenario)))[0];
}

function warningsOf(
  scenario: Scenario,
  strategies: readonly StrategyEntry[],
  uses: readonly StrategyUse[],
  forForecast: boolean,
): readonly string[] {
  const forecasts = forecastsOf(scenario);
  const expected = forForecast ? forecasts : scenario.apps.map(() => Curve.constant(0, time(scenario.horizon)));
  return uses.flatMap((use) => {
    const { warnings } = foreseen(scenario, strategies, use, forecasts, expected) ?? { warnings: [] };
    return warnings.map((warning) => `${use.label}: ${warning}`);
  });
}

const forecastsOf = (scenario: Scenario): readonly Curve[] => {
  const streams = streamsOf(scenario, 0);
  return scenario.apps.map((app) => forecastOf(app, scenario, streams));
};

function foreseen(
  scenario: Scenario,
  strategies: readonly StrategyEntry[],
  use: StrategyUse,
  forecasts: readonly Curve[],
  expected = forecasts,
): Foreseen | undefined {
  return foresee(scenario, use.label, createdFor(scenario, strategies, use), emptyView(scenario, use, forecasts), expected);
}

function createdFor(scenario: Scenario, strategies: readonly StrategyEntry[], use: StrategyUse): Strategy {
  const entry = defined(
    strategies.find(({ name }) => name === use.use),
    `strategy ${use.use}`,
  );
  return created(entry, use, streamsOf(scenario, 0), { label: use.label, seed: scenario.seed, calendar: scenario.calendar });
}
