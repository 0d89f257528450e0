import { z } from 'zod';
import { type Duration, duration } from './units.ts';

/** Text → value, or the complaint as `{ error }`. */
type Parsed<T> = T | { readonly error: string };
const error = (message: string): { readonly error: string } => ({ error: message });
const failed = <T>(parsed: Parsed<T>): parsed is { readonly error: string } =>
  typeof parsed === 'object' && parsed !== null && 'error' in parsed;

const number = String.raw`(\d+(?:\.\d+)?)`;

/** Cores as Kubernetes writes them (`4`, `1.5`, `500m`) → integer millicores, rounded up. */
export function parseCpu(text: string): Parsed<number> {
  const match = new RegExp(`^${number}(m?)$`).exec(text);
  if (!match) return error(nearUnit(text, { m: 'm' }) ?? 'expected cores such as 4, 1.5 or 500m');
  return safe(Math.ceil(Number((Number(match[1]) * (match[2] ? 1 : 1000)).toPrecision(15))));
}

const byteUnits: Readonly<Record<string, number>> = {
  Ki: 1024,
  Mi: 1024 * 1024,
  Gi: 1024 * 1024 * 1024,
  Ti: 1024 * 1024 * 1024 * 1024,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};

/** Memory as Kubernetes writes it (`2Gi`, `512Mi`, `3G`) → integer bytes, rounded up. */
export function parseMemory(text: string): Parsed<number> {
  const match = new RegExp(`^${number}(Ki|Mi|Gi|Ti|k|M|G|T)$`).exec(text);
  if (match) {
    const bytes = Math.ceil(Number((Number(match[1]) * (byteUnits[match[2] ?? ''] ?? 0)).toPrecision(15)));
    return bytes < 1e15 ? bytes : error('is too large: at most 900Ti');
  }
  if (new RegExp(`^${number}$`).test(text)) return text.trim() === '0' ? 0 : error(`add a unit: ${text}Gi or ${text}Mi`);
  return error(nearUnit(text, byteUnits) ?? 'expected memory such as 2Gi or 512Mi');
}

/** Bandwidth (`1GB/s`, `800MB/s`, `2GiB/s`) → bytes/s. */
export function parseBandwidth(text: string): Parsed<number> {
  const match = new RegExp(`^${number} ?(k|M|G|T|Ki|Mi|Gi|Ti)B/s$`).exec(text);
  if (!match) return error('expected a bandwidth such as 1GB/s, 800MB/s or 2GiB/s');
  return safe(Math.round(Number(match[1]) * (byteUnits[match[2] ?? ''] ?? 0)));
}

const perUnits: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };

/** A rate (`120000/s`, `1.5k/s`, `600/min`) → per second. */
export function parseRate(text: string): Parsed<number> {
  const match = new RegExp(`^${number}(k|M)?/(s|min|h)$`).exec(text);
  if (!match)
    return error(new RegExp(`^${number}(k|M)?$`).test(text) ? `add a unit: ${text}/s` : 'expected a rate such as 120000/s or 600/min');
  const value = (Number(match[1]) * (match[2] === 'k' ? 1e3 : match[2] === 'M' ? 1e6 : 1)) / (perUnits[match[3] ?? ''] ?? 1);
  return value <= 1e15 ? value : error('is larger than 1e15/s');
}

const durationUnits: readonly (readonly [string, number])[] = [
  ['d', 86_400e6],
  ['h', 3600e6],
  ['m', 60e6],
  ['s', 1e6],
  ['ms', 1e3],
  ['us', 1],
];

/** A duration (`15s`, `1h30m`, `250ms`, `1.5s`; units d h m s ms us, falling) → integer µs, rounded to the nearest. */
export function parseDuration(text: string): Parsed<Duration> {
  const pattern = /(\d+(?:\.\d+)?)(ms|us|d|h|m|s)/gy;
  let total = 0;
  let rank = -1;
  let end = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, amount, name] = match;
    const index = durationUnits.findIndex(([unit]) => unit === name);
    if (index <= rank) return error('units must fall: 1h30m, not 30m1h');
    rank = index;
    total += Number(amount) * (durationUnits[index]?.[1] ?? 0);
    end = pattern.lastIndex;
  }
  if (rank >= 0 && end === text.length) return total <= 1e15 ? duration(Math.round(total)) : error('is longer than 30 years');
  if (/^\d+(\.\d+)?$/.test(text)) return text === '0' ? duration(0) : error(`add a unit: ${text}s, ${text}m or ${text}ms`);
  return error('expected a duration such as 15s, 1h30m or 250ms');
}

/** A share in percent (`75%`, `99.9%`) → ratio. */
export function parseShare(text: string): Parsed<number> {
  const match = new RegExp(`^${number}%$`).exec(text);
  if (match) {
    const percent = Number(match[1]);
    return percent <= 1e9 ? Number((percent / 100).toPrecision(15)) : error('is too large');
  }
  // 0.75 is a ratio, 75 is a percentage that lacks its sign.
  if (new RegExp(`^${number}$`).test(text))
    return error(`write a share in percent: ${Number(text) > 1 ? text : String(Number((Number(text) * 100).toPrecision(12)))}%`);
  return error('expected a share such as 75% or 99.9%');
}

