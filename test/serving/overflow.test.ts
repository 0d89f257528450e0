import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration } from '../../src/base/units.ts';
import { fill } from '../../src/serving/fluid/exchange.ts';
import type { FluidService } from '../../src/serving/fluid/fluid-service.ts';
import { responseMean } from '../../src/serving/response-quantile.ts';
import { type Tally } from '../../src/serving/tally.ts';
import { add, at, coldPages, cut, full, keepAlive, service, sum, total } from './support.ts';

// A full pod serves 100/s, its bound is 100 (time-out 1 s).
const zones = (pods: readonly number[], options: Parameters<typeof service>[0] = {}): FluidService => {
  const made = service({ zones: pods.length, overflow: true, ...options });
  pods.forEach((count, zone) => {
    add(made, 0, zone, full, count);
  });
  return made;
};
const figures = (tally: Tally | undefined, ...keys: (keyof Tally)[]) => keys.map((key) => Number((tally?.[key] as number).toFixed(6)));

describe('overflow between two zones of 70 and 30 %', () => {
  const weights = [7, 3];

  it('carries what one is too small for to the other, once its limiter works', () => {
    // 700/s: 490 to 400/s of capacity, 210 to 600/s. The bound of 400 is full after 400 ÷ 90 s; from then on 90/s overflow: 900 − 400 = 500 until 10 s.
    const pods = zones([4, 6], { weights });
    pods.setRate(at(0), 700, 0);
    const [a, b] = cut(pods, at(10));
    expect(figures(a, 'offered', 'served', 'overflowedOut', 'rejected', 'backlogGrowth')).toEqual([4900, 4000, 500, 0, 400]);
    expect(figures(b, 'offered', 'served', 'overflowedIn', 'rejected', 'backlogGrowth')).toEqual([2100, 2600, 500, 0, 0]);
    // The deficit is there all the same, and so is the exposure; but nobody goes unserved.
    expect(figures(a, 'exposureSeconds')).toEqual([10]);
    expect([sum(a!.deficit), sum(a!.unserved), b!.exposureSeconds].map((value) => Number(value.toFixed(6)))).toEqual([900, 0, 0]);
  });

  it('ends where the room is used up: the rest is rejected where it was refused', () => {
    // 1,400/s: 980 to 400, 420 to 600. Full after 400 ÷ 580 s; then 580/s are refused, 180/s of them taken: until 10 s 5,400 refused.
    const pods = zones([4, 6], { weights });
    pods.setRate(at(0), 1400, 0);
    const [a, b] = cut(pods, at(10));
    const taken = 180 * (10 - 400 / 580);
    expect(a!.overflowedOut).toBeCloseTo(taken, 6);
    expect(a!.rejected).toBeCloseTo(5400 - taken, 6);
    expect(sum(a!.unserved)).toBeCloseTo(5400 - taken, 6);
    expect(b!.served).toBeCloseTo(4200 + taken, 6);
    expect(figures(b, 'backlogGrowth', 'rejected', 'exposureSeconds')).toEqual([0, 0, 0]);
  });

  it('passes from all to some of it at the crossing of excess and room, wherever that is read', () => {
    // Full from the start at 400/0.7 = 571.4/s and rising: λ = 571.4 + 50t. Excess 35t, room 600 − 171.4 − 15t = 428.6 − 15t: equal at 8.571 s.
    // Until then 35 · 8.571² ÷ 2 = 1,285.7 overflow; then 428.6 − 15t: at 8.571 s 300/s, at 20 s 128.6/s: 214.3 · 11.429 = 2,449.0. Refused: 35 · 20² ÷ 2 = 7,000.
    const play = (cuts: readonly number[]) => {
      const pods = zones([4, 6], { weights });
      pods.setRate(at(0), 1400, 0); // fills the bound of zone 0
      cut(pods, at(1));
      pods.setRate(at(1), 4000 / 7, 50);
      return total([...cuts, 21].map((when) => total(cut(pods, at(when))))).overflowedOut;
    };
    expect(play([])).toBeCloseTo(1285.714286 + 2448.979592, 4);
    expect(play([1.5, 3, 9.571, 9.5715, 12])).toBeCloseTo(play([]), 8);
  });

  it('is not taken by a zone in whose main class requests wait', () => {
    // Zone 1: 300/s for 2 pods until 1 s: 100 wait. Then 0.3 · 600 = 180/s: 20/s to spare, it has served them at 6 s. Zone 0 rejects until then, from its full bound.
    const pods = zones([2, 2], { weights });
    pods.setRate(at(0), 1000, 0);
    cut(pods, at(1));
    pods.setRate(at(1), 600, 0);
    const [a, b] = cut(pods, at(6));
    expect(figures(a, 'overflowedOut', 'rejected')).toEqual([0, 5 * 220]);
    expect(figures(b, 'overflowedIn', 'backlogGrowth')).toEqual([0, -100]);
    const [later] = cut(pods, at(8));
    expect(figures(later, 'overflowedOut', 'rejected')).toEqual([2 * 20, 2 * 200]);
  });
});

