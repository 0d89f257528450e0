import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PluginError } from '../../src/base/errors.ts';
import { appName, fromSeconds, groupName, type Time, time } from '../../src/base/units.ts';
import { ask } from '../../src/simulation/decision.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { viewOf } from '../../src/simulation/view.ts';
import { type Action, defineStrategy, type Strategy, type View } from '../../src/strategies/strategy.ts';
import { Curve } from '../../src/traffic/curve.ts';
import { platform, rollout, TestWorld } from '../operations/support.ts';
import { prices, sharedWorld, staged } from '../strategies/support.ts';

/** 2019-11-11 00:00 at UTC+8. */
const calendar = { startUnixMs: Date.UTC(2019, 10, 10, 16), offsetMinutes: 480, horizon: fromSeconds(3600) };

/** The view of apps gala and sale, which share slots of the group night, at 5:30 after midnight. */
function seen(because: View['because'] = 'wake'): View {
  const world = new TestWorld();
  world.scale('gala', 1, true);
  return viewOf({
    now: time(fromSeconds(330)),
    because,
    horizon: time(fromSeconds(3600)),
    cluster: world.cluster,
    platform: platform(),
    prices,
    operations: world.controller.operations,
    measured: () => undefined,
    forecast: () => Curve.constant(100, time(fromSeconds(3600))),
  });
}

const asked = { label: 'mine', seed: 7, calendar };
const who = 'strategy mine at 00:05:30 (330 s, seed 7): ';
/** What becomes of an answer. */
const answering = (answer: unknown, view = seen()) => ask(asked, view, () => answer);
const scale = { kind: 'scale', app: 'gala', pods: 3 };
const reserve = { kind: 'reserve', group: 'night', slots: 3, holder: 'gala' };
const change = { kind: 'switch', group: 'night', from: 'gala', to: 'sale', slots: 3, rollout: rollout() };

describe('a list of actions', () => {
  it('is taken as it is, in its order', () => {
    const actions = [
      scale,
      reserve,
      change,
      { kind: 'pause', operation: 0 },
      { kind: 'resume', operation: 0 },
      { kind: 'roll-back', operation: 7 },
      { kind: 'wake', at: fromSeconds(331) },
    ];
    expect(answering(actions)).toEqual(actions);
    expect(answering([])).toEqual([]);
  });

  it('is copied and frozen: an order cannot be changed after it was given', () => {
    const mine = { ...change, rollout: { ...rollout(), batches: [0.5, 1] } };
    const actions = [mine];
    const taken = answering(actions);
    mine.slots = 99;
    mine.rollout.batches[0] = NaN;
    actions.push(mine);
    expect(taken).toEqual([{ ...change, rollout: rollout({ batches: [0.5, 1] }) }]);
    const first = taken[0] as Extract<Action, { kind: 'switch' }>;
    expect([first, first.rollout, first.rollout.batches].every((each) => Object.isFrozen(each))).toBe(true);
  });

  it('that holds itself is no endless copy', () => {
    const list: unknown[] = [];
    list.push(list);
    expect(() => answering(list)).toThrow(`${who}action 0 `);
    const action: Record<string, unknown> = { ...scale };
    action['pods'] = action;
    expect(() => answering([action])).toThrow(`${who}action 0 (scale) has pods `);
  });

  it('may have a gate', () => {
    const gate = { success: 0.99, responseP99: fromSeconds(1), failedSlots: 0, otherwise: 'pause' as const };
    expect(answering([{ ...change, rollout: rollout({ gate }) }])).toEqual([{ ...change, rollout: rollout({ gate }) }]);
  });
});

