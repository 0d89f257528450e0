/** One record of a CSV text: its fields, or what is wrong with it. */
export type CsvRecord = { readonly line: number; readonly fields: readonly string[] } | { readonly line: number; readonly mistake: string };

/** Most characters of a record: so much is in memory however the file is made. */
const longest = 65_536;

/**
 * The records of a CSV text that comes in chunks: fields separated by commas, in double quotes where they hold commas, quotes (doubled) or line ends; blank lines are no records.
 * A record that is too long, or a quote that is never closed, is the last thing said. Lines count from 1.
 */
export function* csvRecords(chunks: Iterable<string>): Generator<CsvRecord> {
  let number = 0;
  /** The record whose quote is still open. */
  let open: { readonly line: number; readonly text: string } | undefined;
  for (const text of lines(chunks)) {
    number++;
    const line = open?.line ?? number;
    if ((open?.text.length ?? 0) + text.length > longest) {
      yield { line, mistake: `${open ? 'with its open quote ' : ''}is longer than ${String(longest)} characters` };
      return;
    }
    if (open === undefined && !text.includes('"')) {
      const bare = text.trim();
      if (bare !== '') yield { line, fields: bare.split(',') };
      continue;
    }
    const whole: string = open ? `${open.text}\n${text}` : text;
    const closed = isEven(text) !== (open !== undefined);
    open = closed ? undefined : { line, text: whole };
    if (!closed) continue;
    const fields = quotedFields(whole);
    yield fields === undefined
      ? { line, mistake: 'a quote stands inside a field: quote the whole field, and double the quote' }
      : { line, fields };
  }
  if (open) yield { line: open.line, mistake: 'a quote is opened and never closed' };
}

/** Whether the quotes of `text` come in pairs. */
function isEven(text: string): boolean {
  let even = true;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) even = !even;
  return even;
}

function quotedFields(record: string): readonly string[] | undefined {
  // No blank can be matched in two ways: that would take time by the square of their number.
  const field = /(?:\s*"([^"]*(?:""[^"]*)*)"\s*|([^",]*))(,|$)/y;
  const fields: string[] = [];
  for (;;) {
    const match = field.exec(record);
    if (match === null) return undefined;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return fields;
  }
}

/** Lines without their ends; of a line that is too long only so much that it is seen to be. */
function* lines(chunks: Iterable<string>): Generator<string> {
  let rest = '';
  for (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      yield rest + chunk.slice(from, end);
      rest = '';
      from = end + 1;
    }
    rest += chunk.slice(from);
    if (rest.length > longest) break;
  }
  if (rest !== '') yield rest;
}
