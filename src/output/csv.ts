import { stringify } from 'csv-stringify/sync';
import { InvariantError } from '../base/assert.ts';
import { type Cell, type CsvName, csvFiles, type Row } from '../metrics/columns.ts';

/** The header of a file: its column names and a line feed. */
export const csvHeader = (file: CsvName): string => header(namesOf(file));

const header = (names: readonly string[]): string => stringify([[...names]]);
const namesOf = (file: CsvName): readonly string[] => csvFiles[file].columns.map(({ name }) => name);

/**
 * `rows` as lines of the file, without the header. A key that is no column of the file, or a number that is not finite, is an {@link InvariantError}.
 * Cells are joined here, since nearly all are numbers and names in which nothing can need a quotation mark; any other text csv-stringify writes, which takes
 * ten times as long.
 */
export const csvLines = (file: CsvName, rows: readonly Row[]): string => lines(csvFiles[file].file, namesOf(file), rows);

function lines(file: string, names: readonly string[], rows: readonly Row[]): string {
  const texts = new Map<string, string>();
  let written = '';
  for (const row of rows) {
    let [separator, found] = ['', 0];
    for (const name of names) {
      const cell = row[name];
      if (cell !== undefined || name in row) found++;
      written += separator;
      separator = ',';
      if (typeof cell !== 'string') {
        if (typeof cell === 'number' && !Number.isFinite(cell)) throw new InvariantError(`${file}: ${name} is ${String(cell)}`);
        written += cellText(cell);
        continue;
      }
      let text = texts.get(cell);
      if (text === undefined) texts.set(cell, (text = quoted(cellText(cell))));
      written += text;
    }
    if (Object.keys(row).length !== found) {
      const unknown = Object.keys(row).find((key) => !names.includes(key));
      throw new InvariantError(`${file} has no column ${String(unknown)}`);
    }
    written += '\n';
  }
  return written;
}

const quoted = (text: string): string => (special.test(text) ? stringify([[text]], { eof: false }) : text);

/** What makes a text need quotation marks: the separator, the mark itself, and ends of lines. */
const special = /[",\r\n]/;

/** The whole file. */
export const csvText = (file: CsvName, rows: readonly Row[]): string => csvHeader(file) + csvLines(file, rows);

/** A table whose columns depend on what was asked: `file` is what errors name it. */
export const tableText = (file: string, names: readonly string[], rows: readonly Row[]): string => header(names) + lines(file, names, rows);

/** Text of one cell: whole numbers whole, others with 9 significant digits; names that a spreadsheet would read as a formula behind an apostrophe. */
export function cellText(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'string') return formulaStart.test(cell) ? `'${cell}` : cell;
  if (typeof cell === 'boolean') return cell ? 'true' : 'false';
  // Adding 0 turns −0 into 0.
  if (Number.isSafeInteger(cell)) return String(cell + 0);
  const digits = cell.toPrecision(9);
  return digits.includes('e') ? String(Number(digits)) : withoutLastZeros(digits);
}

/** `1.25000000` as `1.25`, `2.00000000` as `2`: what reading the number and writing it again says, in half the time. */
function withoutLastZeros(digits: string): string {
  const point = digits.indexOf('.');
  if (point < 0) return digits;
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === zero) end--;
  return digits.slice(0, end - 1 === point ? point : end);
}

const zero = '0'.charCodeAt(0);

/** What spreadsheets take for the start of a formula, also in full-width forms, behind spaces or a quotation mark. */
const formulaStart = /^[ "]*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
