import { defined } from '../base/assert.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { created } from '../simulation/decision.ts';
import { forecastOf, streamsOf } from '../simulation/demand.ts';
import { emptyView, foresee } from '../simulation/foresee.ts';
import type { StrategyEntry } from '../strategies/strategy.ts';

/** Where the plans of the scenario's strategies (those in `uses`) are too small for the forecast of the first replication, in words with time and amount; by arithmetic, without a run. */
export function planWarnings(scenario: Scenario, strategies: readonly StrategyEntry[], uses = scenario.strategies): readonly string[] {
  const streams = streamsOf(scenario, 0);
  const forecasts = scenario.apps.map((app) => forecastOf(app, scenario, streams));
  return uses.flatMap((use) => {
    const entry = defined(
      strategies.find(({ name }) => name === use.use),
      `strategy ${use.use}`,
    );
    const strategy = created(entry, use, streams, { label: use.label, seed: scenario.seed, calendar: scenario.calendar });
    const { warnings } = foresee(scenario, use.label, strategy, emptyView(scenario, use, forecasts), forecasts) ?? { warnings: [] };
    return warnings.map((warning) => `${use.label}: ${warning}`);
  });
}
