import { describe, expect, it } from 'vitest';
import { PluginError } from '../../src/base/errors.ts';
import { appName, fromSeconds, groupName, type Time, time } from '../../src/base/units.ts';
import { type Moment, viewOf, Views, type ViewSource } from '../../src/simulation/view.ts';
import type { Measured, View } from '../../src/strategies/strategy.ts';
import { Curve } from '../../src/traffic/curve.ts';
import { app, platform, TestWorld } from '../operations/support.ts';
import { prices } from '../strategies/support.ts';

const at = (seconds: number): Time => time(fromSeconds(seconds));
const measured: Measured = Object.freeze({
  from: at(0),
  to: at(10),
  offeredPerSecond: 100,
  servedPerSecond: 99,
  successRatio: 0.99,
  responseP99: fromSeconds(0.1),
  utilisation: 0.5,
});

const sourceOf = (world: TestWorld): ViewSource => ({
  horizon: at(3600),
  cluster: world.cluster,
  platform: platform(),
  prices,
  measured: (index) => (index === 0 ? measured : undefined),
  forecast: (index) => (index === 0 ? Curve.constant(100, at(3600)) : undefined),
});
const viewed = (world: TestWorld, change: Partial<ViewSource & Moment> = {}): View =>
  viewOf({ now: world.engine.now, because: 'period', operations: world.controller.operations, ...sourceOf(world), ...change });

