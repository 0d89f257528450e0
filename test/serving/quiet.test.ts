import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Duration } from '../../src/base/units.ts';
import type { ServingMode } from '../../src/serving/mode.ts';
import { responseQuantiles } from '../../src/serving/response-quantile.ts';
import { FluidService } from '../../src/serving/fluid/fluid-service.ts';
import type { ServiceOptions } from '../../src/serving/service.ts';
import { addTally, emptyTally, noCounts, type Tally, type TrafficCounts } from '../../src/serving/tally.ts';
import { add, at, coldPages, cut, cutOff, draining, full, keepAlive, optionsOf, service, slow, warming } from './support.ts';

const twin = vi.hoisted(() => ({ isCalled: false }));
vi.mock('../../src/serving/fluid/quiet.ts', async (original) => {
  const { neverQuiet } = await import('./never-quiet.ts');
  return neverQuiet(await original<typeof import('../../src/serving/fluid/quiet.ts')>(), () => twin.isCalled);
});

/** The same service, of which nothing is ever quiet, so that its stations integrate class by class all the time. */
const classByClass = (options: ServiceOptions): FluidService =>
  new Proxy(new FluidService(options), {
    get: (service, name) => {
      const method: unknown = Reflect.get(service, name, service);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]): unknown => {
        twin.isCalled = true;
        try {
          return Reflect.apply(method, service, given);
        } finally {
          twin.isCalled = false;
        }
      };
    },
  });

const modes: readonly ServingMode[] = [
  full,
  warming,
  { ...full, weight: 500, factor: 500 },
  { ...full, weight: 0, factor: 0 },
  keepAlive,
  cutOff,
  draining,
  slow,
  { ...full, factor: 0, cause: 'fault' },
  { ...keepAlive, local: 500, receives: true, factor: 700 },
  { ...full, receives: false },
];

const settings = fc.record({
  zones: fc.constantFrom(1, 2, 3),
  weights: fc.constantFrom(undefined, [1, 0, 2], [0.3, 1, 1]),
  far: fc.boolean(),
  overflow: fc.boolean(),
  timeout: fc.constantFrom(5_000, 200_000, 1e6, 5e6),
  objective: fc.constantFrom(30_000, 300_000),
  cv: fc.constantFrom(0, 1, 2),
  idleMillicores: fc.constantFrom(0, 50),
  sidecar: fc.constantFrom(0, 300),
  relay: fc.constantFrom(0, 200),
});

const drawnMode = fc.oneof(
  { weight: 6, arbitrary: fc.record({ mode: fc.constantFrom(...modes) }) },
  // Its ramp began so long ago.
  {
    weight: 1,
    arbitrary: fc.record({
      mode: fc.constantFrom(full, { ...full, receives: false }),
      ramp: fc.record({
        factor: fc.constantFrom(600, 100),
        to: fc.constantFrom(1000, 400),
        ago: fc.constantFrom(0, 0.3),
        for: fc.constantFrom(5, 20),
      }),
    }),
  },
);

const ops = fc.array(
  fc.record({
    // Often at the same moment.
    after: fc.constantFrom(0, 0, 1e-6, 1, 3, 10.5, 25),
    what: fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('rate' as const),
          // Of what its pods could serve; near it rounding decides who waits.
          share: fc.oneof(fc.constantFrom(0, 0.3, 0.9, 1, 1 - 1e-10, 1.2), fc.double({ min: 0, max: 1, noNaN: true })),
          slope: fc.constantFrom(0, 0, 1, -4, 30),
          retried: fc.constantFrom(0, 0.1),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('come' as const), zone: fc.nat(2), to: drawnMode }) },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('change' as const),
          which: fc.nat(50),
          to: fc.option(drawnMode, { nil: undefined }),
          backlog: fc.constantFrom(undefined, 'moves' as const, 'lost' as const),
        }),
      },
      // `quickOnly`: the other one is not looked at.
      { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('cut' as const, 'advance' as const), quickOnly: fc.boolean() }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('count' as const, 'restless' as const) }) },
    ),
  }),
  { minLength: 3, maxLength: 50 },
);

/** Both services under the same pods, rates and looks, and what each has counted. */
class Pair {
  readonly services: readonly [FluidService, FluidService];
  readonly totals: readonly [readonly Tally[], readonly Tally[]];
  readonly zones: number;

  constructor(options: ServiceOptions) {
    this.services = [new FluidService(options), classByClass(options)];
    this.zones = options.zones;
    const empty = (): Tally[] => Array.from({ length: options.zones }, emptyTally);
    this.totals = [empty(), empty()];
  }

  cut(now: number, quickOnly = false): void {
    for (const i of quickOnly ? ([0] as const) : ([0, 1] as const))
      cut(this.services[i], at(now)).forEach((tally, zone) => {
        addTally(this.totals[i][zone]!, tally);
      });
  }

  counts(now: number): readonly TrafficCounts[] {
    return this.services.map((each) => {
      const counts = noCounts();
      each.advance(at(now));
      each.count(counts);
      return counts;
    });
  }
}

