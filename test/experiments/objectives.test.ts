import { describe, expect, it } from 'vitest';
import { byNeed, type Checked, checkObjectives, missedBy } from '../../src/experiments/objectives.ts';
import type { AppSpec } from '../../src/scenario/scenario.ts';
import type { RunResult } from '../../src/simulation/run.ts';

const app = (name: string) => ({ name, objective: { success: 0.99, p99: 300_000 } }) as unknown as AppSpec; // 300 ms
/** Runs with these success ratios and p99 of the app a, and cores of 10 planned that found a node. */
const runs = (
  success: readonly number[],
  p99: readonly (number | undefined)[] = success.map(() => 200),
  cores: readonly number[] = success.map(() => 10),
) =>
  success.map((success_ratio, i) => ({
    replication: i,
    planned: { cores: 10, nodes: 1, warnings: [] },
    summary: [
      { app: 'a', success_ratio, response_p99_ms: p99[i] },
      { app: 'all', reserved_core_max: cores[i] },
    ],
  })) as unknown as readonly RunResult[];
const check = (...of: Parameters<typeof runs>) => checkObjectives([app('a')], runs(...of), 0.95, true);

describe('the objectives of an app', () => {
  it('hold where all replications are alike and good enough', () => {
    expect(check([0.99, 0.99, 0.99, 0.99, 0.99], [300, 300, 300, 300, 300])).toEqual([
      { app: 'a', objective: 'success', required: 0.99, mean: 0.99, bound: 0.99, holds: true },
      { app: 'a', objective: 'p99', required: 300, mean: 300, bound: 300, holds: true },
      { app: 'all', objective: 'room', required: 1, mean: 1, bound: 1, holds: true },
    ]);
    expect(check([0.98, 0.98, 0.98, 0.98, 0.98])[0]).toMatchObject({ holds: false });
    expect(check([1, 1, 1, 1, 1], [301, 301, 301, 301, 301])[1]).toMatchObject({ holds: false });
  });

  // Mean 0.992, s = 0.00158114; two objectives share 5 %: t(0.975; 4) = 2.776445; bound 0.992 − 2.776445 · 0.00158114 ÷ √5 = 0.9900367.
  it('hold with a confidence that all share, one side each', () => {
    const success = [0.99, 0.991, 0.992, 0.993, 0.994];
    const [first] = check(success);
    expect(first?.mean).toBeCloseTo(0.992, 12);
    expect(first?.bound).toBeCloseTo(0.9900367, 6);
    expect(first?.holds).toBe(true);
    expect(check(success.map((ratio) => ratio - 0.0001))[0]).toMatchObject({ holds: false });
    // With a second app four share it: t(0.9875; 4) = 3.495406, bound 0.9895284.
    const two = checkObjectives([app('a'), app('b')], runs(success), 0.95, true);
    expect(two[0]?.bound).toBeCloseTo(0.9895284, 6);
    // And of response times the bound lies above the mean: 200 + 2.776445 · 15.8114 ÷ √5 = 219.632.
    expect(check(success, [180, 190, 200, 210, 220])[1]?.bound).toBeCloseTo(219.632, 3);
  });

  it('are bounded by the worst replication where one lies far out', () => {
    expect(check([1, 1, 1, 1, 0.9])[0]).toMatchObject({ bound: 0.9, holds: false });
    expect(check([1, 1, 1, 1, 1], [10, 10, 10, 10, 299])[1]).toMatchObject({ bound: 299, holds: true });
  });

  it('are not asked of an app that nobody asks anything, nor room of what is not planned or need not be whole', () => {
    expect(check([1, 1, 1, 1, 1], [undefined, undefined, undefined, undefined, undefined]).map(({ objective }) => objective)).toEqual([
      'success',
      'room',
    ]);
    expect(checkObjectives([app('a')], runs([1, 1, 1, 1, 1]), 0.95, false).map(({ objective }) => objective)).toEqual(['success', 'p99']);
    expect(check([1, 1, 1, 1, 1], undefined, [10, 10, 10, 10, 9.9])[2]).toMatchObject({
      app: 'all',
      mean: 0.998,
      bound: 0.99,
      holds: false,
    });
  });
});

it('names the replication that lies too far out, whose value is the bound', () => {
  const [success, p99] = checkObjectives([app('a')], runs([1, 1, 1, 1, 1, 1], [100, 101, 99, 100, 400, 101]), 0.95, false);
  expect(success).toMatchObject({ outlier: undefined, bound: 1 });
  expect(p99).toMatchObject({ outlier: 4, bound: 400, holds: false });
});

it('puts first what is missed in the mean, then what has least to spare, at last room that is there', () => {
  const checked = (name: string, objective: Checked['objective'], required: number, mean: number, bound: number, holds: boolean): Checked => ({ app: name, objective, required, mean, bound, outlier: undefined, holds }); // prettier-ignore
  const all = [
    checked('room', 'room', 1, 1, 1, true),
    checked('spare', 'p99', 0.3, 0.1, 0.2, true),
    checked('doubtful', 'p99', 0.3, 0.2, 3, false),
    checked('missed', 'success', 0.99, 0.989, 0.988, false),
  ];
  expect(all.toSorted(byNeed).map((each) => each.app)).toEqual(['missed', 'doubtful', 'spare', 'room']);
});

// Allowed are 1 % failures, of which 2 % are one hundred percent too many; p99 of 330 for 300 is a tenth too long.
it('how far an objective is missed is a part of what it allows', () => {
  const checked = (objective: 'success' | 'p99' | 'room', required: number, bound: number) =>
    missedBy({ app: 'a', objective, required, mean: 0, bound, outlier: undefined, holds: false });
  expect(checked('success', 0.99, 0.98)).toBeCloseTo(1, 9);
  expect(checked('success', 0.99, 1)).toBeCloseTo(-1, 9);
  expect(checked('success', 1, 0.75)).toBe(0.25);
  expect(checked('p99', 300, 330)).toBeCloseTo(0.1, 12);
  expect(checked('room', 1, 0.9)).toBeCloseTo(0.1, 12);
});
