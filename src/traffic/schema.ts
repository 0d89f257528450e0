import { z } from 'zod';
import { percentage, plainNumber, positiveRate, positiveSpan, rate, span } from '../base/quantity.ts';
import { duration, type Time } from '../base/units.ts';
import { type Calendar, clockTime } from '../base/wall-clock.ts';
import { dayBaseLevels, dayLength, defaultJoin, type Level, meanLevel } from './day.ts';
import { type FestivalShape, festivalShapes, gmvYears, lawOf } from './shapes.ts';
import { signedShift } from './signed-shift.ts';
import type { TrafficSpec } from './spec.ts';
import { readTrace } from './trace.ts';

export type { TrafficSpec } from './spec.ts';

/** What the schema of traffic asks of the scenario. */
export interface TrafficKit {
  readonly calendar: Calendar;
  /** A clock time, also before the start and after the horizon: traffic is a fact of the world whenever one looks. */
  time(): z.ZodType<Time>;
  /** The text of a file that the scenario names, or the reason why there is none. */
  file(path: string): { readonly text: string } | { readonly error: string };
}

/** Schema of traffic: a mapping with exactly one key, the kind of block, which may hold further blocks. */
export function trafficSchema(kit: TrafficKit): z.ZodType<TrafficSpec> {
  const block: z.ZodType<TrafficSpec> = z.lazy(() => oneBlock);
  const blocks = {
    constant: rate().transform((value): TrafficSpec => ({ kind: 'constant', rate: value })),
    piecewise: piecewise(kit),
    daily,
    pulse: pulse(kit),
    festival: festival(kit),
    trace: trace(kit),
    sum: z
      .array(block)
      .min(1)
      .describe('blocks added up')
      .transform((of): TrafficSpec => ({ kind: 'sum', of })),
    scale: z
      .strictObject({ by: percentage().refine((by) => by <= 1e6, { error: 'must be at most 100000000%' }), of: block })
      .transform(({ by, of }): TrafficSpec => ({ kind: 'scale', by, of })),
    shift: z
      .strictObject({ later: span().optional(), earlier: span().optional(), of: block })
      .transform(({ of, ...given }, context): TrafficSpec => ({ kind: 'shift', by: signedShift(given, context), of })),
    clip: clip(block),
  };
  const kinds = Object.keys(blocks) as (keyof typeof blocks)[];
  const oneBlock = z
    .strictObject(blocks)
    .partial()
    .meta({ description: `one of ${kinds.join(', ')}`, minProperties: 1, maxProperties: 1 })
    .transform((raw, context): TrafficSpec => {
      const given = kinds.filter((kind) => raw[kind] !== undefined);
      const spec = given[0] === undefined ? undefined : raw[given[0]];
      if (spec !== undefined && given.length === 1) return spec;
      // An unknown key has been complained about already.
      const message =
        given.length === 0
          ? `expected one of ${kinds.join(', ')}`
          : `found ${given.join(' and ')}: give only one; to add them up use sum: [ … ]`;
      if (context.issues.length === 0) context.addIssue({ code: 'custom', message });
      return z.NEVER;
    });
  return block.superRefine((spec, context) => {
    if (context.issues.length > 0) return;
    for (const { path, message } of shortTraces(spec, 0, kit.calendar.horizon))
      context.addIssue({ code: 'custom', path: [...path], message });
  });
}

function piecewise(kit: TrafficKit) {
  const point = z.strictObject({ at: kit.time(), rate: rate() });
  return z
    .array(point)
    .min(1)
    .describe('straight lines between points in order of time; two points at one time are a jump')
    .transform((points, context): TrafficSpec => {
      points.forEach(({ at }, i) => {
        const before = points[i - 1]?.at ?? -Infinity;
        const message =
          at < before
            ? 'is earlier than the point before; points must be in order of time'
            : at === before && points[i - 2]?.at === at
              ? 'is the third point at one time; two make a jump'
              : undefined;
        if (message !== undefined) context.addIssue({ code: 'custom', path: [i, 'at'], message });
      });
      return { kind: 'piecewise', points };
    });
}

