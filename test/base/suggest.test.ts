import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance } from '../../src/base/suggest.ts';

describe('edit distance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['trigger', 'triger', 1],
    ['horizon', 'horzion', 1], // two neighbours swapped count once
    ['ca', 'abc', 3], // optimal string alignment: no letter is edited twice (the unrestricted distance is 2)
  ])('of %j and %j is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is symmetric, zero only for equal words and at most the longer length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});

describe('the word that was meant', () => {
  const known = ['startup', 'keepAlive', 'service', 'traffic', 'warmup', 'drain'];

  it.each([
    ['servce', 'service'],
    ['keep_alive', 'keepAlive'],
    ['KEEP-ALIVE', 'keepAlive'],
    ['trafic', 'traffic'],
    ['darin', 'drain'],
    ['start', 'startup'], // the beginning of a known word
    ['draining', 'drain'], // a known word continued
  ])('for %s is %s', (read, meant) => {
    expect(didYouMean(read, known)).toBe(meant);
  });

  it.each(['zzz', 'st', 'objective'])('for %s is none', (read) => {
    expect(didYouMean(read, known)).toBeUndefined();
  });

  it('allows one edit in a short word and a third of the letters in a long one', () => {
    expect(didYouMean('at', ['as'])).toBe('as');
    expect(didYouMean('bt', ['as'])).toBeUndefined();
    expect(didYouMean('abcdxx', ['abcdef'])).toBe('abcdef');
    expect(didYouMean('abcxxx', ['abcdef'])).toBeUndefined();
  });

  it('is the first known word at equal distance', () => {
    expect(didYouMean('bat', ['cat', 'hat'])).toBe('cat');
    expect(didYouMean('bat', ['hat', 'cat'])).toBe('hat');
  });

  it('is the word itself, written otherwise, before one that merely begins like it', () => {
    expect(didYouMean('startup_time', ['startupTimeMax', 'startupTime'])).toBe('startupTime');
  });

  it('is looked for in a megabyte of text at once, since its length alone rules the known words out', () => {
    expect(didYouMean('x'.repeat(1_000_000), known)).toBeUndefined();
  });

  it('is none where nothing is known', () => {
    expect(didYouMean('service', [])).toBeUndefined();
  });
});
