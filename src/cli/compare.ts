import type { Argv, CommandModule } from 'yargs';
import { runExperiment } from './experiment.ts';
import { type RunArguments, runOptions } from './options.ts';

/** `fenshi compare`: all strategies on equal traffic. */
export const compareCommand = (done: (code: number) => void): CommandModule<object, RunArguments> => ({
  command: 'compare <scenario>',
  describe: 'simulate all strategies of a scenario on equal traffic and compare them',
  builder: (yargs) =>
    yargs
      .positional('scenario', { type: 'string', describe: 'scenario file (YAML)', demandOption: true })
      .options(runOptions)
      .example('$0 compare scenarios/double11.yaml', 'how many cores does time-sharing save, and at what risk?')
      .example('$0 compare scenarios/double11.yaml --set platform.scheduler.rate=100/s', 'the same with a faster scheduler')
      .example('$0 compare mine.yaml --replications 20 --jobs 8 --out results/twenty', 'narrower intervals') as Argv<RunArguments>,
  handler: async (given) => {
    done(await runExperiment(given, () => undefined));
  },
});
