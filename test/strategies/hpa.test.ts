import { describe, expect, it } from 'vitest';
import { duration, time } from '../../src/base/units.ts';
import { Pace, recommended, type ScalingRules } from '../../src/strategies/hpa.ts';

// Worked by hand from the rules of pkg/controller/podautoscaler of Kubernetes v1.33: `recommended` is GetResourceReplicas of replica_calculator.go, whose utilisation is
// a whole percent (metrics/utilization.go), `Pace` is normalizeDesiredReplicasWithBehaviors of horizontal.go.
const tenth = { up: 0.1, down: 0.1 };

describe('the number of pods that utilisation recommends', () => {
  type Row = [why: string, current: number, ready: number, percent: number, unready: number, missing: number, target: number, pods: number | undefined]; // prettier-ignore
  const rows: Row[] = [
    ['ratio 2', 3, 3, 100, 0, 0, 50, 6],
    ['ratio 1.2: 3.6', 3, 3, 60, 0, 0, 50, 4],
    ['ratio 0.5: 1.5', 3, 3, 25, 0, 0, 50, 2],
    ['ratio 0.2: 2 of 10', 10, 10, 10, 0, 0, 50, 2],
    ['nothing is used: 0, which the fewest will raise', 4, 4, 0, 0, 0, 50, 0],
    ['ratio 1', 5, 5, 50, 0, 0, 50, 5],
    ['ratio 1.1 is within', 10, 10, 55, 0, 0, 50, 10],
    ['ratio 1.12 is not: 11.2', 10, 10, 56, 0, 0, 50, 12],
    ['ratio 0.9 is within', 10, 10, 45, 0, 0, 50, 10],
    ['ratio 0.88 is not: 8.8', 10, 10, 44, 0, 0, 50, 9],
    ['55.9 % is 55 %, within', 10, 10, 55.9, 0, 0, 50, 10],
    ['a target above the request: 150 of 120, ratio 1.25', 4, 4, 150, 0, 0, 120, 5],
    ['only ready pods count: 2 · 2 of 3 wanted', 3, 2, 100, 0, 0, 50, 4],
    ['no pod has metrics', 3, 0, 0, 3, 0, 50, undefined],
    ['no pod has metrics, some are missing', 3, 0, 0, 0, 3, 50, undefined],
    // Unready pods: idle where more are wanted, nothing where fewer are.
    ['unready 1: 200 ÷ 3 = 66 %, 1.32 · 3 = 3.96', 3, 2, 100, 1, 0, 50, 4],
    ['unready 2: 100 ÷ 3 = 33 % would turn the direction', 3, 1, 100, 2, 0, 50, 3],
    ['unready 1 of 10: 9 · 60 ÷ 10 = 54 %, within', 10, 9, 60, 1, 0, 50, 10],
    ['unready, fewer wanted: 2 · 0.5', 3, 2, 25, 1, 0, 50, 1],
    ['unready, ratio 1: within', 3, 2, 50, 1, 0, 50, 3],
    ['unready, within the tolerance above: 1.08 is above 1, then 2 · 54 ÷ 3 = 36 % turns', 3, 2, 54, 1, 0, 50, 3],
    ['more unready than wanted pods: 4 · 100 ÷ 6 = 66 %, 1.32 · 6 = 7.92', 6, 4, 100, 2, 0, 50, 8],
    ['pods that are created keep it from asking again: 4 · 75 ÷ 6 = 50 %', 6, 4, 75, 2, 0, 50, 6],
    // Missing metrics: idle where more are wanted, as busy as the request where fewer are.
    ['missing 1, more wanted: 3 · 100 ÷ 4 = 75 %, 1.5 · 4', 4, 3, 100, 0, 1, 50, 6],
    ['missing 1, more wanted: 3 · 60 ÷ 4 = 45 % would turn', 4, 3, 60, 0, 1, 50, 4],
    ['missing 1, fewer wanted: (3 · 10 + 100) ÷ 4 = 32 %, 0.64 · 4 = 2.56', 4, 3, 10, 0, 1, 50, 3],
    ['missing 1, fewer wanted: (3 · 25 + 100) ÷ 4 = 43 %, 0.86 · 4 = 3.44', 4, 3, 25, 0, 1, 50, 4],
    ['missing 2, fewer wanted: (2 · 40 + 200) ÷ 4 = 70 % would turn', 4, 2, 40, 0, 2, 50, 4],
    ['missing 1, ratio 1', 4, 3, 50, 0, 1, 50, 4],
    ['missing, target 150: (4 · 60 + 150) ÷ 5 = 78 %, 0.52 · 5 = 2.6', 5, 4, 60, 0, 1, 150, 3],
    ['missing, target 80: (4 · 40 + 100) ÷ 5 = 52 %, 0.65 · 5 = 3.25', 5, 4, 40, 0, 1, 80, 4],
    ['unready and missing, more wanted: 300 ÷ 5 = 60 %, 1.2 · 5', 5, 3, 100, 1, 1, 50, 6],
    ['unready and missing, fewer wanted: (3 · 10 + 100) ÷ 4 = 32 %, 0.64 · 4 = 2.56', 5, 3, 10, 1, 1, 50, 3],
    ['missing, more wanted, yet fewer than there are: 2 · 100 ÷ 3 = 66 %, 3.96 of 5', 5, 2, 100, 0, 1, 50, 5],
    ['missing, fewer wanted, yet more than there are: (9 · 30 + 100) ÷ 10 = 37 %, 7.4 of 6', 6, 9, 30, 0, 1, 50, 6],
  ];
  it.each(rows)('%s', (_, current, ready, used, unready, missing, target, pods) => {
    expect(recommended(current, { ready, utilisation: used / 100, unready, missing }, target, tenth)).toBe(pods);
  });

  it('has a tolerance of its own for either direction', () => {
    const with15 = { up: 0.2, down: 0 };
    const at = (used: number) => recommended(10, { ready: 10, utilisation: used / 100, unready: 0, missing: 0 }, 50, with15);
    expect([at(60), at(61), at(50), at(49)]).toEqual([10, 13, 10, 10]);
    expect(at(45)).toBe(9);
  });
});

