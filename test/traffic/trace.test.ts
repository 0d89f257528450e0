import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.ts';
import { duration } from '../../src/base/units.ts';
import { buildCurve } from '../../src/traffic/build.ts';
import type { TraceSpec } from '../../src/traffic/spec.ts';
import { readTrace, type TraceOptions } from '../../src/traffic/trace.ts';
import { at, evening, lasting } from './support.ts';

const options: TraceOptions = {
  file: 'requests.csv',
  format: 'csv',
  time: 'timestamp',
  value: 'value',
  series: {},
  unit: 'per-step',
  scale: 1,
  from: 'first-row',
  gaps: 'refuse',
};
/** Reads `text` for a scenario of `seconds` that starts at 18:00 on 2019-11-10, UTC+8. */
const read = (text: string | Iterable<string>, seconds: number, changed: Partial<TraceOptions> = {}, from = 0) =>
  readTrace(
    typeof text === 'string' ? [text] : text,
    { ...options, ...changed },
    { from: from * 1e6, to: seconds * 1e6 },
    evening(seconds / 3600),
  );
function good(text: string, seconds: number, changed: Partial<TraceOptions> = {}, from = 0): TraceSpec {
  const trace = read(text, seconds, changed, from);
  if ('errors' in trace) throw new Error(trace.errors.map(({ message }) => message).join('\n'));
  return trace;
}
const errors = (text: string | Iterable<string>, seconds: number, changed: Partial<TraceOptions> = {}): readonly string[] => {
  const trace = read(text, seconds, changed);
  return 'errors' in trace ? trace.errors.map(({ message }) => message) : ['read without complaint'];
};
const rows = (...lines: readonly string[]): string => ['timestamp,value', ...lines].join('\n');

/** As the recordings of the Numenta anomaly benchmark are written. */
const balancer = `timestamp,value
2014-04-10 00:04:00,94.0
2014-04-10 00:09:00,56.0
2014-04-10 00:14:00,187.0
2014-04-10 00:19:00,95.0
`;
/** Rates of 1, 2, 4 and 8 a second. */
const doubling = rows('0,60', '60,120', '120,240', '180,480');

describe('where a file begins in the scenario', () => {
  const file = (date: string): string => rows(...['00', '01', '02', '03'].map((minute) => `${date}:${minute}:00,60`));

  it('has to be said where its own times may be meant: within a month of the start, and not at it', () => {
    // The scenario starts at 18:00 on 2019-11-10.
    expect(errors(file('2019-11-10 16'), 120, { from: undefined })).toEqual([
      "requests.csv: the first row, 2019-11-10 16:00:00, is 7200 s before the scenario's start: say `from: clock` to lay the file by its own times, or `from: first-row`",
    ]);
    expect(errors(file('2019-12-01 18'), 120, { from: undefined })[0]).toContain('is 1814400 s after');
    for (const date of ['2019-11-10 18', '2014-04-10 00', '2020-02-01 00'])
      expect(good(file(date), 120, { from: undefined }).begin).toBe(0);
    expect(good(file('2019-11-10 16'), 120, { from: 'first-row' }).begin).toBe(0);
  });
});

