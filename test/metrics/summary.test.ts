import { describe, expect, it } from 'vitest';
import { gibibyte } from '../../src/base/units.ts';
import type { Account } from '../../src/cluster/ledger.ts';
import { StepMeter } from '../../src/cluster/step-meter.ts';
import { csvFiles } from '../../src/metrics/columns.ts';
import { type Counts, nearestRank, summaryRow, type SummaryInput } from '../../src/metrics/summary.ts';
import { responseMean, responseQuantiles } from '../../src/serving/response-quantile.ts';
import { emptyTally, type Tally } from '../../src/serving/tally.ts';
import { at, meterOf } from './support.ts';

/** A meter that holds `first` for half an hour and `then` after it. */
function meter(first: number, then: number): StepMeter {
  const made = new StepMeter();
  made.add(at(0), first);
  made.add(at(1800), then - first);
  return made;
}

/** An hour: 48 cores reserved, then 24; limits 40, then 20; kept alive 2, then 4; used by starting pods 1, then 3; memory 96 GiB, then 32. */
const account = (): Account => ({
  reserved: meter(48_000, 24_000),
  limited: meter(40_000, 20_000),
  keepAlive: meter(2000, 4000),
  starting: meter(1000, 3000),
  memoryReserved: meter(96 * gibibyte, 32 * gibibyte),
  memoryResident: meter(0, 0),
});

const counts = (change: Partial<Counts> = {}): Counts => ({
  podsCreated: 20, podsDeleted: 15, podsPendingMax: 7, podsFailed: 4, scheduling: [3, 1, 2], switches: 3, switchesFailed: 1, slotsFailed: 3, switchesRolledBack: 1, slotsSwitched: 6, slotsStuckMax: 2, switchSeconds: [30, 10], driftSeconds: 90, ...change,
}); // prettier-ignore

/** 10,000 offered, 9,880 served, 60 rejected, 40 timed out, 15 lost, 5 waiting; 9,500 in time. Unserved by cause: fault, switch, cold start, undersized. */
const tally = (change: Partial<Tally> = {}): Tally => ({
  ...emptyTally(), offered: 10_000, served: 9880, rejected: 60, timedOut: 40, lost: 15, backlogGrowth: 5, within: 9500, usedCoreSeconds: 7200, unserved: [15, 20, 30, 50], ...change,
}); // prettier-ignore

const prices: SummaryInput['prices'] = { basis: 'owned', coreHour: 2, unservedPer1000: 4, slotSwitch: 0.5, podCreated: 0.1 };

const row = (change: Partial<SummaryInput> = {}) =>
  summaryRow({
    strategy: 's', replication: 2, seed: 13, app: 'pay', end: at(3600), tally: tally(), backlog: 5, unserved: [15, 20, 30, 50], retrying: 0, servedByRetry: 12, account: account(), violationSeconds: 30, exposureSeconds: 12, usedCoresMax: 21, forecastError: 500, fallbackSeconds: 4,
    counts: counts(), prices, whole: undefined, ...change,
  }); // prettier-ignore

