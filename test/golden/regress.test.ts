import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fenshi } from '../cli/fenshi.ts';

it('.ci/suite.yaml does what its baseline did; fenshi regress .ci/suite.yaml --update accepts what has changed: say under Results in CHANGELOG.md why', async () => {
  const out = mkdtempSync(join(tmpdir(), 'fenshi-suite-'));
  try {
    const { code, out: said } = await fenshi('regress', '.ci/suite.yaml', '--out', join(out, 'results'));
    expect(said).toContain('Passed: nothing has changed.');
    expect(code).toBe(0);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
