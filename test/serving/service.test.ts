import { describe, expect, it } from 'vitest';
import { duration } from '../../src/base/units.ts';
import { unionSeconds } from '../../src/serving/interval-union.ts';
import type { ServingMode } from '../../src/serving/mode.ts';
import type { Tally } from '../../src/serving/tally.ts';
import { add, at, coldPages, cut, cutOff, draining, full, keepAlive, service, slow, sum, total, warming } from './support.ts';

type Numbers = { [K in keyof Tally as Tally[K] extends number ? K : never]?: number };
function expectTally(tally: Tally | undefined, expected: Numbers): void {
  for (const key of Object.keys(expected) as (keyof Numbers)[]) expect(tally?.[key], key).toBeCloseTo(expected[key] as number, 7);
}
const expectCauses = (actual: readonly number[] | undefined, expected: readonly number[]): void =>
  expected.forEach((value, k) => expect(actual?.[k], `cause ${String(k)}`).toBeCloseTo(value, 7));

describe('traffic between the pods of a zone', () => {
  it('follows the forwarding arithmetic of running and keep-alive pods', () => {
    // 6 running and 4 keep-alive pods, 500/s: every sidecar gets 50/s; keep-alive pods serve 1 %, 0.5/s each, and forward 4 · 49.5 = 198/s.
    const pods = service();
    add(pods, 0, 0, full, 6);
    add(pods, 0, 0, keepAlive, 4);
    pods.setRate(at(0), 500, 0);
    expect(pods.capacityPerSecond(0)).toBeCloseTo(600, 9);
    expectTally(cut(pods, at(10))[0], {
      seconds: 10,
      offered: 5000,
      served: 5000,
      admitted: 5000,
      forwarded: 1980,
      crossZone: 0,
      capacity: 6000,
      usedCoreSeconds: 50,
      exposureSeconds: 0,
      fallbackSeconds: 0,
    });
  });

  it('pays for relaying at both ends, out of the capacity and in the CPU used', () => {
    // As above with 1 ms per relay: a running pod relays 198 of the 498 it serves: 1000/(10 + 198/498) = 96.176/s; a keep-alive pod relays 99 for each it serves.
    // Used: 500 · 10 ms + 2 · 198 · 1 ms = 5.396 cores.
    const pods = service({ relay: duration(1000) });
    add(pods, 0, 0, full, 6);
    add(pods, 0, 0, keepAlive, 4);
    pods.setRate(at(0), 500, 0);
    expect(pods.capacityPerSecond(0)).toBeCloseTo(6000 / (10 + 198 / 498), 9);
    expectTally(cut(pods, at(10))[0], { served: 5000, usedCoreSeconds: 53.96 });
  });

  it('overloads keep-alive pods whose relaying leaves too little CPU for their share', () => {
    // Each gets 500/s and serves 5: a quarter core ÷ (10 ms + 99 · 1 ms) = 2.2936/s: they reject although running pods have room.
    const pods = service({ relay: duration(1000), keepAliveMillicores: 250 });
    add(pods, 0, 0, full, 18);
    add(pods, 0, 0, keepAlive, 2);
    pods.setRate(at(0), 10_000 / 10, 0);
    const calm = cut(pods, at(10))[0];
    expectTally(calm, { rejected: 0 });
    pods.setRate(at(10), 10_000, 0);
    cut(pods, at(20));
    // Running pods: 9,990 of λ against far less: full as well. Keep-alive pods: 2 · (5 − 2.29358) = 5.41284/s rejected once their bound is full.
    const ka = 2 * (5 - 0.25 / 0.109);
    const forwarded = 990 / 9990;
    const running = 9990 - 18 / (0.01 + 0.001 * forwarded);
    expectTally(cut(pods, at(30))[0], { rejected: 10 * (ka + running) });
  });

  it('takes idle CPU from running pods only', () => {
    // 0.1 of 1 core idles: 90/s. Used: 2 running pods idle 0.2, and 60/s · 10 ms.
    const pods = service({ idleMillicores: 100 });
    add(pods, 0, 0, full, 2);
    add(pods, 0, 0, keepAlive, 1);
    pods.setRate(at(0), 60, 0);
    expect(pods.capacityPerSecond(0)).toBeCloseTo(180, 9);
    expectTally(cut(pods, at(10))[0], { usedCoreSeconds: 8 });
  });

  it('sends warming pods what they can serve', () => {
    // 100 + 10 requests/s of capacity, weights 1000 and 100: at 110/s nobody is short.
    const pods = service();
    add(pods, 0, 0, full);
    add(pods, 0, 0, warming);
    pods.setRate(at(0), 110, 0);
    expectTally(cut(pods, at(10))[0], { served: 1100, exposureSeconds: 0, rejected: 0, backlogGrowth: 0 });
  });

  it('lets a slow pod overflow beside idle ones', () => {
    // 300/s over 2 full and 2 half pods: 75/s each; the slow class has 100/s for 150/s, fills its bound of 100 in 2 s and rejects 3 s · 50.
    const pods = service();
    add(pods, 0, 0, full, 2);
    add(pods, 0, 0, slow, 2);
    pods.setRate(at(0), 300, 0);
    const tally = cut(pods, at(5))[0];
    expectTally(tally, { offered: 1500, served: 1250, rejected: 150, backlogGrowth: 100, exposureSeconds: 5 });
    expectCauses(tally?.deficit, [250, 0, 0, 0]);
    expectCauses(tally?.unserved, [150, 0, 0, 0]);
  });

  it('sends nothing to draining pods and all of a cut-off pod to the others', () => {
    const pods = service();
    add(pods, 0, 0, full, 3);
    add(pods, 0, 0, cutOff, 1);
    add(pods, 0, 0, draining, 5);
    pods.setRate(at(0), 200, 0);
    expect(pods.capacityPerSecond(0)).toBeCloseTo(300, 9);
    expectTally(cut(pods, at(10))[0], { served: 2000, forwarded: 500 });
  });

  it('lets keep-alive pods serve everything when nobody takes what they forward, and counts the time', () => {
    // 4 · 25/s for 150/s: the bound of 100 is full after 2 s, then 50/s rejected.
    const pods = service();
    add(pods, 0, 0, keepAlive, 4);
    pods.setRate(at(0), 150, 0);
    expectTally(cut(pods, at(5))[0], { served: 500, rejected: 150, fallbackSeconds: 5, forwarded: 0, capacity: 500, exposureSeconds: 5 });
    add(pods, 5, 0, full, 2);
    expectTally(cut(pods, at(6))[0], { fallbackSeconds: 0 });
  });

  it('rejects everything without pods', () => {
    const pods = service();
    pods.setRate(at(0), 10, 2);
    const tally = cut(pods, at(5))[0];
    expectTally(tally, { offered: 75, rejected: 75, served: 0, fallbackSeconds: 0, exposureSeconds: 5 });
    expectCauses(tally?.unserved, [0, 0, 0, 75]);
    expectCauses(tally?.deficit, [0, 0, 0, 75]);
  });
});

