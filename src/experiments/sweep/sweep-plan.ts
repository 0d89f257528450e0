import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../base/errors.ts';
import { jsonText, sha256 } from '../../output/manifest.ts';
import { writeWhole } from '../../output/partial-file.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { version } from '../write-results.ts';
import { checkRequests } from '../request-load.ts';
import { type Bundle, gridOf, pathsOf } from './grid.ts';

/** Version of a sweep's files. */
export const sweepSchema = 1;

/** plan.json of a sweep: what its cells are. The same on every machine for the same scenario, axes, strategies and plug-ins. */
export interface SweepPlan {
  readonly tool: 'fenshi';
  readonly command: 'sweep';
  readonly schema: number;
  readonly version: string;
  readonly scenario: string;
  readonly set: readonly string[];
  readonly plugins: readonly string[];
  readonly paths: readonly string[];
  /** Values of the paths, point by point. */
  readonly points: readonly (readonly string[])[];
  readonly strategies: readonly string[];
  readonly replications: number;
  /** Of every cell: by point, then strategy, then replication. */
  readonly keys: readonly string[];
}

/** One run of a sweep. */
export interface Cell {
  /** SHA-256 of all that the run depends on. */
  readonly key: string;
  readonly point: readonly string[];
  readonly strategy: string;
  readonly replication: number;
}

/** The cell at a place of a plan. */
export function cellAt({ points, strategies, replications, keys }: SweepPlan, index: number): Cell {
  const perPoint = strategies.length * replications;
  return {
    key: keys[index] as string,
    point: points[Math.floor(index / perPoint)] as readonly string[],
    strategy: strategies[Math.floor((index % perPoint) / replications)] as string,
    replication: index % replications,
  };
}

/** `--set` arguments of a point. */
export const setOfPoint = (paths: readonly string[], point: readonly string[]): readonly string[] => paths.map((path, i) => `${path}=${point[i] as string}`); // prettier-ignore

/** What of a cell nobody can mistake for another one's: `cluster.nodes=60, time-share, replication 2`. */
export const cellName = (paths: readonly string[], { point, strategy, replication }: Cell): string =>
  [...setOfPoint(paths, point), strategy, `replication ${String(replication)}`].join(', ');

export interface PlanGiven {
  readonly bundles: readonly Bundle[];
  readonly set: readonly string[];
  /** Labels; undefined: all. */
  readonly strategies: readonly string[] | undefined;
  /** Texts of the plug-in files. */
  readonly plugins: readonly string[];
  readonly onPoint?: ((done: number, of: number) => void) | undefined;
}

/** Points whose mistakes are told. */
const mostTold = 3;

/** Reads the scenario at every point, with `--set` arguments for it; an {@link InputError} tells what is wrong at the first of those that cannot be run. */
export function sweepPlan(
  read: (set: readonly string[]) => Scenario,
  { bundles, set, strategies, plugins, onPoint }: PlanGiven,
): SweepPlan {
  const [paths, points] = [pathsOf(bundles), gridOf(bundles)];
  const hashes = plugins.map((text) => sha256(text));
  const complaints: string[] = [];
  const keys: string[] = [];
  let labels: readonly string[] = [];
  let [scenarioName, replications] = ['', 0];
  points.forEach((point, i) => {
    onPoint?.(i, points.length);
    try {
      const scenario = read(setOfPoint(paths, point));
      checkRequests(scenario);
      const known = scenario.strategies.map(({ label }) => label);
      const unknown = strategies?.filter((label) => !known.includes(label)) ?? [];
      if (unknown.length > 0) throw new InputError(`${scenario.name} has no strategy ${unknown.map((label) => `"${label}"`).join(', ')}; it has ${known.join(', ')}`); // prettier-ignore
      const chosen = known.filter((label) => strategies?.includes(label) ?? true);
      if (keys.length > 0 && (chosen.join() !== labels.join() || scenario.replications !== replications))
        throw new InputError('strategies and replications are the same at every point: name strategies with --strategy, and give --replications'); // prettier-ignore
      [scenarioName, replications, labels] = [scenario.name, scenario.replications, chosen];
      for (const label of labels)
        for (let replication = 0; replication < replications; replication++) keys.push(keyOf(scenario, label, replication, hashes));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      complaints.push(`${setOfPoint(paths, point).join(', ')}:\n${error.message}`);
    }
  });
  if (complaints.length > 0) {
    const more = complaints.length - mostTold;
    throw new InputError([...complaints.slice(0, mostTold), ...(more > 0 ? [`… and at ${String(more)} more of ${String(points.length)} points`] : [])].join('\n')); // prettier-ignore
  }
  return { tool: 'fenshi', command: 'sweep', schema: sweepSchema, version, scenario: scenarioName, set, plugins: hashes, paths, points, strategies: labels, replications, keys }; // prettier-ignore
}

/** SHA-256 of all that the run's rows depend on. */
function keyOf(scenario: Scenario, label: string, replication: number, plugins: readonly string[]): string {
  const strategies = scenario.strategies.filter((use) => use.label === label);
  return sha256(jsonText({ version, plugins, replication, scenario: { ...scenario, file: '', replications: 0, results: { interval: scenario.results.interval }, strategies } })); // prettier-ignore
}

const planSchema = z.object({
  tool: z.literal('fenshi'),
  command: z.literal('sweep'),
  schema: z.number(),
  version: z.string(),
  scenario: z.string(),
  set: z.array(z.string()),
  plugins: z.array(z.string()),
  paths: z.array(z.string()),
  points: z.array(z.array(z.string())),
  strategies: z.array(z.string()),
  replications: z.number(),
  keys: z.array(z.string()),
});

const fileName = 'plan.json';

export const planText = (plan: SweepPlan): string => jsonText(plan);

export function writeSweepPlan(folder: string, plan: SweepPlan): void {
  writeWhole(join(folder, fileName), planText(plan));
}

/** The plan in a folder; undefined where there is none. One that cannot be read is an {@link InputError}. */
export function readSweepPlan(folder: string): SweepPlan | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, fileName), 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new InputError(`${folder}/${fileName} cannot be read: ${message}`);
  }
  const read = planSchema.safeParse(parsed(text));
  if (!read.success) throw new InputError(`${folder}/${fileName} is no plan of fenshi sweep, or is damaged`);
  if (read.data.schema !== sweepSchema)
    throw new InputError(`${folder}/${fileName} is of schema ${String(read.data.schema)}, and fenshi ${version} reads schema ${String(sweepSchema)}`); // prettier-ignore
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
