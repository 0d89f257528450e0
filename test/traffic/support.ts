import { expect } from 'vitest';
import { z } from 'zod';
import { type Duration, duration, type Time, time } from '../../src/base/units.ts';
import { type Calendar, clockTime } from '../../src/base/wall-clock.ts';
import type { TrafficKit } from '../../src/traffic/schema.ts';

/** Seconds → µs. */
export const at = (seconds: number): Time => time(Math.round(seconds * 1e6));
export const lasting = (seconds: number): Duration => duration(Math.round(seconds * 1e6));
export const hour = 3600;

/** Starts at 18:00 on 2019-11-10, UTC+8. */
export const evening = (hours: number): Calendar => ({
  startUnixMs: Date.UTC(2019, 10, 10, 10),
  offsetMinutes: 480,
  horizon: lasting(hours * hour),
});
/** Starts at midnight. */
export const midnight = (hours: number): Calendar => ({
  startUnixMs: Date.UTC(2019, 10, 10, 16),
  offsetMinutes: 480,
  horizon: lasting(hours * hour),
});

/** The kit of a scenario with these files. */
export const kit = (calendar: Calendar, files: Readonly<Record<string, string>> = {}): TrafficKit => ({
  calendar,
  time: () =>
    z.string().transform((text, context): Time => {
      const found = clockTime(text, calendar);
      if (typeof found !== 'string') return found;
      context.addIssue({ code: 'custom', message: found });
      return z.NEVER;
    }),
  file: (path) => {
    const text = files[path];
    return text === undefined ? { error: `${path}: there is no such file` } : { chunks: [text] };
  },
});

/** Numbers that need not agree in the last digits. */
export const near = (values: readonly number[], digits = 9): readonly unknown[] =>
  values.map((value): unknown => expect.closeTo(value, digits));
