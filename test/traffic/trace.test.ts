import { describe, expect, it } from 'vitest';
import { buildCurve } from '../../src/traffic/build.ts';
import { readTrace, type TraceOptions } from '../../src/traffic/trace.ts';
import { at, evening, lasting } from './support.ts';

const options: TraceOptions = { file: 'requests.csv', time: 'timestamp', value: 'value', unit: 'per-step', scale: 1, gaps: 'refuse' };
const read = (text: string, changed: Partial<TraceOptions> = {}) => readTrace(text, { ...options, ...changed });

/** As the recordings of the Numenta anomaly benchmark are written. */
const balancer = `timestamp,value
2014-04-10 00:04:00,94.0
2014-04-10 00:09:00,56.0
2014-04-10 00:14:00,187.0
2014-04-10 00:19:00,95.0
`;

describe('a trace file', () => {
  it('of counts gives rates whose integral is the sum of the counts', () => {
    const trace = read(balancer);
    expect(trace).toEqual({
      kind: 'trace',
      file: 'requests.csv',
      step: lasting(300),
      rates: [94, 56, 187, 95].map((count) => count / 300),
    });
    if ('error' in trace) throw new Error(trace.error);
    expect(buildCurve(trace, evening(1 / 3)).integral(at(0), at(1200))).toBeCloseTo(94 + 56 + 187 + 95, 9);
    expect(buildCurve(trace, evening(1 / 6)).integral(at(0), at(600))).toBeCloseTo(94 + 56, 9);
  });

  it('of rates gives them as they are, times the scale', () => {
    expect(read(balancer, { unit: 'per-second', scale: 10 })).toMatchObject({ rates: [940, 560, 1870, 950] });
  });

  it('may have plain seconds, other columns, quotes, blank lines, Windows line ends and a byte order mark', () => {
    const text = '\uFEFFhost,"t, s",rps\r\na,1554854640.5,1\r\n\r\na,1554854640.75,2e1\r\nb,1554854641,0\r\n';
    expect(read(text, { time: 't, s', value: 'rps', unit: 'per-second' })).toMatchObject({ step: lasting(0.25), rates: [1, 20, 0] });
  });

  it('may have times without seconds, and with an offset', () => {
    expect(read('timestamp,value\n2014-04-10 23:59,1\n2014-04-11 00:01,2\n')).toMatchObject({ step: lasting(120) });
    expect(read('timestamp,value\n2014-04-10T23:59:00Z,1\n2014-04-11T08:00:00+08:00,2\n')).toMatchObject({ step: lasting(60) });
  });

  it('with whole steps missing is filled where it is told to: without traffic, or at the rate before the gap', () => {
    const text = 'timestamp,value\n0,60\n60,120\n240,180\n'; // steps at 120 s and 180 s are missing
    expect(read(text, { gaps: 'zero' })).toMatchObject({ step: lasting(60), rates: [1, 2, 0, 0, 3] });
    expect(read(text, { gaps: 'hold' })).toMatchObject({ step: lasting(60), rates: [1, 2, 2, 2, 3] });
    expect(read('timestamp,value\n0,1\n60,1\n150,1\n', { gaps: 'zero' })).toHaveProperty('error'); // one and a half steps
  });
});

describe('a trace file is refused, with file and line and what was read,', () => {
  const rows = (...lines: readonly string[]): string => ['timestamp,value', ...lines].join('\n');
  const cases: readonly (readonly [string, string, string])[] = [
    ['when it is empty', '', 'requests.csv:1: is empty; expected a header and rows'],
    ['when it has no rows', rows(), 'requests.csv:1: found no row below the header; two are needed to tell the step'],
    ['when it has one row', rows('0,1'), 'requests.csv:1: found one row below the header; two are needed to tell the step'],
    [
      'for a gap',
      rows('0,1', '60,1', '120,1', '300,1'),
      'requests.csv:5: timestamp: read "300": 180 s after the row before, but the step of the file is 60 s (`gaps: zero` or `gaps: hold` fills missing steps)',
    ],
    [
      'for a gap that is too small',
      rows('0,1', '60,1', '90,1'),
      'requests.csv:4: timestamp: read "90": 30 s after the row before, but the step of the file is 60 s',
    ],
    [
      'for disorder',
      rows('0,1', '60,1', '30,1'),
      'requests.csv:4: timestamp: read "30": earlier than the row before; rows must be in order of time',
    ],
    [
      'for disorder in the second row',
      rows('60,1', '0,1'),
      'requests.csv:3: timestamp: read "0": earlier than the row before; rows must be in order of time',
    ],
    ['for a duplicate', rows('0,1', '0,2'), 'requests.csv:3: timestamp: read "0": the same time as the row before'],
    ['for NaN', rows('0,1', '60,NaN'), 'requests.csv:3: value: read "NaN": expected a number from 0 to 1e15'],
    ['for an empty value', rows('0,', '60,1'), 'requests.csv:2: value: read "": expected a number from 0 to 1e15'],
    ['for a negative value', rows('0,1', '60,-2'), 'requests.csv:3: value: read "-2": expected a number from 0 to 1e15'],
    ['for infinity', rows('0,1e999', '60,2'), 'requests.csv:2: value: read "1e999": expected a number from 0 to 1e15'],
    ['for a hexadecimal value', rows('0,0x10', '60,2'), 'requests.csv:2: value: read "0x10": expected a number from 0 to 1e15'],
    [
      'for a time that is none',
      rows('noon,1', '60,2'),
      'requests.csv:2: timestamp: read "noon": expected seconds such as 300 or a time such as 2014-04-10 00:04:00',
    ],
    [
      'for a date that is none',
      rows('2014-02-30 00:00,1', '60,2'),
      'requests.csv:2: timestamp: read "2014-02-30 00:00": expected seconds such as 300 or a time such as 2014-04-10 00:04:00',
    ],
    [
      'for times of two kinds',
      rows('0,1', '2014-04-10 00:04:00,2'),
      'requests.csv:3: timestamp: read "2014-04-10 00:04:00": expected seconds as in the first row',
    ],
    [
      'for a missing column',
      'time,value\n0,1\n60,1\n',
      'requests.csv:1: there is no column "timestamp"; the columns are time, value; did you mean "time"?',
    ],
    ['for a column twice', 'timestamp,value,value\n0,1,2\n60,1,2\n', 'requests.csv:1: there are two columns "value"'],
    ['for a row that is too long', rows('0,1', '60,1,7'), 'requests.csv:3: Invalid Record Length: expect 2, got 3'],
    ['for an open quote', rows('0,1', '60,"1'), 'requests.csv:3: Quote Not Closed: the parsing is finished with an opening quote'],
  ];

  it.each(cases)('%s', (_, text, error) => {
    expect(read(text)).toEqual({ error });
  });

  it('also where only one cell of many rows is wrong', () => {
    const lines = Array.from({ length: 500 }, (_, i) => `${String(i * 10)},${i === 400 ? 'x' : '1'}`);
    expect(read(rows(...lines))).toEqual({ error: 'requests.csv:402: value: read "x": expected a number from 0 to 1e15' });
  });
});
