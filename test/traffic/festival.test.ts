import { describe, expect, it } from 'vitest';
import { exp } from '../../src/base/elementary.ts';
import { time } from '../../src/base/units.ts';
import { buildCurve } from '../../src/traffic/build.ts';
import type { Curve } from '../../src/traffic/curve.ts';
import { festivalCurve } from '../../src/traffic/festival.ts';
import { dayBase, type FestivalShape, festivalShapes, type GmvYear, lawOf, payments } from '../../src/traffic/shapes.ts';
import { at, evening, hour, midnight, near } from './support.ts';

const day = 24 * hour;
const shape = (
  name: FestivalShape,
  { year = 2019, hours = 24, opening = 0, peak = 1 }: { year?: GmvYear; hours?: number; opening?: number; peak?: number } = {},
): Curve => buildCurve({ kind: 'festival', shape: name, year, at: at(opening), peak }, midnight(hours));
const share = (curve: Curve, seconds: number): number => curve.integral(at(0), at(seconds)) / curve.integral(at(0), at(day));

/** Published milestones of 11 November: seconds after midnight, gross merchandise volume in 10^9 CNY so far. */
const milestones: Readonly<Record<GmvYear, readonly (readonly [number, number])[]>> = {
  2018: [
    [21, 1],
    [125, 10],
    [1563, 50],
    [3600, 69],
    [6457, 100],
    [29332, 120.7],
    [day, 213.5],
  ],
  2019: [
    [96, 10],
    [769, 50],
    [3600, 91.2],
    [3839, 100],
    [5167, 120.7],
    [51687, 200],
    [59460, 213.5],
    [day, 268.444058381],
  ],
};

describe.each([2018, 2019] as const)('double11-gmv of %i', (year) => {
  const curve = shape('double11-gmv', { year });
  const points = milestones[year];
  const total = points.at(-1)?.[1] ?? NaN;

  it.each(points)('reaches the milestone at %i s within 2 %% of the day', (seconds, milestone) => {
    expect(Math.abs(share(curve, seconds) - milestone / total)).toBeLessThan(0.02);
  });

  it('has between any two milestones the mean rate that they say, within 25 %', () => {
    points.forEach(([seconds, milestone], i) => {
      const [before, already] = points[i - 1] ?? [0, 0];
      const ratio = (share(curve, seconds) - share(curve, before)) / ((milestone - already) / total);
      expect(Math.abs(ratio - 1), `until ${String(seconds)} s`).toBeLessThan(0.25);
    });
  });
});

describe('double11-payments', () => {
  const firstWave = festivalCurve({ law: payments(0), opening: 0, midnight: 0, peak: 1 }, at(day));

  it('without its second wave meets the three facts of 2017 within 5 %', () => {
    expect(Math.abs(1 / firstWave.mean(at(0), at(day)) / 14.9 - 1)).toBeLessThan(0.05);
    expect(Math.abs(share(firstWave, 443) / 0.0676 - 1)).toBeLessThan(0.05);
    expect(Math.abs(firstWave.mean(at(0), at(443)) / 0.88 - 1)).toBeLessThan(0.05);
  });

  it('peaks 322 s after midnight and rises again at 01:00', () => {
    const curve = shape('double11-payments');
    expect(curve.at(at(322))).toBe(1);
    expect(curve.max(at(0), at(321))).toBeLessThan(1);
    expect(curve.max(at(323), at(day))).toBeLessThan(1);
    expect(curve.at(at(3660)) - curve.at(at(3600))).toBeGreaterThan(0.24);
    expect(curve.at(at(3600))).toBeCloseTo(firstWave.at(at(3600)), 9);
  });
});

describe('double11-orders', () => {
  it('peaks 26 s after midnight, about 36 times the mean of the day', () => {
    const curve = shape('double11-orders');
    expect(curve.at(at(26))).toBe(1);
    expect(Math.abs(1 / curve.mean(at(0), at(day)) / 36 - 1)).toBeLessThan(0.05);
  });
});

describe('pre-heat-evening', () => {
  const curve = shape('pre-heat-evening', { hours: 48 });
  const clock = (hours: number, minutes: number): number => curve.at(at(hours * hour + minutes * 60));

  it('is over at 23:55 and nearly nothing at ten past midnight', () => {
    expect([clock(18, 0), clock(19, 36), clock(20, 0), clock(23, 0), clock(23, 50)]).toEqual(near([0.25, 0.25, 0.8, 0.9, 1]));
    expect([clock(23, 55), clock(24, 10), clock(24, 30), clock(36, 0)]).toEqual(near([0.12, 0.03, 0.02, 0.02]));
    // 23:50 → 23:55 by a straight line
    expect(clock(23, 52)).toBeCloseTo(1 - (0.88 * 2) / 5, 9);
  });
});

