import { expect, it } from 'vitest';
import { z } from 'zod';
import { fromSeconds, time } from '../../src/base/units.ts';
import type { Action, View } from '../../src/strategies/strategy.ts';
import { defineStrategy } from '../../src/strategies/strategy.ts';
import { sharedWorld, staged } from '../strategies/support.ts';
import { play } from './support.ts';

/** Runs a strategy in the world of the strategies' tests and returns its calls: the second, the reason, and the states of the operations that it is told of. */
function asked(open: (view: View) => readonly Action[], decide: (view: View) => readonly Action[] = () => [], plan?: () => never) {
  const calls: [number, View['because'], ...string[]][] = [];
  const noted = (view: View): View => {
    calls.push([view.now / 1e6, view.because, ...view.operations.map(({ state }) => state)]);
    return view;
  };
  const mine = defineStrategy({
    name: 'mine',
    summary: 'a strategy of a test',
    options: () => z.strictObject({}),
    create: () => ({ open: (view) => open(noted(view)), decide: (view) => decide(noted(view)), ...(plan && { plan }) }),
  });
  play(staged(sharedWorld, mine, '{}'), 'mine', 0, { strategies: [mine] });
  return calls;
}
const scales = ({ apps }: View): readonly Action[] => apps.map(({ name }) => ({ kind: 'scale', app: name, pods: 2 }));
const wake = (seconds: number): Action => ({ kind: 'wake', at: time(fromSeconds(seconds)) });

it('asks once for a moment, however often it was asked to', () => {
  expect(asked((view) => [...scales(view), wake(20), wake(10), wake(20)])).toEqual([
    [0, 'start'],
    [10, 'wake'],
    [20, 'wake'],
  ]);
});

it('asks again for a moment that is asked for again', () => {
  const calls = asked(
    (view) => [...scales(view), wake(10)],
    ({ now }) => (now < fromSeconds(12) ? [wake(now / 1e6 + 1)] : []),
  );
  expect(calls.map(([at]) => at)).toEqual([0, 10, 11, 12]);
});

it('tells of an opening order that was refused at the first call after', () => {
  expect(asked((view) => [...scales(view), { kind: 'pause', operation: 99 as never }, wake(10)])).toEqual([
    [0, 'start'],
    [10, 'wake', 'refused'],
  ]);
});

it('names a plan that throws', () => {
  const thrown = () => {
    throw new TypeError('no luck');
  };
  expect(() => asked(scales, () => [], thrown)).toThrow(
    /^strategy mine: its plan\(view\) threw: TypeError: no luck \(asking\.test\.ts:\d+:\d+\)$/,
  );
});
