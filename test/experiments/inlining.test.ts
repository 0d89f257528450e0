import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { inlining } from '../../src/experiments/inlining.ts';

it('speaks of options that this V8 knows: others it ignores', () => {
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  for (const flag of inlining) expect(known).toContain(`${flag.replace(/=.*/, '')} (`);
});
