import { afterEach, expect, it, vi } from 'vitest';
import { FifoPod } from '../../src/serving/requests/fifo-pod.ts';
import { FluidService } from '../../src/serving/fluid/fluid-service.ts';
import { podResponse } from '../../src/serving/response-law.ts';
import { ClassLaw } from '../../src/serving/fluid/class-law.ts';
import type { Claim } from '../../src/verify/claim.ts';
import { drawFrom } from '../../src/verify/draw.ts';
import { drawnWorld, written } from '../../src/verify/drawn-world.ts';
import { fluid } from '../../src/verify/fluid.ts';
import { tailByIntegration } from '../../src/verify/fluid-responses.ts';
import { PlainScan } from '../../src/verify/plain-scan.ts';
import { placementClaims } from '../../src/verify/placement.ts';
import { played, related } from '../../src/verify/played.ts';
import { theory } from '../../src/verify/theory.ts';
import { twin } from '../../src/verify/twin.ts';

/** The claims that fail, up to the one of this name. */
function failed(claims: Iterable<Claim>, last?: string): string[] {
  const names: string[] = [];
  for (const { name, held } of claims) {
    if (held === false) names.push(name);
    if (name === last) break;
  }
  return names;
}

afterEach(() => {
  vi.restoreAllMocks();
});

it('a fluid that serves a thousandth more than its capacity is found out by the closed forms and by the plain integration', () => {
  const { form } = ClassLaw.prototype;
  vi.spyOn(ClassLaw.prototype, 'form').mockImplementation(function (this: ClassLaw, arrival, slope, capacity, capacitySlope) {
    form.call(this, arrival, slope, capacity * 1.001, capacitySlope);
  });
  const names = failed(fluid.claims({ quick: true, seed: 11 }));
  expect(names).toContain('ramp through saturation: backlog');
  expect(names).toContain('pulse: backlog empty at');
  expect(names).toContain('Euler’s limit is the closed form');
});

it('pods with a server too few are found out by queueing theory', () => {
  const { set } = FifoPod.prototype;
  vi.spyOn(FifoPod.prototype, 'set').mockImplementation(function (this: FifoPod, t, power) {
    set.call(this, t, { ...power, servers: Math.max(1, power.servers - 1) });
  });
  const last = 'M/M/4 at ρ = 0.7: mean wait';
  const names = failed(theory.claims({ quick: true, seed: 11 }), last);
  expect(names).toContain(last);
  expect(names.filter((name) => name.startsWith('M/M/1'))).toEqual([]);
});

it('a fluid whose pods are a tenth too fast is found out by single requests', () => {
  const { setRate } = FluidService.prototype;
  vi.spyOn(FluidService.prototype, 'setRate').mockImplementation(function (this: FluidService, at, perSecond, slope, retried) {
    setRate.call(this, at, perSecond * 0.9, slope, retried);
  });
  const claim = 'steady at ρ = 0.5: requests present';
  expect(failed(twin.claims({ quick: true, seed: 11 }), claim)).toEqual([claim]);
});

it('the numerical convolution tells a wrong tail', () => {
  const law = podResponse(0, 4, 4, 0.7, 1);
  expect(tailByIntegration(law, 2)).not.toBeCloseTo(tailByIntegration({ ...law, waits: law.waits * 1.001 }, 2), 6);
});

it('a scheduler that counts one zone wrongly is found out', () => {
  class Forgetful extends PlainScan {
    override count(...[alike, zone, delta]: Parameters<PlainScan['count']>): void {
      if (zone !== 1 || delta > 0) super.count(alike, zone, delta);
    }
  }
  expect(failed(placementClaims(50, 11, (of, by) => new Forgetful(of, by)))).toHaveLength(1);
  expect(failed(placementClaims(50, 11))).toEqual([]);
});

it('rows that differ in one number, one word or their count are not related', () => {
  const world = drawnWorld(drawFrom(11, 'a test'));
  const { apps } = played(written(world), 'time-share');
  expect(related('apps', apps, apps)).toBe(true);
  const changed = (change: object) => apps.map((row, i) => (i === 7 ? { ...row, ...change } : row));
  expect(related('apps', apps, changed({ served_per_s: Number(apps[7]!['served_per_s']) + 1 }))).toBe(false);
  expect(related('apps', apps, changed({ zone: 'north' }))).toBe(false);
  expect(related('apps', apps, apps.slice(1))).toBe(false);
  expect(related('apps', apps, apps, { factors: { s: 2 } })).toBe(false);
  expect(related('apps', apps, changed({ backlog: 1e9 }), { but: ['backlog'] })).toBe(true);
});

it('a name draws the same cases for ever', () => {
  const draw = drawFrom(11, 'a test');
  expect([draw.whole(1, 1e9), draw.whole(1, 1e9), draw.chance(0.5)]).toEqual([433_887_485, 711_245_480, true]);
});

it('worlds that are drawn overload, switch and idle', () => {
  const draw = drawFrom(11, 'a test');
  const runs = Array.from({ length: 12 }, () => played(written(drawnWorld(draw)), 'time-share').summary.at(-1)!);
  const some = (column: string) => runs.filter((row) => Number(row[column]) > 0).length;
  expect(Math.min(some('rejected'), some('slots_switched'), some('exposure_s'))).toBeGreaterThan(3);
});
