import type { Piece } from './curve.ts';

/**
 * Largest error of a linearised curve, as a share of its peak. Ten times finer than the 0.1 % that a reader of a plot could tell,
 * because the rate at night is itself only about 1 % of the peak of such a day.
 */
export const maximumError = 1e-4;

/**
 * Chords of `value`, a function of time that is convex or concave on [from, to], which differ from it by at most `tolerance`.
 * A piece is halved until its chord is within half the tolerance at the middle: on a convex or concave piece the deviation is itself
 * concave and zero at both ends, so nowhere more than twice what it is in the middle. Bends lie on whole µs.
 */
export function linearise(value: (t: number) => number, from: number, to: number, tolerance: number): readonly Piece[] {
  const pieces: Piece[] = [];
  const add = (a: number, b: number, first: number, last: number): void => {
    const middle = a + Math.floor((b - a) / 2);
    const there = value(middle);
    const chord = first + ((last - first) * (middle - a)) / (b - a);
    if (middle === a || Math.abs(there - chord) <= tolerance / 2) {
      pieces.push({ from: a, to: b, first, last });
      return;
    }
    add(a, middle, first, there);
    add(middle, b, there, last);
  };
  add(from, to, value(from), value(to));
  return pieces;
}
