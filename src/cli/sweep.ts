import { readFileSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { command } from './command.ts';
import { exitCodes } from './exit.ts';
import { Interruption } from './interruption.ts';
import { loaded } from './load-plugins.ts';
import { reported } from './merge.ts';
import { type SweepArguments, sweepOptions } from './options.ts';
import { print, say } from './print.ts';
import { ProgressLine } from './progress-line.ts';
import { setOf } from './set-of.ts';

/** `fenshi sweep`: a scenario at every point of a grid. */
export const sweepCommand = (done: (code: number) => void): CommandModule<object, SweepArguments> => ({
  command: 'sweep <scenario>',
  describe: 'simulate a scenario at every point of a grid, in parts and on many machines if need be',
  builder: (yargs) =>
    yargs
      .positional('scenario', { type: 'string', describe: 'scenario file (YAML)', demandOption: true })
      .options(sweepOptions)
      .example('$0 sweep mine.yaml --vary cluster.nodes=60..80/5 --vary platform.scheduler.rate=1/s,10/s', '5 × 2 points')
      .example('$0 sweep mine.yaml --vary "cluster.nodes=40,80 with cluster.node.cpu=64,32"', 'two points: values that go together')
      .example(
        '$0 sweep mine.yaml --vary load=80%..120%/1% --shard 3/7 --out results/loads',
        'the third of seven parts; merge results/loads when all are done',
      )
      .epilogue(
        'Every run is a cell, in a file of its own under a hash of all that it depends on. The\n' +
          'same command again runs only what is missing, also after kill -9; parts may be run at\n' +
          'once, in one folder or in several. docs/sweeps.md: Slurm, Kubernetes, GNU parallel.\n' +
          'Exit codes: 0 all cells are there, 2 invalid input, or a plug-in failed in a cell,\n' +
          '70 a check or a run failed, 74 cannot write, 130/143 interrupted.',
      ) as Argv<SweepArguments>,
  handler: async (given) => {
    done(await runSweep(given));
  },
});

async function runSweep(given: SweepArguments): Promise<number> {
  const { InputError, mergeSweep, OutputError, parseShard, parseVary, readDecoded, strategies, sweep, sweepPlan, wholeSweep } =
    await import('../index.ts');
  const { plugin: plugins = [], quiet = false } = given;
  const bundles = parseVary(given.vary ?? []);
  const shard = given.shard === undefined ? wholeSweep : parseShard(given.shard, process.env);
  const own = await loaded(plugins);
  const catalog = { strategies: [...strategies, ...own.flatMap(({ entries }) => entries)] };
  const set = setOf(given);
  const read = (more: readonly string[]) => readDecoded(given.scenario, { set: [...set, ...more], catalog }).scenario;
  const progress = new ProgressLine(quiet);
  const interruption = new Interruption('complete cells are kept; the same command goes on from there');
  try {
    const plan = sweepPlan(read, {
      bundles,
      set,
      strategies: given.strategy,
      plugins: plugins.map((file) => readFileSync(file, 'utf8')),
      onPoint: (point, of) => progress.show(`reading the scenario at point ${String(point + 1)} of ${String(of)}`),
    });
    const out = given.out ?? `results/${plan.scenario}-sweep`;
    const { cells, before, damaged, failed, broken, interrupted } = await sweep(plan, read, { out, shard, jobs: given.jobs, plugins, set, command, signal: interruption.signal, onProgress: progress.update }); // prettier-ignore
    progress.end();
    for (const cell of damaged) say(`${cell}: was damaged and has been run again`);
    if (before > 0 && !quiet) say(`${String(before)} of ${String(cells)} cells were there already.`);
    for (const { cell, error } of failed) say(`${cell} has no result: ${error.message}`);
    if (broken.length > 0) say(broken.join('\n'));
    if (interrupted) {
      say(`Interrupted: complete cells are kept in ${out}/; the same command goes on from there.`);
      return interruption.code;
    }
    if (broken.length > 0) return exitCodes.failed;
    const [first] = failed;
    if (first !== undefined) {
      say(`${String(failed.length)} of ${String(cells)} cells have no result; the others are kept in ${out}/.`);
      return first.error instanceof InputError ? exitCodes.invalid : first.error instanceof OutputError ? exitCodes.cannotWrite : exitCodes.failed; // prettier-ignore
    }
    if (shard.of === 1) return await reported(mergeSweep([out], out), out, quiet);
    if (!quiet) await print(`Shard ${String(shard.index + 1)} of ${String(shard.of)}: ${String(cells)} cells are in ${out}/; when all shards are: ${command} merge ${out}\n`); // prettier-ignore
    return exitCodes.ok;
  } finally {
    progress.end();
    interruption.end();
  }
}
