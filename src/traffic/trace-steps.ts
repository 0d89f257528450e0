import { show } from '../base/quantity.ts';
import { type Duration, duration } from '../base/units.ts';
import type { TraceSpec } from './spec.ts';
import type { Mistakes } from './trace-mistakes.ts';
import type { TraceClock } from './trace-clock.ts';

/** What of a trace a scenario reads, in µs since its start. */
export interface Need {
  readonly from: number;
  readonly to: number;
}

/** How the rows of a file become rates over the scenario. */
export interface StepOptions {
  readonly file: string;
  /** Names of the row's time and value in messages. */
  readonly time: string;
  readonly value: string;
  /** `per-step`: requests in the step that begins with the row; `per-second`: a rate. */
  readonly unit: 'per-step' | 'per-second';
  readonly scale: number;
  /** The moment of the file that is the scenario's start: its first row, the start's own date and time, or a time as the file writes them. */
  readonly from?: string | undefined;
  /** Rates become means over windows of this length, counted from the scenario's start. */
  readonly resample?: Duration | undefined;
  /** What becomes of whole steps that are missing: an error, steps without traffic, or steps at the rate before them. */
  readonly gaps: 'refuse' | 'zero' | 'hold';
}

/** 31 days in µs: a file that begins nearer to the scenario's start may well mean its own times. */
const month = 31 * 86_400e6;

/** Most steps of a trace that are kept. */
const maxSteps = 1_000_000;

/**
 * Turns rows into the steps that a scenario needs, and keeps only those. Rows must follow each other by the step of the first two: a duplicate or a row out of order is a mistake,
 * and so is a gap unless the options say what to make of it. A row's value holds until the next row; the last one's for a step.
 */
export class TraceSteps {
  readonly #options: StepOptions;
  readonly #need: Need;
  readonly #startUnix: number;
  readonly #mistakes: Mistakes;
  /** Rates of the windows from the first needed one on; where the file begins or ends inside a window, what it holds of it counts as the whole. */
  readonly #rates: number[] = [];
  #first: { readonly at: number; readonly text: string } | undefined;
  /** The moment of the file that is the scenario's start. */
  #start = 0;
  #step = 0;
  /** The last row whose time could be read. */
  #before = { at: 0, text: '', rate: 0 };
  /** Rows since then whose time could not be read. */
  #unread = 0;
  /** Windows: their length, the first needed one's begin and the last one's end. */
  #length = 0;
  #low = 0;
  #high = Infinity;

  /** `startUnix`: the scenario's start, µs since 1970. */
  constructor(options: StepOptions, need: Need, startUnix: number, mistakes: Mistakes) {
    this.#options = options;
    this.#need = need;
    this.#startUnix = startUnix;
    this.#mistakes = mistakes;
  }

  /** Whether all that is needed has been read. */
  get done(): boolean {
    return this.#step > 0 && this.#before.at + this.#step >= this.#high;
  }

