import { describe, expect, it } from 'vitest';
import { appName, operationId } from '../../src/base/units.ts';
import { ScenarioError } from '../../src/scenario/scenario-error.ts';
import type { OperationView } from '../../src/strategies/strategy.ts';
import { vacateAndMove } from '../../src/strategies/vacate-and-move.ts';
import { appView, at, ordered, sharedWorld, staged, steps, strategyOf, view, wakes } from './support.ts';

// 300/s a pod at 75 %, two zones. gala needs 6 pods until 300 s, then 2; sale 2 until 350 s, then 6, and 4 from 500 s on; site 2 always.
const apps = [
  appView(
    'gala',
    steps(600, [
      [0, 1800],
      [300, 300],
    ]),
  ),
  appView(
    'sale',
    steps(600, [
      [0, 300],
      [350, 1800],
      [500, 1200],
    ]),
  ),
  appView('site', steps(600, [[0, 200]])),
];
const seen = (now: number, operations: readonly OperationView[] = []) =>
  view(apps, [], { now: at(now), because: now === 0 ? 'start' : 'wake', operations });
const [gala, sale, site] = ['gala', 'sale', 'site'].map(appName);
const move = (time: number, from: string, to: string) => ({ at: at(time), from: appName(from), to: appName(to) });
const scaling = (id: number, name: string, state: OperationView['state']): OperationView => ({
  id: operationId(id), by: 'strategy', order: { kind: 'scale', app: appName(name), pods: 2 }, state, requested: 4, done: 0, failed: 0, reason: undefined,
}); // prettier-ignore

describe('vacate-and-move', () => {
  const make = (...plan: readonly object[]) => strategyOf(vacateAndMove, { utilisation: 0.75, plan });

  it('opens with what each app needs until its first move, and asks to be woken at the moves', () => {
    const actions = make(move(330, 'gala', 'sale')).open(seen(0));
    // gala until 330 s: 6. sale until 330 s: 2. site, in no move: its peak.
    expect(ordered(actions)).toEqual({ gala: 6, sale: 2, site: 2 });
    expect(wakes(actions)).toEqual([330]);
  });

  it('shrinks the giver first, and makes the taker’s pods only when the giver’s are gone', () => {
    const strategy = make(move(330, 'gala', 'sale'));
    strategy.open(seen(0));
    expect(strategy.decide(seen(330))).toEqual([{ kind: 'scale', app: gala, pods: 2 }]);
    expect(strategy.decide(seen(335, [scaling(3, 'gala', 'running'), scaling(4, 'site', 'done')]))).toEqual([]);
    expect(strategy.decide(seen(340, [scaling(3, 'gala', 'done')]))).toEqual([{ kind: 'scale', app: sale, pods: 6 }]);
    expect(strategy.decide(seen(350, [scaling(5, 'sale', 'done')]))).toEqual([]);
  });

  it('does nothing when it is asked before its time', () => {
    const strategy = make(move(330, 'gala', 'sale'));
    expect(strategy.decide(seen(329))).toEqual([]);
    expect(strategy.decide(seen(331))).toEqual([{ kind: 'scale', app: gala, pods: 2 }]);
  });

  it('sizes each app from a move to the next one in which it takes part', () => {
    const strategy = make(move(330, 'gala', 'sale'), move(520, 'sale', 'site'));
    // From 330 to 520 s sale needs 6; after 520 s 4. site has its peak until 520 s, and after it.
    expect(
      strategy
        .plan?.(seen(0))
        .map(({ from, exclusive, slots }) => [
          from / 1e6,
          ...[gala, sale, site].map((app) => exclusive.get(app ?? appName(''))),
          slots.size,
        ]),
    ).toEqual([
      [0, 6, 2, 2, 0],
      [330, 2, 6, 2, 0],
      [520, 2, 4, 2, 0],
    ]);
    strategy.decide(seen(330));
    strategy.decide(seen(340));
    expect(strategy.decide(seen(520))).toEqual([{ kind: 'scale', app: sale, pods: 4 }]);
    expect(strategy.decide(seen(530))).toEqual([{ kind: 'scale', app: site, pods: 2 }]);
  });

  it('vacates two givers side by side', () => {
    const strategy = make(move(330, 'gala', 'sale'), move(332, 'site', 'gala'));
    expect(strategy.decide(seen(333))).toEqual([
      { kind: 'scale', app: gala, pods: 2 },
      { kind: 'scale', app: site, pods: 2 },
    ]);
    expect(strategy.decide(seen(334, [scaling(1, 'gala', 'running')]))).toEqual([{ kind: 'scale', app: gala, pods: 2 }]); // site had nothing to give
    expect(strategy.decide(seen(345))).toEqual([{ kind: 'scale', app: sale, pods: 6 }]);
  });

  it.each([
    {
      what: 'a giver that is its own taker',
      plan: '[{ at: 00:05, from: gala, to: gala }]',
      path: 'plan.0.to',
      message: 'giver and taker are both gala',
    },
    {
      what: 'moves that go back in time',
      plan: '[{ at: 00:05, from: gala, to: sale }, { at: 00:04, from: sale, to: site }]',
      path: 'plan.1.at',
      message: 'is not later than the move before it',
    },
    {
      what: 'two moves at once',
      plan: '[{ at: 00:05, from: gala, to: sale }, { at: 00:05, from: sale, to: site }]',
      path: 'plan.1.at',
      message: 'is not later than the move before it',
    },
    { what: 'no move', plan: '[]', path: 'plan', message: 'expected at least one move' },
    {
      what: 'an unknown app',
      plan: '[{ at: 00:05, from: gale, to: sale }]',
      path: 'plan.0.from',
      message: 'there is no app "gale"; known: gala, sale, site',
    },
    {
      what: 'a time beyond the horizon',
      plan: '[{ at: 00:11, from: gala, to: sale }]',
      path: 'plan.0.at',
      message: 'read "00:11": is 11m after the start, beyond the horizon of 10m',
    },
  ])('refuses $what', ({ plan, path, message }) => {
    expect(issuesOf(() => staged(sharedWorld, vacateAndMove, `{ plan: ${plan} }`))).toContainEqual([
      `strategies.vacate-and-move.${path}`,
      message,
    ]);
  });
});

function issuesOf(call: () => unknown): readonly (readonly [string, string])[] {
  try {
    call();
  } catch (error) {
    if (error instanceof ScenarioError) return error.issues.map((issue) => [issue.path.map(String).join('.'), issue.message]);
    throw error;
  }
  return [];
}
