import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { betweenMarkers } from '../../bench/between-markers.ts';
import { groups } from '../../bench/measurement.ts';
import { readOptions } from '../../bench/options.ts';
import { root } from '../house/files.ts';

const document = () => readFileSync(join(root, 'docs/performance.md'), 'utf8');

function bench(...words: readonly string[]) {
  const start = ['--conditions=fenshi-src', '--import', 'tsx', 'bench/main.ts'];
  return spawnSync(process.execPath, [...start, ...words], { cwd: root, encoding: 'utf8' });
}

describe('npm run bench', () => {
  it('measures what is asked for, shows it, and leaves the document as it was', () => {
    const before = document();
    const { status, stdout, stderr } = bench('--only', 'csv,hold', '--rounds', '2', '--scale', '1000', '--no-write');
    expect(stderr).toContain('round 2: hold, 100 pending');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^hold +100 pending +5,000 operations/m);
    expect(stdout).toMatch(/^csv +rows of apps.csv +500 rows/m);
    expect(document()).toBe(before);
  });

  it('has a document to write to', () => {
    expect(() => betweenMarkers(document(), '')).not.toThrow();
  });

  it('exits 2 with a sentence for words that it does not know', () => {
    const { status, stderr } = bench('--only', 'holt');
    expect(status).toBe(2);
    expect(stderr).toContain('--only: read "holt": expected one of hold, engine,');
    expect(stderr).toContain('did you mean hold?');
  });

  it.each([
    [['--rounds', '0'], '--rounds: read "0": expected a whole number from 1 to 9,999,999'],
    [['--scale', '1.5'], '--scale: read "1.5"'],
    [['--only', 'csv', '--only', 'hold'], '--only is given 2 times'],
    [['--only'], '--only needs a value'],
    [['--round', '3'], 'unknown option --round; did you mean --rounds?'],
    [['hold'], 'unexpected argument hold'],
  ])('refuses %j', async (args, complaint) => {
    await expect(readOptions(args)).rejects.toThrow(complaint);
  });

  it('writes only a whole run of all groups', async () => {
    expect(await readOptions([])).toEqual({ only: groups, rounds: 3, scale: 1, write: true });
    for (const args of [['--no-write'], ['--scale', '2'], ['--only', 'csv'], ['--only', groups.join(',')]])
      expect(await readOptions(args)).toMatchObject({ write: false });
    expect(await readOptions(['--help'])).toContain('npm run bench -- --only full --rounds 1');
  });
});
