import { describe, expect, it } from 'vitest';
import { taintSchema, taintText, tolerationSchema } from '../../src/cluster/taints.ts';
import { normalised } from '../../src/placement/node-score.ts';
import { intolerable, untolerated } from '../../src/placement/taint-toleration.ts';

const tolerationsOf = (texts: readonly string[]) => texts.map((text) => tolerationSchema().parse(text));
const taintsOf = (texts: readonly string[]) => texts.map((text) => taintSchema().parse(text));

describe('the filter TaintToleration', () => {
  interface Row {
    readonly tolerations: readonly string[];
    readonly taints: readonly string[];
    readonly expected: string | undefined;
  }
  // prettier-ignore
  const rows: readonly Row[] = [
    // nothing to tolerate
    { tolerations: [], taints: [], expected: undefined },
    // tolerations without taints do no harm
    { tolerations: ['a', 'b=1:NoSchedule'], taints: [], expected: undefined },
    // nothing tolerates a
    { tolerations: [], taints: ['a:NoSchedule'], expected: 'a:NoSchedule' },
    // NoExecute keeps pods off as NoSchedule does
    { tolerations: [], taints: ['a:NoExecute'], expected: 'a:NoExecute' },
    // PreferNoSchedule keeps none off
    { tolerations: [], taints: ['a:PreferNoSchedule'], expected: undefined },
    // of two, the first is named
    { tolerations: [], taints: ['a:NoSchedule', 'b:NoSchedule'], expected: 'a:NoSchedule' },
    // in the order of the node's list, not of the alphabet
    { tolerations: [], taints: ['b:NoSchedule', 'a:NoExecute'], expected: 'b:NoSchedule' },
    // PreferNoSchedule is passed over: the second is the first that counts
    { tolerations: [], taints: ['a:PreferNoSchedule', 'b:NoExecute'], expected: 'b:NoExecute' },
    // a covers a with any value and effect …
    { tolerations: ['a'], taints: ['a=1:NoSchedule'], expected: undefined },
    // … also without a value …
    { tolerations: ['a'], taints: ['a:NoSchedule'], expected: undefined },
    // … and NoExecute …
    { tolerations: ['a'], taints: ['a=1:NoExecute'], expected: undefined },
    // … but not b
    { tolerations: ['a'], taints: ['b=1:NoSchedule'], expected: 'b=1:NoSchedule' },
    // a=1 covers the value 1 …
    { tolerations: ['a=1'], taints: ['a=1:NoSchedule'], expected: undefined },
    // … not 2 …
    { tolerations: ['a=1'], taints: ['a=2:NoSchedule'], expected: 'a=2:NoSchedule' },
    // … and not none
    { tolerations: ['a=1'], taints: ['a:NoSchedule'], expected: 'a:NoSchedule' },
    // a=1 covers any effect
    { tolerations: ['a=1'], taints: ['a=1:NoExecute'], expected: undefined },
    // 1 is no prefix of 10: values are met as a whole
    { tolerations: ['a=1'], taints: ['a=10:NoSchedule'], expected: 'a=10:NoSchedule' },
    // nor the other way round
    { tolerations: ['a=10'], taints: ['a=1:NoSchedule'], expected: 'a=1:NoSchedule' },
    // 01 and 1 are different texts
    { tolerations: ['a=01'], taints: ['a=1:NoSchedule'], expected: 'a=1:NoSchedule' },
    // an empty value covers the taint without a value …
    { tolerations: ['a='], taints: ['a:NoSchedule'], expected: undefined },
    // … and none with one: empty is a value, not any
    { tolerations: ['a='], taints: ['a=1:NoSchedule'], expected: 'a=1:NoSchedule' },
    // keys are met in their case
    { tolerations: ['A'], taints: ['a:NoSchedule'], expected: 'a:NoSchedule' },
    // values too
    { tolerations: ['a=X'], taints: ['a=x:NoSchedule'], expected: 'a=x:NoSchedule' },
    // the prefix belongs to the key
    { tolerations: ['a'], taints: ['example.com/a:NoSchedule'], expected: 'example.com/a:NoSchedule' },
    // and covers with it
    { tolerations: ['example.com/a'], taints: ['example.com/a:NoSchedule'], expected: undefined },
    // the effect is met
    { tolerations: ['a:NoSchedule'], taints: ['a=1:NoSchedule'], expected: undefined },
    // a toleration of NoSchedule does not cover NoExecute
    { tolerations: ['a:NoSchedule'], taints: ['a:NoExecute'], expected: 'a:NoExecute' },
    // nor the other way round
    { tolerations: ['a:NoExecute'], taints: ['a:NoSchedule'], expected: 'a:NoSchedule' },
    // a toleration of PreferNoSchedule covers neither
    { tolerations: ['a:PreferNoSchedule'], taints: ['a:NoSchedule'], expected: 'a:NoSchedule' },
    // key, value and effect are met
    { tolerations: ['a=1:NoSchedule'], taints: ['a=1:NoSchedule'], expected: undefined },
    // the value is not
    { tolerations: ['a=1:NoSchedule'], taints: ['a=2:NoSchedule'], expected: 'a=2:NoSchedule' },
    // the effect is not
    { tolerations: ['a=1:NoSchedule'], taints: ['a=1:NoExecute'], expected: 'a=1:NoExecute' },
    // the key is not
    { tolerations: ['b=1:NoSchedule'], taints: ['a=1:NoSchedule'], expected: 'a=1:NoSchedule' },
    // one key, two effects: each needs its toleration, the second lacks it
    { tolerations: ['a:NoSchedule'], taints: ['a:NoSchedule', 'a:NoExecute'], expected: 'a:NoExecute' },
    // both have theirs
    { tolerations: ['a:NoSchedule', 'a:NoExecute'], taints: ['a:NoSchedule', 'a:NoExecute'], expected: undefined },
    // or one without effect for both
    { tolerations: ['a'], taints: ['a:NoSchedule', 'a:NoExecute'], expected: undefined },
    // two keys, two tolerations, in any order
    { tolerations: ['b', 'a'], taints: ['a=1:NoSchedule', 'b=2:NoExecute'], expected: undefined },
    // the first is covered, the second is not
    { tolerations: ['a'], taints: ['a=1:NoSchedule', 'b=2:NoExecute'], expected: 'b=2:NoExecute' },
    // the last of three is not covered
    { tolerations: ['a', 'b'], taints: ['a:NoSchedule', 'b:NoSchedule', 'c:NoSchedule'], expected: 'c:NoSchedule' },
    // a second toleration helps where the first does not
    { tolerations: ['a=1', 'a=2'], taints: ['a=2:NoSchedule'], expected: undefined },
    // parts of two tolerations do not add up to one: neither has both the value and the effect
    { tolerations: ['a=1:NoExecute', 'a=2:NoSchedule'], taints: ['a=1:NoSchedule'], expected: 'a=1:NoSchedule' },
    // * covers whatever comes
    { tolerations: ['*'], taints: ['a:NoSchedule', 'b=2:NoExecute', 'example.com/c=3:NoSchedule'], expected: undefined },
    // also beside a toleration that covers nothing
    { tolerations: ['z', '*'], taints: ['a:NoSchedule'], expected: undefined },
    // a is covered; b prefers; c is the first that keeps the pod off
    { tolerations: ['a'], taints: ['a:NoSchedule', 'b:PreferNoSchedule', 'c:NoExecute', 'd:NoSchedule'], expected: 'c:NoExecute' },
  ];

  it.each(rows)('of tolerations $tolerations on taints $taints: untolerated is $expected', ({ tolerations, taints, expected }) => {
    const found = untolerated(tolerationsOf(tolerations), taintsOf(taints));
    expect(found && taintText(found)).toBe(expected);
  });
});

