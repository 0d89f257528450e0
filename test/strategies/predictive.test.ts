import { describe, expect, it } from 'vitest';
import { duration, fromSeconds, time } from '../../src/base/units.ts';
import { Hold, holtWinters, Margin, seasonalMax } from '../../src/strategies/prediction.ts';
import { predictive } from '../../src/strategies/predictive.ts';
import type { Action, AppView, Measured } from '../../src/strategies/strategy.ts';
import { appView, at, steps, strategyOf, view } from './support.ts';

const measured = (from: number, to: number, offeredPerSecond: number): Measured => ({
  from: at(from), to: at(to), offeredPerSecond, servedPerSecond: offeredPerSecond, successRatio: 1, responseP99: fromSeconds(0.1), utilisation: 0.5,
}); // prettier-ignore
/** Windows of 10 s, one after the other from 0 s on. */
const windows = (rates: readonly number[]) => rates.map((rate, i) => measured(10 * i, 10 * (i + 1), rate));

describe('what was measured predicts', () => {
  it('the highest of the same stretch in earlier seasons', () => {
    // Seasons of four steps of 10 s.
    const predictor = seasonalMax(fromSeconds(40), fromSeconds(10));
    const seen = windows([1, 9, 3, 4, 5, 2, 7, 8, 0]);
    for (const each of seen.slice(0, 4)) predictor.see(each);
    expect(predictor.max(at(40), at(50))).toBe(1);
    expect(predictor.max(at(70), at(80))).toBeUndefined(); // the fourth step may still get more
    for (const each of seen.slice(4)) predictor.see(each);
    expect(predictor.max(at(80), at(90))).toBe(5); // 1, then 5
    expect(predictor.max(at(90), at(100))).toBe(9); // 9, then 2
    expect(predictor.max(at(80), at(120))).toBe(9);
    expect(predictor.max(at(105), at(115))).toBe(8); // steps 2 and 3: 3, 4, 7, 8
    expect(predictor.max(at(20), at(30))).toBeUndefined(); // of the first season nothing is known
  });

  it('means of steps; what was not measured is as before', () => {
    const predictor = seasonalMax(fromSeconds(40), fromSeconds(20));
    for (const each of [measured(0, 10, 2), measured(10, 20, 6), measured(60, 70, 100)]) predictor.see(each);
    expect(predictor.max(at(40), at(60))).toBe(4);
    expect(predictor.max(at(60), at(80))).toBe(4); // nothing between 20 and 60 s
  });

  // m = 2, α = ½, β = ½, γ = ½. First season 10, 20: ℓ = 15, b = 0, s = −5, +5.
  // y = 14: ℓ = ½(14 + 5) + ½·15 = 17, b = ½·2 = 1, s₀ = ½(14 − 15) + ½(−5) = −3.
  // y = 30: ℓ = ½(30 − 5) + ½·18 = 21.5, b = ½·4.5 + ½ = 2.75, s₁ = ½(30 − 18) + ½·5 = 8.5.
  it('level, trend and season, as Holt and Winters have it', () => {
    const predictor = holtWinters(fromSeconds(20), fromSeconds(10), { level: 0.5, trend: 0.5, season: 0.5 });
    const [a, b, c, d, e] = windows([10, 20, 14, 30, 0]) as [Measured, Measured, Measured, Measured, Measured];
    predictor.see(a);
    predictor.see(b);
    expect(predictor.max(at(20), at(30))).toBeUndefined();
    predictor.see(c);
    expect([predictor.max(at(20), at(30)), predictor.max(at(30), at(40))]).toEqual([10, 20]);
    predictor.see(d);
    expect(predictor.max(at(30), at(40))).toBe(17 + 1 + 5);
    predictor.see(e);
    expect(predictor.max(at(40), at(50))).toBe(21.5 + 2.75 - 3);
    expect(predictor.max(at(50), at(60))).toBe(21.5 + 2 * 2.75 + 8.5);
    expect(predictor.max(at(40), at(60))).toBe(35.5);
  });

  it('nothing below 0', () => {
    const predictor = holtWinters(fromSeconds(20), fromSeconds(10), { level: 1, trend: 1, season: 0.1 });
    for (const each of windows([100, 100, 10, 10])) predictor.see(each);
    expect(predictor.max(at(90), at(100))).toBe(0);
  });
});

describe('the margin', () => {
  it('was enough in a share of the cases, once there are twenty of them', () => {
    const margin = new Margin(0.9);
    const learn = (ratio: number, i: number) => {
      margin.say(at(10 * i), 100);
      margin.see(measured(10 * i, 10 * i + 10, 100 * ratio));
    };
    for (let i = 0; i < 19; i++) learn(2, i);
    expect(margin.factor).toBe(1);
    learn(2, 19);
    expect(margin.factor).toBe(2);
    // 240 cases are remembered: 24 at 1.5, the others at 0.5; R-7 lies between the two at 0.9.
    for (let i = 20; i < 260; i++) learn(i % 10 === 0 ? 1.5 : 0.5, i);
    expect(margin.factor).toBeGreaterThanOrEqual(1);
    for (let i = 260; i < 500; i++) learn(0.5, i);
    expect(margin.factor).toBe(1); // never less than what is predicted
  });

  it('forgets what was said of times that were not measured', () => {
    const margin = new Margin(0.5);
    for (let i = 0; i < 40; i++) margin.say(at(10 * i), 1);
    for (let i = 20; i < 40; i++) margin.see(measured(10 * i, 10 * i + 10, 3));
    expect(margin.factor).toBe(3);
  });
});

