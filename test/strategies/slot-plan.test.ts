import { describe, expect, it } from 'vitest';
import { fromSeconds } from '../../src/base/units.ts';
import { Streams } from '../../src/random/streams.ts';
import { handOverOf, type SlotProblem, slotPlan } from '../../src/strategies/slot-plan.ts';

/** The cheapest of all plans, by trying them: from every allocation at every step every hand-over, and none. */
function byTrying(problem: SlotProblem): number {
  const { slots, members, steps, loss, keeps, price, handOver, held } = problem;
  const lost = (k: number, has: readonly number[]): number => has.reduce((sum, count, m) => sum + loss(m, k, count), 0);
  const rest = (k: number, has: readonly number[]): number => {
    if (k >= steps) return 0;
    let least = lost(k, has) + rest(k + 1, has);
    for (let from = 0; from < members; from++)
      for (let to = 0; to < members; to++)
        for (let moved = 1; from !== to && moved <= (has[from] as number); moved++) {
          const during = handOver.slice(0, steps - k);
          if (during.some((_, i) => (has[from] as number) - moved < keeps(from, k + i))) continue;
          const after = has.map((count, m) => (m === from ? count - moved : m === to ? count + moved : count));
          const meanwhile = during.map(({ gone, come }, i) =>
            lost(
              k + i,
              has.map((count, m) => (m === from ? count - Math.ceil(gone * moved) : m === to ? count + Math.floor(come * moved) : count)),
            ),
          );
          least = Math.min(least, price * moved + meanwhile.reduce((sum, each) => sum + each, 0) + rest(k + during.length, after));
        }
    return least;
  };
  const alone = Array.from({ length: members }, (_, m) => Array.from({ length: members }, (_, other) => (other === m ? slots : 0)));
  return Math.min(...(held === undefined ? alone : [held]).map((has) => rest(0, has)));
}

/** What a plan costs, told step by step. */
function costOf({ steps, loss, price, handOver }: SlotProblem, plan: ReturnType<typeof slotPlan>): number {
  const has = [...plan.held];
  let cost = 0;
  let k = 0;
  const stay = (until: number): void => {
    for (; k < until; k++) cost += has.reduce((sum, count, m) => sum + loss(m, k, count), 0);
  };
  for (const { step, from, to, slots } of plan.handOvers) {
    stay(step);
    cost += price * slots;
    for (const { gone, come } of handOver.slice(0, steps - step)) {
      cost += has.reduce(
        (sum, count, m) =>
          sum + loss(m, k, m === from ? count - Math.ceil(gone * slots) : m === to ? count + Math.floor(come * slots) : count),
        0,
      );
      k++;
    }
    has[from] = (has[from] as number) - slots;
    has[to] = (has[to] as number) + slots;
  }
  stay(steps);
  return cost;
}

describe('a plan of slots', () => {
  it('is the cheapest of all that there are, in 300 drawn cases', () => {
    let handed = 0;
    for (let n = 0; n < 300; n++) {
      const uniform = new Streams(n).stream('slots');
      const whole = (low: number, high: number): number => low + Math.floor((high - low + 1) * uniform());
      const [members, slots, steps] = [whole(1, 3), whole(1, 3), whole(1, 5)];
      const needs = Array.from({ length: members }, () => Array.from({ length: steps }, () => whole(0, 3)));
      const stays = Array.from({ length: members }, () => Array.from({ length: steps }, () => whole(-4, 1)));
      const problem: SlotProblem = {
        slots,
        members,
        steps,
        loss: (m, k, held) => Math.max(0, (needs[m]?.[k] as number) - held),
        keeps: (m, k) => stays[m]?.[k] as number,
        price: whole(0, 4) / 3,
        handOver: Array.from({ length: whole(1, 3) }, (_, i) => ({ gone: i === 0 ? 0.5 : 1, come: i === 0 ? 0 : 0.5 })),
        ...(uniform() < 0.3 ? { held: Array.from({ length: members }, (_, m) => (m === 0 ? slots : 0)) } : {}),
      };
      const plan = slotPlan(problem);
      expect([n, plan.cost]).toEqual([n, expect.closeTo(byTrying(problem), 9)]);
      expect([n, costOf(problem, plan)]).toEqual([n, expect.closeTo(plan.cost, 9)]);
      handed += plan.handOvers.length;
    }
    expect(handed).toBeGreaterThan(40);
  });

  it('hands many slots on in parts, and costs no less than it says', () => {
    const problem: SlotProblem = {
      slots: 1000,
      members: 2,
      steps: 100,
      loss: (m, k, held) => Math.max(0, (m === 0 ? 990 - 9 * k : 9 * k) - held),
      keeps: () => -Infinity,
      price: 0.01,
      handOver: [{ gone: 1, come: 0 }],
    };
    const plan = slotPlan(problem);
    expect(plan.held).toEqual([1000, 0]);
    expect(plan.handOvers.every(({ slots }) => slots % 25 === 0)).toBe(true);
    expect(costOf(problem, plan)).toBeCloseTo(plan.cost, 6);
    // By hand: each of some 40 hand-overs of 25 slots loses no more than those 25 for a step and what was short of them, 9 a step.
    expect(plan.cost).toBeLessThan(40 * (25 + 2 * 9));
    expect(slotPlan({ ...problem, parts: 2 }).cost).toBeGreaterThan(plan.cost);
  });
});

it('a hand-over follows its batches', () => {
  const rollout = { batches: [0.25, 1], by: 'spread', pause: fromSeconds(20), observe: fromSeconds(60), order: 'break-before-make', gate: undefined } as const;
  // A batch from 0 to 40 s, observed until 100 s, paused until 120 s; the next until 160 s, observed until 220 s: four minutes.
  expect(handOverOf(rollout, fromSeconds(40), fromSeconds(60))).toEqual([
    { gone: 0.25, come: 0 },
    { gone: 0.25, come: 0.25 },
    { gone: 1, come: 0.25 },
    { gone: 1, come: 1 },
  ]);
}); // prettier-ignore
