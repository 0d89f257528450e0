import { CsvError, parse } from 'csv-parse/sync';
import { didYouMean } from '../base/suggest.ts';
import { show } from '../base/quantity.ts';
import { duration } from '../base/units.ts';
import { parseDateTime } from '../base/wall-clock.ts';
import type { TraceSpec } from './spec.ts';

/** What to read of a CSV file with a header. */
export interface TraceOptions {
  /** Its name, as error messages quote it. */
  readonly file: string;
  /** Column of the row's time: plain seconds, or a date and time; only differences matter. */
  readonly time: string;
  /** Column of the row's value, which holds until the next row. */
  readonly value: string;
  /** `per-step`: requests in the step that begins with the row; `per-second`: a rate. */
  readonly unit: 'per-step' | 'per-second';
  readonly scale: number;
  /** What becomes of whole steps that are missing: an error, steps without traffic, or steps at the rate before them. */
  readonly gaps: 'refuse' | 'zero' | 'hold';
}

/**
 * A recorded rate from the text of a CSV file. The rows must be evenly spaced by the step of the first two: a duplicate or a row out of order is refused,
 * as is a value that is no number of at least 0; and a gap, unless the options say what to make of it. The last value holds for a step too. The complaint names file and line and says what was read.
 */
export function readTrace(text: string, options: TraceOptions): TraceSpec | { readonly error: string } {
  try {
    return decode(text, options);
  } catch (error) {
    if (error instanceof TraceError) return { error: `${options.file}:${String(error.line)}: ${error.message}` };
    throw error;
  }
}

/** A mistake in the file, at a line. */
class TraceError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function decode(text: string, { file, time: timeColumn, value: valueColumn, unit, scale, gaps }: TraceOptions): TraceSpec {
  const [header, ...rows] = split(text);
  if (header === undefined) throw new TraceError(1, 'is empty; expected a header and rows');
  const timeIndex = columnIndex(header, timeColumn);
  const valueIndex = columnIndex(header, valueColumn);
  const [one, two] = rows;
  if (one === undefined || two === undefined)
    throw new TraceError(
      header.info.lines,
      `found ${one === undefined ? 'no row' : 'one row'} below the header; two are needed to tell the step`,
    );
  const cell = (row: Row, index: number): string => row.record[index] ?? '';
  const clock = clockOf(cell(one, timeIndex));
  if (clock === undefined)
    throw new TraceError(
      one.info.lines,
      `${timeColumn}: read ${show(cell(one, timeIndex))}: expected seconds such as 300 or a time such as 2014-04-10 00:04:00`,
    );
  const rates: number[] = [];
  let step = 0;
  let before = 0;
  for (const row of rows) {
    const line = row.info.lines;
    const read = cell(row, timeIndex);
    const at = clock.read(read);
    if (at === undefined) throw new TraceError(line, `${timeColumn}: read ${show(read)}: expected ${clock.expected} as in the first row`);
    if (row === two) step = at - before;
    const missing = row === one ? 0 : (at - before) / step - 1;
    if (
      row !== one &&
      (at <= before || (missing !== 0 && (gaps === 'refuse' || !Number.isInteger(missing) || rates.length + missing > maxSteps)))
    )
      throw new TraceError(line, unevenness(`${timeColumn}: read ${show(read)}`, at - before, row === two ? undefined : step));
    before = at;
    for (let i = 0; i < missing; i++) rates.push(gaps === 'hold' ? (rates.at(-1) as number) : 0);
    rates.push(number(cell(row, valueIndex), line, valueColumn) * scale);
  }
  const perSecond = unit === 'per-step' ? step / 1e6 : 1;
  return { kind: 'trace', file, step: duration(step), rates: rates.map((value) => value / perSecond) };
}

/** Most steps of a trace, filled gaps included. */
const maxSteps = 5_000_000;

/** The complaint about a row that does not follow the one before by the file's step. */
function unevenness(read: string, difference: number, step: number | undefined): string {
  if (difference === 0) return `${read}: the same time as the row before`;
  if (difference < 0) return `${read}: earlier than the row before; rows must be in order of time`;
  const remedy = step !== undefined && difference % step === 0 ? ' (`gaps: zero` or `gaps: hold` fills missing steps)' : '';
  return `${read}: ${secondsLabel(difference)} after the row before, but the step of the file is ${secondsLabel(step ?? difference)}${remedy}`;
}

function split(text: string): readonly Row[] {
  try {
    return parse(text, { info: true, bom: true, trim: true, skip_empty_lines: true }) as unknown as Row[];
  } catch (error) {
    if (error instanceof CsvError) throw new TraceError(Number(error['lines'] ?? 1), error.message.replace(/ (?:on|at) line \d+/, ''));
    throw error;
  }
}

function columnIndex(header: Row, name: string): number {
  const index = header.record.indexOf(name);
  const near = didYouMean(name, header.record);
  if (index < 0)
    throw new TraceError(
      header.info.lines,
      `there is no column ${show(name)}; the columns are ${header.record.join(', ')}${near === undefined ? '' : `; did you mean ${show(near)}?`}`,
    );
  if (header.record.lastIndexOf(name) !== index) throw new TraceError(header.info.lines, `there are two columns ${show(name)}`);
  return index;
}

/** How the times of a file are written, told from its first row. */
function clockOf(first: string): { readonly expected: string; read(text: string): number | undefined } | undefined {
  if (plainSeconds(first) !== undefined) return { expected: 'seconds', read: plainSeconds };
  if (dateTime(first) !== undefined) return { expected: 'a date and time', read: dateTime };
  return undefined;
}

/** Decimal seconds → µs without going through a fraction of a second in floating point. */
function plainSeconds(text: string): number | undefined {
  const match = /^(\d{1,9}|1\d{9}|[2-8]\d{9})(?:\.(\d+))?$/.exec(text);
  return match ? Number(match[1]) * 1e6 + Math.round(Number(`0.${match[2] ?? '0'}`) * 1e6) : undefined;
}

function dateTime(text: string): number | undefined {
  const moment = parseDateTime(text);
  return moment === undefined ? undefined : moment.unixMs(0) * 1000;
}

function number(text: string, line: number, column: string): number {
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(value >= 0 && value <= 1e15)) throw new TraceError(line, `${column}: read ${show(text)}: expected a number from 0 to 1e15`);
  return value;
}

const secondsLabel = (microseconds: number): string => `${String(microseconds / 1e6)} s`;
