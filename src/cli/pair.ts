import type { Argv, CommandModule } from 'yargs';
import type { PairingMethod } from '../index.ts';
import { command } from './command.ts';
import { exitCodes } from './exit.ts';
import { loaded } from './load-plugins.ts';
import { type PairArguments, pairOptions } from './options.ts';
import { print } from './print.ts';
import { ProgressLine } from './progress-line.ts';
import { shareOf } from './share-of.ts';
import { UsageError } from './usage-error.ts';

/** `fenshi pair`: which apps are to share slots. */
export const pairCommand = (done: (code: number) => void): CommandModule<object, PairArguments> => ({
  command: 'pair <scenario>',
  describe: 'find which apps are to share slots, from their profiles over the day',
  builder: (yargs) =>
    yargs
      .positional('scenario', { type: 'string', describe: 'scenario file (YAML)', demandOption: true })
      .options(pairOptions)
      .example('$0 pair mine.yaml', 'which apps are to share slots, and what does that save?')
      .example('$0 pair mine.yaml --size 3 --apart pay,ledger', '… three on a slot, but never these two')
      .example('$0 pair mine.yaml --method given', 'what do the groups of the scenario save?')
      .epilogue(
        'complementary: joins those whose sum peaks lowest beside their own peaks. correlation:\n' +
          'those that vary least alike. local-search: from the better of the two, moves and swaps\n' +
          'apps as long as that saves cores. optimal: every division, of at most 16 apps. The\n' +
          'folder holds pairs.csv, profiles.csv and paired.yaml, a scenario with these groups\n' +
          'that compare takes. Exit codes: 0 ok, 2 invalid input, 74 cannot write.',
      ) as Argv<PairArguments>,
  handler: async (given) => {
    done(await runPair(given));
  },
});

async function runPair(given: PairArguments): Promise<number> {
  const { pair, pairText, parseDuration, readDecoded, resolvedYaml, strategies, writePair } = await import('../index.ts');
  const started = new Date();
  const plugins = given.plugin ?? [];
  const own = await loaded(plugins);
  const catalog = { strategies: [...strategies, ...own.flatMap(({ entries }) => entries)] };
  const set = given.set ?? [];
  const decoded = (more: readonly string[]) => readDecoded(given.scenario, { set: [...set, ...more], catalog });
  const progress = new ProgressLine(given.quiet === true);
  const utilisation = await shareOf('utilisation', given.utilisation ?? '75%', 'from more than 0% to 100%');
  if (utilisation <= 0 || utilisation > 1) throw new UsageError(`--utilisation: read "${given.utilisation ?? ''}": it is from more than 0% to 100%`);
  const interval = parseDuration(given.interval ?? '5m');
  if (typeof interval !== 'number' || interval < 1e6) throw new UsageError(`--interval: read "${given.interval ?? ''}": expected a time of at least 1s, such as 5m`);
  const result = progress.reading(given.scenario, () =>
    pair((more) => decoded(more).scenario, catalog.strategies, {
      method: (given.method ?? 'local-search') as PairingMethod,
      size: given.size ?? 2,
      apart: (given.apart ?? []).map((list) => list.split(',').map((name) => name.trim())),
      utilisation,
      interval,
    }),
  );
  const out = given.out ?? `results/${result.scenario.name}-pair`;
  const found = { set: result.set, by: 'pair' };
  const paired = result.set.length === 0 ? undefined : resolvedYaml(decoded(result.set), catalog, { folder: out, found });
  const folder = writePair(out, result, { command, file: given.scenario, set, plugins }, started, paired);
  if (given.quiet !== true) {
    await print(pairText(result));
    await print(`\nThe numbers: ${folder}/ (pairs.csv, profiles.csv)\n${paired === undefined ? '' : `To see it happen: ${command} compare ${folder}/paired.yaml\n`}`);
  }
  return exitCodes.ok;
} // prettier-ignore