  /** The next row of the file: what it says in its time and its value, which holds from then on. */
  row(where: number | string, clock: TraceClock, timeText: string, valueText: string): void {
    const { value, scale, gaps } = this.#options;
    const rate = number(valueText);
    if (rate === undefined) {
      const remedy = valueText === '' ? '; of a step that is not known leave out the row, and say by `gaps` what to make of it' : '';
      this.#mistakes.add(`${value}: read ${show(valueText)}: expected a number from 0 to 1e15${remedy}`, where);
    }
    const at = clock.read(timeText);
    const { at: last, rate: held } = this.#before;
    if (at === undefined) {
      this.#complain(where, timeText, `expected ${clock.expected} as in the first row`);
      this.skip();
      return;
    }
    if (this.#first === undefined) this.#open(at, timeText, clock);
    else if (at <= last) {
      const what = at === last ? 'the same time as a row before it' : 'earlier than a row before it; rows must be in order of time';
      this.#complain(where, timeText, what);
      return;
    } else {
      if (this.#step === 0) this.#found((at - last) / (this.#unread + 1));
      const missing = (at - last) / this.#step - 1;
      if (!Number.isInteger(missing) || (gaps === 'refuse' && missing > this.#unread))
        this.#complain(where, timeText, this.#gap(at - last));
      this.#put(last, gaps === 'hold' ? at : last + this.#step, held);
    }
    this.#before = { at, text: timeText, rate: (rate ?? 0) * scale };
    this.#unread = 0;
  }

  /** A row that cannot be read: it is no gap. */
  skip(): void {
    this.#unread++;
  }

  #complain(where: number | string, timeText: string, what: string): void {
    this.#mistakes.add(`${this.#options.time}: read ${show(timeText)}: ${what}`, where);
  }

  /** The trace, if there was no mistake. */
  finish(): TraceSpec | undefined {
    const { file } = this.#options;
    if (this.#first === undefined || this.#step === 0) {
      if (!this.#mistakes.any)
        this.#mistakes.add(`has ${this.#first === undefined ? 'no row' : 'one row'} of data; two are needed to tell the step`);
      return undefined;
    }
    const [begin, end] = [this.#first.at, this.#before.at + this.#step];
    this.#put(this.#before.at, end, this.#before.rate);
    const [from, to] = [this.#start + this.#need.from, this.#start + this.#need.to];
    if (begin > from)
      this.#mistakes.add(`begins ${this.#moment(begin)} (row ${this.#first.text}), but is needed from ${this.#moment(from)} on`);
    if (end < Math.min(to, this.#high) && !this.#mistakes.enough)
      this.#mistakes.add(`ends ${this.#moment(end)} (after row ${this.#before.text}), but is needed until ${this.#moment(to)}`);
    if (this.#mistakes.any) return undefined;
    const steps = (this.#high - this.#low) / this.#length;
    while (this.#rates.length < steps) this.#rates.push(0);
    for (const index of new Set([0, steps - 1])) {
      const window = this.#low + index * this.#length;
      const held = Math.min(window + this.#length, end) - Math.max(window, begin);
      if (held < this.#length) this.#rates[index] = (this.#rates[index] as number) / (held / this.#length);
    }
    const perSecond = this.#options.unit === 'per-step' ? this.#step / 1e6 : 1;
    const rates = this.#rates.map((rate) => rate / perSecond);
    return { kind: 'trace', file, begin: this.#low - this.#start, step: duration(this.#length), rates };
  }

  /** The first row: from here on the file's times are the scenario's. */
  #open(at: number, text: string, clock: TraceClock): void {
    const { from = 'first-row' } = this.#options;
    this.#first = { at, text };
    const away = at - this.#startUnix;
    if (this.#options.from === undefined && away !== 0 && Math.abs(away) < month)
      this.#mistakes.addOption(
        'from',
        `the first row, ${text}, is ${String(Math.abs(away) / 1e6)} s ${away < 0 ? 'before' : 'after'} the scenario's start: say \`from: clock\` to lay the file by its own times, or \`from: first-row\``,
      );
    const start = from === 'first-row' ? at : from === 'clock' ? this.#startUnix : clock.read(from);
    if (start === undefined)
      this.#mistakes.addOption(
        'from',
        `read ${show(from)}: expected first-row, clock, or ${clock.expected} as in the first row, such as ${text}`,
      );
    this.#start = start ?? at;
  }

  /** The step of the file: with it the windows are known, and how many are needed. */
  #found(step: number): void {
    this.#step = step;
    const { resample } = this.#options;
    this.#length = resample ?? step;
    const origin = resample === undefined ? (this.#first as { readonly at: number }).at : this.#start;
    const edge = (moment: number, round: (x: number) => number): number => origin + round((moment - origin) / this.#length) * this.#length;
    this.#low = edge(this.#start + this.#need.from, Math.floor);
    this.#high = Math.max(edge(this.#start + this.#need.to, Math.ceil), this.#low + this.#length);
    if (resample !== undefined && resample < step)
      this.#mistakes.addOption('resample', `${secondsLabel(resample)} is shorter than the step of the file, ${secondsLabel(step)}`);
    const steps = (this.#high - this.#low) / this.#length;
    if (steps <= maxSteps) return;
    this.#mistakes.add(
      `has a step of ${secondsLabel(step)}: ${String(Math.ceil(steps))} steps of ${secondsLabel(this.#length)} are needed, and at most ${String(maxSteps)} are kept; resample: 5m, say, makes them longer`,
    );
    this.#high = -Infinity;
  }

  /** The rate from `from` to `to`, into the windows that are needed: each gets the share that lies in it. */
  #put(from: number, to: number, rate: number): void {
    const end = Math.min(to, this.#high);
    for (let at = Math.max(from, this.#low); at < end;) {
      const index = Math.floor((at - this.#low) / this.#length);
      const stop = Math.min(this.#low + (index + 1) * this.#length, end);
      while (this.#rates.length <= index) this.#rates.push(0);
      this.#rates[index] = (this.#rates[index] as number) + rate * ((stop - at) / this.#length);
      at = stop;
    }
  }

  /** The complaint about a row that does not follow the one before by the file's step. */
  #gap(difference: number): string {
    const remedy = difference % this.#step === 0 ? ' (`gaps: zero` or `gaps: hold` fills missing steps)' : '';
    return `${secondsLabel(difference)} after the row before, but the step of the file is ${secondsLabel(this.#step)}${remedy}`;
  }

  /** A moment of the file as the scenario's. */
  #moment(at: number): string {
    const since = at - this.#start;
    return since === 0 ? "at the scenario's start" : `${hours(Math.abs(since))} ${since < 0 ? 'before' : 'after'} the scenario's start`;
  }
}

/** A plain decimal number from 0 to 1e15. */
function number(text: string): number | undefined {
  const value = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN;
  return value >= 0 && value <= 1e15 ? value : undefined;
}

const secondsLabel = (microseconds: number): string => `${String(microseconds / 1e6)} s`;

/** `16 h`, `1.5 h`, `90 s`. */
const hours = (microseconds: number): string =>
  microseconds >= 3600e6 ? `${String(Number((microseconds / 3600e6).toFixed(3)))} h` : `${String(microseconds / 1e6)} s`;
