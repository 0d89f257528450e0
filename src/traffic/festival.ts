import { type Time, time } from '../base/units.ts';
import { Curve, type Piece } from './curve.ts';
import { dayLength } from './day.ts';
import { linearise, maximumError } from './linearise.ts';
import { dayBase, type Law } from './shapes.ts';

/** A law set into the curve's own time: everything in µs since the curve's beginning. */
export interface FestivalSetting {
  readonly law: Law;
  /** The opening, or the midnight that a shape of the clock counts from; may lie outside the curve. */
  readonly opening: number;
  /** Some local midnight: where the day of the wall clock begins. */
  readonly midnight: number;
  /** Requests/s at the highest moment of the day from the opening on. */
  readonly peak: number;
}

/**
 * A festival shape over [0, end], scaled so that the highest rate of the day that begins with the opening is `peak`.
 * Before an opening: 3 % of the peak until an hour before, then up to 10 % (the last minute before midnight had a tenth of the first; 2011); an assumption further back.
 */
export function festivalCurve({ law, opening, midnight, peak }: FestivalSetting, end: Time): Curve {
  const pieces: Piece[] = [];
  const add = (rate: (t: number) => number, bends: readonly number[], from: number, to: number): void => {
    const cuts = [from, ...new Set(bends.filter((at) => at > from && at < to))].sort((a, b) => a - b);
    cuts.forEach((at, i) => pieces.push(...linearise(rate, at, cuts[i + 1] ?? to, maximumError * peak)));
  };
  if (law.follows === 'clock') {
    const factor = peak / Math.max(...law.bends.map(law.rate));
    const rate = (t: number): number => factor * law.rate(modulo(t - opening, dayLength) / 1e6);
    add(rate, everyDay([0, ...law.bends.map(inMicroseconds)], opening, 0, end), 0, end);
    return new Curve(pieces);
  }
  const dayBends = dayBase.pieces().map(({ from }) => from);
  const shape = (t: number): number => law.rate((t - opening) / 1e6, dayBase.at(time(modulo(t - midnight, dayLength))));
  const bends = (from: number, to: number): readonly number[] => [
    ...law.bends.map((s) => opening + inMicroseconds(s)),
    ...everyDay(dayBends, midnight, from, to),
  ];
  const candidates = [opening, ...bends(opening, opening + dayLength)].filter((at) => at >= opening && at <= opening + dayLength);
  const factor = peak / Math.max(...candidates.map(shape));
  const opened = Math.min(Math.max(opening, 0), end);
  if (opened > 0) add((t) => peak * eve((t - opening) / 1e6), [opening - inMicroseconds(3600)], 0, opened);
  if (opened < end) add((t) => factor * shape(t), bends(opened, end), opened, end);
  return new Curve(pieces);
}

/** Share of the peak at `s` < 0 seconds before the opening. */
const eve = (s: number): number => 0.1 + (0.07 * Math.max(s, -3600)) / 3600;

/** The moments `ofDay` (µs since midnight) of every day that touches [from, to]. */
function everyDay(ofDay: readonly number[], midnight: number, from: number, to: number): readonly number[] {
  const moments: number[] = [];
  for (let start = from - modulo(from - midnight, dayLength); start <= to; start += dayLength)
    moments.push(...ofDay.map((at) => start + at));
  return moments;
}

const inMicroseconds = (seconds: number): number => Math.round(seconds * 1e6);
const modulo = (a: number, b: number): number => ((a % b) + b) % b;
