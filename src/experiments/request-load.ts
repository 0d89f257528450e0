import { InputError } from '../base/errors.ts';
import { grouped } from '../base/grouped.ts';
import { time } from '../base/units.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { demandOf, streamsOf } from '../simulation/demand.ts';

/** First attempts that a run of the scenario would simulate one by one, by the traffic of the first replication; 0 where requests flow. */
export function expectedRequests(scenario: Scenario): number {
  if (scenario.fidelity === 'fluid') return 0;
  const streams = streamsOf(scenario, 0);
  const end = time(scenario.horizon);
  const all = scenario.apps.reduce((sum, app) => sum + demandOf(app, scenario, streams).truth.integral(time(0), end), 0);
  return all * scenario.sample;
}

/** An {@link InputError} where a run would simulate more requests than the scenario allows, retries aside: those are counted as they come. */
export function checkRequests(scenario: Scenario): void {
  const { requests } = scenario.limits;
  const expected = expectedRequests(scenario);
  if (expected <= requests) return;
  throw new InputError(
    `${scenario.name}: each run would simulate ${grouped(expected)} requests one by one, and limits.requests allows ${grouped(requests)} (a million takes a second or two of CPU): take a sample, e.g. --set sample=${roundedDown((scenario.sample * requests * 100) / expected)}%, a shorter horizon, or raise the limit`,
  );
}

/** The first two digits of a positive number, in plain decimals: 0.000527 is 0.00052. */
function roundedDown(value: number): string {
  const [mantissa = '', power = ''] = value.toExponential(12).split('e');
  const digits = mantissa.replace('.', '').slice(0, 2);
  const places = Number(power);
  if (places < 0) return `0.${'0'.repeat(-places - 1)}${digits}`;
  return places === 0 ? mantissa.slice(0, 3) : digits + '0'.repeat(places - 1);
}
