/** A column of a table on the screen. Numbers are aligned right. */
export interface TableColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
}

/** Rows under their heads, columns two blanks apart, no blanks at the ends of lines. Missing cells are empty. */
export function alignedTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): readonly string[] {
  const lines = [columns.map(({ head }) => head), ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => displayWidth(line[column] ?? ''))));
  return lines.map((line) =>
    columns
      .map(({ align }, column) => {
        const text = line[column] ?? '';
        const blanks = ' '.repeat((widths[column] ?? 0) - displayWidth(text));
        return align === 'left' ? text + blanks : blanks + text;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** East Asian wide and full-width forms, and emoji: two cells on a terminal. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

/** Cells that `text` takes on a terminal: combining marks none, wide characters two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

/** `text` in one line that cannot steer a terminal, at most `most` cells wide; what is cut off shows as `…`. */
export function printable(text: string, most = Infinity): string {
  const clean = text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
  if (displayWidth(clean) <= most) return clean;
  let cut = '';
  for (const character of clean) {
    if (displayWidth(cut + character) > most - 1) break;
    cut += character;
  }
  return `${cut}…`;
}

/** `text` broken at blanks into lines of at most `width` cells (a longer word stands alone); the second and later ones indented by two. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  const [first = '', ...words] = text.split(/(?<=\S) +/);
  let line = first;
  for (const word of words) {
    if (displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = `  ${word}`;
    } else line = `${line} ${word}`;
  }
  return [...lines, line];
}