describe('a trace file', () => {
  it('of counts gives rates whose integral is the sum of the counts', () => {
    const trace = good(balancer, 1200);
    expect(trace).toEqual({
      kind: 'trace',
      file: 'requests.csv',
      begin: 0,
      step: lasting(300),
      rates: [94, 56, 187, 95].map((count) => count / 300),
    });
    expect(buildCurve(trace, evening(1 / 3)).integral(at(0), at(1200))).toBeCloseTo(94 + 56 + 187 + 95, 9);
    expect(buildCurve(good(balancer, 600), evening(1 / 6)).integral(at(0), at(600))).toBeCloseTo(94 + 56, 9);
  });

  it('of rates gives them as they are, times the scale', () => {
    expect(good(balancer, 1200, { unit: 'per-second', scale: 10 }).rates).toEqual([940, 560, 1870, 950]);
  });

  it('may have plain seconds, other columns, quotes, blank lines, Windows line ends and blanks around fields', () => {
    const text = 'host, "t, s" ,rps\r\na,1554854640.5,1\r\n\r\n a , 1554854640.75 ,2e1\r\nb,"1554854641",0\r\n';
    expect(good(text, 0.75, { time: 't, s', value: 'rps', unit: 'per-second' })).toMatchObject({ step: lasting(0.25), rates: [1, 20, 0] });
  });

  it('may have unix milliseconds where it is said', () => {
    expect(good(rows('1554854640000,1', '1554854640250,2'), 0.5, { timeUnit: 'ms', unit: 'per-second' })).toMatchObject({
      step: lasting(0.25),
      rates: [1, 2],
    });
  });

  it('may have times without seconds, and with an offset', () => {
    expect(good(rows('2014-04-10 23:59,1', '2014-04-11 00:01,2'), 240)).toMatchObject({ step: lasting(120) });
    expect(good(rows('2014-04-10T23:59:00Z,1', '2014-04-11T08:00:00+08:00,2'), 120)).toMatchObject({ step: lasting(60) });
  });

  it('with whole steps missing is filled where it is told to: without traffic, or at the rate before the gap', () => {
    const text = rows('0,60', '60,120', '240,180'); // steps at 120 s and 180 s are missing
    expect(good(text, 300, { gaps: 'zero' })).toMatchObject({ step: lasting(60), rates: [1, 2, 0, 0, 3] });
    expect(good(text, 300, { gaps: 'hold' })).toMatchObject({ step: lasting(60), rates: [1, 2, 2, 2, 3] });
    expect(errors(rows('0,1', '60,1', '150,1'), 180, { gaps: 'zero' })).toHaveLength(1); // one and a half steps
    // Also where the horizon ends inside the gap.
    expect(good(text, 150, { gaps: 'zero' })).toMatchObject({ rates: [1, 2, 0] });
    expect(good(text, 150, { gaps: 'hold' })).toMatchObject({ rates: [1, 2, 2] });
  });
});

describe('the start of the scenario is', () => {
  it('the first row, unless it is said otherwise', () => {
    expect(good(doubling, 120)).toMatchObject({ begin: 0, rates: [1, 2] });
  });

  it('any moment of the file that is named, at a row or inside a step, as the file writes its times', () => {
    expect(good(doubling, 120, { from: '60' })).toMatchObject({ begin: 0, rates: [2, 4] });
    // 30 s into the second step: 30 s of it are left, so 120 s need half of the fourth.
    const inside = good(doubling, 120, { from: '90' });
    expect(inside).toMatchObject({ begin: -30e6, rates: [2, 4, 8] });
    expect(buildCurve(inside, evening(120 / 3600)).integral(at(0), at(120))).toBe(30 * 2 + 60 * 4 + 30 * 8);
    expect(good(balancer, 600, { from: '2014-04-10 00:09' }).rates).toEqual([56 / 300, 187 / 300]);
  });

  it('its own date and time with from: clock; a date without an offset has that of the scenario', () => {
    const clock = rows('2019-11-10 17:59:00,60', '2019-11-10 18:00:00,120', '2019-11-10 18:01:00,240');
    expect(good(clock, 120, { from: 'clock' })).toMatchObject({ begin: 0, rates: [2, 4] });
    const utc = rows('2019-11-10T09:59:30Z,60', '2019-11-10T10:00:30Z,120', '2019-11-10T10:01:30Z,240');
    expect(good(utc, 120, { from: 'clock' })).toMatchObject({ begin: -30e6, rates: [1, 2, 4] });
    const unix = rows('1573379940,60', '1573380000,120', '1573380060,240'); // 2019-11-10T09:59:00Z
    expect(good(unix, 120, { from: 'clock' })).toMatchObject({ begin: 0, rates: [2, 4] });
  });

  it('preceded by what a shift to later needs', () => {
    expect(good(doubling, 60, { from: '120' }, -60)).toMatchObject({ begin: -60e6, rates: [2, 4] });
  });
});

