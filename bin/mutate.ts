/**
 * Draws one-line mutations of src/ by seed, and says of each whether the tests notice: first those of the file's room, then the others that import it, then the slow
 * ones, some of which run the command line. Each runs in a copy of the last commit; what does not compile is drawn again.
 *
 *     npm run mutate -- [--seed 1] [--count 60] [--minutes 10]
 *
 * `--minutes` is how long the tests may take: longer is noticed too. Prints a table in Markdown. Exit codes: 0 all were noticed, 1 some were not, 2 arguments.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Streams } from '../src/random/streams.ts';
import { drawn, mutated, type Mutation, mutationsOf } from './mutations.ts';

/** What became of a mutation: what noticed it, or nothing. */
interface Outcome {
  readonly mutation: Mutation;
  readonly noticedBy: string | undefined;
}

/** Tests that take long, from test/ on, where vitest looks for what it is told to leave out; most mutations are noticed without them. */
const slow = [
  'bench/',
  'bin/',
  'cli/',
  'reference/',
  'experiments/run-experiment',
  'simulation/double11',
  'simulation/scenario-swarm',
  'simulation/slow-twin',
  'placement/scheduler-twin',
  'verify/verification',
];

const root = fileURLToPath(new URL('..', import.meta.url));
const { seed, count, minutes } = options();
const copy = mkdtempSync(join(tmpdir(), 'fenshi-mutate-'));
/** The tests at work. */
let tests: ChildProcess | undefined;
process.once('exit', () => {
  kill();
  spawnSync('git', ['worktree', 'remove', '--force', copy], { cwd: root });
  rmSync(copy, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main();

function options(): { readonly seed: number; readonly count: number; readonly minutes: number } {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        count: { type: 'string', default: '60' },
        minutes: { type: 'string', default: '10' },
      },
    });
    const numbers = { seed: Number(values.seed), count: Number(values.count), minutes: Number(values.minutes) };
    if (Object.values(numbers).every((value) => Number.isInteger(value) && value > 0)) return numbers;
    throw new Error('--seed, --count and --minutes are whole numbers from 1 on');
  } catch (error) {
    say((error as Error).message);
    process.exit(2);
  }
}

async function main(): Promise<number> {
  execute('git', ['worktree', 'add', '--detach', '--force', copy, 'HEAD'], root);
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  if (!compiles()) throw new Error('the last commit does not compile');
  const broken = await failing('run');
  if (broken !== undefined) throw new Error(`the tests of the last commit fail: ${broken}`);
  const files = readdirSync(join(copy, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `src/${file}`)
    .sort();
  const all = files.flatMap((file) => mutationsOf(file, readFileSync(join(copy, file), 'utf8')));
  say(`${String(all.length)} mutations; drawing ${String(count)} with seed ${String(seed)}`);
  const outcomes: Outcome[] = [];
  for (const mutation of drawn(all, new Streams(seed).stream('mutations'))) {
    if (outcomes.length === count) break;
    const outcome = await tried(mutation);
    if (outcome === undefined) continue;
    outcomes.push(outcome);
    say(`${String(outcomes.length)}/${String(count)} ${place(mutation)} ${mutation.operator}: ${outcome.noticedBy ?? 'NOT NOTICED'}`);
  }
  const rows = outcomes.map(({ mutation, noticedBy }, i) =>
    [String(i + 1), mutation.operator, place(mutation), code(mutation.before), code(mutation.after), noticedBy ?? '**not noticed**'].join(
      ' | ',
    ),
  );
  const noticed = outcomes.filter(({ noticedBy }) => noticedBy !== undefined).length;
  process.stdout.write(
    `| | operator | place | was | is | noticed by |\n|---|---|---|---|---|---|\n${rows.map((row) => `| ${row} |\n`).join('')}\n${String(noticed)} of ${String(outcomes.length)} are noticed (seed ${String(seed)}).\n`,
  );
  return noticed === outcomes.length ? 0 : 1;
}

/** Undefined where it does not compile. */
async function tried(mutation: Mutation): Promise<Outcome | undefined> {
  const file = join(copy, mutation.file);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, mutated(text, mutation));
  try {
    if (!compiles()) return undefined;
    const quick = slow.flatMap((tests) => ['--exclude', `${tests}**`]);
    const room = join('test', mutation.file.split('/')[1] ?? '');
    const noticedBy =
      (existsSync(join(copy, room)) ? await failing('run', ...quick, room) : undefined) ??
      (await failing('related', '--run', ...quick, mutation.file)) ??
      (await failing('run', ...slow.map((tests) => `test/${tests}`)));
    return { mutation, noticedBy };
  } finally {
    writeFileSync(file, text);
  }
}

function compiles(): boolean {
  const words = ['tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', join(copy, 'node_modules-tsbuildinfo')];
  return spawnSync('npx', words, { cwd: copy }).status === 0;
}

/** The first test that fails, or what else went wrong; undefined where all is well. */
function failing(...words: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = ['--bail', '1', '--passWithNoTests', '--config', 'bin/quick-first.ts'];
    const child = spawn('npx', ['vitest', ...words, ...options], { cwd: copy, env: { ...process.env, NO_COLOR: '1' }, detached: true });
    tests = child;
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    const late = setTimeout(() => {
      kill();
      resolve(`more than ${String(minutes)} minutes`);
    }, minutes * 60_000);
    child.once('close', (status) => {
      clearTimeout(late);
      tests = undefined;
      const first = /^ *FAIL +(\S+)(?: > (.*))?$/m.exec(output);
      resolve(status === 0 ? undefined : first ? `${first[1] ?? ''}: ${first[2] ?? 'does not load'}` : `exit code ${String(status)}`);
    });
  });
}

/** A mutation may make a loop endless; vitest's workers are in its process group. */
function kill(): void {
  if (tests?.pid !== undefined) process.kill(-tests.pid, 'SIGKILL');
  tests = undefined;
}

function place({ file, line }: Mutation): string {
  return `${relative('src', file)}:${String(line)}`;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|').replaceAll('`', "'")}\``;
}

function execute(program: string, words: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(program, words, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${stderr}`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
