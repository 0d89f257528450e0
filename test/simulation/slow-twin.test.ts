import { expect, it, vi } from 'vitest';
import type { FutureEventList } from '../../src/engine/future-event-list.ts';
import type { Row } from '../../src/metrics/columns.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { Profile } from '../../src/placement/profile.ts';
import { Streams } from '../../src/random/streams.ts';
import { decodeScenario } from '../../src/scenario/decode.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { PlainScan } from '../../src/verify/plain-scan.ts';
import { drawnScenario } from './drawn-scenario.ts';
import { play } from './support.ts';

/** Whether what is made now is the slow kind: everything below is obvious, keeps nothing, and looks at everything each time. */
const twin = vi.hoisted(() => ({ isSlow: false }));

/** An event list that is sorted anew for every event. */
class SortedList<E> implements Pick<FutureEventList<E>, 'size' | 'nextTime' | 'first' | 'push' | 'pop'> {
  readonly #list: { readonly time: number; readonly rank: number; readonly event: E }[] = [];

  get size(): number {
    return this.#list.length;
  }
  get nextTime(): number {
    return this.#list[0]?.time ?? Infinity;
  }
  get first(): E | undefined {
    return this.#list[0]?.event;
  }
  push(time: number, rank: number, event: E): void {
    this.#list.push({ time, rank, event });
    // Stable: of equal ones the one that was there first stays first.
    this.#list.sort((a, b) => a.time - b.time || a.rank - b.rank);
  }
  pop(): E | undefined {
    return this.#list.shift()?.event;
  }
}

vi.mock('../../src/engine/future-event-list.ts', async (original) => {
  const { FutureEventList: Heap } = await original<typeof import('../../src/engine/future-event-list.ts')>();
  return {
    FutureEventList: function () {
      return twin.isSlow ? new SortedList() : new Heap();
    },
  };
});
vi.mock('../../src/placement/scheduler.ts', async (original) => {
  const module = await original<typeof import('../../src/placement/scheduler.ts')>();
  return {
    ...module,
    Scheduler: function (cluster: Cluster, profile: Profile) {
      return twin.isSlow ? new PlainScan(cluster, profile) : new module.Scheduler(cluster, profile);
    },
  };
});
vi.mock('../../src/serving/fluid/quiet.ts', async (original) => {
  const { neverQuiet } = await import('../serving/never-quiet.ts');
  return neverQuiet(await original<typeof import('../../src/serving/fluid/quiet.ts')>(), () => twin.isSlow);
});
vi.mock('../../src/simulation/readings.ts', async (original) => {
  const { Readings } = await original<typeof import('../../src/simulation/readings.ts')>();
  return {
    Readings: class extends Readings {
      override firstSeen(...given: Parameters<InstanceType<typeof Readings>['firstSeen']>): number {
        return twin.isSlow ? -Infinity : super.firstSeen(...given);
      }
    },
  };
});

const slowly = <T>(run: () => T): T => {
  twin.isSlow = true;
  try {
    return run();
  } finally {
    twin.isSlow = false;
  }
};

/** Equal but for the rounding of sums, which are cut at other moments. */
function expectNear(fast: Row, slow: Row, what: string): void {
  const scale = Number(fast['offered'] ?? 0) + Number(fast['retried'] ?? 0);
  for (const [column, cell] of Object.entries(fast)) {
    const other = slow[column];
    if (typeof cell !== 'number' || typeof other !== 'number') expect(cell, `${what}: ${column}`).toBe(other);
    else expect(Math.abs(cell - other), `${what}: ${column}`).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(cell) + scale));
  }
}

/** Scenarios to draw, and the number of the first one. */
const [count, first] = [Number(process.env['SWARM'] ?? 120), Number(process.env['SWARM_FROM'] ?? 1)];

it(
  `a run is that of its slow twin, event for event: ${String(count)} small scenarios from number ${String(first)} on`,
  { timeout: 3_600_000 },
  () => {
    let [events, switched] = [0, 0];
    for (let n = first; n < first + count; n++) {
      const uniform = new Streams(n).stream('twin');
      const { scenario } = decodeScenario({ file: `drawn-${String(n)}.yaml`, text: drawnScenario(uniform, 25) }, { strategies });
      const { label } = scenario.strategies[n % scenario.strategies.length] as { readonly label: string };
      const fast = play(scenario, label);
      const slow = slowly(() => play(scenario, label));
      const what = `${label} in scenario ${String(n)}; repeat it with SWARM=1 SWARM_FROM=${String(n)} npx vitest run test/simulation/slow-twin.test.ts`;
      expect([fast.result.events, fast.result.fingerprint], what).toEqual([slow.result.events, slow.result.fingerprint]);
      for (const file of ['operations', 'switches', 'pods'] as const)
        expect(fast.rows[file], `${file} of ${what}`).toEqual(slow.rows[file]);
      fast.result.summary.forEach((row, i) => {
        expectNear(row, slow.result.summary[i] as Row, what);
      });
      events += fast.result.events;
      switched += Number(fast.summary('all')['slots_switched']);
    }
    if (count < 20) return;
    expect(events).toBeGreaterThan(20 * count);
    expect(switched).toBeGreaterThan(count / 4);
  },
);
