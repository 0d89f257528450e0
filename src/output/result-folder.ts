import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../base/errors.ts';
import { readManifest, type Status } from './manifest.ts';
import { anotherLives } from './processes.ts';
import { flushFolder, guarded } from './partial-file.ts';

/** What is in a folder: costly work is not replaced by something else. */
type Holds = 'results' | 'baseline' | 'sweep';
const nouns: Readonly<Record<Holds, string>> = { results: 'results', baseline: 'a baseline of fenshi regress', sweep: 'a sweep' };
const holding = (command: string | undefined): Holds => (command === 'baseline' || command === 'sweep' ? command : 'results');

/**
 * A result folder in the making. Files go to `path`, a hidden folder beside the target; `publish` swaps it in whole, so that the target is
 * always one experiment's. A target that exists is replaced only if its manifest says that fenshi wrote it.
 */
export class ResultFolder {
  readonly target: string;
  readonly path: string;
  readonly #parent: string;
  readonly #prefix: string;

  readonly #holds: Holds;

  /** Throws an {@link InputError} where `target` is not fenshi's to replace, or holds something else than this one is to. */
  constructor(target: string, holds: Holds = 'results') {
    this.target = target;
    this.#holds = holds;
    const absolute = resolve(target);
    this.#parent = dirname(absolute);
    this.#prefix = prefixOf(absolute);
    requireOurs(target, holds);
    guarded(target, () => mkdirSync(this.#parent, { recursive: true }));
    putBack(target);
    this.path = join(this.#parent, `${this.#prefix}${String(process.pid)}`);
    guarded(target, () => {
      rmSync(this.path, { recursive: true, force: true });
      mkdirSync(this.path);
    });
  }

  /**
   * Swaps the folder with the results of `labels` in and returns where it went, and of which other labels results have gone with what it replaces. Results that
   * are not complete never replace complete ones: those go to `<target>-interrupted` or `<target>-failed`.
   */
  publish(status: Status, labels: readonly string[]): { readonly folder: string; readonly replaced: readonly string[] } {
    const keep = status !== 'complete' && readManifest(this.target)?.status === 'complete';
    const target = keep ? `${this.target}-${status}` : this.target;
    requireOurs(target, this.#holds);
    const before = readManifest(target)?.runs.map(({ strategy }) => strategy) ?? [];
    guarded(target, () => {
      const absolute = resolve(target);
      const old = `${this.path}-old`;
      if (existsSync(absolute)) renameSync(absolute, old);
      renameSync(this.path, absolute);
      flushFolder(this.#parent);
      rmSync(old, { recursive: true, force: true });
    });
    return { folder: target, replaced: [...new Set(before)].filter((label) => !labels.includes(label)) };
  }

  /** Removes what was written so far. */
  discard(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

const prefixOf = (absolute: string): string => `.${basename(absolute)}.partial-`;

/** Removes folders that a killed process left behind beside a result folder. If it died between the two renames, the old results are put back. */
export function putBack(target: string): void {
  const absolute = resolve(target);
  const parent = dirname(absolute);
  if (!existsSync(parent)) return;
  guarded(target, () => {
    for (const name of readdirSync(parent)) {
      const prefix = prefixOf(absolute);
      if (!name.startsWith(prefix) || anotherLives(Number.parseInt(name.slice(prefix.length), 10))) continue;
      const orphan = join(parent, name);
      if (name.endsWith('-old') && !existsSync(absolute)) renameSync(orphan, absolute);
      else rmSync(orphan, { recursive: true, force: true });
    }
  });
}

function requireOurs(target: string, holds: Holds): void {
  if (target.trim() === '') throw new InputError('the name of the result folder is empty; choose one with --out');
  if (!existsSync(target)) return;
  let names: readonly string[];
  try {
    names = readdirSync(target);
  } catch {
    throw new InputError(`${target} exists and is not a folder that can be read; choose another with --out`);
  }
  if (resolve(target) === process.cwd()) throw new InputError(`${target} is the folder you are in; choose another with --out`);
  const manifest = readManifest(target);
  const there = holding(manifest?.command);
  if (manifest !== undefined && there !== holds)
    throw new InputError(`${target} holds ${nouns[there]}, which this would replace by ${nouns[holds]}; choose another folder`);
  if (names.length > 0 && manifest === undefined)
    throw new InputError(
      `${target} exists and fenshi did not write it (it has no manifest of fenshi's); choose another folder with --out, or remove it`,
    );
}