const s = (seconds: number) => duration(seconds * 1e6);
const rules = (policies: ScalingRules['policies'], selectPolicy: ScalingRules['selectPolicy'] = 'Max', window = 0): ScalingRules => ({
  stabilizationWindow: s(window),
  selectPolicy,
  policies,
});
const pods = (value: number, period = 15) => ({ type: 'Pods', value, period: s(period) }) as const;
const percent = (value: number, period = 15) => ({ type: 'Percent', value, period: s(period) }) as const;
const usualUp = rules([pods(4), percent(100)]);
const usualDown = rules([percent(100)], 'Max', 300);

describe('the policies', () => {
  type Row = [why: string, up: ScalingRules, down: ScalingRules, current: number, desired: number, next: number];
  const free = rules([percent(100)]);
  const rows: Row[] = [
    ['defaults: 4 more pods', usualUp, free, 1, 10, 5],
    ['defaults: 4 more pods, as many as twice', usualUp, free, 4, 10, 8],
    ['defaults: twice', usualUp, free, 10, 100, 20],
    ['defaults: as desired within', usualUp, free, 10, 17, 17],
    ['defaults: all may go at once', usualUp, free, 100, 3, 3],
    ['pods', rules([pods(2)]), free, 10, 100, 12],
    ['percent is rounded up: 11 · 1.05 = 11.55', rules([percent(5)]), free, 11, 100, 12],
    ['percent: 1 · 1.01 is 2, so that it moves', rules([percent(1)]), free, 1, 100, 2],
    ['Min of 4 pods and 100 %', rules([pods(4), percent(100)], 'Min'), free, 10, 100, 14],
    ['Min of 4 pods and 100 % of 2', rules([pods(4), percent(100)], 'Min'), free, 2, 100, 4],
    ['Disabled', rules([pods(4)], 'Disabled'), free, 10, 100, 10],
    ['down: pods', usualUp, rules([pods(3)]), 10, 1, 7],
    ['down: percent is cut: 11 · 0.9 = 9.9', usualUp, rules([percent(10)]), 11, 1, 9],
    ['down: Max is the fewest left of 8 and 5', usualUp, rules([pods(2), percent(50)]), 10, 1, 5],
    ['down: Min is the most left of 8 and 5', usualUp, rules([pods(2), percent(50)], 'Min'), 10, 1, 8],
    ['down: Disabled', usualUp, rules([pods(2)], 'Disabled'), 10, 1, 10],
    ['down: 150 percent, but the fewest stay', usualUp, rules([percent(150)]), 10, 1, 2],
    ['the most', usualUp, free, 30, 80, 50],
    ['the fewest', usualUp, free, 30, 0, 2],
    ['as it is', usualUp, free, 7, 7, 7],
  ];
  it.each(rows)('%s', (_, up, down, current, desired, next) => {
    expect(new Pace(up, down).next(time(0), current, desired, 2, 50)).toBe(next);
  });

  /** Looks every 15 s at what is desired; the number of pods after each. */
  const course = (up: ScalingRules, down: ScalingRules, begin: number, desired: readonly number[]): readonly number[] => {
    const pace = new Pace(up, down);
    let current = begin;
    return desired.map((each, i) => {
      const now = time(i * 15e6);
      const next = pace.next(now, current, each, 1, 1000);
      if (next !== current) pace.changed(now, current, next);
      current = next;
      return next;
    });
  };
  const courses: [why: string, up: ScalingRules, down: ScalingRules, begin: number, desired: number[], after: number[]][] = [
    ['defaults double every look', usualUp, free, 3, [100, 100, 100, 100], [7, 14, 28, 56]],
    ['4 pods a minute', rules([pods(4, 60)]), free, 10, [100, 100, 100, 100, 100, 100], [14, 14, 14, 14, 18, 18]],
    ['50 % a minute, of what there was at its beginning', rules([percent(50, 60)]), free, 10, [100, 100, 100, 100, 100], [15, 15, 15, 15, 23]],
    ['a minute is used up in parts', rules([pods(4, 60)]), free, 10, [11, 13, 99, 99, 99, 99], [11, 13, 14, 14, 15, 17]],
    ['two policies, the larger change (100 · 1.1 is a little more than 110, upstream too)', rules([pods(4, 60), percent(10, 15)]), free, 100, [999, 999, 999], [111, 123, 136]],
    ['two policies, the smaller change', rules([pods(4, 60), percent(10, 15)], 'Min'), free, 100, [999, 999, 999], [104, 104, 104]],
    ['down by 1 a half-minute', usualUp, rules([pods(1, 30)]), 10, [1, 1, 1, 1, 1], [9, 9, 8, 8, 7]],
    ['down by 10 % a half-minute: 100, 90, 81', usualUp, rules([percent(10, 30)]), 100, [1, 1, 1, 1, 1], [90, 90, 81, 81, 72]],
    ['what was deleted may come back within the period: 10 − (−6) + 4', rules([pods(4, 60)]), free, 16, [10, 99], [10, 20]],
    ['what was added may go within the period', rules([pods(9, 60)]), rules([pods(2, 60)]), 10, [19, 1], [19, 8]],
  ]; // prettier-ignore
  it.each(courses)('in time: %s', (_, up, down, begin, desired, after) => {
    expect(course(up, down, begin, desired)).toEqual(after);
  });

  const windows: typeof courses = [
    ['down no further than the highest of a minute', usualUp, rules([percent(100)], 'Max', 60), 10, [10, 4, 4, 4, 4, 4], [10, 10, 10, 10, 4, 4]],
    ['down: the pods at the first look are a recommendation', usualUp, rules([percent(100)], 'Max', 30), 10, [2, 3, 2, 2], [10, 10, 3, 2]],
    ['down: a rise in between begins it anew', usualUp, rules([percent(100)], 'Max', 45), 10, [10, 4, 9, 4, 4, 4, 4], [10, 10, 10, 9, 9, 4, 4]],
    ['up no further than the lowest of half a minute', rules([percent(900)], 'Max', 30), free, 2, [8, 8, 8, 8], [2, 2, 8, 8]],
    ['up: a dip in between begins it anew', rules([percent(900)], 'Max', 30), free, 2, [8, 8, 5, 8, 8, 8], [2, 2, 5, 5, 8, 8]],
    ['both windows hold it between', rules([percent(900)], 'Max', 30), rules([percent(100)], 'Max', 30), 5, [9, 1, 9, 1, 9, 1], [5, 5, 5, 5, 5, 5]],
    ['defaults: five minutes after the load has gone', usualUp, usualDown, 20, Array.from({ length: 22 }, () => 5), [...Array.from({ length: 20 }, () => 20), 5, 5]],
  ]; // prettier-ignore
  it.each(windows)('windows: %s', (_, up, down, begin, desired, after) => {
    expect(course(up, down, begin, desired)).toEqual(after);
  });
});
