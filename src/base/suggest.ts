/** Edit distance of two words: insertions, deletions, replacements and swaps of neighbours (Damerau–Levenshtein, optimal string alignment). */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (rows[i - 1]?.[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/** The known word that `read` probably meant: at most max(1, ⌊length/3⌋) edits away ignoring case and separators, or one the other begins with; the first in `known` order at equality. */
export function didYouMean(read: string, known: readonly string[]): string | undefined {
  const fold = (word: string) => word.toLowerCase().replace(/[-_ ]/g, '');
  const word = fold(read);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const other = fold(candidate);
    if (Math.abs(word.length - other.length) >= bestDistance && !other.startsWith(word) && !word.startsWith(other)) continue;
    const prefix = word.length >= 3 && (other.startsWith(word) || (other.length >= 3 && word.startsWith(other)));
    const distance = other === word ? 0 : prefix ? 1 : editDistance(word, other);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}
