import type { ExperimentOptions, Progress } from './experiment.ts';
import { explainFault } from './explain.ts';
import { defaultJobs } from './jobs.ts';
import { runPool, type TaskList } from './pool.ts';
import type { Given } from './repeat-command.ts';
import type { RunOutcome, RunShared, RunTask } from './run-task.ts';
import type { SpareWorkers } from './spare-workers.ts';
import { moduleBeside } from './spawn.ts';

/** Wall-clock time that a strategy may take for one decision. */
const decisionSeconds = 5;

/** Who runs, and who is told. */
export interface RunAll extends Pick<ExperimentOptions, 'plugins' | 'jobs' | 'signal'> {
  /** How the scenario of a task was given, for the command that repeats it. */
  readonly given: (task: RunTask) => Given;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told of each run that is complete, when it is. */
  readonly onOutcome?: ((outcome: RunOutcome, task: RunTask) => void) | undefined;
  /** Whether outcomes are also returned, all together; default: true. */
  readonly keep?: boolean | undefined;
  /** Of calls with the same plug-ins. */
  readonly spare?: SpareWorkers | undefined;
  /** Told of each run that fails, and the others go on; absent: the first failure ends it all. */
  readonly onFailure?: ((task: RunTask, error: Error) => void) | undefined;
}

/** Carries out runs, in workers; outcomes are in the order of the tasks, undefined for those that an interruption left out or cut short. */
export async function runAll(
  tasks: TaskList<RunTask>,
  { plugins = [], jobs = defaultJobs(), signal, given, onProgress, onOutcome, keep, spare, onFailure }: RunAll,
): Promise<readonly (RunOutcome | undefined)[]> {
  const of = tasks.length;
  let done = 0;
  const outcomes = await runPool<RunTask, RunOutcome>({
    module: moduleBeside('./run-worker', import.meta.url),
    shared: { plugins } satisfies RunShared,
    tasks,
    jobs,
    fresh: plugins.length > 0,
    spare,
    decisionSeconds,
    explain: (task, fault) => explainFault(given(task), task, fault),
    signal,
    keep,
    onFailure,
    onResult: (outcome, task) => {
      done++;
      if (!outcome.result.interrupted) onOutcome?.(outcome, task);
    },
    onReached: (reached) =>
      onProgress?.({ done, of, share: reached.reduce((sum, { task, at }) => sum + at / task.scenario.horizon, done) / of }),
  });
  return outcomes.map((outcome) => (outcome?.result.interrupted === true ? undefined : outcome));
}
