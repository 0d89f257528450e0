import { Scheduler } from '../../src/placement/scheduler.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { openingFleet, place } from '../../test/placement/opening-fleet.ts';
import { PlainScan } from '../../src/verify/plain-scan.ts';
import type { KernelResult } from '../usage-file.ts';
import { timed } from './timed.ts';

/** Places the opening fleet of a strategy, by the scheduler's index or by looking at every node each time. Only the placing is timed, not the making of the fleet. */
export function placement(finder: string, scenarioFile: string, label: string, ...set: string[]): KernelResult {
  const scenario = readScenario(scenarioFile, { set, catalog: { strategies } });
  const fleet = openingFleet(scenario, label);
  const { cluster, profile, units } = fleet;
  const { cpuSeconds, result } = timed(() =>
    place(fleet, finder === 'index' ? new Scheduler(cluster, profile) : new PlainScan(cluster, profile)),
  );
  const pods = units.reduce((sum, { request: { unit } }) => sum + (unit.kind === 'pod' ? 1 : unit.slot.tenants.length), 0);
  return {
    work: pods,
    cpuSeconds,
    hash: `${result.fingerprint}/${String(result.placed)}`,
    note: `${units.length.toLocaleString('en')} units, ${result.placed === units.length ? 'all' : result.placed.toLocaleString('en')} placed`,
  };
}
