import { createHash } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { OutputError } from '../base/errors.ts';

/** A file that was written whole: its path, size and SHA-256 in hexadecimal. */
export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * A file that appears under its name only when it is whole: text goes to a temporary file in the same folder; `finish` flushes it to the device,
 * compares its size with what was written, renames it and flushes the folder. Whatever fails throws an {@link OutputError}, and the old file is as it was.
 */
export class PartialFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #hash = createHash('sha256');
  readonly #descriptor: number;
  #bytes = 0;
  #open = true;

  constructor(path: string) {
    this.#path = path;
    this.#temporary = join(dirname(path), `.${basename(path)}.${hostname()}-${String(process.pid)}.partial`);
    this.#descriptor = guarded(path, () => openSync(this.#temporary, 'wx'));
  }

  write(text: string | Uint8Array): void {
    const data = Buffer.from(text);
    this.#try(() => {
      for (let from = 0; from < data.length;) {
        const written = writeSync(this.#descriptor, data, from);
        if (written === 0) throw new Error('nothing more could be written');
        from += written;
      }
    });
    this.#hash.update(data);
    this.#bytes += data.length;
  }

  finish(): WrittenFile {
    this.#try(() => {
      this.#flush();
      renameSync(this.#temporary, this.#path);
      flushFolder(dirname(this.#path));
    });
    return { path: this.#path, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** As `finish` where there is no file of this name; else leaves that as it is. Whether it is this one now. */
  finishNew(): boolean {
    this.#try(() => {
      this.#flush();
    });
    try {
      linkSync(this.#temporary, this.#path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      return guarded(this.#path, () => {
        throw error;
      });
    } finally {
      rmSync(this.#temporary, { force: true });
      guarded(this.#path, () => {
        flushFolder(dirname(this.#path));
      });
    }
  }

  #flush(): void {
    fsyncSync(this.#descriptor);
    const { size } = fstatSync(this.#descriptor);
    if (size !== this.#bytes) throw new Error(`${String(size)} of ${String(this.#bytes)} bytes arrived`);
    this.#close();
  }

  /** Removes what was written so far. After `finish` it does nothing. */
  abandon(): void {
    this.#close();
    rmSync(this.#temporary, { force: true });
  }

  #close(): void {
    if (this.#open) closeSync(this.#descriptor);
    this.#open = false;
  }

  #try(action: () => void): void {
    try {
      guarded(this.#path, action);
    } catch (error) {
      this.abandon();
      throw error;
    }
  }
}

/** An {@link OutputError} where no file can appear at `path`, or where something stands there that is no file and must not be replaced by one. */
export function checkWritable(path: string): void {
  const there = guarded(path, () => lstatSync(path, { throwIfNoEntry: false }));
  if (there && !there.isFile())
    throw new OutputError(`cannot write ${path}: ${there.isDirectory() ? 'it is a folder' : 'it is not a file'}`);
  guarded(path, () => {
    accessSync(dirname(path), constants.W_OK);
  });
}

/** Writes `text` to `path` at once or not at all. */
export function writeWhole(path: string, text: string | Uint8Array): WrittenFile {
  const file = new PartialFile(path);
  file.write(text);
  return file.finish();
}

/** Writes `text` to `path` where there is no such file; false where there is one and its bytes are others. */
export function writeOnce(path: string, text: string): boolean {
  const file = new PartialFile(path);
  file.write(text);
  return file.finishNew() || readFileSync(path, 'utf8') === text;
}

/** Makes the names in a folder durable. */
export function flushFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const explanations: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'no such folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'it exists',
  EFBIG: 'the file would be too large',
  EMFILE: 'too many open files',
};

/** What `action` returns; its failure becomes an {@link OutputError} that names `path`. */
export function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof OutputError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new OutputError(`cannot write ${path}: ${code === undefined ? message : `${explanations[code] ?? message} (${code})`}`, {
      cause: error,
    });
  }
}
