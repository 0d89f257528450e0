import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, time } from '../../src/base/units.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { LoadMeter } from '../../src/metrics/load-meter.ts';
import { Arrivals } from '../../src/simulation/arrivals.ts';
import { demandOf, streamsOf } from '../../src/simulation/demand.ts';
import { catchUpInterval, Loads } from '../../src/simulation/loads.ts';
import { serviceOf } from '../../src/simulation/service-of.ts';
import { scenario } from './support.ts';

const full = { limits: 'running', weight: 1000, local: 1000, receives: true, factor: 1000 } as const;
const end = time(3600e6);

/** The loads of an hour under noise, on pods that its peaks saturate, seen through metrics windows of `window` that are `delay` old. */
function loads(window: number, delay: number) {
  const of = scenario('tiny', ['horizon=1h', 'defaults.noise={ sigma: 20%, interval: 7s }']);
  const { apps, cluster: spec } = of;
  const cluster = new Cluster(spec, apps, of.groups);
  const streams = streamsOf(of, 0);
  const demands = apps.map((app) => demandOf(app, of, streams));
  const meters = apps.map((app) => new LoadMeter(serviceOf(app, of, streams), spec.zones.length, app.objective));
  for (const [app, { service }] of meters.entries()) {
    const pods = Math.ceil((demands[app]!.truth.max(time(0), end) * 0.7) / 150 / spec.zones.length);
    for (let zone = 0; zone < spec.zones.length; zone++) for (let i = 0; i < pods; i++) service.change(time(0), zone, undefined, full);
  }
  const arrivals = new Arrivals(demands, meters, end, () => undefined);
  const made = new Loads(cluster, meters, demands, arrivals, end, { window: duration(window * 1e6), delay: duration(delay * 1e6) });
  made.begin();
  return made;
}

describe('what the platform’s metrics say', () => {
  it('does not depend on how often the loads are gone through', () => {
    let seen = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(1, 7, 15, 60),
        fc.constantFrom(0, 1, 15, 40),
        // When somebody looks, and whether before what ends at that very moment.
        fc.uniqueArray(fc.record({ at: fc.integer({ min: 1, max: 3600 }), before: fc.boolean() }), {
          minLength: 1,
          maxLength: 8,
          selector: ({ at }) => at,
        }),
        (window, delay, looks) => {
          const [often, seldom] = [loads(window, delay), loads(window, delay)];
          for (let s = 1; s <= 3600; s++) {
            const now = time(s * 1e6);
            const look = looks.find(({ at }) => at === s);
            if (look) {
              const [a, b] = [often, seldom].map((each) => {
                each.advance(0, now, look.before ? 0 : Infinity);
                return each.measured(0, now);
              });
              expect([b?.from, b?.to]).toEqual([a?.from, a?.to]);
              if (a && b) {
                seen++;
                for (const key of ['offeredPerSecond', 'servedPerSecond', 'successRatio', 'responseP99', 'utilisation'] as const) {
                  const [one, other] = [a[key] ?? 0, b[key] ?? 0];
                  expect(Math.abs(other / (one || 1) - (one === 0 ? 0 : 1)), key).toBeLessThan(1e-6);
                }
              }
            }
            often.advance(0, now, Infinity);
            if (now % catchUpInterval === 0) for (const each of [often, seldom]) each.advanceAll(now, Infinity);
          }
        },
      ),
      { seed: 11, numRuns: 40 },
    );
    expect(seen).toBeGreaterThan(80);
  });
});
