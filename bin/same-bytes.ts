/**
 * Proves that results are the same bytes: runs one comparison twice, with one worker and with two, from source and from dist, and with every Node major
 * that is supported, and compares the result folders byte for byte (all but the volatile block of manifest.json).
 *
 *     npm run same-bytes -- [scenario] [--allow-missing]
 *
 * Exit codes: 0 the same; 1 not the same, or something failed; 3 no verdict, because a Node could not be had (unless --allow-missing).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Contents, resultContents } from './result-contents.ts';

/** One way to run the same comparison. */
interface Way {
  readonly name: string;
  /** Program and arguments in front of the command. */
  readonly start: readonly string[];
  readonly jobs: number;
}

/** Node majors that fenshi supports. */
const majors = [20, 22, 24];

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'allow-missing': { type: 'boolean', default: false } } });
const scenario = positionals[0] ?? 'scenarios/tiny.yaml';
const temporary = mkdtempSync(join(tmpdir(), 'fenshi-same-bytes-'));

try {
  process.exitCode = main();
} catch (error) {
  say(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
  rmSync(temporary, { recursive: true, force: true });
  process.exitCode = 1;
}

function main(): number {
  say('building dist');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  execute('npm', ['run', '--silent', 'build']);
  const nodes = majors.map((major) => ({ major, binary: nodeBinary(major) }));

  const source = [process.execPath, createRequire(import.meta.url).resolve('tsx/cli'), '--conditions=fenshi-src', 'src/cli/main.ts'];
  const reference: Way = { name: 'source, 1 worker', start: source, jobs: 1 };
  const others: readonly Way[] = [
    { name: 'source, 1 worker, again', start: source, jobs: 1 },
    { name: 'source, 2 workers', start: source, jobs: 2 },
    ...nodes.flatMap(({ major, binary }) =>
      binary === undefined ? [] : [{ name: `dist, 2 workers, Node ${String(major)}`, start: [binary, 'dist/cli/main.js'], jobs: 2 }],
    ),
  ];
  const expected = contents(reference, 0);
  const differences = others.map((way, i) => {
    const difference = firstDifference(expected, contents(way, i + 1));
    say(difference === undefined ? `  same bytes` : `  DIFFERENT: ${difference}`);
    return difference;
  });
  const missing = nodes.filter(({ binary }) => binary === undefined).map(({ major }) => `Node ${String(major)}`);
  if (missing.length > 0) say(`SKIPPED: ${missing.join(' and ')} could not be had`);
  if (differences.some((difference) => difference !== undefined)) {
    say(`FAILED: not the same bytes as ${reference.name}; the folders are kept in ${temporary}`);
    return 1;
  }
  rmSync(temporary, { recursive: true });
  say(`${String(others.length + 1)} ways, ${String(expected.size)} files each: the same bytes`);
  return missing.length > 0 && !values['allow-missing'] ? 3 : 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a program in the repository; ends the script where it fails. */
function execute(program: string, words: readonly string[]): void {
  const { status, error, stdout, stderr } = spawnSync(program, words, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  if (status !== 0)
    throw new Error(`${[program, ...words].join(' ')} failed (${error?.message ?? `exit code ${String(status)}`})\n${stdout}${stderr}`);
}

/** This very Node, or one that npm installs into the temporary folder; undefined where it cannot. */
function nodeBinary(major: number): string | undefined {
  if (process.versions.node.startsWith(`${String(major)}.`)) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const prefix = join(temporary, `node-${String(major)}`);
  const binary = join(prefix, 'node_modules', name, 'bin', 'node');
  try {
    execute('npm', ['install', '--silent', '--no-save', '--no-package-lock', '--prefix', prefix, `${name}@${String(major)}`]);
    execute(binary, ['--version']);
    return binary;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Runs the comparison one way and reads what it wrote. */
function contents(way: Way, index: number): Contents {
  say(way.name);
  const folder = join(temporary, `results-${String(index)}`);
  const [program = '', ...words] = way.start;
  execute(program, [...words, 'compare', scenario, '--quiet', '--detail', 'all', '--jobs', String(way.jobs), '--out', folder]);
  return resultContents(folder);
}

/** Where two folders differ first, in the order of paths; undefined where they do not. */
function firstDifference(expected: Contents, got: Contents): string | undefined {
  for (const path of [...new Set([...expected.keys(), ...got.keys()])].sort()) {
    const [a, b] = [expected.get(path), got.get(path)];
    if (a === b) continue;
    if (a === undefined || b === undefined) return `${path} is only in one of them`;
    const [as, bs] = [a.split('\n'), b.split('\n')];
    const line = as.findIndex((wanted, i) => wanted !== bs[i]);
    const at = line < 0 ? as.length : line;
    return `${path}, line ${String(at + 1)}: ${JSON.stringify(as[at] ?? '')} and ${JSON.stringify(bs[at] ?? '')}`;
  }
  return undefined;
}