describe('nonsense names the strategy, the time and what is wrong:', () => {
  it.each([
    ['nothing', undefined, 'returned nothing instead of a list of actions'],
    ['null', null, 'returned nothing instead of a list of actions'],
    ['a number', 3, 'returned 3 instead of a list of actions'],
    ['a text', 'scale', 'returned "scale" instead of a list of actions'],
    ['an action outside a list', scale, 'returned a mapping instead of a list of actions'],
    ['a function', () => [], 'returned a function instead of a list of actions'],
    ['a promise', Promise.resolve([]), 'returned a promise instead of a list of actions'],
    ['a list of nothing', [undefined], 'action 0 is nothing, not an action'],
    ['a list of texts', ['scale'], 'action 0 is "scale", not an action'],
    ['a list with a hole', Object.assign([scale], { length: 2 }), 'action 1 is nothing, not an action'],
    [
      'an action without kind',
      [scale, { app: 'gala' }],
      'action 1 has kind nothing; known kinds: scale, reserve, switch, pause, resume, roll-back, wake',
    ],
    [
      'an unknown kind',
      [{ kind: 'scael', app: 'gala', pods: 1 }],
      'action 0 has kind "scael"; known kinds: scale, reserve, switch, pause, resume, roll-back, wake',
    ],
    ['a list as an action', [[]], 'action 0 has kind nothing; known kinds: scale, reserve, switch, pause, resume, roll-back, wake'],
  ])('%s', (_, answer, message) => {
    expect(() => answering(answer)).toThrow(new PluginError(who + message));
  });

  const whole = (least: number) => `: expected a whole number from ${String(least)} to 10000000`;
  const gate = { success: 0.99, responseP99: fromSeconds(1), failedSlots: 0, otherwise: 'pause' };
  const badGate =
    '(switch) has a rollout.gate that is none: expected success and failedSlots from 0 to 1, responseP99 in µs, otherwise pause or roll-back, judges (if given) both or giver';
  it.each([
    ['an unknown app', { ...scale, app: 'gale' }, '(scale) has app "gale": there is no such app; known: gala, sale (did you mean "gala"?)'],
    ['no app', { kind: 'scale', pods: 3 }, '(scale) has app nothing: there is no such app; known: gala, sale'],
    ['a negative number of pods', { ...scale, pods: -1 }, `(scale) has pods -1${whole(0)}`],
    ['NaN pods', { ...scale, pods: NaN }, `(scale) has pods NaN${whole(0)}`],
    ['infinitely many pods', { ...scale, pods: Infinity }, `(scale) has pods Infinity${whole(0)}`],
    ['half a pod', { ...scale, pods: 1.5 }, `(scale) has pods 1.5${whole(0)}`],
    ['pods as a text', { ...scale, pods: '3' }, `(scale) has pods "3"${whole(0)}`],
    ['no pods', { kind: 'scale', app: 'gala' }, `(scale) has pods nothing${whole(0)}`],
    [
      'an unknown group',
      { ...reserve, group: 'nigth' },
      '(reserve) has group "nigth": there is no such group; known: night (did you mean "night"?)',
    ],
    ['a holder that is no app', { ...reserve, holder: 'nobody' }, '(reserve) has holder "nobody": there is no such app; known: gala, sale'],
    ['negative slots', { ...reserve, slots: -3 }, `(reserve) has slots -3${whole(0)}`],
    ['a switch of no slot', { ...change, slots: 0 }, `(switch) has slots 0${whole(1)}`],
    [
      'a giver that is no app',
      { ...change, from: 'gal' },
      '(switch) has from "gal": there is no such app; known: gala, sale (did you mean "gala"?)',
    ],
    ['a taker that is no app', { ...change, to: 7 }, '(switch) has to 7: there is no such app; known: gala, sale'],
    ['no rollout', { ...change, rollout: undefined }, '(switch) has rollout nothing: expected one from kit.rollout()'],
    [
      'batches that are no list',
      { ...change, rollout: { ...rollout(), batches: 1 } },
      '(switch) has rollout.batches 1: expected rising shares, the last one 1',
    ],
    [
      'no batches',
      { ...change, rollout: rollout({ batches: [] }) },
      '(switch) has rollout.batches []: expected rising shares, the last one 1',
    ],
    [
      'falling batches',
      { ...change, rollout: rollout({ batches: [0.5, 0.4, 1] }) },
      '(switch) has rollout.batches [0.5,0.4,1]: expected rising shares, the last one 1',
    ],
    [
      'batches that end early',
      { ...change, rollout: rollout({ batches: [0.5, 0.9] }) },
      '(switch) has rollout.batches [0.5,0.9]: expected rising shares, the last one 1',
    ],
    [
      'a batch of nothing',
      { ...change, rollout: rollout({ batches: [0, 1] }) },
      '(switch) has rollout.batches [0,1]: expected rising shares, the last one 1',
    ],
    [
      'a batch of NaN',
      { ...change, rollout: rollout({ batches: [NaN, 1] }) },
      '(switch) has rollout.batches [null,1]: expected rising shares, the last one 1',
    ],
    [
      'an unknown way of choosing slots',
      { ...change, rollout: { ...rollout(), by: 'zone' } },
      '(switch) has rollout.by "zone": expected spread or node',
    ],
    [
      'an unknown order',
      { ...change, rollout: { ...rollout(), order: 'make' } },
      '(switch) has rollout.order "make": expected break-before-make or make-before-break',
    ],
    [
      'a pause in the past',
      { ...change, rollout: { ...rollout(), pause: -1 } },
      '(switch) has rollout.pause -1: expected whole µs, at most 30 years',
    ],
    [
      'an observation of half a µs',
      { ...change, rollout: { ...rollout(), observe: 0.5 } },
      '(switch) has rollout.observe 0.5: expected whole µs, at most 30 years',
    ],
    ['a gate of null', { ...change, rollout: { ...rollout(), gate: null } }, badGate],
    ['a gate without a success ratio', { ...change, rollout: { ...rollout(), gate: { ...gate, success: undefined } } }, badGate],
    ['a gate that NaN passes', { ...change, rollout: { ...rollout(), gate: { ...gate, failedSlots: NaN } } }, badGate],
    ['a gate that judges nobody', { ...change, rollout: { ...rollout(), gate: { ...gate, judges: 'taker' } } }, badGate],
    ['a gate that does nothing', { ...change, rollout: { ...rollout(), gate: { ...gate, otherwise: 'cry' } } }, badGate],
    ['a gate that nothing passes', { ...change, rollout: { ...rollout(), gate: { ...gate, success: 5 } } }, badGate],
    [
      'a key that the action does not have',
      { ...scale, podz: 9 },
      '(scale) has an unknown key "podz"; known: kind, app, pods, standby (did you mean "pods"?)',
    ],
    [
      'a key that the rollout does not have',
      { ...change, rollout: { ...rollout(), gates: gate } },
      '(switch) rollout has an unknown key "gates"; known: batches, by, order, pause, observe, gate (did you mean "gate"?)',
    ],
    [
      'a key that the gate does not have',
      { ...change, rollout: { ...rollout(), gate: { ...gate, p99: 1 } } },
      '(switch) rollout.gate has an unknown key "p99"; known: success, responseP99, failedSlots, otherwise, judges',
    ],
    ['a pause of nothing', { kind: 'pause' }, `(pause) has operation nothing${whole(0)}`],
    ['a roll-back of a name', { kind: 'roll-back', operation: 'all' }, `(roll-back) has operation "all"${whole(0)}`],
    [
      'a wake-up in the past',
      { kind: 'wake', at: fromSeconds(329) },
      '(wake) has at 329000000: expected whole µs later than now (330000000)',
    ],
    ['a wake-up now', { kind: 'wake', at: fromSeconds(330) }, '(wake) has at 330000000: expected whole µs later than now (330000000)'],
    ['a wake-up at no time', { kind: 'wake' }, '(wake) has at nothing: expected whole µs later than now (330000000)'],
    [
      'a wake-up between two µs',
      { kind: 'wake', at: 330_000_000.5 },
      '(wake) has at 330000000.5: expected whole µs later than now (330000000)',
    ],
    [
      'a wake-up at the end of all time',
      { kind: 'wake', at: Infinity },
      '(wake) has at Infinity: expected whole µs later than now (330000000)',
    ],
  ])('%s', (_, action, message) => {
    expect(() => answering([scale, action])).toThrow(new PluginError(`${who}action 1 ${message}`));
  });

  it('an app that is not in the group', () => {
    const world = new TestWorld();
    const lone = { name: groupName('lone'), members: [appName('sale')], slotMillicores: 5000, slots: 0, stuck: 0, held: () => 0 };
    const plain = viewOf({
      now: time(0),
      because: 'wake',
      horizon: time(9),
      cluster: world.cluster,
      platform: platform(),
      prices,
      operations: [],
      measured: () => undefined,
      forecast: () => undefined,
    });
    const view: View = { ...plain, groups: [...plain.groups, lone], group: (name) => (name === lone.name ? lone : plain.group(name)) };
    const at = 'strategy mine at 00:00:00 (0 s, seed 7): ';
    expect(() => answering([{ ...reserve, group: 'lone' }], view)).toThrow(
      new PluginError(`${at}action 0 (reserve) has holder "gala", which is not in group lone; its apps: sale`),
    );
    expect(() => answering([{ ...change, group: 'lone' }], view)).toThrow(
      new PluginError(`${at}action 0 (switch) has from "gala", which is not in group lone; its apps: sale`),
    );
    expect(() => answering([{ ...change, group: 'lone', from: 'sale', to: 'gala' }], view)).toThrow(
      new PluginError(`${at}action 0 (switch) has to "gala", which is not in group lone; its apps: sale`),
    );
  });

  it('may ask at the opening to be woken at once, but not before', () => {
    const at = (moment: number) => () => answering([{ kind: 'wake', at: moment }], seen('start'));
    expect(at(fromSeconds(330))).not.toThrow();
    expect(at(fromSeconds(330) - 1)).toThrow('(wake) has at 329999999');
  });
});

