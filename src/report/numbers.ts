import { grouped } from '../base/grouped.ts';
import type { Interval } from '../stats/interval.ts';

/** What stands where a metric does not apply. */
export const none = '–';

/** `value` with `decimals`, thousands apart: `7,152`, `0.35`. What would round to zero but is not shows as `<0.1`. */
export function fixed(value: number, decimals = 0): string {
  const text = Math.abs(value).toFixed(decimals);
  if (value !== 0 && Number(text) === 0) return `${value < 0 ? '>-' : '<'}${smallestStep(decimals)}`;
  const [whole = '', fraction] = text.split('.');
  return `${value < 0 ? '-' : ''}${grouped(Number(whole))}${fraction === undefined ? '' : `.${fraction}`}`;
}

const smallestStep = (decimals: number): string => (decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`);

/** The mean, and its half-width where there is one that the decimals show: `6.4 ±0.3`. `factor` changes the unit. */
export function plusMinus(interval: Interval | undefined, decimals = 0, factor = 1): string {
  if (interval === undefined) return none;
  const halfWidth = (interval.halfWidth ?? 0) * factor;
  const shown = halfWidth.toFixed(decimals);
  return fixed(interval.mean * factor, decimals) + (Number(shown) === 0 ? '' : ` ±${fixed(halfWidth, decimals)}`);
}

/** An amount of any size: with one decimal below 100, whole below a million, else in millions (M) or milliards (G) with three digits: `8.34 ±0.84 M`. */
export function amount(interval: Interval | undefined): string {
  if (interval === undefined) return none;
  const size = Math.abs(interval.mean);
  if (size < 1e6) return plusMinus(interval, size < 100 && !Number.isInteger(size) ? 1 : 0);
  const [unit, factor] = size < 1e9 ? ['M', 1e-6] : ['G', 1e-9];
  const decimals = size * factor < 10 ? 2 : size * factor < 100 ? 1 : 0;
  return `${plusMinus(interval, decimals, factor)} ${unit}`;
}

/** A ratio in percent, with so many decimals (at most five) that what is missing to 100 % shows with two digits: `99.9987`, `99.6`, `100`. */
export function successPercent(interval: Interval | undefined): string {
  if (interval === undefined) return none;
  const missing = 100 * (1 - interval.mean);
  if (missing === 0) return '100';
  let decimals = 1;
  for (let step = 1; decimals < 5 && missing < step; step /= 10) decimals++;
  // Never rounded up to 100.
  return fixed(interval.mean, 9) === '1.000000000' || Number((interval.mean * 100).toFixed(decimals)) === 100
    ? `>99.${'9'.repeat(decimals)}`
    : plusMinus(interval, decimals, 100);
}

/** Four significant digits, of what is less than 1 two. */
export const digits = (value: number): string => String(Number(value.toPrecision(value !== 0 && Math.abs(value) < 1 ? 2 : 4)));

/** With its sign, also where that is plus. */
export const signed = (value: number, decimals: number): string => `${value > 0 ? '+' : ''}${fixed(value, decimals)}`;

export const pText = (p: number): string => (p < 0.001 ? '<0.001' : p.toFixed(3));
