import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFiles } from '../../src/metrics/columns.ts';
import { cellText, csvHeader, csvLines, csvText } from '../../src/output/csv.ts';

describe('a CSV cell', () => {
  it.each([
    [undefined, ''],
    [true, 'true'],
    [false, 'false'],
    [0, '0'],
    [-0, '0'],
    [-5, '-5'],
    [1234567890123, '1234567890123'],
    [1234567.89012, '1234567.89'],
    [1 / 3, '0.333333333'],
    [1.5e-12, '1.5e-12'],
    [0.1 + 0.2, '0.3'],
    ['pay', 'pay'],
    ['', ''],
  ])('writes %s as "%s"', (cell, text) => {
    expect(cellText(cell)).toBe(text);
  });

  it('writes a number as reading its nine digits and writing them again would', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ min: -1e10, max: 1e10, noNaN: true })),
        (cell) => {
          const twin = Number.isSafeInteger(cell) ? String(cell + 0) : String(Number(cell.toPrecision(9)));
          expect(cellText(cell)).toBe(twin);
        },
      ),
      { seed: 11, numRuns: 5000, examples: [[123456789.4], [999999999.9], [0.99999999999], [1e-6 / 3], [-0.5], [100.5], [2 ** 53 + 2]] },
    );
  });

  it.each(['=1+1', '+1', '-x', '@SUM(A1)', '\tx', '\rx', '\nx', '  =1', '"=1', ' "@x', '＝1', '－1'])(
    'keeps a spreadsheet from running %j',
    (name) => {
      expect(cellText(name)).toBe(`'${name}`);
    },
  );

  it('leaves names alone that hold such a character further on', () => {
    expect(cellText('time-share=2')).toBe('time-share=2');
  });
});

describe('a CSV file', () => {
  it('writes columns in their order, whatever the order of the keys, and nothing for what does not apply', () => {
    const text = csvText('switches', [{ slot: 3, operation: 1, outcome: 'done', started_s: 0.5 }]);
    expect(text).toBe('operation,batch,slot,node,step,from_app,to_app,started_s,ended_s,attempts,outcome,bytes\n1,,3,,,,,0.5,,,done,\n');
  });

  it('reads back what was written, also commas, quotation marks and line feeds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', '分') }), (reason) => {
        const [row] = parse<{ reason: string }>(csvText('pods', [{ pod: 1, reason }]), { columns: true });
        expect(row?.reason.replace(/^'/, '')).toBe(reason);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('is to the byte what csv-stringify makes of its cells', () => {
    const names = csvFiles.switches.columns.map(({ name }) => name);
    const cell = fc.oneof(
      fc.constant(undefined),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.string({ unit: fc.constantFrom('a', '-', '=', ',', '"', "'", ';', '\r', '\n', '\t', ' ', '\uFEFF', '分') }),
    );
    const row = fc.dictionary(fc.constantFrom(...names), cell);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
        expect(csvLines('switches', rows)).toBe(stringify(rows.map((each) => names.map((name) => cellText(each[name])))));
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  it('refuses a column that the file does not have and a number that is not finite', () => {
    expect(() => csvText('apps', [{ bakclog: 1 }])).toThrow('apps.csv has no column bakclog');
    expect(() => csvText('apps', [{ backlog: NaN }])).toThrow('apps.csv: backlog is NaN');
  });

  it('has a header and nothing else without rows', () => {
    expect(csvText('pods', [])).toBe(csvHeader('pods'));
    expect(csvHeader('pods')).toBe('pod,app,zone,node,slot,state,from_s,to_s,reason\n');
  });
});
