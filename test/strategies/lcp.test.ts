import { describe, expect, it } from 'vitest';
import { duration, fromSeconds } from '../../src/base/units.ts';
import { Streams } from '../../src/random/streams.ts';
import { lazyBounds, lcp } from '../../src/strategies/lcp.ts';
import type { Action, AppView } from '../../src/strategies/strategy.ts';
import { appView, at, prices, steps, strategyOf, view } from './support.ts';

/** Cheapest plan by dynamic programming over all sizes; a pod costs 1 a step, and `up` when it comes, `down` when it goes. Returns the sizes at `place` of all cheapest plans, and the cost. */
function cheapest(needs: readonly number[], place: number, up: number, down: number): { readonly sizes: readonly number[]; readonly cost: number } {
  const most = Math.max(...needs);
  const all = Array.from({ length: most + 1 }, (_, x) => x);
  const change = (a: number, b: number): number => (b > a ? up * (b - a) : down * (a - b));
  const held = (i: number, x: number): number => (x < (needs[i] as number) ? Infinity : x);
  let before = all.map((x) => held(0, x) + change(0, x));
  const forward = [before];
  for (let i = 1; i < needs.length; i++) forward.push((before = all.map((x) => held(i, x) + Math.min(...all.map((y) => (before[y] as number) + change(y, x))))));
  let after = all.map(() => 0);
  for (let i = needs.length - 1; i > place; i--) after = all.map((x) => Math.min(...all.map((y) => (after[y] as number) + held(i, y) + change(x, y))));
  const through = all.map((x) => ((forward[place] as number[])[x] as number) + (after[x] as number));
  const cost = Math.min(...through);
  return { sizes: all.filter((x) => (through[x] as number) <= cost + 1e-9), cost };
} // prettier-ignore

const uniform = new Streams(5).stream('needs');
const drawn = (length: number, most: number): number[] => Array.from({ length }, () => Math.floor(uniform() * (most + 1)));

describe('the bounds of lazy capacity provisioning', () => {
  it('are the least and the most that the best plan would hold, were changes paid on the way up, or down', () => {
    for (let round = 0; round < 400; round++) {
      const needs = drawn(1 + Math.floor(uniform() * 9), 3);
      const now = Math.floor(uniform() * needs.length);
      const patience = Math.floor(uniform() * 8) / 2;
      const { lower, upper } = lazyBounds(needs.slice(0, now + 1), needs.slice(now + 1), patience);
      const about = JSON.stringify({ needs, now, patience });
      expect([about, lower]).toEqual([about, Math.min(...cheapest(needs, now, patience, 0).sizes)]);
      expect([about, upper]).toEqual([about, Math.max(...cheapest(needs, now, 0, patience).sizes)]);
    }
  });

  it('lead to no more than three times the cost of the best plan, less with a look ahead, and to the best one with all of it', () => {
    const total = (needs: readonly number[], patience: number, window: number): number => {
      let [held, cost] = [0, 0];
      needs.forEach((_, now) => {
        const { lower, upper } = lazyBounds(needs.slice(0, now + 1), needs.slice(now + 1, now + 1 + window), patience);
        const next = Math.min(upper, Math.max(lower, held));
        cost += next + patience * Math.max(0, next - held);
        held = next;
      });
      return cost;
    };
    const sums = { none: 0, some: 0, best: 0 };
    for (let round = 0; round < 200; round++) {
      const needs = [...drawn(30, 4).map((need, i) => (i % 7 < 4 ? need : 0)), ...drawn(8, 0)]; // what is idle at the end is let go
      const patience = uniform() * 6;
      const best = cheapest(needs, 0, patience, 0).cost;
      const none = total(needs, patience, 0);
      expect(none).toBeLessThanOrEqual(3 * best + 1e-9);
      expect(none).toBeGreaterThanOrEqual(best - 1e-9);
      expect(total(needs, patience, needs.length)).toBeCloseTo(best, 9);
      sums.none += none;
      sums.some += total(needs, patience, 3);
      sums.best += best;
    }
    expect(sums.none).toBeGreaterThan(sums.some);
    expect(sums.some).toBeGreaterThan(sums.best);
  });
});

