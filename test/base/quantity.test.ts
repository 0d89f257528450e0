import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bandwidth,
  count,
  cpu,
  memory,
  parseBandwidth,
  parseCpu,
  parseDuration,
  parseMemory,
  parseRate,
  parseShare,
  percentage,
  plainNumber,
  positiveCpu,
  positiveShare,
  rate,
  share,
  show,
  span,
} from '../../src/base/quantity.ts';

const complaint = (message: string) => ({ error: message });
/** The messages of a failed parse, one per issue. */
const messages = (
  schema: { safeParse(value: unknown): { error?: { issues: readonly { message: string }[] } | undefined } },
  value: unknown,
) => schema.safeParse(value).error?.issues.map((issue) => issue.message) ?? [];

describe('cores', () => {
  it.each([
    ['0', 0],
    ['4', 4000],
    ['1.5', 1500],
    ['500m', 500],
    ['0.1', 100],
    ['0.29', 290], // 0.29 × 1000 = 290.00000000000006 in binary: not 291
    ['0.5m', 1], // a part of a millicore is rounded up, as Kubernetes does
    ['1.0001', 1001],
    ['9007199254740', 9_007_199_254_740_000],
  ])('%s is %d millicores', (text, millicores) => {
    expect(parseCpu(text)).toBe(millicores);
  });

  const expected = 'expected cores such as 4, 1.5 or 500m';
  it.each([
    ['500M', 'write 500m'],
    ['500 m', 'write 500m'],
    ['', expected],
    ['-1', expected],
    ['+1', expected],
    ['1e3', expected],
    ['.5', expected],
    ['4.', expected],
    ['1,5', expected],
    ['500mm', expected],
    ['4 cores', expected],
    [' 4', expected],
    ['4\n', expected],
    ['٤', expected],
    ['NaN', expected],
    ['Infinity', expected],
    ['9007199254741', 'is too large'],
    ['9'.repeat(400), 'is too large'],
  ])('%j is refused', (text, message) => {
    expect(parseCpu(text)).toEqual(complaint(message));
  });
});

describe('memory', () => {
  it.each([
    ['0', 0],
    ['2Gi', 2_147_483_648],
    ['512Mi', 536_870_912],
    ['1Ki', 1024],
    ['1Ti', 1_099_511_627_776],
    ['3k', 3000],
    ['3M', 3_000_000],
    ['3G', 3_000_000_000],
    ['3T', 3_000_000_000_000],
    ['1.5Gi', 1_610_612_736],
    ['0.1Ki', 103], // 102.4 bytes are rounded up
    ['1.1G', 1_100_000_000],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseMemory(text)).toBe(bytes);
  });

  const expected = 'expected memory such as 2Gi or 512Mi';
  it.each([
    ['2', 'add a unit: 2Gi or 2Mi'],
    ['2.5', 'add a unit: 2.5Gi or 2.5Mi'],
    ['2gi', 'write 2Gi'],
    ['2GI', 'write 2Gi'],
    ['64GiB', 'write 64Gi'],
    ['64gb', 'write 64G'],
    ['64 Gi', 'write 64Gi'],
    ['100m', 'write 100M'], // legal in Kubernetes (a tenth of a byte), surely a mistake here
    ['2Pi', expected],
    ['two', expected],
    ['', expected],
    ['-2Gi', expected],
    ['2Gi ', expected],
    ['9000Ti', 'is too large: at most 900Ti'],
    [`${'9'.repeat(400)}Gi`, 'is too large: at most 900Ti'],
  ])('%j is refused', (text, message) => {
    expect(parseMemory(text)).toEqual(complaint(message));
  });
});

describe('bandwidth', () => {
  it.each([
    ['1GB/s', 1e9],
    ['1 GB/s', 1e9],
    ['1.5GB/s', 1.5e9],
    ['800MB/s', 8e8],
    ['2GiB/s', 2_147_483_648],
    ['1kB/s', 1000],
  ])('%s is %d bytes/s', (text, bytesPerSecond) => {
    expect(parseBandwidth(text)).toBe(bytesPerSecond);
  });

  it.each(['1', '1GB', '1G/s', '1Gb/s', '1gB/s', '1GB/min', '-1GB/s', ''])('%j is refused', (text) => {
    expect(parseBandwidth(text)).toEqual(complaint('expected a bandwidth such as 1GB/s, 800MB/s or 2GiB/s'));
  });
});

