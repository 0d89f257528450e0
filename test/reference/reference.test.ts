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
const [count, first] = [Number(process.env['SWARM'] ?? 500), Number(process.env['SWARM_FROM'] ?? 1)];

/** Without what follows from serving alone. */
const unserved = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([column]) => !(servedColumns as readonly string[]).includes(column)));

/** Every other scenario is run by a list of orders, which does what no strategy would; the rest by the built-in ones in turn. */
function chosen(uses: readonly StrategyUse[], n: number): StrategyUse {
  const planned = uses.filter(({ use }) => use !== script.name);
  return (n % 2 === 0 ? uses.find(({ use }) => use === script.name) : planned[((n - 1) / 2) % planned.length]) as StrategyUse;
}

it(
  `a run's operations are those of the reference, event for event: ${String(count)} small scenarios from number ${String(first)} on`,
  { timeout: 3_600_000 },
  () => {
    for (let n = first; n < first + count; n++) {
      const { scenario } = decodeScenario(
        { file: `drawn-${String(n)}.yaml`, text: drawn(new Streams(n).stream('reference')) },
        { strategies },
      );
      const use = chosen(scenario.strategies, n);
      const what = `${use.label} in scenario ${String(n)}; repeat it with SWARM=1 SWARM_FROM=${String(n)} npx vitest run test/reference`;
      const told = refer(scenario, use, strategies);
      const { rows } = play(scenario, use.label, 0, { strategies });
      for (const file of ['pods', 'switches'] as const) expect(told.rows[file], `${file} of ${what}`).toEqual(rows[file]);
      expect(told.rows.operations, `operations of ${what}`).toEqual(rows.operations.map(unserved));
    }
  },
);
