import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, time } from '../../src/base/units.ts';
import { anyCalendar, type Calendar, clockLabel, clockTime, parseDateTime, startSecondOfDay } from '../../src/base/wall-clock.ts';

const horizon = duration(40 * 86_400e6);
/** A calendar that starts at `text`, which names its offset. */
function calendar(text: string): Calendar {
  const parsed = parseDateTime(text);
  if (parsed?.offsetMinutes === undefined) throw new Error(`${text} is no start`);
  return { startUnixMs: parsed.unixMs(0), offsetMinutes: parsed.offsetMinutes, horizon };
}
const at = (hours: number, minutes = 0, seconds = 0) => ((hours * 60 + minutes) * 60 + seconds) * 1e6;

const evening = calendar('2019-11-10T18:00:00+08:00');

describe('a date and time', () => {
  // 1573380000 = 2019-11-10T10:00:00Z
  it.each([
    ['2019-11-10T18:00:00+08:00', 1_573_380_000_000, 480],
    ['2019-11-10T10:00:00Z', 1_573_380_000_000, 0],
    ['2019-11-10T10:00Z', 1_573_380_000_000, 0],
    ['2019-11-10 04:30:00-05:30', 1_573_380_000_000, -330],
    ['2019-11-10T10:00:00.25Z', 1_573_380_000_250, 0],
    ['2019-11-10T10:00:00-00:00', 1_573_380_000_000, 0],
    ['2020-02-29T00:00:00Z', 1_582_934_400_000, 0],
    ['2000-02-29T00:00:00Z', 951_782_400_000, 0],
    ['1970-01-01T00:00:00Z', 0, 0],
    ['2019-12-31T23:59:59.999Z', 1_577_836_799_999, 0],
  ])('%s is %d ms of Unix time at an offset of %d minutes', (text, unixMs, offset) => {
    const parsed = parseDateTime(text);
    expect(parsed?.unixMs(999)).toBe(unixMs); // its own offset wins
    expect(parsed?.offsetMinutes).toBe(offset);
  });

  it("takes the caller's offset where it names none", () => {
    const parsed = parseDateTime('2019-11-10T18:00:00');
    expect(parsed?.offsetMinutes).toBeUndefined();
    expect(parsed?.unixMs(480)).toBe(1_573_380_000_000);
  });

  it.each([
    '2019-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2019-04-31T00:00:00Z',
    '2019-00-10T00:00:00Z',
    '2019-13-10T00:00:00Z',
    '2019-11-00T00:00:00Z',
    '2019-11-32T00:00:00Z',
    '2019-11-10T24:00:00Z',
    '2019-11-10T23:60:00Z',
    '2019-11-10T23:59:60Z',
    '2019-11-10T23:59:59.9999Z',
    '0050-01-01T00:00:00Z', // Date.UTC would make it 1950
    '2019-11-10T00:00:00+08:60',
    '2019-11-10T00:00:00+15:00',
    '2019-11-10T00:00:00+8:00',
    '2019-11-10',
    '2019-11-10T00:00:00 Z',
    'tomorrow',
    '',
  ])('%j is none', (text) => {
    expect(parseDateTime(text)).toBeUndefined();
  });
});

