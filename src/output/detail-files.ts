import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '../base/assert.ts';
import { csvFiles, type DetailFile, detailFiles, type Row } from '../metrics/columns.ts';
import type { RowSink } from '../metrics/recorder.ts';
import { csvHeader, csvLines } from './csv.ts';
import { guarded, PartialFile, type WrittenFile } from './partial-file.ts';

/** Rows are turned into text this many at a time (measured: twice as fast as row by row). */
const blockRows = 2000;

/** Streams the detail files of one run into `folder`, each under a temporary name until `finish`. Files of the list are there even without rows. */
export class DetailFiles implements RowSink {
  readonly #open = new Map<DetailFile, { readonly file: PartialFile; rows: Row[] }>();

  constructor(folder: string, files: readonly DetailFile[] = detailFiles) {
    guarded(folder, () => mkdirSync(folder, { recursive: true }));
    try {
      for (const name of files) {
        const file = new PartialFile(join(folder, csvFiles[name].file));
        this.#open.set(name, { file, rows: [] });
        file.write(csvHeader(name));
      }
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Rows of files that are not in the list are dropped. */
  write(name: DetailFile, row: Row): void {
    const open = this.#open.get(name);
    if (!open) return;
    open.rows.push(row);
    if (open.rows.length >= blockRows) this.#flush(name);
  }

  finish(): readonly WrittenFile[] {
    return Array.from(this.#open.keys(), (name) => {
      this.#flush(name);
      return defined(this.#open.get(name), name).file.finish();
    });
  }

  /** Removes what has not been finished. */
  abandon(): void {
    for (const { file } of this.#open.values()) file.abandon();
  }

  #flush(name: DetailFile): void {
    const open = defined(this.#open.get(name), name);
    open.file.write(csvLines(name, open.rows));
    open.rows = [];
  }
}
