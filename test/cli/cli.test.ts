import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { built } from '../build.ts';
import { fenshi } from './fenshi.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-cli-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const main = [join(built, 'dist/cli/main.js')];

describe('what the command line does not understand', () => {
  it.each([
    [[], 'name a command: run, compare, plan, pair, risk, regress, sweep, merge, rerun, validate, list, init, verify'],
    [['cmpare', 'x.yaml'], 'unknown command cmpare; did you mean compare?'],
    [['compare', 'scenarios/tiny.yaml', '--replicatons', '3'], 'unknown option --replicatons; did you mean --replications?'],
    [['compare', 'scenarios/tiny.yaml', '--zzz'], 'unknown option --zzz\n'],
    [['compare', 'scenarios/tiny.yaml', '-q'], 'unknown option -q; did you mean --quiet?\n'],
    [['compare'], 'compare needs a scenario file'],
    [['list'], 'list what? strategies, shapes or columns'],
    [['compare', 'a.yaml', '--strategy', 'x'], '--strategy is no option of compare: it belongs to run'],
    [['compare', 'a.yaml', '--quiet=maybe'], '--quiet takes no value; read "maybe"'],
    [['compare', 'scenarios/tiny.yaml', '--out', ''], 'the name of the result folder is empty'],
    [['compare', 'scenarios/tiny.yaml', '--out', '.'], '. is the folder you are in'],
    [['validate', 'scenarios/tiny.yaml', '--set', 'cluster..nodes=3'], 'a key of the path is empty'],
    [['validate', 'scenarios/tiny.yaml', '--set', 'extends=x.yaml'], 'extends is read from files only'],
    [['compare', 'a.yaml', 'b.yaml'], 'unexpected argument b.yaml'],
    [['compare', 'a.yaml', '--jobs', 'x'], '--jobs: read "x": expected a whole number from 1 on'],
    [['compare', 'a.yaml', '--jobs', '0'], '--jobs: read "0": expected a whole number from 1 on'],
    [['compare', 'a.yaml', '--jobs', '1', '--jobs', '2'], '--jobs is given 2 times; once is enough'],
    [['compare', 'a.yaml', '--detail', 'some'], '--detail: read "some": expected none, first or all'],
    [['compare', 'a.yaml', '--out'], '--out needs a value'],
    [['list', 'colums'], 'what: read "colums": expected one of strategies, shapes, columns'],
    [['run', 'scenarios/tiny.yaml'], 'choose one with --strategy: static-peak, time-share, vacate-and-move'],
    [['run', 'scenarios/tiny.yaml', '--strategy', 'tme-share'], 'did you mean "time-share"?'],
  ])('%j is named, with exit code 2, nothing on stdout and no stack trace', async (args, message) => {
    const { code, out, err } = await fenshi(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^ +at /m);
  });
});

describe('invalid input', () => {
  it('is named with file, line and column, exit code 2', async () => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, 'name: bad\nstart: 2026-11-10T20:00:00+08:00\nhorizon: 12\n');
    const { code, err } = await fenshi('validate', file);
    expect(code).toBe(2);
    expect(err).toContain('bad.yaml:3:');
  });

  it('is also a scenario that is not there, a --set that fits nowhere, and a plug-in that is not there', async () => {
    expect(await fenshi('compare', 'nowhere.yaml')).toMatchObject({ code: 2, err: expect.stringContaining('nowhere.yaml') as string });
    expect(await fenshi('compare', 'scenarios/tiny.yaml', '--set', 'apps.gala.servce=1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('servce') as string,
    });
    expect(await fenshi('compare', 'scenarios/tiny.yaml', '--plugin', 'nowhere.ts')).toMatchObject({
      code: 2,
      err: expect.stringContaining('nowhere.ts') as string,
    });
  });

  it('is also a result folder that is not ours', async () => {
    const out = join(folder, 'precious');
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.txt'), 'mine');
    const { code, err } = await fenshi('compare', 'scenarios/tiny.yaml', '--out', out);
    expect([code, err.includes('fenshi did not write it')]).toEqual([2, true]);
    expect(readFileSync(join(out, 'thesis.txt'), 'utf8')).toBe('mine');
  });
});