describe('a view', () => {
  it('says when it is, why, and how large the world is', () => {
    const world = new TestWorld();
    world.until(5);
    const view = viewed(world);
    expect([view.now, view.because, view.zones, view.horizon]).toEqual([at(5), 'period', 2, at(3600)]);
    expect([
      view.apps.map(({ name }) => name),
      view.groups.map(({ name, members, slotMillicores }) => [name, members, slotMillicores]),
    ]).toEqual([['gala', 'sale'], [['night', ['gala', 'sale'], 5000]]]);
  });

  it('describes an app’s pods: capacity, limit, CPU of a request with its sidecar, length of a cold start', () => {
    const cpu = fromSeconds(0.002);
    const spec = app('gala', { idleCpu: 400, allowNoExclusive: true, sidecar: { cpu, relay: fromSeconds(0), hop: fromSeconds(0) } });
    // (4 − 0.4) cores ÷ (10 + 2) ms = 300/s; 60 s start-up + 2 s push + 10 s warm-up.
    expect(viewed(new TestWorld({ apps: [spec, app('sale')] })).apps[0]).toMatchObject({
      podCapacityPerSecond: 300,
      limitMillicores: 4000,
      requestCpu: 12_000,
      coldStart: fromSeconds(72),
      allowNoExclusive: true,
    });
  });

  it('passes on what was measured and what is forecast, where there is any', () => {
    const { apps } = viewed(new TestWorld());
    expect(apps.map((each) => [each.measured, each.forecast?.at(at(7))])).toEqual([
      [measured, 100],
      [undefined, undefined],
    ]);
  });

  it('looks up what was measured when it is first read, and not again; of an old view no more', () => {
    const world = new TestWorld();
    let [asked, rate] = [0, 100];
    const views = new Views({
      ...sourceOf(world),
      measured: () => {
        asked++;
        return { ...measured, offeredPerSecond: rate };
      },
    });
    const look = (): View => views.at({ now: world.engine.now, because: 'period', operations: [] });
    const [read, unread] = [look().apps[0]!, look().apps[1]!];
    expect(asked).toBe(0);
    expect([read.measured?.offeredPerSecond, read.measured?.offeredPerSecond, asked]).toEqual([100, 100, 1]);
    world.until(3600);
    rate = 200;
    expect(look().apps[0]!.measured?.offeredPerSecond).toBe(200);
    expect(read.measured?.offeredPerSecond).toBe(100);
    expect(() => unread.measured).toThrow(
      new PluginError('measured of app sale is read from an old view, and was not read when that was new; keep the numbers, not the view'),
    );
  });

  it('counts the pods outside slots by what they are doing', () => {
    const world = new TestWorld({ nodes: 4 });
    world.scale('gala', 3, true);
    world.scale('sale', 2, true);
    world.scale('gala', 2); // one leaves
    world.scale('sale', 5); // three come, bound at 1, 2 and 3 s
    const exclusive = () => viewed(world).apps.map((each) => each.exclusive);
    world.until(2);
    expect(exclusive()).toEqual([
      { wanted: 2, pending: 0, starting: 0, running: 2, leaving: 1, failed: 0, standby: 0 },
      { wanted: 5, pending: 1, starting: 2, running: 2, leaving: 0, failed: 0, standby: 0 },
    ]);
    world.until(63.5); // the first of three warms up: it is starting still
    expect(exclusive()).toEqual([
      { wanted: 2, pending: 0, starting: 0, running: 2, leaving: 0, failed: 0, standby: 0 },
      { wanted: 5, pending: 0, starting: 3, running: 2, leaving: 0, failed: 0, standby: 0 },
    ]);
    world.until(73);
    expect(exclusive()[1]).toEqual({ wanted: 5, pending: 0, starting: 2, running: 3, leaving: 0, failed: 0, standby: 0 });
  });

  it('counts the tenants in slots, and who holds how many', () => {
    const world = new TestWorld({ fails: (name) => name.startsWith('switch/night/0/1/resources-up/') });
    world.reserve(4, 'gala', true);
    const look = () => {
      const view = viewed(world);
      return [
        ...view.apps.map(({ shared }) => [shared.running, shared.keepAlive, shared.switching, shared.stuck]),
        view.groups.map((group) => [group.slots, group.stuck, group.held(appName('gala')), group.held(appName('sale'))])[0],
      ];
    };
    expect(look()).toEqual([
      [4, 0, 0, 0],
      [0, 4, 0, 0],
      [4, 0, 4, 0],
    ]);
    world.switch(2); // slots 0 and 1
    world.until(3); // drain
    expect(look()).toEqual([
      [2, 0, 2, 0],
      [0, 4, 0, 0],
      [4, 0, 4, 0],
    ]);
    world.until(9); // slot 1 has its memory swapping in: 8 to 9 s; slot 0 has failed once
    expect(look()).toEqual([
      [2, 2, 0, 0],
      [0, 3, 1, 0],
      [4, 0, 3, 1],
    ]);
    world.until(60); // slot 0 is stuck without a running tenant, slot 1 is done
    expect(look()).toEqual([
      [2, 2, 0, 1],
      [1, 3, 0, 1],
      [4, 1, 3, 1],
    ]);
  });

  it('does not count slots on their way out', () => {
    const world = new TestWorld();
    world.reserve(4, 'gala', true);
    world.reserve(3, 'gala');
    expect(viewed(world).groups[0]).toMatchObject({ slots: 3 });
    expect(viewed(world).group(groupName('night')).held(appName('gala'))).toBe(3);
  });

  it('lists the operations it is given', () => {
    const world = new TestWorld();
    world.scale('gala', 2);
    world.switch(1);
    expect(viewed(world).operations).toEqual([
      {
        id: 0,
        by: 'strategy',
        order: { kind: 'scale', app: 'gala', pods: 2 },
        state: 'running',
        requested: 2,
        done: 0,
        failed: 0,
        reason: undefined,
      },
      {
        id: 1,
        by: 'strategy',
        order: world.controller.operations[1]?.order,
        state: 'refused',
        requested: 1,
        done: 0,
        failed: 0,
        reason: 'gala holds no slot of group night that could be switched (it has none)',
      },
    ]);
  });

  it('is a picture of its moment: what happens later does not show in it', () => {
    const world = new TestWorld();
    world.reserve(2, 'gala', true);
    const operation = world.switch(2);
    const view = viewed(world);
    world.until(60);
    expect(operation.state).toBe('done');
    expect([
      view.operations.at(-1)?.state,
      view.operations.at(-1)?.done,
      view.apps[0]?.shared.running,
      view.groups[0]?.held(appName('gala')),
    ]).toEqual(['running', 0, 2, 2]);
    expect(viewed(world).groups[0]?.held(appName('gala'))).toBe(0);
  });

  it('has the parts of the view before it where nothing has changed, and all that a view made from scratch has', () => {
    const world = new TestWorld({ nodes: 4, fails: (name) => name.startsWith('switch/night/0/1/resources-up/') });
    const views = new Views(sourceOf(world));
    const said = ({ apps, groups, operations }: View) =>
      JSON.stringify([apps, groups, groups.map((group) => group.members.map((app) => group.held(app))), operations]);
    const look = (): View => {
      const view = views.at({ now: world.engine.now, because: 'period', operations: world.controller.operations });
      expect(said(view)).toBe(said(viewed(world)));
      return view;
    };
    const [parts, unchanged] = [
      ({ apps, groups, operations }: View) => [...apps, ...groups, ...operations],
      (one: View, other: View) => parts(one).map((part) => parts(other).includes(part)),
    ];
    world.reserve(4, 'gala', true);
    const first = look();
    expect(unchanged(first, look())).toEqual([true, true, true, true]); // gala, sale, night, the order
    world.scale('sale', 3); // more pods of sale: gala, night and the first order are as they were
    expect(unchanged(first, look())).toEqual([true, false, true, true]);
    world.switch(2);
    for (let second = 0.5; second < 90; second += 0.5) {
      world.until(second);
      look();
    }
    expect(look().operations.at(-1)).toMatchObject({ state: 'done', failed: 1 });
  });

  it('is frozen to its last corner', () => {
    const world = new TestWorld();
    world.reserve(2, 'gala', true);
    const thawed: string[] = [];
    const walk = (value: unknown, path: string) => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) thawed.push(path);
      for (const key in value) walk((value as Record<string, unknown>)[key], `${path}.${key}`);
    };
    // Orders are frozen where they are given: test/simulation/decision.test.ts.
    walk(
      viewed(world, {
        operations: world.controller.operations.map((operation) => ({ ...operation, order: Object.freeze({ ...operation.order }) })),
      }),
      'view',
    );
    expect(thawed).toEqual([]);
  });

  it.each([
    ['an app', (view: View) => view.app(appName('gale')), 'there is no app "gale"; known: gala, sale (did you mean "gala"?)'],
    ['an app that resembles none', (view: View) => view.app(appName('warehouse')), 'there is no app "warehouse"; known: gala, sale'],
    ['a group', (view: View) => view.group(groupName('nihgt')), 'there is no group "nihgt"; known: night (did you mean "night"?)'],
  ])('names the known ones to who asks for %s that does not exist', (_, look, message) => {
    expect(() => look(viewed(new TestWorld()))).toThrow(new PluginError(message));
  });

  it('finds apps and groups by name; an app in no group holds nothing, and one that is not there is an error', () => {
    const world = new TestWorld();
    world.reserve(2, 'gala', true);
    const view = viewed(world);
    expect(view.app(appName('sale'))).toBe(view.apps[1]);
    expect(view.group(groupName('night'))).toBe(view.groups[0]);
    expect(view.group(groupName('night')).held(appName('sale'))).toBe(0);
    expect(() => view.group(groupName('night')).held(appName('sael'))).toThrow(
      'there is no app "sael"; known: gala, sale (did you mean "sale"?)',
    );
  });
});