describe('overflow between three zones', () => {
  it('is split in proportion to the free room', () => {
    // 900/s by 6 : 2 : 1: 600, 200, 100. Capacities 400, 300, 400: excess 200; room 100 and 300, in all 400: 50 and 150.
    const pods = zones([4, 3, 4], { weights: [6, 2, 1] });
    pods.setRate(at(0), 900, 0);
    cut(pods, at(2)); // the bound of 400 is full
    const [a, b, c] = cut(pods, at(4));
    expect(figures(a, 'overflowedOut', 'rejected')).toEqual([400, 0]);
    expect([...figures(b, 'overflowedIn'), ...figures(c, 'overflowedIn')]).toEqual([100, 300]);
  });

  it('leaves to one zone what the other has no room for any more', () => {
    // From 2 s on 900/s + 90t: excess 200 + 60t, rooms 100 − 20t and 300 − 10t, parts 1 : 3 as the rooms were at 2 s: ¼ of the excess is 50 + 15t = 100 − 20t at
    // 10 ÷ 7 s. From then on zone 1 takes its room, zone 2 the rest, until all room is used up: 200 + 60t = 400 − 30t at 20 ÷ 9 s.
    const pods = zones([4, 3, 4], { weights: [6, 2, 1] });
    pods.setRate(at(0), 900, 0);
    cut(pods, at(2));
    pods.setRate(at(2), 900, 90);
    const integral = (value: number, slope: number, from: number, to: number) => (to - from) * (value + (slope * (from + to)) / 2);
    const [first, last] = [10 / 7, 20 / 9];
    const [a, b, c] = cut(pods, at(5));
    expect(b!.overflowedIn).toBeCloseTo(integral(50, 15, 0, first) + integral(100, -20, first, 3), 5);
    expect(c!.overflowedIn).toBeCloseTo(integral(150, 45, 0, first) + integral(100, 80, first, last) + integral(300, -10, last, 3), 5);
    expect(a!.rejected).toBeCloseTo(integral(200 - 400, 90, last, 3), 5);
  });

  it('is split in proportion to the excess of the givers, where the room does not do for all', () => {
    // 1,200/s, a third each. Capacities 300, 100, 500: excess 100 and 300, room 100: 25 and 75.
    const pods = zones([3, 1, 5]);
    pods.setRate(at(0), 1200, 0);
    cut(pods, at(4)); // the bounds of 300 and 100 are full after 3 s
    const [a, b, c] = cut(pods, at(6));
    expect([...figures(a, 'overflowedOut', 'rejected'), ...figures(b, 'overflowedOut', 'rejected'), ...figures(c, 'overflowedIn')]).toEqual(
      [50, 150, 150, 450, 200],
    );
  });

  it('never goes to the zone it comes from: each serves what the other refuses', () => {
    // 100/s each, to a full pod and a dead one: both refuse 50/s at the dead pod, and have 50/s of room at the other.
    const dead = { ...full, factor: 0, receives: false, cause: 'fault' as const };
    const pods = zones([1, 1]);
    for (const zone of [0, 1]) add(pods, 0, zone, dead);
    pods.setRate(at(0), 200, 0);
    for (const tally of cut(pods, at(4)))
      expect(figures(tally, 'served', 'overflowedOut', 'overflowedIn', 'rejected')).toEqual([400, 200, 200, 0]);
    // With weights 3 : 1 zone 0 refuses 75/s and has 25/s of room, zone 1 25/s and 75/s: each takes all that the other refuses.
    const uneven = zones([1, 1], { weights: [3, 1] });
    for (const zone of [0, 1]) add(uneven, 0, zone, dead);
    uneven.setRate(at(0), 200, 0);
    const [a, b] = cut(uneven, at(4));
    expect([...figures(a, 'overflowedOut', 'overflowedIn'), ...figures(b, 'overflowedOut', 'overflowedIn')]).toEqual([300, 100, 100, 300]);
    // One zone alone has nobody to give to, though it has room itself.
    const one = zones([1]);
    add(one, 0, 0, dead);
    one.setRate(at(0), 100, 0);
    expect(figures(cut(one, at(4))[0], 'overflowedOut', 'rejected')).toEqual([0, 200]);
  });

  it('goes from the others to the zone that has most of both, and from it to them', () => {
    // 400/s by 2 : 1 : 1. Zone 0 refuses 100/s at its 6 dead pods; the 6 others get 100/s, which leaves 500/s of room. Zones 1 and 2 have a dead pod and a full one:
    // 50/s refused, 50/s of room each. Taken from itself zone 0 would be: 100 + 200 · 500/600 > 200. So its 100/s go to the others, and their 100/s to it.
    const dead = { ...full, factor: 0, receives: false, cause: 'fault' as const };
    const pods = zones([6, 1, 1], { weights: [2, 1, 1] });
    add(pods, 0, 0, dead, 6);
    for (const zone of [1, 2]) add(pods, 0, zone, dead);
    pods.setRate(at(0), 400, 0);
    const [a, b, c] = cut(pods, at(2));
    expect(figures(a, 'overflowedOut', 'overflowedIn', 'rejected')).toEqual([200, 200, 0]);
    for (const tally of [b, c]) expect(figures(tally, 'overflowedOut', 'overflowedIn', 'rejected')).toEqual([100, 100, 0]);
  });

  it('takes the hop of its distance', () => {
    // One zone of 1 pod gets 300/s and refuses 200/s when its bound is full; zone 1 (other IDC, 1 s) and zone 2 (other city, 10 s), with 50 pods each and no
    // traffic of their own, take 100/s each. Sojourn at utilisation 1/50 of a pod of 100/s: 1 ÷ 98 s.
    const pods = zones([1, 50, 50], {
      weights: [1, 0, 0],
      hops: [duration(0), duration(1e6), duration(10e6)],
      distances: [[0, 1, 2], [1, 0, 2], [2, 2, 0]], // prettier-ignore
    });
    pods.setRate(at(0), 300, 0);
    cut(pods, at(2));
    const [, b, c] = cut(pods, at(3));
    expect([...figures(b, 'admitted'), ...figures(c, 'admitted')]).toEqual([100, 100]);
    // The grid is good to 1 %.
    expect(Math.abs(responseMean(b!)! - 1 - 1 / 98)).toBeLessThan(2e-4);
    expect(Math.abs(responseMean(c!)! - 10 - 1 / 98)).toBeLessThan(2e-4);
  });
});

