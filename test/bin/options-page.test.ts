import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { optionsPage } from '../../bin/options-page.ts';
import { strategies } from '../../src/strategies/registry.ts';

it('docs/options.md is what npm run generate makes, and each of its rows says what the key means', () => {
  const page = optionsPage(strategies);
  expect(readFileSync('docs/options.md', 'utf8')).toBe(page);
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.length).toBeGreaterThan(150);
  expect(rows).toContain('| `period` | `1m` | `15s`, `1h30m`, `250ms` | of a step (assumption) |');
  for (const { name } of strategies) expect(page).toContain(`\n## strategies.${name}\n`);
});
