import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Row } from '../../src/metrics/columns.ts';
import { Streams } from '../../src/random/streams.ts';
import { decodeScenario } from '../../src/scenario/decode.ts';
import type { StrategyUse } from '../../src/scenario/scenario.ts';
import { strategies as builtIn } from '../../src/strategies/registry.ts';
import { play } from '../simulation/support.ts';
import { drawn } from './drawn.ts';
import { servedColumns } from './operation-rows.ts';
import { refer } from './run.ts';
import { script } from './script.ts';

const strategies = [...builtIn, script];

/** Scenarios to draw, and the number of the first one. */
const [count, first] = [Number(process.env['SWARM'] ?? 120), Number(process.env['SWARM_FROM'] ?? 1)];

/** Every other scenario is run by a list of orders, which does what no strategy would; the rest by the built-in ones in turn. */
function chosen(uses: readonly StrategyUse[], n: number): StrategyUse {
  const planned = uses.filter(({ use }) => use !== script.name);
  return (n % 2 === 0 ? uses.find(({ use }) => use === script.name) : planned[((n - 1) / 2) % planned.length]) as StrategyUse;
}

/** Without what follows from serving alone. */
const unserved = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([column]) => !(servedColumns as readonly string[]).includes(column)));

/** What happened in all of the runs, by kind. */
class Tally {
  readonly #counts = new Map<string, number>();

  add(kind: string, count = 1): void {
    this.#counts.set(kind, this.of(kind) + count);
  }
  of(kind: string): number {
    return this.#counts.get(kind) ?? 0;
  }
}

it(
  `a run's operations are those of the reference, row for row: ${String(count)} small scenarios from number ${String(first)} on`,
  { timeout: 3_600_000 },
  () => {
    const tally = new Tally();
    for (let n = first; n < first + count; n++) {
      const text = drawn(new Streams(n).stream('reference'));
      const { scenario } = decodeScenario({ file: `drawn-${String(n)}.yaml`, text }, { strategies });
      const use = chosen(scenario.strategies, n);
      const what = `${use.label} in scenario ${String(n)}; repeat it with SWARM=1 SWARM_FROM=${String(n)} npx vitest run test/reference`;
      const told = refer(scenario, use, strategies);
      const { rows } = play(scenario, use.label, 0, { strategies });
      for (const file of ['pods', 'switches'] as const) expect(told.rows[file], `${file} of ${what}`).toEqual(rows[file]);
      expect(told.rows.operations, `operations of ${what}`).toEqual(rows.operations.map(unserved));
      tally.add('events', told.happened);
      tally.add('faults', told.faults);
      for (const { step, outcome } of rows.switches) tally.add(step === 'pre-check' ? 'refused' : String(outcome));
      for (const { reason } of rows.pods) tally.add(String(reason));
      for (const { kind, state } of rows.operations) tally.add(`${String(kind)} ${String(state)}`);
    }
    if (count < 200) return;
    const per100 = (kind: string): number => (100 * tally.of(kind)) / count;
    expect(per100('events')).toBeGreaterThan(10_000);
    expect(per100('faults')).toBeGreaterThan(100);
    expect(per100('done')).toBeGreaterThan(300); // steps of switches
    for (const kind of ['stuck', 'refused', 'evicted', 'node back', 'activated', 'to standby', 'pulled', 'withdrawn'])
      expect(per100(kind), kind).toBeGreaterThan(5);
    for (const kind of ['switch done', 'switch rolled-back', 'switch paused', 'repair done', 'scale superseded', 'reserve superseded'])
      expect(per100(kind), kind).toBeGreaterThan(3);
    expect(per100('lost')).toBeGreaterThan(0.3); // steps whose node was lost
  },
);

it('the reference shares nothing with the operations but what it says: types, laws, streams, curves, selectors, strategies', () => {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter((name) => name !== 'reference.test.ts');
  const imported = files.flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/^import (?!type )[^;]*? from '\.\.\/\.\.\/src\/([^']+)';/gm)].map(
      ([, path]) => path,
    ),
  );
  const others = new Set(imported.filter((path) => !/^(base|random|traffic|strategies)\//.test(path ?? '')));
  expect(others).toEqual(new Set(['cluster/specs.ts', 'cluster/label-selector.ts', 'cluster/taints.ts']));
});
