import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fenshi } from './fenshi.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-risk-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const risk = (...more: string[]) => fenshi('risk', 'scenarios/tiny.yaml', '--out', join(folder, 'out'), '--jobs', '1', ...more);

describe('what risk does not understand', () => {
  it.each([
    [[], 'choose one with --strategy: static-peak, time-share, vacate-and-move'],
    [['--strategy', 'time-shar'], 'tiny has no strategy "time-shar"; did you mean "time-share"?'],
    [['--strategy', 'static-peak', '--replications', '1'], 'static-peak switches no slots in tiny: there is no switch whose risk could be told'],
    [['--strategy', 'time-share', '--replications', '0'], '--replications: read "0": expected a whole number from 1 on'],
    [['--strategy', 'time-share', '--margin', '1%'], '--margin is no option of risk: it belongs to compare'],
  ])('%j is named, with exit code 2 and nothing on stdout', async (args, message) => {
    const { code, out, err } = await risk(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
}); // prettier-ignore

describe('risk', () => {
  it('tells what a switch is like, and how that moves', async () => {
    const { code, out, err } = await risk('--strategy', 'time-share', '--replications', '2', '--sensitivity');
    expect([code, err]).toEqual([0, '']);
    expect(out.replace(/\n {2}/g, ' ')).toMatch(/^tiny: what the switches of time-share risk, in 2 replications \(seeds 1–2\): somebody is short of capacity in 2 of 2, so with a probability of 34\.2 to 100 % \(95 %, Wilson\)\.\n/);
    // By hand: test/simulation/tiny.test.ts.
    expect(out).toMatch(/\na switch lasts, median, s +35 +35 +35 +35 +35\n/);
    expect(out).toMatch(/\nexposed, s +18\.5 +18\.5 +18\.5 +18\.5 +18\.5\nunserved requests +1,039 /);
    expect(out).toMatch(/\nas it is +2 of 2 +35 +18\.5 +1,039 +0\n/);
    // One batch is over a batch, an observation of 10 s and the rest of a batch sooner; an observation less is 10 s less.
    expect(out).toMatch(/\nall slots in one batch +0 of 2 +15\.5 \(-19\.5\) +0 \(-18\.5\) +0 \(-1,039\) +0 \(=\)\n/);
    expect(out).toMatch(/\nno observation +2 of 2 +25 \(-10\) +8\.5 \(-10\) /);
    // The fleet is that which was planned: a minute later is a minute longer short of it.
    expect(out).toMatch(/\nbegins 1 min later +2 of 2 +35 \(=\) +78\.5 \(\+60\) /);
    // The horizon ends before a start that is five minutes later.
    expect(out).not.toContain('begins 5 min later');
    // Two slots of a node swap 2 GB each, out at 1 GB/s and in at 2 GB/s: at half of it 3 s more for each batch.
    expect(out).toMatch(/\nhalf the swap bandwidth +2 of 2 +41 \(\+6\) /);
    const rows: readonly Readonly<Record<string, string>>[] = parse(readFileSync(join(folder, 'out', 'risk.csv'), 'utf8'), { columns: true });
    expect(rows.length).toBe(2 * 11);
    expect(rows[0]).toMatchObject({ variation: '', strategy: 'time-share', replication: '0', seed: '1', switch_p99_s: '35', exposure_s: '18.5', unserved: '1039', switches_rolled_back: '0' });
    expect(JSON.parse(readFileSync(join(folder, 'out', 'manifest.json'), 'utf8'))).toMatchObject({ command: 'risk', status: 'complete', asked: { strategy: 'time-share', sensitivity: true } });
    expect(await risk('--strategy', 'time-share', '--replications', '1', '--quiet')).toEqual({ code: 0, out: '', err: '' });
  });
}); // prettier-ignore
