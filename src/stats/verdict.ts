import { assert } from '../base/assert.ts';
import { outlier } from './grubbs.ts';
import { holm } from './holm.ts';
import { signFlipP } from './sign-flip.ts';
import { studentQuantile, upperTail } from './student.ts';
import { mean, sampleDeviation } from './summary.ts';

/** Where the mean of a difference lies: above the margin, below its negative, or between the two. */
export type Place = 'above' | 'below' | 'within';

/** Paired differences of one metric, and how large their mean must be for anybody to care. */
export interface Question {
  /** At least {@link fewestForVerdict}, not all of them 0. */
  readonly differences: readonly number[];
  /** ≥ 0, in their unit. */
  readonly margin: number;
}

export interface Verdict {
  /** Undefined: undecided. */
  readonly place: Place | undefined;
  /** The least error at which the differences are placed where their mean lies. */
  readonly p: number;
  /** The same for the whole family: Holm's. */
  readonly adjusted: number;
  readonly method: 'paired t' | 'sign flip';
  /** Index of a difference that lies too far out for a t interval. */
  readonly outlier: number | undefined;
  /**
   * Where undecided: how many replications would decide with probability 0.8, if mean and deviation are what they seem and whatever else is undecided stays so; more than
   * there are. Undefined where more than {@link mostNeeded}.
   */
  readonly needed: number | undefined;
}

/** With fewer pairs a t interval rests on nothing but its assumption that differences are normal. */
export const fewestForVerdict = 5;
export const mostNeeded = 10_000;
const power = 0.8;

/**
 * Says of each question of a family where the mean difference lies, so that with probability `level` at least not one is misplaced.
 *
 * A difference is placed where its t interval lies wholly, at the level that Holm's procedure leaves it (that a p-value may name the side as well: Shaffer, Ann.
 * Statist. 8, 1980). `p` is the least error of such an interval: without a margin the two-sided p of the paired t test, within it that of two one-sided tests
 * (Schuirmann, J. Pharmacokin. Biopharm. 15, 1987) at twice their error, so that the interval that is printed is the one that decides. Where one difference lies too
 * far out for t (Grubbs), p is that of the exact sign-flip test from the margin instead.
 */
export function placeAll(family: readonly Question[], level: number): readonly Verdict[] {
  const doubts = family.map(doubtOf);
  const adjustedPs = holm(doubts.map(({ p }) => p));
  const open = adjustedPs.filter((adjusted) => adjusted > 1 - level).length;
  return doubts.map(({ place, p, method, outlier, needed }, i) => {
    const adjusted = adjustedPs[i] as number;
    const decided = adjusted <= 1 - level;
    return { place: decided ? place : undefined, p, adjusted, method, outlier, needed: decided ? undefined : needed((1 - level) / open) };
  });
}

interface Doubt extends Pick<Verdict, 'p' | 'method' | 'outlier'> {
  readonly place: Place;
  /** How many replications decide at an error. */
  readonly needed: (error: number) => number | undefined;
}

function doubtOf({ differences, margin }: Question): Doubt {
  const count = differences.length;
  assert(count >= fewestForVerdict && margin >= 0, `a verdict from ${String(count)} differences with a margin of ${String(margin)}`);
  const centre = mean(differences);
  const deviation = sampleDeviation(differences) as number;
  const place: Place = centre > margin ? 'above' : centre < -margin ? 'below' : 'within';
  const distance = Math.abs(Math.abs(centre) - margin);
  const far = outlier(differences);
  const flipped = far === undefined ? undefined : flippedP(place, differences, margin);
  if (flipped !== undefined)
    return {
      place,
      p: flipped,
      method: 'sign flip',
      outlier: far,
      needed: (error) => atLeast(Math.max(count + 1, fewestFlips(error)), needed(distance, deviation, error)),
    };
  const p = deviation === 0 ? 0 : 2 * upperTail((distance * Math.sqrt(count)) / deviation, count - 1);
  return { place, p, method: 'paired t', outlier: far, needed: (error) => needed(distance, deviation, error) };
}

/** The sign-flip p of lying on the margin that is next to the place; within it, of either. */
function flippedP(place: Place, differences: readonly number[], margin: number): number | undefined {
  const from = (edge: number): number | undefined => signFlipP(differences.map((difference) => difference - edge));
  if (place === 'above') return from(margin);
  if (place === 'below') return from(-margin);
  const [low, high] = [from(-margin), from(margin)];
  return low === undefined || high === undefined ? undefined : Math.max(low, high);
}

/** The smallest n whose sign-flip p, 2^(1 − n) where all differ the same way, can be as small as `error`. */
function fewestFlips(error: number): number {
  let n = 1;
  for (let p = 1; p > error; p /= 2) n++;
  return n;
}

const atLeast = (least: number, value: number | undefined): number | undefined => value && Math.max(least, value);

/** The smallest n with (t(1 − error ÷ 2; n − 1) + t(power; n − 1)) · deviation ÷ √n ≤ distance (the sample size of a t test: Snedecor & Cochran, Statistical Methods, ch. 6, with t for z). */
function needed(distance: number, deviation: number, error: number): number | undefined {
  const enough = (n: number): boolean =>
    (studentQuantile(1 - error / 2, n - 1) + studentQuantile(power, n - 1)) * deviation <= distance * Math.sqrt(n);
  if (!enough(mostNeeded)) return undefined;
  let [low, high] = [fewestForVerdict - 1, mostNeeded];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
