import { describe, expect, it } from 'vitest';
import type { Decisions } from '../../src/experiments/decision-log.ts';
import { changes } from '../../src/experiments/regress/changes.ts';
import type { CaseRecord, RunRecord } from '../../src/experiments/regress/measure.ts';
import { regressionOf } from '../../src/experiments/regress/regress.ts';
import { judgedSpeed } from '../../src/experiments/regress/speed.ts';
import type { Suite, Tolerance } from '../../src/experiments/regress/suite.ts';
import { findings } from '../../src/report/regression-findings.ts';

const decided = (...words: string[]): Decisions => ({ words, count: words.length, hashes: [words.join('|')] });
const run = (replication: number, values: RunRecord['values'], decisions = decided('a', 'b')): RunRecord => ({
  strategy: 's',
  replication,
  seed: replication,
  events: 1,
  fingerprint: JSON.stringify([values, decisions.hashes]),
  values,
  decisions,
});
const record = (runs: readonly RunRecord[], about: Partial<CaseRecord> = {}): CaseRecord => ({ name: 'case', sha256: 'f', resolvedSha256: 'r', resolved: { a: 1 }, runs, ...about }); // prettier-ignore
const share = (metric: Tolerance['metric'], margin: number, better: Tolerance['better'] = 'lower'): Tolerance => ({ metric, margin: { share: margin }, better }); // prettier-ignore
const suite = (metrics: readonly Tolerance[], more: Partial<Suite> = {}): Suite => ({ name: 'x', file: 'x.yaml', baseline: 'b', behaviour: 'any', inconclusive: 'fail', plugins: [], cases: [], metrics, ...more }); // prettier-ignore
const ask = (given: Suite, before: readonly CaseRecord[], now: readonly CaseRecord[]) =>
  regressionOf(given, new Map([['case', 3]]), { cases: now, broken: [] }, { folder: 'b', version: '0', cases: before });

/** Ten replications, the value of each moved by `by` and a wiggle. */
const runs = (by: number, wiggle = 0.1) =>
  Array.from({ length: 10 }, (_, i) => run(i, { cost: 100 + i + by + (i % 2 === 0 ? wiggle : -wiggle) }));
const before = [record(runs(0, 0))];

describe('a metric', () => {
  const said = (tolerance: Tolerance, by: number, wiggle?: number) => {
    const result = ask(suite([tolerance]), before, [record(runs(by, wiggle))]);
    return [result.cases[0]?.strategies[0]?.metrics[0]?.judgement.said, result.verdict];
  };

  it('is judged beyond its margin, in its direction', () => {
    expect(said(share('cost', 0.01), 2)).toEqual(['worse', 'failed']);
    expect(said(share('cost', 0.01), -2)).toEqual(['better', 'passed']);
    expect(said(share('cost', 0.01, 'higher'), -2)).toEqual(['worse', 'failed']);
    expect(said({ ...share('cost', 0.01), better: undefined }, -2)).toEqual(['lower', 'failed']);
    expect(said(share('cost', 0.05), 2)).toEqual(['equivalent', 'passed']);
    // The mean is 104.5: 1 % of it is 1.045.
    expect(said({ metric: 'cost', margin: { amount: 3 }, better: 'lower' }, 2)).toEqual(['equivalent', 'passed']);
    expect(said(share('cost', 0.01), 1.045, 5)).toEqual(['inconclusive', 'undecided']);
    expect(said(share('cost', 0.01), 0, 0)).toEqual(['identical', 'passed']);
  });

  it('that is inconclusive passes where the suite says so', () => {
    const result = ask(suite([share('cost', 0.01)], { inconclusive: 'pass' }), before, [record(runs(1.045, 5))]);
    expect([result.verdict, findings(result).map(({ weight }) => weight)]).toEqual(['passed', ['note', 'note']]);
  });

  it('that applies in other replications than before is inconclusive, whatever the others say', () => {
    const now = runs(0, 0).map((each, i) => (i === 4 ? run(i, {}) : each));
    const result = ask(suite([share('cost', 0.01)]), before, [record(now)]);
    expect(result.verdict).toBe('undecided');
    expect(findings(result)[0]).toMatchObject({ title: 'cost is inconclusive', lines: ['applies in other replications than before (1 of them)'] }); // prettier-ignore
    expect(ask(suite([share('cost', 0.01)]), before, [record(runs(0, 0).map((_, i) => run(i, {})))]).verdict).toBe('undecided');
  });

  it('is one of a family: what one alone would show, it does not among many', () => {
    // t = 3.6 with 9 degrees of freedom: p 0.006; of twenty such metrics without margin Holm asks for 0.0025.
    const wide = runs(1, 0.87);
    const alone = ask(suite([share('cost', 0)]), before, [record(wide)]);
    expect(alone.cases[0]?.strategies[0]?.metrics[0]?.judgement).toMatchObject({ said: 'worse' });
    const many = Array.from({ length: 20 }, (_, i) => `case-${String(i)}`);
    const family = ask(suite([share('cost', 0)]), many.map((name) => record(runs(0, 0), { name })), many.map((name) => record(wide, { name }))); // prettier-ignore
    expect(family.cases.every((each) => each.strategies[0]?.metrics[0]?.judgement.said === 'inconclusive')).toBe(true);
    // Metrics that have not moved at all are none of the family.
    const still = ask(suite([share('cost', 0)]), many.map((name) => record(runs(0, 0), { name })), many.map((name, i) => record(i === 0 ? wide : runs(0, 0), { name }))); // prettier-ignore
    expect(still.cases[0]?.strategies[0]?.metrics[0]?.judgement.said).toBe('worse');
  });
});

