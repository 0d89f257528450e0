import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCurve } from '../../src/traffic/build.ts';
import { trafficSchema, type TrafficSpec } from '../../src/traffic/schema.ts';
import { festivalShapes } from '../../src/traffic/shapes.ts';
import { at, evening, hour, kit, lasting } from './support.ts';

/** Ten rows, an hour apart. */
const recorded = ['timestamp,value', ...Array.from({ length: 10 }, (_, i) => `${String(i * 3600)},${String(i)}`)].join('\n');
/** Two series of a minute's step, 1 and 2 a second. */
const answer = JSON.stringify({
  status: 'success',
  data: {
    resultType: 'matrix',
    result: [1, 2].map((rate) => ({
      metric: { app: `app-${String(rate)}` },
      values: Array.from({ length: 961 }, (_, i) => [i * 60, String(rate)]),
    })),
  },
});
const schema = trafficSchema(
  kit(evening(16), { 'ten-hours.csv': recorded, 'broken.csv': 'timestamp,value\n0,1\n60000,x\n', 'answer.json': answer }),
);
const parse = (given: unknown): TrafficSpec => schema.parse(given);
/** The issues as `path: message`. */
const complaints = (given: unknown): readonly string[] =>
  (schema.safeParse(given).error?.issues ?? []).map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);

describe('traffic is decoded to plain data', () => {
  const blocks: readonly (readonly [string, unknown, TrafficSpec])[] = [
    ['constant', { constant: '2000/s' }, { kind: 'constant', rate: 2000 }],
    [
      'piecewise',
      {
        piecewise: [
          { at: '20:00', rate: '100/s' },
          { at: '+1d 18:00', rate: '600/min' },
        ],
      },
      {
        kind: 'piecewise',
        points: [
          { at: at(2 * hour), rate: 100 },
          { at: at(24 * hour), rate: 10 },
        ],
      },
    ],
    // Mean of 1 for 6 h and 3 for 18 h: 2.5.
    [
      'daily by its mean',
      { daily: { mean: '500/s', factors: { '06:00': 3, '00:00': 1 }, join: '5m' } },
      {
        kind: 'daily',
        levels: [
          { from: lasting(0), rate: 200 },
          { from: lasting(6 * hour), rate: 600 },
        ],
        join: lasting(300),
      },
    ],
    [
      'daily by its peak',
      { daily: { peak: '600/s', factors: { '06:00': 3, '00:00': 1 }, join: '0s' } },
      {
        kind: 'daily',
        levels: [
          { from: lasting(0), rate: 200 },
          { from: lasting(6 * hour), rate: 600 },
        ],
        join: lasting(0),
      },
    ],
    [
      'pulse',
      { pulse: { at: '00:00', rise: '30s', hold: '5m', halve: '7m', peak: '40000/s', base: '2000/s' } },
      { kind: 'pulse', at: at(6 * hour), rise: lasting(30), hold: lasting(300), halve: lasting(420), peak: 40_000, base: 2000 },
    ],
    [
      'festival',
      { festival: { shape: 'double11-payments', at: '00:00', peak: '120000/s' } },
      { kind: 'festival', shape: 'double11-payments', year: 2019, at: at(6 * hour), peak: 120_000 },
    ],
    [
      'festival by the clock',
      { festival: { shape: 'morning-forest', peak: '110000/s' } },
      { kind: 'festival', shape: 'morning-forest', year: 2019, at: at(6 * hour), peak: 110_000 },
    ],
    [
      'festival of a year',
      { festival: { shape: 'double11-gmv', year: 2018, at: '00:00', peak: '1/s' } },
      { kind: 'festival', shape: 'double11-gmv', year: 2018, at: at(6 * hour), peak: 1 },
    ],
    [
      'sum',
      { sum: [{ constant: '1/s' }, { constant: '2/s' }] },
      {
        kind: 'sum',
        of: [
          { kind: 'constant', rate: 1 },
          { kind: 'constant', rate: 2 },
        ],
      },
    ],
    ['scale', { scale: { by: '150%', of: { constant: '1/s' } } }, { kind: 'scale', by: 1.5, of: { kind: 'constant', rate: 1 } }],
    [
      'shift later',
      { shift: { later: '10m', of: { constant: '1/s' } } },
      { kind: 'shift', by: lasting(600), of: { kind: 'constant', rate: 1 } },
    ],
    [
      'shift earlier',
      { shift: { earlier: '10m', of: { constant: '1/s' } } },
      { kind: 'shift', by: lasting(-600), of: { kind: 'constant', rate: 1 } },
    ],
    ['clip', { clip: { max: '5/s', of: { constant: '9/s' } } }, { kind: 'clip', min: 0, max: 5, of: { kind: 'constant', rate: 9 } }],
  ];

  it.each(blocks)('%s', (_, given, spec) => {
    expect(parse(given)).toEqual(spec);
    expect(structuredClone(parse(given))).toEqual(spec);
  });

  it('a day without factors is the day of day-base', () => {
    const calendar = evening(24);
    const [daily, festival] = [parse({ daily: { peak: '1200/s' } }), parse({ festival: { shape: 'day-base', peak: '1200/s' } })].map(
      (spec) => buildCurve(spec, calendar),
    );
    for (const h of [0, 3, 6, 8, 13.05, 20]) expect(daily?.at(at(h * hour))).toBeCloseTo(festival?.at(at(h * hour)) ?? NaN, 6);
    expect(buildCurve(parse({ daily: { mean: '500/s' } }), calendar).mean(at(0), at(24 * hour))).toBeCloseTo(500, 9);
  });

  it('a trace holds its rates', () => {
    const trace = trafficSchema(kit(evening(10), { 'ten-hours.csv': recorded })).parse({
      trace: { file: 'ten-hours.csv', unit: 'per-second', scale: 2 },
    });
    expect(trace).toEqual({
      kind: 'trace',
      file: 'ten-hours.csv',
      begin: 0,
      step: lasting(hour),
      rates: [0, 2, 4, 6, 8, 10, 12, 14, 16, 18],
    });
  });
});

