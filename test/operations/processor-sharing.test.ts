import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Time, time } from '../../src/base/units.ts';
import { ProcessorSharing } from '../../src/operations/processor-sharing.ts';
import { seconds } from './support.ts';

interface Arrival {
  readonly at: number;
  readonly bytes: number;
}

/** Lets every arrival's transfer run; when each ends, µs, by arrival. What ends at an instant ends before what begins there. */
function ends(bytesPerSecond: number, arrivals: readonly Arrival[], each = Infinity): readonly number[] {
  const device = new ProcessorSharing(bytesPerSecond, each);
  const ended = arrivals.map(() => NaN);
  const finish = (until: number) => {
    for (let next = device.nextEnd(); next !== undefined && next <= until; next = device.nextEnd()) {
      const finished = device.finish(next);
      if (finished.length === 0) throw new Error(`nothing ends at the announced ${String(next)} µs`);
      for (const pod of finished) ended[pod] = next;
    }
  };
  arrivals.forEach(({ at, bytes }, pod) => {
    finish(at);
    device.start(time(at), pod, bytes);
  });
  finish(Infinity);
  return ended;
}

const megabyte = 1e6;

describe('a shared bandwidth', () => {
  it('shares its bandwidth equally among four pods that join one second after the other', () => {
    // 12 MB/s. The first gets 12 + 6 + 4 MB in its first three seconds, then four get 3 MB/s each: 25 MB at 4 s.
    // Three get 4 each: the second, 6 + 4 + 3 so far, has its 21 MB at 6 s. Two get 6 each: the third, 4 + 3 + 8, has its 21 at 7 s.
    // The fourth, 3 + 8 + 6 so far, gets 12 alone: 29 MB at 8 s. Together 96 MB = 12 MB/s · 8 s.
    const sizes = [25, 21, 21, 29];
    const arrivals = sizes.map((size, index) => ({ at: seconds(index), bytes: size * megabyte }));
    expect(ends(12 * megabyte, arrivals)).toEqual([4, 6, 7, 8].map(seconds));
  });

  it('gives a single pod all of it, and rounds the end up to a whole µs', () => {
    expect(ends(1e9, [{ at: 5, bytes: 2e9 }])).toEqual([2_000_005]);
    expect(ends(3e6, [{ at: 0, bytes: 100 }])).toEqual([34]); // 33.3 µs
    expect(ends(3e6, [{ at: 0, bytes: 99 }])).toEqual([33]);
  });

  it('ends equal transfers that began together at once, in the order in which they began', () => {
    const device = new ProcessorSharing(1e9);
    for (const pod of [7, 3, 5]) device.start(time(0), pod, 1e9);
    expect(device.nextEnd()).toBe(3_000_000); // 3 · 1 GB ÷ 1 GB/s
    expect(device.finish(time(3_000_000))).toEqual([7, 3, 5]);
    expect(device.nextEnd()).toBeUndefined();
  });

  it('ends a transfer of zero bytes at once, busy or not, and takes nothing from the others', () => {
    expect(ends(1e6, [{ at: 10, bytes: 0 }])).toEqual([10]);
    expect(
      ends(1e6, [
        { at: 0, bytes: 100 },
        { at: 40, bytes: 0 },
      ]),
    ).toEqual([100, 40]);
  });

  it('ends nothing early', () => {
    const device = new ProcessorSharing(1e6);
    device.start(time(0), 1, 100);
    expect(device.finish(time(99))).toEqual([]);
    expect(device.finish(time(100))).toEqual([1]);
  });

  it('raises its epoch whenever an announced end may no longer hold', () => {
    const device = new ProcessorSharing(1e6);
    device.start(time(0), 1, 100);
    const before = device.epoch;
    device.start(time(10), 2, 100);
    expect(device.epoch).toBeGreaterThan(before);
    expect(device.nextEnd()).toBe(190); // 90 bytes left of the first, at half a byte a µs
    const joined = device.epoch;
    device.finish(time(190));
    expect(device.epoch).toBeGreaterThan(joined);
  });

  it('says how much it has moved: its bandwidth while anything swaps', () => {
    const device = new ProcessorSharing(1e6);
    device.start(time(100), 1, 50);
    device.start(time(120), 2, 50);
    expect([100, 120, 150].map((at) => device.moved(time(at)))).toEqual([0, 20, 50]);
    // At 150 µs 30 − 15 bytes are left of the first, 50 − 15 of the second: they end at 180 and 200 µs.
    expect([device.finish(time(180)), device.finish(time(200))]).toEqual([[1], [2]]);
    expect(device.moved(time(1000))).toBe(100);
  });

  it('gives the share of a transfer that is given up to the others, and forgets all of them when it is cleared', () => {
    // 1 B/µs, 100 bytes each. At 100 µs both have 50; the first is given up: the second gets its 50 by 150 µs. A third begins then and is cleared away.
    const device = new ProcessorSharing(1e6);
    for (const id of [1, 2]) device.start(time(0), id, 100);
    device.cancel(time(100), 1);
    expect([device.nextEnd(), device.finish(time(150))]).toEqual([150, [2]]);
    device.start(time(150), 3, 100);
    device.clear(time(160));
    expect([device.nextEnd(), device.moved(time(500))]).toEqual([undefined, 160]);
  });

  it('takes up a new bandwidth where it stands', () => {
    // 100 bytes at 1 B/µs for 50 µs, then at 0.5: another 100 µs.
    const device = new ProcessorSharing(1e6);
    device.start(time(0), 1, 100);
    device.setBandwidth(time(50), 5e5);
    expect([device.nextEnd(), device.moved(time(150))]).toEqual([150, 100]);
  });

  it('gives none more than `each`, and moves what all of them can take together', () => {
    // 3 B/µs, 2 a transfer. Alone until 10 µs at 2: 20 B. Then both at 1.5: the first has its 50 at 30 µs, the second 30 by then; alone at 2 it has its 40 at 35 µs.
    const device = new ProcessorSharing(3e6, 2e6);
    device.start(time(0), 1, 50);
    device.start(time(10), 2, 40);
    expect([device.finish(time(30)), device.nextEnd(), device.finish(time(35))]).toEqual([[1], 35, [2]]);
    expect(device.moved(time(100))).toBeCloseTo(90, 9);
  });

  it('has no end of a transfer that the clock cannot hold', () => {
    const device = new ProcessorSharing(0.001);
    device.start(time(0), 1, 10e9); // 1e19 µs
    expect(device.nextEnd()).toBeUndefined();
    device.setBandwidth(time(1e6), 10e9);
    expect(device.nextEnd()).toBe(2e6);
  });

  it('agrees with a fluid that flows µs by µs, on random arrivals, with and without a most for each', () => {
    const arrival = fc.record({ at: fc.integer({ min: 0, max: 600 }), bytes: fc.integer({ min: 0, max: 4000 }) });
    fc.assert(
      fc.property(
        fc.array(arrival, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 3, max: 40 }),
        fc.constantFrom(Infinity, 5),
        (drawn, bytesPerMicrosecond, each) => {
          const arrivals = [...drawn].sort((a, b) => a.at - b.at);
          const [fast, slow] = [ends(bytesPerMicrosecond * 1e6, arrivals, each * 1e6), fluid(bytesPerMicrosecond, arrivals, each)];
          // Each end is rounded up to a whole µs, in which the finished one still has its share: at most one µs more per end.
          fast.forEach((end, index) => {
            expect(Math.abs(end - (slow[index] ?? NaN))).toBeLessThanOrEqual(1 + arrivals.length);
          });
          if (each < bytesPerMicrosecond) return;
          // No bandwidth is lost but those fractions: the last end is not later than all bytes one after the other.
          const whole = arrivals.reduce((busy: number, { at, bytes }) => Math.max(busy, at) + bytes / bytesPerMicrosecond, 0);
          expect(Math.abs(Math.max(...fast) - whole)).toBeLessThanOrEqual(1 + arrivals.length);
        },
      ),
      { seed: 11, numRuns: 200 },
    );
  });
});

/** The slow twin: in every µs all that are there get the same share. */
function fluid(bytesPerMicrosecond: number, arrivals: readonly Arrival[], each: number): readonly Time[] {
  const left = arrivals.map(({ bytes }) => bytes);
  const ended = arrivals.map(({ at, bytes }) => (bytes === 0 ? time(at) : undefined));
  for (let now = 0; ended.includes(undefined); now++) {
    const there = arrivals.flatMap(({ at }, index) => (at <= now && ended[index] === undefined ? [index] : []));
    for (const index of there) {
      left[index] = (left[index] ?? 0) - Math.min(each, bytesPerMicrosecond / there.length);
      if ((left[index] ?? 0) <= 1e-9) ended[index] = time(now + 1);
    }
  }
  return ended as Time[];
}
