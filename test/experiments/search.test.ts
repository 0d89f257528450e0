import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookedBelow, smallestThatDoes } from '../../src/experiments/search.ts';

/** Answers every question of a search; what was asked, in order, and what it found. */
function searched(first: number, last: number, start: number, does: (value: number) => boolean) {
  const known = new Map<number, boolean>();
  const asked: number[] = [];
  const search = smallestThatDoes(first, last, start);
  let step = search.next();
  while (step.done !== true) {
    for (const value of step.value) {
      asked.push(value);
      known.set(value, does(value));
    }
    step = search.next(known);
  }
  return { asked, known, smallest: step.value.smallest };
}

describe('a search for the smallest value that will do', () => {
  it('grows its bracket from where it begins, and at last looks three below the answer', () => {
    expect(searched(1, 100, 50, (n) => n >= 50)).toMatchObject({ smallest: 50, asked: [50, 49, 48, 47] });
    expect(searched(1, 100, 50, (n) => n >= 60)).toMatchObject({ smallest: 60, asked: [50, 51, 53, 57, 65, 61, 59, 60, 58] });
    expect(searched(1, 100, 50, (n) => n >= 40)).toMatchObject({ smallest: 40, asked: [50, 49, 47, 43, 35, 39, 41, 40, 38, 37] });
  });

  it('knows the ends', () => {
    expect(searched(1, 100, 50, () => true).smallest).toBe(1);
    expect(searched(1, 100, 50, () => false)).toMatchObject({ smallest: undefined, asked: [50, 51, 53, 57, 65, 81, 100] });
    expect(searched(7, 7, 3, () => true)).toMatchObject({ smallest: 7, asked: [7] });
    expect(searched(1, 3, 9, (n) => n >= 3)).toMatchObject({ smallest: 3, asked: [3, 2, 1] });
  });

  it('finds what trying all of them finds, in about twice the logarithm of the way, and tries nothing twice', () => {
    const cases = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 310 }));
    fc.assert(
      fc.property(cases, ([last, start, threshold]) => {
        const { smallest, asked, known } = searched(0, last, start, (n) => n >= threshold);
        expect(smallest).toBe(threshold <= last ? threshold : undefined);
        expect(new Set(asked).size).toBe(asked.length);
        const way = Math.abs(Math.min(start, last) - Math.min(threshold, last)) + 2;
        expect(asked.length).toBeLessThanOrEqual(2 * Math.log2(way) + lookedBelow + 4);
        if (smallest !== undefined)
          for (let below = smallest - 1; below >= Math.max(0, smallest - lookedBelow); below--) expect(known.get(below)).toBe(false);
      }),
      { seed: 11 },
    );
  });

  it('where not all larger ones do: ends at one that does while the next does not, and has seen the exception below', () => {
    const { smallest, known } = searched(1, 100, 60, (n) => n === 50 || n >= 52);
    expect([smallest, known.get(51), known.get(50)]).toEqual([52, false, true]);
  });
});
