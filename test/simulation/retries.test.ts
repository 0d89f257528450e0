import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/metrics/columns.ts';
import { play, scenario } from './support.ts';

// Each app has 10 pods of 400/s in two zones: C = 4,000/s, bound C · 1 s. It gets 3,800/s, and 8,000/s from 120 to 180 s.
const storm = play(scenario('retry-storm'), 'static-peak');
const figure = (app: string, name: string) => storm.summary(app)[name] as number;

describe('the retry storm', () => {
  it('is none where nobody tries again: what the peak is too much is lost, and all is well when the backlog is served', () => {
    // (8,000 − 4,000) · 60 s − the bound of 4,000. The backlog is empty 20 s after the peak: 4,000 ÷ 200/s.
    expect(figure('nobody', 'unserved')).toBeCloseTo(236_000, 3);
    expect(figure('nobody', 'exposure_s')).toBeCloseTo(60, 6);
    expect(figure('nobody', 'slo_violation_s')).toBe(80);
    expect(storm.summary('nobody')).toMatchObject({ retried: 0, retrying_end: 0 });
  });

  it('lasts until everybody has been served where everybody tries for ever: 21 times as long as its cause', () => {
    // Nobody is given up, and until the end the pods serve all they can: 60 · 8,000 + (T − 60) · 3,800 = 4,000 · T, T = 252,000 ÷ 200 = 1,260 s, to 1,380 s.
    expect(figure('stubborn', 'slo_violation_s')).toBe(1260);
    expect(figure('stubborn', 'unserved')).toBeLessThan(1e-6);
    const rows = storm.rows.apps.filter((row) => row['app'] === 'stubborn' && row['zone'] === 'east');
    const busy = rows.filter((row) => (row['served_per_s'] as number) > 1999.999);
    expect([busy[0]?.['from_s'], busy.at(-1)?.['to_s'], busy.length]).toEqual([120, 1380, 126]);
  });

  it('dies out within a few delays where half try once more', () => {
    // In the peak R retries/s come back, half of the share of the 8,000 first attempts that fails: R = ½ · 8,000 · (4,000 + R) ÷ (8,000 + R), R = √(2·10⁷) − 2,000
    // = 2,472/s. After it, delay by delay: 3,800 + 2,472; half of 3,800 · 2,272 ÷ 6,272: + 688; half of 3,800 · 488 ÷ 4,488: + 207, hardly too many; then nothing.
    const east = (from: number) =>
      storm.rows.apps.find((row) => row['app'] === 'half-once' && row['zone'] === 'east' && row['from_s'] === from) as Row;
    expect(east(170)['retried_per_s']).toBeCloseTo((Math.sqrt(2e7) - 2000) / 2, 0);
    expect(figure('half-once', 'exposure_s')).toBeCloseTo(90, 0);
    expect(east(220)).toMatchObject({ retried_per_s: 0, rejected_per_s: 0 });
  });

  it('goes on after the peak where everybody tries three times more, and saves only what the pods serve in that time beside the first attempts', () => {
    // Busy for T from 120 s on, the pods serve 4,000 · T of 480,000 + 3,800 · (T − 60): 252,000 − 200 · T are lost. T is 80 s without retries; to 10 s it is the
    // time in which the objective is missed.
    const busy = figure('three-times', 'slo_violation_s');
    expect(busy).toBeGreaterThan(180);
    expect(Math.abs(figure('three-times', 'unserved') - (252_000 - 200 * busy))).toBeLessThan(200 * 10);
  });

  it('has every check hold, and costs events only while there is something to try again', () => {
    expect(storm.result.checks.filter(({ held }) => !held)).toEqual([]);
    // 3 bends an app after the start, 120 metrics windows, and a bucket a second while storms last: 1,260, some 300, some 100.
    expect(storm.result.events).toBeLessThan(4 * 3 + 120 + 1260 + 300 + 120);
  });
});

describe('retries', () => {
  it.each(['1s', '7300ms', '10m'])('do not depend on rows of %s', (interval) => {
    const other = play(scenario('retry-storm', [`results.interval=${interval}`]), 'static-peak');
    expect(other.result.fingerprint).toBe(storm.result.fingerprint);
    for (const app of ['half-once', 'three-times', 'stubborn', 'all'])
      for (const name of [
        'offered',
        'retried',
        'served',
        'rejected',
        'unserved',
        'exposure_s',
        'slo_violation_s',
        'goodput_ratio',
        'used_core_h',
      ])
        expect(Math.abs((other.summary(app)[name] as number) - figure(app, name)), `${app} ${name}`).toBeLessThanOrEqual(
          1e-9 * Math.max(1, figure(app, 'offered')),
        );
  });

  it.each([
    ['many at once', 'tries: 7, probability: 93%, delay: 3s, resolution: 100ms', '777s'],
    ['few, late', 'tries: 2, probability: 31%, delay: 42s, resolution: 3s', '222222ms'],
    ['as the run ends in a storm, within a bucket', 'tries: 9, delay: 8s, resolution: 4s', '185700ms'],
  ])('are conserved: %s', (_, retry, horizon) => {
    const { result, summary } = play(
      scenario('retry-storm', [
        `horizon=${horizon}`,
        `apps={ shop: { retry: { ${retry} } } }`,
        'strategies={ static-peak: { pods: { shop: 9 } } }',
      ]),
      'static-peak',
    );
    expect(result.checks.filter(({ held }) => !held)).toEqual([]);
    expect(summary('shop')['retried']).toBeGreaterThan(10_000);
  });

  it('load the pods, and strategies see them in what is measured', () => {
    // The rate that the gate and the view see is that of attempts; see the row: 8,000 + 2,472 a second at the end of the peak.
    const rows = storm.rows.apps.filter((row) => row['app'] === 'half-once' && row['from_s'] === 170);
    const attempts = rows.reduce((sum, row) => sum + (row['offered_per_s'] as number) + (row['retried_per_s'] as number), 0);
    expect(attempts).toBeCloseTo(8000 + Math.sqrt(2e7) - 2000, 0);
    const refused = rows.reduce((sum, row) => sum + (row['rejected_per_s'] as number), 0);
    expect(refused).toBeCloseTo(attempts - 4000, 6);
  });
});
