import { describe, expect, it } from 'vitest';
import { play, scenario } from './support.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { strategies } from '../../src/strategies/registry.ts';
import type { Row } from '../../src/metrics/columns.ts';

const label = 'vacate-and-move';
/** The night's overload of double11.yaml: from 23:30 to 00:30, with a faster deletion so that it fits. */
const night = (interval: string) =>
  scenario('double11', [
    'start=2019-11-10T23:30:00+08:00',
    'horizon=1h',
    `results.interval=${interval}`,
    `strategies={ ${label}: { plan: [{ at: "23:55:30", from: interact, to: pay }] } }`,
  ]);

describe('the length of a row of the results', () => {
  const [fine, coarse] = ['1s', '10m'].map((interval) => play(night(interval), label)) as [
    ReturnType<typeof play>,
    ReturnType<typeof play>,
  ];

  it('changes no sum, integral, exposure or cause: equal to 1e-9', () => {
    const names = [
      'offered',
      'served',
      'rejected',
      'timed_out',
      'lost',
      'backlog_end',
      'unserved',
      'unserved_cold_start',
      'unserved_switch',
      'unserved_undersized',
      'exposure_s',
      'slo_violation_s',
      'goodput_ratio',
      'reserved_core_h',
      'used_core_h',
      'reserved_core_mean',
      'used_core_max',
      'cost',
    ];
    for (const app of ['interact', 'pay', 'forest', 'all']) {
      for (const name of names) {
        const [a, b] = [fine.summary(app)[name] as number, coarse.summary(app)[name] as number];
        expect(Math.abs(a - b), `${app} ${name}: ${String(a)} and ${String(b)}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(a)));
      }
    }
    expect(fine.summary('pay')['rejected']).toBeGreaterThan(1e6); // there is an overload to be cut up
  });

  it('changes no quantile', () => {
    for (const name of ['response_p50_ms', 'response_p95_ms', 'response_p99_ms', 'response_p999_ms']) {
      const [a, b] = [fine.summary('all')[name] as number, coarse.summary('all')[name] as number];
      expect(Math.abs(a / b - 1), name).toBeLessThan(1e-6);
    }
  });

  it('changes no event: the fingerprint is the same, and the same without any rows', () => {
    expect(fine.result.fingerprint).toBe(coarse.result.fingerprint);
    expect(simulate({ scenario: night('1s'), label, replication: 0, strategies }).fingerprint).toBe(fine.result.fingerprint);
  });

  it('leaves rows that add up to the summary', () => {
    const total = (rows: readonly Row[], name: string) =>
      rows.reduce((sum, row) => sum + (row[name] as number) * ((row['to_s'] as number) - (row['from_s'] as number)), 0);
    for (const played of [fine, coarse]) {
      expect(total(played.rows.apps, 'offered_per_s') / (played.summary('all')['offered'] as number)).toBeCloseTo(1, 9);
      expect(total(played.rows.apps, 'rejected_per_s') / (played.summary('all')['rejected'] as number)).toBeCloseTo(1, 9);
      expect(total(played.rows.apps, 'reserved_core') / 3600 / (played.summary('all')['reserved_core_h'] as number)).toBeCloseTo(1, 9);
      expect(total(played.rows.apps, 'used_core') / 3600 / (played.summary('all')['used_core_h'] as number)).toBeCloseTo(1, 9);
    }
  });
});

it('the length of a row changes no cause where every request is an event', () => {
  const causes = (interval: string) => {
    const { summary } = play(
      scenario('tiny', [
        'fidelity=request',
        'horizon=7m',
        'apps.sale.traffic={ constant: 2600/s }',
        'strategies.time-share.pods={ gala: 2, sale: 2 }',
        'strategies.time-share.plan=[{ at: 00:05:00, group: night, from: gala, to: sale }]',
        'defaults.coldPages={ capacity: 20%, for: 60s }',
        `results.interval=${interval}`,
      ]),
      'time-share',
    );
    return ['served', 'unserved_undersized', 'unserved_cold_start', 'unserved_switch', 'unserved_fault'].map(
      (name) => summary('all')[name],
    );
  };
  const [minutes, ...others] = ['1m', '1s', '1300ms'].map(causes);
  expect(minutes![1]).toBeGreaterThan(1000);
  expect(minutes![3]).toBeGreaterThan(1000);
  for (const other of others) other.forEach((amount, k) => expect(amount).toBeCloseTo(minutes![k] as number, 3));
});

describe('the same scenario, strategy and seed', () => {
  it('play the same run, and another seed another one', () => {
    const once = play(night('10m'), label);
    expect(play(night('10m'), label)).toEqual({ ...once, summary: expect.any(Function) as unknown });
    expect(play(night('10m'), label, 1).result.fingerprint).not.toBe(once.result.fingerprint);
  });

  it('meet the same traffic and the same start-up times under another scheduler rate', () => {
    const slow = play(night('10m'), label);
    const fast = play(
      scenario('double11', [
        'start=2019-11-10T23:30:00+08:00',
        'horizon=1h',
        'results.interval=10m',
        'platform.scheduler.rate=50/s',
        'results.detail=all',
        `strategies={ ${label}: { plan: [{ at: "23:55:30", from: interact, to: pay }] } }`,
      ]),
      label,
    );
    // Sums that are cut at other moments: the same but for rounding.
    expect(Number(fast.summary('pay')['offered']) / Number(slow.summary('pay')['offered'])).toBeCloseTo(1, 13);
    const starts = (rows: readonly Row[]) =>
      rows
        .filter((row) => row['state'] === 'starting' && Number(row['from_s']) > 0)
        .map((row) => [row['pod'], Math.round((Number(row['to_s']) - Number(row['from_s'])) * 1e6)]);
    const slowAll = play(
      scenario('double11', [
        'start=2019-11-10T23:30:00+08:00',
        'horizon=1h',
        'results.interval=10m',
        'results.detail=all',
        `strategies={ ${label}: { plan: [{ at: "23:55:30", from: interact, to: pay }] } }`,
      ]),
      label,
    );
    const fastStarts = new Map(starts(fast.rows.pods) as [number, number][]);
    const common = (starts(slowAll.rows.pods) as [number, number][]).filter(([pod]) => fastStarts.has(pod));
    expect(common.length).toBeGreaterThan(400);
    for (const [pod, length] of common) expect(fastStarts.get(pod)).toBe(length);
  });
});
