import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { drawn, mutated, mutationsOf, operators } from '../../bin/mutations.ts';
import { Streams } from '../../src/random/streams.ts';
import { root, sources } from '../house/files.ts';

/** What becomes of one line, by operator. */
const becomes = (text: string): readonly string[] =>
  mutationsOf('a.ts', text).map((mutation) => `${mutation.operator}: ${mutated(text, mutation)}`);

it.each([
  ['if (a < b) c();', ['comparison: if (a <= b) c();', 'dropped-statement: if (a < b) ;']],
  ['x = a === b;', ['dropped-statement: ;', 'comparison: x = a !== b;']],
  ['const x = a + b;', ['sign: const x = a - b;']],
  ['const x = -a;', ['sign: const x = a;']],
  ['const x = a[7];', ['off-by-one: const x = a[8];']],
  [
    'const x = f(a, b + 1);',
    ['swapped-arguments: const x = f(b + 1, a);', 'sign: const x = f(a, b - 1);', 'off-by-one: const x = f(a, b + 2);'],
  ],
  ['const u = streams.stream(`push/${name}`);', ['wrong-stream: const u = streams.stream(`wrong-push/${name}`);']],
  ['const eventRank = { bend: 3 } as const;', ['wrong-rank: const eventRank = { bend: 4 } as const;']],
  ['const x = f(a, a);', []],
  ["import { a } from 'b';", []],
  ['let x: 1 | 2;', []],
  [
    'class A extends B { constructor() { super(1000, x); } }',
    ['swapped-arguments: class A extends B { constructor() { super(x, 1000); } }'],
  ],
])('makes %s wrong', (text, expected) => {
  expect(becomes(text)).toEqual(expected);
});

it('changes one line and nothing else', () => {
  expect(mutationsOf('a.ts', 'const x = f(\n  a,\n  b,\n);\nreport(\n  x,\n);\n')).toEqual([]);
  const [second] = mutationsOf('a.ts', 'let x;\nx++;\n');
  expect(second).toMatchObject({ operator: 'dropped-statement', file: 'a.ts', line: 2, before: 'x++;', after: ';' });
});

it('draws each mutation of the sources once, by seed, with operators taking turns', () => {
  const all = sources().flatMap((file) => mutationsOf(file, readFileSync(`${root}${file}`, 'utf8')));
  const draw = (seed: number) => [...drawn(all, new Streams(seed).stream('mutations'))];
  const order = draw(1);
  expect(order.length).toBe(all.length);
  expect(new Set(order).size).toBe(all.length);
  expect(draw(1)).toEqual(order);
  expect(draw(2)).not.toEqual(order);
  const early = order.slice(0, 70).map(({ operator }) => operator);
  for (const operator of operators) expect(early.filter((each) => each === operator).length, operator).toBeGreaterThan(2);
});
