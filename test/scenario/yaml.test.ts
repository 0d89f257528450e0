import { describe, expect, it } from 'vitest';
import { lineAndColumn, type Source } from '../../src/scenario/source.ts';
import { placeOf, plain } from '../../src/scenario/written.ts';
import { parseYaml } from '../../src/scenario/yaml.ts';

const source = (text: string): Source => ({ kind: 'file', name: 'a.yaml', text });
const read = (text: string): unknown => {
  const { value, problems } = parseYaml(source(text));
  if (value === undefined) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return plain(value);
};
/** What is wrong, as `line:column path: message`. */
const wrong = (text: string): readonly string[] => {
  const { value, problems } = parseYaml(source(text));
  expect(value).toBeUndefined();
  return problems.map(({ place, path, message }) => {
    const { line, column } = lineAndColumn(place);
    return `${String(line)}:${String(column)} ${path.map(String).join('.')}: ${message}`;
  });
};

describe('the YAML of a scenario', () => {
  it('is read as YAML 1.2: clock times, yes, and dates stay text', () => {
    expect(read('{ a: 23:55:30, b: yes, c: 2026-11-10T20:00:00+08:00, d: 1e3, e: true, f: , g: "7", h: [1.5, -2] }')).toEqual({
      a: '23:55:30',
      b: 'yes',
      c: '2026-11-10T20:00:00+08:00',
      d: 1000,
      e: true,
      f: null,
      g: '7',
      h: [1.5, -2],
    });
  });

  it('keeps the place of every key and value, in block and flow style, with CR LF ends', () => {
    const { value } = parseYaml(source('a:\r\n  b: 1\r\nc: { d: [x, yy] }\r\n'));
    if (value === undefined) throw new Error('not read');
    const at = (aim: 'key' | 'value', ...path: string[]) => Object.values(lineAndColumn(placeOf(value, path, aim)));
    expect([
      at('value', 'a', 'b'),
      at('key', 'a', 'b'),
      at('value', 'c', 'd', '1'),
      at('value', 'a'),
      at('value', 'a', 'missing', 'deeper'),
    ]).toEqual([
      [2, 6],
      [2, 3],
      [3, 13],
      [1, 1],
      [1, 1],
    ]);
  });

  it('reads an alias as the value of its anchor, of which the last before it counts', () => {
    expect(read('a: &x { k: [1] }\nb: *x\nc: &x 2\nd: [*x, *x]')).toEqual({ a: { k: [1] }, b: { k: [1] }, c: 2, d: [2, 2] });
  });

  it('allows one anchor to be used hundreds of times', () => {
    expect(read(`a: &x {k: 1}\nb: [${'*x,'.repeat(500)}]`)).toMatchObject({ a: { k: 1 } });
  });

  it.each([
    ['duplicate keys', 'a: 1\nb: { c: 1, c: 2 }', '2:12 b.c: is there twice: first in line 2'],
    ['an unknown tag', 'a: !foo 1', '1:9 a: tags such as !!str are not supported: quote what is to be text'],
    ['a core tag', 'a: !!str 1', '1:10 a: tags such as !!str are not supported: quote what is to be text'],
    ['a binary tag', 'a: !!binary aGk=', '1:13 a: tags such as !!str are not supported: quote what is to be text'],
    ['a second document', 'a: 1\n---\nb: 2', '2:1 : a second document begins here: a scenario is one document'],
    ['a directive', '%YAML 1.1\n---\na: yes', '1:1 : directives such as %YAML are not supported'],
    ['a number as a key', 'a: { 1: x }', '1:6 a: keys are text, but this one is 1: write it in quotes if it is a name'],
    ['a list as a key', '? [1]\n: 2', '1:3 : keys are text, but this one is a list or a mapping'],
    ['an alias as a key', 'a: &x y\n*x : 2', '2:1 : keys are text, but this one is an alias'],
    ['nothing as a key', ': 1', '1:1 : keys are text, but this one is nothing'],
    [
      'a merge key',
      'a: &x { k: 1 }\nb: { <<: *x }',
      '2:6 b: merge keys (<<) are not supported: an alias repeats a whole value, `defaults` holds what apps have in common',
    ],
    ['__proto__', 'a: { __proto__: { polluted: 1 } }', '1:6 a: __proto__ is not allowed as a key'],
    ['constructor', 'constructor: { prototype: { polluted: 1 } }', '1:1 : constructor is not allowed as a key'],
    ['prototype, in quotes', '"prototype": 1', '1:1 : prototype is not allowed as a key'],
    ['an alias without anchor', 'a: *x', '1:4 a: there is no anchor "x" before this alias'],
    ['an anchor after its alias', 'a: *x\nb: &x 1', '1:4 a: there is no anchor "x" before this alias'],
    ['an alias inside its anchor', 'a: &x [1, *x]', '1:11 a.1: this alias stands inside its own anchor "x"'],
    ['a tab as indentation', 'a:\n\t- b', '2:1 : a tab is used as indentation: use spaces'],
    [
      'a second colon',
      'a: b: c',
      '1:4 : a key inside a plain value: check the indentation of this line and the next, or quote text that contains ": "',
    ],
    ['a missing colon', 'a: 1\nb\nc: 2', '2:1 : expected "key: value": the colon, or the space after it, is missing'],
    ['a bracket left open', 'a: [1, 2\nb: 3', '2:1 : a [ opened before is not closed by a ] here'],
    ['a brace left open', 'a: { b: 1\nb: 3', '2:1 : a { opened before is not closed by a } here'],
    ['a quote left open', 'a: "x', '1:6 : this quote is never closed'],
    ['a reserved character', 'a: @x', '1:4 : plain text cannot start with @: quote it'],
  ])('refuses %s', (_, text, complaint) => {
    expect(wrong(text)).toEqual([complaint]);
  });

  it('reports every syntax error, one for each line', () => {
    expect(wrong('a: @x\nb: 1\nc: `y').map((each) => each.split(' ')[0])).toEqual(['1:4', '3:4']);
  });

  it('leaves the prototype of all objects alone', () => {
    for (const text of ['__proto__: { polluted: 1 }', 'a: { __proto__: { polluted: 1 } }', 'constructor: { prototype: { polluted: 1 } }'])
      wrong(text);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('takes 64 levels and refuses 65', () => {
    expect(parseYaml(source('['.repeat(64) + ']'.repeat(64))).problems).toEqual([]);
    expect(wrong('['.repeat(65) + ']'.repeat(65))).toEqual(['1:66 : nested more than 64 levels deep']);
  });

  // The second deep document in one process is what aborts the process without the guard.
  it.each([
    ['lists', '['.repeat(20_000)],
    ['mappings', '{a: '.repeat(20_000)],
    ['dashes', '- '.repeat(20_000)],
    ['question marks', '? '.repeat(20_000)],
    ['tags', '!!seq ['.repeat(20_000)],
    ['anchors', '&a ['.repeat(20_000)],
    ['brackets that a count of brackets misses', '["]",'.repeat(20_000)],
    ['indentation', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('survives deep nesting of %s twice in one process', (_, text) => {
    for (const round of [1, 2]) expect([round, wrong(text)[0]?.replace(/^.* : /, '')]).toEqual([round, 'nested more than 64 levels deep']);
  });

  it('counts the depth behind aliases', () => {
    const nested = (inside: string): string => '['.repeat(30) + inside + ']'.repeat(30);
    expect(wrong(`a: &a ${nested('')}\nb: &b ${nested('*a')}\nc: [[[[*b]]]]`)[0]).toContain(
      'nested more than 64 levels deep through aliases',
    );
  });

  it('stops a bomb of aliases before it goes off', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `a${String(i + 1)}: &a${String(i + 1)} [${`*a${String(i)},`.repeat(10)}]`);
    // Level k holds more than 10^k values: the sixth is the first above 200,000 (a5: 111,111 + …).
    expect(wrong(`a0: &a0 [1,1]\n${lines.join('\n')}`)).toEqual(['6:9 a5: more than 200000 values, aliases counted at each use']);
  });
});