describe('a mistake in traffic is told in words, at its place', () => {
  const known = 'constant, piecewise, daily, pulse, festival, trace, sum, scale, shift, clip';
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['no block', {}, `: expected one of ${known}`],
    [
      'two blocks',
      { constant: '1/s', sum: [{ constant: '1/s' }] },
      ': found constant and sum: give only one; to add them up use sum: [ … ]',
    ],
    ['no block inside another', { scale: { by: '10%', of: {} } }, `scale.of: expected one of ${known}`],
    ['no unit', { constant: 2000 }, 'constant: read 2000: add a unit: 2000/s'],
    [
      'points out of order',
      {
        piecewise: [
          { at: '21:00', rate: '1/s' },
          { at: '20:00', rate: '2/s' },
        ],
      },
      'piecewise.1.at: is earlier than the point before; points must be in order of time',
    ],
    [
      'three points at once',
      { piecewise: ['1/s', '2/s', '3/s'].map((rate) => ({ at: '21:00', rate })) },
      'piecewise.2.at: is the third point at one time; two make a jump',
    ],
    ['a clock time that is none', { piecewise: [{ at: '25:00', rate: '1/s' }] }, 'piecewise.0.at: there is no clock time 25:00'],
    ['mean and peak', { daily: { mean: '1/s', peak: '1/s' } }, 'daily: give either mean or peak'],
    ['neither mean nor peak', { daily: {} }, 'daily: give either mean or peak'],
    ['a factor at no time', { daily: { mean: '1/s', factors: { noon: 1 } } }, 'daily.factors.noon: expected a time of day such as 07:00'],
    ['a factor at 24:00', { daily: { mean: '1/s', factors: { '24:00': 1 } } }, 'daily.factors.24:00: there is no clock time 24:00'],
    [
      'a factor twice',
      { daily: { mean: '1/s', factors: { '07:00': 1, '07:00:00': 2 } } },
      'daily.factors.07:00:00: is the same time of day as another factor',
    ],
    ['no factor', { daily: { mean: '1/s', factors: {} } }, 'daily.factors: expected at least one factor such as "07:00": 1'],
    ['only zeros', { daily: { mean: '1/s', factors: { '07:00': 0 } } }, 'daily.factors: at least one factor must be greater than 0'],
    [
      'a join longer than a level',
      { daily: { mean: '1/s', factors: { '07:00': 1, '07:05': 2 }, join: '10m' } },
      'daily.join: is longer than the shortest time between two factors, 300 s',
    ],
    ['a peak below the base', { pulse: { at: '00:00', halve: '1m', peak: '1/s', base: '2/s' } }, 'pulse.peak: must be at least the base'],
    [
      'no opening',
      { festival: { shape: 'double11-orders', peak: '1/s' } },
      'festival.at: double11-orders needs the time at which it opens, such as at: 00:00',
    ],
    [
      'a year of a shape that has none',
      { festival: { shape: 'day-base', year: 2018, peak: '1/s' } },
      'festival.year: day-base has no years; only double11-gmv has',
    ],
    ['later and earlier', { shift: { later: '1m', earlier: '1m', of: { constant: '1/s' } } }, 'shift: give either later or earlier'],
    ['neither later nor earlier', { shift: { of: { constant: '1/s' } } }, 'shift: give either later or earlier'],
    ['no bound', { clip: { of: { constant: '1/s' } } }, 'clip: give min, max or both'],
    ['bounds the wrong way round', { clip: { min: '2/s', max: '1/s', of: { constant: '1/s' } } }, 'clip.min: is greater than max'],
    ['a factor too large', { scale: { by: '100000001%', of: { constant: '1/s' } } }, 'scale.by: must be at most 100000000%'],
    ['no such file', { trace: { file: 'none.csv', unit: 'per-step' } }, 'trace.file: none.csv: there is no such file'],
    [
      'a file with a mistake',
      { trace: { file: 'broken.csv', unit: 'per-step' } },
      'trace.file: broken.csv:3: value: read "x": expected a number from 0 to 1e15',
    ],
    [
      'what belongs to a CSV beside an answer of Prometheus',
      { trace: { file: 'answer.json', time: 't', timeUnit: 'ms', unit: 'per-second' } },
      'trace.time: does not belong to an answer of Prometheus\ntrace.timeUnit: does not belong to an answer of Prometheus',
    ],
    [
      'labels of a CSV',
      { trace: { file: 'ten-hours.csv', series: { app: 'shop' }, unit: 'per-second' } },
      'trace.series: does not belong to a CSV',
    ],
    [
      'one of several series',
      { trace: { file: 'answer.json', unit: 'per-second' } },
      'trace.file: answer.json has 2 series: choose one by its labels, series: { label: value }; there are {app="app-1"}, {app="app-2"}',
    ],
    [
      'a trace too short',
      { sum: [{ trace: { file: 'ten-hours.csv', unit: 'per-second' } }] },
      "sum.0.trace.file: ten-hours.csv ends 10 h after the scenario's start (after row 32400), but is needed until 16 h after the scenario's start",
    ],
    [
      'a trace with nothing to begin with',
      { shift: { later: '90s', of: { trace: { file: 'ten-hours.csv', unit: 'per-second' } } } },
      "shift.of.trace.file: ten-hours.csv begins at the scenario's start (row 0), but is needed from 90 s before the scenario's start on\nshift.of.trace.file: ten-hours.csv ends 10 h after the scenario's start (after row 32400), but is needed until 15.975 h after the scenario's start",
    ],
  ];

  it.each(cases)('%s', (_, given, complaint) => {
    expect(complaints(given).join('\n')).toBe(complaint);
  });

  it('an unknown key is one mistake, and names the key', () => {
    const issues = schema.safeParse({ consant: '1/s' }).error?.issues;
    expect(issues).toMatchObject([{ code: 'unrecognized_keys', keys: ['consant'], path: [] }]);
    expect(schema.safeParse({ pulse: { at: '00:00', halv: '1m', halve: '1m', peak: '1/s' } }).error?.issues).toMatchObject([
      { keys: ['halv'], path: ['pulse'] },
    ]);
  });

  it('nothing that can be written makes it throw, and what it accepts can be built', () => {
    const texts = [
      '2000/s',
      '0/s',
      '1e9/s',
      '600/min',
      '150%',
      '0%',
      '10m',
      '0s',
      '1us',
      '20:00',
      '00:00',
      '+1d 06:30',
      '2019-11-01T00:00:00',
      'day-base',
      'double11-gmv',
      'ten-hours.csv',
      'per-step',
      'x',
      '',
    ];
    const leaf = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...texts) }, fc.constantFrom(null, 0, 1, -1, 2018, NaN, true));
    const inner = [
      'at',
      'rate',
      'rise',
      'hold',
      'halve',
      'peak',
      'base',
      'mean',
      'factors',
      'join',
      'shape',
      'year',
      'file',
      'unit',
      'by',
      'of',
      'min',
      'max',
      'later',
      'earlier',
    ];
    const { value } = fc.letrec<{ value: unknown; block: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('block'), { maxLength: 3 }),
        tie('block'),
        fc.dictionary(fc.constantFrom(...inner), tie('value'), { maxKeys: 5 }),
      ),
      block: fc.oneof(
        { depthSize: 'small' },
        fc.record({ constant: fc.constantFrom('2000/s', '0/s') }),
        fc.record({
          festival: fc.record({
            shape: fc.constantFrom(...festivalShapes.map(({ name }) => name)),
            at: fc.constantFrom('00:00', '2019-11-01T00:00:00', '+9d 03:00'),
            peak: fc.constantFrom('2000/s', '1/h'),
          }),
        }),
        fc.record({
          pulse: fc.record(
            {
              at: fc.constantFrom('18:00', '2019-11-10T17:59:00', '20:00'),
              rise: leaf,
              halve: fc.constantFrom('1us', '7m', '9d'),
              peak: fc.constantFrom('5/s', '9000/s'),
            },
            { requiredKeys: ['at', 'halve', 'peak'] },
          ),
        }),
        fc.record({
          daily: fc.record({
            mean: fc.constantFrom('5/s'),
            factors: fc.dictionary(fc.constantFrom('00:00', '06:30', '23:59', '7'), fc.constantFrom(0, 0.5, 2), { minKeys: 1 }),
            join: fc.constantFrom('0s', '1us', '1m', '6h'),
          }),
        }),
        fc.record({ sum: fc.array(tie('block'), { maxLength: 3 }) }),
        fc.record({ shift: fc.record({ later: fc.constantFrom('0s', '3h', '2d'), of: tie('block') }) }),
        fc.record({ shift: fc.record({ earlier: fc.constantFrom('1us', '3h', '2d'), of: tie('block') }) }),
        fc.record({
          clip: fc.record({ min: fc.constantFrom('0/s', '7/s', '70/s'), max: fc.constantFrom('70/s', '700/s'), of: tie('block') }),
        }),
        fc.record({ scale: fc.record({ by: leaf, of: tie('block') }) }),
        fc.dictionary(
          fc.constantFrom('constant', 'piecewise', 'daily', 'pulse', 'festival', 'trace', 'sum', 'scale', 'shift', 'clip', 'sun'),
          tie('value'),
          { maxKeys: 2 },
        ),
      ),
    }));
    let built = 0;
    fc.assert(
      fc.property(value, (given) => {
        const result = schema.safeParse(given);
        if (!result.success) return;
        built++;
        const curve = buildCurve(result.data, evening(16));
        expect(curve.end).toBe(at(16 * hour));
      }),
      { seed: 11, numRuns: 2000 },
    );
    expect(built).toBeGreaterThan(200);
  });

  it('the format of a trace is told from its name, or said', () => {
    const trace = { file: 'answer.json', series: { app: 'app-2' }, unit: 'per-second' };
    expect(parse({ trace })).toMatchObject({ begin: 0, step: lasting(60), rates: Array.from({ length: 960 }, () => 2) });
    expect(complaints({ trace: { ...trace, series: undefined, format: 'csv' } })[0]).toContain(
      'answer.json:1: a quote stands inside a field',
    );
  });

  it('several mistakes are all told', () => {
    expect(complaints({ sum: [{ constant: 1 }, { scale: { by: 2, of: {} } }] }).map((text) => text.split(':')[0])).toEqual([
      'sum.0.constant',
      'sum.1.scale.by',
      'sum.1.scale.of',
    ]);
  });

  it('a shift earlier needs that much more of a trace', () => {
    const nine = trafficSchema(kit(evening(9.5), { 'ten-hours.csv': recorded }));
    const trace = { trace: { file: 'ten-hours.csv', unit: 'per-second' } };
    expect(nine.safeParse({ shift: { earlier: '30m', of: trace } }).success).toBe(true);
    expect(nine.safeParse({ shift: { earlier: '31m', of: trace } }).success).toBe(false);
  });
});
