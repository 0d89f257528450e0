import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { play, scenario } from './support.ts';

describe('scenarios/wrong-forecast.yaml', () => {
  const wrong = scenario('wrong-forecast');
  const all = (label: string) => play(wrong, label).summary('all');

  it('offers 45 % more than double11.yaml, ten minutes early, on the same forecast', () => {
    const [right, surprised] = [scenario('double11'), wrong].map((each) => play(each, 'static-peak'));
    const at = (rows: typeof right, app: string, from: number, column: string) =>
      rows?.rows.apps.find((row) => row['app'] === app && row['from_s'] === from)?.[column] as number;
    for (const app of ['interact', 'pay', 'forest'])
      expect(at(surprised, app, 21_600, 'forecast_per_s')).toBe(at(right, app, 21_600, 'forecast_per_s'));
    // Each is the mean of a minute under noise of 4 %, so the ratio is 1.45 give or take a tenth.
    const ratio = at(surprised, 'pay', 21_600 + 300 - 600, 'offered_per_s') / at(right, 'pay', 21_600 + 300, 'offered_per_s');
    expect(Math.abs(ratio - 1.45)).toBeLessThan(0.15);
    expect(surprised?.result.summary.at(-1)?.['reserved_core_max']).toBe(right?.result.summary.at(-1)?.['reserved_core_max']);
  });

  it('leaves static-peak a little short, and time-share far more: its gate takes the late switch back, which costs more than the switch', () => {
    const [fixed, gated, ungated] = [all('static-peak'), all('time-share'), all('time-share-ungated')];
    const unserved = [fixed, ungated, gated].map((row) => (row['unserved_undersized'] as number) + (row['unserved_switch'] as number));
    expect(unserved[0]).toBeGreaterThan(0);
    expect(unserved[1]).toBeGreaterThan(2 * (unserved[0] as number));
    expect(unserved[2]).toBeGreaterThan(2 * (unserved[1] as number));
    expect([gated['switches_rolled_back'], ungated['switches_rolled_back'], ungated['slots_switched']]).toEqual([1, 0, 960]);
  });
});

describe('scenarios/two-promotions.yaml', () => {
  it('hands one set of slots on twice and back, and serves every request with fewer cores', () => {
    const evening = scenario('two-promotions');
    const [fixed, shared] = [play(evening, 'static-peak'), play(evening, 'time-share')];
    // Per zone ⌈20,000/s · 10.1 ms ÷ 3 cores⌉ = 68 pods of search, ⌈22,500 · 10.1 ms ÷ 3⌉ = 76 of live, ⌈30,000 · 10.1 ms ÷ 3⌉ = 101 of pay: 490 pods of 4 cores.
    expect(fixed.summary('all')).toMatchObject({ reserved_core_max: 1960, unserved: 0 });
    expect(shared.summary('all')).toMatchObject({ switches: 3, slots_switched: 3 * 144, switches_failed: 0, unserved: 0 });
    expect(shared.summary('all')['reserved_core_max']).toBeLessThan(0.65 * 1960);
    const operations = shared.rows.operations.filter(({ kind }) => kind === 'switch');
    expect(operations.map((row) => [row['app_from'], row['app_to'], row['state']])).toEqual([
      ['search', 'live', 'done'],
      ['live', 'pay', 'done'],
      ['pay', 'search', 'done'],
    ]);
  });
});

describe('scenarios/trace.yaml', () => {
  it('offers exactly what was recorded, and saves cores on it', () => {
    const [, ...lines] = readFileSync('scenarios/trace.csv', 'utf8').trim().split('\n');
    const total = (column: number) => lines.reduce((sum, line) => sum + Number(line.split(',')[column]), 0);
    const recorded = scenario('trace');
    const [fixed, shared] = [play(recorded, 'static-peak'), play(recorded, 'time-share')];
    for (const { summary } of [fixed, shared])
      expect([summary('checkout')['offered'], summary('reports')['offered'], summary('all')['unserved']]).toEqual([
        expect.closeTo(total(1), 3),
        expect.closeTo(total(2), 3),
        0,
      ]);
    expect(shared.summary('all')['reserved_core_max']).toBeLessThan(0.75 * (fixed.summary('all')['reserved_core_max'] as number));
  });
});
