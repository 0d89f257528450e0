import type { Argv, CommandModule } from 'yargs';
import { command } from './command.ts';
import { exitCodes } from './exit.ts';
import { Interruption } from './interruption.ts';
import { loaded } from './load-plugins.ts';
import { type RerunArguments, rerunOptions } from './options.ts';
import { print, say } from './print.ts';
import { ProgressLine } from './progress-line.ts';

/** `fenshi rerun`: the results of a manifest once more. */
export const rerunCommand = (done: (code: number) => void): CommandModule<object, RerunArguments> => ({
  command: 'rerun <manifest>',
  describe: 'make the results of a manifest again: the same bytes, or which input has changed',
  builder: (yargs) =>
    yargs
      .positional('manifest', { type: 'string', describe: 'manifest.json of run or compare, or its folder', demandOption: true })
      .options(rerunOptions)
      .example('$0 rerun results/double11/manifest.json', 'are these results what this fenshi makes of these files?')
      .epilogue(
        'Files are looked for as the manifest names them, from the folder you are in. Exit codes:\n' +
          '0 the same bytes, 1 the inputs are the same and the results are not, 2 no manifest,\n' +
          '3 an input has changed: it is named, and nothing is run.',
      ) as Argv<RerunArguments>,
  handler: async (given) => {
    done(await runAgain(given));
  },
});

async function runAgain({ manifest: path, jobs, out, quiet = false }: RerunArguments): Promise<number> {
  const { changedInputs, InputError, readDecoded, readRepeatable, rerun, strategies } = await import('../index.ts');
  const manifest = readRepeatable(path);
  const progress = new ProgressLine(quiet);
  const own = await loaded(manifest.plugins.map(({ file }) => file));
  const catalog = { strategies: [...strategies, ...own.flatMap(({ entries }) => entries)] };
  const { file } = manifest.scenario;
  const scenario = (() => {
    try {
      return progress.reading(file, () => readDecoded(file, { set: manifest.set, catalog }).scenario);
    } catch (error) {
      if (error instanceof InputError) return error;
      throw error;
    }
  })();
  if (scenario instanceof InputError) {
    say(`The results cannot be made again: ${file} has changed, and cannot be run any more:\n${scenario.message}`);
    return exitCodes.noVerdict;
  }
  const changed = changedInputs(manifest, scenario);
  if (changed.length > 0) {
    say(`The results cannot be made again:\n${changed.join('\n')}`);
    return exitCodes.noVerdict;
  }
  const interruption = new Interruption('nothing is kept');
  try {
    const { experiment, files, differing } = await rerun(manifest, scenario, { out, jobs, command, signal: interruption.signal, onProgress: progress.update }); // prettier-ignore
    progress.end();
    if (experiment.status === 'interrupted') {
      say('Interrupted: nothing is known.');
      return interruption.code;
    }
    if (experiment.failures.length > 0) {
      say(experiment.failures.join('\n'));
      return exitCodes.failed;
    }
    if (differing.length > 0) {
      say(`The inputs are the same and the results are not: ${String(differing.length)} of ${String(files)} files differ: ${differing.join(', ')}${out === undefined ? '\n--out keeps the new ones' : ''}`); // prettier-ignore
      return exitCodes.refuted;
    }
    if (!quiet)
      await print(
        `The same bytes: ${String(files)} files of ${String(experiment.runs.length)} ${experiment.runs.length === 1 ? 'run' : 'runs'}.\n`,
      );
    return exitCodes.ok;
  } finally {
    progress.end();
    interruption.end();
  }
}
