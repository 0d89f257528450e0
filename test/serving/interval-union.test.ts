import { expect, it } from 'vitest';
import { unionSeconds } from '../../src/serving/interval-union.ts';

const intervals = (...pairs: readonly (readonly [number, number])[]) => pairs.map(([from, to]) => ({ from: from * 1e6, to: to * 1e6 }));

it('counts time that lies in any of several lists once', () => {
  // [0, 3) ∪ [2, 5) ∪ [4, 4.5) = 5 s; [7, 8) touches [8, 9): 2 s.
  expect(unionSeconds([intervals([0, 3], [7, 8]), intervals([2, 5], [8, 9]), intervals([4, 4.5])])).toBeCloseTo(7, 12);
  expect(unionSeconds([[], []])).toBe(0);
});

it('clips to a window', () => {
  const lists = [intervals([0, 3], [7, 8]), intervals([2, 5])];
  expect(unionSeconds(lists, 1e6, 7.5e6)).toBeCloseTo(4.5, 12);
  expect(unionSeconds(lists, 5e6, 7e6)).toBe(0);
});
