/** What Holm's procedure makes of one p of a family. */
export interface Stepped {
  /** The least error of the whole family at which this one is rejected. */
  readonly adjusted: number;
  /** Of how many hypotheses it is the first that is tested, or equals the first: its own p must not exceed the error of the family ÷ this. */
  readonly among: number;
}

/**
 * Holm's step-down procedure (A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6, 1979): the k-th smallest of m p-values is multiplied by
 * m − k + 1, and no adjusted p is below that of a smaller p. Rejecting what is at most α errs in any of the family with probability α at most, however the
 * p-values depend on each other. In the order given.
 */
export function holm(ps: readonly number[]): readonly Stepped[] {
  const order = ps.map((_, index) => index).sort((a, b) => (ps[a] as number) - (ps[b] as number) || a - b);
  const stepped: Stepped[] = [];
  let [highest, among, last] = [0, 0, NaN];
  order.forEach((index, rank) => {
    const p = ps[index] as number;
    if (p !== last) among = ps.length - rank;
    last = p;
    highest = Math.max(highest, Math.min(1, among * p));
    stepped[index] = { adjusted: highest, among };
  });
  return stepped;
}