const daily = z
  .strictObject({
    mean: positiveRate().optional().describe('mean rate of the day; or give peak'),
    peak: positiveRate().optional().describe('highest rate of the day; or give mean'),
    factors: z
      .record(z.string(), plainNumber(0, 1e6))
      .optional()
      .describe('factor from a time of day on until the next; by default those of the festival shape day-base'),
    join: span()
      .prefault(`${String(defaultJoin / 60e6)}m`)
      .describe('straight line from one factor to the next, centred on the time of the change'),
  })
  .transform(({ mean, peak, factors, join }, context): TrafficSpec => {
    const complain = (message: string, ...path: string[]): void => {
      context.addIssue({ code: 'custom', message, path });
    };
    if ((mean === undefined) === (peak === undefined)) complain('give either mean or peak');
    const levels = factors === undefined ? dayBaseLevels : readFactors(factors, complain);
    const shortest = Math.min(...levels.map(({ from }, i) => (levels[i + 1]?.from ?? dayLength + (levels[0]?.from ?? 0)) - from));
    if (join > shortest) complain(`is longer than the shortest time between two factors, ${String(shortest / 1e6)} s`, 'join');
    const highest = Math.max(...levels.map((level) => level.rate));
    if (levels.length > 0 && highest === 0) complain('at least one factor must be greater than 0', 'factors');
    const factor = mean === undefined ? (peak ?? 0) / highest : mean / meanLevel(levels);
    return context.issues.length > 0
      ? z.NEVER
      : { kind: 'daily', levels: levels.map(({ from, rate: share }) => ({ from, rate: share * factor })), join };
  });

const midnightCalendar: Calendar = { startUnixMs: 0, offsetMinutes: 0, horizon: duration(dayLength) };

/** `{ "00:00": 1, "02:00": 0.55 }` in order of time. */
function readFactors(factors: Readonly<Record<string, number>>, complain: (message: string, ...path: string[]) => void): readonly Level[] {
  const levels: Level[] = [];
  for (const [text, factor] of Object.entries(factors)) {
    const from = /^\d\d:/.test(text) ? clockTime(text, midnightCalendar) : 'expected a time of day such as 07:00';
    if (typeof from === 'string') complain(from, 'factors', text);
    else if (levels.some((level) => level.from === duration(from))) complain('is the same time of day as another factor', 'factors', text);
    else levels.push({ from: duration(from), rate: factor });
  }
  if (Object.keys(factors).length === 0) complain('expected at least one factor such as "07:00": 1', 'factors');
  return levels.sort((a, b) => a.from - b.from);
}

const pulse = (kit: TrafficKit) =>
  z
    .strictObject({
      at: kit.time().describe('when it begins to rise'),
      rise: span().prefault('0s').describe('from base to peak'),
      hold: span().prefault('0s').describe('at the peak'),
      halve: positiveSpan().describe('half-life of what is above base, afterwards'),
      peak: positiveRate(),
      base: rate().prefault('0/s'),
    })
    .refine(({ peak, base }) => peak >= base, { error: 'must be at least the base', path: ['peak'] })
    .transform((pulse): TrafficSpec => ({ kind: 'pulse', ...pulse }));

const festivalNames = festivalShapes.map(({ name }) => name) as [FestivalShape, ...FestivalShape[]];