describe('the score TaintToleration', () => {
  interface Row {
    readonly tolerations: readonly string[];
    /** By node. */
    readonly taints: readonly (readonly string[])[];
    /** Taints of effect PreferNoSchedule less those that are covered, by node. */
    readonly raw: readonly number[];
    readonly expected: readonly number[];
  }
  // prettier-ignore
  const rows: readonly Row[] = [
    // no taints anywhere: raw 0, 0; largest 0: 100 each
    { tolerations: [], taints: [[], []], raw: [0, 0], expected: [100, 100] },
    // one node only: raw 1; 1: 100 − 100·1 ÷ 1 = 0
    { tolerations: [], taints: [['a:PreferNoSchedule']], raw: [1], expected: [0] },
    // one node without taints: raw 0; largest 0: 100
    { tolerations: [], taints: [[]], raw: [0], expected: [100] },
    // the tainted one is worse: raw 1, 0; 1: 100 − 100·1 ÷ 1 = 0; 0: 100 − 100·0 ÷ 1 = 100
    { tolerations: [], taints: [['a:PreferNoSchedule'], []], raw: [1, 0], expected: [0, 100] },
    // equally tainted nodes all get 0: raw 1, 1; 1: 100 − 100·1 ÷ 1 = 0
    { tolerations: [], taints: [['a:PreferNoSchedule'], ['b:PreferNoSchedule']], raw: [1, 1], expected: [0, 0] },
    // two against one: raw 2, 1; 2: 100 − 100·2 ÷ 2 = 0; 1: 100 − 100·1 ÷ 2 = 50
    { tolerations: [], taints: [['a:PreferNoSchedule', 'b:PreferNoSchedule'], ['a:PreferNoSchedule']], raw: [2, 1], expected: [0, 50] },
    // two, one, none: raw 2, 1, 0; 2: 100 − 100·2 ÷ 2 = 0; 1: 100 − 100·1 ÷ 2 = 50; 0: 100 − 100·0 ÷ 2 = 100
    { tolerations: [], taints: [['a:PreferNoSchedule', 'b:PreferNoSchedule'], ['a:PreferNoSchedule'], []], raw: [2, 1, 0], expected: [0, 50, 100] },
    // three, one: raw 3, 1; 3: 100 − 100·3 ÷ 3 = 0; 1: 100 − ⌊100·1 ÷ 3⌋ = 67
    { tolerations: [], taints: [['a:PreferNoSchedule', 'b:PreferNoSchedule', 'c:PreferNoSchedule'], ['c:PreferNoSchedule']], raw: [3, 1], expected: [0, 67] },
    // three, two: raw 3, 2; 3: 100 − 100·3 ÷ 3 = 0; 2: 100 − ⌊100·2 ÷ 3⌋ = 34
    { tolerations: [], taints: [['a:PreferNoSchedule', 'b:PreferNoSchedule', 'c:PreferNoSchedule'], ['a:PreferNoSchedule', 'b:PreferNoSchedule']], raw: [3, 2], expected: [0, 34] },
    // NoSchedule does not count: raw 0, 1; 0: 100 − 100·0 ÷ 1 = 100; 1: 100 − 100·1 ÷ 1 = 0
    { tolerations: [], taints: [['a:NoSchedule'], ['b:PreferNoSchedule']], raw: [0, 1], expected: [100, 0] },
    // NoExecute does not count: raw 0, 1; 0: 100 − 100·0 ÷ 1 = 100; 1: 100 − 100·1 ÷ 1 = 0
    { tolerations: [], taints: [['a:NoExecute'], ['b:PreferNoSchedule']], raw: [0, 1], expected: [100, 0] },
    // none that counts: raw 0, 0; largest 0: 100 each
    { tolerations: [], taints: [['a:NoSchedule'], ['b:NoExecute']], raw: [0, 0], expected: [100, 100] },
    // only one of three effects counts: raw 1, 2; 1: 100 − 100·1 ÷ 2 = 50; 2: 100 − 100·2 ÷ 2 = 0
    { tolerations: [], taints: [['a:NoSchedule', 'a:PreferNoSchedule', 'a:NoExecute'], ['b:PreferNoSchedule', 'c:PreferNoSchedule']], raw: [1, 2], expected: [50, 0] },
    // * covers all: raw 0, 0; largest 0: 100 each
    { tolerations: ['*'], taints: [['a:PreferNoSchedule', 'b=1:PreferNoSchedule'], []], raw: [0, 0], expected: [100, 100] },
    // a key covers every value: raw 2 − 2 = 0, 1; 0: 100 − 100·0 ÷ 1 = 100; 1: 100 − 100·1 ÷ 1 = 0
    { tolerations: ['a'], taints: [['a=1:PreferNoSchedule', 'a=2:PreferNoSchedule'], ['b=1:PreferNoSchedule']], raw: [0, 1], expected: [100, 0] },
    // a key covers the taint without a value: raw 1 − 1 = 0, 1; 0: 100 − 100·0 ÷ 1 = 100; 1: 100 − 100·1 ÷ 1 = 0
    { tolerations: ['a'], taints: [['a:PreferNoSchedule'], ['b:PreferNoSchedule']], raw: [0, 1], expected: [100, 0] },
    // another key covers nothing: raw 1, 0; 1: 100 − 100·1 ÷ 1 = 0; 0: 100 − 100·0 ÷ 1 = 100
    { tolerations: ['b'], taints: [['a:PreferNoSchedule'], []], raw: [1, 0], expected: [0, 100] },
    // the value is met: raw 1 − 1 = 0, 1; 0: 100 − 100·0 ÷ 1 = 100; 1: 100 − 100·1 ÷ 1 = 0
    { tolerations: ['a=1'], taints: [['a=1:PreferNoSchedule'], ['a=2:PreferNoSchedule']], raw: [0, 1], expected: [100, 0] },
    // a value does not cover none: raw 1, 1 − 1 = 0; 1: 100 − 100·1 ÷ 1 = 0; 0: 100 − 100·0 ÷ 1 = 100
    { tolerations: ['a=1'], taints: [['a:PreferNoSchedule'], ['a=1:PreferNoSchedule']], raw: [1, 0], expected: [0, 100] },
    // an empty value covers only the taint without one: raw 1 − 1 = 0, 1; 0: 100 − 100·0 ÷ 1 = 100; 1: 100 − 100·1 ÷ 1 = 0
    { tolerations: ['a='], taints: [['a:PreferNoSchedule'], ['a=1:PreferNoSchedule']], raw: [0, 1], expected: [100, 0] },
    // the effect is met: raw 1 − 1 = 0, 1; 0: 100 − 100·0 ÷ 1 = 100; 1: 100 − 100·1 ÷ 1 = 0
    { tolerations: ['a:PreferNoSchedule'], taints: [['a=1:PreferNoSchedule'], ['b:PreferNoSchedule']], raw: [0, 1], expected: [100, 0] },
    // a toleration of NoSchedule covers no PreferNoSchedule: raw 1, 0; 1: 100 − 100·1 ÷ 1 = 0; 0: 100 − 100·0 ÷ 1 = 100
    { tolerations: ['a:NoSchedule'], taints: [['a:PreferNoSchedule'], []], raw: [1, 0], expected: [0, 100] },
    // nor does one of NoExecute: raw 1, 0; 1: 100 − 100·1 ÷ 1 = 0; 0: 100 − 100·0 ÷ 1 = 100
    { tolerations: ['a:NoExecute'], taints: [['a:PreferNoSchedule'], []], raw: [1, 0], expected: [0, 100] },
    // key, value and effect are met: raw 1 − 1 = 0, 1; 0: 100 − 100·0 ÷ 1 = 100; 1: 100 − 100·1 ÷ 1 = 0
    { tolerations: ['a=1:PreferNoSchedule'], taints: [['a=1:PreferNoSchedule'], ['a=2:PreferNoSchedule']], raw: [0, 1], expected: [100, 0] },
    // key and value are met, the effect is not: raw 1, 0; 1: 100 − 100·1 ÷ 1 = 0; 0: 100 − 100·0 ÷ 1 = 100
    { tolerations: ['a=1:NoSchedule'], taints: [['a=1:PreferNoSchedule'], []], raw: [1, 0], expected: [0, 100] },
    // one of two is covered: raw 2 − 1 = 1, 2; 1: 100 − 100·1 ÷ 2 = 50; 2: 100 − 100·2 ÷ 2 = 0
    { tolerations: ['a'], taints: [['a:PreferNoSchedule', 'b:PreferNoSchedule'], ['b:PreferNoSchedule', 'c:PreferNoSchedule']], raw: [1, 2], expected: [50, 0] },
    // two tolerations cover two taints: raw 2 − 2 = 0, 1; 0: 100 − 100·0 ÷ 1 = 100; 1: 100 − 100·1 ÷ 1 = 0
    { tolerations: ['a', 'b'], taints: [['a:PreferNoSchedule', 'b:PreferNoSchedule'], ['c:PreferNoSchedule']], raw: [0, 1], expected: [100, 0] },
    // two tolerations of one taint cover it once: raw 2 − 1 = 1, 0; 1: 100 − 100·1 ÷ 1 = 0; 0: 100 − 100·0 ÷ 1 = 100
    { tolerations: ['a', 'a=1'], taints: [['a=1:PreferNoSchedule', 'b:PreferNoSchedule'], []], raw: [1, 0], expected: [0, 100] },
    // what is covered on all nodes decides nothing: raw 1 − 1 = 0, 1 − 1 = 0, 0; largest 0: 100 each
    { tolerations: ['a'], taints: [['a:PreferNoSchedule'], ['a:PreferNoSchedule'], []], raw: [0, 0, 0], expected: [100, 100, 100] },
    // one in three: raw 1, 3, 2; 1: 100 − ⌊100·1 ÷ 3⌋ = 67; 3: 100 − 100·3 ÷ 3 = 0; 2: 100 − ⌊100·2 ÷ 3⌋ = 34
    { tolerations: [], taints: [['a:PreferNoSchedule'], ['a:PreferNoSchedule', 'b:PreferNoSchedule', 'c:PreferNoSchedule'], ['a:PreferNoSchedule', 'b:PreferNoSchedule']], raw: [1, 3, 2], expected: [67, 0, 34] },
    // six taints against one: raw 6, 1; 6: 100 − 100·6 ÷ 6 = 0; 1: 100 − ⌊100·1 ÷ 6⌋ = 84
    { tolerations: [], taints: [['a:PreferNoSchedule', 'b:PreferNoSchedule', 'c:PreferNoSchedule', 'd:PreferNoSchedule', 'e:PreferNoSchedule', 'f:PreferNoSchedule'], ['a:PreferNoSchedule']], raw: [6, 1], expected: [0, 84] },
    // six taints against five: raw 6, 5; 6: 100 − 100·6 ÷ 6 = 0; 5: 100 − ⌊100·5 ÷ 6⌋ = 17
    { tolerations: [], taints: [['a:PreferNoSchedule', 'b:PreferNoSchedule', 'c:PreferNoSchedule', 'd:PreferNoSchedule', 'e:PreferNoSchedule', 'f:PreferNoSchedule'], ['a:PreferNoSchedule', 'b:PreferNoSchedule', 'c:PreferNoSchedule', 'd:PreferNoSchedule', 'e:PreferNoSchedule']], raw: [6, 5], expected: [0, 17] },
    // seven taints against one and two: raw 7, 1, 2; 7: 100 − 100·7 ÷ 7 = 0; 1: 100 − ⌊100·1 ÷ 7⌋ = 86; 2: 100 − ⌊100·2 ÷ 7⌋ = 72
    { tolerations: [], taints: [['a:PreferNoSchedule', 'b:PreferNoSchedule', 'c:PreferNoSchedule', 'd:PreferNoSchedule', 'e:PreferNoSchedule', 'f:PreferNoSchedule', 'g:PreferNoSchedule'], ['a:PreferNoSchedule'], ['a:PreferNoSchedule', 'b:PreferNoSchedule']], raw: [7, 1, 2], expected: [0, 86, 72] },
    // seven taints, four of them covered: raw 7 − 4 = 3, 2; 3: 100 − 100·3 ÷ 3 = 0; 2: 100 − ⌊100·2 ÷ 3⌋ = 34
    { tolerations: ['a', 'b', 'c', 'd'], taints: [['a:PreferNoSchedule', 'b:PreferNoSchedule', 'c:PreferNoSchedule', 'd:PreferNoSchedule', 'e:PreferNoSchedule', 'f:PreferNoSchedule', 'g:PreferNoSchedule'], ['f:PreferNoSchedule', 'g:PreferNoSchedule']], raw: [3, 2], expected: [0, 34] },
    // one key with two values, one covered: raw 2 − 1 = 1, 0; 1: 100 − 100·1 ÷ 1 = 0; 0: 100 − 100·0 ÷ 1 = 100
    { tolerations: ['a=1'], taints: [['a=1:PreferNoSchedule', 'a=2:PreferNoSchedule'], []], raw: [1, 0], expected: [0, 100] },
    // the same key under both effects, covered for one: raw 1, 2; 1: 100 − 100·1 ÷ 2 = 50; 2: 100 − 100·2 ÷ 2 = 0
    { tolerations: ['a:NoSchedule'], taints: [['a:NoSchedule', 'a:PreferNoSchedule'], ['b:PreferNoSchedule', 'c:PreferNoSchedule']], raw: [1, 2], expected: [50, 0] },
    // a key is met as a whole: raw 1, 1 − 1 = 0; 1: 100 − 100·1 ÷ 1 = 0; 0: 100 − 100·0 ÷ 1 = 100
    { tolerations: ['disk'], taints: [['disk-type:PreferNoSchedule'], ['disk:PreferNoSchedule']], raw: [1, 0], expected: [0, 100] },
    // a key is met in its case: raw 1, 0; 1: 100 − 100·1 ÷ 1 = 0; 0: 100 − 100·0 ÷ 1 = 100
    { tolerations: ['Disk'], taints: [['disk:PreferNoSchedule'], []], raw: [1, 0], expected: [0, 100] },
    // a value is met in its case: raw 1, 1 − 1 = 0; 1: 100 − 100·1 ÷ 1 = 0; 0: 100 − 100·0 ÷ 1 = 100
    { tolerations: ['a=X'], taints: [['a=x:PreferNoSchedule'], ['a=X:PreferNoSchedule']], raw: [1, 0], expected: [0, 100] },
    // a key with a prefix: raw 1 − 1 = 0, 1; 0: 100 − 100·0 ÷ 1 = 100; 1: 100 − 100·1 ÷ 1 = 0
    { tolerations: ['example.com/a'], taints: [['example.com/a:PreferNoSchedule'], ['a:PreferNoSchedule']], raw: [0, 1], expected: [100, 0] },
    // four nodes: 0, 1, 1, 2: raw 0, 1, 1, 2; 0: 100 − 100·0 ÷ 2 = 100; 1: 100 − 100·1 ÷ 2 = 50; 2: 100 − 100·2 ÷ 2 = 0
    { tolerations: [], taints: [[], ['a:PreferNoSchedule'], ['b:PreferNoSchedule'], ['a:PreferNoSchedule', 'b:PreferNoSchedule']], raw: [0, 1, 1, 2], expected: [100, 50, 50, 0] },
    // the worst decides the scale: 4: raw 1, 4, 3; 1: 100 − 100·1 ÷ 4 = 75; 4: 100 − 100·4 ÷ 4 = 0; 3: 100 − 100·3 ÷ 4 = 25
    { tolerations: [], taints: [['a:PreferNoSchedule'], ['a:PreferNoSchedule', 'b:PreferNoSchedule', 'c:PreferNoSchedule', 'd:PreferNoSchedule'], ['a:PreferNoSchedule', 'b:PreferNoSchedule', 'c:PreferNoSchedule']], raw: [1, 4, 3], expected: [75, 0, 25] },
  ];

  it.each(rows)(
    'of tolerations $tolerations on nodes of taints $taints is $raw, normalised $expected',
    ({ tolerations, taints, raw, expected }) => {
      const counts = taints.map((each) => intolerable(tolerationsOf(tolerations), taintsOf(each)));
      expect(counts).toEqual(raw);
      expect(counts.map((count) => normalised(count, Math.max(...counts), true))).toEqual(expected);
    },
  );
});

