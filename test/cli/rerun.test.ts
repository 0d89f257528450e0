import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { built } from '../build.ts';
import { root } from '../house/files.ts';
import { fenshi } from './fenshi.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-rerun-'));
  cpSync(join(root, 'scenarios', 'tiny.yaml'), at('tiny.yaml'));
  cpSync(join(root, 'examples', 'follow-the-load.ts'), at('mine.ts'));
  const { code } = await fenshi('run', at('tiny.yaml'), '--strategy', 'time-share', '--replications', '1', '--set', 'cluster.nodes=6', '--plugin', at('mine.ts'), '--out', at('out'), '--jobs', '1', '--quiet'); // prettier-ignore
  expect(code).toBe(0);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const manifest = (): string => readFileSync(at('out', 'manifest.json'), 'utf8');
const rerun = (...more: string[]) => fenshi('rerun', at('out'), '--jobs', '1', ...more);

it('makes the same bytes of the same inputs', async () => {
  expect(await rerun()).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^The same bytes: \d+ files of 1 run\.\n$/) });
  const run = await fenshi('run', at('tiny.yaml'), '--strategy', 'time-share', '--until', '50%', '--out', at('until'), '--quiet');
  expect(run.code).toBe(0);
  expect((await fenshi('rerun', at('until', 'manifest.json'))).out).toMatch(/^The same bytes: \d+ files of 10 runs\.\n$/);
});

it('names what is not the same bytes, with exit code 1', async () => {
  const text = manifest();
  writeFileSync(at('out', 'manifest.json'), text.replace(/("file": "summary\.csv",\s*"bytes": \d+,\s*"sha256": ")\w/, '$1x'));
  const { code, err, out } = await rerun();
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^The inputs are the same and the results are not: 1 of \d+ files differ: summary\.csv\n--out keeps the new ones\n$/);
  writeFileSync(at('out', 'manifest.json'), text);
});

it('names the input that has changed, with exit code 3, and runs nothing', async () => {
  const scenario = readFileSync(at('tiny.yaml'), 'utf8');
  const plugin = readFileSync(at('mine.ts'), 'utf8');
  writeFileSync(at('tiny.yaml'), `# only a comment\n${scenario}`);
  expect((await rerun()).code).toBe(0);
  writeFileSync(at('tiny.yaml'), scenario.replace('seed: 1', 'seed: 5'));
  writeFileSync(at('mine.ts'), `${plugin}// another\n`);
  const changed = await rerun();
  expect([changed.code, changed.out]).toEqual([3, '']);
  expect(changed.err).toBe(
    `The results cannot be made again:\n${at('tiny.yaml')} has changed:\n  seed: 1, now 5\n${at('mine.ts')} has changed\n`,
  );
  writeFileSync(at('mine.ts'), plugin);
  writeFileSync(at('tiny.yaml'), 'name: 3');
  const broken = await rerun();
  expect([broken.code, broken.err]).toEqual([
    3,
    expect.stringMatching(/has changed, and cannot be run any more:\n[^]*tiny\.yaml:1:7 name: /),
  ]);
  writeFileSync(at('tiny.yaml'), scenario);
  const text = manifest();
  writeFileSync(at('out', 'manifest.json'), text.replace('"version": "0.1.0"', '"version": "0.0.9"'));
  expect((await rerun()).err).toBe('The results cannot be made again:\nfenshi was 0.0.9 and is 0.1.0\n');
  writeFileSync(at('out', 'manifest.json'), text);
});

it.each([
  ['none.json', undefined, 'cannot be read'],
  ['text.json', 'abc', 'is not JSON'],
  ['other.json', '{}', 'is no manifest of fenshi'],
  ['plan.json', '{ "tool": "fenshi", "command": "plan", "schema": 1 }', 'is a manifest of plan; rerun takes those of run and compare'],
  ['old.json', '{ "tool": "fenshi", "command": "run", "schema": 0 }', 'is of schema 0, and fenshi 0.1.0 reads schema 1'],
  ['half.json', '{ "tool": "fenshi", "command": "run", "schema": 1 }', 'is damaged: '],
])('%s is no manifest to repeat', async (name, content, message) => {
  if (content !== undefined) writeFileSync(at(name), content);
  const { code, err, out } = await fenshi('rerun', at(name));
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
});

it('a plug-in that ends the process behind the command’s back is told, and no success', async () => {
  const { spawnSync } = await import('node:child_process');
  writeFileSync(at('mine.ts'), `${readFileSync(at('mine.ts'), 'utf8')}\nif (globalThis.process.argv.includes('compare')) setTimeout(() => globalThis.process.exit(0), 50);\n`); // prettier-ignore
  const words = [join(built, 'dist/cli/main.js'), 'compare', at('tiny.yaml'), '--plugin', at('mine.ts'), '--out', at('ended')]; // prettier-ignore
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toBe('The process was ended before the command was: by a plug-in, which must not do so\n');
});