describe('resampling', () => {
  // Windows of 120 s: (1 + 2) ÷ 2 and (4 + 8) ÷ 2; 120 · 1.5 + 120 · 6 = 900 = 60 + 120 + 240 + 480.
  it('takes means over windows, which keeps the sum', () => {
    const trace = good(doubling, 240, { resample: duration(120e6) });
    expect(trace).toMatchObject({ begin: 0, step: lasting(120), rates: [1.5, 6] });
    expect(buildCurve(trace, evening(240 / 3600)).integral(at(0), at(240))).toBe(900);
  });

  // Windows of 90 s: (60 · 1 + 30 · 2) ÷ 90, (30 · 2 + 60 · 4) ÷ 90; of the third only 60 s are recorded, at 8.
  it('splits steps in proportion; the mean of a last window that the file does not fill is that of what it holds', () => {
    const trace = good(doubling, 240, { resample: duration(90e6) });
    expect(trace.rates).toEqual([expect.closeTo(120 / 90, 12), expect.closeTo(300 / 90, 12), expect.closeTo(8, 12)]);
    expect(buildCurve(trace, evening(240 / 3600)).integral(at(0), at(240))).toBeCloseTo(900, 9);
  });

  it('counts its windows from the start, and reads the last one whole though the horizon ends inside it', () => {
    expect(good(doubling, 60, { from: '60', resample: duration(120e6) })).toMatchObject({ begin: 0, rates: [3] });
  });

  it('is never done unasked', () => {
    expect(good(doubling, 240).rates).toEqual([1, 2, 4, 8]);
  });

  it('gives the means of a slow twin that looks at every second', () => {
    const recorded = fc.record({
      step: fc.integer({ min: 1, max: 7 }),
      values: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 30 }),
      window: fc.integer({ min: 1, max: 20 }),
      skip: fc.double({ min: 0, max: 0.9, noNaN: true }),
      length: fc.double({ min: 0.1, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(recorded, ({ step, values, window, skip, length }) => {
        fc.pre(window >= step);
        const whole = step * values.length;
        const from = Math.floor(whole * skip);
        const seconds = Math.max(1, Math.floor((whole - from) * length));
        const text = rows(...values.map((value, i) => `${String(i * step)},${String(value)}`));
        const trace = good(text, seconds, { unit: 'per-second', from: String(from), resample: duration(window * 1e6) });
        const means = Array.from({ length: Math.ceil(seconds / window) }, (_, k) => {
          const inside = Array.from({ length: window }, (__, s) => values[Math.floor((from + k * window + s) / step)]).filter(
            (value) => value !== undefined,
          );
          return inside.reduce((a, b) => a + b, 0) / inside.length;
        });
        expect(trace.begin).toBe(0);
        expect(trace.rates).toEqual(means.map((mean): unknown => expect.closeTo(mean, 9)));
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

describe('a trace file is refused, with file and line and what was read,', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['when it is empty', '', 'requests.csv:1: is empty; expected a header and rows'],
    ['when it has no rows', rows(), 'requests.csv has no row of data; two are needed to tell the step'],
    ['when it has one row', rows('0,1'), 'requests.csv has one row of data; two are needed to tell the step'],
    [
      'for a gap',
      rows('0,1', '60,1', '180,1'),
      'requests.csv:4: timestamp: read "180": 120 s after the row before, but the step of the file is 60 s (`gaps: zero` or `gaps: hold` fills missing steps)',
    ],
    [
      'for a gap that is too small',
      rows('0,1', '60,1', '90,1', '150,1'),
      'requests.csv:4: timestamp: read "90": 30 s after the row before, but the step of the file is 60 s',
    ],
    [
      'for disorder',
      rows('0,1', '60,1', '30,1', '120,1'),
      'requests.csv:4: timestamp: read "30": earlier than a row before it; rows must be in order of time',
    ],
    [
      'for disorder in the second row',
      rows('60,1', '0,1', '120,1', '180,1'),
      'requests.csv:3: timestamp: read "0": earlier than a row before it; rows must be in order of time',
    ],
    ['for a duplicate', rows('0,1', '60,2', '60,3', '120,1'), 'requests.csv:4: timestamp: read "60": the same time as a row before it'],
    ['for NaN', rows('0,1', '60,NaN', '120,1'), 'requests.csv:3: value: read "NaN": expected a number from 0 to 1e15'],
    [
      'for an empty value',
      rows('0,', '60,1', '120,1'),
      'requests.csv:2: value: read "": expected a number from 0 to 1e15; of a step that is not known leave out the row, and say by `gaps` what to make of it',
    ],
    ['for a negative value', rows('0,1', '60,-2', '120,1'), 'requests.csv:3: value: read "-2": expected a number from 0 to 1e15'],
    ['for infinity', rows('0,1e999', '60,2', '120,1'), 'requests.csv:2: value: read "1e999": expected a number from 0 to 1e15'],
    ['for a hexadecimal value', rows('0,0x10', '60,2', '120,1'), 'requests.csv:2: value: read "0x10": expected a number from 0 to 1e15'],
    [
      'for a time that is none',
      rows('noon,1', '60,2', '120,1', '180,1'),
      'requests.csv:2: timestamp: read "noon": expected seconds such as 300 or a time such as 2014-04-10 00:04:00',
    ],
    [
      'for a date that is none',
      rows('2014-02-30 00:00,1', '2014-03-01 00:00,1', '2014-03-01 00:02,1'),
      'requests.csv:2: timestamp: read "2014-02-30 00:00": expected seconds such as 300 or a time such as 2014-04-10 00:04:00',
    ],
    [
      'for times of two kinds',
      rows('0,1', '60,1', '2014-04-10 00:04:00,2', '180,1'),
      'requests.csv:4: timestamp: read "2014-04-10 00:04:00": expected seconds as in the first row',
    ],
    [
      'for milliseconds that nobody spoke of',
      rows('1554854640000,1', 'x,1').replace('\nx,1', ''),
      'requests.csv:2: timestamp: read "1554854640000": expected seconds such as 300 or a time such as 2014-04-10 00:04:00 (milliseconds? say `timeUnit: ms`)',
    ],
    [
      'for a missing column',
      'time,value\n0,1\n60,1\n',
      'requests.csv:1: there is no column "timestamp"; the columns are time, value; did you mean "time"?',
    ],
    [
      'for semicolons',
      'timestamp;value\n0;1,5\n60;2,5\n',
      'requests.csv:1: the header has no comma but semicolons: separate the fields by commas, and write decimals with a point',
    ],
    ['for tabs', 'timestamp\tvalue\n0\t1\n', 'requests.csv:1: the header has no comma but tabs: separate the fields by commas'],
    [
      'for the line ends of the old Mac',
      'timestamp\rvalue\r0\r1\r',
      'requests.csv:1: the header has no comma but line ends of the old Mac (CR alone): write it with LF or CRLF',
    ],
    ['for a column twice', 'timestamp,value,value\n0,1,2\n60,1,2\n', 'requests.csv:1: there are two columns "value"'],
    ['for a row that is too long', rows('0,1', '60,1', '120,1,7', '120,1'), 'requests.csv:4: has 3 fields, but the header has 2'],
    [
      'for too little of it',
      rows('0,1', '60,1'),
      "requests.csv ends 120 s after the scenario's start (after row 60), but is needed until 180 s after the scenario's start",
    ],
  ];

  it.each(cases)('%s', (_, text, error) => {
    expect(errors(text, 180)).toEqual([error]);
  });

  it.each<[string, string, Partial<TraceOptions>, string]>([
    [
      'a start that is none',
      doubling,
      { from: 'noon' },
      'requests.csv: read "noon": expected first-row, clock, or seconds as in the first row, such as 0',
    ],
    [
      'a start that is not in it',
      doubling,
      { from: '600' },
      "requests.csv ends 360 s before the scenario's start (after row 180), but is needed until 180 s after the scenario's start",
    ],
    [
      // 2,040 days, 17 h and 56 min.
      'another day than the clock says',
      balancer,
      { from: 'clock' },
      "requests.csv ends 48977.6 h before the scenario's start (after row 2014-04-10 00:19:00), but is needed until 180 s after the scenario's start",
    ],
    [
      'windows shorter than its steps',
      doubling,
      { resample: duration(30e6) },
      'requests.csv: 30 s is shorter than the step of the file, 60 s',
    ],
    [
      'a unit of dates',
      balancer,
      { timeUnit: 's' },
      'requests.csv:2: timestamp: read "2014-04-10 00:04:00": are dates: only plain numbers have a timeUnit',
    ],
  ])('for %s', (_, text, changed, error) => {
    expect(errors(text, 180, changed)[0]).toBe(error);
  });

  it('in no time, of a number with very many digits', () => {
    const digits = '1'.repeat(60_000);
    expect(errors(rows(`0,${digits}x`, `60,${digits}x`, '120,1'), 180)).toHaveLength(2);
  });

  it('also where more steps are needed than can be kept; and it says what helps', () => {
    const text = rows('0,1', '0.000001,1');
    expect(errors(text, 180)).toEqual([
      'requests.csv has a step of 0.000001 s: 180000000 steps of 0.000001 s are needed, and at most 1000000 are kept; resample: 5m, say, makes them longer',
    ]);
  });

  it('with every mistake at once, and none that only follows from another', () => {
    const text = rows('0,1', 'x,1', '120,-1', '120,1', '180', '240,1', '300,NaN', '360,1', '480,1', '540,1');
    // The row at 480 s comes 120 s after the one before; rows 2 and 5, whose times are missing, make no gaps.
    expect(errors(text, 600).map((error) => error.split(';')[0])).toEqual([
      'requests.csv:3: timestamp: read "x": expected seconds as in the first row',
      'requests.csv:4: value: read "-1": expected a number from 0 to 1e15',
      'requests.csv:5: timestamp: read "120": the same time as a row before it',
      'requests.csv:6: has 1 field, but the header has 2',
      'requests.csv:8: value: read "NaN": expected a number from 0 to 1e15',
      'requests.csv:10: timestamp: read "480": 120 s after the row before, but the step of the file is 60 s (`gaps: zero` or `gaps: hold` fills missing steps)',
    ]);
  });

  it('with twenty mistakes, and then it reads no further', () => {
    let asked = 0;
    function* endless(): Generator<string> {
      yield 'timestamp,value\n';
      for (let i = 0; ; i++) {
        asked++;
        yield `${String(i * 10)},${i % 2 === 1 ? 'x' : '1'}\n`;
      }
    }
    const said = errors(endless(), 5000);
    expect(asked).toBeLessThan(50);
    expect(said).toHaveLength(21);
    expect(said[19]).toBe('requests.csv:41: value: read "x": expected a number from 0 to 1e15');
    expect(said[20]).toBe('requests.csv: … and not read any further after 20 mistakes');
  });
});

describe('a long file', () => {
  it('is read no further than the scenario needs, and what comes later is not checked', () => {
    let asked = 0;
    function* endless(): Generator<string> {
      yield 'timestamp,value\n';
      for (let i = 0; ; i++) {
        asked++;
        yield i < 200 ? `${String(i)},1\n` : 'no row at all\n';
      }
    }
    expect(read(endless(), 100, { from: '50' })).toMatchObject({ begin: 0, rates: Array.from({ length: 100 }, () => 1) });
    expect(asked).toBe(150);
  });

  it('is unreadable where its bytes are: what was found wrong before is said too', () => {
    function* broken(): Generator<string> {
      yield rows('0,1', '60,x', '120,1\n');
      throw new InputError('requests.csv is not UTF-8 text');
    }
    expect(errors(broken(), 600)).toEqual([
      'requests.csv:3: value: read "x": expected a number from 0 to 1e15',
      'requests.csv is not UTF-8 text',
    ]);
  });
});
