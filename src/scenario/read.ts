import { readFileSync, statSync } from 'node:fs';
import type { ScenarioSource } from './layers.ts';
import { decodeScenario, type Decoded } from './decode.ts';
import type { Scenario } from './scenario.ts';
import { ScenarioError } from './scenario-error.ts';
import type { Catalog } from './strategy-uses.ts';

/** Largest files that are read. */
const mostBytes = { scenario: 1024 * 1024, trace: 64 * 1024 * 1024 } as const;

export interface ReadOptions {
  /** `--set PATH=VALUE` arguments, in their order. */
  readonly set?: readonly string[] | undefined;
  readonly catalog: Catalog;
}

/** Reads and decodes the scenario in the file at `path`; throws a {@link ScenarioError}. The only place of this room that reads files. */
export const readScenario = (path: string, options: ReadOptions): Scenario => readDecoded(path, options).scenario;

/** As {@link readScenario}, with the warnings and the origin of every value. */
export function readDecoded(path: string, { set, catalog }: ReadOptions): Decoded {
  return decodeScenario(sourceAt(path, set), catalog);
}

function sourceAt(path: string, set: readonly string[] | undefined): ScenarioSource {
  const opened = openFile(path, 'scenario');
  if ('error' in opened)
    throw new ScenarioError([
      { path: [], message: opened.error.replace(`${path} `, ''), place: { source: { kind: 'file', name: path, text: '' } } },
    ]);
  return { file: path, text: opened.text, set, open: openFile };
}

/**
 * The text of a regular file of at most 1 MiB (a trace: 64 MiB) in UTF-8, with or without a byte order mark; or why there is none. What is no regular file is
 * never opened: reading a pipe or a device could wait for ever.
 */
export function openFile(path: string, what: keyof typeof mostBytes): { readonly text: string } | { readonly error: string } {
  try {
    const stat = statSync(path);
    if (!stat.isFile())
      return {
        error: `${path} is ${stat.isDirectory() ? 'a directory' : stat.isFIFO() ? 'a named pipe' : stat.isSocket() ? 'a socket' : 'a device'}: expected a file`,
      };
    if (stat.size > mostBytes[what])
      return { error: `${path} has ${mebibytes(stat.size)}: at most ${mebibytes(mostBytes[what])} are read` };
    return decodeText(path, readFileSync(path));
  } catch (error) {
    return { error: `${path} ${reason(error)}` };
  }
}

function decodeText(path: string, bytes: Uint8Array): { readonly text: string } | { readonly error: string } {
  if (bytes.includes(0))
    return {
      error: `${path} is not text: it holds a zero byte${bytes[0] === 0xff || bytes[0] === 0xfe ? ' (UTF-16? save it as UTF-8)' : ''}`,
    };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { error: `${path} is not UTF-8 text` };
  }
}

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return 'does not exist';
    case 'ENOTDIR':
      return 'does not exist: a part of its path is a file';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read: permission denied';
    case 'ELOOP':
      return 'is a symbolic link that leads to itself';
    case 'ENAMETOOLONG':
      return 'has too long a name';
    default:
      return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const mebibytes = (bytes: number): string => `${String(Math.ceil((bytes / (1024 * 1024)) * 10) / 10)} MiB`;