describe('a row of the summary', () => {
  it('says whose it is, and has a column for every value', () => {
    expect(row()).toMatchObject({ strategy: 's', replication: 2, seed: 13, app: 'pay' });
    const columns: readonly string[] = csvFiles.summary.columns.map(({ name }) => name);
    expect(Object.keys(row()).filter((name) => !columns.includes(name))).toEqual([]);
    expect(columns.filter((name) => !(name in row()))).toEqual([]);
  });

  it('keeps the attempts’ books: unserved is the sum of its causes', () => {
    expect(row()).toMatchObject({
      offered: 10_000,
      served: 9880,
      rejected: 60,
      timed_out: 40,
      lost: 15,
      retried: 0,
      backlog_end: 5,
      unserved: 115,
      unserved_fault: 15,
      unserved_switch: 20,
      unserved_cold_start: 30,
      unserved_undersized: 50,
    });
  });

  it('has as success ratio 1 − unserved ÷ offered, and as goodput what was in time', () => {
    // 1 − 115 ÷ 10,000; 9,500 ÷ 10,000
    expect([row()['success_ratio'], row()['goodput_ratio'], row()['forecast_error_ratio']]).toEqual([1 - 0.0115, 0.95, 0.05]);
  });

  it('leaves ratios and response times empty where nothing was offered, never 0', () => {
    const empty = row({ tally: emptyTally() });
    for (const name of [
      'success_ratio',
      'goodput_ratio',
      'forecast_error_ratio',
      'response_mean_ms',
      'response_p50_ms',
      'response_p999_ms',
    ])
      expect(empty[name], name).toBeUndefined();
  });

  it('integrates what was reserved, limited, kept alive and used', () => {
    // (48 + 24) ÷ 2 = 36 cores for an hour; (40 + 20) ÷ 2; 2 and 4 kept alive: 3 core-hours; 7,200 core-seconds: 2 cores, beside (1 + 3) ÷ 2 of starting pods.
    expect(row()).toMatchObject({
      reserved_core_mean: 36,
      reserved_core_max: 48,
      reserved_core_h: 36,
      limited_core_mean: 30,
      keep_alive_core_h: 3,
      used_core_mean: 4,
      used_core_h: 4,
      used_core_max: 21,
      memory_gib_mean: 64,
      memory_gib_max: 96,
    });
  });

  it('charges the largest reservation for the whole horizon where the basis is owned', () => {
    // 48 cores · 1 h · 2 + 115 ÷ 1,000 · 4 + 6 slots · 0.5 + 20 pods · 0.1 = 96 + 0.46 + 3 + 2
    expect(row()['cost']).toBeCloseTo(101.46, 9);
  });

  it('charges what was reserved while it was where the basis is held', () => {
    // 36 core-hours · 2 + 0.46 + 3 + 2
    expect(row({ prices: { ...prices, basis: 'held' } })['cost']).toBeCloseTo(77.46, 9);
  });

  it('charges each part by its own price', () => {
    const free = { basis: 'owned', coreHour: 0, unservedPer1000: 0, slotSwitch: 0, podCreated: 0 } as const;
    const part = (change: Partial<SummaryInput['prices']>) => row({ prices: { ...free, ...change } })['cost'];
    expect([part({}), part({ coreHour: 1 }), part({ unservedPer1000: 1 }), part({ slotSwitch: 1 }), part({ podCreated: 1 })]).toEqual([
      0, 48, 0.115, 6, 20,
    ]);
  });

  it('tells the events, with the nearest rank of the times', () => {
    expect(row()).toMatchObject({
      slo_violation_s: 30, exposure_s: 12, fallback_s: 4, pods_created: 20, pods_deleted: 15, pods_pending_max: 7, scheduling_p50_s: 2, scheduling_p99_s: 3,
      switches: 3, switches_failed: 1, switches_rolled_back: 1, slots_switched: 6, slots_failed: 3, slots_stuck_max: 2, switch_p50_s: 10, switch_p99_s: 30, drift_s: 90,
    }); // prettier-ignore
    expect(row({ counts: counts({ scheduling: [], switchSeconds: [] }) })).toMatchObject({
      scheduling_p50_s: undefined,
      switch_p99_s: undefined,
    });
  });

  it('gives response times in milliseconds, of all requests alike', () => {
    const load = meterOf([1]);
    load.service.setRate(at(0), 300, 0);
    const served = load.sum(at(3600));
    const [p50, p95, p99, p999] = (responseQuantiles(served, [0.5, 0.95, 0.99, 0.999]) ?? []).map((value) => value * 1000);
    expect(row({ tally: served })).toMatchObject({
      response_mean_ms: (responseMean(served) ?? NaN) * 1000,
      response_p50_ms: p50,
      response_p95_ms: p95,
      response_p99_ms: p99,
      response_p999_ms: p999,
    });
    expect(p50).toBeGreaterThan(5); // half of 10 ms, exponential: 6.9 ms without waiting
    expect(p999).toBeGreaterThan(p99 ?? Infinity);
  });

  it('has nodes, events and the fingerprint in the row of all apps alone', () => {
    expect(row()).toMatchObject({ nodes_used_max: undefined, nodes_occupied_max: undefined, events: undefined, fingerprint: undefined });
    expect(
      row({ app: 'all', whole: { planned: undefined, nodesUsedMax: 3, nodesOccupiedMax: 4, events: 99, fingerprint: 'abc' } }),
    ).toMatchObject({
      nodes_used_max: 3,
      nodes_occupied_max: 4,
      events: 99,
      fingerprint: 'abc',
    });
  });
});

describe('the nearest rank', () => {
  it.each([
    { values: [5], p: 0.5, expected: 5 }, // ⌈0.5⌉ = 1st
    { values: [1, 2], p: 0.5, expected: 1 }, // ⌈1⌉ = 1st
    { values: [1, 2, 3], p: 0.5, expected: 2 }, // ⌈1.5⌉ = 2nd
    { values: [4, 1, 3, 2], p: 0.5, expected: 2 }, // sorted first; ⌈2⌉ = 2nd
    { values: [1, 2, 3, 4], p: 0.99, expected: 4 }, // ⌈3.96⌉ = 4th
    { values: [10, 9, 100], p: 0.99, expected: 100 }, // as numbers: 9, 10, 100
    { values: Array.from({ length: 100 }, (_, index) => index + 1), p: 0.99, expected: 99 }, // ⌈99⌉ = 99th
    { values: Array.from({ length: 101 }, (_, index) => index + 1), p: 0.99, expected: 100 }, // ⌈99.99⌉ = 100th
    { values: [7, 8], p: 0, expected: 7 },
    { values: [7, 8], p: 1, expected: 8 },
    { values: [], p: 0.5, expected: undefined },
  ])('of $values at $p is $expected', ({ values, p, expected }) => {
    expect(nearestRank(values, p)).toBe(expected);
  });

  it('sorts no one else’s list', () => {
    const values = [3, 1, 2];
    nearestRank(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});
