import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { csvFiles, type RowOf } from '../../metrics/columns.ts';
import { csvText } from '../../output/csv.ts';
import { jsonText, resultSchema, sha256, type Status } from '../../output/manifest.ts';
import { writeWhole } from '../../output/partial-file.ts';
import { ResultFolder } from '../../output/result-folder.ts';
import { confidenceInterval, confidenceLevel } from '../../stats/interval.ts';
import { unitOf } from '../metric.ts';
import { version } from '../write-results.ts';
import type { Moved, Outcome, Regression } from './regress.ts';

/** Rows of regress.csv. */
export const regressionRows = ({ cases }: Regression): readonly RowOf<'regress'>[] =>
  cases.flatMap(({ strategies }) => strategies.flatMap(({ behaviour, metrics }) => metrics.map((moved) => row(moved, behaviour?.changed.length ?? 0)))); // prettier-ignore

function row(
  { case: scenario, strategy, metric, before, now, differences, judgement, unpaired }: Moved,
  changed: number,
): RowOf<'regress'> {
  const { said, margin, test, outlier } = judgement;
  const difference = differences.length === 0 ? undefined : confidenceInterval(differences);
  return {
    scenario,
    strategy,
    runs_changed: changed,
    metric,
    unit: unitOf(metric),
    replications: differences.length,
    before: unpaired > 0 ? undefined : before,
    now: unpaired > 0 ? undefined : now,
    difference_mean: difference?.mean,
    difference_half_width: difference?.halfWidth,
    difference_percent: before === 0 ? undefined : (100 * (now - before)) / Math.abs(before),
    margin,
    level: confidenceLevel,
    method: test && (test.method === 'sign flip' ? 'sign-flip' : 'paired-t'),
    p_value: test?.p,
    p_adjusted: test?.adjusted,
    verdict: said,
    replications_needed: test?.needed,
    outlier,
  };
}

/** A further file of the result folder. */
export interface Report {
  readonly file: string;
  readonly text: string;
}

/** Writes regress.csv, the reports and at last manifest.json; returns the folder. */
export function writeRegression(out: string, regression: Regression, reports: readonly Report[]): string {
  const { suite, baseline, cases, speed, verdict } = regression;
  const texts = [{ file: csvFiles.regress.file, text: csvText('regress', regressionRows(regression)) }, ...reports];
  return write(out, texts, {
    status: 'complete',
    suite: { file: suite.file, sha256: sha256(readFileSync(suite.file)) },
    baseline: { folder: baseline.folder, version: baseline.version },
    verdict,
    ...(speed && { speed: { other: speed.other, before_s: speed.before, now_s: speed.now, said: speed.judgement.said } }),
    runs: cases.flatMap(({ name, strategies, broken }) => [
      ...broken.map(({ strategy }) => ({ case: name, strategy, changed: 'breaks off' as const })),
      ...strategies.map(({ strategy, behaviour }) => ({ case: name, strategy, changed: behaviour?.changed ?? [] })),
    ]),
  });
}

/** Writes that a suite came to no verdict, or that what it does now was accepted as its baseline, in the place of what an earlier one said; returns the folder. */
export const writeWithoutComparison = (out: string, suite: string, verdict: 'undecided' | 'accepted', reports: readonly Report[]): string =>
  write(out, reports, { status: verdict === 'accepted' ? 'complete' : 'failed', suite: { file: suite }, verdict, runs: [] });

/** What the manifest says beside the files. */
interface Said {
  readonly status: Status;
  readonly suite: { readonly file: string; readonly sha256?: string };
  readonly verdict: Outcome | 'accepted';
  readonly baseline?: Regression['baseline'];
  readonly speed?: object;
  readonly runs: readonly { readonly case: string; readonly strategy: string; readonly changed: readonly number[] | 'breaks off' }[];
}

/** Whatever the folder said before is not so any more: it is replaced also by what failed. */
function write(out: string, texts: readonly Report[], what: Said): string {
  const folder = new ResultFolder(out);
  try {
    const files = texts.map(({ file, text }) => writeWhole(join(folder.path, file), text));
    const manifest = {
      tool: 'fenshi',
      version,
      schema: resultSchema,
      command: 'regress',
      ...what,
      files: files.map(({ path, bytes, sha256: hash }) => ({ file: basename(path), bytes, sha256: hash })),
    };
    writeWhole(join(folder.path, 'manifest.json'), jsonText(manifest));
    return folder.publish('complete', what.runs.map(({ strategy }) => strategy)).folder; // prettier-ignore
  } finally {
    folder.discard();
  }
}
