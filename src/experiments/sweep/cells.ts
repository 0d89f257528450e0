import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Row } from '../../metrics/columns.ts';
import { anotherLives } from '../../output/processes.ts';
import { sha256 } from '../../output/manifest.ts';
import { guarded, writeOnce, writeWhole } from '../../output/partial-file.ts';

/** What one run of a sweep gave. */
export interface CellResult {
  readonly key: string;
  readonly seed: number;
  readonly events: number;
  readonly fingerprint: string;
  /** Checks that did not hold. */
  readonly failures: readonly string[];
  /** Rows of summary.csv: one per app, then `all`. */
  readonly rows: readonly Row[];
}

const resultSchema = z.object({
  key: z.string(),
  seed: z.number(),
  events: z.number(),
  fingerprint: z.string(),
  failures: z.array(z.string()),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
});

/** Removes the files that killed processes of this machine were writing into a folder. */
export function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = name.includes(`.${hostname()}-`) ? /-(\d+)\.partial$/.exec(name)?.[1] : undefined;
    if (pid !== undefined && !anotherLives(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

/** The cells of a sweep, each in a file of its own under its key: whole or not there. Several processes may write into one folder, also from several machines. */
export class CellStore {
  readonly #folder: string;

  /** In a sweep's folder. Makes it where it is missing, if it is to be `written`; then files that killed processes of this machine left behind are removed. */
  constructor(folder: string, written: boolean) {
    this.#folder = join(folder, 'cells');
    if (!written) return;
    guarded(this.#folder, () => {
      mkdirSync(this.#folder, { recursive: true });
      removeLeftovers(this.#folder);
    });
  }

  /** The result under a key; `damaged` where the file is not what was written. */
  read(key: string): CellResult | 'damaged' | undefined {
    let text: string;
    try {
      text = readFileSync(this.#path(key), 'utf8');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'damaged';
    }
    const [hash = '', body = ''] = text.split('\n');
    if (sha256(body) !== hash) return 'damaged';
    const { data } = resultSchema.safeParse(JSON.parse(body));
    return data?.key === key ? data : 'damaged';
  }

  /** Takes a damaged file out of the way. */
  remove(key: string): void {
    guarded(this.#path(key), () => {
      rmSync(this.#path(key), { force: true });
    });
  }

  /** Keeps a result. Where there is one already it stays; if it is another, both are kept and the path of the second is returned. */
  keep(result: CellResult): string | undefined {
    const body = JSON.stringify(result);
    const text = `${sha256(body)}\n${body}\n`;
    if (writeOnce(this.#path(result.key), text)) return undefined;
    const other = join(this.#folder, `${result.key}.other.json`);
    writeWhole(other, text);
    return other;
  }

  #path(key: string): string {
    return join(this.#folder, `${key}.json`);
  }
}
