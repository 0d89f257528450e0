import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fenshi } from './fenshi.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-plan-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const plan = (...more: string[]) => fenshi('plan', 'scenarios/tiny.yaml', '--out', join(folder, 'out'), '--jobs', '1', ...more);

describe('what plan does not understand', () => {
  it.each([
    [['--path', 'cluster.nodes'], 'read "cluster.nodes": expected PATH=LOW..HIGH'],
    [['--path', 'cluster.nodes=9..2'], 'the axis has no values: 9 is more than 2'],
    [['--path', 'seed=1..5'], '--path: read "seed=1..5": every value is tried with the same seeds and replications'],
    [['--path', 'cluster.nods=2..3'], 'did you mean "nodes"?'],
    [['--path', 'cluster.nodes=2..3', '--load'], '--load is short for --path load=10%..400% --largest: give one or the other'],
    [['--largest'], '--largest is about a --path, which is not given'],
    [['--survive', 'rack'], '--survive: read "rack": expected zone'],
    [['--survive', 'zone', '--set', 'cluster.zones={ east: {} }'], '--survive zone: the cluster has one zone'],
    [['--confidence', '100%'], '--confidence: read "100%": it is from 50% to less than 100%'],
    [['--confidence', '0.95'], '--confidence: read "0.95": write a share in percent: 95%; it is from 50% to less than 100%'],
    [['--path', 'cluster.nodes=8,6,4'], '--path: read "cluster.nodes=8,6,4": the values must rise'],
    [
      ['--strategy', 'static'],
      'tiny has no strategy "static"; did you mean "static-peak"? It has static-peak, time-share, vacate-and-move',
    ],
    [['--replications', '6'], 'a plan takes at least 10 replications'],
    [['--margin', '1%'], '--margin is no option of plan: it belongs to compare'],
  ])('%j is named, with exit code 2 and nothing on stdout', async (args, message) => {
    const { code, out, err } = await plan(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});

describe('plan', () => {
  it('says how many nodes, shows every value that was tried, and writes a scenario that run accepts', async () => {
    const { code, out, err } = await plan('--strategy', 'static-peak', '--path', 'cluster.nodes=3..7', '--set', 'cluster.node.cpu=8', '--set', 'results.detail=none'); // prettier-ignore
    expect([code, err]).toEqual([0, '']);
    expect(out.replace(/\n {2}/g, ' ')).toMatch(
      /^tiny: the smallest cluster\.nodes of 3, 4, 5, 6, 7 with which every objective holds and all that is planned finds a node: all together with 95 % confidence, from 10 replications \(seeds 1–10\), with cluster\.node\.cpu=8, results\.detail=none\nstatic-peak needs 6 nodes: with 5, sale serves 73\.19 % of its requests, and 99 % is asked for\.\n/,
    );
    const rows: readonly Readonly<Record<string, string>>[] = parse(readFileSync(join(folder, 'out', 'plan.csv'), 'utf8'), {
      columns: true,
    });
    expect(rows.map(({ value, replications, holds, answer }) => [value, replications, holds, answer])).toEqual([
      ['3', '10', 'false', 'false'],
      ['4', '10', 'false', 'false'],
      ['5', '10', 'false', 'false'],
      ['6', '10', 'true', 'true'],
    ]);
    for (const { value = '' } of rows) expect(out).toMatch(new RegExp(`^static-peak +${value} `, 'm'));
    expect(out).toContain(`run ${folder}/out/static-peak.yaml --strategy static-peak\n`);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['manifest.json', 'plan.csv', 'static-peak.yaml']);
    const run = await fenshi('run', join(folder, 'out', 'static-peak.yaml'), '--strategy', 'static-peak', '--replications', '1', '--out', join(folder, 'run')); // prettier-ignore
    expect(run.code).toBe(0);
    expect(run.out).toContain('static-peak: 48 cores on 6 nodes; every request is served.');
    expect(readFileSync(join(folder, 'out', 'static-peak.yaml'), 'utf8')).toMatch(
      /^# The answer of fenshi plan for static-peak: every objective holds with cluster\.nodes=6\.\n(.*\n)*replications: 10 +# plan\n/,
    );
    expect(readFileSync(join(folder, 'out', 'static-peak.yaml'), 'utf8')).toMatch(/^ {4}cpu: 8 +# --set$/m);
    // The manifest holds the scenario as it was given.
    expect(JSON.parse(readFileSync(join(folder, 'out', 'manifest.json'), 'utf8'))).toMatchObject({
      scenario: { resolved: { replications: 10, cluster: { pools: [{ nodes: 2 }] } } },
    });
  });

  it('has exit code 1 where no strategy has an answer, and says nothing with --quiet', async () => {
    expect(await plan('--quiet', '--strategy', 'time-share', '--path', 'cluster.nodes=2..2', '--set', 'results.detail=none')).toEqual({
      code: 1,
      out: '',
      err: '',
    });
    expect(existsSync(join(folder, 'out', 'time-share.yaml'))).toBe(false);
  });

  it('gives up a strategy that breaks off, and answers for the others', async () => {
    const plugin = join(folder, 'thrower.mjs');
    writeFileSync(plugin, `export default (define) => [define.strategy({ name: 'thrower', summary: 'x', options: (kit) => kit.z.strictObject({}),
      create: () => ({ open: () => { throw new Error('oh\\n::error::no'); }, decide: () => [] }) })];`);
    const thrower = ['--plugin', plugin, '--set', 'strategies.thrower={}', '--path', 'cluster.nodes=10..10', '--set', 'results.detail=none'];
    const { code, out, err } = await plan('--strategy', 'static-peak', '--strategy', 'thrower', ...thrower);
    expect(code).toBe(2);
    expect(out).toMatch(/\nstatic-peak needs 10 nodes: .*\nthrower: breaks off, and was given up\.\n/);
    expect(err).toMatch(/^strategy thrower at 00:00:00 \(0 s, seed 1\): threw: Error: oh \/ ::error::no .*\nThe command that repeats it: .*thrower/);
    expect(JSON.parse(readFileSync(join(folder, 'out', 'manifest.json'), 'utf8'))).toMatchObject({ broken: { thrower: expect.stringContaining('threw') as unknown } });
    expect((await plan('--strategy', 'thrower', ...thrower)).out).toBe('');
  }); // prettier-ignore

  it('asks for any zone to be lost, says from when on, and keeps the question', async () => {
    const { out } = await plan('--survive', 'zone', '--confidence', '90%', '--strategy', 'static-peak', '--path', 'cluster.nodes=6..6', '--set', 'results.detail=none'); // prettier-ignore
    expect(out.replace(/\n {2}/g, ' ')).toContain('every objective holds, also without east and without west from 00:00:00 on, the busiest moment, and all that is planned');
    const manifest = JSON.parse(readFileSync(join(folder, 'out', 'manifest.json'), 'utf8')) as { readonly asked: unknown };
    expect(manifest.asked).toEqual({
      path: 'cluster.nodes',
      largest: false,
      values: ['6'],
      confidence: 0.9,
      partial: false,
      also: [{ world: 'without east', from_s: 0 }, { world: 'without west', from_s: 0 }],
      variations: [],
    });
  }); // prettier-ignore

  it('says how the answer moves', { timeout: 180_000 }, async () => {
    const { out } = await plan('--sensitivity', '--strategy', 'static-peak', '--path', 'cluster.nodes=6..6', '--set', 'cluster.node.cpu=8', '--set', 'results.detail=none'); // prettier-ignore
    expect(out).toMatch(
      /\nHow the answers move\nif there is +static-peak\nthe scenario as it is +6\nall traffic \+10 % +none\nall traffic -10 % +6\n10 % more than forecast +6\n10 % less than forecast +6\nswap time \+10 % +6\nswap time -10 % +6\n/,
    );
    expect(out).toContain('plan.csv and sensitivity.csv\n');
    expect(readFileSync(join(folder, 'out', 'sensitivity.csv'), 'utf8')).toMatch(
      /^variation,strategy,path,answer\n,static-peak,cluster\.nodes,6\nall traffic \+10 %,static-peak,cluster\.nodes,\nall traffic -10 %,static-peak,cluster\.nodes,6\n/,
    );
  });
});
