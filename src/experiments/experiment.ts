import type { DetailFile } from '../metrics/columns.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../simulation/run.ts';
import type { Bounds } from './bound.ts';
import type { Baseline, Compared, Judging } from './comparison.ts';
import type { Imprecise, Until } from './until.ts';

export interface ExperimentOptions {
  /** Result folder; absent: nothing is written. */
  readonly out?: string | undefined;
  /** Workers at a time; default: as many as the machine has to offer. Results do not depend on it. */
  readonly jobs?: number | undefined;
  /** Paths of the plug-in files whose strategies the scenario may use. */
  readonly plugins?: readonly string[] | undefined;
  /** How the scenario was changed, for the manifest and the command that repeats a run. */
  readonly set?: readonly string[] | undefined;
  /** How fenshi is called, for the command that repeats a run; default: `fenshi`. */
  readonly command?: string | undefined;
  /** What a comparison judges; default: {@link defaultJudging}. */
  readonly judging?: Partial<Judging> | undefined;
  /** Replicates until all of these are met, instead of the scenario's number of times; looks after 10 replications, then each time after a fifth more. */
  readonly until?: readonly Until[] | undefined;
  /** Replications that `until` may take; default: 200. */
  readonly atMost?: number | undefined;
  /** Aborting ends the runs under way soon; what is complete is kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How far an experiment is: told when a run has ended, and from time to time. */
export interface Progress {
  /** Runs that have ended, of so many. */
  readonly done: number;
  readonly of: number;
  /** Of all simulated time, what has been simulated, 0 to 1. */
  readonly share: number;
}

/** What came of runs of one scenario. */
export interface Experiment {
  /** With as many replications as were made. */
  readonly scenario: Scenario;
  /** `--set` as given. */
  readonly set: readonly string[];
  /** In scenario order. */
  readonly labels: readonly string[];
  /** `failed`: a check of a run did not hold. */
  readonly status: 'complete' | 'interrupted' | 'failed';
  /** Complete runs, by label and then replication. */
  readonly runs: readonly RunResult[];
  readonly baseline: Baseline;
  readonly judging: Judging;
  readonly until: readonly Until[];
  /** What of `until` was not met in as many replications as were allowed. */
  readonly imprecise: readonly Imprecise[];
  readonly compared: readonly Compared[];
  /** Of a complete comparison, for the regret. */
  readonly bounds: Bounds;
  /** Checks that did not hold, each as a sentence with the command that repeats the run. */
  readonly failures: readonly string[];
  /** Detail files of runs that were full, and how many rows were left out of each. */
  readonly leftOut: readonly LeftOut[];
  /** Where the files are. */
  readonly folder: string | undefined;
  /** Labels of which results stood there before, and do no longer. */
  readonly replaced: readonly string[];
}

/** Rows that a detail file of a run was too full for. */
export interface LeftOut {
  readonly label: string;
  readonly replication: number;
  readonly file: DetailFile;
  readonly rows: number;
  /** The moment of the first of them, s: of what was before, the file has all. */
  readonly from: number;
}