describe('behaviour', () => {
  const same = suite([], { behaviour: 'same' });
  const linesOf = (now: readonly RunRecord[], was = [run(0, { cost: 1 }), run(1, { cost: 1 })]) => {
    const result = ask(same, [record(was)], [record(now)]);
    return [result.verdict, ...findings(result).flatMap(({ title, lines }) => [title, ...lines])];
  };

  it('has changed where a decision is another: the first, and those before it', () => {
    expect(linesOf([run(0, { cost: 1 }, decided('a', 'c')), run(1, { cost: 1 })])).toEqual([
      'failed',
      'behaviour has changed in 1 of 2 replications',
      'the first decision that differs is number 2 of replication 0',
      'same    a',
      'before  b',
      'now     c',
    ]);
    expect(linesOf([run(0, { cost: 1 }, decided('a')), run(1, { cost: 1 })]).slice(-2)).toEqual([
      'before  b',
      'now     nothing more is decided',
    ]);
  });

  it('has changed where decisions are known as hashes alone', () => {
    const hashed = (hash: string): Decisions => ({ words: [], count: 3000, hashes: ['x', hash, hash] });
    const was = [run(0, {}), run(1, {}, hashed('y'))];
    expect(linesOf([run(0, {}), run(1, {}, hashed('z'))], was).at(-1)).toBe('the first decision that differs is among the first 2048 of replication 1'); // prettier-ignore
  });

  it('has changed where only numbers do, or only the order of events', () => {
    expect(linesOf([run(0, { cost: 1 }), run(1, { cost: 1.5 })]).at(-1)).toBe('every decision is the same, but in replication 1 one number is not: cost was 1 and is 1.5'); // prettier-ignore
    const moved = { cost: 1.5, unserved: 101, pods_created: 5 };
    const was = [run(0, { cost: 1, unserved: 100, pods_created: 5 }), run(1, { cost: 1 })];
    expect(linesOf([run(0, moved), run(1, { cost: 1 })], was).at(-1)).toBe('every decision is the same, but in replication 0 2 numbers are not; most of all: cost was 1 and is 1.5'); // prettier-ignore
    expect(linesOf([run(0, { cost: 1 }), run(1, {})]).at(-1)).toMatch(/cost was 1 and is not applicable$/);
    expect(linesOf([{ ...run(0, { cost: 1 }), fingerprint: 'other' }, run(1, { cost: 1 })]).at(-1)).toBe('replication 0: every decision and every number is the same, only events come in another order'); // prettier-ignore
    expect(linesOf([run(0, { cost: 1 }), run(1, { cost: 1 })])).toEqual(['passed']);
  });
});

