import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { root } from './files.ts';
import { rooms } from './imports.ts';

/** The project's lint without its type-aware rules, which know only files that exist. */
const planted = new ESLint({
  cwd: root,
  overrideConfig: [{ ...(tseslint.configs.disableTypeChecked as Linter.Config), files: ['**/*.ts'] }],
});

/** The same-bytes rules (and defaults) that `code` breaks as a file of `path`. */
async function broken(code: string, path = 'src/serving/planted.ts', eslint = planted): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: `${root}${path}` });
  expect(result?.messages.filter((message) => message.fatal)).toEqual([]);
  return (result?.messages ?? [])
    .map((message) => message.ruleId ?? '')
    .filter((rule) => rule.startsWith('no-restricted') || rule.includes('sort-compare'));
}

const modelRooms = [...rooms.slice(0, rooms.indexOf('output')), 'verify'];
const outerRooms = rooms.filter((room) => !modelRooms.includes(room));

describe('the lint', () => {
  const approximate = [
    'random',
    'pow',
    'exp',
    'log',
    'log1p',
    'log2',
    'log10',
    'sin',
    'cos',
    'tan',
    'asin',
    'acos',
    'atan',
    'atan2',
    'sinh',
    'cosh',
    'tanh',
    'asinh',
    'acosh',
    'atanh',
    'cbrt',
    'hypot',
    'expm1',
  ];
  it.each(approximate)('catches Math.%s', async (name) => {
    expect(await broken(`export const x = Math.${name}(0.5, 0.5);`)).toEqual(['no-restricted-syntax']);
  });

  const syntax = ['no-restricted-syntax'];
  const globals = ['no-restricted-globals'];
  it.each([
    [`export const x = 2 ** 0.5;`, syntax],
    [`let x = 2; x **= 0.5; export const y = x;`, syntax],
    [`export const x = Math['pow'](2, 0.5);`, [...syntax, ...syntax]],
    [`const { pow } = Math; export const x = pow(2, 0.5);`, syntax],
    [`const m = Math; export const x = m.pow(2, 0.5);`, syntax],
    [`export const x = globalThis.Math;`, globals],
    [`export const x = Date.now();`, globals],
    [`export const x = new Date();`, globals],
    [`export const x = performance.now();`, globals],
    [`export const x = new Intl.Collator();`, globals],
    [`export const x = process.env;`, globals],
    [`export const x = crypto.randomUUID();`, globals],
    [`console.log(1);`, globals],
    [`setTimeout(() => undefined, 1);`, globals],
    [`setImmediate(() => undefined);`, globals],
    [`export const x = 'a'.localeCompare('b');`, syntax],
    [`export const x = 'a'['localeCompare']('b');`, syntax],
    [`export const x = (5).toLocaleString();`, syntax],
    [`export const x = 'a'.toLocaleUpperCase();`, syntax],
    [`const o = { b: 1, 2: 1 }; for (const k in o) String(k);`, syntax],
    [`export default 1;`, syntax],
  ])('catches %s', async (code, rules) => {
    expect(await broken(code)).toEqual(rules);
  });

  it.each([
    'seedrandom',
    'node:fs',
    'fs',
    'node:fs/promises',
    'node:os',
    'node:process',
    'node:worker_threads',
    'node:child_process',
    'node:timers/promises',
    'node:perf_hooks',
    'd3-random',
  ])('catches an import of %s', async (name) => {
    expect(await broken(`import * as x from '${name}'; export const y = x;`)).toEqual(['no-restricted-imports']);
  });

  it('catches what d3-array computes with Math.random or Math.log, and lets the rest of it be', async () => {
    expect(await broken(`import { shuffle } from 'd3-array'; export const x = shuffle;`)).toEqual(['no-restricted-imports']);
    expect(await broken(`import { ticks } from 'd3-array'; export const x = ticks;`)).toEqual(['no-restricted-imports']);
    expect(await broken(`import { Adder, quantileSorted } from 'd3-array'; export const x = [Adder, quantileSorted];`)).toEqual([]);
  });

  it('lets hashes be computed and random bytes not', async () => {
    expect(await broken(`import { createHash } from 'node:crypto'; export const x = createHash;`)).toEqual([]);
    expect(await broken(`import { randomBytes } from 'node:crypto'; export const x = randomBytes;`)).toEqual(['no-restricted-imports']);
  });

  it('catches a sort of numbers as text', async () => {
    const typed = new ESLint({ cwd: root });
    expect(await broken(`export const x = [10, 9].sort();`, 'src/base/units.ts', typed)).toEqual([
      '@typescript-eslint/require-array-sort-compare',
    ]);
    expect(await broken(`export const x = ['b', 'a'].sort();`, 'src/base/units.ts', typed)).toEqual([]);
  });

  it('lets exact arithmetic pass', async () => {
    const names = ['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'];
    expect(await broken(names.map((name, i) => `export const x${i} = Math.${name}(2.5);`).join('\n'))).toEqual([]);
    expect(await broken(`export const log = (x: { date: number; log: number }) => x.date * x.log;`)).toEqual([]);
  });

  it.each(modelRooms)('watches over %s', async (room) => {
    const clockOrChance = `export const x = [Math.random(), Date.now()];`;
    expect(await broken(clockOrChance, `src/${room}/planted.ts`)).toEqual(['no-restricted-syntax', 'no-restricted-globals']);
    expect(await broken(clockOrChance, `src/${room}/deeper/planted.ts`)).toEqual(['no-restricted-syntax', 'no-restricted-globals']);
  });

  it.each(outerRooms)(
    'lets %s look at the clock, but neither compute inexactly, draw, log to the console nor end the process',
    async (room) => {
      const path = `src/${room}/planted.ts`;
      expect(await broken(`export const x = Date.now();`, path)).toEqual([]);
      expect(await broken(`export const x = [Math.random(), Math.pow(2, 0.5)];`, path)).toEqual([...syntax, ...syntax]);
      expect(await broken(`console.log(1);`, path)).toEqual(globals);
      expect(await broken(`process.exit(1);`, path)).toEqual(syntax);
      expect(await broken(`import seedrandom from 'seedrandom'; export const x = seedrandom;`, path)).toEqual(['no-restricted-imports']);
    },
  );

  it('lets files be touched only where files are read and written', async () => {
    const code = `import { readFileSync } from 'node:fs'; export const x = readFileSync;`;
    const may = [
      'src/scenario/read.ts',
      'src/scenario/files.ts',
      'src/scenario/yaml.ts',
      'src/output/x.ts',
      'src/experiments/x.ts',
      'src/cli/x.ts',
    ];
    const mayNot = ['src/scenario/scenario.ts', 'src/simulation/x.ts', 'src/traffic/trace.ts', 'src/report/x.ts', 'src/index.ts'];
    for (const path of may) expect([path, await broken(code, path)]).toEqual([path, []]);
    for (const path of mayNot) expect([path, await broken(code, path)]).toEqual([path, ['no-restricted-imports']]);
  });

  it('lets only the random room use seedrandom, and there only seeded by a name', async () => {
    const path = 'src/random/planted.ts';
    expect(await broken(`import seedrandom from 'seedrandom'; export const x = seedrandom.alea('name').double();`, path)).toEqual([]);
    expect(await broken(`import seedrandom from 'seedrandom'; export const x = seedrandom.alea();`, path)).toEqual(syntax);
    expect(await broken(`import seedrandom from 'seedrandom'; export const x = seedrandom('name');`, path)).toEqual(syntax);
    expect(await broken(`export const x = [Math.random(), Date.now()];`, path)).toEqual([...syntax, ...globals]);
  });

  it("lets the wall clock's labels use Date.UTC, but no clock and no time zone", async () => {
    const path = 'src/base/wall-clock.ts';
    expect(await broken(`export const x = new Date(Date.UTC(2019, 10, 11)).getUTCDate();`, path)).toEqual([]);
    for (const code of ['Date.now()', 'new Date()', 'Date()', `Date.parse('2019-11-11')`, 'new Date(0).getHours()'])
      expect([code, await broken(`export const x = ${code};`, path)]).toEqual([code, syntax]);
    expect(await broken(`export const x = [Math.random(), process.env];`, path)).toEqual([...syntax, ...globals]);
  });

  it('lets one file of cli end the process', async () => {
    expect(await broken(`process.exit(1);`, 'src/cli/exit.ts')).toEqual([]);
    expect(await broken(`console.log(Math.random());`, 'src/cli/exit.ts')).toEqual([...globals, ...syntax]);
  });
});