function expectAlike(pair: Pair): void {
  pair.totals[0].forEach((a, zone) => {
    const b = pair.totals[1][zone]!;
    const tolerance = 1e-9 * (1 + a.offered + a.usedCoreSeconds);
    for (const key of Object.keys(a) as (keyof Tally)[]) {
      const [x, y] = [a[key], b[key]];
      if (typeof x === 'number' && typeof y === 'number') expect(Math.abs(x - y), key).toBeLessThan(tolerance);
    }
    for (let k = 0; k < 4; k++) {
      expect(Math.abs(a.unserved[k]! - b.unserved[k]!), `unserved ${String(k)}`).toBeLessThan(tolerance);
      expect(Math.abs(a.deficit[k]! - b.deficit[k]!), `deficit ${String(k)}`).toBeLessThan(tolerance);
    }
    const [qa, qb] = [a, b].map((tally) => responseQuantiles(tally, [0.5, 0.99]));
    if (a.admitted > 1) qa!.forEach((t, i) => expect(Math.abs(t / qb![i]! - 1)).toBeLessThan(1e-7));
    expect(pair.services[0].exposureIntervals(zone).length).toBe(pair.services[1].exposureIntervals(zone).length);
  });
}

describe('an app in which nothing waits', () => {
  it('counts in one step what its stations count class by class, whatever happens to pods and rate, and whoever looks', () => {
    let [looks, waited, quiet] = [0, 0, 0];
    fc.assert(
      fc.property(settings, ops, ({ weights, far, zones, ...others }, drawn) => {
        const distances = Array.from({ length: zones }, (_, a) => Array.from({ length: zones }, (_, b) => (a === b ? 0 : (a + b) % 3)));
        const options = optionsOf({
          ...(others as { readonly [Key in keyof typeof others]: (typeof others)[Key] & Duration }),
          zones,
          ...(weights && zones > 1 ? { weights: weights.slice(0, zones) } : {}),
          ...(far ? { distances } : {}),
        });
        const pair = new Pair(options);
        const pods: { zone: number; mode: ServingMode }[] = [];
        let [now, rate, slope, since] = [0, 0, 0, 0];
        const change = (zone: number, from: ServingMode | undefined, to: ServingMode | undefined, backlog?: 'moves' | 'lost'): void => {
          for (const each of pair.services) each.change(at(now), zone, from, to, backlog);
        };
        const modeOf = (to: { mode: ServingMode; ramp?: { factor: number; to: number; ago: number; for: number } }): ServingMode => {
          if (!to.ramp) return to.mode;
          const from = Math.max(0, now - to.ramp.ago);
          return {
            ...to.mode,
            factor: to.ramp.factor,
            cause: 'switch',
            ramp: { to: to.ramp.to, from: at(from), until: at(from + to.ramp.for) },
          };
        };
        const setRate = (when: number, perSecond: number, perSecond2: number, retried = 0): void => {
          [rate, slope, since] = [perSecond, perSecond2, when];
          for (const each of pair.services) each.setRate(at(when), rate, slope, rate * retried);
        };
        for (let zone = 0; zone < zones; zone++)
          for (let i = 0; i < 3; i++) {
            pods.push({ zone, mode: full });
            change(zone, undefined, full);
          }
        for (const { after, what } of drawn) {
          // The rate never goes below 0.
          if (slope < 0 && rate + slope * (now + after - since) < 0)
            setRate(Math.max(since, Math.floor(1e6 * (since - rate / slope)) / 1e6), 0, 0);
          now += after;
          switch (what.kind) {
            case 'rate': {
              const running = pods.reduce((sum, { mode }) => sum + (mode.limits === 'running' ? mode.factor / 1000 : 0), 0);
              const each = (options.runningMillicores - options.idleMillicores) / 1000 / ((options.serviceTime + options.sidecar) / 1e6);
              setRate(now, what.share * running * each, what.slope, what.slope < 0 ? 0 : what.retried);
              break;
            }
            case 'come': {
              const [zone, mode] = [what.zone % zones, modeOf(what.to)];
              pods.push({ zone, mode });
              change(zone, undefined, mode);
              break;
            }
            case 'change': {
              const at = what.which % Math.max(1, pods.length);
              const pod = pods[at];
              if (!pod) break;
              const to = what.to && modeOf(what.to);
              change(pod.zone, pod.mode, to, what.backlog);
              if (to) pod.mode = to;
              else pods.splice(at, 1);
              break;
            }
            case 'cut':
              pair.cut(now, what.quickOnly);
              break;
            case 'advance':
              for (const each of pair.services.slice(0, what.quickOnly ? 1 : 2)) each.advance(at(now));
              break;
            case 'count': {
              pair.cut(now);
              const [a, b] = pair.counts(now) as [TrafficCounts, TrafficCounts];
              for (const key of Object.keys(a) as (keyof TrafficCounts)[])
                expect(Math.abs(a[key] - b[key]), key).toBeLessThan(1e-9 * (1 + a.offered + a.usedCoreSeconds));
              looks++;
              break;
            }
            case 'restless': {
              pair.counts(now);
              const [a, b] = pair.services.map((each) => Math.max(at(now), each.restlessFrom())) as [number, number];
              // The quick one may ask again a rounding earlier.
              if (b === Infinity) expect(a).toBe(Infinity);
              else expect(Math.abs(a - b)).toBeLessThan(10);
              if (b > at(now)) quiet++;
            }
          }
        }
        if (slope < 0) setRate(now, 0, 0);
        pair.cut(now + 5);
        expectAlike(pair);
        if (pair.totals[0].some(({ rejected, timedOut }) => rejected + timedOut > 1)) waited++;
      }),
      { seed: 11, numRuns: 700 },
    );
    for (const often of [looks, waited, quiet]) expect(often).toBeGreaterThan(100);
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
