import { describe, expect, it } from 'vitest';
import { DeficitSplit, meanProportion, type Missing } from '../../src/serving/fluid/deficit.ts';
import { sum } from './support.ts';

function split(
  of: DeficitSplit,
  length: number,
  d: readonly [number, number],
  missing: Missing,
  u: readonly [number, number],
): { deficit: number[]; unserved: number[] } {
  const [deficit, unserved] = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  of.add(length, d[0], d[1], missing, u[0], u[1], deficit, unserved);
  return { deficit, unserved };
}
const constant = (...missing: number[]): Missing => ({ start: missing, end: missing });
const close = (actual: readonly number[], expected: readonly number[]): void =>
  expected.forEach((value, k) => expect(actual[k], `cause ${String(k)}`).toBeCloseTo(value, 9));

describe('the split of a deficit between causes', () => {
  it('covers it by fault, switch and cold start in this order, and leaves the rest undersized', () => {
    // 100/s for 2 s: fault 30, switch 50, cold start 20 of its 40, nothing undersized; and with less missing, 100 − 30 − 10 − 5 = 55 undersized.
    const all = new DeficitSplit();
    close(split(all, 2, [100, 100], constant(30, 50, 40), [10, 10]).deficit, [60, 100, 40, 0]);
    close(split(all, 2, [100, 100], constant(30, 10, 5), [10, 10]).deficit, [60, 20, 10, 110]);
    close(split(all, 2, [100, 100], constant(30, 10, 5), [10, 10]).unserved, [6, 2, 1, 11]);
  });

  it('changes causes where the deficit passes what a cause is missing', () => {
    // d from 0 to 100 in 10 s, fault 40: reached at 4 s. Fault ½·4·40 + 6·40 = 320, the rest ½·6·60 = 180.
    const { deficit, unserved } = split(new DeficitSplit(), 10, [0, 100], constant(40, 0, 0), [7, 7]);
    close(deficit, [320, 0, 0, 180]);
    // Unserved 7/s: all fault until 4 s; then 40/d with d = 10t: 7·∫4/t dt from 4 to 10 = 28·ln 2.5.
    close(unserved, [28 + 28 * Math.log(2.5), 0, 0, 42 - 28 * Math.log(2.5)]);
  });

  it('gives what is unserved without a deficit to the causes of the last one, and before the first to undersized', () => {
    const causes = new DeficitSplit();
    close(split(causes, 1, [0, 0], constant(0, 0, 0), [4, 4]).unserved, [0, 0, 0, 4]);
    split(causes, 1, [50, 100], constant(25, 0, 50), [0, 0]);
    close(split(causes, 2, [0, 0], constant(0, 0, 0), [4, 4]).unserved, [2, 0, 4, 2]);
    // A deficit that falls to nothing ends as what is covered first.
    split(causes, 1, [100, 0], constant(0, 30, 0), [0, 0]);
    close(split(causes, 1, [0, 0], constant(0, 0, 0), [4, 4]).unserved, [0, 4, 0, 0]);
  });

  it('uses the proportions of the same instant for what is dropped at once', () => {
    const causes = new DeficitSplit();
    const unserved = [0, 0, 0, 0];
    causes.note(100, [20, 0, 30]);
    causes.instant(10, unserved);
    causes.note(0, [5, 5, 5]);
    causes.instant(10, unserved);
    close(unserved, [4, 0, 6, 10]);
  });

  it('adds up to the whole, wherever it is cut', () => {
    let state = 5;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    for (let i = 0; i < 500; i++) {
      const some = (): number => (random() < 0.2 ? 0 : 100 * random());
      const [d, u] = [[some(), some()] as [number, number], [some(), some()] as [number, number]];
      const missing = { start: [some(), some(), some()], end: [some(), some(), some()] };
      const whole = split(new DeficitSplit(), 3, d, missing, u);
      if (d[0] + d[1] > 0) expect(sum(whole.deficit)).toBeCloseTo((3 * (d[0] + d[1])) / 2, 9);
      expect(sum(whole.unserved)).toBeCloseTo((3 * (u[0] + u[1])) / 2, 9);
      const x = random();
      const at = ([a, b]: readonly [number, number]): number => a + (b - a) * x;
      const middle = missing.start.map((start, k) => at([start, missing.end[k] as number]));
      const halves = new DeficitSplit();
      const first = split(halves, 3 * x, [d[0], at(d)], { start: missing.start, end: middle }, [u[0], at(u)]);
      const second = split(halves, 3 * (1 - x), [at(d), d[1]], { start: middle, end: missing.end }, [at(u), u[1]]);
      close(
        first.deficit.map((value, k) => value + (second.deficit[k] as number)),
        whole.deficit,
      );
      close(
        first.unserved.map((value, k) => value + (second.unserved[k] as number)),
        whole.unserved,
      );
    }
  });

  it('integrates u·p/d as a fine midpoint sum does, for any change of d', () => {
    for (const d1 of [0, 0.001, 5, 9, 9.99, 10, 10.4, 11.2, 20, 1000]) {
      const [p0, p1, u0, u1] = [4, d1 * 0.7, 3, 8];
      let sums = 0;
      const n = 20_000;
      for (let i = 0; i < n; i++) {
        const x = (i + 0.5) / n;
        sums += ((u0 + (u1 - u0) * x) * (p0 + (p1 - p0) * x)) / (10 + (d1 - 10) * x) / n;
      }
      expect(meanProportion(u0, u1, p0, p1, 10, d1)).toBeCloseTo(sums, 5);
    }
    // The series and the closed form meet where one takes over.
    expect(meanProportion(3, 8, 4, 7, 10, 11.1111111)).toBeCloseTo(meanProportion(3, 8, 4, 7, 10, 11.1111112), 7);
  });
});
