import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './house/files.ts';

/** The sources as JavaScript, for workers and command lines that tests start: from TypeScript each would take some seconds longer to begin. */
export const built = join(root, 'node_modules', '.fenshi');

/** Before all tests: compiles them anew. */
export default function build(): void {
  rmSync(built, { recursive: true, force: true });
  mkdirSync(built);
  cpSync(join(root, 'package.json'), join(built, 'package.json'));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // What is wrong with a type is told by the check before the tests.
  const words = ['-p', 'tsconfig.build.json', '--noCheck', '--declaration', 'false', '--outDir', join(built, 'dist')];
  execFileSync(process.execPath, [tsc, ...words], { cwd: root, stdio: 'inherit' });
}