describe('traffic between zones', () => {
  it('leaves a zone without pods for the others, in proportion to what they receive', () => {
    // 300/s, a third per zone; zone 2 has none: its 100/s go 1 : 3 to the others.
    const pods = service({ zones: 3 });
    add(pods, 0, 0, full, 2);
    add(pods, 0, 1, full, 6);
    pods.setRate(at(0), 300, 0);
    const [a, b, c] = cut(pods, at(10));
    expectTally(a, { offered: 1250, served: 1250, crossZone: 250, forwarded: 250 });
    expectTally(b, { offered: 1750, served: 1750, crossZone: 750 });
    expectTally(c, { offered: 0, seconds: 10 });
  });

  it('forwards to another zone what keep-alive pods do not serve and no pod of their zone takes', () => {
    // Zones by weight 3 : 1 of 400/s. Zone 1: 2 keep-alive pods serve 1 % of 100/s; 99/s go to zone 0.
    const pods = service({ zones: 2, weights: [3, 1] });
    add(pods, 0, 0, full, 5);
    add(pods, 0, 1, keepAlive, 2);
    pods.setRate(at(0), 400, 0);
    const [a, b] = cut(pods, at(10));
    expectTally(a, { offered: 3990, crossZone: 990, fallbackSeconds: 0 });
    expectTally(b, { offered: 10, served: 10, fallbackSeconds: 0 });
  });

  it('stops coming from a zone that has a pod to take it again, though nothing happened to the other one', () => {
    const pods = service({ zones: 2 });
    for (const zone of [0, 1]) add(pods, 0, zone, full);
    add(pods, 0, 0, keepAlive);
    pods.setRate(at(0), 100, 0);
    pods.change(at(10), 0, full, undefined);
    const crossed = (until: number): number[] => cut(pods, at(until)).map(({ crossZone }) => crossZone);
    expect(crossed(10)).toEqual([0, 0]);
    // 50/s arrive at the pod kept alive, which serves a hundredth of them.
    expect(crossed(20)[1]).toBeCloseTo(495, 9);
    add(pods, 20, 0, full);
    expect(crossed(30)).toEqual([0, 0]);
  });

  it('lacks what the zone lacks that it comes from, as its pods are now', () => {
    // 200/s, half of them to each zone. One has a pod that is kept alive and serves 1 % of what it gets, the other one a full pod of 100/s.
    for (const looked of [false, true]) {
      const pods = service({ zones: 2 });
      add(pods, 0, 0, keepAlive);
      add(pods, 0, 1, full);
      pods.setRate(at(0), 0, 0);
      pods.setRate(at(5), 200, 0);
      if (looked) pods.advance(at(10));
      cut(pods, at(10));
      // Beside the first a pod comes that serves its half, 50/s, with 60 of its 100/s. 49.5/s still go to the other zone, which lacks as many: 40 for the switch.
      pods.change(at(10), 0, undefined, {
        ...full,
        receives: false,
        factor: 600,
        cause: 'switch',
        ramp: { to: 1000, from: at(10), until: at(30) },
      });
      expectCauses(cut(pods, at(11))[1]?.deficit, [0, 40, 0, 9.5]);
    }
  });

  it('settles the other zone first when a change redirects its traffic', () => {
    // Zone 0: 200/s against 100/s until 1 s: 100 wait. Then zone 1 loses its pods: zone 0 gets 400/s. Its bound is full: 300/s rejected.
    const pods = service({ zones: 2 });
    add(pods, 0, 0, full, 1);
    add(pods, 0, 1, full, 4);
    pods.setRate(at(0), 400, 0);
    for (let i = 0; i < 4; i++) pods.change(at(1), 1, full, undefined, 'lost');
    const [a, b] = cut(pods, at(3));
    expectTally(a, { offered: 1000, served: 300, rejected: 600, backlogGrowth: 100, crossZone: 400 });
    expectTally(b, { offered: 200, served: 200 });
  });
});

