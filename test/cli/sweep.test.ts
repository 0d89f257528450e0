import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { built } from '../build.ts';
import { root } from '../house/files.ts';
import { fenshi } from './fenshi.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-sweep-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const grid = ['--vary', 'cluster.nodes=4,6', '--vary', 'load=80%..100%/20%', '--strategy', 'time-share', '--strategy', 'static-peak', '--replications', '2', '--jobs', '1']; // prettier-ignore
const sweep = (out: string, ...more: string[]) => fenshi('sweep', 'scenarios/tiny.yaml', ...grid, '--out', at(out), ...more);
const rowsOf = (...names: string[]): readonly Readonly<Record<string, string>>[] => parse(readFileSync(at(...names), 'utf8'), { columns: true }); // prettier-ignore
const tables = (out: string) => ['sweep.csv', 'sweep-means.csv', 'manifest.json'].map((file) => readFileSync(at(out, file), 'utf8'));

describe('what sweep does not understand', () => {
  it.each([
    [[], 'a sweep without an axis: say what is varied with --vary'],
    [['--vary', 'cluster.nodes='], '--vary: read "cluster.nodes=": the axis has no values'],
    [['--vary', 'cluster.nodes=9..2'], '9 is more than 2'],
    [['--vary', 'cluster.nods=3,4'], 'did you mean "nodes"?'],
    [['--vary', 'cluster.nodes=3,x'], 'cluster.nodes=x:\n'],
    [['--vary', 'cluster.nodes=3,4', '--vary', 'cluster.nodes=5'], '--vary: cluster.nodes is varied twice'],
    [['--vary', 'cluster.nodes=3,4 with load=90%,95%,99%'], 'cluster.nodes has 2 values and load 3: what goes together has as many'],
    [['--vary', 'seed=1..9'], '--vary: seed is not varied: every point has the same replications, each with a seed of its own'],
    [['--vary', 'load=1%..1000%/0.01%', '--vary', 'cluster.nodes=1..100'], 'the grid has'],
    [
      ['--vary', 'load=90%', '--strategy', 'time-shar'],
      'tiny has no strategy "time-shar"; it has static-peak, time-share, vacate-and-move',
    ],
    [['--vary', 'load=90%', '--shard', '8/7'], '--shard: read "8/7": there is no 8 of 7'],
    [['--vary', 'load=90%', '--shard', '0/7'], '--shard: read "0/7": there is no 0 of 7'],
    [['--vary', 'load=90%', '--shard', '3'], '--shard: read "3": expected 3/N, of how many'],
    [['--vary', 'load=90%', '--shard', 'auto'], 'neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is there'],
    [['--vary', 'load=90%', '--metrics', 'cost'], '--metrics is no option of sweep: it belongs to compare'],
  ])('%j is named, with exit code 2 and nothing on stdout or on disk', async (args, message) => {
    const { code, out, err } = await fenshi('sweep', 'scenarios/tiny.yaml', '--out', at('wrong'), ...args);
    expect([code, out, existsSync(at('wrong'))]).toEqual([2, '', false]);
    expect(err).toContain(message);
  });

  it('tells of three wrong points, and how many more there are', async () => {
    const { err } = await fenshi('sweep', 'scenarios/tiny.yaml', '--out', at('wrong'), '--vary', 'cluster.nodes=a,b,c,d,e,6,f');
    expect(err.match(/cluster\.nodes=\w:\n/g)).toEqual(['cluster.nodes=a:\n', 'cluster.nodes=b:\n', 'cluster.nodes=c:\n']);
    expect(err).toContain('… and at 3 more of 7 points\n');
  });
});

