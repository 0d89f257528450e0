import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { exp, log } from '../../src/base/elementary.ts';

const inputs = 500_000;

/** Whole numbers below 2³², the same for ever (a linear congruential generator and an avalanche of its state). */
function words(): () => number {
  let state = 11;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    let h = state ^ (state >>> 16);
    h = Math.imul(h, 0x7feb352d);
    h ^= h >>> 15;
    return h >>> 0;
  };
}

/** Positive doubles of every size, subnormal ones too: random bit patterns. */
function positives(): number[] {
  const next = words();
  const view = new DataView(new ArrayBuffer(8));
  return Array.from({ length: inputs }, () => {
    view.setUint32(0, next() % 0x7ff00000);
    view.setUint32(4, next());
    return view.getFloat64(0);
  });
}

/** Numbers from −746 to 711 and, every other one, from −1 to 1. */
function exponents(): number[] {
  const next = words();
  return Array.from({ length: inputs }, (_, i) => (i % 2 === 0 ? (next() / 4294967296) * 1457 - 746 : (next() / 4294967296) * 2 - 1));
}

/** SHA-256 of the bits of `values`. */
function hash(values: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => view.setFloat64(8 * i, value));
  return createHash('sha256').update(view).digest('hex');
}

/** How many doubles lie between two of the same sign, plus one where they differ. */
function ulps(a: number, b: number): number {
  if (a === b) return 0;
  const view = new DataView(new ArrayBuffer(16));
  view.setFloat64(0, a);
  view.setFloat64(8, b);
  const difference = view.getBigInt64(0) - view.getBigInt64(8);
  return Number(difference < 0n ? -difference : difference);
}

const worst = (xs: readonly number[], ours: (x: number) => number, theirs: (x: number) => number) =>
  xs.reduce((most, x) => Math.max(most, ulps(ours(x), theirs(x))), 0);

describe('the logarithm', () => {
  it('has the same bits on every engine and CPU for 500,000 inputs', () => {
    expect(hash(positives().map(log))).toBe('160a34f919e5870162a0f230d1b3dd9f911da9d1a52de28c1ea4d6ba4f3b8e73');
  });

  it("is within one unit in the last place of this engine's", () => {
    expect(worst(positives(), log, Math.log)).toBeLessThanOrEqual(1);
  });

  it('is within one unit in the last place near 1, where it vanishes', () => {
    expect(
      worst(
        exponents().map((x) => 1 + x / 1024),
        log,
        Math.log,
      ),
    ).toBeLessThanOrEqual(1);
  });

  it.each([
    [1, 0],
    [0, -Infinity],
    [-0, -Infinity],
    [Infinity, Infinity],
    [-1, NaN],
    [-Infinity, NaN],
    [NaN, NaN],
    [2, 0.6931471805599453],
    [10, 2.302585092994046],
    [5e-324, -744.4400719213812],
    [Number.MAX_VALUE, 709.782712893384],
  ])('of %d is %d', (x, y) => {
    expect(log(x)).toBe(y);
  });
});

describe('the exponential', () => {
  it('has the same bits on every engine and CPU for 500,000 inputs', () => {
    expect(hash(exponents().map(exp))).toBe('df9a38f08154fcdfa2008f1df9b2a9035163780eb8369510a89c3397e3085498');
  });

  it("is within one unit in the last place of this engine's", () => {
    expect(worst(exponents(), exp, Math.exp)).toBeLessThanOrEqual(1);
  });

  it.each([
    [0, 1],
    [-0, 1],
    [1e-300, 1],
    [1, 2.7182818284590455], // one unit above e, as fdlibm has it
    [-1, 0.36787944117144233],
    [709.782712893384, 1.7976931348622732e308], // the largest that is finite
    [709.7827128933841, Infinity],
    [710, Infinity],
    [-745.1332191019411, 5e-324], // the smallest that is not 0
    [-745.1332191019412, 0],
    [-746, 0],
    [Infinity, Infinity],
    [-Infinity, 0],
    [NaN, NaN],
  ])('of %d is %d', (x, y) => {
    expect(exp(x)).toBe(y);
  });

  it('never falls as its argument rises', () => {
    const sorted = exponents()
      .sort((a, b) => a - b)
      .map(exp);
    expect(sorted.every((y, i) => i === 0 || y >= (sorted[i - 1] ?? NaN))).toBe(true);
  });
});
