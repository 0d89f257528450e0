import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { time } from '../../src/base/units.ts';
import { StepMeter } from '../../src/cluster/step-meter.ts';

/** A meter to which each delta was added at its moment. */
function meter(...changes: readonly (readonly [number, number])[]): StepMeter {
  const made = new StepMeter();
  for (const [at, delta] of changes) made.add(time(at), delta);
  return made;
}

describe('a step meter', () => {
  it('integrates exactly and remembers the largest value', () => {
    // 0 until 10, 3 until 30, 5 until 40, 1 from then on: 3·20 + 5·10 + 1·60 = 170 at 100.
    const steps = meter([10, 3], [30, 2], [40, -4]);
    expect(steps.integral(time(100))).toBe(170);
    expect(steps.max(time(100))).toBe(5);
    expect(steps.value).toBe(1);
  });

  it('counts a value that is replaced within its instant for neither', () => {
    // 100 for no time at 20: the value is 3 from 10 on.
    const steps = meter([10, 3], [20, 97], [20, -97]);
    expect(steps.integral(time(50))).toBe(120);
    expect(steps.max(time(50))).toBe(3);
  });

  it('does not count the last value towards the maximum until it has lasted', () => {
    const steps = meter([10, 3], [20, 4]);
    expect(steps.max(time(20))).toBe(3);
    expect(steps.max(time(21))).toBe(7);
    expect(steps.integral(time(20))).toBe(30);
  });

  it('starts at 0, and reading it changes nothing', () => {
    const steps = meter();
    expect([steps.value, steps.integral(time(1000)), steps.max(time(1000))]).toEqual([0, 0, 0]);
    steps.add(time(1000), 2);
    expect([steps.integral(time(1010)), steps.integral(time(1010)), steps.max(time(1010))]).toEqual([20, 20, 2]);
  });

  it('agrees with a sum over every microsecond', () => {
    const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: -5, max: 9 })), { maxLength: 12 });
    fc.assert(
      fc.property(changes, (drawn) => {
        const sorted = [...drawn].sort(([a], [b]) => a - b);
        const steps = meter(...sorted);
        const values = Array.from({ length: 50 }, (_, t) => sorted.reduce((sum, [at, delta]) => (at <= t ? sum + delta : sum), 0));
        expect(steps.integral(time(50))).toBe(values.reduce((sum, value) => sum + value, 0));
        expect(steps.max(time(50))).toBe(Math.max(0, ...values));
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});
