import { type Duration, duration, type Time, time } from './units.ts';

/** The scenario's calendar: the wall-clock moment of time zero, with a fixed offset from UTC (no daylight saving inside a scenario), and the horizon. */
export interface Calendar {
  /** Unix time of the start, ms. */
  readonly startUnixMs: number;
  readonly offsetMinutes: number;
  readonly horizon: Duration;
}

const dayMs = 86_400_000;
const pad = (value: number): string => String(value).padStart(2, '0');

/** Unix ms of a civil moment, or undefined where there is no such date or time (31 February, 24:61). The one place that may use `Date.UTC`. */
function civil(year: number, month: number, day: number, hour: number, minute: number, secondMs: number): number | undefined {
  const ms = Date.UTC(year, month - 1, day);
  const back = new Date(ms);
  if (
    back.getUTCFullYear() !== year ||
    back.getUTCMonth() !== month - 1 ||
    back.getUTCDate() !== day ||
    hour > 23 ||
    minute > 59 ||
    secondMs >= 60_000
  )
    return undefined;
  return ms + hour * 3_600_000 + minute * 60_000 + secondMs;
}

const dateTimePattern = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d{1,3})?))?(Z|[+-]\d\d:\d\d)?$/;

/** A date and time; `offsetMinutes` is undefined where the text names none. Undefined where it is no date and time. */
export function parseDateTime(
  text: string,
): { readonly unixMs: (offsetMinutes: number) => number; readonly offsetMinutes: number | undefined } | undefined {
  const match = dateTimePattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, zone] = match;
  const local = civil(Number(year), Number(month), Number(day), Number(hour), Number(minute), Math.round(Number(second ?? 0) * 1000));
  if (local === undefined) return undefined;
  let offset: number | undefined;
  if (zone === 'Z') offset = 0;
  else if (zone) {
    const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4))];
    if (hours > 14 || minutes > 59) return undefined;
    offset = zone.startsWith('-') ? 0 - (hours * 60 + minutes) : hours * 60 + minutes;
  }
  return { unixMs: (minutes) => local - (offset ?? minutes) * 60_000, offsetMinutes: offset };
}

/**
 * The moment that a clock time names: `HH:MM[:SS]` is the first such time at or after the start, `+2d HH:MM` two days after that one,
 * a full date and time is itself (in the start's offset unless it names one). Returns the complaint as text where there is none.
 */
export function clockTime(text: string, calendar: Calendar): Time | string {
  const full = parseDateTime(text);
  if (full) return time((full.unixMs(calendar.offsetMinutes) - calendar.startUnixMs) * 1000);
  const match = /^(?:\+(\d{1,3})d )?(\d\d):(\d\d)(?::(\d\d(?:\.\d{1,6})?))?$/.exec(text);
  if (!match) return `expected a clock time such as 23:55:30, "+1d 06:30" or 2019-11-11T00:00:00`;
  const [hour, minute, second] = [Number(match[2]), Number(match[3]), Number(match[4] ?? 0)];
  if (hour > 23 || minute > 59 || second >= 60) return `there is no clock time ${text}`;
  const startOfDayMs = modulo(calendar.startUnixMs + calendar.offsetMinutes * 60_000, dayMs);
  const sinceMidnight = Math.round((hour * 3600 + minute * 60 + second) * 1e6);
  return time(modulo(sinceMidnight - startOfDayMs * 1000, dayMs * 1000) + Number(match[1] ?? 0) * dayMs * 1000);
}

const modulo = (a: number, b: number): number => ((a % b) + b) % b;

/** Seconds since local midnight of the start's day at `t` = 0. */
export function startSecondOfDay(calendar: Calendar): number {
  return modulo(calendar.startUnixMs + calendar.offsetMinutes * 60_000, dayMs) / 1000;
}

/** `t` as people say it: `23:55:30`, and `+1d 06:30:00` from 24 h after the start on; fractions of a second only where there are any. */
export function clockLabel(t: Time, calendar: Calendar): string {
  const us = modulo(modulo(calendar.startUnixMs + calendar.offsetMinutes * 60_000, dayMs) * 1000 + t, dayMs * 1000);
  const whole = Math.floor(us / 1e6);
  const days = Math.floor(t / (dayMs * 1000));
  const fraction =
    us % 1e6 === 0
      ? ''
      : `.${String(us % 1e6)
          .padStart(6, '0')
          .replace(/0+$/, '')}`;
  return `${days > 0 ? `+${String(days)}d ` : ''}${pad(Math.floor(whole / 3600))}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}${fraction}`;
}

/** A calendar that starts at local midnight of 2000-01-01 UTC and ends after `horizon`: for schemas without a scenario, and tests. */
export function anyCalendar(horizon: Duration = duration(366 * 86_400 * 1e6)): Calendar {
  return { startUnixMs: 946_684_800_000, offsetMinutes: 0, horizon };
}
