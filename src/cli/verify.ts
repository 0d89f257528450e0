import type { Argv, CommandModule } from 'yargs';
import type { ClaimRow } from '../index.ts';
import { exitCodes } from './exit.ts';
import { verifyOptions } from './options.ts';
import { print, say } from './print.ts';
import { ProgressLine } from './progress-line.ts';
import { UsageError } from './usage-error.ts';

interface Arguments {
  readonly quick?: boolean | undefined;
  readonly only?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  readonly json?: string | undefined;
}

/** `fenshi verify`: the tool against theory and against itself. */
export const verifyCommand = (done: (code: number) => void, version: string): CommandModule<object, Arguments> => ({
  command: 'verify',
  describe: 'check fenshi itself: against formulas, theorems and plain second implementations',
  builder: (yargs) =>
    yargs
      .options(verifyOptions)
      .example('$0 verify --quick', 'every claim in a few cases: half a minute')
      .example('$0 verify --only fluid', 'one group, with all its cases')
      .example('$0 verify --json claims.json', 'all claims; minutes')
      .epilogue(
        'Each row is a claim: what theory expects, what fenshi measured, how far apart\n' +
          'they may be. Reported rows publish an error of the model, without a verdict.\n' +
          'The same seed gives the same bytes; docs/validation.md is a full run, with\n' +
          'sources. Exit codes: 0 all hold, 1 one does not, 2 invalid input,\n' +
          '74 cannot write.',
      ) as Argv<Arguments>,
  handler: async (given) => {
    const {
      checkWritable,
      claimGroups,
      claimTable,
      inlineMore,
      verification,
      verificationJson,
      verificationSeed,
      verificationSummary,
      writeWhole,
    } = await import('../index.ts');
    if (given.json !== undefined) checkWritable(given.json);
    inlineMore();
    const chosen = await named(given.only ?? claimGroups.map(({ name }) => name));
    const effort = { quick: given.quick ?? false, seed: given.seed ?? verificationSeed };
    const progress = new ProgressLine(false);
    const rows: ClaimRow[] = [];
    for (const group of chosen) {
      progress.show(group.name);
      const own = verification([group], effort, ({ name }) => progress.show(`${group.name}: ${name}`));
      progress.end();
      await print(`${claimTable(group, own)}\n`);
      rows.push(...own);
    }
    await print(`${verificationSummary(rows)}\n`);
    if (given.json !== undefined) say(`wrote ${writeWhole(given.json, verificationJson(rows, { ...effort, version })).path}`);
    done(rows.some(({ held }) => held === false) ? exitCodes.refuted : exitCodes.ok);
  },
});

/** The groups of these names, in the order of all. */
async function named(names: readonly string[]) {
  const { claimGroups, didYouMean } = await import('../index.ts');
  const known = claimGroups.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const each = unknown.map((name) => {
      const near = didYouMean(name, known);
      return `"${name}"${near === undefined ? '' : ` (did you mean "${near}"?)`}`;
    });
    throw new UsageError(`--only: there is no group ${each.join(', ')}; there are ${known.join(', ')}`);
  }
  return claimGroups.filter(({ name }) => names.includes(name));
}
