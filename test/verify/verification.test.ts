import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { seedsMarkdown, validationMarkdown } from '../../bin/validation-page.ts';
import { claimTable, figure, verificationSummary } from '../../src/report/verification.ts';
import { counted, estimated, exact, reported } from '../../src/verify/claim.ts';
import type { ClaimGroup } from '../../src/verify/group.ts';
import { claimGroups, verificationSeed } from '../../src/verify/groups.ts';
import { type ClaimRow, verification, verificationJson } from '../../src/verify/verification.ts';

const about = { name: 'a claim', source: 'a theorem', unit: 's' };
const quick = { quick: true, seed: verificationSeed };

it(
  'every claim holds in its few cases, has a name of its own, and stands in docs/validation.md under it',
  { timeout: 120_000 },
  async () => {
    const rows = verification(claimGroups, quick);
    expect(rows.filter(({ held }) => held === false)).toEqual([]);
    expect(new Set(rows.map(({ group, name }) => `${group}: ${name}`)).size).toBe(rows.length);
    // What the docs list is what the code claims, in its order: npm run validate-docs.
    const names = (markdown: string) =>
      [...markdown.matchAll(/^(?:## (\w+)|\| (?!claim )((?:[^|\\]|\\.)+) \|)/gm)].map((found) => found[1] ?? found[2]);
    const [docs = '', seeds = ''] = readFileSync('docs/validation.md', 'utf8').split('\n## theory, ');
    expect(seeds).toMatch(/^20 seeds/);
    expect(names(docs)).toEqual(names(validationMarkdown(claimGroups, rows, { seed: verificationSeed, version: '' })));
    expect(docs).not.toContain('✗');
    // The same seed and version, the same numbers: what moves one of them shows here (-u writes them anew).
    const numbers = rows.map(({ group, name, expected, measured, within, cases }) =>
      [group, name, expected, measured, within, cases].join(' | '),
    );
    await expect(`${numbers.join('\n')}\n`).toMatchFileSnapshot('../golden/verify-quick.txt');
    // What the fluid says depends on no seed and no number of cases: the page must say the same.
    const said = new Map([...docs.matchAll(/^\| (.+?) \| .+? \| .+? \| (.+?) \|/gm)].map(([, name, measured]) => [name, measured]));
    const flows = rows.filter(({ group }) => group === 'twin');
    expect(flows.map(({ name }) => [name, said.get(name)])).toEqual(flows.map(({ name, measured }) => [name, figure(measured)]));
  },
);

it('an exact claim holds up to its tolerance, absolute or relative', () => {
  expect(exact(about, { expected: 100, measured: 101, absolute: 1 }).held).toBe(true);
  expect(exact(about, { expected: 100, measured: 101.1, absolute: 1 }).held).toBe(false);
  expect(exact(about, { expected: -100, measured: -101, relative: 0.01 })).toMatchObject({ held: true, within: 1 });
  expect(exact(about, { expected: 100, measured: NaN, relative: 1 }).held).toBe(false);
});

it('a counted claim holds without violations, of at least one case', () => {
  expect([counted(about, 0, 5), counted(about, 1, 5), counted(about, 0, 0)].map(({ held }) => held)).toEqual([true, false, false]);
});

it('an estimated claim holds where the interval contains what theory says and is narrow', () => {
  const around = (mean: number, spread: number) => Array.from({ length: 20 }, (_, i) => mean + (i % 2 === 0 ? spread : -spread));
  // t(0.9995; 19) = 3.883, s = spread · √(20/19): half-width 0.891 · spread.
  expect(estimated(about, 100, around(100.5, 1))).toMatchObject({ held: true, cases: 20, level: 0.999 });
  expect(estimated(about, 100, around(100.5, 1)).within).toBeCloseTo(0.891, 3);
  expect(estimated(about, 100, around(101, 1)).held).toBe(false);
  expect(estimated(about, 100, around(100.5, 3)).held).toBe(false);
  expect(() => estimated(about, 1, [1])).toThrow('at least two replications');
});

it('a reported error has no verdict', () => {
  expect(reported(about, 100, 112)).toMatchObject({ held: undefined, within: undefined, measured: 112 });
});

const group: ClaimGroup = {
  name: 'some',
  title: 'Some claims',
  claims: () => [
    exact(about, { expected: 1, measured: 1, absolute: 1e-9 }),
    counted({ ...about, name: 'a | b' }, 2, 3000),
    reported({ ...about, name: 'p99', unit: '%' }, 0, 12),
  ],
};

it('the table is aligned, says what holds and what does not; the last line names what failed', () => {
  const rows = verification([group], quick);
  expect(claimTable(group, rows)).toBe(
    `some: Some claims
claim    expected  measured  off by  within  unit        cases
a claim         1         1     0 %   ±1e-9  s               1  ✓ holds
a | b           0         2       –       0  violations  3,000  ✗ fails
p99             0        12       –       –  %               1  · reported
`,
  );
  expect(verificationSummary(rows)).toBe(
    '2 claims: one does not hold; 1 error is reported without a verdict\n✗ some: a | b: expected 0, measured 2 (a theorem)',
  );
  expect(verificationSummary(rows.slice(0, 1))).toBe('1 claim: it holds');
  expect(validationMarkdown([group], rows, { seed: 3, version: '1.2.3' })).toContain(
    '| a \\| b | a theorem | 0 | 2 | – | 0 | violations | 3,000 | ✗ fails |',
  );
});

it('how often theory lies in the interval of a claim is counted, over several seeds', () => {
  const [row] = verification([group], quick).slice(0, 1) as [ClaimRow];
  const text = seedsMarkdown(group, [7, 8, 9], [[row], [{ ...row, measured: 2 }], [{ ...row, measured: 1 + 1e-10, held: false }]]);
  expect(text).toContain('2 of 3 intervals');
  expect(text).toContain('| a claim | 2 | 8 |');
});

it('the rows as JSON say how they were made, and hear of each claim in turn', () => {
  const heard: string[] = [];
  const rows = verification([group], quick, ({ name }) => heard.push(name));
  expect(heard).toEqual(['a claim', 'a | b', 'p99']);
  const json = JSON.parse(verificationJson(rows, { ...quick, version: '1' })) as { readonly claims: readonly object[] };
  expect(json).toMatchObject({ tool: 'fenshi', version: '1', quick: true, seed: 11 });
  expect(json.claims[0]).toEqual({ group: 'some', ...about, kind: 'exact', expected: 1, measured: 1, within: 1e-9, cases: 1, held: true });
});

it('figures have six digits, and all of them where they are whole', () => {
  expect([0, 48_077, 0.052631578, 2.51e-12, -50, 5.31662479, 12_345_678].map(figure)).toEqual(['0', '48,077', '0.0526316', '2.5e-12', '-50', '5.31662', '12000000']); // prettier-ignore
});
