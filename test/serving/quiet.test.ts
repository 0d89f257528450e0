import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration } from '../../src/base/units.ts';
import { responseQuantiles } from '../../src/serving/response-quantile.ts';
import { addTally, emptyTally, type Tally, type TrafficCounts } from '../../src/serving/tally.ts';
import { add, at, coldPages, cut, cutOff, draining, full, keepAlive, service, slow, warming } from './support.ts';

const modes = [full, warming, keepAlive, cutOff, draining, slow];
const settings = {
  zones: 2,
  relay: duration(200),
  sidecar: duration(300),
  idleMillicores: 50,
  objective: duration(30_000),
  hops: [duration(500), duration(2500), duration(30_500)] as const,
};

/**
 * The same rates for the same pods, in both services. In one of them a pod that gets no traffic comes at the beginning of every stretch and goes at its
 * end, so that no stretch is the second one since the pods changed: it is integrated class by class.
 */
function both(counts: readonly number[], overflow: boolean, rates: readonly number[]) {
  return [false, true].map((disturbed) => {
    const pods = service({ ...settings, overflow });
    modes.forEach((mode, i) => {
      add(pods, 0, 0, mode, counts[i]);
      add(pods, 0, 1, mode, counts[modes.length - 1 - i]);
    });
    rates.forEach((rate, i) => {
      if (disturbed) pods.change(at(10 * i), 0, i % 2 === 0 ? undefined : draining, i % 2 === 0 ? draining : undefined);
      if (disturbed) pods.change(at(10 * i), 1, i % 2 === 0 ? undefined : draining, i % 2 === 0 ? draining : undefined);
      const next = rates[i + 1] ?? rate;
      pods.setRate(at(10 * i), rate, i % 3 === 0 ? 0 : (next - rate) / 10, rate / 7);
      if (i % 4 === 1) pods.advance(at(10 * i + 3));
    });
    return cut(pods, at(10 * rates.length));
  });
}

