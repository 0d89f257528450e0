import { assert } from '../base/assert.ts';
import { confidenceInterval } from '../stats/interval.ts';

/** What is claimed, in words; the formula, theorem or paper behind it, with its conditions; the unit of the values. */
export interface About {
  readonly name: string;
  readonly source: string;
  readonly unit: string;
}

/** One row of a verification: plain data, the same bytes for the same seed. */
export interface Claim extends About {
  readonly kind: 'exact' | 'counted' | 'estimated' | 'reported';
  readonly expected: number;
  readonly measured: number;
  /** How far measured may be from expected; of a statistical claim, half the width of its interval. Undefined where nothing is demanded. */
  readonly within: number | undefined;
  /** Level of the interval; only of statistical claims. */
  readonly level: number | undefined;
  /** Independent values behind `measured`: cases counted, replications averaged. */
  readonly cases: number;
  /** Undefined where an error is published, not judged. */
  readonly held: boolean | undefined;
}

/** Equal but for `tolerance`: absolute, or relative to the expected value. */
export function exact(
  about: About,
  {
    expected,
    measured,
    ...tolerance
  }: { expected: number; measured: number; cases?: number } & ({ absolute: number } | { relative: number }),
): Claim {
  const within = 'absolute' in tolerance ? tolerance.absolute : tolerance.relative * Math.abs(expected);
  return {
    ...about,
    kind: 'exact',
    expected,
    measured,
    within,
    level: undefined,
    cases: tolerance.cases ?? 1,
    held: Math.abs(measured - expected) <= within,
  };
}

/** That none of `cases` violates it. No case at all proves nothing. */
export function counted(about: Omit<About, 'unit'>, violations: number, cases: number): Claim {
  const held = violations === 0 && cases > 0;
  return { ...about, unit: 'violations', kind: 'counted', expected: 0, measured: violations, within: 0, level: undefined, cases, held };
}

/** Level of statistical claims: of a thousand true ones about one fails, by chance, for one seed in a thousand. */
export const claimLevel = 0.999;
/** Widest interval that says anything: its half-width relative to the expected value. */
export const widestInterval = 0.02;

/** That the mean of independent replications is what theory says: it lies in their Student t interval, and that is narrow (so relative to an expected value that is not 0). */
export function estimated(
  about: About,
  expected: number,
  samples: readonly number[],
  { level = claimLevel, widest = widestInterval } = {},
): Claim {
  const { mean, halfWidth } = confidenceInterval(samples, level);
  assert(halfWidth !== undefined, `${about.name} needs at least two replications`);
  const held = Math.abs(mean - expected) <= halfWidth && halfWidth <= widest * Math.abs(expected);
  return { ...about, kind: 'estimated', expected, measured: mean, within: halfWidth, level, cases: samples.length, held };
}

/** That the model says what the mean of independent replications is: up to half the width of their interval, and `slack`, relative to the mean, that it is known to be off by. */
export function agreed(about: About, samples: readonly number[], measured: number, slack: number): Claim {
  const { mean, halfWidth } = confidenceInterval(samples, claimLevel);
  assert(halfWidth !== undefined, `${about.name} needs at least two replications`);
  const within = halfWidth + slack * Math.abs(mean);
  const held = Math.abs(measured - mean) <= within;
  return { ...about, kind: 'estimated', expected: mean, measured, within, level: claimLevel, cases: samples.length, held };
}

/** An error of the model that is published, without a verdict; `halfWidth`: of the interval of what was expected, where that was measured too. */
export function reported(about: About, expected: number, measured: number, cases = 1, halfWidth?: number): Claim {
  const level = halfWidth === undefined ? undefined : claimLevel;
  return { ...about, kind: 'reported', expected, measured, within: halfWidth, level, cases, held: undefined };
}
