import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { gallery, gallerySection } from '../../bin/gallery-page.ts';

const page = readFileSync('docs/gallery.md', 'utf8');

it('every scenario of the gallery is on its page, with a question', () => {
  const files = readdirSync('scenarios/gallery').map((file) => file.replace('.yaml', ''));
  expect([...gallery].sort()).toEqual(files.sort());
  expect(page.match(/^## .+(\?|…)$/gm)?.length).toBe(gallery.length);
});

// Two of them: the others are made in the same way (npm run generate).
it.each(['night', 'late-switch'] as const)('%s comes to what the page says', (name) => {
  expect(page).toContain(gallerySection(name));
});
