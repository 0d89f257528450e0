import { InputError } from '../base/errors.ts';

/** A path of the scenario, and values that `--set` can give it. */
export interface Axis {
  readonly path: string;
  /** As they are written, at least one. */
  readonly values: readonly string[];
}

/** Most values of one axis. */
const mostValues = 100_000;

const number = String.raw`(-?\d+(?:\.\d+)?)`;
const range = new RegExp(`^${number}([^\\d.]*)\\.\\.${number}([^\\d.]*?)(?:/${number}([^\\d.]*))?$`);

/**
 * `PATH=LOW..HIGH/STEP`, with a unit or without (`cluster.nodes=60..80`, `platform.scheduler.rate=1/s..5/s`, `load=100%..150%/5%`; the step is 1 where it is left out), or
 * `PATH=a,b,c`. Throws an {@link InputError} that says what is wrong with it.
 */
export function parseAxis(text: string): Axis {
  const at = text.indexOf('=');
  const fail = (why: string): never => {
    throw new InputError(`read "${text}": ${why}`);
  };
  if (at <= 0) return fail('expected PATH=LOW..HIGH, PATH=LOW..HIGH/STEP or PATH=a,b,c');
  const [path, values] = [text.slice(0, at), text.slice(at + 1)];
  const match = range.exec(values);
  if (match === null) {
    if (values.includes('..'))
      return fail('expected LOW..HIGH or LOW..HIGH/STEP, numbers with one and the same unit, such as 60..80/2 or 10s..60s/10s');
    const list = values.split(',').map((value) => value.trim());
    if (list.some((value) => value === '')) return fail(values === '' ? 'the axis has no values' : 'a value of the axis is empty');
    const twice = list.find((value, i) => list.indexOf(value) !== i);
    return twice === undefined ? { path, values: list } : fail(`the value ${twice} is there twice`);
  }
  const [, low = '', unit = '', high = '', unit2 = '', step = '1', unit3 = unit] = match;
  if (unit !== unit2 || unit !== unit3) return fail(`one unit for all: ${low}${unit}..${high}${unit}/${step}${unit}`);
  const decimals = Math.max(...[low, high, step].map((each) => each.split('.')[1]?.length ?? 0));
  // Whole numbers of the last decimal: steps of 0.1 would drift.
  const whole = (each: string): number => Number(Number(each).toFixed(decimals).replace('.', ''));
  const [from, to, by] = [whole(low), whole(high), whole(step)];
  if (by <= 0) return fail('the step must be greater than 0');
  if (to < from) return fail(`the axis has no values: ${low} is more than ${high}`);
  if ((to - from) / by >= mostValues) return fail(`the axis has more than ${String(mostValues)} values`);
  const scale = Number(`1e${String(decimals)}`);
  return {
    path,
    values: Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => `${((from + i * by) / scale).toFixed(decimals)}${unit}`),
  };
}
