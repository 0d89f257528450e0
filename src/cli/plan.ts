import type { Argv, CommandModule } from 'yargs';
import type { Knob, Scenario } from '../index.ts';
import { command } from './command.ts';
import { exitCodes } from './exit.ts';
import { Interruption } from './interruption.ts';
import { loaded } from './load-plugins.ts';
import { type PlanArguments, planOptions } from './options.ts';
import { print, say } from './print.ts';
import { ProgressLine } from './progress-line.ts';
import { setOf } from './set-of.ts';
import { shareOf } from './share-of.ts';
import { UsageError } from './usage-error.ts';

/** Replications that a plan rests on, unless it is told otherwise or the scenario has more. */
const usualReplications = 10;

/** `fenshi plan`: how many nodes each strategy needs. */
export const planCommand = (done: (code: number) => void): CommandModule<object, PlanArguments> => ({
  command: 'plan <scenario>',
  describe: 'find the smallest cluster (or another value) with which every objective holds',
  builder: (yargs) =>
    yargs
      .positional('scenario', { type: 'string', describe: 'scenario file (YAML)', demandOption: true })
      .options(planOptions)
      .example('$0 plan scenarios/double11.yaml', 'how many nodes does each strategy need?')
      .example('$0 plan mine.yaml --strategy time-share --survive zone', '… if any one zone is lost at the busiest moment')
      .example('$0 plan mine.yaml --load', 'how much traffic does each strategy bear on the nodes there are?')
      .example('$0 plan mine.yaml --path platform.scheduler.rate=1/s..20/s', 'how fast must the scheduler be?')
      .epilogue(
        'A value will do if every app’s objectives (success, p99) hold in the mean of the\n' +
          'replications, all together with the confidence, and if all that a strategy plans\n' +
          'finds a node. Half of the replications search, all of them confirm the answer and\n' +
          'the three values beyond it. Exit codes: 0 an answer, 1 none for any strategy,\n' +
          '2 invalid input, 74 cannot write.',
      ) as Argv<PlanArguments>,
  handler: async (given) => {
    done(await runPlan(given));
  },
});

async function runPlan(given: PlanArguments): Promise<number> {
  const { asItIs, busiestMoment, lossOfEachZone, planExperiment, planText, readDecoded, resolvedYaml, sensitivityText, strategies } =
    await import('../index.ts');
  const plugins = given.plugin ?? [];
  const own = await loaded(plugins);
  const catalog = { strategies: [...strategies, ...own.flatMap(({ entries }) => entries)] };
  const set = setOf(given);
  const decoded = (more: readonly string[]) => readDecoded(given.scenario, { set: [...set, ...more], catalog });
  const progress = new ProgressLine(given.quiet === true);
  const { scenario } = progress.reading(given.scenario, () => decoded([]));
  const knob = await knobOf(given, scenario);
  const out = given.out ?? `results/${scenario.name}-plan`;
  const interruption = new Interruption('nothing is written of a plan that is not whole');
  try {
    const planned = await planExperiment((more) => decoded(more).scenario, {
      strategies: given.strategy,
      knob,
      worlds: [asItIs, ...(given.survive === 'zone' ? lossOfEachZone(scenario, busiestMoment(scenario)) : [])],
      replications: given.replications ?? Math.max(usualReplications, scenario.replications),
      confidence: await confidenceOf(given.confidence),
      whole: given.partial !== true,
      sensitivity: given.sensitivity === true,
      out,
      jobs: given.jobs,
      plugins,
      set,
      command,
      signal: interruption.signal,
      resolved: (more, comment) => resolvedYaml(decoded(more), catalog, { folder: out, comment, found: { set: more, by: 'plan' } }),
      onProbe: (strategy, value, probes) => progress.show(`${strategy}: ${knob.path}=${value} (${String(probes)} values tried)`),
      onVariation: (name) => progress.show(name),
    });
    progress.end();
    if (planned === undefined) {
      say('Interrupted: nothing is written.');
      return interruption.code;
    }
    const { plan, variations, folder, files } = planned;
    if (plan.failures.length > 0) {
      say(`${plan.failures.join('\n')}\nThe results are not to be trusted; they are kept in ${folder}/, marked as failed.`);
      return exitCodes.failed;
    }
    if (given.quiet !== true) {
      await print(planText(plan));
      if (variations.length > 0) await print(`\n${sensitivityText(plan, variations)}`);
      const scenarios = [...files.values()].map((name) => `${command} run ${folder}/${name} --strategy ${name.replace(/\.yaml$/, '')}\n`);
      await print(
        `\nThe numbers: ${folder}/plan.csv${variations.length > 0 ? ` and sensitivity.csv` : ''}\n${scenarios.length === 0 ? '' : `The answers as scenarios:\n  ${scenarios.join('  ')}`}`,
      );
    }
    if (plan.broken.size > 0) {
      say([...plan.broken.values()].join('\n'));
      return exitCodes.invalid;
    }
    return plan.strategies.some(({ answer }) => answer !== undefined) ? exitCodes.ok : exitCodes.refuted;
  } finally {
    progress.end();
    interruption.end();
  }
}

async function confidenceOf(text: string | undefined): Promise<number> {
  if (text === undefined) return 0.95;
  const range = 'from 50% to less than 100%';
  const confidence = await shareOf('confidence', text, range);
  if (confidence < 0.5 || confidence >= 1) throw new UsageError(`--confidence: read "${text}": it is ${range}`);
  return confidence;
}

/** What is varied, and from where. */
async function knobOf({ path, largest, load }: PlanArguments, scenario: Scenario): Promise<Knob> {
  const { parseAxis, plannedNodes, strategies } = await import('../index.ts');
  if (load === true && (path !== undefined || largest === true))
    throw new UsageError('--load is short for --path load=10%..400% --largest: give one or the other');
  if (load === true) return { ...fromHardest(parseAxis('load=10%..400%'), true), start: () => '100%' };
  if (path !== undefined && /^(seed|replications)=/.test(path)) throw new UsageError(`--path: read "${path}": every value is tried with the same seeds and replications; say how many with --replications`); // prettier-ignore
  if (path !== undefined) {
    const axis = parseAxis(path);
    const numbers = axis.values.map((value) => Number.parseFloat(value));
    if (numbers.some((value, i) => i > 0 && value <= (numbers[i - 1] as number))) throw new UsageError(`--path: read "${path}": the values must rise`); // prettier-ignore
    return fromHardest(axis, largest === true);
  }
  if (largest === true) throw new UsageError('--largest is about a --path, which is not given: the largest number of nodes is none');
  const [main] = scenario.cluster.pools;
  const fewest = scenario.cluster.zones.length;
  const most = 2 * Math.max(fewest, main?.nodes ?? 0);
  const others = scenario.cluster.pools.slice(1).reduce((sum, { nodes }) => sum + nodes, 0);
  return {
    ...parseAxis(`cluster.nodes=${String(fewest)}..${String(most)}`),
    largest: false,
    // Strategies of plug-ins are only called under supervision.
    start: (label) => {
      const use = scenario.strategies.find((each) => each.label === label)?.use;
      const planned = strategies.some(({ name }) => name === use) ? plannedNodes(scenario, strategies, label) : undefined;
      return String(planned === undefined ? (main?.nodes ?? fewest) : Math.min(most, Math.max(fewest, planned - others)));
    },
  };
}

/** The knob of an axis, whose values rise. */
const fromHardest = (axis: { readonly path: string; readonly values: readonly string[] }, largest: boolean): Knob => ({
  path: axis.path,
  values: largest ? axis.values.toReversed() : axis.values,
  largest,
});
