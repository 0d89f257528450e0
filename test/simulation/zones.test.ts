import { describe, expect, it } from 'vitest';
import { play, scenario } from './support.ts';

describe('zones of unequal weight', () => {
  // Weights 3 : 1. gala's 1,800/s are 1,350/s in east, which need ⌈1,350 ÷ 300⌉ = 5 pods; west gets as many, for 450/s. sale likewise.
  const uneven = scenario('tiny', [
    'cluster.zones={ east: { weight: 3 }, west: { weight: 1 } }',
    'cluster.node.cpu=48',
    'cluster.node.memory=128G',
  ]);
  const { result, rows, summary } = play(uneven, 'static-peak');

  it('get traffic and forecast by their weight, and as many pods each as the busiest needs', () => {
    const first = rows.apps.slice(0, 2);
    expect(first.map((row) => [row['app'], row['zone'], row['pods_running']])).toEqual([
      ['gala', 'east', 5],
      ['gala', 'west', 5],
    ]);
    for (const name of ['offered_per_s', 'forecast_per_s']) {
      expect(first[0]?.[name]).toBeCloseTo(1350, 9);
      expect(first[1]?.[name]).toBeCloseTo(450, 9);
    }
    expect(result.planned).toMatchObject({ cores: 80, warnings: [] });
  });

  it('lose nothing when they were sized so', () => {
    expect(summary('all')).toMatchObject({ unserved: 0, exposure_s: 0 });
    expect(result.checks.every(({ held }) => held)).toBe(true);
  });
});

describe('zones of unequal weight whose apps overflow', () => {
  // 6 pods of gala stand 3 : 3, good for 1,200/s each. East gets 1,350/s until 300 s and is full after 1,200 ÷ 150 = 8 s: 150/s · 292 s = 43,800 are refused.
  const uneven = (overflow: boolean, more: readonly string[] = []) =>
    scenario('tiny', [
      'cluster.zones={ east: { weight: 3, city: hangzhou }, west: { weight: 1, city: shanghai } }',
      'strategies={ static-peak: { pods: { gala: 6, sale: 6 } } }',
      'cluster.node.cpu=48',
      'apps.sale.traffic={ constant: 300/s }',
      `defaults.overflow=${String(overflow)}`,
      ...more,
    ]);

  it('lose what the busiest refuses, or let the other serve it', () => {
    const [alone, together] = [play(uneven(false), 'static-peak'), play(uneven(true), 'static-peak')];
    expect(alone.summary('gala')['unserved']).toBeCloseTo(43_800, 6);
    expect(alone.summary('gala')['overflowed']).toBe(0);
    expect(together.summary('gala')).toMatchObject({ unserved: 0, rejected: 0, success_ratio: 1 });
    expect(together.summary('gala')['overflowed']).toBeCloseTo(43_800, 6);
    for (const { summary, result } of [alone, together]) {
      expect(summary('gala')['exposure_s']).toBeCloseTo(300, 6);
      expect(result.checks.filter(({ held }) => !held)).toEqual([]);
    }
    const [, west] = together.rows.apps.filter((row) => row['app'] === 'gala' && row['from_s'] === 100);
    expect(west).toMatchObject({ zone: 'west', rejected_per_s: 0, overflowed_per_s: 0 });
    expect(west?.['served_per_s']).toBeCloseTo(600, 6);
    expect(west?.['offered_per_s']).toBeCloseTo(450, 6);
  });

  it('serve it a round trip later', () => {
    // What overflows, 43,800 of 630,000, takes 30 ms more to the other city; let it be 60 s, and the mean is 43,800 · 60 ÷ 630,000 s longer.
    const near = play(uneven(true, ['cluster.network.otherCity=0s']), 'static-peak');
    const far = play(uneven(true, ['cluster.network.otherCity=60s']), 'static-peak');
    const mean = (played: typeof near) => played.summary('gala')['response_mean_ms'] as number;
    expect((mean(far) - mean(near)) / 1000).toBeCloseTo((43_800 * 60) / (1800 * 300 + 300 * 300), 6);
    expect(mean(play(uneven(true, ['cluster.network.otherIdc=60s', 'cluster.network.otherCity=0s']), 'static-peak'))).toBe(mean(near));
  });

  it('write the same whatever the rows, with retries too', () => {
    const more = (interval: string) => [
      `results.interval=${interval}`,
      'apps.gala.traffic={ piecewise: [{ at: 00:00, rate: 1800/s }, { at: 00:02, rate: 3600/s }, { at: 00:04, rate: 900/s }] }',
      'apps.gala.retry={ tries: 3, delay: 4s }',
    ];
    const [fine, coarse] = [play(uneven(true, more('1s')), 'static-peak'), play(uneven(true, more('7300ms')), 'static-peak')];
    expect(fine.result.fingerprint).toBe(coarse.result.fingerprint);
    for (const { result, summary } of [fine, coarse]) {
      expect(result.checks.filter(({ held }) => !held)).toEqual([]);
      expect(Math.min(summary('gala')['overflowed'] as number, summary('gala')['retried'] as number)).toBeGreaterThan(10_000);
    }
    for (const name of ['served', 'retried', 'overflowed', 'rejected', 'unserved', 'exposure_s', 'goodput_ratio', 'used_core_h'])
      expect(Math.abs((fine.summary('gala')[name] as number) - (coarse.summary('gala')[name] as number)), name).toBeLessThan(1e-9 * 1e6);
  });
});
