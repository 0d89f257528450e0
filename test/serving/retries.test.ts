import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FluidRetries } from '../../src/serving/fluid/fluid-retries.ts';
import type { RetrySpec } from '../../src/serving/retries.ts';
import { at, sum } from './support.ts';

const spec = (change: Partial<Record<keyof RetrySpec, number>> = {}): RetrySpec =>
  ({ tries: 2, probability: 0.5, delay: 2e6, resolution: 1e6, ...change }) as RetrySpec;

const bucket = (offered: number, undersized: number, backlog: number, fault = 0) => ({
  offered,
  unserved: [fault, 0, 0, undersized],
  backlog,
});

describe('retries', () => {
  it('come back as the next generation one delay later, and share what happens in a bucket with all that are present', () => {
    // Buckets of 1 s, delay 2 s, half of what fails comes back, twice at most. Generations 0, 1, 2.
    const retries = new FluidRetries(spec());
    // 0: 100 first attempts. 40 fail: 20 come back in bucket 2, 20 are given up. 20 wait.
    retries.end(at(1), bucket(100, 40, 20));
    expect(retries.perSecond).toBe(0);
    // 1: 20 + 100 present. 30 fail: 15 in bucket 3, 15 given up. 30 wait.
    retries.end(at(2), bucket(100, 30, 30));
    expect(retries.perSecond).toBeCloseTo(20, 9);
    // 2: present 130 and 20. 45 fail, 0.3 of each: 39 and 6; 30 wait, 0.2 of each: 26 and 4. 19.5 + 3 in bucket 4; 19.5 + 3 given up.
    retries.end(at(3), bucket(100, 45, 30));
    expect(retries.perSecond).toBeCloseTo(15, 9);
    // 3: present 126 and 4 + 15 = 19. 29 fail, 0.2 of each: 25.2 and 3.8; nothing waits. 12.6 + 1.9 in bucket 5; as many given up. 10 of the 29 by fault.
    retries.end(at(4), bucket(100, 19, 0, 10));
    expect(retries.perSecond).toBeCloseTo(22.5, 9);
    // 4: present 77.5, 19.5, 3. 10 fail, a tenth of each: 7.75, 1.95, 0.3. 3.875 + 0.975 in bucket 6; 3.875, 0.975 and the whole 0.3 given up.
    retries.end(at(5), bucket(77.5, 10, 0));
    expect(retries.perSecond).toBeCloseTo(14.5, 9);
    // The run ends at 5.5 s: half of bucket 5 has come, 6.3 + 0.95; the other half and bucket 6 are pending.
    retries.close(at(5.5), bucket(50, 0, 10));
    const expected = [
      // Answered is what neither failed nor waits at the end: of the 10 that wait, 50, 6.3 and 0.95 parts of 57.25.
      { arrived: 527.5, failed: 141.95, givenUp: 70.975, pending: 0, served: 527.5 - 141.95 - 500 / 57.25 },
      { arrived: 60.8, failed: 11.75, givenUp: 5.875, pending: 10.175, served: 60.8 - 11.75 - 63 / 57.25 },
      { arrived: 3.95, failed: 0.3, givenUp: 0.3, pending: 1.925, served: 3.95 - 0.3 - 9.5 / 57.25 },
    ];
    retries.generations.forEach((generation, g) => {
      for (const [name, value] of Object.entries(expected[g] ?? {}))
        expect(generation[name as keyof typeof generation], `${name} of generation ${String(g)}`).toBeCloseTo(value, 9);
    });
    // Lost for good by cause: of bucket 3's 14.5 given up 10/29 by fault.
    expect(retries.unserved[0]).toBeCloseTo(5, 9);
    expect(retries.unserved[3]).toBeCloseTo(77.15 - 5, 9);
  });

  it('are none of what is only rounding', () => {
    const retries = new FluidRetries(spec());
    retries.end(at(1), bucket(1e6, 1e-7, 0));
    expect(retries.idle).toBe(true);
    expect(sum(retries.unserved)).toBeCloseTo(1e-7, 15);
  });

  it('leave buckets out in which nothing can fail', () => {
    // 5 s without a failure, then a bucket: its 10 come back in the next one.
    const retries = new FluidRetries(spec({ delay: 1e6, probability: 1 }));
    expect(retries.bucketEnd(5e6)).toBe(6e6);
    expect(retries.bucketEnd(5.9e6)).toBe(6e6);
    retries.end(at(6), bucket(600, 10, 0));
    expect(retries.perSecond).toBeCloseTo(10, 9);
    expect(retries.idle).toBe(false);
    retries.end(at(7), bucket(100, 0, 0));
    expect(retries.idle).toBe(true);
  });

  it('conserve every generation, whatever happens: failed = arrived in the next + pending + given up', () => {
    const one = fc.record({
      offered: fc.nat(1000),
      failing: fc.double({ min: 0, max: 1, noNaN: true }),
      waiting: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const any = fc.record({
      tries: fc.integer({ min: 1, max: 5 }),
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
      delay: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(any, fc.array(one, { minLength: 1, maxLength: 40 }), fc.nat(999_999), ({ tries, probability, delay }, buckets, part) => {
        const retries = new FluidRetries(spec({ tries, probability, delay: delay * 1e6 }));
        let backlog = 0;
        let [offered, failed, served] = [0, 0, 0];
        buckets.forEach((each, k) => {
          const share = k < buckets.length - 1 ? 1 : part / 1e6;
          const present = backlog + each.offered + retries.perSecond * share;
          const fails = present * each.failing;
          const left = (present - fails) * each.waiting;
          offered += each.offered;
          failed += fails;
          served += present - fails - left;
          backlog = left;
          const counts = bucket(each.offered, fails, left);
          if (share === 1) retries.end(at(k + 1), counts);
          else retries.close(at(k + share), counts);
        });
        const { generations } = retries;
        const tolerance = 1e-9 * (1 + offered);
        generations.forEach((generation, g) => {
          const next = generations[g + 1];
          expect(Math.abs(generation.failed - generation.givenUp - (next ? next.arrived + next.pending : 0))).toBeLessThan(tolerance);
          expect(Math.min(generation.failed, generation.givenUp, generation.pending)).toBeGreaterThan(-tolerance);
        });
        expect(Math.abs(sum(generations.map((g) => g.failed)) - failed)).toBeLessThan(tolerance);
        expect(Math.abs(sum(generations.map((g) => g.served)) - served)).toBeLessThan(tolerance);
        const pending = sum(generations.map((g) => g.pending));
        expect(Math.abs(offered - served - sum(retries.unserved) - backlog - pending)).toBeLessThan(tolerance);
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});
