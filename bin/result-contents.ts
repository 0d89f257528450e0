import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Path of a file in a result folder → what must be the same, in the order of paths. */
export type Contents = ReadonlyMap<string, string>;

export function resultContents(folder: string): Contents {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [relative(folder, path).split(sep).join('/'), text(path)]));
}

/** A file's bytes, one character each; of a manifest, all but its volatile block. */
function text(path: string): string {
  const bytes = readFileSync(path, 'latin1');
  if (!path.endsWith('manifest.json')) return bytes;
  const manifest = JSON.parse(bytes) as { volatile?: unknown };
  if (manifest.volatile === undefined) throw new Error(`${path} has no volatile block`);
  delete manifest.volatile;
  return JSON.stringify(manifest, undefined, 2);
}
