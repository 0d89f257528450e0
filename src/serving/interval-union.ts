/** A stretch of the clock [from, to) in µs; real numbers, because crossings inside the integrator are not rounded. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Length in seconds of the union of several lists of intervals, each list rising and without overlaps, clipped to [from, to) in µs. */
export function unionSeconds(lists: readonly (readonly Interval[])[], from = -Infinity, to = Infinity): number {
  const next = lists.map(() => 0);
  let length = 0;
  let end = from;
  for (;;) {
    let first: Interval | undefined;
    let list = -1;
    for (let i = 0; i < lists.length; i++) {
      const candidate = lists[i]?.[next[i] as number];
      if (candidate && (first === undefined || candidate.from < first.from)) {
        first = candidate;
        list = i;
      }
    }
    if (first === undefined || first.from >= to) return length / 1e6;
    next[list] = (next[list] as number) + 1;
    const start = Math.max(first.from, end);
    const stop = Math.min(first.to, to);
    if (stop > start) {
      length += stop - start;
      end = stop;
    }
  }
}
