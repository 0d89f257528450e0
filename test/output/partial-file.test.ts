import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputError } from '../../src/base/errors.ts';
import { sha256 } from '../../src/output/manifest.ts';
import { PartialFile, writeWhole } from '../../src/output/partial-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-output-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a partial file', () => {
  it('appears under its name only when it is finished', () => {
    const path = join(folder, 'a.csv');
    writeFileSync(path, 'old');
    const file = new PartialFile(path);
    file.write('one\n');
    file.write('分\n');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(file.finish()).toEqual({ path, bytes: 8, sha256: sha256('one\n分\n') });
    expect(readFileSync(path, 'utf8')).toBe('one\n分\n');
    expect(readdirSync(folder)).toEqual(['a.csv']);
  });

  it('leaves nothing behind when it is abandoned', () => {
    const file = new PartialFile(join(folder, 'a.csv'));
    file.write('one\n');
    file.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names the file and the reason when the folder is missing', () => {
    const path = join(folder, 'missing', 'a.csv');
    expect(() => writeWhole(path, 'x')).toThrow(OutputError);
    expect(() => writeWhole(path, 'x')).toThrow(`cannot write ${path}: no such folder (ENOENT)`);
  });

  it('keeps the old target when it cannot take its place', () => {
    mkdirSync(join(folder, 'a.csv', 'inside'), { recursive: true });
    expect(() => writeWhole(join(folder, 'a.csv'), 'x')).toThrow(OutputError);
    expect(readdirSync(folder)).toEqual(['a.csv']);
    expect(existsSync(join(folder, 'a.csv', 'inside'))).toBe(true);
  });

  const mounted = mountTiny();
  it.skipIf(mounted === undefined)('leaves the old target as it was on a full disk (skipped where a small tmpfs cannot be mounted)', () => {
    const disk = mounted as string;
    try {
      const path = join(disk, 'a.csv');
      writeFileSync(path, 'old');
      expect(() => writeWhole(path, 'x'.repeat(200_024))).toThrow(`cannot write ${path}: no space left on the device (ENOSPC)`);
      expect(readFileSync(path, 'utf8')).toBe('old');
      expect(readdirSync(disk)).toEqual(['a.csv']);
    } finally {
      spawnSync('umount', [disk]);
      rmSync(disk, { recursive: true, force: true });
    }
  });
});

/** A tmpfs of 64 KiB, where this user may mount one. */
function mountTiny(): string | undefined {
  const disk = mkdtempSync(join(tmpdir(), 'fenshi-tmpfs-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status === 0) return disk;
  rmSync(disk, { recursive: true, force: true });
  return undefined;
}