describe('forwarding to another zone', () => {
  it('takes the hop of its distance', () => {
    // Zone 0 has no pods: its 10/s go to zones 1 (same IDC) and 2 (another city), 5/s each; these get 10/s of their own. At ρ = 0.15: 1 ÷ 85 s, and ⅓ · hop.
    const pods = service({
      zones: 3,
      hops: [duration(3e6), duration(6e6), duration(30e6)],
      distances: [[0, 0, 2], [0, 0, 2], [2, 2, 0]], // prettier-ignore
    });
    add(pods, 0, 1, full);
    add(pods, 0, 2, full);
    pods.setRate(at(0), 30, 0);
    const [, b, c] = cut(pods, at(10));
    expect(Math.abs(responseMean(b!)! - 1 - 1 / 85)).toBeLessThan(2e-4);
    expect(Math.abs(responseMean(c!)! - 10 - 1 / 85)).toBeLessThan(2e-4);
  });

  it('and overflow go together: what keep-alive pods refuse finds room elsewhere', () => {
    // Zone 0: one full pod and one kept alive (25/s, serves 1 %) for 200/s: 1 to the kept-alive one, 199 to the full one: 99/s too many, room 300/s in zone 1.
    const pods = zones([1, 3], { weights: [1, 0] });
    add(pods, 0, 0, keepAlive);
    pods.setRate(at(0), 200, 0);
    cut(pods, at(3));
    const [a, b] = cut(pods, at(4));
    expect(figures(a, 'served', 'overflowedOut', 'rejected')).toEqual([101, 99, 0]);
    expect(figures(b, 'offered', 'served', 'overflowedIn')).toEqual([0, 99, 99]);
  });
});

