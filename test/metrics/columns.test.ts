import { describe, expect, it } from 'vitest';
import { type CsvName, csvFiles } from '../../src/metrics/columns.ts';

/** The published columns, schema version 1. */
const published: Readonly<Record<CsvName, string>> = {
  summary:
    'strategy, replication, seed, app, offered, served, rejected, timed_out, lost, retried, backlog_end, success_ratio, goodput_ratio, response_mean_ms, response_p50_ms, response_p95_ms, response_p99_ms, response_p999_ms, slo_violation_s, exposure_s, unserved_undersized, unserved_cold_start, unserved_switch, unserved_fault, reserved_core_mean, reserved_core_max, limited_core_mean, used_core_mean, used_core_max, reserved_core_h, used_core_h, keep_alive_core_h, memory_gib_mean, memory_gib_max, nodes_used_max, cost, pods_created, pods_deleted, pods_pending_max, scheduling_p50_s, scheduling_p99_s, switches, switches_failed, switches_rolled_back, slots_switched, slots_stuck_max, switch_p50_s, switch_p99_s, drift_s, fallback_s, forecast_error_ratio, events, fingerprint',
  compare:
    'strategy, metric, unit, replications, mean, half_width, level, method, baseline, difference_mean, difference_half_width, difference_percent, p_value, p_adjusted, verdict',
  plan: 'strategy, path, value, replications, holds, answer, worst_app, worst_objective, worst_world, required, mean, bound, cost, reserved_core_max, unserved, exposure_s, response_p99_ms, frontier',
  sensitivity: 'variation, strategy, path, answer',
  pairs: 'group, apps, slots, outside_pods, apart_core, shared_core, saving_ratio, peak_ratio',
  profiles: 'app, from_s, to_s, rate_mean, rate_max, pods, load_core',
  risk: 'variation, strategy, replication, seed, switch_p50_s, switch_p99_s, exposure_s, unserved, unserved_switch, slo_violation_s, switches_rolled_back, slots_failed, slots_stuck_max',
  regress:
    'scenario, strategy, runs_changed, metric, unit, replications, before, now, difference_mean, difference_half_width, difference_percent, margin, level, method, p_value, p_adjusted, verdict, replications_needed, outlier',
  apps: 'from_s, to_s, app, zone, offered_per_s, served_per_s, rejected_per_s, timed_out_per_s, capacity_per_s, forecast_per_s, backlog, response_p50_ms, response_p99_ms, forwarded_ratio, pods_running, pods_keep_alive, pods_warming, pods_starting, pods_pending, pods_switching, reserved_core, limited_core, used_core, exposure_s',
  operations:
    'operation, strategy, kind, app_from, app_to, group, requested, done, failed, ordered_s, started_s, ended_s, state, batches, gate_success_ratio, gate_response_p99_ms, reason',
  switches: 'operation, batch, slot, node, step, from_app, to_app, started_s, ended_s, attempts, outcome, bytes',
  pods: 'pod, app, zone, node, slot, state, from_s, to_s, reason',
  nodes:
    'from_s, to_s, node, zone, pods, slots, reserved_core, limited_core, used_core, memory_reserved_gib, memory_resident_gib, swapped_gib, swap_out_bytes_per_s, swap_in_bytes_per_s, state',
};

/** Units that a name ends in, and what the column's unit must then be. */
const units: readonly (readonly [RegExp, string])[] = [
  [/_per_s$/, '/s'],
  [/_core_h$/, 'core hours'],
  [/(?<!_per)_s$/, 's'],
  [/_ms$/, 'ms'],
  [/_ratio$/, 'ratio'],
  [/(_|^)core(_mean|_max)?$/, 'cores'],
  [/_gib/, 'GiB'],
];

describe('the table of columns', () => {
  it.each(Object.keys(published) as CsvName[])('%s has every published column, in the published order', (name) => {
    const columns: readonly string[] = csvFiles[name].columns.map((column) => column.name);
    const wanted = published[name].split(', ');
    expect(columns.filter((column) => wanted.includes(column))).toEqual(wanted);
    expect(new Set(columns).size).toBe(columns.length);
  });

  it('gives every column a meaning, and the unit that its name ends in', () => {
    for (const { file, columns } of Object.values(csvFiles))
      for (const { name, unit, meaning } of columns) {
        expect(meaning.length, `${file} ${name}`).toBeGreaterThan(3);
        const ending = units.find(([pattern]) => pattern.test(name));
        if (ending) expect(unit.endsWith(ending[1]), `${file} ${name} in ${unit}`).toBe(true);
      }
  });
});
