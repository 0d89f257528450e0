import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError, PluginError } from '../../src/base/errors.ts';
import { loadPlugins } from '../../src/experiments/plugins.ts';
import { compare, replicate } from '../../src/experiments/run-experiment.ts';
import { sha256 } from '../../src/output/manifest.ts';
import { readScenario } from '../../src/scenario/read.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { strategies } from '../../src/strategies/registry.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-experiment-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const tiny = (...set: string[]): Scenario => readScenario('scenarios/tiny.yaml', { set, catalog: { strategies } });

/** Every file below `root` with its text; of the manifest all but its volatile block. */
function files(root: string): Readonly<Record<string, string>> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    paths.map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8').replace(/"volatile": \{[^}]*\}/, '')]),
  );
}

describe('an experiment', () => {
  it('writes the same bytes with one worker and with two, all named in the manifest with their hash', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    const [ended, shares]: [Set<number>, number[]] = [new Set(), []];
    const experiment = await compare(tiny(), {
      out: one,
      jobs: 1,
      onProgress: ({ done, share }) => {
        ended.add(done);
        shares.push(share);
      },
    });
    await compare(tiny(), { out: two, jobs: 2 });
    expect(experiment).toMatchObject({
      status: 'complete',
      folder: one,
      failures: [],
      labels: ['static-peak', 'time-share', 'vacate-and-move'],
    });
    expect([...ended].filter((done) => done > 0)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(shares.at(-1)).toBe(1);
    expect(shares.every((share, i) => share >= (shares[i - 1] ?? 0))).toBe(true);
    expect(experiment.runs.map(({ label, replication, seed }) => [label, replication, seed])).toEqual([
      ['static-peak', 0, 1], ['static-peak', 1, 2], ['time-share', 0, 1], ['time-share', 1, 2], ['vacate-and-move', 0, 1], ['vacate-and-move', 1, 2],
    ]); // prettier-ignore
    const written = files(one);
    expect(files(two)).toEqual(written);
    const manifest = JSON.parse(readFileSync(join(one, 'manifest.json'), 'utf8')) as { files: { file: string; sha256: string }[] };
    expect(manifest.files.map(({ file }) => file).sort()).toEqual(Object.keys(written).filter((file) => file !== 'manifest.json'));
    for (const { file, sha256: hash } of manifest.files) expect(sha256(readFileSync(join(one, file)))).toBe(hash);
  });

  it('writes the detail that was asked for', async () => {
    const out = join(folder, 'first');
    await replicate(tiny('results.detail=first'), 'time-share', { out, jobs: 1 });
    expect(Object.keys(files(out))).toEqual([
      'compare.csv',
      'manifest.json',
      'summary.csv',
      'time-share/0/apps.csv',
      'time-share/0/operations.csv',
      'time-share/0/switches.csv',
    ]);
    await replicate(tiny('results.detail=none', 'replications=1'), 'time-share', { out });
    expect(Object.keys(files(out))).toEqual(['compare.csv', 'manifest.json', 'summary.csv']);
  });

  it('says which files were full and how many rows they were too small for, and writes the first rows to the byte', async () => {
    const [whole, cut] = [join(folder, 'whole'), join(folder, 'cut')];
    const all = await replicate(tiny('results.detail=first', 'replications=1'), 'time-share', { out: whole });
    const lines = (root: string, file: string) =>
      readFileSync(join(root, 'time-share/0', file), 'utf8')
        .split('\n')
        .slice(0, -1);
    const rows = lines(whole, 'apps.csv').length - 1;
    expect(rows).toBeGreaterThan(lines(whole, 'switches.csv').length);
    expect(all.leftOut).toEqual([]);
    const experiment = await replicate(tiny('results.detail=first', 'replications=1', `results.rows=${String(rows - 1)}`), 'time-share', {
      out: cut,
    });
    expect(experiment.leftOut).toEqual([{ label: 'time-share', replication: 0, file: 'apps', rows: 1, from: 590 }]);
    expect(lines(cut, 'apps.csv')).toEqual(lines(whole, 'apps.csv').slice(0, -1));
    for (const file of ['switches.csv', 'operations.csv']) expect(lines(cut, file)).toEqual(lines(whole, file));
    const leftOut = (root: string) =>
      (
        JSON.parse(readFileSync(join(root, 'manifest.json'), 'utf8')) as {
          files: { file: string; rows_left_out?: number; left_out_from_s?: number }[];
        }
      ).files.flatMap(({ file, rows_left_out, left_out_from_s }) =>
        rows_left_out === undefined ? [] : [[file, rows_left_out, left_out_from_s]],
      );
    expect([leftOut(whole), leftOut(cut)]).toEqual([[], [['time-share/0/apps.csv', 1, 590]]]);
    expect(readFileSync(join(cut, 'summary.csv'), 'utf8')).toBe(readFileSync(join(whole, 'summary.csv'), 'utf8'));
  });

  it('refuses a label that the scenario does not have', async () => {
    await expect(replicate(tiny(), 'tme-share')).rejects.toThrow(InputError);
    await expect(replicate(tiny(), 'tme-share')).rejects.toThrow('did you mean "time-share"?');
  });

  it('keeps complete runs and says so when it is interrupted', async () => {
    const interrupt = new AbortController();
    const out = join(folder, 'interrupted');
    const experiment = await compare(tiny(), { out, jobs: 1, signal: interrupt.signal, onProgress: () => interrupt.abort() });
    expect([experiment.status, experiment.runs.length]).toEqual(['interrupted', 1]);
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toMatchObject({
      status: 'interrupted',
      runs: [{ strategy: 'static-peak', replication: 0 }],
    });
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });
});

