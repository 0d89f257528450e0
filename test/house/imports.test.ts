import { describe, expect, it } from 'vitest';
import { read, sources } from './files.ts';
import { brokenOrder, cycle, importsOf, notReExported, rooms, undeclared } from './imports.ts';

const house = new Map(sources().map((path) => [path, read(path)]));
const plan = (files: Readonly<Record<string, string>>) => new Map(Object.entries(files));
type Versions = Readonly<Record<string, string>>;
const packageJson = JSON.parse(read('package.json')) as { readonly dependencies: Versions; readonly optionalDependencies: Versions };

describe('the house', () => {
  it('has files to look at', () => {
    expect(house.size).toBeGreaterThan(15);
    expect([...house.values()].flatMap(importsOf).length).toBeGreaterThan(15);
  });

  it('imports one way only: base → … → cli', () => {
    expect(brokenOrder(house)).toEqual([]);
  });

  it('has no files that import each other in a cycle', () => {
    expect(cycle(house)).toBeUndefined();
  });

  it('imports only packages that are installed with it', () => {
    expect(undeclared(house, Object.keys({ ...packageJson.dependencies, ...packageJson.optionalDependencies }))).toEqual([]);
  });

  it.skipIf(!house.has('src/index.ts'))('has an index that only re-exports', () => {
    expect(notReExported(house.get('src/index.ts') ?? '')).toEqual([]);
  });
});

describe('the test of the house', () => {
  const files = { 'src/index.ts': '', ...Object.fromEntries(rooms.map((room) => [`src/${room}/x.ts`, ''])) };

  it.each([
    ['src/base/a.ts', `import { x } from '../stats/x.ts';`, 'src/base/a.ts imports src/stats/x.ts: stats stands to the right of base'],
    [
      'src/engine/a.ts',
      `import type { X } from '../cluster/x.ts';`,
      'src/engine/a.ts imports src/cluster/x.ts: cluster stands to the right of engine',
    ],
    [
      'src/serving/a.ts',
      `export * from '../cluster/x.ts';`,
      'src/serving/a.ts imports src/cluster/x.ts: cluster stands to the right of serving',
    ],
    [
      'src/report/a.ts',
      `const x = await import('../cli/x.ts');`,
      'src/report/a.ts imports src/cli/x.ts: cli stands to the right of report',
    ],
    [
      'src/simulation/deep/a.ts',
      `import { x } from '../../output/x.ts';`,
      'src/simulation/deep/a.ts imports src/output/x.ts: output stands to the right of simulation',
    ],
    ['src/cli/a.ts', `import { x } from '../report/x.ts';`, 'src/cli/a.ts imports src/report/x.ts: cli uses src/index.ts only'],
    ['src/report/a.ts', `import { x } from '../index.ts';`, 'src/report/a.ts imports src/index.ts: only cli uses it'],
    ['src/index.ts', `export { x } from './cli/x.ts';`, 'src/index.ts imports src/cli/x.ts: cli stands to its right'],
    ['src/base/a.ts', `import { x } from '../../test/x.ts';`, 'src/base/a.ts imports ../../test/x.ts, which is no file of src'],
    ['src/helper.ts', '', 'src/helper.ts stands in no room'],
    ['src/utils/a.ts', '', 'src/utils/a.ts stands in utils, which is no room of the house'],
  ])('sees that %s with %j breaks the order', (path, text, complaint) => {
    expect(brokenOrder(plan({ ...files, [path]: text }))).toEqual([complaint]);
  });

  it('lets every room import itself and the rooms to its left, cli the index, and the index every room but cli', () => {
    const good = rooms.slice(0, -1).map(
      (room, i) =>
        [
          `src/${room}/a.ts`,
          rooms
            .slice(0, i + 1)
            .map((left) => `import '../${left}/x.ts';`)
            .join('\n'),
        ] as const,
    );
    const index = rooms
      .slice(0, -1)
      .map((room) => `export * from './${room}/x.ts';`)
      .join('\n');
    expect(
      brokenOrder(
        plan({
          ...files,
          ...Object.fromEntries(good),
          'src/index.ts': index,
          'src/cli/a.ts': `import '../index.ts'; import './x.ts'; import yargs from 'yargs';`,
        }),
      ),
    ).toEqual([]);
  });

  it('finds a cycle, also one of types, and takes two ways to one file for none', () => {
    expect(
      cycle(
        plan({
          'src/a/a.ts': `import './b.ts';`,
          'src/a/b.ts': `import '../c/c.ts';`,
          'src/c/c.ts': `import type { B } from '../a/b.ts';`,
        }),
      ),
    ).toBe('src/a/b.ts → src/c/c.ts → src/a/b.ts');
    expect(cycle(plan({ 'src/a/a.ts': `import './a.ts';` }))).toBe('src/a/a.ts → src/a/a.ts');
    expect(
      cycle(
        plan({
          'src/a/a.ts': `import './b.ts'; import './c.ts';`,
          'src/a/b.ts': `import './d.ts';`,
          'src/a/c.ts': `import './d.ts';`,
          'src/a/d.ts': '',
        }),
      ),
    ).toBeUndefined();
  });

  it('finds a package that is not declared, and reads past comments and text', () => {
    expect(
      undeclared(plan({ 'src/a.ts': `import a from 'zod/v4'; import b from '@x/y/z'; import c from 'node:fs'; import d from 'fs';` }), [
        'zod',
      ]),
    ).toEqual(['src/a.ts imports @x/y/z, which is no dependency', 'src/a.ts imports fs, which is no dependency']);
    expect(importsOf(`// import '../x.ts'\nconst text = "import '../y.ts'";`)).toEqual([]);
  });

  it('finds what an index does beside re-exporting', () => {
    expect(notReExported(`export * from './a.ts';\nexport { b, type C } from './b.ts';\nexport const d = 1;\nimport './e.ts';`)).toEqual([
      'export const d = 1;',
      `import './e.ts';`,
    ]);
  });
});
