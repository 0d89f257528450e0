import { z } from 'zod';
import { percentage, plainNumber, positiveRate, positiveSpan, rate, span } from '../base/quantity.ts';
import { duration, type Time } from '../base/units.ts';
import { type Calendar, clockTime } from '../base/wall-clock.ts';
import { dayBaseLevels, dayLength, defaultJoin, type Level, meanLevel } from './day.ts';
import { type FestivalShape, festivalShapes, gmvYears, lawOf } from './shapes.ts';
import { signedShift } from './signed-shift.ts';
import type { TraceSpec, TrafficBlock, TrafficSpec } from './spec.ts';
import { type Need, readTrace } from './trace.ts';
import { type GivenTrace, traceSchema } from './trace-schema.ts';

export type { TrafficSpec } from './spec.ts';

/** What the schema of traffic asks of the scenario. */
export interface TrafficKit {
  readonly calendar: Calendar;
  /** A clock time, also before the start and after the horizon: traffic is a fact of the world whenever one looks. */
  time(): z.ZodType<Time>;
  /** The text of a file that the scenario names, piece by piece, or the reason why there is none; what is wrong further on is thrown as an InputError. */
  file(path: string): { readonly chunks: Iterable<string> } | { readonly error: string };
}

/** Schema of traffic: a mapping with exactly one key, the kind of block, which may hold further blocks. */
export function trafficSchema(kit: TrafficKit): z.ZodType<TrafficSpec> {
  const block: z.ZodType<GivenTraffic> = z.lazy(() => oneBlock);
  const blocks = {
    constant: rate().transform((value): GivenTraffic => ({ kind: 'constant', rate: value })),
    piecewise: piecewise(kit),
    daily,
    pulse: pulse(kit),
    festival: festival(kit),
    trace: traceSchema,
    sum: z
      .array(block)
      .min(1)
      .describe('blocks added up')
      .transform((of): GivenTraffic => ({ kind: 'sum', of })),
    scale: z
      .strictObject({ by: percentage().refine((by) => by <= 1e6, { error: 'must be at most 100000000%' }), of: block })
      .transform(({ by, of }): GivenTraffic => ({ kind: 'scale', by, of })),
    shift: z
      .strictObject({ later: span().optional(), earlier: span().optional(), of: block })
      .transform(({ of, ...given }, context): GivenTraffic => ({ kind: 'shift', by: signedShift(given, context), of })),
    clip: clip(block),
  };
  const kinds = Object.keys(blocks) as (keyof typeof blocks)[];
  const oneBlock = z
    .strictObject(blocks)
    .partial()
    .meta({ description: `one of ${kinds.join(', ')}`, minProperties: 1, maxProperties: 1 })
    .transform((raw, context): GivenTraffic => {
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
  return block.transform((given, context): TrafficSpec => {
    const read = (trace: GivenTrace, need: Need, path: readonly PropertyKey[]): TraceSpec | undefined => {
      const found = kit.file(trace.file);
      const result = 'error' in found ? { errors: [{ message: found.error }] } : readTrace(found.chunks, trace, need, kit.calendar);
      if (!('errors' in result)) return result;
      for (const { message, option = 'file' } of result.errors)
        context.addIssue({ code: 'custom', path: [...path, 'trace', option], message });
      return undefined;
    };
    return recorded(given, { from: 0, to: kit.calendar.horizon }, [], read) ?? z.NEVER;
  });
}

function piecewise(kit: TrafficKit) {
  const point = z.strictObject({ at: kit.time(), rate: rate() });
  return z
    .array(point)
    .min(1)
    .describe('straight lines between points in order of time; two points at one time are a jump')
    .transform((points, context): GivenTraffic => {
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
      .describe('straight line from one factor to the next, centred on the time of the change (assumption)'),
  })
  .transform(({ mean, peak, factors, join }, context): GivenTraffic => {
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
      rise: span().prefault('0s').describe('from base to peak (none: at once)'),
      hold: span().prefault('0s').describe('at the peak (none)'),
      halve: positiveSpan().describe('half-life of what is above base, afterwards'),
      peak: positiveRate(),
      base: rate().prefault('0/s').describe('before and after (none)'),
    })
    .refine(({ peak, base }) => peak >= base, { error: 'must be at least the base', path: ['peak'] })
    .transform((pulse): GivenTraffic => ({ kind: 'pulse', ...pulse }));

const festivalNames = festivalShapes.map(({ name }) => name) as [FestivalShape, ...FestivalShape[]];

const festival = (kit: TrafficKit) =>
  z
    .strictObject({
      shape: z.enum(festivalNames),
      at: kit.time().optional().describe('the opening; for shapes of the clock the midnight they count from, by default the real one'),
      year: z.literal(gmvYears).optional().describe('of double11-gmv, by default 2019'),
      peak: positiveRate().describe('highest rate of the day that begins with the opening'),
    })
    .transform(({ shape, at, year, peak }, context): GivenTraffic => {
      const law = lawOf(shape, year ?? 2019);
      if (year !== undefined && shape !== 'double11-gmv')
        context.addIssue({ code: 'custom', path: ['year'], message: `${shape} has no years; only double11-gmv has` });
      if (at === undefined && law.follows === 'opening')
        context.addIssue({ code: 'custom', path: ['at'], message: `${shape} needs the time at which it opens, such as at: 00:00` });
      const midnight = clockTime('00:00', kit.calendar) as Time;
      return { kind: 'festival', shape, year: year ?? 2019, at: at ?? midnight, peak };
    });

/** Traffic whose recordings are still to be read. */
type GivenTraffic = TrafficBlock<GivenTrace>;

/** `given` with each trace read as far as it is needed: over the horizon, and shifted as what holds it is. Undefined where `read` had to complain. */
function recorded(
  given: GivenTraffic,
  need: Need,
  path: readonly PropertyKey[],
  read: (trace: GivenTrace, need: Need, path: readonly PropertyKey[]) => TraceSpec | undefined,
): TrafficSpec | undefined {
  switch (given.kind) {
    case 'trace':
      return read(given, need, path);
    case 'sum': {
      const parts = given.of.map((part, i) => recorded(part, need, [...path, 'sum', i], read));
      const of = parts.filter((part) => part !== undefined);
      return of.length < parts.length ? undefined : { ...given, of };
    }
    case 'shift':
    case 'scale':
    case 'clip': {
      const by = given.kind === 'shift' ? given.by : 0;
      const of = recorded(given.of, { from: need.from - by, to: need.to - by }, [...path, given.kind, 'of'], read);
      return of && { ...given, of };
    }
    case 'constant':
    case 'piecewise':
    case 'daily':
    case 'pulse':
    case 'festival':
      return given;
  }
}

const clip = (block: z.ZodType<GivenTraffic>) =>
  z.strictObject({ min: rate().optional(), max: rate().optional(), of: block }).transform(({ min, max, of }, context): GivenTraffic => {
    if (min === undefined && max === undefined) context.addIssue({ code: 'custom', message: 'give min, max or both' });
    if (min !== undefined && max !== undefined && min > max)
      context.addIssue({ code: 'custom', path: ['min'], message: 'is greater than max' });
    return { kind: 'clip', min: min ?? 0, max: max ?? Infinity, of };
  });
