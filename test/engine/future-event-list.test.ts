import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FutureEventList } from '../../src/engine/future-event-list.ts';

/** Takes everything out. */
function drain<E>(list: FutureEventList<E>): E[] {
  const events: E[] = [];
  for (let event = list.pop(); event !== undefined; event = list.pop()) events.push(event);
  return events;
}

describe('the future event list', () => {
  it('is empty at first', () => {
    const list = new FutureEventList<string>();
    expect([list.size, list.nextTime, list.pop()]).toEqual([0, Infinity, undefined]);
    expect(list.size).toBe(0);
  });

  it('gives events by time, then rank, then order of insertion', () => {
    const list = new FutureEventList<string>();
    list.push(20, 0, 'late');
    list.push(10, 3, 'decide');
    list.push(10, 1, 'first claim');
    list.push(10, 1, 'second claim');
    list.push(10, 0, 'free');
    expect(list.nextTime).toBe(10);
    expect(drain(list)).toEqual(['free', 'first claim', 'second claim', 'decide', 'late']);
    expect(list.nextTime).toBe(Infinity);
  });

  it('puts an event that is scheduled at the present instant behind those of its rank and before those of a higher one', () => {
    const list = new FutureEventList<string>();
    list.push(10, 1, 'a');
    list.push(10, 1, 'b');
    list.push(10, 2, 'c');
    expect(list.pop()).toBe('a');
    list.push(10, 1, 'd');
    list.push(10, 0, 'e');
    expect(drain(list)).toEqual(['e', 'b', 'd', 'c']);
  });

  it('gives simultaneous events in the order of their ranks, however they were shuffled', () => {
    const ranks = Array.from({ length: 16 }, (_, rank) => rank);
    fc.assert(
      fc.property(fc.shuffledSubarray(ranks, { minLength: 16 }), (shuffled) => {
        const list = new FutureEventList<number>();
        for (const rank of shuffled) list.push(5, rank, rank);
        expect(drain(list)).toEqual(ranks);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('does what a stably sorted array does, for random pushes and pops with many ties', () => {
    const push = fc.record({ time: fc.nat({ max: 6 }), rank: fc.nat({ max: 15 }) });
    const step = fc.oneof({ weight: 3, arbitrary: push }, { weight: 2, arbitrary: fc.constant('pop' as const) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
        const list = new FutureEventList<number>();
        const sorted: { time: number; rank: number; event: number }[] = [];
        const got: unknown[] = [];
        const expected: unknown[] = [];
        steps.forEach((now, event) => {
          if (now === 'pop') {
            got.push(list.pop());
            expected.push(sorted.shift()?.event);
          } else {
            list.push(now.time, now.rank, event);
            sorted.push({ ...now, event });
            sorted.sort((a, b) => a.time - b.time || a.rank - b.rank);
          }
          got.push(list.size, list.nextTime);
          expected.push(sorted.length, sorted[0]?.time ?? Infinity);
        });
        expect([...got, ...drain(list)]).toEqual([...expected, ...sorted.map(({ event }) => event)]);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('keeps its order among 20,000 events at times up to the largest safe integer', () => {
    const list = new FutureEventList<{ time: number; rank: number; n: number }>();
    let state = 11;
    const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
    for (let n = 0; n < 20_000; n++) {
      const time = Number.MAX_SAFE_INTEGER - (next() >>> 20);
      const rank = next() >>> 28;
      list.push(time, rank, { time, rank, n });
    }
    const order = drain(list);
    expect(order.length).toBe(20_000);
    const rising = order.every((b, i) => {
      const a = order[i - 1];
      return a === undefined || a.time < b.time || (a.time === b.time && (a.rank < b.rank || (a.rank === b.rank && a.n < b.n)));
    });
    expect(rising).toBe(true);
  });
});
