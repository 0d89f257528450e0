import { InvariantError } from '../base/assert.ts';
import { log } from '../base/elementary.ts';
import { exponential, lognormal } from './variates.ts';

/** How service times vary. `auto`: deterministic where cv is 0, exponential where it is 1, log-normal otherwise. */
export const serviceDistributions = ['auto', 'deterministic', 'exponential', 'log-normal', 'hyper-exponential'] as const;
export type ServiceDistribution = (typeof serviceDistributions)[number];

/** What speaks against a distribution with a coefficient of variation of `cv`; undefined if nothing does. */
export function unfitFor(distribution: ServiceDistribution, cv: number): string | undefined {
  if (distribution === 'deterministic' && cv !== 0) return 'deterministic service times have the cv 0';
  if (distribution === 'exponential' && cv !== 1) return 'exponential service times have the cv 1';
  if (distribution === 'hyper-exponential' && cv <= 1) return 'hyper-exponential service times have a cv above 1';
  return undefined;
}

/**
 * Service times of mean 1 by inversion of one uniform each. Log-normal: ln-variance ln(1 + cv²). Hyper-exponential: two phases of balanced means,
 * p = (1 + √((cv² − 1)/(cv² + 1)))/2 with mean 1/(2p) (Morse 1958; Whitt 1982); a uniform below p draws from the first.
 */
export function serviceTimes(distribution: ServiceDistribution, cv: number): (uniform: number) => number {
  const unfit = unfitFor(distribution, cv);
  if (unfit !== undefined) throw new InvariantError(`${unfit}, not ${String(cv)}`);
  if (cv === 0) return () => 1;
  if (distribution === 'exponential' || (distribution === 'auto' && cv === 1)) return (uniform) => exponential(1, uniform);
  if (distribution === 'hyper-exponential') {
    const square = cv * cv;
    const p = (1 + Math.sqrt((square - 1) / (square + 1))) / 2;
    const [often, seldom] = [1 / (2 * p), 1 / (2 * (1 - p))];
    return (uniform) => (uniform < p ? exponential(often, uniform / p) : exponential(seldom, (uniform - p) / (1 - p)));
  }
  const sigma = Math.sqrt(log(1 + cv * cv));
  const median = 1 / Math.sqrt(1 + cv * cv);
  return (uniform) => lognormal(median, sigma, uniform);
}