describe('rates', () => {
  it.each([
    ['120000/s', 120_000],
    ['1.5k/s', 1500],
    ['2M/s', 2_000_000],
    ['600/min', 10],
    ['1/h', 1 / 3600],
    ['0/s', 0],
    ['1000000000000000/s', 1e15],
  ])('%s is %d per second', (text, perSecond) => {
    expect(parseRate(text)).toBe(perSecond);
  });

  it.each([
    ['120000', 'add a unit: 120000/s'],
    ['2k', 'add a unit: 2k/s'],
    ['600/m', 'expected a rate such as 120000/s or 600/min'],
    ['-1/s', 'expected a rate such as 120000/s or 600/min'],
    ['NaN/s', 'expected a rate such as 120000/s or 600/min'],
    ['1000000000000001/s', 'is larger than 1e15/s'],
    [`${'9'.repeat(400)}/s`, 'is larger than 1e15/s'],
  ])('%j is refused', (text, message) => {
    expect(parseRate(text)).toEqual(complaint(message));
  });
});

describe('durations', () => {
  it.each([
    ['0', 0],
    ['15s', 15e6],
    ['1.5s', 1.5e6],
    ['250ms', 250e3],
    ['40us', 40],
    ['1h30m', 5400e6],
    ['1d', 86_400e6],
    ['1d2h3m4s5ms6us', 86_400e6 + 2 * 3600e6 + 180e6 + 4e6 + 5e3 + 6],
    ['0.4us', 0], // to the nearest µs
    ['0.5us', 1], // halves up
    ['1000000000s', 1e15],
  ])('%s is %d µs', (text, microseconds) => {
    expect(parseDuration(text)).toBe(microseconds);
  });

  const expected = 'expected a duration such as 15s, 1h30m or 250ms';
  it.each([
    ['15', 'add a unit: 15s, 15m or 15ms'],
    ['30m1h', 'units must fall: 1h30m, not 30m1h'],
    ['1m1m', 'units must fall: 1h30m, not 30m1h'],
    ['', expected],
    ['s', expected],
    ['-5s', expected],
    ['5 s', expected],
    ['5S', expected],
    ['5sec', expected],
    ['1h30', expected],
    ['x1h', expected],
    ['1h x', expected],
    ['NaN', expected],
    ['1000000001s', 'is longer than 30 years'],
    [`${'9'.repeat(400)}s`, 'is longer than 30 years'],
  ])('%j is refused', (text, message) => {
    expect(parseDuration(text)).toEqual(complaint(message));
  });

  it('reads back every whole number of µs that is written in falling units', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 400 }),
        fc.nat({ max: 23 }),
        fc.nat({ max: 59 }),
        fc.nat({ max: 59 }),
        fc.nat({ max: 999 }),
        fc.nat({ max: 999 }),
        (d, h, m, s, ms, us) => {
          const text = `${d}d${h}h${m}m${s}s${ms}ms${us}us`;
          expect(parseDuration(text)).toBe(((((d * 24 + h) * 60 + m) * 60 + s) * 1000 + ms) * 1000 + us);
        },
      ),
      { seed: 11, numRuns: 500 },
    );
  });
});

describe('shares', () => {
  it.each([
    ['0%', 0],
    ['75%', 0.75],
    ['99.9%', 0.999],
    ['0.01%', 0.0001],
    ['100%', 1],
    ['145%', 1.45],
    ['7%', 0.07], // 7 ÷ 100 is 0.07, not 0.07000000000000001
  ])('%s is %d', (text, ratio) => {
    expect(parseShare(text)).toBe(ratio);
  });

  it.each([
    ['0.75', 'write a share in percent: 75%'],
    ['0.07', 'write a share in percent: 7%'],
    ['75', 'write a share in percent: 75%'], // a percentage without its sign, not 7500 %
    ['-5%', 'expected a share such as 75% or 99.9%'],
    ['75 %', 'expected a share such as 75% or 99.9%'],
    ['%', 'expected a share such as 75% or 99.9%'],
    [`${'9'.repeat(400)}%`, 'is too large'],
  ])('%j is refused', (text, message) => {
    expect(parseShare(text)).toEqual(complaint(message));
  });
});

