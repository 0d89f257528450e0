import type { ComparisonFormat, Experiment, Scenario } from '../index.ts';
import { command } from './command.ts';
import { exitCodes } from './exit.ts';
import { Interruption } from './interruption.ts';
import { loaded } from './load-plugins.ts';
import { judgingOptions } from './judging.ts';
import type { CompareArguments } from './options.ts';
import { print, say } from './print.ts';
import { setOf } from './set-of.ts';
import { ProgressLine } from './progress-line.ts';

/** Reads the scenario, runs the strategy that `choose` names, or all of them, under the eyes of the user, prints what came of it and returns the exit code. */
export async function runExperiment(given: CompareArguments, choose: (scenario: Scenario) => string | undefined): Promise<number> {
  const {
    compare,
    compareCommand,
    comparisonText,
    condensed,
    leftOutText,
    otherStrategies,
    plansThatFail,
    readDecoded,
    renderProblems,
    replicate,
    screen,
    strategies,
  } = await import('../index.ts');
  const judging = await judgingOptions(given);
  const plugins = given.plugin ?? [];
  const own = await loaded(plugins);
  const asGiven = setOf(given);
  const { format = 'screen' } = given;
  const progress = new ProgressLine(given.quiet === true);
  const catalog = { strategies: [...strategies, ...own.flatMap(({ entries }) => entries)] };
  const decoded = (more: readonly string[]) => readDecoded(given.scenario, { set: [...asGiven, ...more], catalog });
  const wanted = given.strategies?.flatMap((list) => list.split(',').map((name) => name.trim()));
  const added = progress.reading(given.scenario, () =>
    wanted?.includes('all') === true
      ? otherStrategies(decoded([]).scenario, catalog.strategies, (more) => decoded(more).scenario)
      : { set: [], left: [] },
  );
  if (added.left.length > 0) say(`Left out, since they take options: ${added.left.join(', ')}`);
  const set = [...asGiven, ...added.set];
  const labels = wanted?.includes('all') === true ? undefined : wanted;
  const { scenario, warnings } = progress.reading(given.scenario, () => decoded(added.set));
  if (warnings.length > 0) say(`Warning: ${renderProblems(warnings)}`);
  const label = choose(scenario);
  // Strategies of plug-ins are only called under supervision.
  const uses = scenario.strategies.filter(
    (each) => (label ?? each.label) === each.label && strategies.some(({ name }) => name === each.use),
  );
  for (const warning of condensed(plansThatFail(scenario, strategies, uses), ' (all of them in manifest.json)')) say(`Warning: ${warning}`);

  const interruption = new Interruption();
  try {
    const out = given.out ?? `results/${scenario.name}`;
    const options = {
      ...judging,
      out,
      jobs: given.jobs,
      plugins,
      set,
      command,
      signal: interruption.signal,
      onProgress: progress.update,
    };
    const experiment = await (label === undefined ? compare(scenario, options, labels) : replicate(scenario, label, options));
    progress.end();
    const leftOut = leftOutText(experiment);
    if (leftOut !== undefined && (given.quiet === true || experiment.status !== 'complete')) say(leftOut); // else the screen says it
    const { status, runs, folder = out, failures } = experiment;
    switch (status) {
      case 'complete':
        if (label === undefined && scenario.fidelity === 'fluid' && experiment.bounds.size === 0) say('No regret: the bound takes the optional package highs, which is not installed (npm install highs)'); // prettier-ignore
        if (experiment.imprecise.length > 0) say(notPrecise(experiment));
        if (given.quiet !== true) {
          const bold = process.stdout.isTTY;
          await print(format === 'screen' ? screen(experiment, { bold }) : comparisonText(experiment, format as ComparisonFormat));
          if (format === 'screen' && experiment.labels.length < scenario.strategies.length)
            await print(`Beside its other strategies: ${compareCommand({ command, file: given.scenario, set, plugins })}\n`);
        }
        return experiment.imprecise.length > 0 ? exitCodes.noVerdict : exitCodes.ok;
      case 'interrupted':
        say(
          `Interrupted: ${String(runs.length)} of ${String(experiment.labels.length * scenario.replications)} runs are complete; they are kept in ${folder}/, marked as interrupted.`,
        );
        return interruption.code;
      case 'failed':
        say(
          `${failures.join('\n')}\nThe results are not to be trusted; they are kept in ${folder}/, marked as failed. This is a bug of fenshi or of a plug-in.`,
        );
        return exitCodes.failed;
    }
  } finally {
    progress.end();
    interruption.end();
  }
}

/** Which means are not known as well as was asked. */
function notPrecise({ imprecise, scenario }: Experiment): string {
  const each = imprecise.map(
    ({ metric, label, reached, relative }) => `${label}: ${metric} to ${percent(reached)} instead of ${percent(relative)}`,
  );
  return `After ${String(scenario.replications)} replications, as many as --at-most allows, these are not known as well as --until asks:\n${each.join('\n')}`;
}

const percent = (share: number): string => `${String(Number((100 * share).toPrecision(2)))} %`;
