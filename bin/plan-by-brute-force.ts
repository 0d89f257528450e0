/**
 * Whether `fenshi plan` finds what trying every value finds: runs a scenario's strategies at all values of an axis, with as many replications as a plan rests on, and compares
 * with what a plan says. Prints the values at which the objectives hold, and ends with exit code 1 where an answer is not the smallest of them; minutes to an hour.
 *
 *     npm run plan-by-brute-force -- scenarios/double11.yaml --strategy static-peak,vacate-and-move,time-share --path cluster.nodes=3..240
 */
import { parseArgs } from 'node:util';
import { parseAxis } from '../src/experiments/axis.ts';
import { checkObjectives } from '../src/experiments/objectives.ts';
import { plan } from '../src/experiments/plan.ts';
import { runAll } from '../src/experiments/run-all.ts';
import { SpareWorkers } from '../src/experiments/spare-workers.ts';
import { asItIs } from '../src/experiments/worlds.ts';
import { readScenario } from '../src/scenario/read.ts';
import { strategies } from '../src/strategies/registry.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { strategy: { type: 'string' }, path: { type: 'string', default: 'cluster.nodes=3..240' } },
});
const file = positionals[0] ?? 'scenarios/double11.yaml';
const axis = parseAxis(values.path);
const replications = 10;
const confidence = 0.95;
const read = (more: readonly string[]) => readScenario(file, { set: [...more, 'results.detail=none'], catalog: { strategies } });
const labels = values.strategy?.split(',') ?? read([]).strategies.map(({ label }) => label);

const spent = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
const begun = spent();
const found = await plan(read, { strategies: labels, knob: { ...axis, largest: false }, worlds: [asItIs], replications, confidence, whole: true }); // prettier-ignore
process.stdout.write(`plan: ${found.strategies.map(({ strategy, answer }) => `${strategy} ${answer?.value ?? 'none'}`).join(', ')} (${(spent() - begun).toFixed(0)} CPU s)\n`); // prettier-ignore

const spare = new SpareWorkers();
const holding = new Map<string, string[]>(labels.map((label) => [label, []]));
for (const value of axis.values) {
  const scenario = { ...read([`${axis.path}=${value}`]), replications };
  const tasks = labels.flatMap((label) => Array.from({ length: replications }, (_, replication) => ({ scenario, label, replication, folder: undefined }))); // prettier-ignore
  const outcomes = await runAll(tasks, { given: () => ({ command: 'fenshi', file, set: [], plugins: [] }), spare });
  for (const label of labels) {
    const runs = outcomes.flatMap((outcome, i) => (outcome !== undefined && tasks[i]?.label === label ? [outcome.result] : []));
    if (checkObjectives(scenario.apps, runs, confidence, true).every(({ holds }) => holds)) holding.get(label)?.push(value);
  }
}
await spare.end();
let differ = 0;
for (const { strategy, answer } of found.strategies) {
  const all = holding.get(strategy) ?? [];
  const [smallest] = all;
  const gaps = axis.values.filter((value) => axis.values.indexOf(value) > axis.values.indexOf(smallest ?? '') && !all.includes(value));
  if (answer?.value !== smallest) differ++;
  process.stdout.write(`${strategy}: ${String(axis.values.length)} values tried, ${String(all.length)} hold; the smallest ${smallest ?? 'none'}, planned ${answer?.value ?? 'none'}; above it ${gaps.length === 0 || smallest === undefined ? 'all hold' : `these do not: ${gaps.join(', ')}`}\n`); // prettier-ignore
}
process.stdout.write(`${(spent() - begun).toFixed(0)} CPU s\n`);
process.exitCode = differ > 0 ? 1 : 0;
