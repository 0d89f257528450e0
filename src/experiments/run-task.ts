import { join } from 'node:path';
import { DetailFiles, type WrittenDetail } from '../output/detail-files.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunHooks, RunResult } from '../simulation/run.ts';
import { simulate } from '../simulation/simulate.ts';
import type { StrategyEntry } from '../strategies/strategy.ts';
import { DecisionLog, type Decisions, mostWords } from './decision-log.ts';
import type { Heartbeat } from './heartbeat.ts';

/** One run: scenario × strategy × seed. */
export interface RunTask {
  readonly scenario: Scenario;
  readonly label: string;
  readonly replication: number;
  /** Folder of its detail files; absent: it writes none. */
  readonly folder: string | undefined;
  /** Whether to tell what was decided: in words and hashes, or in hashes alone. */
  readonly decisions?: 'words' | 'hashes';
}

/** What all runs of an experiment share. */
export interface RunShared {
  /** Paths of plug-in files, loaded by each worker anew. */
  readonly plugins: readonly string[];
}

export interface RunOutcome {
  readonly result: RunResult;
  readonly files: readonly WrittenDetail[];
  readonly decisions?: Decisions;
}

/** Folder of a run's detail files inside the result folder. */
export const runFolder = (root: string, label: string, replication: number): string => join(root, label, String(replication));

/** Carries out one run in this thread, under the eyes of the supervisor. An interrupted run leaves no files. */
export function runTask(
  strategies: readonly StrategyEntry[],
  { scenario, label, replication, folder, decisions }: RunTask,
  heartbeat: Heartbeat,
): RunOutcome {
  // Nodes and pods are many: only where detail of every run was asked for.
  const wanted = scenario.results.detail === 'all' ? undefined : (['apps', 'operations', 'switches'] as const);
  const sink = folder === undefined ? undefined : new DetailFiles(folder, wanted, scenario.results.rows);
  const log = decisions === undefined ? undefined : new DecisionLog(scenario, decisions === 'words' ? mostWords : 0);
  try {
    const hooks: RunHooks = {
      ...(log && { fact: log.fact }),
      interrupted: (now) => {
        heartbeat.reached = now;
        return heartbeat.stopped;
      },
      deciding: (now) => {
        heartbeat.deciding(now);
      },
      decided: () => {
        heartbeat.decided();
      },
    };
    const result = simulate({ scenario, label, replication, strategies, hooks, ...(sink && { sink }) });
    return { result, files: result.interrupted ? [] : (sink?.finish() ?? []), ...(log && { decisions: log.decisions }) };
  } finally {
    sink?.abandon();
  }
}
