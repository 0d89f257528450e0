import { fsum } from 'd3-array';

/** Most pairs that are looked at exactly: 2^15 sums of either half. */
export const mostSignFlips = 30;

/**
 * Exact two-sided p of Fisher's randomisation test for pairs (The Design of Experiments, 1935, §21): of the 2^n ways to give the `differences` signs, the share whose
 * sum is at least as far from 0 as the one that was seen. It asks whether there is any difference at all and supposes nothing but that without one a
 * difference is as likely as its negative. Never below 2^(1 − n). Undefined for no differences, and for more than {@link mostSignFlips} that are not 0.
 */
export function signFlipP(differences: readonly number[]): number | undefined {
  const sizes = differences.map(Math.abs).filter((size) => size > 0); // what is 0 changes no sum
  if (differences.length === 0 || sizes.length > mostSignFlips) return undefined;
  // Sums that are equal but for rounding count as equal.
  const seen = Math.abs(fsum(differences)) - 1e-12 * fsum(sizes);
  if (seen <= 0) return 1;
  const half = Math.ceil(sizes.length / 2);
  const [left, right] = [signedSums(sizes.slice(0, half)), signedSums(sizes.slice(half))];
  let atLeast = 0;
  let from = right.length; // right[from …] reach what left[i] lacks: the larger left[i], the more of them
  for (const sum of left) {
    while (from > 0 && (right[from - 1] as number) + sum >= seen) from--;
    atLeast += right.length - from;
  }
  return (2 * atLeast) / (left.length * right.length); // for every sum there is its negative
}

/** Σ ±size over all signs, rising. */
function signedSums(sizes: readonly number[]): Float64Array {
  let sums = Float64Array.of(0);
  for (const size of sizes) {
    const next = new Float64Array(sums.length * 2);
    sums.forEach((sum, i) => {
      next[2 * i] = sum - size;
      next[2 * i + 1] = sum + size;
    });
    sums = next;
  }
  return sums.sort();
}
