import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, time, type Time } from '../../src/base/units.ts';
import type { ServingMode } from '../../src/serving/mode.ts';
import type { FluidService } from '../../src/serving/fluid/fluid-service.ts';
import { responseQuantiles } from '../../src/serving/response-quantile.ts';
import { addTally, emptyTally, type Tally } from '../../src/serving/tally.ts';
import { unionSeconds } from '../../src/serving/interval-union.ts';
import { at, coldPages, cut, cutOff, draining, full, keepAlive, service, slow, sum, warming } from './support.ts';

interface Step {
  readonly wait: number;
  readonly zone: number;
  readonly pod: number;
  readonly mode: number;
  readonly backlog: 'moves' | 'lost';
  readonly rate: number;
  readonly slope: number;
  readonly turnRate: boolean;
}
const step: fc.Arbitrary<Step> = fc.record({
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4_000_000 })),
  zone: fc.nat(2),
  pod: fc.nat(7),
  mode: fc.nat(9),
  backlog: fc.constantFrom('moves', 'lost'),
  rate: fc.integer({ min: 0, max: 1500 }),
  slope: fc.integer({ min: -100, max: 100 }),
  turnRate: fc.boolean(),
});

/** Plays steps on eight pods per zone, calling `read` with the clock (µs) before each. Returns the end, µs. */
function play(pods: FluidService, zones: number, steps: readonly Step[], read: (until: number) => void): number {
  const modes: (ServingMode | undefined)[][] = Array.from({ length: zones }, () => []);
  let now = 0;
  let rate = 0;
  let slope = 0;
  for (const { wait, zone: anyZone, pod, mode, backlog, turnRate, ...next } of steps) {
    const zone = anyZone % zones;
    // A rate never falls below 0.
    const most = slope < 0 ? Math.floor((rate / -slope) * 1e6) : Infinity;
    const passed = Math.min(wait, most);
    now += passed;
    rate += (slope * passed) / 1e6;
    read(now);
    if (turnRate || most === passed) {
      rate = next.rate;
      slope = next.slope;
      pods.setRate(at(now / 1e6), rate, slope);
    } else {
      const seconds = now / 1e6;
      const choices = [undefined, full, full, full, warming, slow, keepAlive, cutOff, draining, coldPages(seconds)];
      const from = modes[zone]?.[pod];
      const to = choices[mode];
      if (from === undefined && to === undefined) continue;
      pods.change(at(seconds), zone, from, to, backlog);
      (modes[zone] as (ServingMode | undefined)[])[pod] = to;
    }
  }
  const end = now + 1_000_000;
  const most = slope < 0 ? now + Math.floor((rate / -slope) * 1e6) : Infinity;
  read(Math.min(end, most));
  return Math.min(end, most);
}

/** Admitted attempts by their response. */
const weightByResponse = ({ responses: [weights] }: Tally): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const cell of weights!.cells) {
    const response = JSON.stringify(weights!.grid.response(cell));
    sums.set(response, (sums.get(response) ?? 0) + weights!.weight(cell));
  }
  return sums;
};

const settings = { relay: duration(200), sidecar: duration(300), timeout: duration(700_000) };

