import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fenshi } from './fenshi.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-pair-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const pair = (...args: string[]) => fenshi('pair', 'scenarios/tiny.yaml', '--out', join(folder, 'out'), ...args);

describe('pair', () => {
  it.each([
    [['--method', 'best'], '--method: read "best": expected given, complementary, correlation, local-search or optimal'],
    [['--size', '5'], '--size: read "5": expected 2, 3 or 4'],
    [['--utilisation', '0%'], '--utilisation: read "0%": it is from more than 0% to 100%'],
    [['--interval', '5'], '--interval: read "5": expected a time of at least 1s, such as 5m'],
    [['--apart', 'gala,sales'], '--apart: there is no app "sales"; did you mean "sale"?'],
    [['--margin', '1%'], '--margin is no option of pair: it belongs to compare'],
  ])('%j is a mistake, exit code 2', async (args, message) => {
    const { code, out, err } = await pair(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('says what sharing saves, and writes a scenario that compare takes', async () => {
    // A switch takes minutes: the sale comes long after the gala.
    const late = [
      '--set',
      'horizon=1h',
      '--set',
      'apps.sale.traffic={ piecewise: [{ at: 00:00, rate: 300/s }, { at: 00:40, rate: 300/s }, { at: 00:40, rate: 1800/s }] }',
    ];
    const { code, out, err } = await pair(...late);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^tiny, local-search: 1 group shares slots and 0 apps share none: 36 cores instead of 48, 25\.0 % less\.\n\nThe groups \(/,
    );
    expect(out).toMatch(
      /\ngroup +apps +slots +outside +cores apart +shared +saved % +peaks\npair-1 +gala \+ sale +4 +2 \+ 2 +48 +36 +25\.0 /,
    );
    expect(out).toMatch(
      /\nmethod +groups +cores +saved %\nlocal-search +1 .*\ngiven +1 .*\ncomplementary +1 .*\ncorrelation +1 .*\noptimal +1 /,
    );
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['manifest.json', 'paired.yaml', 'pairs.csv', 'profiles.csv']);
    expect(readFileSync(join(folder, 'out', 'pairs.csv'), 'utf8')).toMatch(/\npair-1,gala sale,4,2 2,48,36,0\.25,/);
    expect(readFileSync(join(folder, 'out', 'profiles.csv'), 'utf8').split('\n')).toHaveLength(1 + 2 * 12 + 1);
    const compared = await fenshi('compare', join(folder, 'out', 'paired.yaml'), '--replications', '1', '--out', join(folder, 'compared'), '--jobs', '1'); // prettier-ignore
    expect(compared.code).toBe(0);
    expect(compared.out).toContain('time-share-predictive');
    expect(await pair('--quiet')).toEqual({ code: 0, out: '', err: '' });
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['manifest.json', 'pairs.csv', 'profiles.csv']); // too soon, in the scenario as it is
  });
});
