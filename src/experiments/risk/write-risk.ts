import { join } from 'node:path';
import { csvFiles, type RowOf } from '../../metrics/columns.ts';
import { csvText } from '../../output/csv.ts';
import { jsonText } from '../../output/manifest.ts';
import { writeWhole } from '../../output/partial-file.ts';
import { ResultFolder } from '../../output/result-folder.ts';
import { defaultJobs } from '../jobs.ts';
import type { Given } from '../repeat-command.ts';
import { manifestHead, manifestRun, manifestTail } from '../write-results.ts';
import { type Risk, riskMetrics, riskOf } from './risk.ts';

/** Rows of risk.csv. */
export const riskRows = ({ worlds }: Risk): readonly RowOf<'risk'>[] =>
  worlds.flatMap(({ variation, runs }) =>
    runs.map((run) => ({
      variation: variation === '' ? undefined : variation,
      strategy: run.label,
      replication: run.replication,
      seed: run.seed,
      ...Object.fromEntries(riskMetrics.map((metric) => [metric, riskOf(run, metric)])),
    })),
  );

/** Writes risk.csv and at last manifest.json; returns the folder. */
export function writeRisk(out: string, risk: Risk, given: Given, jobs: number | undefined, started: Date): string {
  const folder = new ResultFolder(out);
  try {
    const files = [writeWhole(join(folder.path, csvFiles.risk.file), csvText('risk', riskRows(risk)))];
    const status = risk.failures.length > 0 ? 'failed' : 'complete';
    const asked = { strategy: risk.options.strategy, sensitivity: risk.options.sensitivity };
    const runs = risk.worlds.flatMap(({ variation, runs: all }) => all.map((run) => ({ ...manifestRun(run), variation })));
    writeWhole(join(folder.path, 'manifest.json'), jsonText({ ...manifestHead('risk', status, risk.scenario, given), asked, runs, ...manifestTail(folder, files, jobs ?? defaultJobs(), started) })); // prettier-ignore
    return folder.publish(status, [risk.options.strategy]).folder;
  } finally {
    folder.discard();
  }
}
