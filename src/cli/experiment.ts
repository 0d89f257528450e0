import type { Experiment, ExperimentOptions, Scenario } from '../index.ts';
import { command } from './command.ts';
import { exitCodes } from './exit.ts';
import { Interruption } from './interruption.ts';
import { loaded } from './load-plugins.ts';
import type { RunArguments } from './options.ts';
import { print, say } from './print.ts';
import { ProgressLine } from './progress-line.ts';

/** Reads the scenario, runs `start` on it under the eyes of the user, prints what came of it and returns the exit code. */
export async function runExperiment(
  given: RunArguments,
  start: (scenario: Scenario, options: ExperimentOptions) => Promise<Experiment>,
): Promise<number> {
  const { leftOutText, readDecoded, renderProblems, screen, strategies } = await import('../index.ts');
  const plugins = given.plugin ?? [];
  const own = await loaded(plugins);
  const set = [
    ...(given.set ?? []),
    ...flag('seed', given.seed),
    ...flag('replications', given.replications),
    ...flag('results.detail', given.detail),
  ];
  const progress = new ProgressLine(given.quiet === true);
  const catalog = { strategies: [...strategies, ...own.flatMap(({ entries }) => entries)] };
  const { scenario, warnings } = progress.reading(given.scenario, () => readDecoded(given.scenario, { set, catalog }));
  if (warnings.length > 0) say(`Warning: ${renderProblems(warnings)}`);

  const interruption = new Interruption();
  try {
    const out = given.out ?? `results/${scenario.name}`;
    const experiment = await start(scenario, {
      out,
      jobs: given.jobs,
      plugins,
      set,
      command,
      signal: interruption.signal,
      onProgress: progress.update,
    });
    progress.end();
    const leftOut = leftOutText(experiment);
    if (leftOut !== undefined && (given.quiet === true || experiment.status !== 'complete')) say(leftOut); // else the screen says it
    const { status, runs, labels, folder = out, failures } = experiment;
    switch (status) {
      case 'complete':
        if (given.quiet !== true) await print(screen(experiment, { bold: process.stdout.isTTY }));
        return exitCodes.ok;
      case 'interrupted':
        say(
          `Interrupted: ${String(runs.length)} of ${String(labels.length * scenario.replications)} runs are complete; they are kept in ${folder}/, marked as interrupted.`,
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

const flag = (path: string, value: string | number | undefined): string[] => (value === undefined ? [] : [`${path}=${String(value)}`]);
