import { ResultFolder } from '../output/result-folder.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { boundsOf } from './bound.ts';
import { baselineOf, compareRuns, defaultJudging } from './comparison.ts';
import type { Experiment, ExperimentOptions, LeftOut } from './experiment.ts';
import { brokenChecks } from './explain.ts';
import { defaultJobs } from './jobs.ts';
import { chosenLabels } from './labels.ts';
import { checkRequests } from './request-load.ts';
import type { Given } from './repeat-command.ts';
import { runReplications, summaryOf } from './replications.ts';
import { runFolder } from './run-task.ts';
import { writeResults } from './write-results.ts';

/** Runs one strategy of the scenario in all replications. An unknown label is an {@link InputError}. */
export async function replicate(scenario: Scenario, label: string, options: ExperimentOptions = {}): Promise<Experiment> {
  return experiment('run', scenario, chosenLabels(scenario, [label]), options);
}

/** Runs the strategies of the scenario (those of `labels`, by default all) in all replications, each replication with the same random numbers for all. */
export async function compare(scenario: Scenario, options: ExperimentOptions = {}, labels?: readonly string[]): Promise<Experiment> {
  return experiment('compare', scenario, chosenLabels(scenario, labels), options);
}

async function experiment(
  command: 'run' | 'compare',
  scenario: Scenario,
  labels: readonly string[],
  options: ExperimentOptions,
): Promise<Experiment> {
  checkRequests(scenario);
  const { out, plugins = [], set = [], jobs = defaultJobs(), until = [] } = options;
  const given: Given = { command: options.command ?? 'fenshi', file: scenario.file, set, plugins };
  const started = new Date();
  const folder = out === undefined ? undefined : new ResultFolder(out);
  try {
    const { count, complete, imprecise } = await runReplications(scenario, labels, given, options, (label, replication) =>
      folder === undefined ? undefined : detailFolder(scenario, folder, label, replication),
    );
    const runs = complete.map(({ result }) => result);
    const baseline = baselineOf(scenario.strategies.filter(({ label }) => labels.includes(label)));
    const judging = { ...defaultJudging, ...options.judging };
    const failures = runs.flatMap((run) => brokenChecks(run, given));
    const status = failures.length > 0 ? 'failed' : complete.length < count * labels.length ? 'interrupted' : 'complete';
    const bounds = command === 'compare' && status === 'complete' ? await boundsOf(scenario, count) : new Map<number, number>();
    const compared = compareRuns(labels, runs.map(summaryOf), baseline, judging, bounds);
    const leftOut = complete.flatMap(({ result: { label, replication }, files }) =>
      files.flatMap(({ name, leftOut }): LeftOut[] => (leftOut ? [{ label, replication, file: name, ...leftOut }] : [])),
    );
    const result: Experiment = {
      scenario: { ...scenario, replications: count },
      set,
      labels,
      status,
      runs,
      baseline,
      judging,
      until,
      imprecise,
      compared,
      bounds,
      failures,
      leftOut,
      folder: undefined,
      replaced: [],
    };
    if (folder === undefined) return result;
    const files = complete.flatMap((outcome) => outcome.files);
    writeResults(folder, { command, experiment: result, files, given, jobs, started });
    return { ...result, ...folder.publish(status, labels) };
  } finally {
    folder?.discard();
  }
}

function detailFolder(scenario: Scenario, folder: ResultFolder, label: string, replication: number): string | undefined {
  const { detail } = scenario.results;
  return detail === 'all' || (detail === 'first' && replication === 0) ? runFolder(folder.path, label, replication) : undefined;
}
