import { expect, it } from 'vitest';

import type { Row } from '../../src/metrics/columns.ts';
import { Streams } from '../../src/random/streams.ts';
import { decodeScenario } from '../../src/scenario/decode.ts';
import { ScenarioError } from '../../src/scenario/scenario-error.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { drawnScenario } from './drawn-scenario.ts';
import { play, type Played } from './support.ts';

/** Scenarios to draw, and the number of the first one: `SWARM=1000 SWARM_FROM=5000 npx vitest run test/simulation/scenario-swarm.test.ts`. */
const [count, first] = [Number(process.env['SWARM'] ?? 15), Number(process.env['SWARM_FROM'] ?? 1)];

const number = (row: Row, column: string): number => Number(row[column] ?? 0);

/** Sums differ by rounding only. */
const near = (a: number, b: number, scale: number): boolean => Math.abs(a - b) <= 1e-9 * (1 + scale);

/** What is wrong with a run that ought to be right whatever the scenario is. */
function wrongWith(scenario: Scenario, { result, rows, summary }: Played): readonly string[] {
  const wrong: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) wrong.push(what);
  };
  const seconds = scenario.horizon / 1e6;
  for (const { name, held, detail } of result.checks) must(held, `check "${name}": ${detail}`);
  for (const [file, list] of Object.entries(rows))
    for (const row of list)
      for (const [column, cell] of Object.entries(row))
        must(typeof cell !== 'number' || Number.isFinite(cell), `${file}.csv: ${column} is ${String(cell)}`);

  for (const row of result.summary) {
    const of = (column: string): number => number(row, column);
    const app = String(row['app']);
    const [offered, attempts] = [of('offered'), of('offered') + of('retried')];
    const causes = of('unserved_fault') + of('unserved_switch') + of('unserved_cold_start') + of('unserved_undersized');
    must(near(causes, of('unserved'), attempts), `${app}: causes ${String(causes)} of ${String(of('unserved'))} unserved`);
    const became = of('served') + of('rejected') + of('timed_out') + of('lost') + of('backlog_end');
    must(near(became, attempts, attempts), `${app}: ${String(attempts)} attempts became ${String(became)}`);
    const ended = of('served') + of('unserved') + of('backlog_end') + of('retrying_end');
    must(near(ended, offered, attempts), `${app}: ${String(offered)} requests became ${String(ended)}`);
    for (const [column, cell] of Object.entries(row)) {
      if (typeof cell !== 'number') continue;
      must(Number.isFinite(cell) && cell >= (column === 'backlog_end' ? -1e-9 : 0), `${app}: ${column} is ${String(cell)}`);
      if (column.endsWith('_ratio') && column !== 'forecast_error_ratio') must(cell <= 1, `${app}: ${column} is ${String(cell)}`);
    }
    const quantiles = ['response_p50_ms', 'response_p95_ms', 'response_p99_ms', 'response_p999_ms'].map(of);
    must(
      quantiles.every((each, i) => each >= (quantiles[i - 1] ?? 0)),
      `${app}: quantiles fall: ${quantiles.join(', ')}`,
    );
    for (const column of ['exposure_s', 'slo_violation_s'])
      must(of(column) <= seconds * (1 + 1e-9), `${app}: ${column} is ${String(of(column))}`);
    must(
      of('reserved_core_mean') <= of('reserved_core_max') * (1 + 1e-9),
      `${app}: reserves ${String(of('reserved_core_mean'))} in the mean`,
    );
    must(of('used_core_mean') <= of('limited_core_mean') * (1 + 1e-9), `${app}: uses ${String(of('used_core_mean'))} cores`);
  }
  const whole = summary('all');
  for (const column of ['offered', 'served', 'rejected', 'timed_out', 'lost', 'unserved', 'pods_created', 'pods_deleted', 'pods_failed']) {
    const sum = result.summary.slice(0, -1).reduce((total, row) => total + number(row, column), 0);
    must(near(sum, number(whole, column), sum), `all: ${column} is ${String(number(whole, column))}, of the apps ${String(sum)}`);
  }

  for (const { name } of scenario.apps) {
    const sum = (column: string): number =>
      rows.apps
        .filter(({ app }) => app === name)
        .reduce((total, row) => total + number(row, column) * (number(row, 'to_s') - number(row, 'from_s')), 0);
    for (const column of ['offered', 'served', 'rejected', 'timed_out'])
      must(
        near(sum(`${column}_per_s`), number(summary(name), column), number(summary(name), 'offered')),
        `${name}: ${column} over time is ${String(sum(`${column}_per_s`))}`,
      );
  }

  const until = new Map<unknown, number>();
  for (const row of rows.pods) {
    const [from, to] = [number(row, 'from_s'), number(row, 'to_s')];
    const before = until.get(row['pod']);
    must(
      before === undefined || before === from,
      `pod ${String(row['pod'])} left a state at ${String(before)} s and entered the next at ${String(from)} s`,
    );
    must(from <= to, `pod ${String(row['pod'])} was in a state from ${String(from)} to ${String(to)} s`);
    until.set(row['pod'], to);
  }
  for (const row of rows.operations) {
    const [ordered, started, ended] = ['ordered_s', 'started_s', 'ended_s'].map((column) => (row[column] === undefined ? Infinity : number(row, column))) as [number, number, number]; // prettier-ignore
    must(ordered <= started && (started <= ended || ended === Infinity || row['state'] === 'refused' || row['started_s'] === undefined), `operation ${String(row['operation'])} is ordered at ${String(ordered)}, starts at ${String(started)} and ends at ${String(ended)} s`); // prettier-ignore
    must(
      number(row, 'done') <= number(row, 'requested'),
      `operation ${String(row['operation'])}: ${String(row['done'])} of ${String(row['requested'])} done`,
    );
  }
  for (const row of rows.nodes)
    must(
      number(row, 'reserved_core') >= 0 && number(row, 'reserved_core') <= 32,
      `node ${String(row['node'])} has ${String(row['reserved_core'])} cores reserved`,
    );
  return wrong;
}

