import { describe, expect, it } from 'vitest';
import { appName, duration, fromSeconds } from '../../src/base/units.ts';
import { warmPool } from '../../src/strategies/warm-pool.ts';
import type { Action, AppView, Measured, Strategy } from '../../src/strategies/strategy.ts';
import { appView, at, steps, strategyOf, view } from './support.ts';

const gala = appName('gala');
const given = (change: object = {}) => ({
  utilisation: 0.75, pool: 0.2, standby: {}, refill: 'full', trigger: 'both', hold: duration(60e6), period: duration(15e6), ...change,
}); // prettier-ignore
const measured = (offeredPerSecond: number): Measured => ({
  from: at(0), to: at(15), offeredPerSecond, servedPerSecond: offeredPerSecond, successRatio: 1, responseP99: fromSeconds(0.1), utilisation: 0.5,
}); // prettier-ignore
/** Two zones, 300 requests/s a pod at 75 %; an activation takes 12 s. */
const world = (jumps: readonly (readonly [number, number])[], change: Partial<AppView> = {}) =>
  view([appView('gala', steps(600, jumps), change)], []);
/** Pods and pods that stand by, as ordered. */
const scaled = (actions: readonly Action[]) =>
  actions.map((action) => (action.kind === 'scale' ? [action.pods, action.standby] : action.kind));
const look = (strategy: Strategy, of: ReturnType<typeof world>, seconds: number) =>
  scaled(strategy.decide({ ...of, now: at(seconds), because: 'period' }));

describe('warm-pool', () => {
  // 600/s are 2 pods, 1,800/s 6, 3,000/s 10.
  const rising = [[0, 600], [300, 3000], [400, 1800]] as const; // prettier-ignore

  it('opens with the pods for what is near and a share of the largest fleet that stands by, in whole pods per zone', () => {
    // A fifth of 10 pods is 2, one in each zone; a quarter is 2.5, 2 in each.
    expect(scaled(strategyOf(warmPool, given()).open(world(rising)))).toEqual([[2, 2]]);
    expect(scaled(strategyOf(warmPool, given({ pool: 0.25 })).open(world(rising)))).toEqual([[2, 4]]);
    expect(scaled(strategyOf(warmPool, given({ standby: { gala: 7 } })).open(world(rising)))).toEqual([[2, 7]]);
  });

  it('wants the pods of the forecast an activation and a period ahead, and keeps them for the hold', () => {
    // 12 + 15 = 27 s ahead: the rise at 300 s is seen from 273 s on, at 285 s. The fall at 400 s is believed 60 s later.
    const strategy = strategyOf(warmPool, given());
    const of = world(rising);
    strategy.open(of);
    expect([255, 270, 285, 300, 450, 465].map((now) => look(strategy, of, now))).toEqual([[], [], [[10, 2]], [], [], [[6, 2]]]);
    const eager = strategyOf(warmPool, given({ lead: duration(60e6) }));
    eager.open(of);
    expect([225, 240].map((now) => look(eager, of, now))).toEqual([[], [[10, 2]]]);
  });

  it('wants the pods of the measured load, if that is more, and keeps them for the hold', () => {
    // 1,500/s measured once are 6 pods (⌈750 ÷ 300⌉ = 3 in each zone), up to 60 s after they were last measured.
    const strategy = strategyOf(warmPool, given());
    const quiet = world([[0, 600]]);
    strategy.open(quiet);
    expect(look(strategy, world([[0, 600]], { measured: measured(1500) }), 15)).toEqual([[6, 2]]);
    expect([30, 75, 90].map((now) => look(strategy, quiet, now))).toEqual([[], [], [[2, 2]]]);
  });

  it('keeps what it opened for until something is measured', () => {
    // 1,800/s are 6 pods; nothing measured is not no load. Measured once, 600/s are believed when the opening has been held for 60 s.
    const strategy = strategyOf(warmPool, given({ trigger: 'load' }));
    const unmeasured = world([[0, 1800]]);
    expect(scaled(strategy.open(unmeasured))).toEqual([[6, 2]]);
    expect([15, 30].map((now) => look(strategy, unmeasured, now))).toEqual([[], []]);
    const low = world([[0, 1800]], { measured: measured(600) });
    expect([45, 60, 75].map((now) => look(strategy, low, now))).toEqual([[], [], [[2, 2]]]);
  });

  it('looks at one of them only, if it is told to', () => {
    const load = strategyOf(warmPool, given({ trigger: 'load' }));
    load.open(world(rising));
    expect(look(load, world(rising, { measured: measured(900) }), 300)).toEqual([[4, 2]]); // ⌈450 ÷ 300⌉ = 2 in each zone
    const forecast = strategyOf(warmPool, given({ trigger: 'forecast' }));
    forecast.open(world(rising));
    expect(look(forecast, world(rising, { measured: measured(9000) }), 15)).toEqual([]);
    expect([load.plan === undefined, forecast.plan === undefined]).toEqual([true, false]);
  });

  it('fills the pool with no more than the forecast may still need, if it is told to', () => {
    // 10 pods at most are needed until 400 s, then 6. Before the rise 8 more, of which the pool holds 6; at the peak none; nor later.
    const strategy = strategyOf(warmPool, given({ pool: 0.6, refill: 'needed' }));
    const of = world(rising);
    expect(scaled(strategy.open(of))).toEqual([[2, 6]]);
    expect([285, 465].map((now) => look(strategy, of, now))).toEqual([[[10, 0]], [[6, 0]]]);
  });

  it('plans by the forecast, pods that stand by included', () => {
    const plan = strategyOf(warmPool, given()).plan?.(world(rising)) ?? [];
    expect(plan).toHaveLength(40); // 600 s in steps of 15
    expect([0, 18, 19, 30, 31].map((step) => [plan[step]?.exclusive.get(gala), plan[step]?.standby?.get(gala)])).toEqual([
      [2, 2], [2, 2], [10, 2], [10, 2], [6, 2],
    ]); // prettier-ignore
  });

  it('sizes the pool by the forecast that it opens with, whatever it has planned by before', () => {
    const strategy = strategyOf(warmPool, given({ pool: 1 }));
    strategy.plan?.(world([[0, 600]]));
    expect(scaled(strategy.open(world(rising)))).toEqual([[2, 10]]);
  });

  it('does nothing when it is asked for another reason than its period', () => {
    const strategy = strategyOf(warmPool, given());
    strategy.open(world(rising));
    expect(strategy.decide({ ...world(rising), now: at(300), because: 'operation' })).toEqual([]);
  });
});
