/** Gives out the indexes of roles that are not taken, the lowest first; `taken` is asked once, when the first is wanted. */
export function freeIndexes(taken: () => readonly number[]): () => number {
  let known: ReadonlySet<number> | undefined;
  let next = -1;
  return () => {
    known ??= new Set(taken());
    do next++;
    while (known.has(next));
    return next;
  };
}
