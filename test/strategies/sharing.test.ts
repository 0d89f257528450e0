import { expect, it, describe } from 'vitest';
import { appName, duration, fromSeconds, groupName } from '../../src/base/units.ts';
import { Streams } from '../../src/random/streams.ts';
import { fleetOf } from '../../src/strategies/sharing.ts';
import { podsFor } from '../../src/strategies/sizing.ts';
import type { Action, AppView, GroupView, Measured, OperationView, Strategy } from '../../src/strategies/strategy.ts';
import { timeSharePredictive } from '../../src/strategies/time-share-predictive.ts';
import { timeShareReactive } from '../../src/strategies/time-share-reactive.ts';
import { appView, at, groupView, ordered, steps, strategyOf, view } from './support.ts';

const rollout = { batches: [1], by: 'spread', pause: duration(0), observe: duration(20e6), order: 'break-before-make', gate: undefined } as const; // prettier-ignore
const given = (change: object = {}) => ({ utilisation: 0.75, slots: {}, pods: {}, least: 0.02, dwell: fromSeconds(120), hold: fromSeconds(60), period: fromSeconds(15), rollout, ...change }); // prettier-ignore
const sizing = { utilisation: 0.75, lead: duration(0), slots: undefined, pods: {} };
type Jumps = readonly (readonly [number, number])[];
/** Apps of 300 requests/s a pod at 75 %, in two zones, on slots of 5 cores. */
const world = (curves: Readonly<Record<string, Jumps>>, change: Partial<AppView> = {}) =>
  view(Object.entries(curves).map(([name, jumps]) => appView(name, steps(600, jumps), change)), [groupView('night', Object.keys(curves), 5000)]); // prettier-ignore
const group = (of: ReturnType<typeof world>): GroupView => of.groups[0] as GroupView;

describe('the fleet of apps that share slots', () => {
  // 3,000/s are 10 pods, one after the other: a slot of 5 cores instead of two pods of 4, as many as both need but the one in each zone.
  it('has slots for what the members need in turn, and pods outside for what they need at once', () => {
    const inTurn = world({ gala: [[0, 3000], [300, 600]], sale: [[0, 600], [300, 3000]] }); // prettier-ignore
    expect(fleetOf(inTurn, group(inTurn), sizing)).toEqual({ slots: 8, outside: new Map([['gala', 2], ['sale', 2]]) }); // prettier-ignore
    const atOnce = world({ gala: [[0, 3000]], sale: [[0, 3000]] }); // prettier-ignore
    expect(fleetOf(atOnce, group(atOnce), sizing).outside).toEqual(new Map([['gala', 10], ['sale', 10]])); // prettier-ignore
  });

  it('keeps what is given', () => {
    const of = world({ gala: [[0, 3000], [300, 600]], sale: [[0, 600], [300, 3000]] }); // prettier-ignore
    expect(fleetOf(of, group(of), { ...sizing, slots: 4 })).toEqual({ slots: 4, outside: new Map([['gala', 6], ['sale', 6]]) }); // prettier-ignore
    expect(fleetOf(of, group(of), { ...sizing, pods: { [appName('gala')]: 6 } }).outside.get(appName('gala'))).toBe(6);
    expect(fleetOf(of, group(of), { ...sizing, pods: { [appName('gala')]: 6 } }).slots).toBe(4); // sale's are cheaper outside beyond them
  });

  it('reserves as few cores as any, or hardly more, on random forecasts of two and three members', () => {
    const uniform = new Streams(5).stream('sharing');
    let exact = 0;
    for (let trial = 0; trial < 60; trial++) {
      const names = ['a', 'b', 'c'].slice(0, 2 + (trial % 2));
      const curves = Object.fromEntries(names.map((name) => [name, Array.from({ length: 10 }, (_, k) => [60 * k, 600 * (1 + Math.floor(6 * uniform()))] as const)])); // prettier-ignore
      const of = world(curves);
      const found = fleetOf(of, group(of), sizing);
      const needs = names.map((name) => Array.from({ length: 10 }, (_, k) => podsFor(of.app(appName(name)), (curves[name]?.[k]?.[1] as number), 0.75, 2))); // prettier-ignore
      const cores = (fleet: readonly number[], slots: number): number => 4 * fleet.reduce((sum, each) => sum + each, 0) + 5 * slots;
      const slotsOf = (fleet: readonly number[]): number => Math.max(1, ...Array.from({ length: 10 }, (_, k) => needs.reduce((sum, need, m) => sum + Math.max(0, (need[k] as number) - (fleet[m] as number)), 0))); // prettier-ignore
      let least = Infinity;
      const all = (fleet: readonly number[]): void => {
        if (fleet.length < names.length) for (let pods = 2; pods <= 12; pods += 2) all([...fleet, pods]);
        else least = Math.min(least, cores(fleet, slotsOf(fleet)));
      };
      all([]);
      const fleet = names.map((name) => found.outside.get(appName(name)) as number);
      expect(cores(fleet, found.slots), `trial ${String(trial)}`).toBeLessThanOrEqual(1.04 * least);
      if (cores(fleet, found.slots) === least) exact++;
      expect(found.slots).toBe(slotsOf(fleet));
    }
    expect(exact).toBeGreaterThanOrEqual(45);
  });
});

