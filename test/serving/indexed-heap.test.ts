import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IndexedHeap } from '../../src/serving/indexed-heap.ts';

it('knows the number with the least key, of equal keys the least number, as sorting would', () => {
  const step = fc.record({
    add: fc.boolean(),
    number: fc.nat(),
    // Few different keys, so that many are equal.
    key: fc.oneof(fc.nat(9), fc.constant(Infinity), fc.double({ noNaN: true })),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 200, size: 'max' }), (steps) => {
      const heap = new IndexedHeap();
      const keys: number[] = [];
      expect(heap.firstKey).toBe(Infinity);
      for (const { add, number: any, key } of steps) {
        if (add || keys.length === 0) expect(heap.add()).toBe(keys.push(Infinity) - 1);
        else {
          const number = any % keys.length;
          keys[number] = key;
          heap.set(number, key);
        }
        const [first = -1] = keys.map((_, number) => number).sort((a, b) => keys[a]! - keys[b]! || a - b);
        expect(heap.firstKey).toBe(keys[first]);
        if (heap.firstKey < Infinity) expect(heap.first).toBe(first);
      }
      keys.forEach((key, number) => {
        expect(heap.key(number)).toBe(key);
      });
      // Taken out one by one.
      const out: number[] = [];
      while (heap.firstKey < Infinity) {
        out.push(heap.first);
        heap.set(heap.first, Infinity);
      }
      const sorted = keys.map((_, number) => number).sort((a, b) => keys[a]! - keys[b]! || a - b);
      expect(out).toEqual(sorted.filter((number) => keys[number]! < Infinity));
    }),
    { seed: 11, numRuns: 200 },
  );
});
