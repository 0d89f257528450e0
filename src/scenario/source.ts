/** A text that values were read from: a scenario file, the argument of one `--set`, or fenshi's own defaults. */
export interface Source {
  readonly kind: 'file' | 'set' | 'default';
  /** The path as given; `--set`; `default`. */
  readonly name: string;
  readonly text: string;
}

/** Where in a source something was written. */
export interface Place {
  readonly source: Source;
  /** Index into the source's text, in UTF-16 units; absent where the source as a whole is meant. */
  readonly offset?: number;
}

/** The source of every built-in default. */
export const builtIn: Source = { kind: 'default', name: 'default', text: '' };

/** A built-in default that comes from somewhere: the name says where. */
export const defaultFrom = (from: string): Source => ({ kind: 'default', name: `default: ${from}`, text: '' });

const lineStarts = new WeakMap<Source, readonly number[]>();

/** Offsets at which the lines of `source` begin; a line ends with LF or CR LF, as the parser sees it. */
function startsOf(source: Source): readonly number[] {
  const known = lineStarts.get(source);
  if (known) return known;
  const starts = [0];
  for (let end = source.text.indexOf('\n'); end >= 0; end = source.text.indexOf('\n', end + 1)) starts.push(end + 1);
  lineStarts.set(source, starts);
  return starts;
}

/** Line and column, both from 1, as editors count them (UTF-16 units); 1:1 for the source as a whole. */
export function lineAndColumn(place: Place): { readonly line: number; readonly column: number } {
  const starts = startsOf(place.source);
  const offset = Math.min(place.offset ?? 0, place.source.text.length);
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? Infinity) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** The text of one line, from 1, without its end. */
export function lineText(source: Source, line: number): string {
  const starts = startsOf(source);
  return source.text.slice(starts[line - 1] ?? 0, starts[line] ?? source.text.length).replace(/[\r\n]+$/, '');
}

/** The origin of a value as a comment says it: `default`, `--set`, `scenarios/double11.yaml:31`. */
export function originLabel(place: Place): string {
  return place.source.kind === 'file' ? `${place.source.name}:${String(lineAndColumn(place).line)}` : place.source.name;
}
