import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fenshi } from './fenshi.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-compare-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const noisy = ['--set', 'defaults.noise={ sigma: 10%, interval: 10s, correlation: 0.8 }'];
const compare = (...more: string[]) =>
  fenshi('compare', 'scenarios/tiny.yaml', '--detail', 'none', '--out', join(folder, 'out'), '--jobs', '1', ...more);

describe('what compare does not understand', () => {
  it.each([
    [['--margin', '1'], '--margin: read "1": write a share in percent: 100%'],
    [['--margin', 'wide'], '--margin: read "wide": expected a share such as 75% or 99.9%'],
    [['--metrics', 'cost,p99'], 'unknown metric "p99"'],
    [['--metrics', 'costs'], 'unknown metric "costs"; did you mean "cost"?\nMetrics: success_ratio, '],
    [['--until', '2'], '--until: read "2": write a share in percent: 2%'],
    [['--until', '0%'], '--until: read "0%": nothing that is random is known to 0 % of itself'],
    [['--until', 'unservd=2%'], 'unknown metric "unservd"; did you mean "unserved"?'],
    [['--until', '2%', '--replications', '20'], '--until finds the number of replications that --replications gives: choose one of them'],
    [['--at-most', '20'], '--at-most is about --until, which is not given'],
    [['--until', '2%', '--at-most', '9'], '--at-most: read "9": expected a whole number from 10 on'],
    [
      ['--strategies', 'static-peak,time-shar'],
      'tiny has no strategy "time-shar"; did you mean "time-share"? It has static-peak, time-share, vacate-and-move',
    ],
    [['--format', 'html'], '--format: read "html": expected screen, table, markdown, csv or json'],
  ])('%j is named, with exit code 2 and nothing on stdout', async (args, message) => {
    const { code, out, err } = await compare(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('is of no strategy that it leaves out', async () => {
    const some = await compare('--strategies', 'static-peak,time-share', '--replications', '1');
    expect(some.code).toBe(0);
    expect(some.out).not.toContain('\nvacate-and-move');
    expect(some.out).toMatch(/\nBeside its other strategies: .* compare scenarios\/tiny\.yaml /);
    const again = await fenshi('rerun', join(folder, 'out'), '--jobs', '1');
    expect(again.out).toBe('The same bytes: 2 files of 2 runs.\n');
  });

  it('knows all strategies, but for those that take options', async () => {
    const all = await compare('--strategies', 'all', '--replications', '1');
    expect(all.code).toBe(0);
    expect(all.err).toMatch(/^Left out, since they take options: cron\n/);
    for (const label of ['static-mean', 'hpa', 'lcp', 'time-share-predictive']) expect(all.out).toMatch(new RegExp(`^${label} .*\\d`, 'm'));
    expect((await fenshi('rerun', join(folder, 'out'), '--jobs', '1')).out).toMatch(/^The same bytes: 2 files of 12 runs\.\n$/);
  });

  it('is of run what belongs to compare', async () => {
    const { code, err } = await fenshi('run', 'scenarios/tiny.yaml', '--strategy', 'time-share', '--margin', '1%');
    expect([code, err]).toEqual([2, expect.stringContaining('--margin is no option of run: it belongs to compare')]);
  });
});

describe('compare', () => {
  it('ends its screen with verdicts, and says where there are none', async () => {
    const five = await compare('--replications', '5');
    expect(five.out).toMatch(
      /\nVerdicts against static-peak, beyond ±1 % of its mean, all 14 together right[^]*\ntime-share: better cores, cost; worse /,
    );
    expect((await compare('--replications', '2')).out).toContain('\nNo verdicts: they take at least 5 replications\n');
    expect((await fenshi('run', 'scenarios/tiny.yaml', '--strategy', 'time-share', '--out', join(folder, 'run'))).out).not.toContain(
      'erdicts',
    );
  });

  it('judges what it is told to, by the margin it is told', async () => {
    const args = ['--replications', '6', '--metrics', 'cost, used_core_mean', '--metrics', 'switches'];
    const { code, out, err } = await compare(...args, '--margin', '90%', '--format', 'table');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Verdicts against static-peak, beyond ±90 % of its mean, all 5 together right with 95 % confidence \(Holm\)\n/);
    expect(out).toMatch(
      /\nused_core_mean \(cores; lower is better\)\n(?:.*\n){2}time-share .* equivalent\nvacate-and-move .* equivalent\n/,
    );
    expect(out.match(/^\w+ \(/gm)).toEqual(['cost (', 'used_core_mean (', 'switches (']);
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'out', 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ judging: { metrics: ['cost', 'used_core_mean', 'switches'], margin: 0.9 } });
  });

  it('prints the same numbers as CSV as it writes, and as JSON', async () => {
    const { out } = await compare('--replications', '5', '--format', 'csv');
    expect(out).toBe(readFileSync(join(folder, 'out', 'compare.csv'), 'utf8'));
    const { rows } = JSON.parse((await compare('--replications', '5', '--format', 'json')).out) as { rows: unknown[] };
    const written: readonly unknown[] = parse(out, { columns: true });
    expect(rows).toHaveLength(written.length);
  });

  it('replicates until the means are known, and no longer', async () => {
    const run = (...more: string[]) =>
      fenshi(
        'run',
        'scenarios/tiny.yaml',
        '--strategy',
        'static-peak',
        '--out',
        join(folder, 'until'),
        '--detail',
        'none',
        ...noisy,
        ...more,
      );
    const half = (): number => {
      const rows: readonly Readonly<Record<string, string>>[] = parse(readFileSync(join(folder, 'until', 'compare.csv'), 'utf8'), { columns: true }); // prettier-ignore
      const used = rows.find(({ metric }) => metric === 'used_core_mean');
      return Number(used?.['half_width']) / Number(used?.['mean']);
    };
    const until = await run('--until', '5%', '--until', 'used_core_mean=0.9%');
    const stopped = /^Stopped after (\d+) replications, where every strategy’s means are known \(cost to 5 %, used_core_mean to 0\.9 %\);/m.exec(until.out.replace(/\n {2}/g, ' ')); // prettier-ignore
    const looks = ['10', '12', '15', '18', '22', '27', '33', '40'];
    const at = looks.indexOf(stopped?.[1] ?? '');
    expect([until.code, half() <= 0.009, at > 0]).toEqual([0, true, true]);
    const summary = readFileSync(join(folder, 'until', 'summary.csv'), 'utf8');
    await run('--replications', looks[at - 1] ?? '');
    expect(half()).toBeGreaterThan(0.009);
    // As many replications from the beginning make the same summary, whatever the number of workers.
    await run('--replications', looks[at] ?? '', '--jobs', '1');
    expect(readFileSync(join(folder, 'until', 'summary.csv'), 'utf8')).toBe(summary);
  });

  it('says what is not known at the most, with exit code 3', async () => {
    const { code, out, err } = await fenshi(
      'run', 'scenarios/tiny.yaml', '--strategy', 'static-peak', '--out', join(folder, 'until'), '--detail', 'none', ...noisy, '--until', 'used_core_mean=0.01%', '--at-most', '10',
    ); // prettier-ignore
    expect(code).toBe(3);
    expect(err).toMatch(
      /^After 10 replications, as many as --at-most allows, these are not known as well as --until asks:\nstatic-peak: used_core_mean to [\d.]+ % instead of 0\.01 %\n/,
    );
    expect(out.replace(/\n {2}/g, ' ')).toContain(
      'Stopped after 10 replications, at the most that was allowed, before every strategy’s means were known',
    );
  });
});