/** The drawn scenario of this number, changed by `set`; undefined where it is refused. */
function drawn(n: number, set: readonly string[] = [], ...more: readonly number[]): Scenario | undefined {
  const text = drawnScenario(new Streams(n).stream('swarm'), ...more);
  try {
    return decodeScenario({ file: `drawn-${String(n)}.yaml`, text, set }, { strategies }).scenario;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return undefined;
  }
}

/** Plays it; an error says how to repeat it. */
function playedBy(scenario: Scenario, label: string, again: string): Played {
  try {
    return play(scenario, label);
  } catch (error) {
    throw new Error(again, { cause: error });
  }
}

it(
  `any scenario is conserved, whatever its strategies, faults and orders: ${String(count)} from number ${String(first)} on`,
  { timeout: 3_600_000 },
  () => {
    let [runs, switched, lost, refused] = [0, 0, 0, 0];
    for (let n = first; n < first + count; n++) {
      const scenario = drawn(n);
      if (!scenario) {
        refused++;
        continue;
      }
      for (const { label } of scenario.strategies) {
        const again = `${label} in scenario ${String(n)}; repeat it with SWARM=1 SWARM_FROM=${String(n)} npx vitest run test/simulation/scenario-swarm.test.ts`;
        const played = playedBy(scenario, label, again);
        expect(wrongWith(scenario, played), again).toEqual([]);
        // Twice the same, now and then.
        if (runs++ % 20 === 0) expect(play(scenario, label).result).toEqual(played.result);
        switched += number(played.summary('all'), 'slots_switched');
        lost += number(played.summary('all'), 'pods_failed');
      }
    }
    // What is drawn is worth drawing.
    if (count < 20) return;
    expect(refused).toBeLessThan(count / 4);
    for (const often of [switched, lost]) expect(often).toBeGreaterThan(count / 4);
  },
);

it(`so is any scenario of single requests: ${String(Math.ceil(count / 4))} from number ${String(first)} on`, { timeout: 3_600_000 }, () => {
  let [runs, switched, unserved, retried] = [0, 0, 0, 0];
  for (let n = first; n < first + Math.ceil(count / 4); n++) {
    const service = new Streams(n).stream('service');
    const pick = (...of: readonly string[]): string => of[Math.floor(service() * of.length)] as string;
    // Of pods that look at each other there is no sample.
    const alone = service() < 0.5;
    // Up to 80/s for each of up to four apps, for 20 minutes.
    const set = [
      'fidelity=request',
      ...(alone ? [`sample=${pick('10%', '30%')}`] : []),
      ...['pay', 'talk'].flatMap((app) => [
        ...(alone ? [`apps.${app}.overflow=false`] : []),
        `apps.${app}.service.discipline=${pick('fifo', 'processor-sharing')}`,
        `apps.${app}.service.balancer=${alone ? 'random' : pick('random', 'round-robin', 'least-outstanding', 'power-of-two')}`,
      ]),
    ];
    const scenario = drawn(n, set, 20, 75);
    if (!scenario) continue;
    // The one that switches, and one of the others in turn.
    const labels = scenario.strategies.map(({ label }) => label).filter((label) => label !== 'time-share');
    for (const label of ['time-share', labels[n % labels.length] as string]) {
      const again = `${label} in scenario ${String(n)} by request`;
      const played = playedBy(scenario, label, again);
      expect(wrongWith(scenario, played), again).toEqual([]);
      expect(played.result.checks.map(({ name }) => name).filter((name) => name.includes('Little'))).toHaveLength(1);
      if (runs++ % 8 === 0) expect(play(scenario, label)).toEqual({ ...played, summary: expect.anything() as unknown });
      switched += number(played.summary('all'), 'slots_switched');
      unserved += number(played.summary('all'), 'unserved');
      retried += number(played.summary('all'), 'retried');
    }
  }
  if (count < 20) return;
  for (const often of [runs, switched, unserved, retried]) expect(often).toBeGreaterThan(count / 10);
});
