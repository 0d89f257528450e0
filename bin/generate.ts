import { writeFileSync } from 'node:fs';
import { columnsMarkdown } from '../src/report/columns-markdown.ts';
import { generatedJsonSchema } from '../src/scenario/json-schema.ts';
import { strategies } from '../src/strategies/registry.ts';

/** Files that are made from the sources and committed: one function each, by the path of what it makes. */
const generated: Readonly<Record<string, () => string>> = {
  'docs/columns.md': columnsMarkdown,
  'scenarios/scenario.schema.json': () => generatedJsonSchema({ strategies }),
};

for (const [path, text] of Object.entries(generated)) writeFileSync(new URL(`../${path}`, import.meta.url), text());