describe('the overflow of any zones', () => {
  it('agrees with a plain integration in steps of one millisecond', () => {
    const random = uniforms(5);
    const seen = { all: 0, some: 0 };
    for (let i = 0; i < 60; i++) {
      const count = 2 + Math.floor(2 * random());
      const pods = Array.from({ length: count }, () => Math.floor(6 * random()) + 1);
      const weights = pods.map(() => 1 + Math.floor(5 * random()));
      const cold = pods.map(() => (random() < 0.4 ? 2 : 0));
      const made = zones(pods, { weights });
      cold.forEach((n, zone) => {
        add(made, 0, zone, coldPages(0), n);
      });
      const rates = Array.from({ length: 4 }, () => [1500 * random(), 60 * (random() - 0.3)] as const);
      rates.forEach(([rate, slope], k) => {
        made.setRate(at(5 * k), rate, slope);
      });
      const exact = cut(made, at(20));
      const steps = euler(pods, cold, weights, rates);
      // First order: a step's worth of all rates, with some room.
      const tolerance = 3e-3 * (4000 + 100 * sum(pods));
      exact.forEach((tally, zone) => {
        expect(Math.abs(tally.served - tally.overflowedIn - steps.own[zone]!), `served by zone ${String(zone)}`).toBeLessThan(tolerance);
        expect(Math.abs(tally.rejected + tally.overflowedOut - steps.refused[zone]!), `refused by zone ${String(zone)}`).toBeLessThan(
          tolerance,
        );
      });
      expect(Math.abs(sum(exact.map((tally) => tally.overflowedOut)) - steps.overflowed)).toBeLessThan(tolerance);
      if (steps.overflowed > 100) seen[sum(exact.map((tally) => tally.rejected)) < 1 ? 'all' : 'some']++;
    }
    expect(Math.min(seen.all, seen.some)).toBeGreaterThan(4);
  });
});

