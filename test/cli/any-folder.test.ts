import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

it('the sources run from any folder: workers find their loader beside them, not in the current folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fenshi-'));
  const [tsx, main, tiny] = ['node_modules/tsx/dist/cli.mjs', 'src/cli/main.ts', 'scenarios/tiny.yaml'].map((path) => resolve(path)) as [
    string,
    string,
    string,
  ];
  const run = ['run', tiny, '--strategy', 'static-peak', '--replications', '1', '--quiet', '--out', 'out'];
  execFileSync(process.execPath, [tsx, '--conditions=fenshi-src', main, ...run], { cwd: folder });
  expect(existsSync(join(folder, 'out', 'summary.csv'))).toBe(true);
});
