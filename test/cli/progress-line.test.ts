import { expect, it } from 'vitest';
import { defaultJobs } from '../../src/experiments/jobs.ts';
import { paceOf } from '../../src/cli/progress-line.ts';

it('the pace is runs per second and what is left, once there is something to tell it from', () => {
  expect([paceOf(2.9, 5, 0.5), paceOf(10, 5, 0.009)]).toEqual(['', '']);
  expect(paceOf(10, 5, 0.5)).toBe(', 0.50 runs/s, about 10 s left');
  expect(paceOf(10, 0, 0.1)).toBe(', about 2 min left');
  expect(paceOf(60, 300, 0.01)).toBe(', 5.0 runs/s, about 1 h 39 min left');
  expect(paceOf(600, 12, 0.9)).toBe(', 0.020 runs/s, about 67 s left');
});

it('one worker per core, fewer where memory is short, and always one', () => {
  expect([defaultJobs(8, 64e9), defaultJobs(8, 1.6e9), defaultJobs(8, 1e6), defaultJobs(1, 64e9)]).toEqual([8, 3, 1, 1]);
});