/** Zones of full pods and of pods with cold pages (60 % to 100 % in 20 s, a class of their own): what every zone serves of its own, refuses, and what overflows. */
function euler(
  pods: readonly number[],
  cold: readonly number[],
  weights: readonly number[],
  rates: readonly (readonly [number, number])[],
) {
  const h = 1e-3;
  const [own, refused] = [pods.map(() => 0), pods.map(() => 0)];
  const backlog = pods.map(() => [0, 0]);
  let overflowed = 0;
  for (let k = 0; k < 20_000; k++) {
    const t = (k + 0.5) * h;
    const [rate, slope] = rates[Math.floor(t / 5)]!;
    const lambda = rate + slope * (t % 5);
    const [excess, room] = [pods.map(() => 0), pods.map(() => 0)];
    pods.forEach((n, zone) => {
      let [zoneExcess, zoneRoom] = [0, 0];
      [n * 100, cold[zone]! * (60 + 2 * t)].forEach((capacity, j) => {
        const share = (weights[zone]! / sum(weights)) * ([n, cold[zone]!][j]! / (n + cold[zone]!));
        const queue = backlog[zone]![j]! + (lambda * share - capacity) * h;
        const left = Math.max(0, Math.min(queue, capacity));
        if (queue > left) zoneExcess += queue - left;
        if (j === 0 && queue < 0) zoneRoom += -queue;
        own[zone]! += capacity * h - Math.max(0, -queue);
        backlog[zone]![j] = left;
      });
      refused[zone]! += zoneExcess;
      excess[zone] = zoneExcess;
      room[zone] = zoneRoom;
    });
    // The most that fits when no zone takes from itself.
    overflowed += Math.min(sum(excess), sum(room), ...pods.map((_, zone) => sum(excess) - excess[zone]! + sum(room) - room[zone]!));
  }
  return { own, refused, overflowed };
}

function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

describe('a split with caps', () => {
  const constant = (value: number) => ({ value, slope: 0 });

  it('gives in proportion, and what a cap leaves to the others in the same proportions', () => {
    // 100 by 1 : 1 : 2, caps 10, 100, 100: the first gets 10, the others 90 by 1 : 2.
    const { parts, until } = fill(constant(100), [constant(10), constant(100), constant(100)], [1, 1, 2]);
    expect(parts.map(({ value }) => Number(value.toFixed(9)))).toEqual([10, 30, 60]);
    expect(until).toBe(Infinity);
  });

  it('knows by the slopes which cap holds from a tie on, and when the next does', () => {
    // Halves of 20 + 4t at caps 10 + t and 30: at the tie the first is over its cap from now on; the second gets 10 + 3t, 30 at 20/3 s.
    const { parts, until } = fill({ value: 20, slope: 4 }, [{ value: 10, slope: 1 }, constant(30)], [1, 1]);
    expect(parts).toEqual([
      { value: 10, slope: 1 },
      { value: 10, slope: 3 },
    ]);
    expect(until).toBeCloseTo(20 / 3, 9);
  });

  it('splits all of it, and never beyond a cap, until it says', () => {
    const line = fc.record({ value: fc.integer({ min: 0, max: 1000 }), slope: fc.integer({ min: -50, max: 50 }) });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: -50, max: 50 }),
        (caps, part, slope) => {
          const room = sum(caps.map(({ value }) => value));
          const total = { value: part * room, slope };
          const weights = caps.map(({ value }) => value + 1);
          const { parts, until } = fill(total, caps, weights);
          const at = (of: { readonly value: number; readonly slope: number }, t: number) => of.value + of.slope * t;
          // For as long as caps are not below 0 and add up to enough.
          const lasts = (t: number) => [...caps, total].every((of) => at(of, t) >= 0) && sum(caps.map((cap) => at(cap, t))) >= at(total, t);
          for (const t of [0, 0.1, 0.5, 1].map((u) => u * Math.min(until, 10)).filter(lasts)) {
            expect(Math.abs(sum(parts.map((each) => at(each, t))) - at(total, t))).toBeLessThan(1e-8 * (1 + room));
            parts.forEach((each, i) => {
              expect(at(each, t)).toBeLessThan(at(caps[i]!, t) + 1e-8 * (1 + room));
              expect(at(each, t)).toBeGreaterThan(-1e-8 * (1 + room));
            });
          }
        },
      ),
      { seed: 11, numRuns: 500 },
    );
  });

  it('gives nothing to who has no weight', () => {
    expect(fill(constant(7), [constant(0), constant(9)], [0, 3]).parts).toEqual([constant(0), constant(7)]);
  });
});
