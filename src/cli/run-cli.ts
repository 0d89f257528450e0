import { createRequire } from 'node:module';
import yargs from 'yargs';
import { command } from './command.ts';
import { compareCommand } from './compare.ts';
import { exitCodes, guardExit } from './exit.ts';
import { initCommand } from './init.ts';
import { listCommand } from './list.ts';
import { mergeCommand } from './merge.ts';
import {
  compareOptions,
  flags,
  mergeOptions,
  pairOptions,
  planOptions,
  regressOptions,
  rerunOptions,
  riskOptions,
  runOptions,
  scenarioOptions,
  sweepOptions,
  verifyOptions,
} from './options.ts';
import { pairCommand } from './pair.ts';
import { planCommand } from './plan.ts';
import { print, say } from './print.ts';
import { regressCommand } from './regress.ts';
import { rerunCommand } from './rerun.ts';
import { riskCommand } from './risk.ts';
import { runCommand } from './run.ts';
import { sweepCommand } from './sweep.ts';
import { UsageError } from './usage-error.ts';
import { validateCommand } from './validate.ts';
import { verifyCommand } from './verify.ts';

const commands = [
  'run',
  'compare',
  'plan',
  'pair',
  'risk',
  'regress',
  'sweep',
  'merge',
  'rerun',
  'validate',
  'list',
  'init',
  'verify',
] as const;

/** Carries out one command line and returns the exit code. Data goes to stdout, everything else to stderr. */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.ok;
  const done = (ended: number): void => {
    code = ended;
  };
  const unguard = guardExit(() => {
    say('The process was ended before the command was: by a plug-in, which must not do so');
  });
  try {
    const text = await parse(args, done);
    if (text !== '') await print(`${text}\n`);
    return code;
  } catch (error) {
    return await report(error, args);
  } finally {
    unguard();
  }
}

/** Parses and carries out; returns what --help and --version have to say. */
async function parse(args: readonly string[], done: (code: number) => void): Promise<string> {
  const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string };
  let said = '';
  for (const flag of flags) {
    const given = args.find((arg) => arg.startsWith(`--${flag}=`));
    if (given !== undefined) throw new UsageError(`--${flag} takes no value; read "${given.slice(flag.length + 3)}"`);
  }
  const parser = yargs()
    .scriptName(command)
    .usage(
      '$0 <command>\n\nSimulates time-sharing (分时) of slots between applications that peak at different times:\nhow many cores it saves, and what each switch risks.',
    )
    .command(runCommand(done))
    .command(compareCommand(done))
    .command(planCommand(done))
    .command(pairCommand(done))
    .command(riskCommand(done))
    .command(regressCommand(done))
    .command(sweepCommand(done))
    .command(mergeCommand(done))
    .command(rerunCommand(done))
    .command(validateCommand(done))
    .command(listCommand(done))
    .command(initCommand(done))
    .command(verifyCommand(done, version))
    .example('$0 init mine.yaml', 'write a small scenario to begin with')
    .example('$0 compare mine.yaml', 'which strategy needs how many cores, at what risk?')
    .epilogue(
      'Exit codes: 0 ok, 1 a claim of verify does not hold, plan has no answer, regress has found something or rerun gives other bytes, 2 invalid input, 3 no verdict of regress, cells missing in merge, an input of rerun has changed, or not as precise as --until asks, 70 a check failed or a bug, 74 cannot write, 130/143 interrupted.',
    )
    .demandCommand(1, `name a command: ${commands.join(', ')}`)
    .strict()
    .parserConfiguration({
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'boolean-negation': false,
      'dot-notation': false,
      'camel-case-expansion': false,
    })
    .version(version)
    .alias({ h: 'help', v: 'version' })
    .detectLocale(false)
    .wrap(Math.min(100, process.stdout.columns || 100))
    .exitProcess(false)
    .fail((message: string | undefined, error: Error | undefined) => {
      // What a `coerce` throws comes back under another class.
      throw error && error.name !== 'YError' ? error : new ParserComplaint(error?.message ?? message);
    });
  await parser.parseAsync([...args], {}, (_error: unknown, _argv: unknown, output: string) => {
    said = output;
  });
  return said;
}

