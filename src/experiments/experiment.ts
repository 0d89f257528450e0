import type { DetailFile } from '../metrics/columns.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../simulation/run.ts';
import type { Baseline, Compared } from './comparison.ts';

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
  readonly compared: readonly Compared[];
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
