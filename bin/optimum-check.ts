/**
 * Whether no strategy costs less than `optimum`, and `optimum` no less than the bound, in small scenarios that are drawn: prints every one in which that is not so, and how far the
 * others are from it; ends with exit code 1 where there is one. A minute or two for a hundred.
 *
 *     npm run optimum-check -- 100
 */
import { lowerBound } from '../src/experiments/bound.ts';
import { otherStrategies } from '../src/experiments/labels.ts';
import { Streams } from '../src/random/streams.ts';
import { decodeScenario } from '../src/scenario/decode.ts';
import { simulate } from '../src/simulation/simulate.ts';
import { strategies } from '../src/strategies/registry.ts';
import { drawnSmall } from '../test/experiments/drawn-small.ts';

const [first, last] = [Number(process.argv[3] ?? 1), Number(process.argv[2] ?? 100)];
let [wrong, played] = [0, 0];
const over = new Map<string, number[]>();
for (let n = first; n < first + last; n++) {
  const source = { file: `drawn-${String(n)}.yaml`, text: drawnSmall(new Streams(n).stream('small')) };
  const read = (set: readonly string[]) => decodeScenario({ ...source, set }, { strategies }).scenario;
  const { set } = otherStrategies(read([]), strategies, read);
  const scenario = read(set);
  const costs = new Map(
    scenario.strategies.map(({ label }) => [
      label,
      Number(simulate({ scenario, label, replication: 0, strategies }).summary.at(-1)?.['cost']),
    ]),
  );
  const best = costs.get('optimum') as number;
  const bound = (await lowerBound(scenario, 0)) as number;
  played++;
  if (bound > best * (1 + 1e-9)) {
    wrong++;
    process.stdout.write(`${String(n)}: the bound ${String(bound)} is above optimum's ${String(best)}\n`);
  }
  over.set('bound', [...(over.get('bound') ?? []), best / bound]);
  for (const [label, cost] of costs) {
    over.set(label, [...(over.get(label) ?? []), cost / best]);
    if (cost >= best * (1 - 1e-9)) continue;
    wrong++;
    process.stdout.write(
      `${String(n)}: ${label} costs ${cost.toFixed(3)}, optimum ${best.toFixed(3)}, bound ${bound.toFixed(3)} (${scenario.prices.basis})\n`,
    );
  }
}
const middle = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] as number;
process.stdout.write(
  `${String(played)} scenarios, ${String(wrong)} in which it is not so; cost ÷ that of optimum (bound: optimum ÷ bound), least, median and most:\n`,
);
for (const [label, all] of over)
  process.stdout.write(
    `${label.padEnd(24)}${[Math.min(...all), middle(all), Math.max(...all)].map((ratio) => ratio.toFixed(3).padStart(12)).join('')}\n`,
  );
process.exitCode = wrong === 0 ? 0 : 1;
