import yargs from 'yargs';
import { didYouMean } from '../src/base/suggest.ts';
import { type Group, groups } from './measurement.ts';
import { BenchUsageError } from './usage-error.ts';

/** What the command line asks for. */
export interface BenchOptions {
  readonly only: readonly Group[];
  readonly rounds: number;
  readonly scale: number;
  readonly write: boolean;
}

const options = {
  only: {
    type: 'string',
    requiresArg: true,
    describe: `these groups, with commas between them: ${groups.join(',')} [default: all]; writes nothing`,
  },
  rounds: {
    type: 'string',
    requiresArg: true,
    describe: 'rounds of which the best counts; of the plain scan of all nodes at most two [default: 3]',
  },
  scale: {
    type: 'string',
    requiresArg: true,
    describe:
      'for a try: divide operations, events, rows, nodes, pods and (in part of growth) apps, not the 48 hours; writes nothing [default: 1]',
  },
  'no-write': { type: 'boolean', describe: 'show the tables, and leave docs/performance.md as it is' },
} as const;

/** Reads the command line; text where it asks for help. What it does not understand is a {@link BenchUsageError}. */
export async function readOptions(args: readonly string[]): Promise<BenchOptions | string> {
  let help = '';
  const given = await yargs()
    .scriptName('npm run bench --')
    .usage(
      '$0 [options]\n\nMeasures fenshi: each thing in a process of its own, the best of some rounds, in CPU seconds. The same results\nin every round, or it fails. Writes the tables of docs/performance.md, which says what they mean. Takes about\nhalf an hour.',
    )
    .options(options)
    .example('$0 --only full --rounds 1', 'how long does the full scenario take here? About a minute')
    .example('$0 --only hold,engine,csv --scale 50 --rounds 1', 'is it in order? Half a minute')
    .epilogue(
      'Rates are per CPU second (user and system, with compiler and garbage collector); trust ratios of one run more than figures of two.\nExit codes: 0 ok, 2 invalid arguments, 70 results differ between rounds, or a measurement failed.',
    )
    .strict()
    .parserConfiguration({ 'boolean-negation': false, 'camel-case-expansion': false, 'dot-notation': false, 'parse-numbers': false })
    .version(false)
    .alias({ h: 'help' })
    .detectLocale(false)
    .wrap(Math.min(110, process.stdout.columns || 110))
    .exitProcess(false)
    .fail((message: string | undefined, error: Error | undefined) => {
      throw new BenchUsageError(explained(error?.message ?? message ?? '', args));
    })
    .parseAsync([...args], {}, (_error: unknown, _argv: unknown, output: string) => {
      help = output;
    });
  if (help !== '') return help;
  const scale = whole('scale', once('scale', given.scale)) ?? 1;
  const only = chosen(once('only', given.only));
  return {
    only,
    rounds: whole('rounds', once('rounds', given.rounds)) ?? 3,
    scale,
    // The document holds one whole run.
    write: given['no-write'] !== true && scale === 1 && given.only === undefined,
  };
}

function once(name: string, value: unknown): string | undefined {
  if (Array.isArray(value)) throw new BenchUsageError(`--${name} is given ${String(value.length)} times; once is enough`);
  return value as string | undefined;
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new BenchUsageError(`--${name}: read "${text}": expected a whole number from 1 to 9,999,999`);
  return Number(text);
}

function chosen(text: string | undefined): readonly Group[] {
  if (text === undefined) return groups;
  const words = text.split(',').map((word) => word.trim());
  for (const word of words) {
    if (groups.some((group) => group === word)) continue;
    const near = didYouMean(word, groups);
    throw new BenchUsageError(
      `--only: read "${word}": expected one of ${groups.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`,
    );
  }
  return groups.filter((group) => words.includes(group));
}

/** yargs' complaint in words that help. */
function explained(complaint: string, args: readonly string[]): string {
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(complaint)?.[1]?.split(', ')[0];
  if (unknown === undefined) return complaint.replace(/^Not enough arguments following: (.+)$/, '--$1 needs a value');
  if (!args.some((arg) => arg === `--${unknown}` || arg.startsWith(`--${unknown}=`)))
    return `unexpected argument ${unknown}: groups are chosen with --only`;
  const near = didYouMean(unknown, [...Object.keys(options), 'help']);
  return `unknown option --${unknown}${near === undefined ? '' : `; did you mean --${near}?`}`;
}
