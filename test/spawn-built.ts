import { fileURLToPath, pathToFileURL } from 'node:url';
import { join, relative } from 'node:path';
import { built } from './build.ts';
import { root } from './house/files.ts';

// In the place of src/experiments/spawn.ts (vitest.config.ts): the same, with the workers of the built sources.
export { spawn } from '../src/experiments/spawn.ts';

export function moduleBeside(name: string, base: string): URL {
  const folder = relative(join(root, 'src'), fileURLToPath(new URL('.', base)));
  return pathToFileURL(join(built, 'dist', folder, `${name}.js`));
}