describe('morning-forest', () => {
  it('has its top at 07:15 and falls to e^−½ of its bell 17 minutes beside it', () => {
    const curve = shape('morning-forest');
    expect(curve.at(at(7.25 * hour))).toBeCloseTo(1, 12);
    expect(curve.at(at(7.25 * hour + 17 * 60))).toBeCloseTo(0.03 + 0.97 * 0.6065306597, 9);
    expect(curve.at(at(7.25 * hour - 17 * 60))).toBeCloseTo(0.03 + 0.97 * 0.6065306597, 9);
    expect(curve.at(at(20 * hour))).toBeCloseTo(0.03, 12);
  });
});

describe('day-base', () => {
  // Mean of 1, 0.55, 1.05, 1.2 over 2, 5, 13 and 4 hours: 23.2/24.
  it('is a factor of mean 1 with straight joins about the changes', () => {
    expect(dayBase.mean(at(0), at(day))).toBeCloseTo(1, 12);
    expect(dayBase.at(at(hour))).toBeCloseTo(24 / 23.2, 12);
    expect(dayBase.at(at(4 * hour))).toBeCloseTo((0.55 * 24) / 23.2, 12);
    expect(dayBase.at(at(2 * hour))).toBeCloseTo((0.775 * 24) / 23.2, 12);
    expect(dayBase.at(at(2 * hour + 300))).toBeCloseTo((0.55 * 24) / 23.2, 12);
    expect(dayBase.at(at(0))).toBeCloseTo((1.1 * 24) / 23.2, 12);
  });
});

describe('every festival shape', () => {
  const names = festivalShapes.map(({ name }) => name);

  it.each(names)('%s has its peak as the highest rate of the day from the opening on', (name) => {
    const curve = shape(name, { hours: 36, opening: 6 * hour, peak: 120_000 });
    expect(curve.max(at(6 * hour), at(30 * hour))).toBeCloseTo(120_000, 6);
  });

  it.each(names)('%s differs from its law by at most 0.01 % of the peak', (name) => {
    const law = lawOf(name, 2019);
    const curve = shape(name);
    const exact = (s: number): number => (law.follows === 'clock' ? law.rate(s) : law.rate(s, dayBase.at(at(s))));
    let highest = 0;
    for (let s = 0; s < day; s += 0.5) highest = Math.max(highest, exact(s));
    let worst = 0;
    for (let s = 0; s < day; s += s < 7200 ? 0.5 : 7) worst = Math.max(worst, Math.abs(curve.at(at(s)) - exact(s) / highest));
    expect(worst).toBeLessThanOrEqual(1.0001e-4);
  });

  it.each(names.filter((name) => lawOf(name, 2019).follows === 'opening'))(
    '%s rises from 3 %% to 10 %% of its peak in the hour before it opens',
    (name) => {
      const curve = shape(name, { hours: 48, opening: 30 * hour, peak: 1000 });
      expect([0, 29, 29.5].map((h) => curve.at(at(h * hour)))).toEqual(near([30, 30, 65]));
      expect(curve.justBefore(at(30 * hour))).toBeCloseTo(100, 9);
    },
  );

  it.each(names)('%s is the same whenever the scenario starts', (name) => {
    // 18:00 to 10:00, opening at midnight; and from that midnight on.
    const whole = buildCurve({ kind: 'festival', shape: name, year: 2019, at: at(6 * hour), peak: 1 }, evening(16));
    const part = shape(name);
    for (const s of [0, 5, 30, 301, 3000, 3630, 7 * hour, 9.9 * hour])
      expect(Math.abs(whole.at(at(6 * hour + s)) - part.at(at(s)))).toBeLessThan(2e-4);
  });

  it('opens also before the scenario starts and after it ends', () => {
    const tail = shape('double11-gmv', { opening: -hour, hours: 10 });
    expect(tail.at(at(60))).toBeCloseTo(shape('double11-gmv').at(at(hour + 60)), 2);
    expect(shape('double11-gmv', { opening: 20 * hour, hours: 2 }).pieces()).toEqual([
      { from: 0, to: at(2 * hour), first: 0.03, last: 0.03 },
    ]);
  });

  it('follows the clock, not the opening, in the day of the shapes that open', () => {
    // Opened at 20:00, 10 h later it is 06:00 (deep night: .55) and the waves are gone: b·e^(−36000/2295) < 1e-7.
    const curve = shape('double11-gmv', { opening: 20 * hour, hours: 36 });
    expect(curve.at(at(30 * hour)) / curve.at(at(34 * hour))).toBeCloseTo(0.55 / 1.05, 3);
    expect(exp(-36000 / 2295)).toBeLessThan(1e-6);
  });
});

it('summarises every shape in one line', () => {
  expect(festivalShapes.map(({ name }) => name)).toEqual([
    'double11-gmv',
    'double11-payments',
    'double11-orders',
    'pre-heat-evening',
    'morning-forest',
    'day-base',
  ]);
  for (const { summary } of festivalShapes) expect(summary).toMatch(/^[^\n]{20,140}$/);
});

it('a scenario that ends as the shape opens has only its eve', () => {
  expect(shape('double11-orders', { opening: hour, hours: 1 }).justBefore(time(3600e6))).toBeCloseTo(0.1, 12);
});
