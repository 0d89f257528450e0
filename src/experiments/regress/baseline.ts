import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { InputError } from '../../base/errors.ts';
import { jsonText, sha256 } from '../../output/manifest.ts';
import { guarded, writeWhole } from '../../output/partial-file.ts';
import { putBack, ResultFolder } from '../../output/result-folder.ts';
import type { Decisions } from '../decision-log.ts';
import { version } from '../write-results.ts';
import type { CaseRecord, RunRecord } from './measure.ts';
import type { Suite } from './suite.ts';

/** Version of a baseline's files. */
const baselineSchema = 1;

/** What an earlier version did with a suite. */
export interface Baseline {
  readonly folder: string;
  /** Of fenshi. */
  readonly version: string;
  readonly cases: readonly CaseRecord[];
}

const fileOfWords = (name: string, strategy: string): string => `decisions/${name}/${strategy}.gz`;

const runSchema = z.object({
  case: z.string(),
  strategy: z.string(),
  replication: z.number(),
  seed: z.number(),
  events: z.number(),
  fingerprint: z.string(),
  values: z.record(z.string(), z.number()),
  decisions: z.object({ count: z.number(), hashes: z.array(z.string()) }),
});
const manifestSchema = z.object({
  version: z.string(),
  cases: z.array(z.object({ name: z.string(), sha256: z.string(), resolved_sha256: z.string(), resolved: z.unknown() })),
  runs: z.array(runSchema),
  files: z.array(z.object({ file: z.string(), sha256: z.string() })),
  content_sha256: z.string(),
});

/** The baseline in a folder; undefined where there is none. One that a killed process left between two names is put back. One that cannot be read, is damaged or is of another schema is an {@link InputError}. */
export function readBaseline(folder: string): Baseline | undefined {
  if (!existsSync(folder)) putBack(folder);
  const file = join(folder, 'manifest.json');
  const fail = (why: string): never => {
    throw new InputError(`${folder}: ${why}; --update writes it anew`);
  };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? undefined
      : fail(`manifest.json cannot be read: ${(error as Error).message}`);
  }
  /** What cannot be told from somebody else's folder is not replaced either. */
  const foreign = (why: string): never => {
    throw new InputError(`${folder}: ${why}; bring it back from your version control, or remove it and make it anew with --save-baseline`);
  };
  const { schema, command, ...rest } = parsed(text) ?? foreign('manifest.json is not JSON');
  if (command !== 'baseline') return foreign('is no baseline of fenshi regress');
  if (schema !== baselineSchema)
    return fail(`is a baseline of schema ${String(schema)}, and fenshi ${version} reads schema ${String(baselineSchema)}`);
  const read = manifestSchema.safeParse(rest);
  if (!read.success)
    return fail(`manifest.json is damaged: ${read.error.issues[0]?.path.join('.') ?? ''} ${read.error.issues[0]?.message ?? ''}`);
  const { cases, runs, files, content_sha256: hash } = read.data;
  if (contentHash(rest) !== hash) return fail('manifest.json is damaged: its content is not what was written');
  const wordsOf = (name: string, strategy: string): readonly string[] => {
    const path = fileOfWords(name, strategy);
    const bytes = bytesOf(join(folder, path)) ?? fail(`${path} cannot be read`);
    if (sha256(bytes) !== files.find((each) => each.file === path)?.sha256)
      return fail(`${path} is damaged: its SHA-256 is not the manifest’s`);
    const words = unzipped(bytes) ?? fail(`${path} is damaged: it is not gzip`);
    return words === '' ? [] : words.split('\n');
  };
  return {
    folder,
    version: read.data.version,
    cases: cases.map(({ name, sha256: hash, resolved_sha256, resolved }) => ({
      name,
      sha256: hash,
      resolvedSha256: resolved_sha256,
      resolved,
      runs: runs
        .filter((run) => run.case === name)
        .map(({ case: _, decisions, ...run }): RunRecord => {
          const words = run.replication === 0 ? wordsOf(name, run.strategy) : [];
          return { ...run, decisions: { ...decisions, words } };
        }),
    })),
  };
}

/** SHA-256 of all that was measured. */
const contentHash = ({ cases, runs, files }: Readonly<Record<string, unknown>>): string => sha256(jsonText({ cases, runs, files }));

function unzipped(bytes: Buffer): string | undefined {
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch {
    return undefined;
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function bytesOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Writes what the suite's runs did as its baseline, whole; decisions that are the same keep their bytes, whatever zlib would make of them now. */
export function writeBaseline(suite: Suite, cases: readonly CaseRecord[], before: Baseline | undefined): void {
  const folder = new ResultFolder(suite.baseline, 'baseline');
  try {
    const files = cases.flatMap(({ name, runs }) =>
      runs
        .filter(({ replication }) => replication === 0)
        .map(({ strategy, decisions }) => {
          const file = fileOfWords(name, strategy);
          const old = before?.cases.find((each) => each.name === name)?.runs.find((run) => run.strategy === strategy)?.decisions;
          const kept = old !== undefined && sameDecisions(old, decisions) ? bytesOf(join(suite.baseline, file)) : undefined;
          const bytes = kept ?? gzipSync(decisions.words.join('\n'), { level: 9 });
          const path = join(folder.path, file);
          guarded(path, () => mkdirSync(dirname(path), { recursive: true }));
          writeWhole(path, bytes);
          return { file, bytes: bytes.length, sha256: sha256(bytes) };
        }),
    );
    const manifest = {
      tool: 'fenshi',
      version,
      schema: baselineSchema,
      status: 'complete',
      command: 'baseline',
      cases: cases.map(({ name, sha256: hash, resolvedSha256, resolved }) => ({ name, sha256: hash, resolved_sha256: resolvedSha256, resolved })), // prettier-ignore
      runs: cases.flatMap(({ name, runs }) =>
        runs.map(({ decisions: { count, hashes }, ...run }) => ({ case: name, ...run, decisions: { count, hashes } })),
      ),
      files,
    };
    writeWhole(join(folder.path, 'manifest.json'), jsonText({ ...manifest, content_sha256: contentHash(manifest) }));
    folder.publish('complete', [...new Set(cases.flatMap(({ runs }) => runs.map(({ strategy }) => strategy)))]);
  } finally {
    folder.discard();
  }
}

export const sameDecisions = (a: Decisions, b: Decisions): boolean => a.count === b.count && a.hashes.at(-1) === b.hashes.at(-1);
