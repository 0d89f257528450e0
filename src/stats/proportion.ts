import { studentQuantile } from './student.ts';

/** So many degrees of freedom that Student's quantile is the normal one to six digits. */
const many = 1e6;

/**
 * Bounds of the probability of what was seen `hits` times of `count`, at a two-sided level (Wilson, Probable inference, the law of succession, and statistical inference, 1927): unlike
 * p ± z·√(p(1 − p) ÷ n) they never leave 0 … 1, and say something where it was never seen.
 */
export function proportionInterval(hits: number, count: number, level: number): { readonly low: number; readonly high: number } {
  const z = studentQuantile((1 + level) / 2, many);
  const share = hits / count;
  const middle = share + (z * z) / (2 * count);
  const spread = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  const whole = 1 + (z * z) / count;
  return { low: hits === 0 ? 0 : (middle - spread) / whole, high: hits === count ? 1 : (middle + spread) / whole };
}
