/** What a search found out: `true` where a value will do. */
export type Known = ReadonlyMap<number, boolean>;

export interface Found {
  /** The smallest value that was tried, that will do, and below which the next one will not; undefined where none up to the last will do. */
  readonly smallest: number | undefined;
}

/** How far below the answer it is looked whether smaller ones would do. */
export const lookedBelow = 3;

/**
 * The smallest of the whole numbers `first` … `last` that will do, if all larger ones do: a binary search in a bracket that grows from `start`, doubling its step. Yields
 * what to try next, one value or several, and is told what is known of all that were tried; at last it has tried {@link lookedBelow} values below the answer too.
 */
export function* smallestThatDoes(first: number, last: number, start: number): Generator<readonly number[], Found, Known> {
  const inside = Math.min(last, Math.max(first, start));
  let known = yield [inside];
  /** Every value up to `low` will not do, `high` will. */
  let [low, high] = known.get(inside) === true ? [first - 1, inside] : [inside, last + 1];
  if (high === inside)
    for (let step = 1; high > first; step *= 2) {
      const next = Math.max(first, high - step);
      known = yield [next];
      if (known.get(next) !== true) {
        low = next;
        break;
      }
      high = next;
    }
  else
    for (let step = 1; low < last; step *= 2) {
      const next = Math.min(last, low + step);
      known = yield [next];
      if (known.get(next) === true) {
        high = next;
        break;
      }
      low = next;
    }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    known = yield [middle];
    if (known.get(middle) === true) high = middle;
    else low = middle;
  }
  if (high > last) return { smallest: undefined };
  const below = Array.from({ length: lookedBelow }, (_, i) => high - 1 - i).filter((value) => value >= first && !known.has(value));
  if (below.length > 0) yield below;
  return { smallest: high };
}
