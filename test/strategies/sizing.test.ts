import { describe, expect, it } from 'vitest';
import { PluginError } from '../../src/base/errors.ts';
import { appName, duration } from '../../src/base/units.ts';
import { forecastOf, leastPods, podsFor, podsForMax } from '../../src/strategies/sizing.ts';
import { appView, at, steps, view } from './support.ts';

const pod = (requestMilliseconds: number, limitMillicores = 4000) =>
  appView('pay', undefined, { limitMillicores, requestCpu: duration(requestMilliseconds * 1000) });

describe('pods for a rate', () => {
  it.each([
    // The Double 11 of the default scenario, two zones, without sidecars.
    // 60,000/s · 14 ms = 840 cores a zone ÷ (4 · 75 %) = 280, in each of two zones
    { what: 'interact', ms: 14, rate: 120_000, utilisation: 0.75, zones: 2, pods: 560 },
    // 60,000/s · 16 ms = 960 ÷ 3 = 320 a zone
    { what: 'pay', ms: 16, rate: 120_000, utilisation: 0.75, zones: 2, pods: 640 },
    // 55,000/s · 16 ms = 880 ÷ 3 = 293.3 → 294 a zone
    { what: 'forest', ms: 16, rate: 110_000, utilisation: 0.75, zones: 2, pods: 588 },
    // With 0.1 ms of sidecar: 60,000/s · 14.1 ms = 846 ÷ 3 = 282 a zone
    { what: 'interact with its sidecar', ms: 14.1, rate: 120_000, utilisation: 0.75, zones: 2, pods: 564 },
    // 110,000/s · 16 ms = 1760 ÷ 3 = 586.7 → 587: one zone rounds once
    { what: 'forest in one zone', ms: 16, rate: 110_000, utilisation: 0.75, zones: 1, pods: 587 },
    // 36,667/s · 16 ms = 586.7 ÷ 3 = 195.6 → 196 in each of three
    { what: 'forest in three zones', ms: 16, rate: 110_000, utilisation: 0.75, zones: 3, pods: 588 },
    // 110,000/s · 16 ms = 1760 ÷ 4 = 440 at full use
    { what: 'forest at 100 %', ms: 16, rate: 110_000, utilisation: 1, zones: 2, pods: 440 },
    // 10,800/s · 14 ms = 151.2 ÷ 2.4 = 63; in binary the quotient is 63.00000000000001
    { what: 'a whole number of pods that is none in binary', ms: 14, rate: 10_800, utilisation: 0.6, zones: 1, pods: 63 },
    { what: 'no traffic', ms: 10, rate: 0, utilisation: 0.75, zones: 2, pods: 0 },
    // half a request a second in each zone: one pod each
    { what: 'hardly any traffic', ms: 10, rate: 1, utilisation: 0.75, zones: 2, pods: 2 },
    // 300/s a pod: exactly two pods a zone at 1,200/s …
    { what: 'what fits exactly', ms: 10, rate: 1200, utilisation: 0.75, zones: 2, pods: 4 },
    // … and one more each for one request more
    { what: 'one request a second more', ms: 10, rate: 1201, utilisation: 0.75, zones: 2, pods: 6 },
  ])('$what: $rate/s of $ms ms at $utilisation in $zones zones need $pods', ({ ms, rate, utilisation, zones, pods }) => {
    expect(podsFor(pod(ms), rate, utilisation, zones)).toBe(pods);
  });

  it('stand evenly in zones of unequal weight, and so each zone has what the busiest needs', () => {
    // Weights 70 and 30: the busiest of two zones gets 1.4 times the mean. 84,000/s · 16 ms = 1,344 cores ÷ 3 = 448, twice: 896 instead of 640.
    const pay = { ...pod(16), imbalance: 1.4 };
    expect(podsFor(pay, 120_000, 0.75, 2)).toBe(896);
  });

  it('follow the CPU limit', () => {
    expect(podsFor(pod(10, 2000), 1200, 0.75, 2)).toBe(8); // 150/s a pod
  });
});

describe('pods for a stretch of time', () => {
  const forecast = steps(600, [
    [0, 1800],
    [300, 300],
  ]);
  const of = view(
    [appView('pay', forecast), appView('idle', steps(600, [[0, 0]])), appView('free', steps(600, [[0, 0]]), { allowNoExclusive: true })],
    [],
  );

  it('follow the highest rate expected in it, both ends included', () => {
    const pods = (from: number, to: number) => podsForMax(of, appName('pay'), at(from), at(to), 0.75);
    expect([pods(0, 600), pods(0, 299), pods(299, 600), pods(300, 600)]).toEqual([6, 6, 6, 2]);
  });

  it('are one per zone at least, unless the app may do without', () => {
    expect(['idle', 'free'].map((name) => podsForMax(of, appName(name), at(0), at(600), 0.75))).toEqual([2, 0]);
    expect([leastPods(of.app(appName('idle')), 3), leastPods(of.app(appName('free')), 3)]).toEqual([3, 0]);
  });

  it('need a forecast', () => {
    expect(() => forecastOf(pod(10))).toThrow(new PluginError('no forecast of pay: the scenario says `information: none`'));
    expect(forecastOf(of.app(appName('pay')))).toBe(forecast);
  });
});
