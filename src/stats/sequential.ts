import { confidenceInterval } from './interval.ts';

/** Fewer replications say too little of their own deviation to stop on it. */
export const firstLook = 10;

/** After how many replications to look whether they are enough: the first look, then each time a fifth more, `most` at last. Fixed beforehand, so that n depends on nothing but the results. */
export function looks(most: number): readonly number[] {
  const at: number[] = [];
  for (let n = firstLook; n < most; n += Math.ceil(n / 5)) at.push(n);
  return [...at, most];
}

/**
 * Whether the mean is known to `relative` of itself: half-width ≤ relative · |mean| (Law, Simulation Modeling and Analysis, 5th ed., §9.4.1, with the plain half-width).
 * An interval at which a sequence of looks stopped holds the truth a little more rarely than it says (Chow & Robbins, Ann. Math. Statist. 36, 1965: exactly only
 * as `relative` goes to 0).
 */
export function isPrecise(values: readonly number[], relative: number): boolean {
  const { mean, halfWidth } = confidenceInterval(values);
  return halfWidth !== undefined && halfWidth <= relative * Math.abs(mean);
}
