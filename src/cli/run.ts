import type { Argv, CommandModule } from 'yargs';
import { runExperiment } from './experiment.ts';
import { type RunArguments, runOptions } from './options.ts';
import { UsageError } from './usage-error.ts';

interface Arguments extends RunArguments {
  readonly strategy?: string | undefined;
}

/** `fenshi run`: one strategy. */
export const runCommand = (done: (code: number) => void): CommandModule<object, Arguments> => ({
  command: 'run <scenario>',
  describe: 'simulate one strategy of a scenario',
  builder: (yargs) =>
    yargs
      .positional('scenario', { type: 'string', describe: 'scenario file (YAML)', demandOption: true })
      .options({
        ...runOptions,
        strategy: { type: 'string', requiresArg: true, describe: 'label of the strategy; may be left out where there is only one' },
      })
      .example('$0 run scenarios/double11.yaml --strategy time-share', 'all replications, one strategy')
      .example('$0 run mine.yaml --strategy mine --plugin ./mine.ts', 'a strategy of your own')
      .example(
        '$0 run scenarios/double11.yaml --strategy time-share --seed 13 --replications 1 --detail all',
        'look closely at one run',
      ) as Argv<Arguments>,
  handler: async ({ strategy, ...given }) => {
    done(
      await runExperiment(given, (scenario) => {
        const labels = scenario.strategies.map(({ label }) => label);
        const label = strategy ?? (labels.length === 1 ? labels[0] : undefined);
        if (label === undefined)
          throw new UsageError(`${given.scenario} has several strategies; choose one with --strategy: ${labels.join(', ')}`);
        return label;
      }),
    );
  },
});
