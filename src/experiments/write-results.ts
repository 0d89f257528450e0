import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { csvFiles } from '../metrics/columns.ts';
import { csvText } from '../output/csv.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../simulation/run.ts';
import { jsonText, type Manifest, type ManifestRun, resultSchema, sha256, type Status } from '../output/manifest.ts';
import type { WrittenDetail } from '../output/detail-files.ts';
import { type WrittenFile, writeWhole } from '../output/partial-file.ts';
import type { ResultFolder } from '../output/result-folder.ts';
import { comparisonRows } from './comparison.ts';
import type { Experiment } from './experiment.ts';
import type { Given } from './repeat-command.ts';

export interface Results {
  readonly command: 'run' | 'compare';
  readonly experiment: Experiment;
  /** Detail files that the runs have written. */
  readonly files: readonly WrittenDetail[];
  readonly given: Given;
  readonly jobs: number;
  readonly started: Date;
}

/** Version of fenshi, from its package.json. */
export const version = (createRequire(import.meta.url)('../../package.json') as { readonly version: string }).version;

/** Writes summary.csv, compare.csv and at last manifest.json. */
export function writeResults(folder: ResultFolder, results: Results): void {
  const { experiment } = results;
  const summary = csvText('summary', experiment.runs.flatMap((run) => run.summary)); // prettier-ignore
  const own = [writeWhole(join(folder.path, csvFiles.summary.file), summary)];
  own.push(writeWhole(join(folder.path, csvFiles.compare.file), csvText('compare', comparisonRows(experiment.compared, experiment.baseline)))); // prettier-ignore
  writeWhole(join(folder.path, 'manifest.json'), jsonText(manifest(folder, results, [...own, ...results.files])));
}

function manifest(folder: ResultFolder, { command, experiment, given, jobs, started }: Results, files: readonly Written[]): Manifest {
  const { scenario, status, runs, judging, until } = experiment;
  return {
    ...manifestHead(command, status, scenario, given),
    judging,
    ...(until.length > 0 && { until }),
    runs: runs.map(manifestRun),
    ...manifestTail(folder, files, jobs, started),
  };
}

type Written = WrittenFile & Partial<WrittenDetail>;

/** What was run. */
export function manifestHead(
  command: string,
  status: Status,
  scenario: Scenario,
  given: Given,
): Omit<Manifest, 'runs' | 'files' | 'volatile' | 'judging'> {
  const resolved = jsonText(scenario);
  return {
    tool: 'fenshi',
    version,
    schema: resultSchema,
    status,
    command,
    scenario: {
      name: scenario.name,
      file: scenario.file,
      sha256: fileSha256(scenario.file),
      resolved_sha256: sha256(resolved),
      resolved: JSON.parse(resolved) as unknown,
    },
    set: given.set,
    plugins: given.plugins.map((file) => ({ file, sha256: fileSha256(file) ?? '' })),
    seed: scenario.seed,
    replications: scenario.replications,
  };
}

export const manifestRun = ({ label, replication, seed, events, fingerprint, checks, planned, notes }: RunResult): ManifestRun => ({
  strategy: label,
  replication,
  seed,
  events,
  fingerprint,
  checks,
  planned,
  notes,
});

/** What was written, and where and when. */
export function manifestTail(
  folder: ResultFolder,
  files: readonly Written[],
  jobs: number,
  started: Date,
): Pick<Manifest, 'files' | 'volatile'> {
  return {
    files: files.map(({ path, bytes, sha256: hash, leftOut }) => ({
      file: relative(folder.path, path).split(sep).join('/'),
      bytes,
      sha256: hash,
      ...(leftOut && { rows_left_out: leftOut.rows, left_out_from_s: leftOut.from }),
    })),
    volatile: {
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      jobs,
      started: started.toISOString(),
      wall_s: (Date.now() - started.getTime()) / 1000,
    },
  };
}

/** Undefined for a scenario that was not read from a file. */
function fileSha256(file: string): string | undefined {
  try {
    return sha256(readFileSync(file));
  } catch {
    return undefined;
  }
}
