import { InputError } from '../base/errors.ts';
import { time } from '../base/units.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { forecastOf, streamsOf } from '../simulation/demand.ts';

/** First attempts that a run of the scenario would simulate one by one, as far as the forecast of the first replication knows; 0 where requests flow. */
export function expectedRequests(scenario: Scenario): number {
  if (scenario.fidelity === 'fluid') return 0;
  const streams = streamsOf(scenario, 0);
  const end = time(scenario.horizon);
  const all = scenario.apps.reduce((sum, app) => sum + forecastOf(app, scenario, streams).integral(time(0), end), 0);
  return all * scenario.sample;
}

/** An {@link InputError} where a run would simulate more requests than the scenario allows. */
export function checkRequests(scenario: Scenario): void {
  const { requests } = scenario.limits;
  const expected = expectedRequests(scenario);
  if (expected <= requests) return;
  const grouped = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
  const share = Number(((scenario.sample * requests * 100) / expected).toPrecision(1));
  throw new InputError(
    `${scenario.name}: each run would simulate ${grouped(expected)} requests one by one, and limits.requests allows ${grouped(requests)} (a million takes a second or two of CPU): take a sample, e.g. --set sample=${String(share)}%, a shorter horizon, or raise the limit`,
  );
}
