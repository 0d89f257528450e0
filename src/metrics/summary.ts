import { gibibyte, inSeconds, microsecondsPerSecond, type Time } from '../base/units.ts';
import type { Account } from '../cluster/ledger.ts';
import type { Prices } from '../strategies/strategy.ts';
import { responseMean, responseQuantiles } from '../serving/response-quantile.ts';
import type { Tally } from '../serving/tally.ts';
import type { Row } from './columns.ts';

/** Events of the run that concern an app, or all of them. */
export interface Counts {
  readonly podsCreated: number;
  readonly podsDeleted: number;
  readonly podsPendingMax: number;
  readonly podsFailed: number;
  /** Waiting times of pods that were bound after the opening, s. */
  readonly scheduling: readonly number[];
  readonly switches: number;
  readonly switchesFailed: number;
  readonly slotsFailed: number;
  readonly switchesRolledBack: number;
  readonly slotsSwitched: number;
  readonly slotsStuckMax: number;
  /** First action to last status of each switch that ended, s. */
  readonly switchSeconds: readonly number[];
  readonly driftSeconds: number;
}

/** All that a row of summary.csv is made of. */
export interface SummaryInput {
  readonly strategy: string;
  readonly replication: number;
  readonly seed: number;
  readonly app: string;
  readonly end: Time;
  readonly tally: Tally;
  /** Requests that wait at the end. */
  readonly backlog: number;
  /** Requests lost for good, in the order of `causes`, and those whose retry is still to come. */
  readonly unserved: readonly number[];
  readonly retrying: number;
  readonly servedByRetry: number;
  readonly account: Account;
  readonly violationSeconds: number;
  readonly exposureSeconds: number;
  readonly usedCoresMax: number;
  readonly forecastError: number;
  readonly fallbackSeconds: number;
  readonly counts: Counts;
  readonly prices: Prices;
  /** Only in the row of all apps. */
  readonly whole:
    | {
        readonly nodesUsedMax: number;
        readonly nodesOccupiedMax: number;
        readonly planned: { readonly cores: number; readonly nodes: number | undefined } | undefined;
        readonly events: number;
        readonly fingerprint: string;
      }
    | undefined;
}

/** One row of summary.csv: the definitions are those of the column table. */
export function summaryRow(input: SummaryInput): Row {
  const { tally, account, end, counts } = input;
  const seconds = inSeconds(end);
  const hours = seconds / 3600;
  const unserved = input.unserved.reduce((sum, amount) => sum + amount, 0);
  const [fault = 0, switched = 0, coldStart = 0, undersized = 0] = input.unserved;
  const [p50, p95, p99, p999] = responseQuantiles(tally, [0.5, 0.95, 0.99, 0.999]) ?? [];
  const mean = responseMean(tally);
  const milli = (value: number | undefined) => (value === undefined ? undefined : value * 1000);
  const coreMean = (meter: Account['reserved']) => meter.integral(end) / 1000 / end;
  const coreHours = (meter: Account['reserved']) => meter.integral(end) / 1000 / microsecondsPerSecond / 3600;
  const ownedHours = (account.reserved.max(end) / 1000) * hours;
  const { prices } = input;
  const cost =
    prices.coreHour * (prices.basis === 'owned' ? ownedHours : coreHours(account.reserved)) +
    (prices.unservedPer1000 * unserved) / 1000 +
    prices.slotSwitch * counts.slotsSwitched +
    prices.podCreated * counts.podsCreated;
  return {
    strategy: input.strategy,
    replication: input.replication,
    seed: input.seed,
    app: input.app,
    offered: tally.offered,
    served: tally.served,
    rejected: tally.rejected,
    overflowed: tally.overflowedOut,
    timed_out: tally.timedOut,
    lost: tally.lost,
    retried: tally.retried,
    served_by_retry: input.servedByRetry,
    backlog_end: input.backlog,
    retrying_end: input.retrying,
    success_ratio: tally.offered > 0 ? Math.max(0, 1 - unserved / tally.offered) : undefined,
    // What still waits at the end has been credited, but not served.
    goodput_ratio: tally.offered > 0 ? Math.min(tally.within - tally.withdrawn, tally.served) / tally.offered : undefined,
    response_mean_ms: milli(mean),
    response_p50_ms: milli(p50),
    response_p95_ms: milli(p95),
    response_p99_ms: milli(p99),
    response_p999_ms: milli(p999),
    slo_violation_s: input.violationSeconds,
    exposure_s: input.exposureSeconds,
    unserved,
    unserved_undersized: undersized,
    unserved_cold_start: coldStart,
    unserved_switch: switched,
    unserved_fault: fault,
    reserved_core_mean: coreMean(account.reserved),
    reserved_core_max: account.reserved.max(end) / 1000,
    limited_core_mean: coreMean(account.limited),
    used_core_mean: tally.usedCoreSeconds / seconds + coreMean(account.starting),
    used_core_max: input.usedCoresMax,
    reserved_core_h: coreHours(account.reserved),
    used_core_h: tally.usedCoreSeconds / 3600 + coreHours(account.starting),
    keep_alive_core_h: coreHours(account.keepAlive),
    memory_gib_mean: account.memoryReserved.integral(end) / end / gibibyte,
    memory_gib_max: account.memoryReserved.max(end) / gibibyte,
    nodes_used_max: input.whole?.nodesUsedMax,
    nodes_occupied_max: input.whole?.nodesOccupiedMax,
    planned_core: input.whole?.planned?.cores,
    planned_nodes: input.whole?.planned?.nodes,
    cost,
    pods_created: counts.podsCreated,
    pods_deleted: counts.podsDeleted,
    pods_failed: counts.podsFailed,
    pods_pending_max: counts.podsPendingMax,
    scheduling_p50_s: nearestRank(counts.scheduling, 0.5),
    scheduling_p99_s: nearestRank(counts.scheduling, 0.99),
    switches: counts.switches,
    switches_failed: counts.switchesFailed,
    switches_rolled_back: counts.switchesRolledBack,
    slots_switched: counts.slotsSwitched,
    slots_failed: counts.slotsFailed,
    slots_stuck_max: counts.slotsStuckMax,
    switch_p50_s: nearestRank(counts.switchSeconds, 0.5),
    switch_p99_s: nearestRank(counts.switchSeconds, 0.99),
    drift_s: counts.driftSeconds,
    fallback_s: input.fallbackSeconds,
    forecast_error_ratio: tally.offered > 0 ? input.forecastError / tally.offered : undefined,
    events: input.whole?.events,
    fingerprint: input.whole?.fingerprint,
  };
}

/** The smallest value that at least the share `p` of the values does not exceed; undefined of none. */
export function nearestRank(values: readonly number[], p: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)];
}