describe('the commands', () => {
  it('compare prints the answer on stdout and writes the result folder', async () => {
    const out = join(folder, 'tiny');
    const {
      code,
      out: text,
      err,
    } = await fenshi('compare', 'scenarios/tiny.yaml', '--out', out, '--replications', '1', '--detail', 'none');
    expect([code, err]).toEqual([0, '']);
    expect(text).toMatch(/^tiny: .*1 replication, seed 1\n/);
    expect(text).toContain(`The numbers: ${out}/`);
    expect(existsSync(join(out, 'manifest.json'))).toBe(true);
  });

  it('run --quiet prints nothing and takes --seed and --set in their order', async () => {
    const out = join(folder, 'quiet');
    const args = [
      'run',
      'scenarios/tiny.yaml',
      '--strategy',
      'static-peak',
      '--set',
      'replications=1',
      '--set',
      'seed=3',
      '--seed',
      '7',
      '--quiet',
      '--out',
      out,
    ];
    expect(await fenshi(...args)).toEqual({ code: 0, out: '', err: '' });
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toMatchObject({
      command: 'run',
      seed: 7,
      set: ['replications=1', 'seed=3', 'seed=7'],
    });
  });

  it('run tells of rows that are not written, on the screen, and with --quiet on stderr', async () => {
    // 60 intervals of 10 s × 2 apps × 2 zones: 240 rows of apps.csv.
    const args = (rows: number) => ['run', 'scenarios/tiny.yaml', '--strategy', 'static-peak', '--replications', '1', '--out', join(folder, 'full'), '--set', `results.rows=${String(rows)}`]; // prettier-ignore
    const said = 'Not written: 1 row of apps.csv (from 590 s on). A file holds the first 239 rows of a run (results.rows)';
    const loud = await fenshi(...args(239));
    expect([loud.out.replace(/\s+/g, ' ').includes(said), loud.err.includes(said)]).toEqual([true, false]);
    expect(await fenshi(...args(239), '--quiet')).toMatchObject({ code: 0, out: '', err: expect.stringContaining(said) as string });
    expect(await fenshi(...args(240), '--quiet')).toEqual({ code: 0, out: '', err: '' });
  });

  it('run says before it begins what the cluster has no room for, and after it how to compare', async () => {
    const run = (...more: string[]) =>
      fenshi('run', 'scenarios/tiny.yaml', '--strategy', 'static-peak', '--out', join(folder, 'small'), ...more);
    const small = await run('--set', 'cluster.node.cpu=16');
    expect(small.err).toBe(
      'Warning: static-peak: the plan reserves 48 cores, but the 2 nodes have 32: some pods will wait for a node all the time\n',
    );
    expect(small.out).toMatch(/Beside its other strategies: .* compare scenarios\/tiny\.yaml --set cluster\.node\.cpu=16\n$/);
    // That a plan is too small for what is expected, the results show.
    expect((await run('--set', 'strategies.static-peak.pods.gala=2')).err).toBe('');
  });

  it('init writes a scenario that is valid, and never overwrites', async () => {
    const file = join(folder, 'mine.yaml');
    expect((await fenshi('init', file)).code).toBe(0);
    expect(await fenshi('validate', file)).toEqual({
      code: 0,
      out: `${file} is valid: mine with 2 apps, 1 group, 2 strategies\n`,
      err: '',
    });
    expect(await fenshi('init', file)).toMatchObject({ code: 2, err: `${file} exists; init never overwrites a file\n` });
    expect((await fenshi('init', join(folder, 'no', 'such', 'folder.yaml'))).code).toBe(74);
  });

  it('init and help name commands that work where they are: here, in a clone, by the npm script', async () => {
    const file = join(folder, 'named.yaml');
    const { err } = await fenshi('init', file);
    expect(err).toBe(`Wrote ${file}. Next: npm run -s fenshi -- validate ${file}\nThen: npm run -s fenshi -- compare ${file}\n`);
    const texts = [readFileSync(file, 'utf8'), (await fenshi('--help')).out, (await fenshi('compare')).err];
    for (const text of texts) {
      expect(text).toContain('npm run -s fenshi -- ');
      expect(text).not.toMatch(/(?<!npm run -s )fenshi (run|compare|validate|list|init|--)(?! -- )/);
    }
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly scripts: Readonly<Record<string, string>> };
    expect(scripts['fenshi']).toContain('src/cli/main.ts');
  });

  it('init writes lines that are switched off and hold when switched on, each alone and all together', async () => {
    const file = join(folder, 'more.yaml');
    await fenshi('init', file);
    const text = readFileSync(file, 'utf8');
    expect(text.match(/^#:/gm)).toHaveLength(6);
    const on = join(folder, 'on.yaml');
    for (const switched of [
      /^#:/gm,
      /^#: +retry/gm,
      /^#: +surprise/gm,
      ...['node', 'slow', 'push'].map((kind) => new RegExp(`^#:(faults|  - ${kind})`, 'gm')),
    ]) {
      writeFileSync(
        on,
        text.replace(switched, (line) => line.slice(2)),
      );
      const { code, err } = await fenshi('validate', on);
      expect([code, err], String(switched)).toEqual([0, '']);
    }
    writeFileSync(on, text.replace(/^#:/gm, ''));
    const { out } = await fenshi('compare', on, '--replications', '1', '--detail', 'none', '--out', join(folder, 'on'));
    expect(out).toContain('Faults: node-loss of 2 of 40 nodes');
    expect(out).toContain('served by retry');
  });

  it('validate --resolved prints a scenario that decodes to itself', async () => {
    const { code, out } = await fenshi('validate', 'scenarios/tiny.yaml', '--resolved');
    const file = join(folder, 'resolved.yaml');
    writeFileSync(file, out);
    expect([code, (await fenshi('validate', file)).code]).toEqual([0, 0]);
  });

  it('list names strategies, shapes and columns', async () => {
    expect((await fenshi('list', 'strategies')).out).toMatch(/^time-share +fenshi +\S/m);
    expect((await fenshi('list', 'shapes')).out).toMatch(/^double11-payments +\S/m);
    expect((await fenshi('list', 'columns')).out).toMatch(/^summary\.csv +exposure_s +s +\S/m);
  });

  it('help teaches by examples, in English whatever the locale', async () => {
    const { code, out } = await fenshi('compare', '--help');
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain('npm run -s fenshi -- compare how many');
    expect(out).toContain('Examples:');
    expect((await fenshi('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('the process', () => {
  it('ends with the code of its error', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...main, 'run', 'nowhere.yaml'], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('nowhere.yaml');
  });

  it.each([
    ['ends the process', 'process.exit(0);', 'ended the process while it was loaded, or never finished loading'],
    ['never finishes loading', 'await new Promise(() => {});', 'ended the process while it was loaded, or never finished loading'],
    ['leaves a promise broken', "Promise.reject(new Error('no'));", 'failed while it was loaded: no'],
  ])('ends with 2 where a plug-in %s', (_, code, message) => {
    const file = join(folder, 'plugin.mjs');
    writeFileSync(file, `${code}\nexport default (define) => [];\n`);
    const { status, stderr } = spawnSync(process.execPath, [...main, 'list', 'strategies', '--plugin', file], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, `${file}: ${message}\n`]);
  });

  it('ends with 74 on a full stdout', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [...main, 'list', 'columns'], {
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    expect([status, stderr.includes('cannot write to stdout')]).toEqual([74, true]);
  });

  it('is quiet when its reader has left', () => {
    const { stdout, stderr } = spawnSync(
      'bash',
      ['-c', `"$0" ${main.join(' ')} list columns | head -1; echo "\${PIPESTATUS[0]}"`, process.execPath],
      { encoding: 'utf8' },
    );
    expect(stdout).toMatch(/^file +column .*\n0\n$/);
    expect(stderr).toBe('');
  });

  it('ends with 143 after SIGTERM and keeps the complete runs', async () => {
    const out = join(folder, 'stopped');
    const child = spawn(process.execPath, [
      ...main,
      'compare',
      'scenarios/tiny.yaml',
      '--set',
      'replications=400',
      '--set',
      'results.detail=none',
      '--out',
      out,
      '--jobs',
      '1',
    ]);
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    // Handlers are installed before the folder in the making appears.
    await vi.waitFor(() => expect(existsSync(join(folder, `.stopped.partial-${String(child.pid)}`))).toBe(true), {
      timeout: 30_000,
      interval: 50,
    });
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    expect(err).toContain('marked as interrupted');
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toMatchObject({ status: 'interrupted' });
  });
});