function safe(value: number): Parsed<number> {
  return Number.isSafeInteger(value) ? value : error('is too large');
}

/** `64GiB` → "write 64Gi"; `2gi` → "write 2Gi". */
function nearUnit(text: string, units: Readonly<Record<string, unknown>>): string | undefined {
  const match = new RegExp(`^${number}\\s*([A-Za-z]+)$`).exec(text);
  if (!match) return undefined;
  const fold = (match[2] ?? '').toLowerCase().replace(/b$/, '');
  const unit = Object.keys(units).find((known) => known.toLowerCase() === fold);
  return unit === undefined ? undefined : `write ${match[1] ?? ''}${unit}`;
}

/** `value` as an error message quotes it: short, one line, no control characters. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a mapping';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? JSON.stringify(value) : `a ${typeof value}`;
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD');
  return clean.length > 60 ? `${clean.slice(0, 57)}…` : clean;
}

interface QuantityOptions<T> {
  readonly what: string;
  readonly examples: readonly (string | number)[];
  readonly parse: (text: string) => Parsed<T>;
  /** Whether a bare number is as clear as text with a unit (cores). */
  readonly bareNumber?: boolean;
}

/** A schema for text with a unit; the complaint says what was read and what would be right. */
function quantity<T>({ what, examples, parse, bareNumber = false }: QuantityOptions<T>) {
  const complaint = (input: unknown, reason: string) => `read ${show(input)}: ${reason}`;
  const wrongType = (issue: { readonly input?: unknown }) => {
    const parsed = typeof issue.input === 'number' ? parse(String(issue.input)) : undefined;
    return complaint(
      issue.input,
      parsed !== undefined && failed(parsed) ? parsed.error : `expected ${what} such as ${examples.join(' or ')}`,
    );
  };
  const input = bareNumber ? z.union([z.string(), z.number()], { error: wrongType }) : z.string({ error: wrongType });
  return input.meta({ description: `${what}: ${examples.join(', ')}`, examples: [...examples] }).transform((value, context): T => {
    const parsed = parse(String(value));
    if (!failed(parsed)) return parsed;
    context.addIssue({ code: 'custom', message: complaint(value, parsed.error), input: value });
    return z.NEVER;
  });
}

const positive = (value: number) => value > 0;
const mustBePositive = { error: 'must be greater than 0' };

/** Integer millicores; of more cores than any machine has. */
export const cpu = () =>
  quantity({ what: 'cores', examples: [4, 1.5, '500m'], parse: parseCpu, bareNumber: true }).refine((value) => value <= 1e8, {
    error: 'must be at most 100,000 cores',
  });
export const positiveCpu = () => cpu().refine(positive, mustBePositive);
/** Integer bytes. */
export const memory = () => quantity({ what: 'memory', examples: ['2Gi', '512Mi'], parse: parseMemory });
export const positiveMemory = () => memory().refine(positive, mustBePositive);
/** Bytes/s. */
export const bandwidth = () =>
  quantity({ what: 'a bandwidth', examples: ['1GB/s', '800MB/s'], parse: parseBandwidth }).refine(positive, mustBePositive);
/** Per second. */
export const rate = () => quantity({ what: 'a rate', examples: ['120000/s', '600/min'], parse: parseRate });
export const positiveRate = () => rate().refine(positive, mustBePositive);
/** Integer µs. */
export const span = () => quantity({ what: 'a duration', examples: ['15s', '1h30m', '250ms'], parse: parseDuration });
export const positiveSpan = () => span().refine(positive, mustBePositive);
/** A ratio from 0 to 1, written in percent. */
export const share = () =>
  quantity({ what: 'a share', examples: ['75%', '99.9%'], parse: parseShare }).refine((value) => value <= 1, {
    error: 'must be at most 100%',
  });
export const positiveShare = () => share().refine(positive, mustBePositive);
/** A ratio of any size ≥ 0, written in percent: 145% is 1.45. */
export const percentage = () => quantity({ what: 'a percentage', examples: ['10%', '145%'], parse: parseShare });
/** A whole number from `least` to `most`. */
export const count = (least = 0, most = 1e9) => {
  const expected = `expected a whole number from ${String(least)} to ${String(most)}`;
  return z
    .number({ error: (issue) => `read ${show(issue.input)}: ${expected}` })
    .refine((value) => Number.isInteger(value) && value >= least && value <= most, {
      error: (issue) => `read ${show(issue.input)}: ${expected}`,
    })
    .meta({ type: 'integer', minimum: least, maximum: most });
};
/** A finite plain number from `least` to `most`. */
export const plainNumber = (least: number, most: number) => {
  const expected = `expected a number from ${String(least)} to ${String(most)}`;
  return z
    .number({ error: (issue) => `read ${show(issue.input)}: ${expected}` })
    .refine((value) => value >= least && value <= most, { error: (issue) => `read ${show(issue.input)}: ${expected}` });
};