const festival = (kit: TrafficKit) =>
  z
    .strictObject({
      shape: z.enum(festivalNames),
      at: kit.time().optional().describe('the opening; for shapes of the clock the midnight they count from, by default the real one'),
      year: z.literal(gmvYears).optional().describe('of double11-gmv, by default 2019'),
      peak: positiveRate().describe('highest rate of the day that begins with the opening'),
    })
    .transform(({ shape, at, year, peak }, context): TrafficSpec => {
      const law = lawOf(shape, year ?? 2019);
      if (year !== undefined && shape !== 'double11-gmv')
        context.addIssue({ code: 'custom', path: ['year'], message: `${shape} has no years; only double11-gmv has` });
      if (at === undefined && law.follows === 'opening')
        context.addIssue({ code: 'custom', path: ['at'], message: `${shape} needs the time at which it opens, such as at: 00:00` });
      const midnight = clockTime('00:00', kit.calendar) as Time;
      return { kind: 'festival', shape, year: year ?? 2019, at: at ?? midnight, peak };
    });

const trace = (kit: TrafficKit) =>
  z
    .strictObject({
      file: z.string().describe('CSV with a header; a path relative to the scenario'),
      time: z
        .string()
        .default('timestamp')
        .describe('column of the times: plain seconds, or YYYY-MM-DD HH:MM[:SS]; the first row is the start of the scenario'),
      value: z.string().default('value').describe('column of the values, each of which holds until the next row'),
      unit: z.enum(['per-step', 'per-second']).describe('per-step: requests between two rows; per-second: a rate'),
      scale: plainNumber(0, 1e9).default(1).describe('factor of every value'),
      gaps: z
        .enum(['refuse', 'zero', 'hold'])
        .default('refuse')
        .describe('whole steps that are missing: an error; without traffic; or at the rate before them'),
    })
    .transform((options, context): TrafficSpec => {
      const found = kit.file(options.file);
      const result = 'error' in found ? found : readTrace(found.text, options);
      if (!('error' in result)) return result;
      context.addIssue({ code: 'custom', path: ['file'], message: result.error });
      return z.NEVER;
    });

const clip = (block: z.ZodType<TrafficSpec>) =>
  z.strictObject({ min: rate().optional(), max: rate().optional(), of: block }).transform(({ min, max, of }, context): TrafficSpec => {
    if (min === undefined && max === undefined) context.addIssue({ code: 'custom', message: 'give min, max or both' });
    if (min !== undefined && max !== undefined && min > max)
      context.addIssue({ code: 'custom', path: ['min'], message: 'is greater than max' });
    return { kind: 'clip', min: min ?? 0, max: max ?? Infinity, of };
  });

interface ShortTrace {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The traces in `spec` that do not reach over [from, to] (µs since the start): no rate is made up for what was not recorded. */
function shortTraces(spec: TrafficSpec, from: number, to: number): readonly ShortTrace[] {
  const inside = (path: readonly PropertyKey[], of: TrafficSpec, earlier = 0): readonly ShortTrace[] =>
    shortTraces(of, from + earlier, to + earlier).map((found) => ({ ...found, path: [...path, ...found.path] }));
  switch (spec.kind) {
    case 'trace': {
      const length = spec.step * spec.rates.length;
      if (from < 0)
        return [
          {
            path: ['trace', 'file'],
            message: `${spec.file} begins with the scenario; shifted later by ${hours(-from)} it has nothing to begin with`,
          },
        ];
      return length >= to
        ? []
        : [{ path: ['trace', 'file'], message: `${spec.file} is ${hours(length)} long, but ${hours(to)} of it are needed` }];
    }
    case 'sum':
      return spec.of.flatMap((part, i) => inside(['sum', i], part));
    case 'shift':
      return inside(['shift', 'of'], spec.of, 0 - spec.by);
    case 'scale':
    case 'clip':
      return inside([spec.kind, 'of'], spec.of);
    case 'constant':
    case 'piecewise':
    case 'daily':
    case 'pulse':
    case 'festival':
      return [];
  }
}

/** `16 h`, `1.5 h`, `90 s`. */
const hours = (microseconds: number): string =>
  microseconds >= 3600e6 ? `${String(Number((microseconds / 3600e6).toPrecision(6)))} h` : `${String(microseconds / 1e6)} s`;
