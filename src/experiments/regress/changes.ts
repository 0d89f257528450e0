/** One value that two plain trees do not share. */
export interface Change {
  /** Keys joined by dots, as `--set` takes them. */
  readonly path: string;
  /** As JSON; undefined where it is absent. */
  readonly before: string | undefined;
  readonly now: string | undefined;
}

/** Where two plain trees (of mappings, lists and scalars) differ, in the order of the second one, then of the first. */
export function changes(before: unknown, now: unknown, path: readonly string[] = []): readonly Change[] {
  if (isTree(before) && isTree(now) && Array.isArray(before) === Array.isArray(now)) {
    const keys = [...new Set([...Object.keys(now), ...Object.keys(before)])];
    return keys.flatMap((key) => changes(before[key], now[key], [...path, key]));
  }
  const [was, is] = [text(before), text(now)];
  return was === is ? [] : [{ path: path.join('.'), before: was, now: is }];
}

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;
const text = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));
