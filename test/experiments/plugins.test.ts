import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PluginError } from '../../src/base/errors.ts';
import { loadPlugins } from '../../src/experiments/plugins.ts';
import { sha256 } from '../../src/output/manifest.ts';
import { strategies } from '../../src/strategies/registry.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-plugins-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const strategy = (name: string): string =>
  `define.strategy({ name: '${name}', summary: 'mine', options: () => undefined, create: () => ({ open: () => [], decide: () => [] }) })`;
let files = 0;

/** Writes a plug-in under a new name and loads it. */
function load(text: string, ending = 'mjs'): ReturnType<typeof loadPlugins> {
  const file = join(folder, `plugin-${String(files++)}.${ending}`);
  writeFileSync(file, text);
  return loadPlugins([file], strategies);
}

describe('plug-in files', () => {
  it('bring strategies, and the hash of their text', async () => {
    const text = `export default (define) => [${strategy('mine')}, ${strategy('other')}];`;
    const [plugin] = await load(text);
    expect(plugin?.entries.map(({ name }) => name)).toEqual(['mine', 'other']);
    expect(plugin?.sha256).toBe(sha256(text));
  });

  it('may be TypeScript, with types imported only', async () => {
    const [plugin] = await load(
      `import type { Plugin } from 'fenshi';\nconst plugin: Plugin = (define) => [${strategy('typed')}];\nexport default plugin;`,
      'ts',
    );
    expect(plugin?.entries[0]?.name).toBe('typed');
  });

  it('may be CommonJS', async () => {
    const [plugin] = await load(
      `exports.default = (define) => [${strategy('old')}];\nObject.defineProperty(exports, '__esModule', { value: true });`,
      'cjs',
    );
    expect(plugin?.entries[0]?.name).toBe('old');
  });

  it.each([
    ['is not JavaScript', 'export default (define) => [', /plugin-\d+\.mjs: cannot be loaded: /],
    ['throws while it is loaded', `throw new Error('no luck');`, /plugin-\d+\.mjs: cannot be loaded: no luck/],
    ['imports what is not there', `import './nowhere.mjs';`, /cannot be loaded: .*nowhere/],
    ['has no default export', 'export const plugin = 1;', /needs a default export that is a function/],
    ['exports no function', 'export default 5;', /needs a default export that is a function/],
    ['throws', `export default () => { throw new Error('not today'); };`, /its default export threw: not today/],
    ['returns no list', 'export default () => ({});', /returned an object; it must return a list/],
    ['returns a promise', 'export default async () => [];', /returned a promise; it must return a list/],
    ['returns something else than strategies', 'export default () => [1];', /strategy 1 of its list has no name/],
    [
      'has a strategy without a name',
      `export default () => [{ name: 'a b', summary: '' }];`,
      /strategy 1 of its list has no name of letters/,
    ],
    [
      'has a strategy without a factory',
      `export default () => [{ name: 'a', summary: '', options() {} }];`,
      /"a" lacks options\(kit\) or create/,
    ],
    [
      'names a strategy of fenshi',
      `export default (define) => [${strategy('time-share')}];`,
      /the strategy name "time-share" is taken by fenshi itself/,
    ],
    [
      'names two strategies alike',
      `export default (define) => [${strategy('twin')}, ${strategy('twin')}];`,
      /"twin" is taken by .*plugin-/,
    ],
  ])('are refused by name when one %s', async (_, text, message) => {
    const loading = load(text);
    await expect(loading).rejects.toThrow(PluginError);
    await expect(loading).rejects.toThrow(message);
  });

  it('are refused when they are missing or a folder', async () => {
    mkdirSync(join(folder, 'folder.ts'));
    await expect(loadPlugins([join(folder, 'nowhere.ts')], [])).rejects.toThrow(
      /nowhere\.ts: cannot be read: ENOENT: no such file or directory$/,
    );
    await expect(loadPlugins([join(folder, 'folder.ts')], [])).rejects.toThrow('folder.ts: is not a file');
  });
});
