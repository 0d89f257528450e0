import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { columnsMarkdown } from '../../src/report/columns-markdown.ts';

it('docs/columns.md is what npm run generate makes of the table of columns', () => {
  expect(readFileSync('docs/columns.md', 'utf8')).toBe(columnsMarkdown());
});
