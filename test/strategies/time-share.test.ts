import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appName, groupName } from '../../src/base/units.ts';
import { ScenarioError } from '../../src/scenario/scenario-error.ts';
import type { AppView, GroupView, View } from '../../src/strategies/strategy.ts';
import { timeShare } from '../../src/strategies/time-share.ts';
import { rollout } from '../operations/support.ts';
import { appView, at, groupView, ordered, sharedWorld, staged, steps, strategyOf, view, wakes } from './support.ts';

const step = (time: number, group: string, from: string, to: string) => ({
  at: at(time),
  group: groupName(group),
  from: appName(from),
  to: appName(to),
});
const make = (plan: readonly object[], change: object = {}) =>
  strategyOf(timeShare, { utilisation: 0.75, slots: {}, pods: {}, plan, rollout: rollout(), ...change });

// 300/s a pod at 75 %, two zones: n = 2 · ⌈rate ÷ 600⌉. gala needs 6 pods until 300 s, then 2; sale 2 until 350 s, then 6.
const gala = appView(
  'gala',
  steps(600, [
    [0, 1800],
    [300, 300],
  ]),
);
const sale = appView(
  'sale',
  steps(600, [
    [0, 300],
    [350, 1800],
  ]),
);
const site = appView('site', steps(600, [[0, 1300]]));
const world = (slotMillicores: number, apps: readonly AppView[] = [gala, sale, site], groups?: readonly GroupView[]): View =>
  view(apps, groups ?? [groupView('night', ['gala', 'sale'], slotMillicores)]);
const plan = [step(330, 'night', 'gala', 'sale')];

