import { describe, expect, it } from 'vitest';
import type { DetailFile, Row } from '../../src/metrics/columns.ts';
import { decodeScenario } from '../../src/scenario/decode.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { loneWorld } from '../strategies/support.ts';

/** `site` alone: 200 requests/s of 10 ms, four nodes in two zones, two pods bound a second, start-up 60 s. */
function play(label: string, uses: string, set: readonly string[]) {
  const text = `${loneWorld}strategies:\n${uses}`;
  const { scenario } = decodeScenario({ file: 'stage.yaml', text, set: ['results.detail=all', ...set] }, { strategies });
  const rows: Record<DetailFile, Row[]> = { apps: [], operations: [], switches: [], pods: [], nodes: [] };
  const result = simulate({ scenario, label, replication: 0, strategies, sink: { write: (file, row) => rows[file].push(row) } });
  return { scenario, result, rows, all: result.summary.at(-1) ?? {} };
}
const plan = 'lead: 1m, plan: [{ at: 00:02, app: site, pods: 4 }]';

describe('a registry of a label’s own', () => {
  const uses = `  cron: { ${plan} }\n  thin: { use: cron, ${plan}, registry: { bandwidth: 100MB/s } }\n`;
  const set = ['platform.registry.bandwidth=1GB/s', 'apps.site.image.size=2G'];

  it('is that of its runs alone, and is told', () => {
    const { scenario } = play('cron', uses, set);
    expect(scenario.strategies.map(({ platform, overrides }) => [platform.registry.bandwidth, overrides])).toEqual([
      [1e9, []],
      [1e8, ['registry.bandwidth: 100MB/s']],
    ]);
  });

  it.each([
    // The opening fleet is on nodes 0 and 1, so nodes 2 and 3 pull 2 GB each, from 60.5 and 61 s on. 1 GB/s: after half a second alone the first lacks 1.5 GB at half
    // the speed, 64 s; the second then its last 0.5 GB alone, 64.5 s. 100 MB/s: 1.95 GB at 50 MB/s, 100 s, and 0.05 GB at 100 MB/s, 100.5 s.
    ['cron', [[60.5, 64], [61, 64.5]]],
    ['thin', [[60.5, 100], [61, 100.5]]],
  ] as const)('under %s pods pull as long as its bandwidth says', (label, expected) => {
    const { rows, result } = play(label, uses, set);
    expect(rows.pods.filter(({ state }) => state === 'pulling').map(({ from_s, to_s }) => [from_s, to_s])).toEqual(expected);
    expect(result.checks.filter(({ held }) => !held)).toEqual([]);
  }); // prettier-ignore
});

describe('the CPU of starts', () => {
  const uses = `  cron: { ${plan} }\n`;

  it('counts as used, on top of what requests take', () => {
    // Two pods start with 2 cores each for 60 s, from 60.5 and 61 s on: 237 core-seconds before 120 s, 3.95 cores over the minute, beside 200/s · 10 ms = 2 cores.
    const { rows, all, result } = play('cron', uses, ['apps.site.startupCpu=2']);
    const minute = rows.apps.filter(({ from_s }) => from_s === 60);
    expect(minute.reduce((sum, row) => sum + (row['used_core'] as number), 0)).toBeCloseTo(5.95, 9);
    expect(all['used_core_max']).toBeCloseTo(6, 9);
    expect((all['used_core_h'] as number) * 3600).toBeCloseTo(2 * 600 + 2 * 120, 6);
    expect(result.checks.filter(({ held }) => !held)).toEqual([]);
  });

  it('is seen on the nodes where it is used', () => {
    const { rows } = play('cron', uses, ['apps.site.startupCpu=2']);
    const sum = (from: number) =>
      rows.nodes.filter(({ from_s }) => from_s === from).reduce((all, row) => all + (row['used_core'] as number), 0);
    expect(sum(0)).toBeCloseTo(2, 9);
    expect(sum(60)).toBeCloseTo(5.95 - 3.95 + 4, 9); // both still start at 120 s
  });
});

it('pods that stand by are counted as such, and reserved like any other', () => {
  // 200/s are one pod in each zone; a pool of three, written down. 5 pods of 4 cores.
  const { rows, all, result } = play('warm-pool', '  warm-pool: { standby: { site: 3 } }\n', []);
  const last = rows.apps.filter(({ from_s }) => from_s === 540);
  const sum = (name: string) => last.reduce((total, row) => total + (row[name] as number), 0);
  expect(['pods_running', 'pods_standby', 'pods_starting', 'reserved_core'].map(sum)).toEqual([2, 3, 0, 20]);
  expect([all['reserved_core_max'], result.planned?.cores, all['pods_created']]).toEqual([20, 20, 0]);
});