describe('a taint', () => {
  it.each([
    { text: 'dedicated=trade:NoSchedule', expected: { key: 'dedicated', value: 'trade', effect: 'NoSchedule' } },
    { text: 'gpu:NoExecute', expected: { key: 'gpu', value: '', effect: 'NoExecute' } },
    { text: 'slow=yes:PreferNoSchedule', expected: { key: 'slow', value: 'yes', effect: 'PreferNoSchedule' } },
    { text: 'example.com/a_b-c.d=1.2_3-4:NoSchedule', expected: { key: 'example.com/a_b-c.d', value: '1.2_3-4', effect: 'NoSchedule' } },
    { text: '9=A:NoSchedule', expected: { key: '9', value: 'A', effect: 'NoSchedule' } },
    {
      text: `${'k'.repeat(253)}=${'v'.repeat(63)}:NoSchedule`,
      expected: { key: 'k'.repeat(253), value: 'v'.repeat(63), effect: 'NoSchedule' },
    },
  ])('is read from $text and written in the same way', ({ text, expected }) => {
    const taint = taintSchema().parse(text);
    expect(taint).toEqual(expected);
    expect(taintText(taint)).toBe(text);
  });

  it('has an empty value where nothing follows the equals sign, and is written without it', () => {
    expect(taintSchema().parse('gpu=:NoSchedule')).toEqual({ key: 'gpu', value: '', effect: 'NoSchedule' });
    expect(taintText(taintSchema().parse('gpu=:NoSchedule'))).toBe('gpu:NoSchedule');
  });

  const expected = 'expected a taint such as dedicated=trade:NoSchedule';
  const effects = 'one of NoSchedule, PreferNoSchedule, NoExecute after a colon';
  it.each([
    { input: 5, message: `read 5: ${expected}` },
    { input: true, message: `read true: ${expected}` },
    { input: null, message: `read nothing: ${expected}` },
    { input: { key: 'gpu' }, message: `read a mapping: ${expected}` },
    { input: ['gpu:NoSchedule'], message: `read a list: ${expected}` },
    { input: '', message: `read "": ${expected}` },
    { input: ':NoSchedule', message: `read ":NoSchedule": ${expected}` },
    { input: '=trade:NoSchedule', message: `read "=trade:NoSchedule": ${expected}` },
    { input: '*', message: `read "*": ${expected}` },
    { input: '-gpu:NoSchedule', message: `read "-gpu:NoSchedule": ${expected}` },
    { input: 'gpu:', message: `read "gpu:": ${expected}` },
    { input: ' gpu:NoSchedule', message: `read " gpu:NoSchedule": ${expected}` },
    { input: 'a=b=c:NoSchedule', message: `read "a=b=c:NoSchedule": ${expected}` },
    { input: 'a=b c:NoSchedule', message: `read "a=b c:NoSchedule": ${expected}` },
    { input: `a=${'v'.repeat(64)}:NoSchedule`, message: `read "a=${'v'.repeat(54)}…: ${expected}` },
    { input: 'gpu', message: `read "gpu": add ${effects}` },
    { input: 'dedicated=trade', message: `read "dedicated=trade": add ${effects}` },
    { input: 'gpu:Never', message: `read "gpu:Never": there is no effect "Never": ${effects}` },
    { input: 'gpu:noschedule', message: `read "gpu:noschedule": there is no effect "noschedule": ${effects}` },
    { input: 'gpu:NoSchedule ', message: `read "gpu:NoSchedule ": there is no effect "NoSchedule ": ${effects}` },
    { input: 'a:NoSchedule:NoExecute', message: `read "a:NoSchedule:NoExecute": there is no effect "NoSchedule:NoExecute": ${effects}` },
  ])('is not $input', ({ input, message }) => {
    expect(
      taintSchema()
        .safeParse(input)
        .error?.issues.map((issue) => issue.message),
    ).toEqual([message]);
  });
});

