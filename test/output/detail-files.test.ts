import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DetailFiles } from '../../src/output/detail-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-detail-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('detail files', () => {
  it('are written in blocks, in the order of the rows, and are there without rows too', () => {
    const files = new DetailFiles(join(folder, 'a', '0'), ['pods', 'operations']);
    for (let pod = 0; pod < 4500; pod++) files.write('pods', { pod });
    files.write('nodes', { node: 1 });
    expect(readdirSync(join(folder, 'a', '0')).every((name) => name.endsWith('.partial'))).toBe(true);
    const written = files.finish();
    const lines = readFileSync(join(folder, 'a', '0', 'pods.csv'), 'utf8').split('\n');
    expect(lines.length).toBe(4502);
    expect([lines[1], lines[2001], lines[4500]]).toEqual(['0,,,,,,,,', '2000,,,,,,,,', '4499,,,,,,,,']);
    expect(readdirSync(join(folder, 'a', '0')).sort()).toEqual(['operations.csv', 'pods.csv']);
    expect(written.map(({ path, bytes }) => statSync(path).size - bytes)).toEqual([0, 0]);
  });

  it.each([
    ['one row less than it holds', 2999, 2999, 0],
    ['as many as it holds', 3000, 3000, 0],
    ['one more', 3001, 3000, 1],
  ])('take their first rows and count the others: %s', (_, came, taken, leftOut) => {
    const files = new DetailFiles(folder, ['pods', 'operations'], 3000);
    for (let pod = 1; pod <= came; pod++) files.write('pods', { pod, to_s: pod / 2 });
    files.write('operations', { operation: 0 }); // has rows of its own
    const written = files.finish();
    expect(written.map((file) => [file.name, file.leftOut])).toEqual([
      ['pods', leftOut === 0 ? undefined : { rows: leftOut, from: 1500.5 }],
      ['operations', undefined],
    ]);
    const rows = readFileSync(join(folder, 'pods.csv'), 'utf8').split('\n').slice(1, -1);
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([taken, '1,,,,,,,0.5,', `${String(taken)},,,,,,,${String(taken / 2)},`]);
  });

  it('leave no file when they are abandoned', () => {
    const files = new DetailFiles(folder);
    files.write('pods', { pod: 1 });
    files.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });
});
