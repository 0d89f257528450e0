import { describe, expect, it } from 'vitest';
import { buildCurve } from '../../src/traffic/build.ts';
import { readTrace, type TraceOptions } from '../../src/traffic/trace.ts';
import { at, evening, lasting } from './support.ts';

const options: TraceOptions = {
  file: 'answer.json',
  format: 'prometheus',
  time: 'time',
  value: 'value',
  series: {},
  unit: 'per-second',
  scale: 1,
  from: 'first-row',
  gaps: 'refuse',
};
const read = (json: unknown, seconds: number, changed: Partial<TraceOptions> = {}) =>
  readTrace(
    [typeof json === 'string' ? json : JSON.stringify(json)],
    { ...options, ...changed },
    { from: 0, to: seconds * 1e6 },
    evening(1),
  );
const errors = (json: unknown, changed: Partial<TraceOptions> = {}): readonly string[] => {
  const result = read(json, 600, changed);
  return 'errors' in result ? result.errors.map(({ message }) => message) : ['read without complaint'];
};

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: unknown;
}
const matrix = (...result: readonly Series[]) => ({ status: 'success', data: { resultType: 'matrix', result } });
/** As `rate(http_requests_total[1m])` is answered: unix seconds with milliseconds, values as text. */
const values = [
  [1573380000.781, '1.5'],
  [1573380060.781, '2'],
  [1573380120.781, '4'],
];
const shop = { metric: { app: 'shop', code: '200' }, values };
const pay = { metric: { app: 'pay', code: '200' }, values: values.map(([time]) => [time, '7']) };

describe('an answer of Prometheus', () => {
  it('is a step for each value', () => {
    expect(read(matrix(shop), 180)).toEqual({ kind: 'trace', file: 'answer.json', begin: 0, step: lasting(60), rates: [1.5, 2, 4] });
    expect(read(matrix(shop), 180, { unit: 'per-step', scale: 2 })).toMatchObject({ rates: [3 / 60, 4 / 60, 8 / 60] });
  });

  it('may hold several series: labels choose one', () => {
    expect(read(matrix(shop, pay), 180, { series: { app: 'pay' } })).toMatchObject({ rates: [7, 7, 7] });
  });

  // 18:00 is 1573380000: the values begin 0.781 s after it, so the scenario may begin a second later.
  it('is aligned as a CSV is: by the clock, or by a time in unix seconds or as a date', () => {
    const late = { ...evening(1), startUnixMs: evening(1).startUnixMs + 1000 };
    const trace = readTrace([JSON.stringify(matrix(shop))], { ...options, from: 'clock' }, { from: 0, to: 60e6 }, late);
    expect(trace).toMatchObject({ begin: -219_000, rates: [1.5, 2] });
    if ('errors' in trace) throw new Error(trace.errors.map(({ message }) => message).join());
    expect(buildCurve(trace, evening(60 / 3600)).integral(at(0), at(60))).toBeCloseTo(59.781 * 1.5 + 0.219 * 2, 9);
    for (const from of ['1573380060.781', '2019-11-10T10:01:00.781Z', '2019-11-10 18:01:00.781'])
      expect(read(matrix(shop), 120, { from })).toMatchObject({ begin: 0, rates: [2, 4] });
  });

  it('may lack samples where it is said what that means', () => {
    const holey = { metric: {}, values: [values[0], values[1], [1573380240.781, '4']] };
    expect(read(matrix(holey), 300, { gaps: 'hold' })).toMatchObject({ rates: [1.5, 2, 2, 2, 4] });
  });
});

describe('an answer of Prometheus is refused', () => {
  const nan = { metric: { app: 'x' }, values: [[0, '1'], [60, 'NaN'], [120, '+Inf'], [240, '1']] }; // prettier-ignore
  it.each<[string, unknown, readonly string[]]>([
    ['when it is empty', '', ['answer.json is empty; expected the JSON of a query_range answer']],
    [
      'when it is something else',
      [1],
      ['answer.json is no answer of Prometheus: expected { "status": "success", "data": { "resultType": "matrix", … } }'],
    ],
    [
      'when Prometheus said no',
      { status: 'error', errorType: 'bad_data', error: 'parse error' },
      ['answer.json has status "error": bad_data: parse error'],
    ],
    [
      'when it answers another question',
      { status: 'success', data: { resultType: 'vector', result: [] } },
      ['answer.json has resultType "vector": expected "matrix", the answer to query_range'],
    ],
    ['when nothing was found', matrix(), ['answer.json has no series']],
    [
      'when it is not said which series',
      matrix(shop, pay),
      [
        'answer.json has 2 series: choose one by its labels, series: { label: value }; there are {app="shop", code="200"}, {app="pay", code="200"}',
      ],
    ],
    [
      'when a series has no values',
      matrix({ metric: {}, values: [] }),
      ['answer.json has no row of data; two are needed to tell the step'],
    ],
    [
      'when values are none',
      matrix({ metric: { app: 'x' }, values: [[0, 1]] }),
      ['answer.json values of {app="x"}.0.1: read 1: expected a number in quotes, as Prometheus answers it'],
    ],
    [
      'for every gap, NaN and infinity',
      matrix(nan),
      [
        'answer.json: value 1 of {app="x"}: value: read "NaN": expected a number from 0 to 1e15',
        'answer.json: value 2 of {app="x"}: value: read "+Inf": expected a number from 0 to 1e15',
      ],
    ],
  ])('%s', (_, json, expected) => {
    expect(errors(json).slice(0, expected.length)).toEqual(expected);
  });

  it('when the labels fit none, or several; it lists those that there are', () => {
    expect(errors(matrix(shop, pay), { series: { app: 'shopp' } })).toEqual([
      'answer.json has no series with {app="shopp"}; there are {app="shop", code="200"}, {app="pay", code="200"}',
    ]);
    expect(errors(matrix(shop, pay), { series: { code: '200' } })[0]).toContain('has 2 series with {code="200"}: choose one');
    const many = Array.from({ length: 30 }, (_, i) => ({ ...shop, metric: { pod: String(i) } }));
    expect(errors(matrix(...many))[0]).toMatch(/\{pod="19"\}, … and 10 more$/);
  });

  it('when its times are milliseconds, or no numbers', () => {
    const said = (at: unknown) => errors(matrix({ metric: { app: 'x' }, values: [[at, '1']] }))[0];
    expect(said(1573380000781)).toBe(
      'answer.json values of {app="x"}.0.0: read 1573380000781: expected unix seconds, as Prometheus answers them; these look like milliseconds',
    );
    expect(said('noon')).toBe('answer.json values of {app="x"}.0.0: read "noon": expected unix seconds');
  });

  it('when it is no JSON', () => {
    expect(errors('{"status": ')[0]).toBe('answer.json is not valid JSON; it ends in "{\\"status\\":": is it cut off?');
    expect(errors('{"status": success}')[0]).toBe('answer.json is not valid JSON');
  });
});
