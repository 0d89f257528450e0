import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { jsonText, readManifest, sha256 } from '../../output/manifest.ts';
import { guarded, writeWhole } from '../../output/partial-file.ts';
import { type CellResult, CellStore } from './cells.ts';
import { cellAt, cellName, planText, readSweepPlan, type SweepPlan } from './sweep-plan.ts';
import { meansCsv, type PointMean, pointMeans, sweepCsv } from './tables.ts';

/** The whole of a sweep, or what is missing of it. */
export interface Merged {
  readonly plan: SweepPlan;
  /** Absent where cells are missing. */
  readonly means: readonly PointMean[] | undefined;
  readonly missing: readonly string[];
  readonly damaged: readonly string[];
  /** Cells of which two folders hold different results; and checks of runs that did not hold. */
  readonly broken: readonly string[];
}

/**
 * Merges the cells of one plan from the folders in which its shards were run into tables in `out`; they are the same however the cells were divided. Nothing is written
 * where a cell is missing or damaged, or a run is not to be trusted. An {@link InputError} where a folder is no sweep's, or holds another plan.
 */
export function mergeSweep(folders: readonly string[], out: string): Merged {
  const plans = folders.map((folder) => {
    const plan = readSweepPlan(folder);
    if (plan === undefined) throw new InputError(`${folder} is no folder of fenshi sweep: it has no plan.json`);
    return plan;
  });
  const [plan] = plans;
  if (plan === undefined) throw new InputError('merge what? name the folders of the shards');
  const text = planText(plan);
  const others = folders.filter((_, i) => planText(plans[i] as SweepPlan) !== text);
  if (others.length > 0) throw new InputError(`${others.join(', ')}: another plan than that of ${String(folders[0])}: scenario, axes, strategies, plug-ins or version of fenshi differ (plan.json)`); // prettier-ignore

  if (existsSync(out) && readSweepPlan(out) === undefined && readManifest(out) === undefined && readdirSync(out).length > 0)
    throw new InputError(`${out} exists and fenshi did not write it; choose another folder with --out`);

  const stores = folders.map((folder) => new CellStore(folder, false));
  const results: CellResult[] = [];
  const [missing, damaged, broken]: [string[], string[], string[]] = [[], [], []];
  plan.keys.forEach((key, index) => {
    const name = (): string => cellName(plan.paths, cellAt(plan, index));
    const found = stores.map((store) => store.read(key)).filter((result) => result !== undefined);
    const whole = found.filter((result) => result !== 'damaged');
    const [first] = whole;
    if (first === undefined) (found.length > 0 ? damaged : missing).push(name());
    else {
      results.push(first);
      broken.push(...first.failures);
      if (whole.some((other) => JSON.stringify(other) !== JSON.stringify(first)))
        broken.push(`${name()} was run twice and gave two results`);
    }
  });
  if (missing.length + damaged.length + broken.length > 0) return { plan, means: undefined, missing, damaged, broken };

  const means = pointMeans(plan, results);
  guarded(out, () => mkdirSync(resolve(out), { recursive: true }));
  const files = [
    { file: 'sweep.csv', text: sweepCsv(plan, results) },
    { file: 'sweep-means.csv', text: meansCsv(plan, means) },
  ].map((each) => ({ ...each, written: writeWhole(join(out, each.file), each.text) }));
  const { keys, ...about } = plan;
  const runs = results.map(({ key, seed, events, fingerprint }, i) => {
    const { strategy, replication, point } = cellAt(plan, i);
    return { strategy, replication, point, seed, events, fingerprint, key };
  });
  const manifest = {
    ...about,
    status: 'complete',
    plan_sha256: sha256(text),
    cells: keys.length,
    runs,
    files: files.map(({ file, written: { bytes, sha256: hash } }) => ({ file, bytes, sha256: hash })),
  };
  writeWhole(join(out, 'manifest.json'), jsonText(manifest));
  return { plan, means, missing, damaged, broken };
}
