/**
 * Holm's step-down procedure (A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6, 1979): the k-th smallest of m p-values is multiplied by
 * m − k + 1, and no adjusted p is below that of a smaller p. Rejecting what is at most α errs in any of the family with probability α at most, however the
 * p-values depend on each other. In the order given: the least error of the whole family at which each is rejected.
 */
export function holm(ps: readonly number[]): readonly number[] {
  const order = ps.map((_, index) => index).sort((a, b) => (ps[a] as number) - (ps[b] as number) || a - b);
  const adjusted: number[] = [];
  let highest = 0;
  order.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, (ps.length - rank) * (ps[index] as number)));
    adjusted[index] = highest;
  });
  return adjusted;
}