describe('a plug-in in an experiment', () => {
  /** Runs a plug-in strategy whose decide has this body, woken at 10 s. */
  async function run(body: string, ending = 'mjs'): ReturnType<typeof replicate> {
    const file = join(folder, `plugin-${sha256(body).slice(0, 8)}.${ending}`);
    writeFileSync(
      file,
      `export default (define) => [define.strategy({ name: 'mine', summary: 'mine', options: (kit) => kit.rollout(), create: () => ({
         open: (view) => [{ kind: 'wake', at: 10e6 }, ...view.apps.map((app) => ({ kind: 'scale', app: app.name, pods: 2 }))],
         decide: (view) => { ${body} } }) })];`,
    );
    const loaded = await loadPlugins([file], strategies);
    const catalog = { strategies: [...strategies, ...loaded.flatMap(({ entries }) => entries)] };
    const scenario = readScenario('scenarios/tiny.yaml', { set: ['strategies.mine={}', 'replications=2'], catalog });
    return replicate(scenario, 'mine', { out: join(folder, 'plugin'), plugins: [file] });
  }

  it('runs in every worker, also TypeScript outside any package', async () => {
    const { status, runs } = await run('return [] as string[];', 'ts');
    expect([status, runs.length]).toEqual(['complete', 2]);
    expect(JSON.parse(readFileSync(join(folder, 'plugin', 'manifest.json'), 'utf8'))).toMatchObject({
      plugins: [{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
    });
    rmSync(join(folder, 'plugin'), { recursive: true });
  });

  it.each([
    ['throws', `throw new Error('no luck');`, /mine.*no luck/s],
    [
      'ends its worker',
      'process.exit(3);',
      /strategy mine ended its worker during its decision at 00:00:10 \(10 s\): ended by itself with code 3/,
    ],
    [
      'takes more than five seconds',
      'for (;;);',
      /strategy mine took more than 5 s for its decision at 00:00:10 \(10 s\), replication 0, seed 1/,
    ],
  ])('ends it, named, when its strategy %s', async (_, body, message) => {
    const running = run(body);
    await expect(running).rejects.toThrow(PluginError);
    await expect(running).rejects.toThrow(message);
    expect(existsSync(join(folder, 'plugin'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });
});
