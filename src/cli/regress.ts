import type { Argv, CommandModule } from 'yargs';
import type { Baseline, LoadedCase } from '../index.ts';
import { command } from './command.ts';
import { exitCodes } from './exit.ts';
import { Interruption } from './interruption.ts';
import { loaded } from './load-plugins.ts';
import { type RegressArguments, regressOptions } from './options.ts';
import { print, say } from './print.ts';
import { ProgressLine } from './progress-line.ts';
import { UsageError } from './usage-error.ts';

/** `fenshi regress`: whether a change makes anything do something else, or worse. */
export const regressCommand = (done: (code: number) => void): CommandModule<object, RegressArguments> => ({
  command: 'regress <suite>',
  describe: 'compare what a suite of scenarios does now with what it did: a gate for CI',
  builder: (yargs) =>
    yargs
      .positional('suite', { type: 'string', describe: 'suite file (YAML)', demandOption: true })
      .options(regressOptions)
      .example('$0 regress suite.yaml --save-baseline', 'keep what every run does now, to be committed')
      .example('$0 regress suite.yaml', 'does every run still do the same, and is no metric worse?')
      .example('$0 regress suite.yaml --update', 'accept what has changed')
      .example('$0 regress suite.yaml --slower-than ../main', 'and is it slower than the fenshi in that folder?')
      .epilogue(
        'A suite:\n' +
          '  replications: 20                    # of each run [20]\n' +
          '  behaviour: same                     # same: every decision and number; any: only metrics count [same]\n' +
          '  inconclusive: fail                  # fail or pass, of metrics that cannot be judged [fail]\n' +
          '  metrics: { cost: 1%, response_p99_ms: 5, pods_created: { margin: 0%, better: lower } }\n' +
          '  plugins: [mine.ts]\n' +
          '  baseline: suite.baseline            # its folder [beside the suite]\n' +
          '  scenarios:\n' +
          '    - tiny.yaml\n' +
          '    - { scenario: mine.yaml, name: small, set: [cluster.nodes=9], strategies: [time-share] }\n' +
          'Exit codes: 0 nothing has changed, or nothing that counts, 1 behaviour has changed or\n' +
          'a metric is worse, 2 invalid input, 3 no verdict (another scenario, no\n' +
          'baseline, too few replications), 70 a check failed, 74 cannot write.',
      ) as Argv<RegressArguments>,
  handler: async (given) => {
    done(await reported(given, () => runRegress(given)));
  },
});