describe('pods that come and go', () => {
  // Two full pods and 300/s: 100 wait after 1 s, 50 at each.
  const loaded = () => {
    const pods = service();
    add(pods, 0, 0, full, 2);
    pods.setRate(at(0), 300, 0);
    cut(pods, at(1));
    return pods;
  };

  it('loses the backlog of a pod that fails', () => {
    const pods = loaded();
    pods.change(at(1), 0, full, undefined, 'lost');
    pods.setRate(at(1), 0, 0);
    const tally = cut(pods, at(2))[0];
    expectTally(tally, { lost: 50, served: 50, timedOut: 0, backlogGrowth: -100 });
    expectCauses(tally?.unserved, [50, 0, 0, 0]);
  });

  it('carries the backlog of a pod into its new class', () => {
    // The draining pod serves its 50 in half a second; the other one keeps 50 at 100/s.
    const pods = loaded();
    pods.change(at(1), 0, full, draining);
    expect(pods.backlog(0)).toBeCloseTo(100, 9);
    pods.setRate(at(1), 100, 0);
    expectTally(cut(pods, at(2))[0], { served: 150, backlogGrowth: -50 });
    expect(pods.backlog(0)).toBeCloseTo(50, 9);
  });

  it('takes back what was credited to requests that come to nothing, also in a class that they moved to', () => {
    // 10 pods of 100/s, 2,000/s for 5 s: after 1 s the backlog is 1,000, its bound; 6,000 are admitted and 5,000 of them served. The objective of 5 s is met by nearly all.
    const begun = (): ReturnType<typeof service> => {
      const pods = service({ objective: duration(5e6) });
      add(pods, 0, 0, full, 10);
      pods.setRate(at(0), 2000, 0);
      pods.setRate(at(5), 0, 0);
      return pods;
    };
    const direct = begun();
    for (let i = 0; i < 10; i++) direct.change(at(5), 0, full, undefined, 'lost');
    const plain = cut(direct, at(6))[0]!;
    expect([plain.admitted, plain.served, plain.lost]).toEqual([6000, 5000, 1000]);
    expect(plain.withdrawn).toBeGreaterThan(950);
    const moved = begun();
    for (let i = 0; i < 10; i++) moved.change(at(5), 0, full, draining);
    for (let i = 0; i < 10; i++) moved.change(at(5), 0, draining, undefined, 'lost');
    expect(cut(moved, at(6))[0]!.withdrawn).toBeCloseTo(plain.withdrawn, 6);
    // Kept alive they have room for a quarter of them; what does not fit is timed out at once.
    const alive = begun();
    for (let i = 0; i < 10; i++) alive.change(at(5), 0, full, { ...draining, limits: 'keep-alive' });
    const less = cut(alive, at(6))[0]!;
    expect(less.timedOut).toBeCloseTo(750, 6);
    expect(less.withdrawn).toBeCloseTo(0.75 * plain.withdrawn, 6);
  });

  it('shows what is lost at the moment of a cut in the next one', () => {
    const pods = service();
    add(pods, 0, 0, full, 1);
    pods.setRate(at(0), 150, 0);
    cut(pods, at(1));
    pods.change(at(1), 0, full, undefined, 'lost');
    expect(cut(pods, at(1))[0]!.lost).toBeCloseTo(50, 9);
  });

  it('takes several changes at one instant as one', () => {
    // Both pods stop and go on: the bound never was 0.
    const pods = loaded();
    const stopped: ServingMode = { ...full, factor: 0, cause: 'fault' };
    for (const [from, to] of [[full, stopped], [full, stopped], [stopped, full], [stopped, full]] as const) pods.change(at(1), 0, from, to); // prettier-ignore
    expectTally(cut(pods, at(2))[0], { timedOut: 0, lost: 0, served: 200, backlogGrowth: 100 });
  });

  it('times out what the remaining pods have no bound for, by the causes of the last deficit', () => {
    // 4 pods, 600/s: 400 wait at 2 s, the bound; then 100/s and 3 pods: 100 beyond the bound, no deficit; all of it was undersized.
    const pods = service();
    add(pods, 0, 0, full, 4);
    pods.setRate(at(0), 600, 0);
    pods.change(at(2), 0, full, { ...full, weight: 0, factor: 0 });
    pods.setRate(at(2), 100, 0);
    const tally = cut(pods, at(3))[0];
    expectTally(tally, { timedOut: 100, rejected: 0, exposureSeconds: 2, served: 800 + 300, backlogGrowth: 100 });
    expectCauses(tally?.unserved, [0, 0, 0, 100]);
  });

  it('lets pods with cold pages recover along their ramp', () => {
    // 10 pods: C = 600 + 20t until 20 s; 800/s. d = 200 − 20t for 10 s: 1,000 requests. q = 200t − 10t² meets B = 600 + 20t at 9 − √21; rejected
    // 180 − 20t from there to 9 s: 10 · 21 = 210. Missing 400 − 20t ≥ d: all because of the switch. The backlog is gone at 10 + √79 = 18.9 s.
    const pods = service();
    add(pods, 0, 0, coldPages(0), 10);
    pods.setRate(at(0), 800, 0);
    const tally = cut(pods, at(30))[0];
    expectTally(tally, {
      offered: 24_000,
      served: 23_790,
      rejected: 210,
      timedOut: 0,
      exposureSeconds: 10,
      backlogGrowth: 0,
      capacity: 16_000 + 10_000,
    });
    expectCauses(tally?.deficit, [0, 1000, 0, 0]);
    expectCauses(tally?.unserved, [0, 210, 0, 0]);
  });

  it('adds up the ramps of pods that began them within one second, and ends each at its own time', () => {
    const pods = service();
    pods.setRate(at(0), 1, 0);
    add(pods, 10.2, 0, coldPages(10.2), 2);
    add(pods, 10.7, 0, coldPages(10.7), 1);
    // At 20.2 s: 2 · (60 + 20) + (60 + 2 · 9.5) = 239; at 30.45 s: 200 + 60 + 2 · 19.75 = 299.5; one pod whose ramp has ended leaves: 199.5, and 200 at 30.7 s.
    pods.advance(at(20.2));
    expect(pods.capacityPerSecond(0)).toBeCloseTo(239, 9);
    pods.advance(at(30.45));
    expect(pods.capacityPerSecond(0)).toBeCloseTo(299.5, 9);
    pods.change(at(30.45), 0, coldPages(10.2), undefined);
    expect(pods.capacityPerSecond(0)).toBeCloseTo(199.5, 9);
    pods.advance(at(31));
    expect(pods.capacityPerSecond(0)).toBeCloseTo(200, 9);
    pods.change(at(31), 0, coldPages(10.7), full);
    pods.change(at(31), 0, coldPages(10.2), full);
    expect(pods.capacityPerSecond(0)).toBeCloseTo(200, 9);
  });

  it('splits a deficit between the causes of what is missing', () => {
    // 400/s; a full, a half (fault, missing 50), a warming (cold start, missing 90) and a cut-off pod (switch, missing 100); W = 3,100, R = 2,100.
    // The cut-off pod's share is forwarded in proportion, so the rest gets 400 by weight: main 209.5 for 110, slow 190.5 for 50: d = 240 = 50 + 100 + 90 + 0.
    const pods = service();
    for (const mode of [full, slow, warming, cutOff]) add(pods, 0, 0, mode);
    pods.setRate(at(0), 400, 0);
    expectCauses(cut(pods, at(2))[0]?.deficit, [100, 200, 180, 0]);
    // Without the cut-off pod 100 more are undersized.
    pods.change(at(2), 0, cutOff, undefined);
    expectCauses(cut(pods, at(3))[0]?.deficit, [50, 0, 90, 100]);
  });
});

