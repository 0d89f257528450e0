import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvariantError } from '../../src/base/assert.ts';
import { csvFiles, type Row } from '../../src/metrics/columns.ts';
import { DetailFiles } from '../../src/output/detail-files.ts';
import { Streams } from '../../src/random/streams.ts';
import type { KernelResult } from '../usage-file.ts';
import { timed } from './timed.ts';

/** Different rows, gone through again and again. */
const different = 1000;

/** Writes rows of `apps.csv` the way a run does: text, SHA-256, file, flush to the device, rename. */
export function csv(rowsText: string): KernelResult {
  const folder = mkdtempSync(join(tmpdir(), 'fenshi-bench-csv-'));
  try {
    const rows = typicalRows();
    const count = Number(rowsText);
    const { cpuSeconds, result } = timed(() => {
      const files = new DetailFiles(folder, ['apps']);
      for (let i = 0; i < count; i++) files.write('apps', rows[i % different] ?? {});
      return files.finish();
    });
    const [file] = result;
    if (file === undefined) throw new InvariantError('no file was written');
    return {
      work: count,
      cpuSeconds,
      hash: file.sha256,
      note: `${(file.bytes / cpuSeconds / 1e6).toFixed(0)} MB/s, ${(file.bytes / count).toFixed(0)} B a row`,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Rows as those of double11-full: rates and cores with fractions, pods and times whole, most of what goes wrong 0. */
function typicalRows(): readonly Row[] {
  const uniform = new Streams(11).stream('csv');
  const zero = new Set(['retried_per_s', 'rejected_per_s', 'overflowed_per_s', 'timed_out_per_s', 'backlog', 'exposure_s']);
  return Array.from({ length: different }, (_, index): Row => {
    const cells = csvFiles.apps.columns.map(({ name, unit }): readonly [string, string | number] => {
      if (name === 'app') return [name, `pay-${String(index % 100)}`];
      if (name === 'zone') return [name, `hz-${index % 2 === 0 ? 'a' : 'b'}`];
      if (name === 'from_s' || name === 'to_s') return [name, index * 600];
      if (zero.has(name)) return [name, 0];
      return [name, unit === 'pods' ? Math.floor(uniform() * 2000) : uniform() * 20_000];
    });
    return Object.fromEntries(cells);
  });
}
