import { defined } from '../base/assert.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../simulation/run.ts';
import { looks } from '../stats/sequential.ts';
import type { RunSummary } from './comparison.ts';
import type { ExperimentOptions, Progress } from './experiment.ts';
import type { Given } from './repeat-command.ts';
import { runAll } from './run-all.ts';
import type { RunOutcome, RunTask } from './run-task.ts';
import { SpareWorkers } from './spare-workers.ts';
import { type Imprecise, imprecise } from './until.ts';

/** Replications that runs which go on until they are precise may take, unless told otherwise. */
const mostReplications = 200;

/** What came of the replications of some strategies. */
export interface Replications {
  /** How many there were to be. */
  readonly count: number;
  /** Complete runs, by label and then replication; fewer than `count` of each where they were interrupted. */
  readonly complete: readonly RunOutcome[];
  /** What was to be known more precisely and is not, in as many replications as were allowed. */
  readonly imprecise: readonly Imprecise[];
}

/**
 * Runs each strategy in all replications of the scenario; with `until`, in as many as that takes, looking after fixed numbers of them, so that how many there are
 * depends on nothing but the results.
 */
export async function runReplications(
  scenario: Scenario,
  labels: readonly string[],
  given: Given,
  options: ExperimentOptions,
  folderOf: (label: string, replication: number) => string | undefined,
): Promise<Replications> {
  const { until = [], atMost = mostReplications } = options;
  const ended: RunOutcome[] = [];
  let count = 0;
  let missing: readonly Imprecise[] = [];
  const spare = new SpareWorkers();
  try {
    for (const look of until.length > 0 ? looks(atMost) : [scenario.replications]) {
      const tasks = labels.flatMap((label) =>
        Array.from({ length: look - count }, (_, i): RunTask => {
          const replication = count + i;
          return { scenario, label, replication, folder: folderOf(label, replication) };
        }),
      );
      count = look;
      const of = labels.length * count;
      const before = ended.length;
      const onProgress = ({ done, share }: Progress): void =>
        options.onProgress?.({ done: before + done, of, share: (before + share * tasks.length) / of });
      const outcomes = await runAll(tasks, { ...options, given: () => given, onProgress, spare });
      ended.push(...outcomes.filter((outcome) => outcome !== undefined));
      missing = imprecise(until, labels, ended.map(({ result }) => summaryOf(result))); // prettier-ignore
      if (ended.length < of || missing.length === 0) break;
    }
  } finally {
    await spare.end();
  }
  return { count, complete: labels.flatMap((label) => ended.filter(({ result }) => result.label === label)), imprecise: missing };
}

/** The row `all` of a run. */
export const summaryOf = ({ label, replication, summary }: RunResult): RunSummary => ({
  label,
  replication,
  all: defined(summary.at(-1), 'the row all'),
});