describe('a scenario', () => {
  const given = suite([share('cost', 0.01)], { behaviour: 'same' });
  const first = (result: ReturnType<typeof ask>) => [result.verdict, findings(result)[0]?.title, findings(result)[0]?.lines];

  it('that is another is not compared, and said in what', () => {
    const other = record(runs(0), { sha256: 'g', resolvedSha256: 'q', resolved: { a: 2 } });
    expect(first(ask(given, before, [other]))).toEqual(['undecided', 'is another scenario than the baseline’s: its files, or what the suite sets in it, were changed', ['a: 1, now 2']]); // prettier-ignore
    // A comment is no change.
    expect(ask(given, before, [record(runs(0, 0), { sha256: 'g' })]).verdict).toBe('passed');
  });

  it('whose words have come to mean something else is', () => {
    const other = { resolvedSha256: 'q', resolved: { a: 2 } };
    expect(first(ask(given, before, [record(runs(2), other)]))).toEqual(['failed', 'the same words have come to mean something else', ['a: 1, now 2']]); // prettier-ignore
    expect(ask(given, before, [record(runs(0, 0), other)]).verdict).toBe('passed');
    expect(first(ask(given, before, [record(runs(2), { resolvedSha256: 'q' })]))[2]).toEqual(['every value is the same: how fenshi reads the scenario has changed']); // prettier-ignore
  });

  it('with other strategies than before has no verdict, but those that both have are compared', () => {
    const two = record([...runs(0, 0), { ...run(0, { cost: 1 }), strategy: 't' }]);
    expect(first(ask(given, before, [two])).slice(0, 2)).toEqual(['undecided', 'the baseline has no t']);
    expect(first(ask(given, [two], before)).slice(0, 2)).toEqual(['undecided', 'the baseline also has t']);
    expect(first(ask(given, before, [record([...runs(2), ...two.runs.slice(-1)])]))).toEqual(['failed', expect.stringContaining('behaviour has changed'), expect.anything()]); // prettier-ignore
    const renamed = record(runs(0, 0).map((each) => ({ ...each, strategy: 't' })));
    expect(first(ask(given, before, [renamed])).slice(0, 2)).toEqual(['undecided', 'has no strategy that the baseline has']);
  });

  it('whose file has a strategy more is the same one for the others', () => {
    const strategies = { s: { use: 'x' }, t: { use: 'y' } };
    const was = [record(runs(0, 0), { resolved: { a: 1, strategies: { s: { use: 'x' } } } })];
    const more = { sha256: 'g', resolvedSha256: 'q', resolved: { a: 1, strategies } };
    const is = record([...runs(0, 0), { ...run(0, { cost: 1 }), strategy: 't' }], more);
    expect(findings(ask(given, was, [is])).map(({ title }) => title)).toEqual(['the baseline has no t']);
    expect(ask(given, was, [record(runs(0, 0), more)]).verdict).toBe('passed');
    const another = record(runs(0, 0), { ...more, resolved: { a: 1, strategies: { s: { use: 'z' } } } });
    expect(first(ask(given, was, [another]))[2]).toEqual(['strategies.s.use: "x", now "z"']);
  });
});

it('changes are told by path, deep ones and those of another kind, in lists too', () => {
  expect(changes({ a: { b: 1, c: [1, 2], gone: 'x' }, d: 1 }, { a: { b: 2, c: [1, 3, 4], new: null }, d: { e: 1 } })).toEqual([
    { path: 'a.b', before: '1', now: '2' },
    { path: 'a.c.1', before: '2', now: '3' },
    { path: 'a.c.2', before: undefined, now: '4' },
    { path: 'a.new', before: undefined, now: 'null' },
    { path: 'a.gone', before: '"x"', now: undefined },
    { path: 'd', before: '1', now: '{"e":1}' },
  ]);
  expect(changes({ a: [1] }, { a: { 0: 1 } })).toEqual([{ path: 'a', before: '[1]', now: '{"0":1}' }]);
  expect(changes([1, { a: 2 }], [1, { a: 2 }])).toEqual([]);
});

describe('time', () => {
  const seconds = (factor: number) => Array.from({ length: 10 }, (_, i) => 10 * factor + (i % 3) * 0.05);
  it('is judged like a metric, round by round, beyond 5 %', () => {
    expect(judgedSpeed('o', seconds(1), seconds(1.1)).judgement.said).toBe('worse');
    expect(judgedSpeed('o', seconds(1), seconds(0.9)).judgement.said).toBe('better');
    expect(judgedSpeed('o', seconds(1), seconds(1.01)).judgement.said).toBe('equivalent');
    expect(judgedSpeed('o', seconds(1), seconds(1.05).map((each, i) => each + (i % 2) * 2 - 1)).judgement.said).toBe('inconclusive'); // prettier-ignore
  });

  it('fails the suite where this version is slower, and is said', () => {
    const result = regressionOf(suite([]), new Map(), { cases: [], broken: [] }, { folder: 'b', version: '0', cases: [] }, judgedSpeed('other', seconds(1), seconds(1.1))); // prettier-ignore
    expect(result.verdict).toBe('failed');
    expect(findings(result)).toMatchObject([{ about: 'speed', weight: 'failed', title: 'slower than other' }]);
    expect(findings(result)[0]?.lines[0]).toBe('1.1 × its time: 10.04 to 11.04 s, +10.0 % (margin 5 %, p <0.001, n 10)');
  });
});
