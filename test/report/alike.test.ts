import { describe, expect, it } from 'vitest';
import { alike, condensed } from '../../src/report/alike.ts';

describe('texts that differ in numbers only', () => {
  it('are of one kind, kinds and texts in their order', () => {
    expect(alike(['app-1 at 23:42:05', 'a pod', 'app-22 at 0:1', 'b pod', 'a pod', 'app-3.5 at 1,000'])).toEqual([
      ['app-1 at 23:42:05', 'app-22 at 0:1', 'app-3.5 at 1,000'],
      ['a pod', 'a pod'],
      ['b pod'],
    ]);
    expect(alike([])).toEqual([]);
  });

  const apps = (count: number) => Array.from({ length: count }, (_, k) => `pay-${String(k)} is late`);
  it('are said three times, and then how many more there are; one more is said itself', () => {
    expect(condensed([...apps(4), 'other'], ' there')).toEqual([...apps(4), 'other']);
    expect(condensed([...apps(5), 'other'], ' there')).toEqual([...apps(3), '2 more like the last one there', 'other']);
    expect(condensed(apps(103), '')).toEqual([...apps(3), '100 more like the last one']);
  });
});
