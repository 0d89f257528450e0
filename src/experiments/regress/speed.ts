import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { mean } from '../../stats/summary.ts';
import { judge, type Judgement, marginOf } from '../judgement.ts';
import type { LoadedCase, Suite } from './suite.ts';

/** Times that a suite takes under two versions of fenshi, in turn on one machine. */
export interface Speed {
  /** Folder of the other version. */
  readonly other: string;
  /** Wall-clock seconds, round by round. */
  readonly before: readonly number[];
  readonly now: readonly number[];
  readonly judgement: Judgement;
}

/** Enough that ten rounds all slower by more than the margin have a sign-flip p of 0.002. */
const rounds = 10;
/** What is slower by less than this part is as fast: what two equal versions differ by on a machine that does other things as well. */
const margin = 0.05;

/** Words that begin a command line of the fenshi in a folder: built, or from its sources. An {@link InputError} where there is none. */
export function commandIn(folder: string): readonly string[] {
  const fail = (why: string): never => {
    throw new InputError(`${folder}: ${why}; expected a folder with a fenshi in which npm ci was run`);
  };
  let name: unknown;
  try {
    ({ name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly name?: unknown });
  } catch {
    return fail('has no package.json that can be read');
  }
  if (name !== 'fenshi') return fail(`is ${String(name)}`);
  const [built, source] = [resolve(folder, 'dist/cli/main.js'), resolve(folder, 'src/cli/main.ts')];
  if (existsSync(source)) {
    const tsx = resolve(folder, 'node_modules/tsx/dist/cli.mjs');
    return existsSync(tsx) ? [process.execPath, tsx, '--conditions=fenshi-src', source] : fail('has no node_modules');
  }
  return existsSync(built) ? [process.execPath, built] : fail('has neither src nor dist');
}

/** Runs every strategy of a suite on one worker, under this version and the other one in turn; undefined where it was interrupted. */
export async function speedOf(
  { plugins }: Suite,
  cases: readonly LoadedCase[],
  other: string,
  options: { readonly own: readonly string[]; readonly signal: AbortSignal; readonly onRound?: (done: number, of: number) => void },
): Promise<Speed | undefined> {
  const commands = [commandIn(other), options.own];
  const out = mkdtempSync(join(tmpdir(), 'fenshi-speed-'));
  const seconds: [number[], number[]] = [[], []];
  try {
    for (let round = 0; round < rounds; round++) {
      options.onRound?.(round, rounds);
      const sums = [0, 0];
      for (const { scenario, set, labels } of cases)
        for (const label of labels)
          for (const which of round % 2 === 0 ? [0, 1] : [1, 0]) {
            const words = ['run', scenario.file, '--strategy', label, ...set.flatMap((each) => ['--set', each]), ...plugins.flatMap((each) => ['--plugin', each]), '--jobs', '1', '--quiet', '--out', join(out, String(which))]; // prettier-ignore
            const taken = await timed([...(commands[which] as readonly string[]), ...words], options.signal);
            if (taken === undefined) return undefined;
            sums[which] = (sums[which] as number) + taken;
          }
      seconds.forEach((each, which) => each.push(sums[which] as number));
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  return judgedSpeed(other, seconds[0], seconds[1]);
}

/** The verdict on two lists of seconds, round by round. */
export function judgedSpeed(other: string, before: readonly number[], now: readonly number[]): Speed {
  const paired = {
    replications: before.map((_, i) => i),
    differences: before.map((seconds, i) => (now[i] as number) - seconds),
    margin: marginOf(margin, mean(before)),
    better: 'lower',
    scale: 0,
  } as const;
  return { other, before, now, judgement: judge([paired]).get(paired) as Judgement };
}

/** Wall-clock seconds of a command; undefined where it was interrupted. An {@link InputError} where it fails. */
function timed([program = '', ...args]: readonly string[], signal: AbortSignal): Promise<number | undefined> {
  return new Promise((done, fail) => {
    const started = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const stop = (): boolean => child.kill();
    signal.addEventListener('abort', stop);
    child.on('error', fail);
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) done(undefined);
      else if (code === 0) done((performance.now() - started) / 1000);
      else fail(new InputError(`${[program, ...args].join(' ')} ended with exit code ${String(code)}:\n${said}`));
    });
  });
}
