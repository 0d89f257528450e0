import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { time } from '../../src/base/units.ts';
import { divided, namesOfCopies, sharesOf, shiftOf } from '../../src/scenario/copies.ts';
import { decodeScenario } from '../../src/scenario/decode.ts';
import { renderProblems, ScenarioError } from '../../src/scenario/scenario-error.ts';
import { resolvedYaml } from '../../src/scenario/resolved.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { defineStrategy } from '../../src/strategies/strategy.ts';
import { buildCurve } from '../../src/traffic/build.ts';

const families = `name: mine
start: 2026-11-10T20:00:00+08:00
horizon: 12h
cluster: { nodes: 40, node: { cpu: 64, memory: 256Gi } }
apps:
  shop:   { copies: { count: 3, scale: zipf }, service: { time: 8ms }, traffic: { constant: 6600/s } }
  forest: { copies: { count: 3, shift: 20m }, service: { time: 6ms }, traffic: { piecewise: [{ at: 05:00, rate: 100/s }, { at: 07:00, rate: 1600/s }] } }
  search: { service: { time: 5ms }, traffic: { constant: 10/s } }
groups:
  pairs: { apps: [shop, forest] }
strategies:
  static-peak:
  time-share: { slots: { pairs: 30 }, plan: [{ at: 05:30, group: pairs, from: shop, to: forest }] }
`;

const decoded = (text: string) => decodeScenario({ file: 'a.yaml', text }, { strategies });
const scenario = (text: string): Scenario => decoded(text).scenario;
const changed = (old: string, now: string, text = families): string => {
  expect(text.split(old)).toHaveLength(2);
  return text.replace(old, () => now);
};
const appsOf = ({ apps }: Scenario): readonly string[] => apps.map(({ name }) => name);
const optionsOf = (text: string, label: string): unknown => scenario(text).strategies.find((use) => use.label === label)?.options;
const curveOf = (of: Scenario, name: string) => {
  const app = of.apps.find((each) => each.name === name);
  if (app === undefined) throw new Error(`no app ${name}`);
  return buildCurve(app.traffic, of.calendar);
};

/** Every complaint about `text`, without the excerpts. */
function complaints(text: string): readonly string[] {
  try {
    decoded(text);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.issues.map((issue) => renderProblems([issue]).split('\n')[0] ?? '');
  }
  throw new Error(`decoded without complaint:\n${text}`);
}