describe('a toleration', () => {
  it.each([
    { text: '*', expected: {} },
    { text: 'gpu', expected: { key: 'gpu' } },
    { text: 'gpu:NoExecute', expected: { key: 'gpu', effect: 'NoExecute' } },
    { text: 'gpu:PreferNoSchedule', expected: { key: 'gpu', effect: 'PreferNoSchedule' } },
    { text: 'dedicated=trade', expected: { key: 'dedicated', value: 'trade' } },
    { text: 'dedicated=', expected: { key: 'dedicated', value: '' } },
    { text: 'dedicated=:NoSchedule', expected: { key: 'dedicated', value: '', effect: 'NoSchedule' } },
    { text: 'dedicated=trade:NoSchedule', expected: { key: 'dedicated', value: 'trade', effect: 'NoSchedule' } },
    { text: 'example.com/a_b=1.2', expected: { key: 'example.com/a_b', value: '1.2' } },
  ])('is read from $text', ({ text, expected }) => {
    expect(tolerationSchema().parse(text)).toEqual(expected);
  });

  const kind = 'expected a toleration such as dedicated=trade:NoSchedule';
  const expected = `${kind}, dedicated, or *`;
  const effects = 'one of NoSchedule, PreferNoSchedule, NoExecute, or none for all of them';
  it.each([
    { input: 5, message: `read 5: ${kind}` },
    { input: null, message: `read nothing: ${kind}` },
    { input: {}, message: `read a mapping: ${kind}` },
    { input: ['*'], message: `read a list: ${kind}` },
    { input: '', message: `read "": ${expected}` },
    { input: '**', message: `read "**": ${expected}` },
    { input: '*:NoSchedule', message: `read "*:NoSchedule": ${expected}` },
    { input: '=trade', message: `read "=trade": ${expected}` },
    { input: ':NoSchedule', message: `read ":NoSchedule": ${expected}` },
    { input: 'gpu:', message: `read "gpu:": ${expected}` },
    { input: 'gpu ', message: `read "gpu ": ${expected}` },
    { input: 'a=b=c', message: `read "a=b=c": ${expected}` },
    { input: 'gpu:Never', message: `read "gpu:Never": there is no effect "Never": ${effects}` },
    { input: 'gpu:*', message: `read "gpu:*": there is no effect "*": ${effects}` },
    { input: 'a=1:NOEXECUTE', message: `read "a=1:NOEXECUTE": there is no effect "NOEXECUTE": ${effects}` },
  ])('is not $input', ({ input, message }) => {
    expect(
      tolerationSchema()
        .safeParse(input)
        .error?.issues.map((issue) => issue.message),
    ).toEqual([message]);
  });
});
