import type { Argv, CommandModule } from 'yargs';
import type { Merged } from '../index.ts';
import { exitCodes } from './exit.ts';
import { type MergeArguments, mergeOptions } from './options.ts';
import { print, say } from './print.ts';
import { UsageError } from './usage-error.ts';

/** `fenshi merge`: the tables of a sweep that was run in shards. */
export const mergeCommand = (done: (code: number) => void): CommandModule<object, MergeArguments> => ({
  command: 'merge <folders..>',
  describe: 'merge the shards of a sweep into its tables',
  builder: (yargs) =>
    yargs
      .positional('folders', { type: 'string', array: true, describe: 'folders in which shards of one sweep were run', demandOption: true })
      .options(mergeOptions)
      .example('$0 merge results/sweep', 'all shards were run in one folder')
      .example('$0 merge shard-1 shard-2 --out results/sweep', 'each was run in its own')
      .epilogue(
        'The tables are the same bytes however the cells were divided. Nothing is written where\n' +
          'a cell is missing or damaged (exit code 3), or was run twice with two results (70).',
      ) as unknown as Argv<MergeArguments>,
  handler: async ({ folders, out = folders.length === 1 ? folders[0] : undefined, quiet = false }) => {
    if (out === undefined) throw new UsageError('--out says where the tables of several folders go');
    const { mergeSweep } = await import('../index.ts');
    done(await reported(mergeSweep(folders, out), out, quiet));
  },
});

/** Most cells that are named. */
const mostNamed = 5;

/** Prints the tables' first rows, or says what is missing; returns the exit code. */
export async function reported({ plan, means, missing, damaged, broken }: Merged, out: string, quiet: boolean): Promise<number> {
  const { sweepText } = await import('../index.ts');
  if (broken.length > 0) {
    say(`${some(broken)}\nThe results are not to be trusted: no tables are written.`);
    return exitCodes.failed;
  }
  if (means === undefined) {
    const parts = [
      ...(missing.length > 0 ? [`${String(missing.length)} of ${String(plan.keys.length)} cells are missing:\n${some(missing)}`] : []),
      ...(damaged.length > 0 ? [`${String(damaged.length)} of ${String(plan.keys.length)} cells are damaged:\n${some(damaged)}`] : []),
    ];
    say(`${parts.join('\n')}\nNo tables are written; the same fenshi sweep again runs what is missing or damaged.`);
    return exitCodes.noVerdict;
  }
  if (!quiet) {
    await print(sweepText(plan, means));
    await print(`\nThe numbers: ${out}/ (sweep.csv: every run and app; sweep-means.csv: means; manifest.json)\n`);
  }
  return exitCodes.ok;
}

const some = (names: readonly string[]): string =>
  [...names.slice(0, mostNamed).map((name) => `  ${name}`), ...(names.length > mostNamed ? [`  and ${String(names.length - mostNamed)} more`] : [])].join('\n'); // prettier-ignore
