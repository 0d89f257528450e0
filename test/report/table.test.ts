import { describe, expect, it } from 'vitest';
import { alignedTable, displayWidth, printable, wrapped } from '../../src/report/table.ts';

describe('an aligned table', () => {
  it('aligns names left and numbers right, with no blanks at the ends of lines', () => {
    const lines = alignedTable(
      [
        { head: 'strategy', align: 'left' },
        { head: 'cores', align: 'right' },
        { head: 'note', align: 'left' },
      ],
      [
        ['a', '7,200', ''],
        ['time-share', '5', 'x'],
      ],
    );
    expect(lines).toEqual(['strategy    cores  note', 'a           7,200', 'time-share      5  x']);
  });

  it('counts wide characters twice and combining marks not at all', () => {
    expect([displayWidth('分时'), displayWidth('pay'), displayWidth('e\u0301')]).toEqual([4, 3, 1]);
    const lines = alignedTable([{ head: 'app', align: 'left' }, { head: 'n', align: 'right' }], [['分时', '1'], ['pay', '2']]); // prettier-ignore
    expect(lines).toEqual(['app   n', '分时  1', 'pay   2']);
  });

  it('fills missing cells', () => {
    expect(alignedTable([{ head: 'a', align: 'left' }, { head: 'b', align: 'right' }], [['x']])).toEqual(['a  b', 'x']); // prettier-ignore
  });
});

describe('text for a terminal', () => {
  it('cannot steer it', () => {
    expect(printable('a\u001b[31mb\u202ec\n d')).toBe('a\uFFFD[31mb\uFFFDc d');
  });

  it('is cut to a width and shows that it was', () => {
    expect(printable('time-share', 6)).toBe('time-…');
    expect(printable('分时调度', 5)).toBe('分时…');
    expect(printable('time', 4)).toBe('time');
  });

  it('is broken at blanks, keeps its own indent, and leaves a long word whole', () => {
    expect(wrapped('one two three', 8)).toEqual(['one two', '  three']);
    expect(wrapped('  one two', 5)).toEqual(['  one', '  two']);
    expect(wrapped('extraordinary x', 5)).toEqual(['extraordinary', '  x']);
  });
});