it('what was wanted is held, the highest of the window', () => {
  const hold = new Hold(duration(60e6));
  const wish = (seconds: number, pods: number) => hold.wish(time(seconds * 1e6), pods);
  expect([wish(0, 8), wish(30, 5), wish(60, 2), wish(61, 3), wish(90, 1), wish(91, 1), wish(121, 1), wish(122, 1)]).toEqual([8, 8, 8, 5, 5, 3, 3, 1]);
}); // prettier-ignore

describe('predictive', () => {
  const given = (change: object = {}) => ({
    predict: 'forecast', utilisation: 0.75, quantile: 0.95, hold: duration(60e6), season: fromSeconds(40), step: fromSeconds(10), smoothing: { level: 0.5, trend: 0.5, season: 0.5 }, reactive: true, pods: {}, period: duration(10e6), ...change,
  }); // prettier-ignore
  // Two zones, 300 requests/s a pod at 75 %; a cold start takes 70 s.
  const rising = [[0, 600], [300, 3000], [400, 1800]] as const; // prettier-ignore
  const world = (jumps: readonly (readonly [number, number])[], wanted: number, change: Partial<AppView> = {}) => {
    const exclusive = { wanted, pending: 0, starting: 0, running: wanted, leaving: 0, failed: 0, standby: 0 };
    return view([appView('gala', steps(600, jumps), { exclusive, ...change })], []);
  };
  const scaled = (actions: readonly Action[]) => actions.map((action) => (action.kind === 'scale' ? action.pods : action.kind));

  it('has the pods of the forecast a cold start and two periods ahead, and keeps them for the hold', () => {
    const strategy = strategyOf(predictive, given());
    expect(scaled(strategy.open(world(rising, 0)))).toEqual([2]);
    const look = (seconds: number, wanted: number) => scaled(strategy.decide({ ...world(rising, wanted), now: at(seconds), because: 'period' }));
    // 90 s ahead: the rise at 300 s is seen at 210 s; the fall at 400 s is believed 60 s after it has been wanted last, at 390 s.
    expect([look(200, 2), look(210, 2), look(220, 10), look(390, 10), look(450, 10), look(460, 10)]).toEqual([[], [10], [], [], [], [6]]);
  }); // prettier-ignore

  it('has the pods of the load that is measured, if that is more', () => {
    const strategy = strategyOf(predictive, given());
    strategy.open(world([[0, 600]], 0));
    const high = { measured: measured(0, 10, 1500) };
    expect(scaled(strategy.decide({ ...world([[0, 600]], 2, high), now: at(10), because: 'period' }))).toEqual([6]);
    const alone = strategyOf(predictive, given({ reactive: false }));
    alone.open(world([[0, 600]], 0));
    expect(scaled(alone.decide({ ...world([[0, 600]], 2, high), now: at(10), because: 'period' }))).toEqual([]);
  });

  it('learns that more comes than was predicted', () => {
    const strategy = strategyOf(predictive, given({ reactive: false, lead: duration(0) }));
    strategy.open(world([[0, 600]], 0));
    const looks = Array.from({ length: 30 }, (_, i) => scaled(strategy.decide({ ...world([[0, 600]], 2, { measured: measured(10 * i, 10 * i + 10, 900) }), now: at(10 * i + 10), because: 'period' }))); // prettier-ignore
    expect(looks.slice(0, 19).flat()).toEqual([]);
    expect(looks.at(-1)).toEqual([4]); // 900/s are 2 in each zone
  });

  it('goes by the load until a season was seen, then by the season as well', () => {
    const strategy = strategyOf(predictive, given({ predict: 'seasonal-max', hold: duration(0), lead: duration(20e6), pods: { gala: 4 } }));
    const blind = (wanted: number, change: Partial<AppView> = {}) => world([[0, 0]], wanted, { forecast: undefined, ...change });
    expect(scaled(strategy.open(blind(0)))).toEqual([4]);
    expect(scaled(strategy.decide({ ...blind(4), now: at(10), because: 'period' }))).toEqual([]); // nothing is known yet
    const rates = [600, 600, 3000, 600, 600, 600];
    const looks = rates.map((rate, i) => scaled(strategy.decide({ ...blind(0, { measured: measured(10 * i, 10 * i + 10, rate) }), now: at(10 * (i + 1)), because: 'period' }))); // prettier-ignore
    // 3,000/s from 20 to 30 s come again from 60 s on, seen 20 s ahead: at 50 s for [50, 70).
    expect(looks).toEqual([[2], [2], [10], [2], [10], [10]]);
  });

  it('says nothing between its looks', () => {
    const strategy = strategyOf(predictive, given());
    strategy.open(world(rising, 0));
    expect(strategy.decide({ ...world(rising, 2), now: at(220), because: 'operation' })).toEqual([]);
  });

  it('needs a forecast only to predict from one', () => {
    expect(predictive.needsForecast(given())).toBe(true);
    expect(predictive.needsForecast(given({ predict: 'holt-winters' }))).toBe(false);
  });
});