describe('sweep', () => {
  it('runs every point, strategy and replication as run does, and says means with their intervals', async () => {
    const { code, out, err } = await sweep('whole');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^tiny: 4 points × 2 strategies × 2 replications; means with 95 % t intervals\n\ncluster\.nodes +load +strategy +cost /);
    const rows = rowsOf('whole', 'sweep.csv');
    expect(rows.length).toBe(4 * 2 * 2 * 3);
    expect(Object.keys(rows[0] ?? {}).slice(0, 6)).toEqual(['cluster.nodes', 'load', 'strategy', 'replication', 'seed', 'app']);
    // In the order of the grid; strategies in that of the scenario.
    expect(rows.filter(({ app, replication }) => app === 'all' && replication === '0').map((row) => [row['cluster.nodes'], row['load'], row['strategy']])).toEqual(
      ['4', '6'].flatMap((nodes) => ['80%', '100%'].flatMap((load) => ['static-peak', 'time-share'].map((strategy) => [nodes, load, strategy]))),
    );
    const run = await fenshi('run', 'scenarios/tiny.yaml', '--strategy', 'time-share', '--replications', '2', '--set', 'cluster.nodes=6', '--set', 'load=80%', '--out', at('run'));
    expect(run.code).toBe(0);
    const swept = rows.filter((row) => row['cluster.nodes'] === '6' && row['load'] === '80%' && row['strategy'] === 'time-share');
    expect(swept.map(({ 'cluster.nodes': _, load: __, ...row }) => row)).toEqual(rowsOf('run', 'summary.csv'));
    const means = rowsOf('whole', 'sweep-means.csv').filter((row) => row['cluster.nodes'] === '6' && row['load'] === '80%' && row['strategy'] === 'time-share');
    const compared = rowsOf('run', 'compare.csv').filter(({ mean, metric }) => mean !== '' && !metric?.startsWith('saving'));
    expect(means.map(({ metric, replications, mean, half_width }) => [metric, replications, mean, half_width])).toEqual(
      compared.map(({ metric, replications, mean, half_width }) => [metric, replications, mean, half_width]),
    );
  }); // prettier-ignore

  it('runs what is missing or damaged, and nothing else', async () => {
    cpSync(at('whole'), at('again'), { recursive: true });
    const cells = readdirSync(at('again', 'cells'));
    expect(cells.length).toBe(16);
    const text = readFileSync(at('again', 'cells', cells[0] ?? ''), 'utf8');
    rmSync(at('again', 'cells', cells[1] ?? ''));
    writeFileSync(at('again', 'cells', cells[0] ?? ''), text.replace('"events":', '"events":1'));
    // What a killed process leaves behind, and a living one is at.
    writeFileSync(at('again', 'cells', '.a.json.elsewhere-1.partial'), 'half');
    const { code, out, err } = await sweep('again');
    expect([code, out]).toEqual([0, expect.stringMatching(/^tiny: 4 points/)]);
    expect(err).toMatch(
      /^cluster\.nodes=\d, load=\d+%, [\w-]+, replication \d: was damaged and has been run again\n14 of 16 cells were there already\.\n$/,
    );
    expect(readFileSync(at('again', 'cells', cells[0] ?? ''), 'utf8')).toBe(text);
    expect(tables('again')).toEqual(tables('whole'));
    // More values and more replications go on from there.
    const grown = await fenshi('sweep', 'scenarios/tiny.yaml', '--vary', 'cluster.nodes=4,6', '--vary', 'load=80%,90%,100%', '--strategy', 'static-peak', '--strategy', 'time-share', '--replications', '2', '--out', at('again')); // prettier-ignore
    expect([grown.code, grown.err]).toEqual([0, '16 of 24 cells were there already.\n']);
  });

  it('makes the same tables in shards, in one folder or several, and refuses shards of another plan', async () => {
    for (const shard of ['1/2', '2/2']) expect((await sweep('together', '--shard', shard)).code).toBe(0);
    expect(existsSync(at('together', 'sweep.csv'))).toBe(false);
    const merged = await fenshi('merge', at('together'));
    expect([merged.code, merged.err]).toEqual([0, '']);
    expect(merged.out).toMatch(/^tiny: 4 points × 2 strategies × 2 replications/);
    expect(tables('together')).toEqual(tables('whole'));

  }); // prettier-ignore

  it('finds its shard under Slurm and Kubernetes, and refuses shards of another plan', async () => {
    vi.stubEnv('SLURM_ARRAY_TASK_COUNT', '2').stubEnv('SLURM_ARRAY_TASK_MIN', '1').stubEnv('SLURM_ARRAY_TASK_ID', '1');
    expect((await sweep('first', '--shard', 'auto')).out).toMatch(/^Shard 1 of 2: 8 cells are in .*first\/; when all shards are: .* merge .*first\n$/);
    const missing = await fenshi('merge', at('first'));
    expect([missing.code, missing.out]).toEqual([3, '']);
    expect(missing.err).toMatch(/^8 of 16 cells are missing:\n {2}cluster\.nodes=4, load=80%, static-peak, replication 1\n/);
    vi.unstubAllEnvs();
    vi.stubEnv('JOB_COMPLETION_INDEX', '1');
    expect((await sweep('second', '--shard', 'auto/2')).code).toBe(0);
    expect((await fenshi('merge', at('first'), at('second'))).err).toMatch(/^--out says where the tables of several folders go/);
    expect((await fenshi('merge', at('first'), at('second'), '--out', at('apart'))).code).toBe(0);
    expect(tables('apart')).toEqual(tables('whole'));

    const other = await sweep('second', '--shard', '1/2', '--set', 'cluster.node.cpu=64');
    expect([other.code, other.err]).toEqual([2, expect.stringContaining('holds another plan')]);
    await sweep('third', '--shard', '1/2', '--set', 'cluster.node.cpu=64');
    const mixed = await fenshi('merge', at('first'), at('third'), '--out', at('apart'));
    expect([mixed.code, mixed.err]).toEqual([2, expect.stringMatching(/third: another plan than that of .*first/)]);
  }); // prettier-ignore

  it('compares a cell that is run twice: another result is an alarm, and neither is lost', async () => {
    // Two shards whose cells say different things, each undamaged.
    cpSync(at('whole'), at('twin'), { recursive: true });
    const [name = ''] = readdirSync(at('twin', 'cells'));
    const body =
      readFileSync(at('twin', 'cells', name), 'utf8')
        .split('\n')[1]
        ?.replace(/"events":\d+/, '"events":1') ?? '';
    const { sha256 } = await import('../../src/output/manifest.ts');
    writeFileSync(at('twin', 'cells', name), `${sha256(body)}\n${body}\n`);
    const { code, err, out } = await fenshi('merge', at('whole'), at('twin'), '--out', at('both'));
    expect([code, out, existsSync(at('both'))]).toEqual([70, '', false]);
    expect(err).toMatch(/^ {2}cluster\.nodes=.* was run twice and gave two results\n/);
  });

  it('begins anew where a process was killed while it wrote the plan', async () => {
    mkdirSync(at('begun'));
    writeFileSync(at('begun', `.plan.json.${hostname()}-999999999.partial`), 'half');
    const { code, err } = await fenshi('sweep', 'scenarios/tiny.yaml', '--vary', 'load=50%', '--strategy', 'static-peak', '--replications', '1', '--out', at('begun'), '--jobs', '1'); // prettier-ignore
    expect([code, err]).toEqual([0, '']);
    expect(readdirSync(at('begun')).sort()).toEqual(['cells', 'manifest.json', 'plan.json', 'sweep-means.csv', 'sweep.csv']);
  });

  it('touches no folder that is not a sweep’s', async () => {
    expect((await sweep('run')).err).toContain('exists and is not a sweep');
    expect((await fenshi('merge', at('run'))).err).toContain('is no folder of fenshi sweep: it has no plan.json');
    writeFileSync(at('third', 'plan.json'), '{}');
    expect((await fenshi('merge', at('third'))).err).toContain('third/plan.json is no plan of fenshi sweep, or is damaged');
    expect((await fenshi('merge', at('whole'), '--out', root)).err).toContain('exists and fenshi did not write it');
  });

  it('loses only the cell whose run fails, names it, and ends with its exit code', async () => {
    const lines = [
      `import type { Plugin } from 'fenshi';`,
      'const plugin: Plugin = (define) => [',
      '  define.strategy({',
      `    name: 'picky',`,
      `    summary: 'fails where it is told to',`,
      `    options: (kit) => kit.z.strictObject({ fails: kit.z.boolean() }),`,
      '    create: ({ fails }) => ({',
      '      period: undefined,',
      `      open: (view) => {`,
      `        if (fails) throw new Error('too much for me');`,
      `        return view.apps.map((app) => ({ kind: 'scale', app: app.name, pods: 2 }) as const);`,
      '      },',
      '      decide: () => [],',
      '    }),',
      '  }),',
      '];',
      'export default plugin;',
    ];
    writeFileSync(at('picky.ts'), lines.join('\n'));
    const picky = (out: string) => fenshi('sweep', 'scenarios/tiny.yaml', '--plugin', at('picky.ts'), '--strategy', 'picky', '--replications', '1', '--set', 'strategies.picky={ fails: false }', '--vary', 'strategies.picky.fails=false,true', '--vary', 'load=50%,60%', '--out', at(out)); // prettier-ignore
    const { code, out, err } = await picky('picky');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^strategies\.picky\.fails=true, load=50%, picky, replication 0 has no result: .*too much for me \(picky\.ts:10:26\)\nThe command that repeats it: [^\n]*\nstrategies\.picky\.fails=true, load=60%, picky, replication 0 has no result: .*too much for me \(picky\.ts:10:26\)\nThe command that repeats it: [^\n]*\n2 of 4 cells have no result; the others are kept in .*picky\/\.\n$/s); // prettier-ignore
    expect(readdirSync(at('picky', 'cells')).length).toBe(2);
    expect(existsSync(at('picky', 'sweep.csv'))).toBe(false);
    // Another plug-in is another plan: none of its cells is there.
    writeFileSync(at('picky.ts'), lines.join('\n').replace('if (fails) throw', 'if (fails && 1 > 2) throw'));
    expect(await picky('picky')).toMatchObject({ code: 0, err: '' });
  });
});

describe('in parts under GNU parallel', () => {
  const has = spawnSync('parallel', ['--version']).status === 0;
  it.skipIf(!has)(
    'examples/sweep/parallel.sh makes the same tables',
    () => {
      const { status, stderr } = spawnSync('examples/sweep/parallel.sh', ['2', at('parallel'), 'scenarios/tiny.yaml', ...grid.slice(0, -2)], { cwd: root, encoding: 'utf8', env: { ...process.env, FENSHI: `node ${join(built, 'dist/cli/main.js')}` } }); // prettier-ignore
      expect([status, stderr]).toEqual([0, '']);
      expect(tables('parallel')).toEqual(tables('whole'));
    },
    120_000,
  );
});