/** What yargs has to complain about, in its own words. */
class ParserComplaint extends Error {}

/** Says on stderr what went wrong and returns the exit code. A stack trace only for bugs. */
async function report(error: unknown, args: readonly string[]): Promise<number> {
  const { InputError, OutputError, RunError } = await import('../index.ts');
  if (error instanceof UsageError || error instanceof ParserComplaint) {
    const name = commands.find((each) => each === args[0]);
    say(
      `${error instanceof UsageError ? error.message : await explained(error.message, args)}\n${command} ${name === undefined ? '' : `${name} `}--help shows what it takes`,
    );
    return exitCodes.invalid;
  }
  if (error instanceof InputError) {
    say(error.message);
    return exitCodes.invalid;
  }
  if (error instanceof OutputError) {
    say(error.message);
    return exitCodes.cannotWrite;
  }
  if (error instanceof RunError)
    say(`${error.message}${error.trace === undefined ? '' : `\n${error.trace}`}\nThis is a bug of fenshi, or of a plug-in.`);
  else say(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nThis is a bug of fenshi.`);
  return exitCodes.failed;
}

/** The complaint in words that help. */
async function explained(complaint: string, args: readonly string[]): Promise<string> {
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(complaint)?.[1]?.split(', ') ?? [];
  if (unknown.length > 0) return (await Promise.all(unknown.map((word) => unknownWord(word, args)))).join('\n');
  if (complaint.startsWith('Not enough non-option arguments'))
    return args[0] === 'list'
      ? 'list what? strategies, shapes or columns'
      : args[0] === 'regress'
        ? 'regress needs a suite file'
        : `${args[0] ?? 'it'} needs a scenario file`;
  const choice = /Argument: (\w+), Given: "(.*)", Choices: (.*)$/m.exec(complaint);
  if (choice) return `${choice[1] ?? ''}: read "${choice[2] ?? ''}": expected one of ${(choice[3] ?? '').replaceAll('"', '')}`;
  const bare = /^Not enough arguments following: (.+)$/.exec(complaint)?.[1];
  return bare === undefined ? complaint : `--${bare} needs a value`;
}

async function unknownWord(word: string, args: readonly string[]): Promise<string> {
  const { didYouMean } = await import('../index.ts');
  const letter = args.includes(`-${word}`);
  if (letter) {
    const long = optionsOf(args[0]).find((name) => name.startsWith(word));
    return `unknown option -${word}${long === undefined ? '' : `; did you mean --${long}?`}`;
  }
  const isOption = args.some((arg) => arg === `--${word}` || arg.startsWith(`--${word}=`));
  const takes = optionsOf(args[0]);
  const elsewhere = isOption ? commands.filter((name) => optionsOf(name).includes(word)) : [];
  if (elsewhere.length > 0) return `--${word} is no option of ${args[0] ?? 'this'}: it belongs to ${elsewhere.join(', ')}`;
  const known = isOption ? takes : args[0] === word ? commands : [];
  const near = didYouMean(word, known);
  const dashes = isOption ? '--' : '';
  return `${isOption ? 'unknown option' : args[0] === word ? 'unknown command' : 'unexpected argument'} ${dashes}${word}${near === undefined ? '' : `; did you mean ${dashes}${near}?`}`;
}

/** Options that a command takes, beside its arguments. */
function optionsOf(command: string | undefined): readonly string[] {
  const own: Readonly<Record<string, readonly string[]>> = {
    run: [...Object.keys(runOptions), 'strategy'],
    compare: Object.keys(compareOptions),
    plan: Object.keys(planOptions),
    pair: Object.keys(pairOptions),
    risk: Object.keys(riskOptions),
    regress: Object.keys(regressOptions),
    sweep: Object.keys(sweepOptions),
    merge: Object.keys(mergeOptions),
    rerun: Object.keys(rerunOptions),
    validate: [...Object.keys(scenarioOptions), 'resolved'],
    list: ['plugin'],
    verify: Object.keys(verifyOptions),
  };
  return [...(own[command ?? ''] ?? []), 'help', 'version'];
}
