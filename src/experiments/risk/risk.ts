import { defined } from '../../base/assert.ts';
import { InputError } from '../../base/errors.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { RunResult } from '../../simulation/run.ts';
import type { StrategyEntry } from '../../strategies/strategy.ts';
import type { ExperimentOptions } from '../experiment.ts';
import { brokenChecks } from '../explain.ts';
import { chosenLabels } from '../labels.ts';
import { openingFleet } from '../plan-warnings.ts';
import { runAll } from '../run-all.ts';
import type { RunTask } from '../run-task.ts';
import { SpareWorkers } from '../spare-workers.ts';
import { riskVariations } from './variations.ts';

/** Columns of the row `all` of a run that tell what its switches were like. */
export const riskMetrics = ['switch_p50_s', 'switch_p99_s', 'exposure_s', 'unserved', 'unserved_switch', 'slo_violation_s', 'switches_rolled_back', 'slots_failed', 'slots_stuck_max'] as const; // prettier-ignore
export type RiskMetric = (typeof riskMetrics)[number];

export interface RiskOptions extends Pick<ExperimentOptions, 'jobs' | 'plugins' | 'set' | 'command' | 'signal' | 'onProgress'> {
  readonly strategy: string;
  /** Whether to ask how it moves when something is otherwise. */
  readonly sensitivity: boolean;
}

/** The replications of one strategy, in a world that is as it is, or otherwise. */
export interface RiskRuns {
  /** Empty for the scenario as it is. */
  readonly variation: string;
  readonly runs: readonly RunResult[];
}

export interface Risk {
  readonly scenario: Scenario;
  readonly options: RiskOptions;
  /** That of the scenario as it is first. */
  readonly worlds: readonly RiskRuns[];
  readonly failures: readonly string[];
}

/** A column of a run's row `all`; undefined where it does not apply. */
export function riskOf({ summary }: RunResult, metric: RiskMetric): number | undefined {
  const cell = summary.at(-1)?.[metric];
  return typeof cell === 'number' ? cell : undefined;
}

/** Whether anybody was short of capacity. */
export const isExposed = (run: RunResult): boolean => (riskOf(run, 'exposure_s') ?? 0) > 0;

/**
 * What the switches of a strategy are like, in all replications of the scenario and, on the same random numbers, of those in which one thing is otherwise. Undefined where it was
 * interrupted; an {@link InputError} where no slot is switched in any replication.
 */
export async function risk(scenario: Scenario, strategies: readonly StrategyEntry[], options: RiskOptions): Promise<Risk | undefined> {
  const [label] = chosenLabels(scenario, [options.strategy]) as [string];
  const use = defined(scenario.strategies.find((each) => each.label === label), `strategy ${label}`); // prettier-ignore
  const { command = 'fenshi', set = [], plugins = [] } = options;
  const spare = new SpareWorkers();
  const failures: string[] = [];
  const given = () => ({ command, file: scenario.file, set: [...set], plugins });
  const run = async (
    worlds: readonly { readonly variation: string; readonly scenario: Scenario }[],
  ): Promise<readonly RiskRuns[] | undefined> => {
    const tasks = worlds.flatMap((world) =>
      Array.from({ length: scenario.replications }, (_, replication): RunTask => ({
        scenario: world.scenario,
        label,
        replication,
        folder: undefined,
      })),
    );
    const outcomes = await runAll(tasks, { ...options, given, spare });
    if (outcomes.includes(undefined)) return undefined;
    const runs = outcomes.map((outcome) => defined(outcome, 'an outcome').result);
    failures.push(...runs.flatMap((each) => brokenChecks(each, given())));
    return worlds.map(({ variation }, i) => ({ variation, runs: runs.slice(i * scenario.replications, (i + 1) * scenario.replications) }));
  };
  try {
    const asItIs = await run([{ variation: '', scenario }]);
    if (asItIs === undefined) return undefined;
    if (asItIs[0]?.runs.every(({ summary }) => !(Number(summary.at(-1)?.['switches']) > 0)) === true)
      throw new InputError(`${label} switches no slots in ${scenario.name}: there is no switch whose risk could be told`);
    // Strategies of plug-ins are only called under supervision, and so have no plan here.
    const opening = strategies.some(({ name }) => name === use.use) ? openingFleet(scenario, strategies, use) : undefined;
    const others = options.sensitivity
      ? await run(
          riskVariations.flatMap(({ name, change }) => {
            const changed = change(scenario, use, opening);
            return changed === undefined ? [] : [{ variation: name, scenario: changed }];
          }),
        )
      : [];
    return others && { scenario, options, worlds: [...asItIs, ...others], failures };
  } finally {
    await spare.end();
  }
}
