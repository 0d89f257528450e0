import type { Argv, CommandModule } from 'yargs';
import { command } from './command.ts';
import { exitCodes } from './exit.ts';
import { Interruption } from './interruption.ts';
import { loaded } from './load-plugins.ts';
import { type RiskArguments, riskOptions } from './options.ts';
import { print, say } from './print.ts';
import { ProgressLine } from './progress-line.ts';
import { setOf } from './set-of.ts';
import { UsageError } from './usage-error.ts';

/** Replications of a risk, unless it is told otherwise or the scenario has more. */
const usualReplications = 20;

/** `fenshi risk`: what a switch risks. */
export const riskCommand = (done: (code: number) => void): CommandModule<object, RiskArguments> => ({
  command: 'risk <scenario>',
  describe: 'tell what the switches of a strategy risk: how long they last, who is exposed, what is rolled back',
  builder: (yargs) =>
    yargs
      .positional('scenario', { type: 'string', describe: 'scenario file (YAML)', demandOption: true })
      .options(riskOptions)
      .example('$0 risk scenarios/double11.yaml --strategy time-share', 'how likely is it that the switch exposes somebody?')
      .example('$0 risk mine.yaml --strategy time-share --sensitivity', '… and with other batches, bandwidths, forecasts?')
      .epilogue(
        'risk.csv has every replication. With --sensitivity also what becomes of it with other\n' +
          'batches and observation, earlier and later starts (with the fleet that was planned),\n' +
          'half and twice the swap bandwidth, and forecasts 10 % off, on the same random numbers.\n' +
          'Exit codes: 0 ok, 2 invalid input, 74 cannot write.',
      ) as Argv<RiskArguments>,
  handler: async (given) => {
    done(await runRisk(given));
  },
});

async function runRisk(given: RiskArguments): Promise<number> {
  const { readScenario, risk, riskText, strategies, writeRisk } = await import('../index.ts');
  const started = new Date();
  const plugins = given.plugin ?? [];
  const own = await loaded(plugins);
  const catalog = { strategies: [...strategies, ...own.flatMap(({ entries }) => entries)] };
  const set = setOf(given);
  const progress = new ProgressLine(given.quiet === true);
  const read = progress.reading(given.scenario, () => readScenario(given.scenario, { set, catalog }));
  const scenario = { ...read, replications: given.replications ?? Math.max(usualReplications, read.replications) };
  if (given.strategy === undefined) throw new UsageError(`choose one with --strategy: ${scenario.strategies.map(({ label }) => label).join(', ')}`); // prettier-ignore
  const interruption = new Interruption('nothing is written of a risk that is not whole');
  try {
    const options = { strategy: given.strategy, sensitivity: given.sensitivity === true, jobs: given.jobs, plugins, set, command, signal: interruption.signal };
    const found = await risk(scenario, strategies, { ...options, onProgress: ({ done, of }) => progress.show(`${String(done)} of ${String(of)} runs`) });
    progress.end();
    if (found === undefined) {
      say('Interrupted: nothing is written.');
      return interruption.code;
    }
    const folder = writeRisk(given.out ?? `results/${scenario.name}-risk`, found, { command, file: given.scenario, set, plugins }, given.jobs, started);
    if (found.failures.length > 0) {
      say(`${found.failures.join('\n')}\nThe results are not to be trusted; they are kept in ${folder}/, marked as failed.`);
      return exitCodes.failed;
    }
    if (given.quiet !== true) await print(`${riskText(found)}\nThe numbers: ${folder}/risk.csv\n`);
    return exitCodes.ok;
  } finally {
    progress.end();
    interruption.end();
  }
} // prettier-ignore