describe('a strategy that throws', () => {
  const throwing = (thrown: unknown) => () => ask(asked, seen(), () => { throw thrown; }); // prettier-ignore
  it.each([
    ['an error', new Error('no idea'), 'threw: Error: no idea'],
    ['a TypeError', new TypeError('x is not a function'), 'threw: TypeError: x is not a function'],
    ['a text', 'oh', 'threw: "oh"'],
    ['nothing', undefined, 'threw: nothing'],
    ['a PluginError', new PluginError('no forecast of gala'), 'no forecast of gala'],
  ])('%s ends the run with a PluginError', (_, thrown, message) => {
    expect(throwing(thrown)).toThrow(PluginError);
    expect(throwing(thrown)).toThrow(who + message);
  });

  it('while its answer is read does so too', () => {
    const trap = { get kind(): string { throw new Error('trapped'); } }; // prettier-ignore
    expect(() => answering([trap])).toThrow(/threw: Error: trapped \(decision\.test\.ts:\d+:\d+\)$/); // and where
  });

  it('because it asked for an app that does not exist is told which there are', () => {
    expect(() => ask(asked, seen(), () => [seen().app(appName('gale'))])).toThrow(
      `${who}there is no app "gale"; known: gala, sale (did you mean "gala"?)`,
    );
  });
});

