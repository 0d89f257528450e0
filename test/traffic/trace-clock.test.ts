import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDateTime } from '../../src/base/wall-clock.ts';
import { clockOf, dateClock, plainClock } from '../../src/traffic/trace-clock.ts';

describe('the clock of a file', () => {
  it('is told from its first time', () => {
    expect([clockOf('300', undefined, 0), clockOf('1397088240000', 'ms', 0), clockOf('2014-04-10 00:04', undefined, 0)]).toMatchObject([
      { expected: 'seconds' },
      { expected: 'milliseconds' },
      { expected: 'a date and time' },
    ]);
  });

  it('says what it expected instead of anything else', () => {
    expect(clockOf('10/04/2014', undefined, 0)).toBe('expected seconds such as 300 or a time such as 2014-04-10 00:04:00');
    expect(clockOf('1397088240000', undefined, 0)).toContain('(milliseconds? say `timeUnit: ms`)');
    expect(clockOf('x', 'ms', 0)).toBe('expected milliseconds such as 300000 or a time such as 2014-04-10 00:04:00');
  });

  it('of plain numbers is exact to the µs, until they could no longer be', () => {
    expect(['0.1', '1397088240.000001', '1397088240', '8999999999', '9000000000', '-1', '1e3', ''].map(plainClock('s').read)).toEqual([
      100_000,
      1_397_088_240_000_001,
      1_397_088_240_000_000,
      8_999_999_999_000_000,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(['1397088240000', '0.5', '8999999999999', '9000000000000'].map(plainClock('ms').read)).toEqual([
      1_397_088_240_000_000,
      500,
      8_999_999_999_999_000,
      undefined,
    ]);
  });

  it('of dates reads what the calendar reads, in whatever order: what it remembers of a minute changes nothing', () => {
    const part = (...texts: readonly string[]) => fc.constantFrom(...texts);
    const text = fc
      .tuple(
        part('2014-04-10', '2014-04-11', '2014-02-30', '2014-4-10'),
        part('T', ' '),
        part('00:04', '00:05', '23:59', '24:00'),
        part(':00', ':01', ':59', ':60', ':5', ':00.250', ':x1', ''),
        part('', 'Z', '+08:00', '-00:30', '+15:00', ' '),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (texts) => {
        const slow = texts.map((each) => parseDateTime(each)?.unixMs(480)).map((ms) => (ms === undefined ? undefined : ms * 1000));
        expect(texts.map(dateClock(480).read)).toEqual(slow);
      }),
      { seed: 7, numRuns: 1000 },
    );
  });
});
