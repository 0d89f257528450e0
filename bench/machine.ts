import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from './sampled.ts';

/** What the figures were measured on and of, in one sentence each. */
export function machine(): readonly string[] {
  const cores = cpus();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  return [
    `${cores[0]?.model.trim() ?? 'unknown CPU'}, ${String(cores.length)} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; Node ${process.versions.node}, ${process.platform}-${process.arch}`,
    `fenshi ${version}${commit()}`,
  ];
}

/** The commit that is checked out, and whether files differ from it; nothing where there is no git. */
function commit(): string {
  try {
    const git = (...words: string[]): string =>
      execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'bench', 'scenarios', 'test/placement');
    return `, commit ${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : ' with changes'}`;
  } catch {
    return '';
  }
}
