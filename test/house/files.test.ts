import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, read, root, sources } from './files.ts';

const packageJson = JSON.parse(read('package.json')) as { readonly license: string; readonly scripts: Readonly<Record<string, string>> };
const lineCount = (path: string) => read(path).replace(/\n$/, '').split('\n').length;
const has = (path: string) => existsSync(join(root, path));

describe('source files', () => {
  it('have at most 350 lines', () => {
    expect(
      sources()
        .map((path) => [path, lineCount(path)] as const)
        .filter(([, lines]) => lines > 350),
    ).toEqual([]);
  });

  it('are named in kebab-case, as are the tests', () => {
    const paths = ['src', 'test', 'bin', 'bench', 'examples']
      .flatMap((folder) => (has(folder) ? filesIn(folder) : []))
      .filter((path) => path.endsWith('.ts'));
    expect(paths.length).toBeGreaterThan(30);
    const kebab = /^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+(-[a-z0-9]+)*(\.test|\.bench)?\.ts$/;
    expect(paths.filter((path) => !kebab.test(path))).toEqual([]);
    expect(['src/base/WallClock.ts', 'src/base/wall_clock.ts', 'src/base/-a.ts', 'a.ts'].filter((path) => kebab.test(path))).toEqual([]);
  });

  it('switch none of the same-bytes rules off', () => {
    expect(sources().filter((path) => /eslint-disable.*no-restricted/.test(read(path)))).toEqual([]);
  });
});

describe('the lock file', () => {
  it('says which packages, never from where', () => {
    const lock = read('package-lock.json');
    expect(lock).toContain('"integrity"');
    expect(lock).not.toContain('"resolved"');
  });
});

describe('every file', () => {
  const configured = process.env['npm_config_registry'];
  const host = configured === undefined ? '' : new URL(configured).host;
  const registry = /\bregistry\.(npmjs|yarnpkg|npmmirror)\b/;

  it('names no package registry', () => {
    const texts = filesIn().filter((path) => !/\.(png|gz|woff2?)$/.test(path));
    expect(texts).toContain('package-lock.json');
    expect(texts.filter((path) => registry.test(read(path)) || (/[.:]/.test(host) && read(path).includes(host)))).toEqual([]);
    expect(registry.test(['https://regis', 'try.npm', 'js.org/zod'].join(''))).toBe(true);
  });
});

describe('the documents', () => {
  /** Names of scripts that code in `markdown` calls: `npm run x`, `npm start`, `npm test`. */
  const scriptsIn = (markdown: string) => {
    const code = [...markdown.matchAll(/^```.*?^```|`[^`\n]+`/gms)].map((match) => match[0]).join('\n');
    return [...code.matchAll(/\bnpm (?:run )?(?:--silent |-s )?([a-z][a-z:-]*)/g)]
      .map((match) => match[1] ?? '')
      .filter((name) => !['ci', 'install', 'i', 'pack', 'exec', 'run'].includes(name));
  };

  it('are searched for scripts in code only', () => {
    expect(scriptsIn('npm run prose\n```sh\nnpm ci && npm start\nnpm run same-bytes\n```\nand `npm test`.')).toEqual([
      'start',
      'same-bytes',
      'test',
    ]);
  });

  it.skipIf(!has('README.md'))('call only scripts that exist', () => {
    const called = scriptsIn(read('README.md'));
    expect(called).toContain('test');
    expect(called.filter((name) => packageJson.scripts[name] === undefined)).toEqual([]);
  });

  it.skipIf(!has('CHANGELOG.md'))('say what changed in the results', () => {
    expect(read('CHANGELOG.md')).toMatch(/^#{2,3} Results$/m);
  });

  it('carry the licence that package.json names', () => {
    const lines = read('LICENSE')
      .split('\n')
      .map((line) => line.trim());
    expect(lines.filter((line) => line !== '').slice(0, 2)).toEqual(['Apache License', 'Version 2.0, January 2004']);
    expect(lines).toContain('Copyright 2026 The fenshi authors');
    expect(packageJson.license).toBe('Apache-2.0');
  });
});
