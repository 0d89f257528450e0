import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { InputError } from '../base/errors.ts';

/** Largest scenario file that is read. */
const mostBytes = 1024 * 1024;
/** Bytes of a long file that are in memory at once. */
const chunkBytes = 256 * 1024;

/**
 * The text of a regular file of at most 1 MiB in UTF-8, with or without a byte order mark; or why there is none. What is no regular file is
 * never opened: reading a pipe or a device could wait for ever.
 */
export function openFile(path: string): { readonly text: string } | { readonly error: string } {
  try {
    const size = regularSize(path);
    if (size > mostBytes) throw new InputError(`has ${mebibytes(size)}: at most ${mebibytes(mostBytes)} are read`);
    return { text: [...decoded([readFileSync(path)])].join('') };
  } catch (error) {
    return { error: `${path} ${reason(error)}` };
  }
}

/**
 * The text of a regular file of any length in UTF-8, piece by piece, read as far as it is asked for; or why there is none. What is wrong with
 * bytes further on is thrown as an {@link InputError} when they are reached.
 */
export function streamFile(path: string): { readonly chunks: Iterable<string> } | { readonly error: string } {
  try {
    regularSize(path);
    closeSync(openSync(path, 'r'));
  } catch (error) {
    return { error: `${path} ${reason(error)}` };
  }
  return { chunks: named(path, decoded(bytesOf(path))) };
}

function regularSize(path: string): number {
  const stat = statSync(path);
  if (stat.isFile()) return stat.size;
  const kind = stat.isDirectory() ? 'directory' : stat.isFIFO() ? 'named pipe' : stat.isSocket() ? 'socket' : 'device';
  throw new InputError(`is a ${kind}: expected a file`);
}

/** One buffer, filled again and again. */
function* bytesOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    const buffer = new Uint8Array(chunkBytes);
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) yield buffer.subarray(0, read);
  } finally {
    closeSync(file);
  }
}

/** What `chunks` complain about is said of `path`. */
function* named(path: string, chunks: Iterable<string>): Generator<string> {
  try {
    yield* chunks;
  } catch (error) {
    throw new InputError(`${path} ${reason(error)}`, { cause: error });
  }
}

function* decoded(pieces: Iterable<Uint8Array>): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let head = true;
  for (const bytes of pieces) {
    if (head && bytes[0] === 0x1f && bytes[1] === 0x8b) throw new InputError('is compressed (gzip): unpack it first');
    const utf16 = head && (bytes[0] === 0xff || bytes[0] === 0xfe);
    if (bytes.includes(0)) throw new InputError(`is not text: it holds a zero byte${utf16 ? ' (UTF-16? save it as UTF-8)' : ''}`);
    head = false;
    yield utf8(() => decoder.decode(bytes, { stream: true }));
  }
  yield utf8(() => decoder.decode());
}

function utf8(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw new InputError('is not UTF-8 text');
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
    case 'ERR_INVALID_ARG_VALUE':
      return 'is no name of a file: it holds a zero character';
    case 'ENAMETOOLONG':
      return 'has too long a name';
    default:
      return error instanceof InputError ? error.message : `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const mebibytes = (bytes: number): string => `${String(Math.ceil((bytes / (1024 * 1024)) * 10) / 10)} MiB`;
