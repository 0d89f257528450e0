import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.ts';
import { jsonText } from '../../src/output/manifest.ts';
import { ResultFolder } from '../../src/output/result-folder.ts';

let parent: string;
let target: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'fenshi-folder-'));
  target = join(parent, 'double11');
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

type Status = 'complete' | 'interrupted' | 'failed';

/** Publishes a folder with one file and a manifest. */
function publish(text: string, status: Status = 'complete'): string {
  const folder = new ResultFolder(target);
  writeFileSync(join(folder.path, 'summary.csv'), text);
  writeFileSync(join(folder.path, 'manifest.json'), jsonText({ tool: 'fenshi', status, runs: [{ strategy: text }, { strategy: 'ours' }] }));
  return folder.publish(status, ['ours']).folder;
}
const read = (folder = target): string => readFileSync(join(folder, 'summary.csv'), 'utf8');

describe('a result folder', () => {
  it('is swapped in whole and leaves nothing beside it', () => {
    publish('one');
    const folder = new ResultFolder(target);
    writeFileSync(join(folder.path, 'manifest.json'), jsonText({ tool: 'fenshi', status: 'complete' }));
    expect(read()).toBe('one');
    folder.publish('complete', ['ours']);
    expect(readdirSync(target)).toEqual(['manifest.json']);
    expect(readdirSync(parent)).toEqual(['double11']);
  });

  it('tells whose results it takes the place of', () => {
    publish('theirs');
    const folder = new ResultFolder(target);
    expect(folder.publish('complete', ['ours', 'new'])).toEqual({ folder: target, replaced: ['theirs'] });
  });

  it('is made with its parents', () => {
    target = join(parent, 'a', 'b', 'double11');
    publish('one');
    expect(read()).toBe('one');
  });

  it('replaces an empty folder, and none that fenshi did not write', () => {
    mkdirSync(target);
    publish('one');
    expect(read()).toBe('one');
    rmSync(join(target, 'manifest.json'));
    expect(() => new ResultFolder(target)).toThrow(InputError);
    expect(() => new ResultFolder(target)).toThrow('fenshi did not write it');
    writeFileSync(join(target, 'manifest.json'), '{"tool":"other","status":"complete"}');
    expect(() => new ResultFolder(target)).toThrow('fenshi did not write it');
    expect(read()).toBe('one');
  });

  it('does not take a file for a folder', () => {
    writeFileSync(target, 'mine');
    expect(() => new ResultFolder(target)).toThrow('is not a folder');
    expect(readFileSync(target, 'utf8')).toBe('mine');
  });

  it('puts interrupted and failed results beside complete ones, never in their place', () => {
    expect(publish('partial', 'interrupted')).toBe(target);
    expect(publish('whole')).toBe(target);
    expect(publish('partial', 'interrupted')).toBe(`${target}-interrupted`);
    expect(publish('wrong', 'failed')).toBe(`${target}-failed`);
    expect([read(), read(`${target}-interrupted`), read(`${target}-failed`)]).toEqual(['whole', 'partial', 'wrong']);
  });

  it('leaves the old results alone when it is discarded', () => {
    publish('one');
    new ResultFolder(target).discard();
    expect(read()).toBe('one');
    expect(readdirSync(parent)).toEqual(['double11']);
  });

  // Process numbers above 2^22 do not occur on Linux.
  it('removes what a killed process left, and puts back results that it had moved away', () => {
    mkdirSync(join(parent, '.double11.partial-99999999'));
    mkdirSync(join(parent, '.double11.partial-99999999-old'));
    writeFileSync(join(parent, '.double11.partial-99999999-old', 'manifest.json'), jsonText({ tool: 'fenshi', status: 'complete' }));
    writeFileSync(join(parent, '.double11.partial-99999999-old', 'summary.csv'), 'old');
    new ResultFolder(target).discard();
    expect(read()).toBe('old');
    expect(readdirSync(parent)).toEqual(['double11']);
    expect(existsSync(join(parent, '.double11.partial-99999999'))).toBe(false);
  });
});
