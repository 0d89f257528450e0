import { InputError } from '../base/errors.ts';
import { show } from '../base/quantity.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Calendar } from '../base/wall-clock.ts';
import { csvRecords } from './csv-records.ts';
import { type Labels, prometheusSamples } from './prometheus.ts';
import type { TraceSpec } from './spec.ts';
import { clockOf, dateClock, plainClock, type TimeUnit, type TraceClock } from './trace-clock.ts';
import { type TraceMistake, Mistakes } from './trace-mistakes.ts';
import { type Need, type StepOptions, TraceSteps } from './trace-steps.ts';

export type { Need } from './trace-steps.ts';

/** What to read of a file of recorded traffic, and how. */
export interface TraceOptions extends StepOptions {
  readonly format: 'csv' | 'prometheus';
  /** CSV: what plain numbers in the column of times are, by default seconds. */
  readonly timeUnit?: TimeUnit | undefined;
  /** Prometheus: labels of the one series that is read. */
  readonly series: Labels;
}

/** Most characters of an answer of Prometheus, which is read as a whole. */
const longestAnswer = 64 * 1024 * 1024;

/**
 * A recorded rate from the text of a file that comes in chunks, read as far as `need` reaches: what comes later is neither read nor checked. Every mistake is told, with the file's name and line;
 * after 20 of them reading ends. Dates without an offset are in the calendar's.
 */
export function readTrace(
  chunks: Iterable<string>,
  options: TraceOptions,
  need: Need,
  calendar: Calendar,
): TraceSpec | { readonly errors: readonly TraceMistake[] } {
  const mistakes = new Mistakes(options.file);
  const steps = new TraceSteps(options, need, calendar.startUnixMs * 1000, mistakes);
  try {
    if (options.format === 'csv') readCsv(chunks, options, calendar.offsetMinutes, steps, mistakes);
    else readPrometheus(chunks, options, calendar.offsetMinutes, steps, mistakes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { errors: [...mistakes.list(), { message: error.message }] };
  }
  return steps.finish() ?? { errors: mistakes.list() };
}

function readCsv(
  chunks: Iterable<string>,
  { time, value, timeUnit }: TraceOptions,
  offsetMinutes: number,
  steps: TraceSteps,
  mistakes: Mistakes,
): void {
  let width: number | undefined;
  let [timeIndex, valueIndex] = [0, 0];
  let clock: TraceClock | undefined;
  for (const record of csvRecords(chunks)) {
    const { line } = record;
    if (mistakes.enough) return;
    if ('mistake' in record) {
      mistakes.add(record.mistake, line);
      if (width === undefined) return;
      continue;
    }
    const { fields } = record;
    if (width === undefined) {
      width = fields.length;
      const header = fields.map((field) => field.trim());
      const separator = foreignSeparator(header);
      if (separator !== undefined) mistakes.add(`the header has no comma but ${separator}`, line);
      else [timeIndex, valueIndex] = [column(header, time, line, mistakes), column(header, value, line, mistakes)];
      if (mistakes.any) return;
      continue;
    }
    if (fields.length !== width) {
      mistakes.add(`has ${String(fields.length)} field${fields.length === 1 ? '' : 's'}, but the header has ${String(width)}`, line);
      steps.skip();
      continue;
    }
    const text = (fields[timeIndex] as string).trim();
    if (clock === undefined) {
      const told = clockOf(text, timeUnit, offsetMinutes);
      if (typeof told === 'string') {
        mistakes.add(`${time}: read ${show(text)}: ${told}`, line);
        continue;
      }
      clock = told;
    }
    steps.row(line, clock, text, (fields[valueIndex] as string).trim());
    if (steps.done) return;
  }
  if (width === undefined && !mistakes.any) mistakes.add('is empty; expected a header and rows', 1);
}

/** What a header of a single field seems to be separated by, if it is not one name. */
function foreignSeparator([only = '', ...more]: readonly string[]): string | undefined {
  if (more.length > 0) return undefined;
  if (only.includes('\r')) return 'line ends of the old Mac (CR alone): write it with LF or CRLF';
  if (only.includes(';')) return 'semicolons: separate the fields by commas, and write decimals with a point';
  return only.includes('\t') ? 'tabs: separate the fields by commas' : undefined;
}

/** Index of the column `name`; a mistake where there is none, or two. */
function column(header: readonly string[], name: string, line: number, mistakes: Mistakes): number {
  const index = header.indexOf(name);
  const near = didYouMean(name, header);
  const columns = header.length > 20 ? `${header.slice(0, 20).join(', ')}, … (${String(header.length)})` : header.join(', ');
  if (index < 0)
    mistakes.add(
      `there is no column ${show(name)}; the columns are ${columns}${near === undefined ? '' : `; did you mean ${show(near)}?`}`,
      line,
    );
  else if (header.lastIndexOf(name) !== index) mistakes.add(`there are two columns ${show(name)}`, line);
  return index;
}

function readPrometheus(
  chunks: Iterable<string>,
  { file, series }: TraceOptions,
  offsetMinutes: number,
  steps: TraceSteps,
  mistakes: Mistakes,
): void {
  const parts: string[] = [];
  let length = 0;
  for (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length <= longestAnswer) continue;
    mistakes.add(
      `has more than ${String(longestAnswer)} characters: an answer of Prometheus is read as a whole; ask for fewer series, or write a CSV`,
    );
    return;
  }
  const [seconds, dates] = [plainClock('s'), dateClock(offsetMinutes)];
  const clock: TraceClock = { expected: 'unix seconds, or a date and time,', read: (given) => seconds.read(given) ?? dates.read(given) };
  for (const { where, at, value } of prometheusSamples(file, parts.join(''), series)) {
    steps.row(where, clock, String(at / 1e6), value);
    if (steps.done || mistakes.enough) return;
  }
}
