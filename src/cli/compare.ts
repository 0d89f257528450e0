import type { Argv, CommandModule } from 'yargs';
import { runExperiment } from './experiment.ts';
import { type CompareArguments, compareOptions } from './options.ts';

/** `fenshi compare`: all strategies on equal traffic. */
export const compareCommand = (done: (code: number) => void): CommandModule<object, CompareArguments> => ({
  command: 'compare <scenario>',
  describe: 'simulate all strategies of a scenario on equal traffic and compare them',
  builder: (yargs) =>
    yargs
      .positional('scenario', { type: 'string', describe: 'scenario file (YAML)', demandOption: true })
      .options(compareOptions)
      .example('$0 compare scenarios/double11.yaml', 'how many cores does time-sharing save, and at what risk?')
      .example('$0 compare scenarios/double11.yaml --set platform.scheduler.rate=100/s', 'the same with a faster scheduler')
      .example('$0 compare mine.yaml --until 2% --out results/precise', 'as many replications as it takes to know the costs to 2 %')
      .example(
        '$0 compare mine.yaml --metrics cost,response_p99_ms --margin 5% --format markdown',
        'two verdicts on each strategy, for a pull request',
      )
      .epilogue(
        'A verdict says whether a strategy is better, worse or as good as the first\n' +
          'static-peak (else the first strategy) by more than the margin, from differences\n' +
          'replication by replication: their t interval, at the level that all verdicts\n' +
          'together leave it (Holm). Fewer than five replications give none.',
      ) as Argv<CompareArguments>,
  handler: async (given) => {
    done(await runExperiment(given, () => undefined));
  },
});