describe('a clock time', () => {
  it.each([
    ['18:00', at(0)], // the start itself
    ['18:00:00.000001', 1],
    ['17:59:59', at(23, 59, 59)], // just missed: tomorrow
    ['23:55:30', at(5, 55, 30)],
    ['00:00', at(6)], // midnight is 6 hours after 18:00
    ['06:30', at(12, 30)],
    ['+0d 06:30', at(12, 30)],
    ['+1d 06:30', at(36, 30)],
    ['+1d 18:00', at(24)],
    ['+30d 18:00', at(720)],
    ['23:55:30.5', at(5, 55, 30) + 500_000],
  ])('%s is the first such time at or after the start, some days later where it says so', (text, microseconds) => {
    expect(clockTime(text, evening)).toBe(microseconds);
  });

  it.each([
    ['2019-11-11T00:00:00', at(6)],
    ['2019-11-11 00:00', at(6)],
    ['2019-11-10T16:00:00Z', at(6)],
    ['2019-11-11T01:00:00+09:00', at(6)],
    ['2019-11-10T18:00:00', 0],
    ['2019-11-10T17:00:00', -at(1)], // before the start: whoever asks refuses it
  ])('%s is that very moment, in the offset of the start unless it names one', (text, microseconds) => {
    expect(clockTime(text, evening)).toBe(microseconds);
  });

  it('counts the leap day between its dates', () => {
    const leap = calendar('2020-02-28T12:00:00+08:00');
    const common = calendar('2019-02-28T12:00:00+08:00');
    expect(clockTime('2020-03-01T12:00:00', leap)).toBe(at(48));
    expect(clockTime('2019-03-01T12:00:00', common)).toBe(at(24));
    expect(clockTime('2020-02-29T12:00:00', leap)).toBe(at(24));
    expect(clockTime('2019-02-29T12:00:00', common)).toContain('expected a clock time');
  });

  it('is the start itself at a start on midnight', () => {
    const midnight = calendar('2019-11-11T00:00:00+08:00');
    expect(clockTime('00:00', midnight)).toBe(0);
    expect(clockTime('+1d 00:00', midnight)).toBe(at(24));
    expect(clockTime('23:59:59.999999', midnight)).toBe(at(24) - 1);
  });

  it('looks at the local clock, whatever UTC says', () => {
    // 02:00 in Shanghai is still yesterday 18:00 in UTC; 22:00 in New York is already tomorrow 03:00.
    expect(clockTime('03:00', calendar('2019-11-11T02:00:00+08:00'))).toBe(at(1));
    expect(clockTime('23:00', calendar('2019-11-11T22:00:00-05:00'))).toBe(at(1));
    expect(clockTime('06:15', calendar('2019-11-11T06:00:00+05:45'))).toBe(at(0, 15));
  });

  it.each(['24:00', '23:60', '23:59:60', '99:99'])('%s is on no clock', (text) => {
    expect(clockTime(text, evening)).toBe(`there is no clock time ${text}`);
  });

  it.each(['6:30', '0630', '+1d', '+1d06:30', '-1d 06:30', '+1000d 06:30', '06:30 ', 'noon', '', '15m'])(
    '%j is none, and the complaint shows how to write one',
    (text) => {
      expect(clockTime(text, evening)).toBe('expected a clock time such as 23:55:30, "+1d 06:30" or 2019-11-11T00:00:00');
    },
  );

  it('reads back the label of every moment', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 * 86_400e6 }),
        fc.constantFrom(
          '2019-11-10T18:00:00+08:00',
          '2020-02-28T00:00:00Z',
          '2019-12-31T23:59:59.5-05:30',
          '1969-12-31T12:34:56.789+14:00',
        ),
        (t, start) => {
          expect(clockTime(clockLabel(time(t), calendar(start)), calendar(start))).toBe(t);
        },
      ),
      { seed: 11, numRuns: 1000 },
    );
  });
});

describe('the label of a moment', () => {
  it.each([
    [0, '18:00:00'],
    [at(5, 59, 59), '23:59:59'],
    [at(6), '00:00:00'],
    [at(24) - 1, '17:59:59.999999'],
    [at(24), '+1d 18:00:00'],
    [at(36, 30), '+1d 06:30:00'],
    [at(48), '+2d 18:00:00'],
    [1, '18:00:00.000001'],
    [500_000, '18:00:00.5'],
  ])('%d µs after 18:00 is %s', (microseconds, label) => {
    expect(clockLabel(time(microseconds), evening)).toBe(label);
  });
});

describe('a calendar', () => {
  it('knows how far into the local day the start is', () => {
    expect(startSecondOfDay(evening)).toBe(64_800);
    expect(startSecondOfDay(calendar('1969-12-31T23:00:00+14:00'))).toBe(82_800);
    expect(startSecondOfDay(calendar('2019-11-10T00:00:00.25Z'))).toBe(0.25);
  });

  it('starts at midnight where a schema needs one and no scenario is at hand', () => {
    expect(startSecondOfDay(anyCalendar())).toBe(0);
    expect(anyCalendar(horizon).horizon).toBe(horizon);
    expect(clockLabel(time(0), anyCalendar())).toBe('00:00:00');
  });
});
