import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { columnsMarkdown } from '../src/report/columns-markdown.ts';
import { generatedJsonSchema } from '../src/scenario/json-schema.ts';
import { strategies } from '../src/strategies/registry.ts';
import { faultMatrix } from './fault-matrix.ts';
import { galleryPage } from './gallery-page.ts';
import { optionsPage } from './options-page.ts';
import { startScreen, withScreen } from './readme-screen.ts';

/** Files that are made from the sources and committed, whole or in part: one function each, by the path of what it makes. */
const generated: Readonly<Record<string, (old: string) => string | Promise<string>>> = {
  'docs/columns.md': columnsMarkdown,
  'docs/faults.md': faultMatrix,
  'docs/gallery.md': galleryPage,
  'docs/options.md': () => optionsPage(strategies),
  'scenarios/scenario.schema.json': () => generatedJsonSchema({ strategies }),
  'README.md': async (old) => withScreen(old, await startScreen()),
};

for (const [path, text] of Object.entries(generated)) {
  const url = new URL(`../${path}`, import.meta.url);
  writeFileSync(url, await text(existsSync(url) ? readFileSync(url, 'utf8') : ''));
}
