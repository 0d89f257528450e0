import { PluginError } from '../../base/errors.ts';
import type { Row } from '../../metrics/columns.ts';
import type { Decisions } from '../decision-log.ts';
import type { ExperimentOptions } from '../experiment.ts';
import { brokenChecks } from '../explain.ts';
import { type Metric, summaryMetrics } from '../metric.ts';
import { runAll } from '../run-all.ts';
import type { RunTask } from '../run-task.ts';
import type { LoadedCase } from './suite.ts';

/** What one run did, as far as later versions are compared with it. */
export interface RunRecord {
  readonly strategy: string;
  readonly replication: number;
  readonly seed: number;
  readonly events: number;
  readonly fingerprint: string;
  /** Columns of the row `all` that apply. */
  readonly values: Readonly<Partial<Record<Metric, number>>>;
  /** In words only of the first replication. */
  readonly decisions: Decisions;
}

/** What one scenario was and what its runs did. */
export interface CaseRecord extends Pick<LoadedCase, 'name' | 'resolved' | 'resolvedSha256' | 'sha256'> {
  /** By strategy, then replication. */
  readonly runs: readonly RunRecord[];
}

/** A strategy that broke off, in the first of its replications that did. */
export interface Broken {
  readonly case: string;
  readonly strategy: string;
  /** Says where, and the command that repeats the run. */
  readonly message: string;
}

export interface Measured {
  readonly cases: readonly CaseRecord[];
  /** In the order of the cases and their strategies. */
  readonly broken: readonly Broken[];
  /** Checks that did not hold, each as a sentence with the command that repeats the run. */
  readonly failures: readonly string[];
}

/** Carries out all runs of a suite, whichever strategies break off; undefined where it was interrupted. */
export async function measure(
  cases: readonly LoadedCase[],
  options: Pick<ExperimentOptions, 'jobs' | 'plugins' | 'command' | 'signal' | 'onProgress'>,
): Promise<Measured | undefined> {
  const places = new Map<RunTask, LoadedCase>();
  for (const each of cases)
    for (const label of each.labels)
      for (let replication = 0; replication < each.scenario.replications; replication++)
        places.set({ scenario: each.scenario, label, replication, folder: undefined, decisions: replication === 0 ? 'words' : 'hashes' }, each); // prettier-ignore
  const { command = 'fenshi', plugins = [] } = options;
  const given = (task: RunTask) => ({ command, file: task.scenario.file, set: places.get(task)?.set ?? [], plugins });
  const errors = new Map<RunTask, Error>();
  const outcomes = await runAll([...places.keys()], { ...options, given, onFailure: (task, error) => errors.set(task, error) });
  const records = new Map<LoadedCase, RunRecord[]>(cases.map((each) => [each, []]));
  const failures: string[] = [];
  const broken: Broken[] = [];
  for (const [i, [task, each]] of [...places].entries()) {
    const outcome = outcomes[i];
    const error = errors.get(task);
    if (error !== undefined) {
      if (!(error instanceof PluginError)) throw error;
      const known = broken.some((other) => other.case === each.name && other.strategy === task.label);
      if (!known) broken.push({ case: each.name, strategy: task.label, message: error.message });
      continue;
    }
    if (outcome?.decisions === undefined) return undefined;
    const { label, replication, seed, events, fingerprint, summary } = outcome.result;
    failures.push(...brokenChecks(outcome.result, given(task)));
    records.get(each)?.push({ strategy: label, replication, seed, events, fingerprint, values: numbersIn(summary.at(-1) ?? {}), decisions: outcome.decisions }); // prettier-ignore
  }
  return {
    cases: cases.map(({ name, resolved, resolvedSha256, sha256 }, i) => ({
      name,
      resolved,
      resolvedSha256,
      sha256,
      runs: records.get(cases[i] as LoadedCase) ?? [],
    })),
    broken,
    failures,
  };
}

const numbersIn = (row: Row): RunRecord['values'] =>
  Object.fromEntries(
    summaryMetrics.flatMap((metric) => {
      const cell = row[metric];
      return typeof cell === 'number' ? [[metric, cell]] : [];
    }),
  );
