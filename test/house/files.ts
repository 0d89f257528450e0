import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, with a separator at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What git ignores, and git itself. */
const ignored = new Set(['.git', 'node_modules', 'dist', 'coverage', 'results']);

/** Every file of the repository below `folder` that is kept, as a path from the root with `/`, sorted by code units. */
export function filesIn(folder = '.'): string[] {
  const found: string[] = [];
  const walk = (path: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inside = join(path, entry.name);
      if (ignored.has(entry.name)) continue;
      if (entry.isDirectory()) walk(inside);
      else if (entry.isFile()) found.push(relative(root, inside).split(sep).join('/'));
    }
  };
  walk(join(root, folder));
  return found.sort();
}

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Every TypeScript file of src. */
export const sources = (): string[] => filesIn('src').filter((path) => path.endsWith('.ts'));