/** A group whose slots are held so. */
const holding = (held: Readonly<Record<string, number>>): GroupView => ({
  ...groupView('night', Object.keys(held), 5000, Object.values(held).reduce((sum, each) => sum + each, 0)),
  held: (app) => held[app] ?? 0,
}); // prettier-ignore
const loads = (rates: Readonly<Record<string, number>>, now: number) =>
  Object.entries(rates).map(([name, rate]) => {
    const measured: Measured = { from: at(now - 10), to: at(now), offeredPerSecond: rate, servedPerSecond: rate, successRatio: 1, responseP99: fromSeconds(0.1), utilisation: 0.5 }; // prettier-ignore
    return appView(name, steps(600, [[0, 600]]), { measured });
  });
const switches = (actions: readonly Action[]) => actions.map((action) => (action.kind === 'switch' ? `${action.from}→${action.to} ${String(action.slots)}` : action.kind)); // prettier-ignore

describe('time-share-reactive', () => {
  const opened = (change: object = {}): Strategy => {
    const strategy = strategyOf(timeShareReactive, given({ pods: { gala: 2, sale: 2 }, slots: { night: 8 }, ...change }));
    expect(ordered(strategy.open(world({ gala: [[0, 3000]], sale: [[0, 600]] })))).toEqual({ night: [8, 'gala'], gala: 2, sale: 2 });
    return strategy;
  };
  const look = (strategy: Strategy, now: number, rates: Record<string, number>, held: Record<string, number>, operations: readonly OperationView[] = []) =>
    switches(strategy.decide({ ...view(loads(rates, now), [holding(held)], { operations }), now: at(now), because: 'period' })); // prettier-ignore

  it('gives slots that were not needed for the hold to the app whose load needs them', () => {
    const strategy = opened();
    const all = { gala: 8, sale: 0 };
    expect(look(strategy, 10, { gala: 3000, sale: 600 }, all)).toEqual([]);
    // 1,800/s take 6 pods, 2 of them outside; at 70 s gala's 3,000/s of 10 s are 60 s ago.
    expect(look(strategy, 30, { gala: 600, sale: 1800 }, all)).toEqual([]);
    expect(look(strategy, 70, { gala: 600, sale: 1800 }, all)).toEqual([]);
    expect(look(strategy, 71, { gala: 600, sale: 1800 }, all)).toEqual(['gala→sale 4']);
  });

  it('gives no more than is to spare, and nothing while a switch is under way', () => {
    const strategy = opened();
    const all = { gala: 8, sale: 0 };
    expect(look(strategy, 10, { gala: 1800, sale: 3000 }, all)).toEqual(['gala→sale 4']);
    const order = { kind: 'switch', group: groupName('night'), from: appName('gala'), to: appName('sale'), slots: 4, rollout } as const;
    const under = [{ id: 1, order, by: 'strategy', state: 'running', requested: 4, done: 0, failed: 0, reason: undefined } as unknown as OperationView]; // prettier-ignore
    expect(look(opened(), 10, { gala: 1800, sale: 3000 }, all, under)).toEqual([]);
  });

  it('does not move slots to and fro: what an app took it keeps for the dwell', () => {
    const strategy = opened({ hold: duration(0) });
    expect(look(strategy, 10, { gala: 600, sale: 3000 }, { gala: 8, sale: 0 })).toEqual(['gala→sale 8']);
    // The load turns at once; 120 s later it may turn the slots as well.
    for (const now of [25, 60, 129]) expect(look(strategy, now, { gala: 3000, sale: 600 }, { gala: 0, sale: 8 })).toEqual([]);
    expect(look(strategy, 130, { gala: 3000, sale: 600 }, { gala: 0, sale: 8 })).toEqual(['sale→gala 8']);
  });

  it('leaves it where it is not worth it, or nothing is measured', () => {
    expect(look(opened({ least: 0.5 }), 10, { gala: 600, sale: 1200 }, { gala: 8, sale: 0 })).toEqual([]);
    expect(look(opened({ least: 0.25 }), 10, { gala: 600, sale: 1200 }, { gala: 8, sale: 0 })).toEqual(['gala→sale 2']);
    const blind = view([appView('gala', undefined), appView('sale', undefined)], [holding({ gala: 8, sale: 0 })]);
    expect(opened().decide({ ...blind, now: at(10), because: 'period' })).toEqual([]);
  });
});