describe.each([
  { how: 'zones for themselves', options: { ...settings, zones: 2 } },
  { how: 'zones that overflow', options: { ...settings, zones: 3, weights: [4, 2, 1], overflow: true } },
])('any sequence of changes, $how', ({ options }) => {
  const eachZone = Array.from({ length: options.zones }, (_, zone) => zone);

  it('conserves attempts, and its causes add up', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const pods = service(options);
        const end = play(pods, options.zones, steps, () => undefined);
        const tallies = cut(pods, at(end / 1e6));
        for (const zone of eachZone) {
          const t = tallies[zone]!;
          const tolerance = 1e-9 * (1 + t.offered);
          expect(
            Math.abs(t.offered + t.overflowedIn - t.overflowedOut - t.served - t.rejected - t.timedOut - t.lost - t.backlogGrowth),
          ).toBeLessThan(tolerance);
          expect(Math.abs(t.backlogGrowth - pods.backlog(zone))).toBeLessThan(tolerance);
          expect(Math.abs(sum(t.unserved) - t.rejected - t.timedOut - t.lost)).toBeLessThan(tolerance);
          expect(Math.abs(unionSeconds([pods.exposureIntervals(zone)]) - t.exposureSeconds)).toBeLessThan(1e-6);
          const [weights] = t.responses;
          expect(Math.abs(sum(weights!.cells.map((cell) => weights!.weight(cell))) - t.admitted)).toBeLessThan(tolerance);
          for (const value of [
            t.offered,
            t.served,
            t.rejected,
            t.timedOut,
            t.lost,
            t.overflowedIn,
            t.overflowedOut,
            t.admitted,
            t.within,
            t.forwarded,
            t.crossZone,
            t.usedCoreSeconds,
            ...t.deficit,
            ...t.unserved,
          ]) {
            expect(value).toBeGreaterThan(-tolerance);
          }
          expect(t.within).toBeLessThan(t.admitted + tolerance);
          expect(Math.abs(t.seconds - end / 1e6)).toBeLessThan(1e-6);
        }
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('gives the same sums and quantiles whether it is cut every second or never', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const once = service(options);
        const end = at(play(once, options.zones, steps, () => undefined) / 1e6);
        const whole = cut(once, end);
        const often = service(options);
        const parts = eachZone.map(emptyTally);
        let next = 0;
        const read = (t: Time): void => cut(often, t).forEach((tally, zone) => addTally(parts[zone]!, tally));
        play(often, options.zones, steps, (until) => {
          for (; next <= until; next += 1e6) read(time(next));
        });
        read(end);
        for (const zone of eachZone) {
          const [a, b] = [whole[zone]!, parts[zone]!];
          const tolerance = 1e-9 * (1 + a.offered);
          for (const key of [
            'seconds',
            'offered',
            'served',
            'overflowedIn',
            'overflowedOut',
            'rejected',
            'timedOut',
            'lost',
            'admitted',
            'within',
            'forwarded',
            'crossZone',
            'exposureSeconds',
            'fallbackSeconds',
            'capacity',
            'usedCoreSeconds',
            'backlogGrowth',
          ] as const) {
            expect(Math.abs(a[key] - b[key]), key).toBeLessThan(tolerance);
          }
          for (let k = 0; k < 4; k++) {
            expect(Math.abs(a.deficit[k]! - b.deficit[k]!)).toBeLessThan(tolerance);
            expect(Math.abs(a.unserved[k]! - b.unserved[k]!)).toBeLessThan(tolerance);
          }
          // Each service has a grid of its own, whose cells are numbered as they came: what is the same is the response.
          const [byResponse, others] = [a, b].map(weightByResponse) as [Map<string, number>, Map<string, number>];
          for (const [response, weight] of byResponse)
            if (Math.abs(weight - (others.get(response) ?? 0)) > tolerance) expect.fail(`the weight of ${response} differs`);
          const [qa, qb] = [responseQuantiles(a, [0.5, 0.99]), responseQuantiles(b, [0.5, 0.99])];
          if (a.admitted > 1) expect(Math.abs(qa![1]! / qb![1]! - 1)).toBeLessThan(1e-6);
        }
      }),
      { seed: 11, numRuns: 60 },
    );
  });
});

describe('overflow', () => {
  it('changes nothing but where refused attempts are served: never more than there is room, and nothing of the zones’ own traffic', () => {
    let [most, short] = [0, 0];
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const options = { ...settings, zones: 3, weights: [4, 2, 1] };
        const [alone, together] = [service(options), service({ ...options, overflow: true })];
        const end = at(play(alone, 3, steps, () => undefined) / 1e6);
        play(together, 3, steps, () => undefined);
        const [without, withIt] = [cut(alone, end), cut(together, end)];
        const tolerance = 1e-9 * (1 + sum(without.map((t) => t.offered)));
        const same = (a: number, b: number, what: string) => {
          expect(Math.abs(a - b), what).toBeLessThan(tolerance);
        };
        without.forEach((a, zone) => {
          const b = withIt[zone]!;
          same(b.served, a.served + b.overflowedIn, 'served');
          same(b.rejected, a.rejected - b.overflowedOut, 'rejected');
          for (const key of ['offered', 'timedOut', 'lost', 'backlogGrowth', 'exposureSeconds', 'forwarded'] as const)
            same(b[key], a[key], key);
          for (let k = 0; k < 4; k++) {
            same(b.deficit[k]!, a.deficit[k]!, 'deficit');
            expect(b.unserved[k]!).toBeLessThan(a.unserved[k]! + tolerance);
          }
        });
        const [out, into] = [sum(withIt.map((t) => t.overflowedOut)), sum(withIt.map((t) => t.overflowedIn))];
        same(out, into, 'what leaves arrives');
        if (out > 1) most++;
        if (out > 1 && sum(withIt.map((t) => t.rejected)) > 1) short++;
      }),
      { seed: 11, numRuns: 150 },
    );
    // Often enough something overflows, and often the room does not do.
    expect(Math.min(most, short)).toBeGreaterThan(15);
  });
});