describe('a strategy that changes its view', () => {
  /** A list as a plug-in without types sees it. */
  const list = (value: unknown) => value as unknown[];
  it.each<readonly [string, (view: View) => unknown]>([
    ['by writing to it', (view) => Object.assign(view, { now: 0 })],
    ['by writing to an app', (view) => Object.assign(view.app(appName('gala')), { limitMillicores: 1 })],
    ['by writing to the counts of an app', (view) => Object.assign(view.app(appName('gala')).exclusive, { running: 1 })],
    ['by writing to a forecast', (view) => Object.assign(view.app(appName('gala')).forecast ?? {}, { end: 1 })],
    ['by adding an app', (view) => list(view.apps).push({})],
    ['by sorting the apps', (view) => list(view.apps).sort(() => -1)],
    ['by adding a member to a group', (view) => list(view.group(groupName('night')).members).push('x')],
    ['by writing to an operation', (view) => Object.assign(view.operations[0] ?? {}, { state: 'done' })],
    ['by deleting from it', (view) => delete (view as { now?: Time }).now],
  ])('%s is told that it is frozen', (_, write) => {
    const view = seen();
    const call = () => {
      write(view);
      return [];
    };
    expect(() => ask(asked, view, call)).toThrow(PluginError);
    expect(() => ask(asked, view, call)).toThrow(`${who}changed its view, which is frozen: TypeError: `);
  });
});

