import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { csvRecords } from '../../src/traffic/csv-records.ts';

const records = (...chunks: readonly string[]) => [...csvRecords(chunks)];

describe('records of a CSV text', () => {
  it('are what stands between commas, with the line they begin on', () => {
    expect(records('a,b\n1,\n\n ,2\n')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['1', ''] },
      { line: 4, fields: ['', '2'] },
    ]);
  });

  it('may be quoted, over several lines and with quotes inside', () => {
    expect(records('"a, b","say ""x"""\n"two\nlines",2\n3,4')).toEqual([
      { line: 1, fields: ['a, b', 'say "x"'] },
      { line: 2, fields: ['two\nlines', '2'] },
      { line: 4, fields: ['3', '4'] },
    ]);
  });

  it('do not depend on where the chunks are cut, and are those that another reader finds', () => {
    const cell = fc.oneof(
      fc.constantFrom('', '1', 'a b', 'x,y', '"', 'a"b', 'two\nlines', '\u5206'),
      fc.string({ maxLength: 8, unit: 'grapheme-ascii' }),
    );
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(table, fc.array(fc.nat(200), { maxLength: 8 }), (cells, cuts) => {
        const text = stringify(
          cells.map((row) => row.map((each) => each.trim())),
          { quoted: true },
        );
        const marks = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const chunks = marks.slice(1).map((mark, i) => text.slice(marks[i], mark));
        const found = records(...chunks).map((record) => ('fields' in record ? record.fields : record.mistake));
        expect(found).toEqual(parse(text));
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('with a quote in the wrong place are mistakes, each at its line; the next record is read again', () => {
    expect(records('a,b\n1,x"y"\n"1"2,3\n5,6\n')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, mistake: 'a quote stands inside a field: quote the whole field, and double the quote' },
      { line: 3, mistake: 'a quote stands inside a field: quote the whole field, and double the quote' },
      { line: 4, fields: ['5', '6'] },
    ]);
    expect(records('a,b\n1,"2\n3,4\n')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, mistake: 'a quote is opened and never closed' },
    ]);
  });

  it('are read in no time where very many blanks stand before a quote', () => {
    const blanks = ' '.repeat(60_000);
    expect(records(`a,b\n${blanks}x"y",1\n${blanks}"2",3\n`)).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, mistake: 'a quote stands inside a field: quote the whole field, and double the quote' },
      { line: 3, fields: ['2', '3'] },
    ]);
  });

  it('of absurd length end the reading, however far they go on', () => {
    let asked = 0;
    function* endless(head: string, more: string): Generator<string> {
      yield head;
      for (;;) {
        asked++;
        yield more;
      }
    }
    expect([...csvRecords(endless('a,b\n', 'x'.repeat(1000)))]).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, mistake: 'is longer than 65536 characters' },
    ]);
    expect(asked).toBe(66);
    expect([...csvRecords(endless('a,b\n1,"', `${'x'.repeat(999)}\n`))].at(-1)).toEqual({
      line: 2,
      mistake: 'with its open quote is longer than 65536 characters',
    });
    expect(asked).toBeLessThan(66 + 70);
    expect(records(`a,b\n${'x'.repeat(65_534)},1\n`)).toHaveLength(2); // 65,536 are allowed
    expect(records(`a,b\n${'x'.repeat(65_535)},1\n`).at(-1)).toEqual({ line: 2, mistake: 'is longer than 65536 characters' });
  });
});
