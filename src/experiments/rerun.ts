import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../base/errors.ts';
import { jsonText, resultSchema, sha256 } from '../output/manifest.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Judging } from './comparison.ts';
import type { Experiment, ExperimentOptions } from './experiment.ts';
import { compare, replicate } from './run-experiment.ts';
import { changes } from './regress/changes.ts';
import { version } from './write-results.ts';

const schema = z.object({
  tool: z.literal('fenshi'),
  version: z.string(),
  schema: z.number(),
  status: z.string(),
  command: z.string(),
  scenario: z.object({ file: z.string(), sha256: z.string().optional(), resolved_sha256: z.string(), resolved: z.unknown() }),
  set: z.array(z.string()),
  plugins: z.array(z.object({ file: z.string(), sha256: z.string() })),
  replications: z.number(),
  judging: z.object({ metrics: z.array(z.string()), margin: z.number() }),
  runs: z.array(z.object({ strategy: z.string() })).min(1),
  files: z.array(z.object({ file: z.string(), sha256: z.string() })),
});

/** A manifest of `run` or `compare`, as far as it says how to make its results again. */
export type Repeatable = z.output<typeof schema>;

/** Reads manifest.json, or that of a result folder. An {@link InputError} where it is none of a complete `run` or `compare`. */
export function readRepeatable(path: string): Repeatable {
  const fail = (why: string): never => {
    throw new InputError(`${path}: ${why}`);
  };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(statSync(path).isDirectory() ? join(path, 'manifest.json') : path, 'utf8'));
  } catch (error) {
    return fail(error instanceof SyntaxError ? 'is not JSON' : `cannot be read: ${(error as Error).message}`);
  }
  const head = z.object({ tool: z.literal('fenshi'), command: z.string(), schema: z.number() }).safeParse(value);
  if (!head.success) return fail('is no manifest of fenshi');
  const { command, schema: number } = head.data;
  if (command !== 'run' && command !== 'compare') return fail(`is a manifest of ${command}; rerun takes those of run and compare`);
  if (number !== resultSchema) return fail(`is of schema ${String(number)}, and fenshi ${version} reads schema ${String(resultSchema)}`);
  const { data, error } = schema.safeParse(value);
  if (data === undefined) return fail(`is damaged: ${error.issues[0]?.path.join('.') ?? ''} ${error.issues[0]?.message ?? ''}`);
  return data.status === 'complete' ? data : fail(`is of results that are ${data.status}`);
}

/** Most values of the scenario that are told. */
const mostTold = 10;

/** Which inputs are not what they were, each as a sentence. `scenario`: as it is read now, with the same `--set`. */
export function changedInputs(manifest: Repeatable, scenario: Scenario): readonly string[] {
  const text = jsonText({ ...scenario, replications: manifest.replications });
  const same = sha256(text) === manifest.scenario.resolved_sha256;
  const values = same ? [] : changes(manifest.scenario.resolved, JSON.parse(text));
  const told = values.slice(0, mostTold).map(({ path, before = 'absent', now = 'absent' }) => `\n  ${path}: ${before}, now ${now}`);
  const more = values.length > mostTold ? `\n  and ${String(values.length - mostTold)} more` : '';
  const file = hashOf(manifest.scenario.file) === manifest.scenario.sha256 ? 'means something else than it did (what it extends or reads, or a default, has changed)' : 'has changed'; // prettier-ignore
  return [
    ...(version === manifest.version ? [] : [`fenshi was ${manifest.version} and is ${version}`]),
    ...(same ? [] : [`${manifest.scenario.file} ${file}:${told.join('')}${more}`]),
    ...manifest.plugins
      .filter((plugin) => hashOf(plugin.file) !== plugin.sha256)
      .map((plugin) => `${plugin.file} has ${hashOf(plugin.file) === undefined ? 'gone' : 'changed'}`),
  ];
}

function hashOf(file: string): string | undefined {
  try {
    return sha256(readFileSync(file));
  } catch {
    return undefined;
  }
}

/** What came of making results again. */
export interface Rerun {
  readonly experiment: Experiment;
  readonly files: number;
  /** Files that are not the same bytes, or that are there only before or only now. */
  readonly differing: readonly string[];
}

/** Makes the results of a manifest again, in `out` or where nobody sees them, and compares every file. */
export async function rerun(manifest: Repeatable, scenario: Scenario, options: ExperimentOptions): Promise<Rerun> {
  const { command, runs, replications, judging, plugins, set, files } = manifest;
  const hidden = options.out === undefined ? mkdtempSync(join(tmpdir(), 'fenshi-rerun-')) : undefined;
  try {
    const out = options.out ?? join(hidden as string, 'results');
    const again = { ...options, out, set, plugins: plugins.map(({ file }) => file), judging: judging as Judging };
    const whole = { ...scenario, replications };
    const experiment = await (command === 'run'
      ? replicate(whole, runs[0]?.strategy ?? '', again)
      : compare(whole, again, [...new Set(runs.map(({ strategy }) => strategy))]));
    if (experiment.status !== 'complete') return { experiment, files: files.length, differing: [] };
    const now = schema.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).files;
    const names = [...new Set([...files, ...now].map(({ file }) => file))];
    const hash = (list: Repeatable['files'], name: string): string | undefined => list.find(({ file }) => file === name)?.sha256;
    return { experiment, files: files.length, differing: names.filter((name) => hash(files, name) !== hash(now, name)) };
  } finally {
    if (hidden !== undefined) rmSync(hidden, { recursive: true, force: true });
  }
}
