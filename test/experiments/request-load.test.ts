import { expect, it } from 'vitest';
import { checkRequests, expectedRequests } from '../../src/experiments/request-load.ts';
import { scenario } from '../simulation/support.ts';

it('counts the requests of a run before it begins, and refuses too many with what would do', () => {
  // Traffic of scenarios/tiny.yaml without noise: counted by a run of it.
  const all = expectedRequests(scenario('tiny', ['fidelity=request']));
  expect(all).toBeGreaterThan(1e6);
  expect(expectedRequests(scenario('tiny', ['fidelity=request', 'sample=10%']))).toBeCloseTo(all / 10, 6);
  expect(expectedRequests(scenario('tiny'))).toBe(0);
  expect(() => {
    checkRequests(scenario('tiny', ['fidelity=request', 'limits.requests=100000']));
  }).toThrow(
    /^tiny: each run would simulate 1,\d{3},\d{3} requests one by one, and limits\.requests allows 100,000 .* --set sample=8\.\d%/,
  );
  checkRequests(scenario('tiny', ['fidelity=request', 'limits.requests=2000000']));
  const small = (limit: number, ...set: string[]) => scenario('tiny', ['fidelity=request', `limits.requests=${String(limit)}`, ...set]);
  for (const limit of [1000, 35_000, Math.floor(all) - 1]) {
    let message = '';
    try {
      checkRequests(small(limit));
    } catch (error) {
      message = (error as Error).message;
    }
    // What it advises is accepted.
    checkRequests(small(limit, /--set (sample=[\d.]+%)/.exec(message)![1]!));
  }
  // What really comes counts, not what was expected.
  expect(expectedRequests(scenario('tiny', ['fidelity=request', 'defaults.forecast.level.factor=1%']))).toBe(all);
});