describe('the exposure of a service', () => {
  it('is the time with a deficit, joined where segments touch, and united over zones', () => {
    const pods = service({ zones: 2 });
    add(pods, 0, 0, full, 1);
    add(pods, 0, 1, full, 2);
    // λ/2 per zone, 15/s more every second: zone 0 is short from 6.67 s on, zone 1 not before 10 s; then 300 each for a second.
    pods.setRate(at(0), 0, 30);
    pods.setRate(at(10), 600, 0);
    cut(pods, at(10.5));
    pods.setRate(at(11), 20, 0);
    cut(pods, at(12));
    expect(pods.exposureIntervals(0)).toHaveLength(1);
    expect(pods.exposureIntervals(0)[0]?.from).toBeCloseTo((20 / 3) * 1e6, 3);
    expect(pods.exposureIntervals(0)[0]?.to).toBeCloseTo(11e6, 3);
    expect(pods.exposureIntervals(1)).toEqual([{ from: 10e6, to: 11e6 }]);
    expect(unionSeconds([pods.exposureIntervals(0), pods.exposureIntervals(1)])).toBeCloseTo(11 - 20 / 3, 9);
  });

  it('does not begin at equality', () => {
    const pods = service();
    add(pods, 0, 0, full, 3);
    pods.setRate(at(0), 300, 0);
    pods.setRate(at(5), 0, 60);
    expectTally(cut(pods, at(10))[0], { exposureSeconds: 0 });
    expectTally(cut(pods, at(11))[0], { exposureSeconds: 1 });
  });
});

