import { parseDateTime } from '../base/wall-clock.ts';

/** How the times of a file are written. Times that are read are µs since 1970, or since whatever plain numbers count from. */
export interface TraceClock {
  readonly expected: string;
  read(text: string): number | undefined;
}

export type TimeUnit = 's' | 'ms';

/** The clock of a file, told from its first time; the complaint as text where it is none. Dates without an offset of their own are read with `offsetMinutes`. */
export function clockOf(first: string, timeUnit: TimeUnit | undefined, offsetMinutes: number): TraceClock | string {
  const dates = dateClock(offsetMinutes);
  const plain = plainClock(timeUnit ?? 's');
  if (dates.read(first) !== undefined) return timeUnit === undefined ? dates : 'are dates: only plain numbers have a timeUnit';
  if (plain.read(first) !== undefined) return plain;
  return `expected ${plain.expected} such as ${timeUnit === 'ms' ? '300000' : '300'} or a time such as 2014-04-10 00:04:00${milliseconds(first, timeUnit)}`;
}

const milliseconds = (text: string, unit: TimeUnit | undefined): string =>
  unit !== 'ms' && plainClock('ms').read(text) !== undefined ? ' (milliseconds? say `timeUnit: ms`)' : '';

/** Digits before the point, so that µs stay exact: seconds and milliseconds until the year 2255. */
const plainForms = {
  s: /^(\d{1,9}|[1-8]\d{9})(?:\.(\d+))?$/,
  ms: /^(\d{1,12}|[1-8]\d{12})(?:\.(\d+))?$/,
} as const satisfies Record<TimeUnit, RegExp>;

/** Decimal seconds or milliseconds → µs without going through a fraction in floating point. */
export function plainClock(unit: TimeUnit): TraceClock {
  const microseconds = unit === 's' ? 1e6 : 1e3;
  const form = plainForms[unit];
  return {
    expected: unit === 's' ? 'seconds' : 'milliseconds',
    read: (text) => {
      const match = form.exec(text);
      return match ? Number(match[1]) * microseconds + Math.round(Number(`0.${match[2] ?? '0'}`) * microseconds) : undefined;
    },
  };
}

/**
 * `YYYY-MM-DD HH:MM[:SS[.mmm]]`, also with a T between, and with Z or an offset. Long files have many seconds in a row: those of a minute that was read already,
 * written alike, are not taken apart again.
 */
export function dateClock(offsetMinutes: number): TraceClock {
  let minute = '';
  let tail = '';
  let minuteStart = 0;
  return {
    expected: 'a date and time',
    read: (text) => {
      const second = twoDigits(text, 17);
      if (second < 60 && text.startsWith(minute) && minute !== '' && text[16] === ':' && text.slice(19) === tail)
        return minuteStart + second * 1e6;
      const moment = parseDateTime(text)?.unixMs(offsetMinutes);
      if (moment !== undefined && text[16] === ':') {
        minute = text.slice(0, 16);
        tail = text.slice(19);
        minuteStart = (moment - second * 1000) * 1000;
      }
      return moment === undefined ? undefined : moment * 1000;
    },
  };
}

/** The two digits at `at` as a number; NaN where there are none. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}
