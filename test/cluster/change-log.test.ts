import { expect, it } from 'vitest';
import { ChangeLog } from '../../src/cluster/change-log.ts';

/** The changes from number `from` on. */
const since = (log: ChangeLog, from: number) => Array.from({ length: log.length - from }, (_, i) => log.at(from + i));

it('tells a reader the changes since it stopped, in their order, each time one', () => {
  const log = new ChangeLog(4);
  for (const node of [3, 1, 1]) log.note(node);
  expect([log.length, since(log, 0), since(log, 2), since(log, 3)]).toEqual([3, [3, 1, 1], [1], []]);
});

it('remembers as many as there are nodes, rounded up to a power of two', () => {
  // 3 nodes: 4 changes. After 6, numbers 2 to 5 are remembered.
  const log = new ChangeLog(3);
  for (const node of [0, 1, 2, 0, 1, 2]) log.note(node);
  expect([log.reaches(1), log.reaches(2), since(log, 2)]).toEqual([false, true, [2, 0, 1, 2]]);
  // A reader that has read nothing yet is always behind.
  expect(log.reaches(-Infinity)).toBe(false);
});

it('works for a single node', () => {
  const log = new ChangeLog(1);
  log.note(0);
  expect([log.reaches(0), log.at(0)]).toEqual([true, 0]);
  log.note(0);
  expect([log.reaches(0), log.reaches(1)]).toEqual([false, true]);
});