describe('the plan of time-share', () => {
  it('keeps outside the slots what an app needs while it does not hold them, and reserves the fewest cores', () => {
    // Floors: gala after 330 s 2, sale before 2; both need 6 at most. E(S) = max(2, 6 − S).
    // Cores: 2 · 4 · E(S) + 5 · S = 48, 45, 42, 39, 36, 41, … for S = 0, 1, 2, 3, 4, 5: four slots.
    expect(ordered(make(plan).open(world(5000)))).toEqual({ night: [4, 'gala'], gala: 2, sale: 2, site: 6 }); // site stands alone: 2 · ⌈1,300 ÷ 600⌉
  });

  it('takes fewer slots the larger a slot is, and the fewest of equals', () => {
    // Slots of 8 cores save two pods of 4 and no more: 48 cores for S = 0 … 4. The smallest such number is none.
    expect(ordered(make(plan).open(world(8000)))).toEqual({ night: [0, 'gala'], gala: 6, sale: 6, site: 6 });
    // A millicore less, and each slot pays.
    expect(ordered(make(plan).open(world(7999)))).toEqual({ night: [4, 'gala'], gala: 2, sale: 2, site: 6 });
  });

  it('takes the numbers that are given', () => {
    expect(ordered(make(plan, { slots: { night: 3 } }).open(world(5000)))).toEqual({ night: [3, 'gala'], gala: 3, sale: 3, site: 6 });
    expect(ordered(make(plan, { slots: { night: 9 } }).open(world(5000)))).toEqual({ night: [9, 'gala'], gala: 2, sale: 2, site: 6 });
    // With gala fixed at 5 only sale gets smaller: 4 · E(S) + 5 · S grows with S.
    expect(ordered(make(plan, { pods: { gala: 5, site: 1 } }).open(world(5000)))).toEqual({
      night: [0, 'gala'],
      gala: 5,
      sale: 6,
      site: 1,
    });
  });

  it('keeps one pod a zone outside at least, unless the app may do without', () => {
    const quiet = {
      ...gala,
      forecast: steps(600, [
        [0, 1800],
        [300, 0],
      ]),
    };
    expect(ordered(make(plan).open(world(5000, [quiet, sale])))).toMatchObject({ gala: 2 });
    expect(ordered(make(plan).open(world(5000, [{ ...quiet, allowNoExclusive: true }, sale])))).toEqual({
      night: [4, 'gala'],
      gala: 2,
      sale: 2,
    });
    // Slots of 2 cores are worth it even for one app: S = 6, and gala goes without pods outside.
    expect(ordered(make(plan).open(world(2000, [{ ...quiet, allowNoExclusive: true }, sale])))).toEqual({
      night: [6, 'gala'],
      gala: 0,
      sale: 2,
    });
  });

  it('counts a rate at the very moment of the switch for giver and taker: both must bear it', () => {
    // The switch is where gala's rate falls and sale's rises. gala holds to the last instant; sale, from its first on, must bear 1,800/s, before it holds.
    const sharp = {
      ...sale,
      forecast: steps(600, [
        [0, 300],
        [330, 1800],
      ]),
    };
    expect(ordered(make(plan).open(world(5000, [gala, sharp])))).toMatchObject({ sale: 6 });
  });

  it('hands the slots on from holder to holder, and asks to be woken each time', () => {
    const strategy = make([step(330, 'night', 'gala', 'sale'), step(500, 'night', 'sale', 'gala')]);
    expect(strategy.plan?.(world(5000)).map(({ from, slots }) => [from / 1e6, slots.get(groupName('night'))?.holder])).toEqual([
      [0, 'gala'],
      [330, 'sale'],
      [500, 'gala'],
    ]);
    expect(wakes(strategy.open(world(5000)))).toEqual([330, 500]);
  });

  it('tells several groups’ switches in the order of time; those at one moment make one fleet and one wake-up', () => {
    const groups = [groupView('night', ['gala', 'sale'], 5000), groupView('day', ['site', 'shop'], 5000)];
    const shop = appView('shop', steps(600, [[0, 1300]]));
    const strategy = make([step(330, 'night', 'gala', 'sale'), step(100, 'day', 'site', 'shop'), step(330, 'day', 'shop', 'site')], {
      slots: { night: 4, day: 2 },
    });
    const seen = world(5000, [gala, sale, site, shop], groups);
    expect(strategy.plan?.(seen).map(({ from, slots }) => [from / 1e6, ...groups.map(({ name }) => slots.get(name)?.holder)])).toEqual([
      [0, 'gala', 'site'],
      [100, 'gala', 'shop'],
      [330, 'sale', 'site'],
    ]);
    expect(wakes(strategy.open(seen))).toEqual([100, 330]);
  });

  it('leaves a group without switches alone: its apps own their peaks', () => {
    const groups = [groupView('night', ['gala', 'sale'], 5000), groupView('day', ['site'], 5000)];
    expect(ordered(make(plan).open(world(5000, [gala, sale, site], groups)))).toEqual({ night: [4, 'gala'], gala: 2, sale: 2, site: 6 });
  });

  it('finds the number of slots that a search over all numbers finds, the smallest of equals, on random forecasts', () => {
    // Ten pieces of a minute each; switches in the middle of pieces, so that no rate changes at the moment of a switch.
    const rates = fc.array(fc.integer({ min: 0, max: 9000 }), { minLength: 10, maxLength: 10 });
    const shape = fc.record({
      rates: fc.tuple(rates, rates, rates),
      slot: fc.integer({ min: 4500, max: 13_000 }),
      zones: fc.integer({ min: 1, max: 3 }),
      first: fc.integer({ min: 0, max: 4 }),
      second: fc.integer({ min: 5, max: 9 }),
    });
    const found = new Set<boolean>();
    fc.assert(
      fc.property(shape, ({ rates: drawn, slot, zones, first, second }) => {
        const names = ['a', 'b', 'c'];
        const apps = drawn.map((values, index) =>
          appView(
            names[index] ?? '',
            steps(
              600,
              values.map((rate, piece) => [piece * 60, rate]),
            ),
            { limitMillicores: 4000 + 1000 * index },
          ),
        );
        const seen = view(apps, [groupView('g', names, slot)], { zones });
        const orders = ordered(make([step(first * 60 + 30, 'g', 'a', 'b'), step(second * 60 + 30, 'g', 'b', 'c')]).open(seen));
        const needs = drawn.map((values, index) =>
          values.map(
            (rate) => zones * Math.floor((rate * 10 + zones * (4000 + 1000 * index) * 0.75 - 1) / (zones * (4000 + 1000 * index) * 0.75)),
          ),
        );
        const holder = (piece: number, half: number) => (piece + half / 2 < first + 0.5 ? 0 : piece + half / 2 < second + 0.5 ? 1 : 2);
        const floors = needs.map((need, app) =>
          Math.max(zones, ...need.flatMap((pods, piece) => [0, 1].flatMap((half) => (holder(piece, half) === app ? [] : [pods])))),
        );
        const exclusive = (slots: number) => needs.map((need, app) => Math.max(floors[app] ?? 0, Math.max(...need) - slots));
        const cores = Array.from({ length: 200 }, (_, slots) =>
          exclusive(slots).reduce((sum, pods, app) => sum + pods * (4000 + 1000 * app), slots * slot),
        );
        const best = cores.indexOf(Math.min(...cores));
        expect(orders).toEqual({ g: [best, 'a'], ...Object.fromEntries(exclusive(best).map((pods, app) => [names[app], pods])) });
        found.add(best > 0);
      }),
      { seed: 11, numRuns: 200 },
    );
    expect(found.size).toBe(2); // forecasts that share, and forecasts that do not
  });
});