describe('shares of copies', () => {
  // 1 + 1/2 + 1/3 = 11/6, so 6/11, 3/11 and 2/11.
  it("follow Zipf's law: the second has half and the third a third of what the first has", () => {
    const [first, second, third] = sharesOf({ count: 3, scale: 'zipf' });
    expect(first).toBeCloseTo(6 / 11, 14);
    expect(second).toBeCloseTo(3 / 11, 14);
    expect(third).toBeCloseTo(2 / 11, 14);
  });

  // 1 + 1/√4 … : of four copies the fourth has half of what the first has.
  it('are less unequal with a smaller exponent', () => {
    const shares = sharesOf({ count: 4, scale: 'zipf', exponent: 0.5 });
    expect((shares[3] ?? 0) / (shares[0] ?? 1)).toBeCloseTo(1 / 2, 14);
    expect((shares[1] ?? 0) / (shares[0] ?? 1)).toBeCloseTo(Math.SQRT1_2, 14);
  });

  it('are equal unless asked otherwise', () => {
    expect(sharesOf({ count: 4, scale: 'equal' })).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('add up to the whole and never rise', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 4, noNaN: true }), (count, exponent) => {
        const shares = sharesOf({ count, scale: 'zipf', exponent });
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 11);
        shares.forEach((share, index) => {
          expect(share).toBeGreaterThan(0);
          if (index > 0) expect(share).toBeLessThanOrEqual(shares[index - 1] ?? 0);
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe('a number divided among copies', () => {
  // 30 · 6/11 = 16.36, 30 · 3/11 = 8.18, 30 · 2/11 = 5.45: rounded down 29, and the one that is left goes to the largest remainder, 0.45.
  it('is rounded down, and what is left goes to the largest remainders', () => {
    expect(divided(30, [6 / 11, 3 / 11, 2 / 11])).toEqual([16, 8, 6]);
    expect(divided(7, [0.25, 0.25, 0.25, 0.25])).toEqual([2, 2, 2, 1]);
  });

  it('is all there, and nobody is further than one from the exact part', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(0, 0.5, 1, 2),
        (total, count, exponent) => {
          const shares = sharesOf({ count, scale: 'zipf', exponent });
          const parts = divided(total, shares);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
          parts.forEach((part, index) => expect(Math.abs(part - total * (shares[index] ?? 0))).toBeLessThanOrEqual(1));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the shift of a copy', () => {
  it('is within its bounds on both sides, whole µs, and depends on the name alone', () => {
    const shifts = namesOfCopies('pay', { count: 400 }).map((name) => shiftOf(name, { shift: 1e6 as never }));
    expect(Math.max(...shifts)).toBeLessThanOrEqual(1e6);
    expect(Math.min(...shifts)).toBeGreaterThanOrEqual(-1e6);
    expect(shifts.every(Number.isInteger)).toBe(true);
    // The mean of 400 uniform ones has a standard deviation of 1/√3/√400 = 0.029; four of them are 0.115.
    expect(Math.abs(shifts.reduce((sum, shift) => sum + shift, 0) / 400)).toBeLessThan(0.115e6);
    expect(new Set(shifts).size).toBe(400);
    // A copy is the same for ever: its name draws its shift.
    expect(shifts.slice(0, 3)).toEqual([483_182, 140_064, -704_033]);
    expect(shiftOf('pay-7', { shift: 1e6 as never })).toBe(shifts[6]);
    expect(Math.abs(shiftOf('pay-7', { shift: 2e6 as never }) - 2 * (shifts[6] ?? 0))).toBeLessThanOrEqual(1);
  });
});

describe('an app with copies', () => {
  it('becomes that many apps in its place', () => {
    expect(appsOf(scenario(families))).toEqual(['shop-1', 'shop-2', 'shop-3', 'forest-1', 'forest-2', 'forest-3', 'search']);
  });

  // 6600/s · 6/11, 3/11, 2/11
  it('divides its traffic among them', () => {
    const all = scenario(families);
    const rates = ['shop-1', 'shop-2', 'shop-3'].map((name) => curveOf(all, name).at(time(0)));
    expect(rates.map((rate) => Number(rate.toPrecision(12)))).toEqual([3600, 1800, 1200]);
  });

  it('has a copy whose traffic is its share of the whole, earlier or later by its shift', () => {
    const [one, all] = [
      scenario(
        changed('{ count: 3, shift: 20m }', '{ count: 1 }')
          .replace('[shop, forest]', '[shop-1, search]')
          .replace(/ {2}time-share.*\n/, ''),
      ),
      scenario(families),
    ];
    const whole = curveOf(one, 'forest-1');
    for (const name of ['forest-1', 'forest-2', 'forest-3']) {
      const later = shiftOf(name, { shift: 1200e6 as never });
      for (const hours of [9.5, 10, 10.5])
        expect(curveOf(all, name).at(time(hours * 3600e6))).toBeCloseTo(whole.at(time(hours * 3600e6 - later)) / 3, 9);
    }
  });

  it('divides the further wave of a surprise as well', () => {
    const all = scenario(
      changed('traffic: { constant: 6600/s }', 'traffic: { constant: 6600/s }, surprise: { wave: { constant: 110/s } }'),
    );
    expect(
      all.apps
        .slice(0, 3)
        .map(({ surprise }) => surprise.wave && Number(buildCurve(surprise.wave, all.calendar).at(time(0)).toPrecision(12))),
    ).toEqual([60, 30, 20]);
  });

  it('keeps the copies it has, traffic aside, when there are more of them, other apps, or another seed', () => {
    const before = scenario(families);
    const more = scenario(
      changed(
        'count: 3, shift',
        'count: 12, shift',
        changed(
          'horizon: 12h',
          'horizon: 12h\nseed: 9',
          changed('  pairs: { apps: [shop, forest] }\n', '  few: { apps: [shop-1, forest-1] }\n'),
        ),
      )
        .replace(/ {2}time-share.*\n/, '')
        .replace('apps:\n', 'apps:\n  aaa: { service: { time: 5ms }, traffic: { constant: 1/s } }\n'),
    );
    for (const name of ['forest-1', 'forest-2', 'forest-3']) {
      const [old, now] = [before, more].map((each) => each.apps.find((app) => app.name === name));
      expect(now).toEqual({ ...old, traffic: now?.traffic });
      for (const hours of [9.5, 10, 10.5])
        expect(curveOf(more, name).at(time(hours * 3600e6)) * 12).toBeCloseTo(curveOf(before, name).at(time(hours * 3600e6)) * 3, 9);
    }
  });

  it('takes what the defaults say, traffic too', () => {
    const text =
      changed(
        'shop:   { copies: { count: 3, scale: zipf }, service: { time: 8ms }, traffic: { constant: 6600/s } }',
        'shop: { copies: { count: 3 }, service: { time: 8ms } }',
      ) + 'defaults: { drain: 9s, traffic: { constant: 30/s } }\n';
    const all = scenario(
      text
        .replace(/ {2}forest:.*\n/, '')
        .replace('[shop, forest]', '[shop-1, shop-2]')
        .replace(/ {2}time-share.*\n/, ''),
    );
    expect(all.apps.slice(0, 3).map((app) => [app.name, app.drain, Number(curveOf(all, app.name).at(time(0)).toPrecision(12))])).toEqual([
      ['shop-1', 9e6, 10],
      ['shop-2', 9e6, 10],
      ['shop-3', 9e6, 10],
    ]);
  });
});

describe('what is said of a family', () => {
  it('is said of groups copy by copy', () => {
    expect(scenario(families).groups.map(({ name, apps }) => [name, ...apps])).toEqual([
      ['pairs-1', 'shop-1', 'forest-1'],
      ['pairs-2', 'shop-2', 'forest-2'],
      ['pairs-3', 'shop-3', 'forest-3'],
    ]);
  });

  it('is said of each copy in a plan, and numbers are divided as the traffic of the first app is', () => {
    const { slots, plan } = optionsOf(families, 'time-share') as { readonly slots: object; readonly plan: readonly object[] };
    expect(slots).toEqual({ 'pairs-1': 16, 'pairs-2': 8, 'pairs-3': 6 });
    expect(plan).toEqual(
      [1, 2, 3].map((k) => ({ at: 9.5 * 3600e6, group: `pairs-${String(k)}`, from: `shop-${String(k)}`, to: `forest-${String(k)}` })),
    );
  });

  it('is said of each copy in moves that are made at one time', () => {
    const text = changed('  static-peak:\n', '  vacate-and-move: { plan: [{ at: 05:30, from: shop, to: forest }] }\n');
    expect(optionsOf(text, 'vacate-and-move')).toMatchObject({
      plan: [1, 2, 3].map((k) => ({ at: 9.5 * 3600e6, from: `shop-${String(k)}`, to: `forest-${String(k)}` })),
    });
  });

  it('leaves to a copy what it is given by its own name', () => {
    const text = changed('static-peak:', 'static-peak: { pods: { forest: 9, search: 4 } }');
    expect(optionsOf(text, 'static-peak')).toMatchObject({ pods: { 'forest-1': 3, 'forest-2': 3, 'forest-3': 3, search: 4 } });
    const own = changed('static-peak:', 'static-peak: { pods: { forest: 9, forest-2: 1 } }');
    expect(optionsOf(own, 'static-peak')).toMatchObject({ pods: { 'forest-1': 3, 'forest-2': 1, 'forest-3': 3 } });
  });

  it('is said of one copy where one is named', () => {
    const text = changed('from: shop, to: forest', 'from: shop-2, to: forest-2', changed('group: pairs', 'group: pairs-2'));
    expect(optionsOf(text, 'time-share')).toMatchObject({ plan: [{ group: 'pairs-2', from: 'shop-2', to: 'forest-2' }] });
  });

  it('is said of all copies in the list of a fault', () => {
    const text = `${families}faults: [{ push-loss: { at: 23:55:00, for: 30m, share: 40%, apps: [search, shop] } }]\n`;
    expect(scenario(text).faults).toMatchObject([{ kind: 'push-loss', apps: ['search', 'shop-1', 'shop-2', 'shop-3'] }]);
  });

  it('is the same as writing the copies out, which is what the resolved scenario does', () => {
    const given = decoded(`${families}faults: [{ push-loss: { at: 23:55:00, for: 30m, share: 40%, apps: [search, shop] } }]\n`);
    const text = resolvedYaml(given, { strategies });
    expect(text).not.toContain('copies:');
    expect(text).toMatch(
      / {4}traffic:\n {6}scale:\n {8}by: 33\.3333333333333% +# a\.yaml:7\n {8}of:\n {10}shift:\n {12}(?:later|earlier): \d+m/,
    );
    expect(scenario(text)).toEqual({ ...given.scenario, strategies: scenario(text).strategies });
    expect(scenario(text).strategies.map(({ options }) => options)).toEqual(given.scenario.strategies.map(({ options }) => options));
  });
});

describe("what a plug-in's options say of a family", () => {
  const plugin = defineStrategy({
    name: 'mine',
    summary: 'names apps in every way that a schema can',
    options: (kit) =>
      kit.z.strictObject({
        leader: kit.app().describe('one app').optional(),
        chosen: kit.z.union([kit.z.literal('all'), kit.z.array(kit.app().describe('one of them'))]).default('all'),
        weights: kit.z.record(kit.app(), kit.z.number()).default({}),
        steps: kit.z
          .array(kit.z.strictObject({ where: kit.z.strictObject({ app: kit.app() }), others: kit.z.array(kit.app()).default([]) }))
          .prefault([]),
      }),
    create: () => ({ open: () => [], decide: () => [] }),
  });
  const given = (options: string): unknown => {
    const text = changed('  static-peak:\n', `  mine: ${options}\n`);
    return decodeScenario({ file: 'a.yaml', text }, { strategies: [...strategies, plugin] }).scenario.strategies[0]?.options;
  };

  it('is said of its copies wherever several may be named', () => {
    expect(given('{ chosen: [search, shop] }')).toMatchObject({ chosen: ['search', 'shop-1', 'shop-2', 'shop-3'] });
    expect(given('{ chosen: all }')).toMatchObject({ chosen: 'all' });
  });

  it('is repeated for each where it is no count: a weight of 6 is one of 6 for each', () => {
    expect(given('{ weights: { shop: 6 } }')).toMatchObject({ weights: { 'shop-1': 6, 'shop-2': 6, 'shop-3': 6 } });
  });

  it('goes by the names of an item itself, not by those in its lists', () => {
    expect(given('{ steps: [{ where: { app: shop }, others: [forest] }, { where: { app: search }, others: [shop] }] }')).toMatchObject({
      steps: [
        ...[1, 2, 3].map((k) => ({ where: { app: `shop-${String(k)}` }, others: ['forest-1', 'forest-2', 'forest-3'] })),
        { where: { app: 'search' }, others: ['shop-1', 'shop-2', 'shop-3'] },
      ],
    });
  });

  it('is refused where one app is meant', () => {
    expect(given('{ leader: shop-2 }')).toMatchObject({ leader: 'shop-2' });
    expect(() => given('{ leader: shop }')).toThrow('strategies.mine.leader: shop stands for 3 copies: name one of them, such as shop-1');
  });
});

/** [what is wrong, the text replaced, by what, the complaints]. */
const corpus: readonly (readonly [string, string, string, readonly string[]])[] = [
  [
    'no copies',
    '{ count: 3, shift: 20m }',
    '{ count: 0 }',
    ['a.yaml:7:30 apps.forest.copies.count: read 0: expected a whole number from 1 to 1000'],
  ],
  [
    'too many copies',
    '{ count: 3, shift: 20m }',
    '{ count: 1e9 }',
    ['a.yaml:7:30 apps.forest.copies.count: read 1000000000: expected a whole number from 1 to 1000'],
  ],
  [
    'a bare number of copies',
    '{ count: 3, shift: 20m }',
    '3',
    ['a.yaml:7:21 apps.forest.copies: read 3: expected a mapping with count, scale, exponent, shift'],
  ],
  ['an unknown scale', 'scale: zipf', 'scale: zpif', ['a.yaml:6:40 apps.shop.copies.scale: read "zpif": expected equal or zipf']],
  [
    'an exponent of equal copies',
    'count: 3, shift',
    'count: 3, exponent: 2, shift',
    ['a.yaml:7:43 apps.forest.copies.exponent: belongs to scale: zipf; equal copies have none'],
  ],
  [
    'copies of copies',
    '{ count: 3, shift: 20m }',
    '{ count: 3, copies: { count: 2 } }',
    ['a.yaml:7:33 apps.forest.copies.copies: unknown key; known keys: count, scale, exponent, shift'],
  ],
  [
    'copies by default',
    'strategies:',
    'defaults: { copies: { count: 3 } }\nstrategies:',
    ['a.yaml:11:13 defaults.copies: an app says of itself how many copies it has: no default'],
  ],
  [
    'a copy named as another app',
    '  search:',
    '  shop-2:',
    ['a.yaml:6:3 apps.shop: a copy of it is shop-2, and there is another of that name'],
  ],
  [
    'a copy named as a family',
    '  search: {',
    '  shop-2: { copies: { count: 2 },',
    ['a.yaml:6:3 apps.shop: a copy of it is shop-2, and there is another of that name'],
  ],
  [
    'a copy whose name is too long',
    '  search: {',
    `  ${'s'.repeat(62)}: { copies: { count: 2 },`,
    [
      `a.yaml:8:3 apps.${'s'.repeat(62)}: its copies are named "${'s'.repeat(56)}… and so on: a name is 1 to 63 letters, digits, ".", "_" or "-" and begins with a letter; it has 64 characters`,
    ],
  ],
  [
    'more apps than there may be',
    'count: 3, scale: zipf',
    'count: 999, scale: zipf',
    ['a.yaml:5:1 apps: 1003 apps, copies counted: at most 1000'],
  ],
  [
    'a mistake in what all copies have',
    'time: 6ms',
    'time: 6',
    ['a.yaml:7:64 apps.forest.service.time: read 6: add a unit: 6s, 6m or 6ms'],
  ],
  [
    'a mistake in traffic that is divided',
    'rate: 1600/s',
    'rate: 1600',
    ['a.yaml:7:141 apps.forest.traffic.piecewise.1.rate: read 1600: add a unit: 1600/s'],
  ],
  [
    'pods that fit no node',
    'forest: {',
    'forest: { pod: { cpu: 90 },',
    [
      'a.yaml:7:25 apps.forest.pod.cpu: a pod of forest-1 needs 90 cores, but a node can give 64 cores',
      'a.yaml:10:3 groups.pairs.slot.cpu: a slot of pairs-1 needs 91 cores, but a node can give 64 cores',
    ],
  ],
  [
    'a group of families of different sizes',
    '{ count: 3, shift: 20m }',
    '{ count: 2 }',
    [
      'a.yaml:10:25 groups.pairs.apps.1: forest has 2 copies, but shop has 3: apps share slots copy by copy, so each needs as many copies; or name one, such as shop-1',
    ],
  ],
  [
    'a group of a family and an app',
    '[shop, forest]',
    '[shop, search]',
    [
      'a.yaml:10:25 groups.pairs.apps.1: search is one app, but shop has 3: apps share slots copy by copy, so each needs as many copies; or name one, such as shop-1',
    ],
  ],
  [
    'a group with nobody else',
    '[shop, forest]',
    '[shop, forset]',
    ['a.yaml:10:25 groups.pairs.apps.1: there is no app "forset"; known: shop-1 … shop-3, forest-1 … forest-3, search'],
  ],
  [
    'a slot too small for every pair',
    '[shop, forest]',
    '[shop, forest], slot: { cpu: 4, memory: 12Gi }',
    [
      'a.yaml:10:47 groups.pairs.slot.cpu: 4 cores cannot hold shop-1 running (4 cores) beside forest-1 (1 core) kept alive: at least 5 cores needed',
    ],
  ],
  [
    'slots that do not suffice for all',
    'pairs: 30',
    'pairs: 3',
    [
      'a.yaml:13:33 strategies.time-share.slots.pairs: read 3: divided among the 3 copies as their traffic is, it leaves 0 for pairs-3, which needs at least 1',
    ],
  ],
  [
    'a wrong time of all copies',
    'at: 05:30',
    'at: 09:30',
    ['a.yaml:13:52 strategies.time-share.plan.0.at: read "09:30": is 13h30m after the start, beyond the horizon of 12h'],
  ],
  [
    'a switch between strangers',
    'to: forest',
    'to: search',
    ['a.yaml:13:89 strategies.time-share.plan.0.to: search is not in group pairs-1; its apps: shop-1, forest-1'],
  ],
];

describe('a mistake in copies', () => {
  it.each(corpus)('is told once, where it stands: %s', (_, old, now, expected) => {
    expect(complaints(changed(old, now))).toEqual(expected);
  });

  it('of families of different sizes is told of the plan that names them', () => {
    const text = changed('  search: {', '  search: { copies: { count: 2 },', changed('to: forest', 'to: search'));
    expect(complaints(text)).toEqual([
      'a.yaml:13:89 strategies.time-share.plan.0: search stands for 2 copies, but pairs for 3 copies: what is said of several families is said of their copies one by one, so they need equally many',
    ]);
  });

  it('hides no other mistake', () => {
    expect(
      complaints(
        changed('{ count: 3, shift: 20m }', '{ count: 0 }', changed('horizon: 12h', 'horizon: 12', changed('time: 8ms', 'time: 8'))),
      ),
    ).toEqual([
      'a.yaml:3:10 horizon: read 12: add a unit: 12s, 12m or 12ms',
      'a.yaml:6:65 apps.shop.service.time: read 8: add a unit: 8s, 8m or 8ms',
      'a.yaml:7:30 apps.forest.copies.count: read 0: expected a whole number from 1 to 1000',
    ]);
  });
});