describe('schemas of quantities', () => {
  it('takes cores as a number or as text', () => {
    expect([cpu().parse(4), cpu().parse(0.25), cpu().parse('4'), cpu().parse('500m')]).toEqual([4000, 250, 4000, 500]);
  });

  it('refuses a bare number wherever a unit could be mistaken, and says which to add', () => {
    expect(messages(memory(), 2)).toEqual(['read 2: add a unit: 2Gi or 2Mi']);
    expect(messages(span(), 15)).toEqual(['read 15: add a unit: 15s, 15m or 15ms']);
    expect(messages(rate(), 100)).toEqual(['read 100: add a unit: 100/s']);
    expect(messages(share(), 0.75)).toEqual(['read 0.75: write a share in percent: 75%']);
    expect(messages(bandwidth(), 1)).toEqual(['read 1: expected a bandwidth such as 1GB/s, 800MB/s or 2GiB/s']);
    expect(span().safeParse(0).success).toBe(false);
  });

  it('names what was read and what would be right, once per mistake', () => {
    expect(messages(positiveCpu(), '4x')).toEqual(['read "4x": expected cores such as 4, 1.5 or 500m']);
    expect(messages(cpu(), -1)).toEqual(['read -1: expected cores such as 4, 1.5 or 500m']);
    expect(messages(cpu(), NaN)).toEqual(['read NaN: expected cores such as 4, 1.5 or 500m']);
    expect(messages(span(), undefined)).toEqual(['read nothing: expected a duration such as 15s or 1h30m or 250ms']);
    expect(messages(memory(), null)).toEqual(['read nothing: expected memory such as 2Gi or 512Mi']);
    expect(messages(memory(), ['2Gi'])).toEqual(['read a list: expected memory such as 2Gi or 512Mi']);
    expect(messages(memory(), { size: '2Gi' })).toEqual(['read a mapping: expected memory such as 2Gi or 512Mi']);
    expect(messages(memory(), true)).toEqual(['read true: expected memory such as 2Gi or 512Mi']);
  });

  it('keeps a share within 0 and 1 and a positive one above 0; a percentage may exceed 1', () => {
    expect(share().parse('0%')).toBe(0);
    expect(share().parse('100%')).toBe(1);
    expect(messages(share(), '100.1%')).toEqual(['must be at most 100%']);
    expect(messages(positiveShare(), '0%')).toEqual(['must be greater than 0']);
    expect(percentage().parse('145%')).toBe(1.45);
    expect(percentage().safeParse(`${'9'.repeat(400)}%`).success).toBe(false);
  });

  it('refuses a bandwidth that rounds to nothing', () => {
    expect(messages(bandwidth(), '0.0001kB/s')).toEqual(['must be greater than 0']);
  });

  it('takes whole numbers within the bounds, bounds included', () => {
    expect([count(1, 3).parse(1), count(1, 3).parse(3)]).toEqual([1, 3]);
    for (const bad of [0, 4, 1.5, NaN, Infinity, -1])
      expect(messages(count(1, 3), bad)).toEqual([`read ${bad}: expected a whole number from 1 to 3`]);
    expect(messages(count(1, 3), '2')).toEqual(['read "2": expected a whole number from 1 to 3']);
  });

  it('takes plain numbers within the bounds, bounds included, and no NaN', () => {
    expect([plainNumber(0, 0.5).parse(0), plainNumber(0, 0.5).parse(0.5)]).toEqual([0, 0.5]);
    for (const bad of [-0.001, 0.501, NaN, Infinity])
      expect(messages(plainNumber(0, 0.5), bad)).toEqual([`read ${bad}: expected a number from 0 to 0.5`]);
  });
});

describe('what an error message quotes', () => {
  it('is one short line without control characters', () => {
    expect(show('a\nb')).toBe('"a\\nb"');
    expect(show('a\u0085\u001b[31mb')).toBe('"a\uFFFD\\u001b[31mb"');
    expect(show('x'.repeat(100))).toBe(`"${'x'.repeat(56)}…`);
    expect(show('x'.repeat(58))).toBe(`"${'x'.repeat(58)}"`);
  });
});
