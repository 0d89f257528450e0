/** A stretch of the clock [from, to) in µs; real numbers, because crossings inside the integrator are not rounded. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Length in seconds of the union of several lists of intervals, clipped to [from, to) in µs. */
export function unionSeconds(lists: readonly (readonly Interval[])[], from = -Infinity, to = Infinity): number {
  let length = 0;
  let end = from;
  for (const interval of lists.flat().sort((a, b) => a.from - b.from)) {
    const start = Math.max(interval.from, end);
    const stop = Math.min(interval.to, to);
    if (stop <= start) continue;
    length += stop - start;
    end = stop;
  }
  return length / 1e6;
}
