import { describe, expect, it } from 'vitest';
import { amount, fixed, plusMinus, successPercent } from '../../src/report/numbers.ts';

const interval = (mean: number, halfWidth?: number) => ({ mean, halfWidth, count: 5 });

describe('numbers on the screen', () => {
  it('have their thousands apart', () => {
    expect([fixed(7152), fixed(1234567.89, 1), fixed(-1200), fixed(999), fixed(0.25, 4)]).toEqual([
      '7,152',
      '1,234,567.9',
      '-1,200',
      '999',
      '0.2500',
    ]);
  });

  it('never show as zero what is not', () => {
    expect([fixed(0.04, 1), fixed(0.2), fixed(-0.001, 2), fixed(0, 1)]).toEqual(['<0.1', '<1', '>-0.01', '0.0']);
  });

  it('show a half-width only where it is known and the decimals show it', () => {
    expect([
      plusMinus(interval(6.42, 0.31), 1),
      plusMinus(interval(6.42, 0.01), 1),
      plusMinus(interval(6.42), 1),
      plusMinus(undefined),
    ]).toEqual(['6.4 ±0.3', '6.4', '6.4', '–']);
    expect(plusMinus(interval(0.403, 0.002), 1, 100)).toBe('40.3 ±0.2');
  });

  it('shorten large amounts to three digits and keep small ones', () => {
    expect([amount(interval(999_999)), amount(interval(8_341_234, 840_000)), amount(interval(12_345_678)), amount(interval(1.26e9)), amount(interval(5.25)), amount(interval(0))]).toEqual([
      '999,999', '8.34 ±0.84 M', '12.3 M', '1.26 G', '5.3', '0',
    ]); // prettier-ignore
  });

  it('show of a success ratio as many digits as its failures need, and 100 only where nothing failed', () => {
    expect([1, 0.94841, 0.9969, 0.999123, 0.99999874, 0.99999999, 0.99999999999].map((ratio) => successPercent(interval(ratio)))).toEqual([
      '100',
      '94.8',
      '99.69',
      '99.912',
      '99.99987',
      '>99.99999',
      '>99.99999',
    ]);
  });
});
