import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/simulation/simulate.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { scenario } from './support.ts';

const run = (label: string, set: readonly string[] = [], replication = 0, name = 'double11') => {
  const result = simulate({ scenario: scenario(name, set), label, replication, strategies });
  const all = result.summary.at(-1) ?? {};
  const number = (name: string) => all[name] as number;
  return { result, number };
};

describe('the Double 11 day', () => {
  it('costs static-peak the sum of the peaks: about 1,800 pods, 7,200 cores, 120 nodes', () => {
    const { result, number } = run('static-peak');
    // Per zone: ⌈60,000/s · 14.1 ms ÷ 3 cores⌉ = 282 pods of interact, ⌈60,000 · 16.1 ms ÷ 3⌉ = 322 of pay, ⌈55,000 · 16.1 ms ÷ 3⌉ = 296 of forest: 900 pods, 3,600 cores, 60 nodes.
    expect(result.planned).toMatchObject({ cores: 7200, nodes: 120 });
    expect(number('reserved_core_max')).toBe(7200);
    expect(number('unserved')).toBe(0);
  });

  it('saves as many cores under time-share as its arithmetic says: slots · (3 · 4 − 6) ÷ static = 40 %, to 1 %', () => {
    const owned = run('time-share').number('reserved_core_max');
    const saving = 1 - owned / run('static-peak').number('reserved_core_max');
    expect(Math.abs(saving - (480 * (12 - 6)) / 7200)).toBeLessThan(0.01 * 0.4);
  });

  it('is never exposed under time-share for a start anywhere from 23:55:00 to 23:56:30, with the same fleet, in any of its replications', () => {
    for (const at of ['23:55:00', '23:55:30', '23:56:00', '23:56:30'])
      for (const replication of [0, 1, 2, 3, 4]) {
        const { number } = run('time-share', [`strategies.time-share.plan.0.at=${at}`], replication);
        expect([at, replication, number('reserved_core_max'), number('exposure_s'), number('unserved')]).toEqual([
          at,
          replication,
          4320,
          0,
          0,
        ]);
      }
  });

  it('exposes pay for minutes under vacate-and-move, because of cold starts; a scheduler of 100 pods/s ends that', () => {
    const slow = run('vacate-and-move');
    expect(slow.number('exposure_s')).toBeGreaterThan(120);
    expect(slow.number('unserved_cold_start') / slow.number('unserved')).toBeGreaterThan(0.99);
    const fast = run('fast-vacate');
    expect(fast.number('unserved')).toBeLessThan(0.01 * slow.number('unserved'));
  });

  it('rejects under static-mean what its mean does not carry', () => {
    const { number } = run('static-mean');
    expect(number('rejected')).toBeGreaterThan(0.3 * number('offered'));
    expect(number('unserved_undersized')).toBeCloseTo(number('unserved'), -2);
  });
});

describe('the Double 11 day by a clock and by pools', () => {
  it('costs cron interact and pay at once, and exposes nobody: 1,244 pods, 4,976 cores, 84 nodes', () => {
    const { result, number } = run('cron', [], 0, 'double11-more');
    // At 23:56 interact still has its 2 · 282 pods, pay has its 2 · 322 (ordered 578 s of binding and 451 s of cold path before midnight), and forest what it needs before
    // 06:30: ⌈55,000/s · (0.03 + 0.97·e^(−45²/(2·17²))) · 16.1 ms ÷ 3 cores⌉ = ⌈17.5⌉ = 18 a zone. 4,976 ÷ 2 ÷ 60 = 41.5, so 42 nodes a zone.
    expect(result.planned).toMatchObject({ cores: 4 * (564 + 644 + 36), nodes: 84, warnings: [] });
    expect([number('reserved_core_max'), number('exposure_s'), number('unserved')]).toEqual([4976, 0, 0]);
  });

  it('is too much for a pool of a fifth; four fifths that are filled up only while the forecast needs them carry it, and cost more cores than a clock', () => {
    const small = run('warm-pool', [], 0, 'double11-more');
    expect(small.number('exposure_s')).toBeGreaterThan(60);
    expect(small.number('unserved_cold_start') / small.number('unserved')).toBeGreaterThan(0.99);
    const large = run('large-pool', [], 0, 'double11-more');
    expect([large.number('exposure_s'), large.number('unserved')]).toEqual([0, 0]);
    expect(large.number('reserved_core_max')).toBeGreaterThan(4976);
  });
});

describe('the calibrations of a switch', () => {
  // Per batch: push 2.5 + drain 3 + limits 0.5 + 4 · 3 GiB ÷ 1 GB/s + limits 0.5 + 4 · 3 GiB ÷ 1.5 GB/s + push 2.5 + status 1.5; a transfer ends on the next whole µs.
  const gib = 1024 * 1024 * 1024;
  const transfer = (bytesPerSecond: number) => Math.ceil((4 * 3 * gib * 1e6) / bytesPerSecond) / 1e6;
  const batch = 2.5 + 3 + 0.5 + transfer(1e9) + 0.5 + transfer(1.5e9) + 2.5 + 1.5;

  it.each([
    ['switch-2019', 4 * batch + 3 * 30, 220, 0.1],
    ['switch-2021', 2 * batch, 60, 0.15],
  ])('%s takes what the closed form says, to 1 µs, and what was published, to a share', (name, closedForm, published, share) => {
    const result = simulate({ scenario: scenario(name), label: 'time-share', replication: 0, strategies });
    const seconds = result.summary.at(-1)?.['switch_p50_s'] as number;
    expect(Math.abs(seconds - closedForm)).toBeLessThanOrEqual(1e-6);
    expect(Math.abs(seconds / published - 1)).toBeLessThan(share);
    expect(result.summary.at(-1)).toMatchObject({ slots_switched: 400, switches_failed: 0 });
  });
});