describe('the switches of time-share', () => {
  const given = rollout({ by: 'node' });
  const holding = (now: number, slots: number) =>
    view([gala, sale, site], [groupView('night', ['gala', 'sale'], 5000, slots)], { now: at(now), because: 'wake' });

  it('are ordered at their time, all slots of the group, once', () => {
    const strategy = make(plan, { rollout: given });
    expect(strategy.decide(holding(329, 4))).toEqual([]);
    expect(strategy.decide(holding(330, 4))).toEqual([
      { kind: 'switch', group: 'night', from: 'gala', to: 'sale', slots: 4, rollout: given },
    ]);
    expect(strategy.decide(holding(330, 4))).toEqual([]);
  });

  it('are not ordered where the group has no slots', () => {
    expect(make(plan).decide(holding(330, 0))).toEqual([]);
  });
});

describe('options that contradict themselves', () => {
  const night = (moment: string, from: string, to: string) => `{ at: ${moment}, group: night, from: ${from}, to: ${to} }`;
  it.each([
    {
      what: 'a giver that is its own taker',
      plan: night('00:05', 'gala', 'gala'),
      path: 'plan.0.to',
      message: 'giver and taker are both gala',
    },
    {
      what: 'switches of a group that go back in time',
      plan: `${night('00:05', 'gala', 'sale')}, ${night('00:04', 'sale', 'gala')}`,
      path: 'plan.1.at',
      message: "is not later than the group's switch before it",
    },
    {
      what: 'two switches of a group at once',
      plan: `${night('00:05', 'gala', 'sale')}, ${night('00:05', 'sale', 'gala')}`,
      path: 'plan.1.at',
      message: "is not later than the group's switch before it",
    },
    {
      what: 'a giver that does not hold the slots',
      plan: `${night('00:05', 'gala', 'sale')}, ${night('00:06', 'gala', 'sale')}`,
      path: 'plan.1.from',
      message: 'gala does not hold the slots then; sale does',
    },
    {
      what: 'an unknown group',
      plan: '{ at: 00:05, group: nigth, from: gala, to: sale }',
      path: 'plan.0.group',
      message: 'there is no group "nigth"; known: night',
    },
    {
      what: 'a taker that is no member of the group',
      plan: night('00:05', 'gala', 'site'),
      path: 'plan.0.to',
      message: 'site is not in group night; its apps: gala, sale',
    },
    {
      what: 'a giver that is no member of the group',
      plan: night('00:05', 'site', 'gala'),
      path: 'plan.0.from',
      message: 'site is not in group night; its apps: gala, sale',
    },
    { what: 'no switch', plan: '', path: 'plan', message: 'expected at least one switch' },
  ])('are refused: $what', ({ plan: written, path, message }) => {
    expect(issues(`{ plan: [${written}] }`)).toContainEqual([`strategies.time-share.${path}`, message]);
  });

  it('are refused: a number of slots below 1, and slots of an unknown group', () => {
    const good = night('00:05', 'gala', 'sale');
    expect(issues(`{ slots: { night: 0 }, plan: [${good}] }`).map(([path]) => path)).toEqual(['strategies.time-share.slots.night']);
    expect(issues(`{ slots: { nigth: 3 }, plan: [${good}] }`).map(([path]) => path)).toEqual(['strategies.time-share.slots.nigth']);
  });
});

function issues(options: string): readonly (readonly [string, string])[] {
  try {
    staged(sharedWorld, timeShare, options);
  } catch (error) {
    if (error instanceof ScenarioError) return error.issues.map((issue) => [issue.path.map(String).join('.'), issue.message]);
    throw error;
  }
  return [];
}