describe('lcp', () => {
  // 300/s a pod: 6 until 100 s, then 2, from 300 s on 4; a step of 20 s and a lead of 20 s.
  const forecast = steps(600, [[0, 1800], [100, 600], [300, 1200]]); // prettier-ignore
  const app = (wanted: number, change: Partial<AppView> = {}) => {
    const plain = appView('sale', forecast, change);
    return { ...plain, exclusive: { ...plain.exclusive, wanted } };
  };
  const given = (more: object = {}) => ({ utilisation: 0.75, lead: fromSeconds(20), window: duration(0), period: fromSeconds(20), ...more });
  const course = (options: object, until = 400): number[] => {
    const strategy = strategyOf(lcp, options);
    const podsIn = (actions: readonly Action[], wanted: number): number => actions.reduce((last, each) => (each.kind === 'scale' ? each.pods : last), wanted);
    let wanted = podsIn(strategy.open(view([app(0)], [])), 0);
    const all = [wanted];
    for (let now = 20; now <= until; now += 20) all.push((wanted = podsIn(strategy.decide(view([app(wanted)], [], { now: at(now), because: 'period' })), wanted)));
    return all;
  }; // prettier-ignore
  const times = (pods: number, count: number): number[] => Array.from({ length: count }, () => pods);

  // Needed are 6 until 80 s, 2 from 100 s on, 4 from 280 s on.
  it('keeps idle pods for the break-even time, and orders a lead before they are needed', () => {
    expect(course(given({ breakEven: fromSeconds(60) }))).toEqual([...times(6, 5 + 3), ...times(2, 6), ...times(4, 7)]);
    expect(course(given({ breakEven: duration(0) }))).toEqual([...times(6, 5), ...times(2, 9), ...times(4, 7)]);
    expect(course(given({ breakEven: fromSeconds(9999) }))).toEqual(times(6, 21));
  });

  it('lets go at once of what is not needed again within the window, and keeps what is', () => {
    expect(course(given({ breakEven: fromSeconds(60), window: fromSeconds(60) }))).toEqual([...times(6, 5), ...times(2, 9), ...times(4, 7)]);
    // 4 of the 6 are needed again after 9 idle steps: 180 s.
    expect(course(given({ breakEven: fromSeconds(190), window: fromSeconds(190) }))).toEqual([...times(6, 5), ...times(4, 16)]);
  });

  it('reckons the break-even time by the prices and the cold start', () => {
    // 0.05 ÷ (4 cores · 1 an hour) = 45 s, and 15 s of cold start.
    const strategy = (now: number, wanted: number, change: Partial<AppView>, price = prices) => {
      const made = strategyOf(lcp, given());
      for (let t = 0; t < now; t += 20) made.decide({ ...view([app(6, change)], [], { now: at(t), because: 'period' }), prices: price });
      return made.decide({ ...view([app(wanted, change)], [], { now: at(now), because: 'period' }), prices: price });
    };
    const less = [{ kind: 'scale', app: 'sale', pods: 2 }];
    expect(strategy(140, 6, { coldStart: fromSeconds(15) })).toEqual([]);
    expect(strategy(160, 6, { coldStart: fromSeconds(15) })).toEqual(less);
    expect(strategy(140, 6, { coldStart: fromSeconds(14) })).toEqual(less);
    expect(strategy(140, 6, { coldStart: fromSeconds(15) }, { ...prices, coreHour: 2 })).toEqual(less);
    expect(strategy(260, 6, { coldStart: fromSeconds(15) }, { ...prices, coreHour: 0 })).toEqual([]);
  });

  it('decides at its own steps only, and never goes below one pod for each zone', () => {
    expect(strategyOf(lcp, given()).decide(view([app(1)], [], { because: 'operation' }))).toEqual([]);
    expect(strategyOf(lcp, given()).open(view([appView('idle', steps(600, [[0, 0]]))], []))).toEqual([{ kind: 'scale', app: 'idle', pods: 2 }]);
  });
}); // prettier-ignore
