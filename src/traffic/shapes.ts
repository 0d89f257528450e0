import { exp } from '../base/elementary.ts';
import { time } from '../base/units.ts';
import { Curve, type Point } from './curve.ts';
import { dailyPoints, dayBaseLevels, dayLength, defaultJoin, meanLevel } from './day.ts';

/** A shape that follows an opening at a moment that the scenario names. */
interface OpeningLaw {
  readonly follows: 'opening';
  /** Rate at `s` ≥ 0 seconds after the opening, in any unit; `day` is {@link dayBase} at that moment. */
  readonly rate: (s: number, day: number) => number;
  /** Seconds at which the law bends: between two of them it is convex or concave, and its maximum lies on one of them or on a bend of the day. */
  readonly bends: readonly number[];
}

/** A shape of the hour of the day, repeated every day and continuous across midnight. */
interface ClockLaw {
  readonly follows: 'clock';
  /** Rate at `s` seconds after midnight. */
  readonly rate: (s: number) => number;
  readonly bends: readonly number[];
}

export type Law = OpeningLaw | ClockLaw;

/** The day as a factor of mean 1: `day-base` over one day from midnight. */
export const dayBase = ((): Curve => {
  const points = dailyPoints(dayBaseLevels, defaultJoin, -1, 1);
  return Curve.fromPoints(
    points.map(({ at, rate }) => ({ at, rate: rate / meanLevel(dayBaseLevels) })),
    time(dayLength),
  );
})();

const decay = (s: number, timeConstant: number): number => exp(-s / timeConstant);
/** From 0.1 at the opening to 1 after `over` seconds: the crowd arrives within half a minute (2018: first 21 s at 47.6 M CNY/s, then 86.5). */
const ramp = (s: number, over = 30): number => Math.min(1, 0.1 + (0.9 * s) / over);
/** The second wave: balance payments of the presale, due from 01:00 on, over a minute. */
const secondWave = (s: number, weight: number): number =>
  weight * Math.min(Math.max((s - 3600) / 60, 0), 1) * decay(Math.max(s - 3660, 0), 509);

interface GmvFit {
  readonly a: number;
  readonly fast: number;
  readonly b: number;
  readonly slow: number;
  readonly c: number;
  readonly wave: number;
}

/**
 * ramp·[a·e^(−s/fast) + b·e^(−s/slow) + c·day] + second wave. Fitted to the published milestones of the day's gross merchandise volume
 * (10, 50, 100 … billion CNY after so many seconds); met within 0.8 % (2019) and 0.9 % (2018) of the day.
 */
const gmv = ({ a, fast, b, slow, c, wave }: GmvFit): OpeningLaw => ({
  follows: 'opening',
  rate: (s, day) => ramp(s) * (a * decay(s, fast) + b * decay(s, slow) + c * day) + secondWave(s, wave),
  bends: [30, 3600, 3660],
});

/** Least squares on the milestones of 2019 without second wave, rate(s) ÷ rate(0). */
const decay2019 = (s: number, day: number): number => 0.748 * decay(s, 425) + 0.239 * decay(s, 3090) + 0.0138 * day;

/**
 * 0.96·p + 0.04·day, p flat-topped: 0.1 → 0.8 within 30 s, → 1 at 322 s (peak at 00:05:22 in 2017), then the decay of 2019, then the second wave.
 * Without that wave: peak ÷ mean 14.7 (2017: 14.9), 6.6 % of the day in the first 443 s (6.76 %), their mean 0.876 of the peak (0.88).
 */
export const payments = (wave: number): OpeningLaw => ({
  follows: 'opening',
  rate: (s, day) => 0.96 * (flatTop(s) * decay2019(Math.max(s - 322, 0), day) + secondWave(s, wave)) + 0.04 * day,
  bends: [30, 322, 3600, 3660],
});

const flatTop = (s: number): number => (s < 30 ? 0.1 + (0.7 * s) / 30 : Math.min(1, 0.8 + (0.2 * (s - 30)) / 292));

