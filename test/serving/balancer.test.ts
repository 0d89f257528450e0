import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Streams } from '../../src/random/streams.ts';
import { Balancer, type BalancerName } from '../../src/serving/requests/balancer.ts';

const nobody = (): number => 0;
const draw = new Streams(5).stream('choices');

function balancer(
  name: BalancerName,
  pods: readonly number[],
  weights: readonly number[],
  present: (pod: number) => number = nobody,
): Balancer<number> {
  const made = new Balancer(name, present, draw);
  made.set(pods, weights);
  return made;
}

/** How often each pod is chosen. */
function counts(of: Balancer<number>, times: number): Map<number, number> {
  const often = new Map<number, number>();
  for (let i = 0; i < times; i++) {
    const pod = of.choose(draw(), 0);
    often.set(pod, (often.get(pod) ?? 0) + 1);
  }
  return often;
}

describe('random', () => {
  it.each([
    { how: 'unequal', weights: [1, 5, 2, 0.5, 3.5] },
    { how: 'equal', weights: [2, 2, 2, 2, 2] },
  ])('chooses in proportion to weights that are $how', ({ weights }) => {
    const pods = [7, 3, 11, 0, 4];
    const [n, sum] = [60_000, weights.reduce((a, b) => a + b, 0)];
    const made = balancer('random', pods, weights);
    expect(made.total).toBeCloseTo(sum, 12);
    const often = counts(made, n);
    const chiSquare = pods.reduce((total, pod, i) => {
      const expected = (n * weights[i]!) / sum;
      return total + ((often.get(pod) ?? 0) - expected) ** 2 / expected;
    }, 0);
    // With 4 degrees of freedom above 13.28 in 1 of 100 cases.
    expect(chiSquare).toBeLessThan(13.28);
  });

  it('points with every u at the pod in whose share it lies', () => {
    const made = balancer('random', [7, 3, 11], [1, 2, 1]);
    expect([0, 0.2499, 0.25, 0.7499, 0.75, 0.999_999_999_999_999_9].map((u) => made.choose(u, 0))).toEqual([7, 7, 3, 3, 11, 11]);
    const equal = balancer('random', [7, 3], [1, 1]);
    expect([0, 0.4999, 0.5, 0.999_999_999_999_999_9].map((u) => equal.choose(u, 0))).toEqual([7, 7, 3, 3]);
  });
});

describe('round robin', () => {
  it('takes turns, also when pods come and go', () => {
    const made = balancer('round-robin', [7, 3, 11], [2, 2, 2]);
    expect(Array.from({ length: 7 }, () => made.choose(0.9, 0))).toEqual([7, 3, 11, 7, 3, 11, 7]);
    made.set([7, 3, 11, 5], [1, 1, 1, 1]);
    const after = Array.from({ length: 8 }, () => made.choose(0.9, 0));
    for (const pod of [7, 3, 11, 5]) expect(after.filter((each) => each === pod)).toHaveLength(2);
    made.set([5], [1]);
    expect(made.choose(0.1, 0)).toBe(5);
  });

  it('gives to each its weight: in any number of choices as many as its share, off by at most 1 but for who begins', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 8 }), (weights) => {
        const sum = weights.reduce((a, b) => a + b, 0);
        const made = balancer(
          'round-robin',
          weights.map((_, i) => 10 + i),
          weights,
        );
        // Three rounds in which each has as many turns as its weight says.
        for (let round = 0; round < 3; round++) {
          const often = counts(made, sum);
          weights.forEach((weight, i) => {
            expect(Math.abs((often.get(10 + i) ?? 0) - weight)).toBeLessThanOrEqual(1);
          });
        }
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('lets a new pod begin where the others are: it does not catch up', () => {
    const made = balancer('round-robin', [0, 1], [1, 3]);
    counts(made, 400);
    made.set([0, 1, 2], [1, 3, 4]);
    const often = counts(made, 80);
    for (const [pod, share] of [10, 30, 40].entries()) expect(Math.abs((often.get(pod) ?? 0) - share)).toBeLessThanOrEqual(1);
    // One that leaves and comes again has nothing to catch up with either.
    made.set([1, 2], [3, 4]);
    counts(made, 700);
    made.set([0, 1, 2], [1, 3, 4]);
    const again = counts(made, 80);
    for (const [pod, share] of [10, 30, 40].entries()) expect(Math.abs((again.get(pod) ?? 0) - share)).toBeLessThanOrEqual(1);
  });
});

const some = fc.record({
  present: fc.nat(6),
  weight: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }) }),
});

describe('least outstanding', () => {
  it('chooses one with the least (present + 1) ÷ weight, whoever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(fc.array(some, { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 6 }), (fleets) => {
        const at = new Map<number, number>();
        const made = new Balancer<number>('least-outstanding', (pod) => at.get(pod) ?? 0, draw);
        for (const [k, fleet] of fleets.entries()) {
          const pods = fleet.map((_, i) => (i * 3 + k) % 11);
          fleet.forEach(({ present }, i) => at.set(pods[i]!, present));
          made.set(
            pods,
            fleet.map(({ weight }) => weight),
          );
          for (let i = 0; i < 12; i++) {
            const loads = fleet.map(({ weight }, place) => (at.get(pods[place]!)! + 1) / weight);
            const pod = made.choose(draw(), 0);
            expect(loads[pods.indexOf(pod)]).toBe(Math.min(...loads));
            at.set(pod, at.get(pod)! + 1);
          }
        }
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('takes turns among equals', () => {
    const made = balancer('least-outstanding', [4, 9, 2], [1, 1, 1]);
    expect(Array.from({ length: 6 }, () => made.choose(0.5, 0))).toEqual([4, 9, 2, 4, 9, 2]);
    const busy = balancer('least-outstanding', [4, 9, 2], [1, 1, 1], (pod) => (pod === 9 ? 3 : 2));
    expect(Array.from({ length: 4 }, () => busy.choose(0.5, 0))).toEqual([4, 2, 4, 2]);
  });
});

describe('power of two', () => {
  it('draws two and takes the one with less per weight', () => {
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 7 }), fc.nat(9999), fc.nat(9999), (fleet, first, second) => {
        const [u, v] = [first / 10_000, second / 10_000];
        const weights = fleet.map(({ weight }) => weight);
        const pods = fleet.map((_, i) => i);
        const drawn = [u, v].map((each) => {
          let rest = each * weights.reduce((a, b) => a + b, 0);
          return weights.findIndex((weight) => (rest -= weight) < 0);
        });
        const made = new Balancer<number>(
          'power-of-two',
          (pod) => fleet[pod]!.present,
          () => v,
        );
        made.set(pods, weights);
        const load = (pod: number) => (fleet[pod]!.present + 1) / fleet[pod]!.weight;
        const [one = -1, two = -1] = drawn;
        // Rounding may put a u at the very edge of a share on its other side.
        const chosen = made.choose(u, 0);
        expect(load(chosen)).toBe(Math.min(load(one), load(two)));
        expect(drawn).toContain(chosen);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});
