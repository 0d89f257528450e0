import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '../base/assert.ts';
import { type ColumnName, csvFiles, type DetailFile, detailFiles, type Row } from '../metrics/columns.ts';
import type { RowSink } from '../metrics/recorder.ts';
import { csvHeader, csvLines } from './csv.ts';
import { guarded, PartialFile, type WrittenFile } from './partial-file.ts';

/** Rows are turned into text this many at a time (measured: twice as fast as row by row). */
const blockRows = 2000;

/** A detail file, and what was left out of it because it was full: so many rows, of which the first is of the moment `from`, s. */
export interface WrittenDetail extends WrittenFile {
  readonly name: DetailFile;
  readonly leftOut: { readonly rows: number; readonly from: number } | undefined;
}

/** The column by which the rows of a file come in order, and a file that is cut off is whole up to a moment. */
const momentOf = {
  apps: 'from_s',
  operations: 'ordered_s',
  switches: 'ended_s',
  pods: 'to_s',
  nodes: 'from_s',
} as const satisfies { readonly [File in DetailFile]: ColumnName<File> };

interface Open {
  readonly file: PartialFile;
  /** Rows that are not text yet, rows taken, and rows that came when the file was full, the first of them at `from`. */
  rows: Row[];
  taken: number;
  leftOut: number;
  from: number;
}

/** Streams the detail files of one run into `folder`, each under a temporary name until `finish`. Files of the list are there even without rows. Each takes the first `most` rows and counts the others. */
export class DetailFiles implements RowSink {
  readonly #open = new Map<DetailFile, Open>();
  readonly #most: number;

  constructor(folder: string, files: readonly DetailFile[] = detailFiles, most = Infinity) {
    this.#most = most;
    guarded(folder, () => mkdirSync(folder, { recursive: true }));
    try {
      for (const name of files) {
        const file = new PartialFile(join(folder, csvFiles[name].file));
        this.#open.set(name, { file, rows: [], taken: 0, leftOut: 0, from: 0 });
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
    if (open.taken === this.#most) {
      if (open.leftOut++ === 0) open.from = Number(row[momentOf[name]]);
      return;
    }
    open.taken++;
    open.rows.push(row);
    if (open.rows.length >= blockRows) this.#flush(name);
  }

  finish(): readonly WrittenDetail[] {
    return Array.from(this.#open, ([name, { file, leftOut, from }]) => {
      this.#flush(name);
      return { ...file.finish(), name, leftOut: leftOut > 0 ? { rows: leftOut, from } : undefined };
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