/** A broken line over the hours of the day, continuous across midnight. */
function clockLine(points: readonly (readonly [hours: number, rate: number])[]): ClockLaw {
  const line: readonly Point[] = points.map(([hour, rate]) => ({ at: Math.round(hour * 3600e6), rate }));
  const curve = Curve.fromPoints(line, time(dayLength));
  return { follows: 'clock', rate: (s) => curve.at(time(Math.round(s * 1e6))), bends: line.map(({ at }) => at / 1e6) };
}

const morning = 7.25 * 3600;
const morningSpread = 17 * 60;

interface ShapeEntry {
  readonly summary: string;
  readonly law: (year: GmvYear) => Law;
}

/** Years whose milestones `double11-gmv` was fitted to. */
export const gmvYears = [2018, 2019] as const;
export type GmvYear = (typeof gmvYears)[number];

const gmvFits: Readonly<Record<GmvYear, GmvFit>> = {
  2018: { a: 0.709, fast: 175, b: 0.279, slow: 1666, c: 0.012, wave: 0.325 },
  2019: { a: 0.787, fast: 313, b: 0.2, slow: 2295, c: 0.0126, wave: 0.275 },
};

const shapes = {
  'double11-gmv': {
    summary:
      'money spent on Double 11 after the opening, fitted to the milestones of 2018 or 2019 (year:), with the second wave an hour later',
    law: (year) => gmv(gmvFits[year]),
  },
  'double11-payments': {
    summary: 'payments on Double 11: flat top, peak 322 s after the opening, second wave an hour later (facts of 2017)',
    law: () => payments(0.27),
  },
  'double11-orders': {
    summary: 'orders on Double 11: peak 26 s after the opening (2020), about 37 times the mean of the day (2019: 36)',
    // The decay of 2019 without second wave: orders of the presale are placed before; peak 544,000/s over 14,900/s in the mean (2019).
    law: () => ({ follows: 'opening', rate: (s, day) => ramp(s, 26) * decay2019(s, day), bends: [26] }),
  },
  'pre-heat-evening': {
    summary: 'the evening gala before midnight: from 19:36 up, peak 23:50, over at 23:55 (assumption)',
    // Before 18:00 and after 00:30: assumptions of the same kind, 0.02 through the night and the day.
    law: () =>
      clockLine([
        [0, 0.09],
        [1 / 6, 0.03],
        [0.5, 0.02],
        [17, 0.02],
        [18, 0.25],
        [19.6, 0.25],
        [20, 0.8],
        [23, 0.9],
        [23 + 5 / 6, 1],
        [23 + 11 / 12, 0.12],
        [24, 0.09],
      ]),
  },
  'morning-forest': {
    summary: 'energy is collected in the morning: a bell about 07:15, 17 minutes wide (assumption)',
    law: () => ({
      follows: 'clock',
      rate: (s) => 0.03 + 0.97 * exp(-((s - morning) * (s - morning)) / (2 * morningSpread * morningSpread)),
      // The top and the two points of inflection. At midnight the bell is below the smallest double beside 0.03.
      bends: [morning - morningSpread, morning, morning + morningSpread],
    }),
  },
  'day-base': {
    summary: 'an ordinary day: 1 from 00:00, 0.55 from 02:00, 1.05 from 07:00, 1.2 from 20:00, joined over 10 minutes',
    law: () => ({
      follows: 'clock',
      rate: (s) => dayBase.at(time(Math.round(s * 1e6))),
      bends: dayBase.pieces().map(({ from }) => from / 1e6),
    }),
  },
} as const satisfies Record<string, ShapeEntry>;

export type FestivalShape = keyof typeof shapes;

/** Names and summaries of the festival shapes, in the order in which they are listed. */
export const festivalShapes: readonly { readonly name: FestivalShape; readonly summary: string }[] = (
  Object.keys(shapes) as FestivalShape[]
).map((name) => ({
  name,
  summary: shapes[name].summary,
}));

/** The law of a shape. `year` matters to `double11-gmv` only. */
export const lawOf = (shape: FestivalShape, year: GmvYear): Law => (shapes[shape] as ShapeEntry).law(year);