describe('in a run', () => {
  const entry = (decide: (view: View) => unknown, open: (view: View) => unknown = () => [{ kind: 'wake', at: fromSeconds(30) }]) =>
    defineStrategy({
      name: 'mine',
      summary: 'a strategy of a test',
      options: () => z.strictObject({}),
      create: () => ({ open, decide }) as unknown as Strategy,
    });
  const run = (of: ReturnType<typeof entry>) =>
    simulate({ scenario: staged(sharedWorld, of, '{}'), label: 'mine', replication: 0, strategies: [of] });

  it('nonsense at the opening is found at 0 s, nonsense later when it is decided', () => {
    expect(() =>
      run(
        entry(
          () => [],
          () => [{ kind: 'scale', app: 'gala' }],
        ),
      ),
    ).toThrow('strategy mine at 00:00:00 (0 s, seed 1): action 0 (scale) has pods nothing');
    expect(() => run(entry(() => [{ kind: 'scale', app: 'gala' }]))).toThrow(
      'strategy mine at 00:00:30 (30 s, seed 1): action 0 (scale) has pods nothing',
    );
  });

  it.each([
    ['throws', () => { throw new Error('no idea'); }, 'its create threw: Error: no idea (decision.test.ts'],
    ['returns nothing', () => undefined, 'its create returned nothing instead of { open(view), decide(view) }'],
    ['returns half a strategy', () => ({ open: () => [] }), 'its create returned a mapping instead of { open(view), decide(view) }'],
    ['returns a promise', () => Promise.resolve({}), 'its create returned a promise instead of { open(view), decide(view) }'],
    ['has no period', () => ({ period: 0, open: () => [], decide: () => [] }), 'its period is 0: expected whole µs, at least 100000 (0.1 s)'],
    ['has a period in seconds', () => ({ period: 30, open: () => [], decide: () => [] }), 'its period is 30: expected whole µs, at least 100000 (0.1 s)'],
  ])('a factory that %s is refused', (_, create, message) => {
    const strange = defineStrategy({ name: 'mine', summary: 's', options: () => z.strictObject({}), create: create as unknown as () => Strategy });
    expect(() => run(strange)).toThrow(`strategy mine at 00:00:00 (0 s, seed 1): ${message}`);
  }); // prettier-ignore

  it('a strategy that asks to be woken without end is stopped', () => {
    const restless = entry((view) => [{ kind: 'wake', at: view.now + 1 }]);
    expect(() => run(restless)).toThrow('was asked 10000 times within one second; it asks to be woken too often');
  });

  it('orders that no cluster of this size could carry out are refused, and so are fewer pods than one a zone', () => {
    const told: unknown[] = [];
    const asking = entry((view) => {
      told.push(...view.operations.map(({ state, reason }) => [state, reason]));
      return view.now > fromSeconds(30) ? [] : [{ kind: 'scale', app: 'gala', pods: 1e6 }, { kind: 'scale', app: 'sale', pods: 1 }, { kind: 'wake', at: fromSeconds(31) }]; // prettier-ignore
    });
    run(asking);
    expect(told).toEqual([
      ['refused', '1000000 pods are more than ten times the 440 pods that the 4 nodes can hold'],
      ['refused', 'sale keeps at least one pod outside slots in each zone, 2 in all, unless the scenario says allowNoExclusive'],
    ]);
  });

  it('an order that a newer one takes over from is no news: a strategy may repeat a wish that is still being carried out', () => {
    const asks: (readonly [Time, string])[] = [];
    const repeating = entry(
      (view) => {
        asks.push([view.now, view.because]);
        return [
          { kind: 'scale', app: 'gala', pods: 4 },
          { kind: 'wake', at: view.now + fromSeconds(30) },
        ];
      },
      () => [...['gala', 'sale'].map((app) => ({ kind: 'scale', app, pods: 2 })), { kind: 'wake', at: fromSeconds(30) }],
    );
    simulate({ scenario: staged(sharedWorld, repeating, '{}', []), label: 'mine', replication: 0, strategies: [repeating] });
    // Asked every 30 s; once more when its pods have started (bound at 31 and 32 s, started and warm by 32 + 72 s) is all the news there is.
    expect(asks.filter(([, because]) => because === 'operation').length).toBeLessThanOrEqual(1);
    expect(
      asks
        .filter(([, because]) => because === 'wake')
        .slice(0, 4)
        .map(([now]) => now / 1e6),
    ).toEqual([30, 60, 90, 120]);
  });

  it('an order that is over at once is no news: a strategy may repeat what already is, or is refused', () => {
    const asks: (readonly [Time, string, number])[] = [];
    const repeating = entry(
      (view) => {
        asks.push([view.now, view.because, view.operations.length]);
        return view.now < fromSeconds(90)
          ? [
              { kind: 'scale', app: 'gala', pods: 2 },
              { kind: 'roll-back', operation: 0 },
              { kind: 'wake', at: view.now + fromSeconds(30) },
            ]
          : [];
      },
      () => [
        { kind: 'scale', app: 'gala', pods: 2 },
        { kind: 'wake', at: fromSeconds(30) },
      ],
    );
    expect(run(repeating).interrupted).toBe(false);
    // Each view shows what became of the orders before it.
    expect(asks).toEqual([
      [fromSeconds(30), 'wake', 0],
      [fromSeconds(60), 'wake', 2],
      [fromSeconds(90), 'wake', 2],
    ]);
  });

  it('a strategy that answers each end of its orders with the next, all at one instant, is stopped', () => {
    const instant = [...['push', 'limitWrite', 'status'].map((key) => `platform.${key}=0s`), 'platform.api.writes.burst=1000000'];
    const still = ['drain=0s', 'coldPages.for=0s', 'keepAlive.swap=0Gi', 'keepAlive.release=6G'].map((value) => `defaults.${value}`);
    const rollout = { batches: [1], by: 'spread', pause: 0, observe: 0, order: 'break-before-make', gate: undefined };
    let asks = 0;
    const endless = entry(
      (view) => {
        asks++;
        const [from, to] = view.group(groupName('night')).held(appName('gala')) > 0 ? ['gala', 'sale'] : ['sale', 'gala'];
        return [{ kind: 'switch', group: 'night', from, to, slots: 1, rollout }];
      },
      () => [
        { kind: 'reserve', group: 'night', slots: 1, holder: 'gala' },
        ...['gala', 'sale'].map((app) => ({ kind: 'scale', app, pods: 6 })),
        { kind: 'wake', at: fromSeconds(30) },
      ],
    );
    const scenario = staged(sharedWorld, endless, '{}', [...instant, ...still]);
    expect(() => simulate({ scenario, label: 'mine', replication: 0, strategies: [endless] })).toThrow(
      'strategy mine at 00:00:30 (30 s, seed 1): was asked 1000 times within one instant; its orders end at once and each brings the next',
    );
    expect(asks).toBe(1000);
  });

  it('orders that end at one instant are news once', () => {
    const asks: (readonly [Time, string, number])[] = [];
    const many = entry(
      (view) => {
        asks.push([view.now, view.because, view.operations.length]);
        return view.because === 'wake' ? ['gala', 'sale'].map((app) => ({ kind: 'scale', app, pods: 2 })) : [];
      },
      () => [...['gala', 'sale'].map((app) => ({ kind: 'scale', app, pods: 4 })), { kind: 'wake', at: fromSeconds(30) }],
    );
    expect(run(many).interrupted).toBe(false);
    expect(asks.map(([, because, operations]) => [because, operations])).toEqual([
      ['wake', 0],
      ['operation', 2],
    ]);
  });

  it('a strategy that reuses its own objects changes no order that it gave', () => {
    const order = { kind: 'scale', app: 'gala', pods: 2 };
    const told: unknown[] = [];
    const changing = entry((view) => {
      if (view.because === 'wake') return [order];
      order.pods = 77;
      told.push(...view.operations.map((operation) => [operation.requested, operation.order]));
      return [];
    });
    run(changing);
    expect(told).toEqual([[2, { kind: 'scale', app: 'gala', pods: 2 }]]);
  });
});
