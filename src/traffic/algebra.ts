import { assert } from '../base/assert.ts';
import { type Duration, type Time, time } from '../base/units.ts';
import { Curve, type Piece, Pieces } from './curve.ts';

/** The sum of curves that end together. */
export function sum(curves: readonly Curve[]): Curve {
  const [head] = curves;
  assert(head !== undefined && curves.every((curve) => curve.end === head.end), 'curves of one sum must end together');
  const cuts = [...new Set(curves.flatMap((curve) => curve.pieces().map((piece) => piece.from)))].sort((a, b) => a - b);
  cuts.push(head.end);
  const total = (value: (curve: Curve) => number): number => curves.reduce((sofar, curve) => sofar + value(curve), 0);
  const pieces: Piece[] = [];
  for (let i = 1; i < cuts.length; i++) {
    const [from, to] = [time(cuts[i - 1] as number), time(cuts[i] as number)];
    pieces.push({ from, to, first: total((curve) => curve.at(from)), last: total((curve) => curve.justBefore(to)) });
  }
  return new Curve(pieces);
}

/** The curve times `by`, a finite factor of at least 0. */
export function scale(curve: Curve, by: number): Curve {
  return new Curve(curve.pieces().map((piece) => ({ ...piece, first: piece.first * by, last: piece.last * by })));
}

/** The curve later by `by` (earlier where it is negative), on the same [0, end]: what is shifted in from outside holds the rate at that end. */
export function shift(curve: Curve, by: Duration): Curve {
  const points = curve.pieces().flatMap((piece) => [
    { at: piece.from + by, rate: piece.first },
    { at: piece.to + by, rate: piece.last },
  ]);
  return Curve.fromPoints(points, curve.end);
}

/** The curve kept within [least, most]. Where it crosses a bound the bend lies on the nearest µs. */
export function clip(curve: Curve, least: number, most: number): Curve {
  const bounded = (rate: number): number => Math.min(Math.max(rate, least), most);
  const pieces: Piece[] = [];
  for (const { from, to, first, last } of curve.pieces()) {
    const crossings = [least, most]
      .filter((bound) => first < bound !== last < bound && bound < Infinity)
      .map((bound) => from + Math.round(((bound - first) / (last - first)) * (to - from)))
      .filter((at) => at > from && at < to)
      .sort((a, b) => a - b);
    const line = (at: number): number => (at === to ? last : first + ((last - first) * (at - from)) / (to - from));
    let start = from;
    for (const at of [...crossings, to]) {
      if (at === start) continue;
      pieces.push({ from: start, to: at, first: bounded(line(start)), last: bounded(line(at)) });
      start = at;
    }
  }
  return new Curve(pieces);
}

/** Factors that hold for one `interval` each, counted from time 0; there must be one for every interval that begins before the curve's end. */
export interface Steps {
  readonly interval: Duration;
  readonly factors: Float64Array;
}

/** How many steps of `interval` begin before `end`. */
export const stepCount = (interval: Duration, end: Time): number => Math.ceil(end / interval);

/** The product of a curve and steps. */
export function timesSteps(curve: Curve, { interval, factors }: Steps): Curve {
  assert(factors.length >= stepCount(interval, curve.end), 'a step is missing');
  const pieces = new Pieces();
  curve.eachPiece((from, to, first, last) => {
    const line = (at: number): number => (at === to ? last : first + ((last - first) * (at - from)) / (to - from));
    let start = from;
    while (start < to) {
      const k = Math.floor(start / interval);
      const stop = Math.min((k + 1) * interval, to);
      const factor = factors[k] as number;
      pieces.add(start, stop, line(start) * factor, line(stop) * factor);
      start = stop;
    }
  });
  return new Curve(pieces);
}