describe('a service', () => {
  it('refuses to go back in time, and pods that leave a class they are not in', () => {
    const pods = service();
    pods.advance(at(5));
    expect(() => pods.setRate(at(4), 1, 0)).toThrow('go back');
    expect(() => pods.change(at(5), 0, full, undefined)).toThrow('serving class');
    add(pods, 5, 0, slow);
    expect(() => pods.change(at(5), 0, coldPages(5), undefined)).toThrow('serving class');
    expect(() => pods.change(at(5), 0, undefined, coldPages(6))).toThrow('after its change');
    expect(() => pods.change(at(5), 7, undefined, full)).toThrow('zone 7');
    expect(() => service({ zones: 2, weights: [0, 0] })).toThrow('routing shares');
  });

  it('needs no cut: tallies of parts add up', () => {
    const make = (cuts: readonly number[]) => {
      const pods = service();
      add(pods, 0, 0, full, 2);
      pods.setRate(at(0), 150, 10);
      return total([...cuts, 20].flatMap((when) => cut(pods, at(when)))); // of two at one moment the second shows nothing
    };
    const [once, often] = [make([]), make([0, 3, 5, 5, 7.123456, 19])];
    for (const key of ['seconds', 'offered', 'served', 'rejected', 'admitted', 'within', 'exposureSeconds', 'backlogGrowth'] as const)
      expect(often[key], key).toBeCloseTo(once[key], 7);
    expect(sum(often.unserved)).toBeCloseTo(often.rejected + often.timedOut + often.lost, 9);
  });
});