async function runRegress(given: RegressArguments): Promise<number> {
  const {
    InputError,
    loadCases,
    measure,
    readSuite,
    commandIn,
    speedOf,
    regressionAnnotations,
    regressionJunit,
    regressionMarkdown,
    regressionOf,
    regressionText,
    strategies,
    writeBaseline,
    writeRegression,
  } = await import('../index.ts');
  const { update = false, 'save-baseline': save = false, quiet = false } = given;
  if (update && save) throw new UsageError('--save-baseline makes a baseline, --update replaces one: give one or the other');
  const progress = new ProgressLine(quiet);
  const suite = readSuite(given.suite);
  const plugins = await loaded(suite.plugins);
  const cases = progress.reading(given.suite, () =>
    loadCases(suite, { strategies: [...strategies, ...plugins.flatMap(({ entries }) => entries)] }),
  );
  const baseline = await baselineIn(suite.baseline, save || update);
  if (save && baseline !== undefined) throw new InputError(`${suite.baseline} is there already: --update replaces it`);
  if (update && baseline === undefined) throw new InputError(`there is no baseline in ${suite.baseline}: --save-baseline makes one`);
  if (!save && baseline === undefined) {
    const why = `There is no baseline in ${suite.baseline}: make one with ${command} regress ${given.suite} --save-baseline, and commit it`;
    say(why);
    await reportNoVerdict(given, new InputError(why));
    return exitCodes.noVerdict;
  }
  const other = given['slower-than'];
  if (other !== undefined && (save || update))
    throw new UsageError('--slower-than is about a comparison, not about a baseline that is made');
  if (other !== undefined) commandIn(other); // what is wrong with it shows before anything runs
  const interruption = new Interruption('nothing is written');
  try {
    const measured = await measure(cases, { jobs: given.jobs, plugins: suite.plugins, command, signal: interruption.signal, onProgress: progress.update }); // prettier-ignore
    progress.end();
    if (measured === undefined) {
      say('Interrupted: nothing is written.');
      return interruption.code;
    }
    if (measured.failures.length > 0) {
      const why = `${measured.failures.join('\n')}\nThese runs are not to be trusted: there is no verdict.`;
      say(why);
      await reportNoVerdict(given, new Error(why));
      return exitCodes.failed;
    }
    if ((save || update) && measured.broken.length > 0)
      throw new InputError(measured.broken.map(({ case: name, message }) => `${name}: ${message}`).join('\n'));
    if (baseline === undefined || baseline === 'unreadable') {
      writeBaseline(suite, measured.cases, undefined);
      const text = `${runsText(cases)}, kept in ${suite.baseline}/: commit it with the suite\n`;
      await reportAccepted(given, text);
      if (!quiet) await print(text);
      return exitCodes.ok;
    }
    const lines = new Map(cases.map(({ name, line }) => [name, line]));
    const own = [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
    const speed =
      other === undefined
        ? undefined
        : await speedOf(suite, cases, other, { own, signal: interruption.signal, onRound: (done, of) => progress.show(`timing both versions: round ${String(done + 1)} of ${String(of)}`) }); // prettier-ignore
    progress.end();
    if (interruption.signal.aborted) {
      say('Interrupted: nothing is written.');
      return interruption.code;
    }
    const regression = regressionOf(suite, lines, measured, baseline, speed);
    if (update) {
      writeBaseline(suite, measured.cases, baseline);
      const text = regressionText(regression, `Accepted: ${suite.baseline}/ is what ${runsText(cases)} do now.`);
      await reportAccepted(given, text);
      if (!quiet) await print(text);
      return exitCodes.ok;
    }
    const folder = writeRegression(outOf(given, suite.name), regression, [
      { file: 'regress.md', text: regressionMarkdown(regression) },
      { file: 'junit.xml', text: regressionJunit(regression) },
    ]);
    if (onGitHub()) await print(regressionAnnotations(regression));
    if (!quiet) {
      await print(regressionText(regression));
      await print(`The numbers: ${folder}/ (regress.csv, regress.md for a pull request, junit.xml)\n`);
      if (regression.verdict !== 'passed' && measured.broken.length === 0)
        await print(`If that is meant: ${command} regress ${given.suite} --update\n`);
    }
    return { passed: exitCodes.ok, failed: exitCodes.refuted, undecided: exitCodes.noVerdict }[regression.verdict];
  } finally {
    progress.end();
    interruption.end();
  }
}

/** In the result folder, that what the suite does now is its baseline. */
async function reportAccepted(given: RegressArguments, text: string): Promise<void> {
  const { acceptedJunit, acceptedMarkdown, suiteName, writeWithoutComparison } = await import('../index.ts');
  const name = suiteName(given.suite);
  writeWithoutComparison(outOf(given, name), given.suite, 'accepted', [
    { file: 'regress.md', text: acceptedMarkdown(name, text) },
    { file: 'junit.xml', text: acceptedJunit(name) },
  ]);
}

const outOf = ({ out }: RegressArguments, suite: string): string => out ?? `results/${suite}-regress`;

const onGitHub = (): boolean => process.env['GITHUB_ACTIONS'] === 'true';

/** Reports the error that a suite ends with. */
async function reported<T>(given: RegressArguments, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && !(error instanceof UsageError)) await reportNoVerdict(given, error);
    throw error;
  }
}

/** Annotates the suite where GitHub asks for that, and replaces what the result folder says: an earlier `passed` must not be taken for this one's. */
async function reportNoVerdict(given: RegressArguments, error: Error): Promise<void> {
  const { errorAnnotations, InputError, noVerdictJunit, noVerdictMarkdown, OutputError, suiteName, writeWithoutComparison } = await import('../index.ts');
  if (onGitHub()) await print(errorAnnotations(given.suite, error));
  const name = suiteName(given.suite);
  try {
    writeWithoutComparison(outOf(given, name), given.suite, 'undecided', [
      { file: 'regress.md', text: noVerdictMarkdown(name, error.message) },
      { file: 'junit.xml', text: noVerdictJunit(name, error.message) },
    ]);
  } catch (second) {
    if (!(second instanceof InputError || second instanceof OutputError)) throw second;
    // The first error is what is told: this one is mostly the same again.
  }
} // prettier-ignore

/** The baseline of a folder; one that cannot be read stands in nobody's way where it is `replaced`. */
async function baselineIn(folder: string, replaced: boolean): Promise<Baseline | 'unreadable' | undefined> {
  const { InputError, readBaseline } = await import('../index.ts');
  try {
    return readBaseline(folder);
  } catch (error) {
    if (replaced && error instanceof InputError) return 'unreadable';
    throw error;
  }
}

const runsText = (cases: readonly LoadedCase[]): string =>
  `${String(cases.reduce((sum, { labels, scenario }) => sum + labels.length * scenario.replications, 0))} runs of ${String(cases.length)} ${cases.length === 1 ? 'scenario' : 'scenarios'}`;