describe('a station in which nothing waits', () => {
  it('counts in one step what it counts class by class', () => {
    let waited = 0;
    fc.assert(
      fc.property(
        fc.array(fc.nat(6), { minLength: modes.length, maxLength: modes.length }),
        fc.boolean(),
        fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 900, noNaN: true })), { minLength: 3, maxLength: 12 }),
        (counts, overflow, rates) => {
          const [quick, slowly] = both(counts, overflow, rates) as [ReturnType<typeof cut>, ReturnType<typeof cut>];
          quick.forEach((a, zone) => {
            const b = slowly[zone]!;
            const tolerance = 1e-9 * (1 + a.offered + a.usedCoreSeconds);
            for (const key of Object.keys(a) as (keyof typeof a)[]) {
              const [x, y] = [a[key], b[key]];
              // The pod that comes and goes has limits of its own, and idles.
              const extra = key === 'usedCoreSeconds' ? 0.05 * 10 * Math.ceil(rates.length / 2) : 0;
              if (typeof x === 'number' && typeof y === 'number') expect(Math.abs(x + extra - y), key).toBeLessThan(tolerance);
            }
            for (let k = 0; k < 4; k++) expect(Math.abs(a.unserved[k]! - b.unserved[k]!)).toBeLessThan(tolerance);
            if (a.rejected > 1) waited++;
            const [qa, qb] = [a, b].map((tally) => responseQuantiles(tally, [0.5, 0.99]));
            if (a.admitted > 1) qa!.forEach((t, i) => expect(Math.abs(t / qb![i]! - 1)).toBeLessThan(1e-7));
          });
        },
      ),
      { seed: 11, numRuns: 300 },
    );
    expect(waited).toBeGreaterThan(5);
  });

  it('changes nothing, whatever happens to pods and rate, and whoever looks', () => {
    // A pod without traffic or capacity whose ramp takes for ever: its station is never at rest.
    const restless = {
      limits: 'keep-alive',
      weight: 0,
      local: 1000,
      receives: false,
      factor: 0,
      ramp: { to: 0, from: at(0), until: at(1e6) },
    } as const;
    const ops = fc.array(
      fc.record({
        // Often at the same moment.
        after: fc.constantFrom(0, 0, 1, 3, 10.5, 25),
        what: fc.oneof(
          {
            weight: 5,
            arbitrary: fc.record({
              rate: fc.constantFrom(0, 50, 300, 640, 700, 1500),
              slope: fc.constantFrom(0, 0, 1, -4, 30),
              retried: fc.constantFrom(0, 0.1),
            }),
          },
          { weight: 3, arbitrary: fc.record({ mode: fc.constantFrom(...modes), zone: fc.nat(1), comes: fc.boolean() }) },
          { weight: 2, arbitrary: fc.constantFrom('cut', 'count', 'advance', 'restless') },
        ),
      }),
      { minLength: 3, maxLength: 40 },
    );
    let quietly = 0;
    fc.assert(
      fc.property(ops, fc.boolean(), (drawn, overflow) => {
        const pair = [service({ ...settings, overflow }), service({ ...settings, overflow })] as const;
        for (const each of pair) for (const zone of [0, 1]) add(each, 0, zone, full, 4);
        for (const zone of [0, 1]) add(pair[1], 0, zone, restless);
        const there = new Map<string, number>();
        const totals = pair.map((): Tally[] => [emptyTally(), emptyTally()]);
        const take = (when: number): void => {
          pair.forEach((each, i) => {
            cut(each, at(when)).forEach((tally, zone) => {
              addTally(totals[i]![zone]!, tally);
            });
          });
        };
        let [now, rate, slope, since] = [0, 0, 0, 0];
        for (const { after, what } of drawn) {
          now += after;
          if (typeof what === 'object' && 'rate' in what) {
            // Never below 0.
            [rate, slope, since] = [what.rate, what.slope < 0 && what.rate < 400 ? 0 : what.slope, now];
            for (const each of pair) each.setRate(at(now), rate, slope, rate * what.retried);
          } else if (slope < 0 && rate + slope * (now - since) < 0) {
            [rate, slope, since] = [0, 0, now];
            for (const each of pair) each.setRate(at(now), 0, 0);
          } else if (typeof what === 'object') {
            const key = `${String(modes.indexOf(what.mode))} ${String(what.zone)}`;
            const count = there.get(key) ?? 0;
            if (!what.comes && count === 0) continue;
            there.set(key, count + (what.comes ? 1 : -1));
            for (const each of pair)
              each.change(at(now), what.zone, what.comes ? undefined : what.mode, what.comes ? what.mode : undefined);
          } else if (what === 'cut') take(now);
          else if (what === 'advance') for (const each of pair) each.advance(at(now));
          else if (what === 'restless') {
            // A zone that has not been looked at since may speak of the past: that is now.
            const [a, b] = pair.map((each) => Math.max(at(now), each.restlessFrom())) as [number, number];
            // The quick one may ask again a rounding earlier, the other one at the end of its ramp.
            if (b >= at(9e5)) expect(a).toBe(Infinity);
            else expect(Math.abs(a - b)).toBeLessThan(10);
          } else {
            const [a, b] = pair.map((each) => {
              const counts: TrafficCounts = {
                seconds: 0,
                offered: 0,
                retried: 0,
                admitted: 0,
                within: 0,
                withdrawn: 0,
                usedCoreSeconds: 0,
              };
              each.advance(at(now));
              each.count(counts);
              return counts;
            }) as [TrafficCounts, TrafficCounts];
            for (const key of Object.keys(a) as (keyof TrafficCounts)[])
              expect(Math.abs(a[key] - b[key]), key).toBeLessThan(1e-9 * (1 + a.offered + a.usedCoreSeconds));
            quietly++;
          }
        }
        take(now + 10);
        totals[0]!.forEach((a, zone) => {
          const b = totals[1]![zone]!;
          const tolerance = 1e-9 * (1 + a.offered + a.usedCoreSeconds);
          for (const key of Object.keys(a) as (keyof Tally)[]) {
            const [x, y] = [a[key], b[key]];
            if (typeof x === 'number' && typeof y === 'number') expect(Math.abs(x - y), key).toBeLessThan(tolerance);
          }
          for (let k = 0; k < 4; k++) expect(Math.abs(a.unserved[k]! - b.unserved[k]!)).toBeLessThan(tolerance);
          const [qa, qb] = [a, b].map((tally) => responseQuantiles(tally, [0.5, 0.99]));
          if (a.admitted > 1) qa!.forEach((t, i) => expect(Math.abs(t / qb![i]! - 1)).toBeLessThan(1e-7));
        });
      }),
      { seed: 11, numRuns: 500 },
    );
    expect(quietly).toBeGreaterThan(100);
  });

  it('is asked again where a rate passes saturation, and when a ramp ends', () => {
    // 10 pods of 100/s. 900/s for 20 s, then up by 20/s each second: saturated 5 s later; 10 s later 1,100/s: backlog ∫ 20t dt from 0 to 5 = 250.
    const pods = service();
    add(pods, 0, 0, full, 10);
    for (const s of [0, 10]) pods.setRate(at(s), 900, 0);
    pods.setRate(at(20), 900, 20);
    pods.advance(at(22));
    expect(cut(pods, at(30))[0]!.backlogGrowth).toBeCloseTo(250, 9);
    // Cold pages rise from 60 % to 100 % within 20 s: 700/s on 600/s at first.
    const cold = service();
    add(cold, 0, 0, coldPages(0), 10);
    for (const s of [0, 2, 4, 20, 30]) cold.setRate(at(s), 700, 0);
    const whole = cut(cold, at(40))[0]!;
    // C − 700 = −100 + 20t: at 10 s the backlog of 250 has been served again.
    expect([whole.served, whole.exposureSeconds].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([28_000, 5]);
    expect(whole.capacity).toBeCloseTo(20 * 800 + 20 * 1000, 6);
  });
});