describe('time-share-predictive', () => {
  // A batch of 20 s of observation and 40 s beside it: a minute ahead.
  const curves = { gala: [[0, 3000], [250, 600]], sale: [[0, 600], [300, 1800], [400, 3000]] } as const; // prettier-ignore
  const look = (strategy: Strategy, now: number, held: Record<string, number>) =>
    switches(strategy.decide({ ...world(curves), groups: [holding(held)], group: () => holding(held), now: at(now), because: 'period' }));

  it('begins a switch so that it is over when the forecast crosses, and brings what is needed until the next could be over', () => {
    const strategy = strategyOf(timeSharePredictive, given({ hold: duration(0), slots: { night: 8 }, pods: { gala: 2, sale: 2 } }));
    expect(ordered(strategy.open(world(curves)))).toEqual({ night: [8, 'gala'], gala: 2, sale: 2 });
    expect(look(strategy, 225, { gala: 8, sale: 0 })).toEqual([]);
    // At 240 s gala still needs all of it; at 250 s nothing, and sale needs 4 from 300 s on, all 8 from 400 s on: not within 120 s.
    expect(look(strategy, 240, { gala: 8, sale: 0 })).toEqual([]);
    expect(look(strategy, 255, { gala: 8, sale: 0 })).toEqual(['gala→sale 4']);
    const later = strategyOf(timeSharePredictive, given({ hold: duration(0), slots: { night: 8 }, pods: { gala: 2, sale: 2 } }));
    later.open(world(curves));
    expect(look(later, 285, { gala: 8, sale: 0 })).toEqual(['gala→sale 8']);
  });

  it('waits where the giver needs its slots again soon', () => {
    const again = { gala: [[0, 3000], [250, 600], [420, 3000]], sale: [[0, 600], [300, 1800]] } as const; // prettier-ignore
    const strategy = (hold: number) => {
      const made = strategyOf(timeSharePredictive, given({ hold: fromSeconds(hold), slots: { night: 8 }, pods: { gala: 2, sale: 2 } }));
      made.open(world(again));
      return switches(made.decide({ ...world(again), groups: [holding({ gala: 8, sale: 0 })], now: at(255), because: 'period' }));
    };
    expect(strategy(0)).toEqual(['gala→sale 4']);
    expect(strategy(60)).toEqual([]);
  });
});
