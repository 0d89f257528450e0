import { expect, it } from 'vitest';
import { roundUp } from '../../src/base/round-up.ts';

it.each([
  [0.07 * 100, 7], // 7.000000000000001
  [0.29 * 100, 29], // 28.999999999999996
  [1.1 * 3, 4], // 3.3
  [0.03 * 100, 3],
  [2.0000001, 3],
  [0, 0],
])('%d rounded up is %d', (x, whole) => {
  expect(roundUp(x)).toBe(whole);
});
