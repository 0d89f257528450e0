import { duration } from '../../src/base/units.ts';
import { describe, expect, it } from 'vitest';
import type { LoadMeter } from '../../src/metrics/load-meter.ts';
import { FluidRetries } from '../../src/serving/fluid/fluid-retries.ts';
import { checksOf } from '../../src/simulation/checks.ts';
import { Curve } from '../../src/traffic/curve.ts';
import { at, meterOf } from '../metrics/support.ts';
import { TestWorld } from '../operations/support.ts';

const end = at(100);

/** A world of one slot and two pods of each app in two zones, whose traffic is served for 100 s: gala 500/s, sale 3,000/s, far too many. */
function played(): {
  readonly world: TestWorld;
  readonly meters: readonly LoadMeter[];
  check(rates?: readonly number[]): readonly string[];
} {
  const world = new TestWorld();
  world.reserve(1, 'gala', true);
  for (const name of ['gala', 'sale']) world.scale(name, 2, true);
  world.until(100);
  const meters = [meterOf([2, 1]), meterOf([1, 1])];
  const truth = [500, 3000];
  meters.forEach((meter, app) => {
    meter.service.setRate(at(0), truth[app] ?? 0, 0);
    meter.sum(end);
  });
  const demands = (rates: readonly number[]) =>
    rates.map((rate) => ({ truth: Curve.constant(rate, end), forecast: Curve.constant(rate, end) }));
  return {
    world,
    meters,
    check: (rates = truth) =>
      checksOf(end, world.cluster, meters, demands(rates), [])
        .filter(({ held }) => !held)
        .map(({ name, detail }) => `${name}: ${detail}`),
  };
}

describe('the checks at the end of a run', () => {
  it('all hold where the books are right, overload and all', () => {
    const { check, meters, world } = played();
    expect(check()).toEqual([]);
    expect(meters[1]?.sum(end).rejected).toBeGreaterThan(100_000);
    const names = checksOf(
      end,
      world.cluster,
      meters,
      [500, 3000].map((rate) => ({ truth: Curve.constant(rate, end), forecast: Curve.constant(rate, end) })),
      [],
    );
    expect(names.map(({ name, held, detail }) => [name, held, detail])).toEqual([
      ['attempts = served + rejected + timed out + lost + backlog, per app and zone', true, ''],
      ['first attempts = integral of the offered rate, per app', true, ''],
      ['causes of unserved attempts add up, per app and zone', true, ''],
      ['what overflows from zones is taken by others, per app', true, ''],
      ['failed attempts = retries + given up + pending, per app and generation', true, ''],
      ['CPU used is within the limits in force, per app', true, ''],
      ['a steady slot has exactly one running tenant', true, ''],
    ]);
  });

  it('find an attempt that was served twice, and name app and zone', () => {
    const { check, meters } = played();
    (meters[0]?.takeRow(end)[1] ?? { served: 0 }).served += 1;
    expect(check()).toEqual([
      'attempts = served + rejected + timed out + lost + backlog, per app and zone: gala in west: 25000 attempts, 25001 accounted for',
    ]);
  });

  it('find attempts that nobody offered', () => {
    expect(played().check([500, 2990])).toEqual([
      expect.stringMatching(
        /^first attempts = integral of the offered rate, per app: sale: (300000|299999\.9\d+|300000\.0\d+) first attempts of 299000 offered$/,
      ),
    ]);
  });

  it('find a cause that is not counted, or counted twice', () => {
    const { check, meters } = played();
    const tally = meters[1]?.takeRow(end)[0];
    if (tally) tally.unserved[3] = (tally.unserved[3] ?? 0) - 5;
    expect(check()).toEqual([
      expect.stringMatching(
        /^causes of unserved attempts add up, per app and zone: sale in east: \d+(\.\d+)? unserved, \d+(\.\d+)? by cause$/,
      ),
    ]);
  });

  it('find retries that were not counted, and name the app', () => {
    const { meters, world } = played();
    const demands = [500, 3000].map((rate) => ({ truth: Curve.constant(rate, end), forecast: Curve.constant(rate, end) }));
    const retries = new FluidRetries({ tries: 3, probability: 1, delay: duration(1e6), resolution: duration(1e6) });
    const failures = () => checksOf(end, world.cluster, meters, demands, [undefined, retries]).filter(({ held }) => !held);
    expect(failures().map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^sale: \d+(\.\d+)? attempts failed in all, 0 accounted for$/),
    ]);
    // Told of all that failed, they take it for tried again, but nothing came back.
    retries.end(end, { ...meters[1]?.takeBucket(end), offered: 300_000, unserved: meters[1]?.sum(end).unserved ?? [], backlog: 0 });
    expect(failures().map(({ detail }) => detail)).toEqual([]);
    retries.end(at(101), { offered: 0, unserved: [0, 0, 0, 0], backlog: 0 });
    expect(failures().map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^sale: 0 attempts came back, \d+(\.\d+)? accounted for$/),
    ]);
  });

  it('find more CPU used than the limits allow', () => {
    const { check, meters } = played();
    // gala has limits of 3 pods · 4 cores for 100 s: 1,200 core-seconds.
    (meters[0]?.takeRow(end)[0] ?? { usedCoreSeconds: 0 }).usedCoreSeconds = 1201;
    expect(check()).toEqual([
      expect.stringMatching(
        /^CPU used is within the limits in force, per app: gala: used 1[34]\d\d(\.\d+)? of 1200 core-seconds in limits$/,
      ),
    ]);
  });

  it('find a steady slot that nobody, or not one alone, runs in; a slot that is switching may be so', () => {
    const { check, world } = played();
    const slot = world.cluster.slot(0);
    world.cluster.setState(end, world.cluster.tenant(slot, 0), 'draining-to-standby');
    expect(check()).toEqual(['a steady slot has exactly one running tenant: slot 0 is steady with 0 running tenants']);
    world.cluster.setSlotState(end, slot, 'switching');
    expect(check()).toEqual([]);
  });

  it('forgive what is lost in the last digits, and no more', () => {
    const { check, meters } = played();
    const tally = meters[0]?.takeRow(end)[0];
    const served = tally?.served ?? NaN;
    if (tally) tally.served = served * (1 + 0.5e-9);
    expect(check()).toEqual([]);
    if (tally) tally.served = served * (1 + 3e-9);
    expect(check()).toHaveLength(1);
  });
});
