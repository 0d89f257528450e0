import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readScenario } from '../../src/scenario/read.ts';
import { ScenarioError } from '../../src/scenario/scenario-error.ts';
import { catalog, changed, least } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'fenshi-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const complaint = (path: string): string => {
  try {
    readScenario(path, { catalog });
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.replaceAll(folder, 'D');
    throw error;
  }
  return 'read without complaint';
};

describe('a scenario file', () => {
  it('is read with or without a byte order mark, and through a symbolic link', () => {
    const path = put('a.yaml', least);
    symlinkSync(path, join(folder, 'link.yaml'));
    expect(readScenario(path, { catalog, set: ['seed=9'] })).toMatchObject({ name: 'mine', file: path, seed: 9 });
    expect(readScenario(join(folder, 'link.yaml'), { catalog }).name).toBe('mine');
    expect(readScenario(put('bom.yaml', `\ufeff${least}`), { catalog }).name).toBe('mine');
  });

  it('with a byte order mark has its places where editors see them', () => {
    expect(complaint(put('bom2.yaml', `\ufeff${changed(least, 'name: mine', 'name: 3')}`))).toContain(
      'D/bom2.yaml:1:7 name: read 3: expected a name',
    );
  });

  it('must be there', () => {
    expect(complaint(join(folder, 'none.yaml'))).toBe('D/none.yaml: does not exist');
    expect(complaint(join(folder, 'a.yaml', 'x.yaml'))).toBe('D/a.yaml/x.yaml: does not exist: a part of its path is a file');
  });

  it('must be a regular file: what could block is never opened', () => {
    mkdirSync(join(folder, 'sub'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    symlinkSync('loop', join(folder, 'loop'));
    expect(complaint(join(folder, 'sub'))).toBe('D/sub: is a directory: expected a file');
    expect(complaint(join(folder, 'pipe'))).toBe('D/pipe: is a named pipe: expected a file');
    expect(complaint('/dev/zero')).toBe('/dev/zero: is a device: expected a file');
    expect(complaint(join(folder, 'loop'))).toBe('D/loop: is a symbolic link that leads to itself');
  });

  it('has at most 1 MiB', () => {
    const path = put('big.yaml', `${least}#`);
    truncateSync(path, 1024 * 1024 + 1);
    expect(complaint(path)).toBe('D/big.yaml: has 1.1 MiB: at most 1 MiB are read');
  });

  it('must be UTF-8 text', () => {
    expect(complaint(put('binary', Uint8Array.of(1, 2, 0, 3)))).toBe('D/binary: is not text: it holds a zero byte');
    expect(complaint(put('utf16', Buffer.from(`\ufeff${least}`, 'utf16le')))).toBe(
      'D/utf16: is not text: it holds a zero byte (UTF-16? save it as UTF-8)',
    );
    expect(complaint(put('packed', Uint8Array.of(0x1f, 0x8b, 8, 0)))).toBe('D/packed: is compressed (gzip): unpack it first');
    expect(complaint(put('latin1', Buffer.from('name: caf\u00e9', 'latin1')))).toBe('D/latin1: is not UTF-8 text');
  });

  it('finds what it extends and its traces beside itself', () => {
    put(
      'base.yaml',
      changed(
        least,
        'pulse: { at: 00:00, rise: 30s, hold: 5m, halve: 7m, peak: 40000/s, base: 2000/s }',
        'trace: { file: t.csv, unit: per-second }',
      ),
    );
    put('t.csv', 'timestamp,value\n0,5\n21600,7\n');
    const path = put('child.yaml', 'extends: base.yaml\n');
    expect(readScenario(path, { catalog }).apps[0]?.traffic).toMatchObject({ kind: 'trace', rates: [5, 7] });
    expect(complaint(put('bad-child.yaml', 'extends: [base.yaml, sub]\n'))).toContain(
      'D/bad-child.yaml:1:22 extends: D/sub is a directory: expected a file',
    );
    rmSync(join(folder, 't.csv'));
    expect(complaint(path)).toContain('apps.shop.traffic.trace.file: D/t.csv does not exist');
    execFileSync('mkfifo', [join(folder, 't.csv')]);
    expect(complaint(path)).toContain('apps.shop.traffic.trace.file: D/t.csv is a named pipe: expected a file');
    rmSync(join(folder, 't.csv'));
    for (const [content, said] of [
      [Uint8Array.of(0x1f, 0x8b, 8, 0), 'is compressed (gzip): unpack it first'],
      [Buffer.from('\ufefftimestamp,value\n', 'utf16le'), 'is not text: it holds a zero byte (UTF-16? save it as UTF-8)'],
      [Buffer.from('timestamp,value\n0,caf\u00e9\n', 'latin1'), 'is not UTF-8 text'],
      ['', 'is empty; expected a header and rows'],
    ] as const) {
      put('t.csv', content);
      expect(complaint(path)).toContain(said);
    }
    // In pieces, a character across the border of two of them: 12 h of rows longer than a piece.
    const words = (length: number) => '\u5206'.repeat(length);
    put(
      't.csv',
      `\ufefftimestamp,value,${words(3)}\n${Array.from({ length: 13 }, (_, i) => `${String(i * 3600)},${String(i)},${words(15_000 + i)}\n`).join('')}`,
    );
    expect(readScenario(path, { catalog }).apps[0]?.traffic).toMatchObject({ rates: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] });
  });
});
