/** Texts by kind: those that differ in numbers only are of one. Kinds, and the texts of each, in the order in which they came. */
export function alike(texts: readonly string[]): readonly (readonly string[])[] {
  const kinds = new Map<string, string[]>();
  for (const text of texts) {
    const kind = text.replace(/\d+([.,:]\d+)*/g, '#');
    const known = kinds.get(kind);
    if (known) known.push(text);
    else kinds.set(kind, [text]);
  }
  return [...kinds.values()];
}

/** Most texts of a kind that are said one by one. */
const mostOfKind = 3;

/** The texts, but of each kind only the first few and how many more there are; `where` says where to find them. */
export function condensed(texts: readonly string[], where: string): readonly string[] {
  return alike(texts).flatMap((kind) => {
    const more = kind.length - mostOfKind;
    return more > 1 ? [...kind.slice(0, mostOfKind), `${String(more)} more like the last one${where}`] : kind;
  });
}
