import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { compare } from '../../src/experiments/run-experiment.ts';
import { scenario } from '../simulation/support.ts';

it('scenarios/tiny.yaml gives the committed files, byte for byte; npm run golden replaces them: say under Results in CHANGELOG.md why', async () => {
  const out = mkdtempSync(join(tmpdir(), 'fenshi-golden-'));
  try {
    await compare(scenario('tiny', ['replications=1']), { out });
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter(({ name }) => name.endsWith('.csv'));
    expect(files.length).toBe(2 + 3 * 5); // summary and compare; three strategies' detail
    for (const { parentPath, name } of files) {
      const path = join(parentPath, name);
      await expect(readFileSync(path, 'utf8')).toMatchFileSnapshot(join(import.meta.dirname, 'tiny', relative(out, path)));
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
