import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Version of the files of a result folder. */
export const resultSchema = 1;

const statuses = ['complete', 'interrupted', 'failed'] as const;
export type Status = (typeof statuses)[number];

/** What one run was and whether it can be trusted. */
export interface ManifestRun {
  readonly strategy: string;
  readonly replication: number;
  readonly seed: number;
  readonly events: number;
  readonly fingerprint: string;
  readonly checks: readonly { readonly name: string; readonly held: boolean; readonly detail: string }[];
  readonly planned?: { readonly cores: number; readonly nodes: number | undefined } | undefined;
  readonly notes: readonly string[];
}

/** manifest.json: all that is needed to know what the numbers beside it are, and to make them again. The same on every machine but for `volatile`. */
export interface Manifest {
  readonly tool: 'fenshi';
  readonly version: string;
  readonly schema: number;
  readonly status: Status;
  readonly command: string;
  readonly scenario: {
    readonly name: string;
    readonly file: string;
    /** Of the file's text; absent where the scenario was not read from a file. Files that it extends and traces are covered by the next one. */
    readonly sha256: string | undefined;
    /** Of `resolved` as JSON with two spaces of indent. */
    readonly resolved_sha256: string;
    readonly resolved: unknown;
  };
  /** `--set` as given. */
  readonly set: readonly string[];
  readonly plugins: readonly { readonly file: string; readonly sha256: string }[];
  readonly seed: number;
  readonly replications: number;
  /** What is judged and by how much it must differ; and what was to be known how well, where that decided the number of replications. */
  readonly judging?: { readonly metrics: readonly string[]; readonly margin: number };
  readonly until?: readonly { readonly metric: string; readonly relative: number }[];
  readonly runs: readonly ManifestRun[];
  /** `rows_left_out`: rows that came when the file was full (`results.rows`), the first of them at `left_out_from_s`; absent where there were none. */
  readonly files: readonly {
    readonly file: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly rows_left_out?: number;
    readonly left_out_from_s?: number;
  }[];
  /** Left out of comparisons: differs from machine to machine and from time to time. */
  readonly volatile: {
    readonly node: string;
    readonly platform: string;
    readonly jobs: number;
    readonly started: string;
    readonly wall_s: number;
  };
}

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** JSON with two spaces of indent and a final line feed; numbers that JSON cannot say become text. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, (_key, item: unknown) => (typeof item === 'number' && !Number.isFinite(item) ? String(item) : item), 2)}\n`;
}

/** What every manifest of fenshi's has, whatever its schema version. */
const signature = z.object({
  tool: z.literal('fenshi'),
  status: z.enum(statuses),
  command: z.string().catch(''),
  runs: z.array(z.object({ strategy: z.string() })).catch([]),
});

/** The signature in the manifest of `folder`; undefined where there is none, or none that fenshi wrote. */
export function readManifest(folder: string): z.output<typeof signature> | undefined {
  const file = join(folder, 'manifest.json');
  try {
    if (!statSync(file).isFile()) return undefined;
    return signature.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
