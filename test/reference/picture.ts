import { duration, time } from '../../src/base/units.ts';
import { imbalance, podCapacityPerSecond } from '../../src/cluster/specs.ts';
import type { PodState } from '../../src/cluster/pod.ts';
import { draw } from '../../src/random/duration-law.ts';
import type { AppView, GroupView, OperationView, View } from '../../src/strategies/strategy.ts';
import type { Curve } from '../../src/traffic/curve.ts';
import { type App, type Operation, type World } from './world.ts';

/** What a strategy sees, counted anew each time. */
export function pictureOf(
  world: World,
  because: View['because'],
  operations: readonly Operation[],
  forecasts: readonly (Curve | undefined)[],
): View {
  const { scenario, platform, clock } = world;
  const { zones } = scenario.cluster;
  const appOf = (app: App): AppView => {
    const count = (kind: 'exclusive' | 'slot', standby: boolean, ...states: PodState[]): number =>
      world.pods.filter((pod) => pod.app === app && pod.kind === kind && pod.standby === standby && states.includes(pod.state)).length;
    const outside = (...states: PodState[]): number => count('exclusive', false, ...states);
    const inSlots = (...states: PodState[]): number => count('slot', false, ...states);
    const { registry, push } = platform;
    const pull = app.image.preheated === 1 ? 0 : Math.ceil((app.image.size * 1e6) / Math.min(registry.bandwidth, registry.perNode));
    const rate = world.seenLoad(app);
    return {
      name: app.name,
      podCapacityPerSecond: podCapacityPerSecond(app),
      limitMillicores: app.pod.cpu,
      requestCpu: duration(app.service.time + app.sidecar.cpu),
      coldStart: duration(pull + app.startup.median + push.median + app.warmup.for),
      coldStartP99: duration(pull + draw(app.startup, 0.99) + draw(push, 0.99) + app.warmup.for),
      activation: duration(push.median + app.warmup.for),
      allowNoExclusive: app.allowNoExclusive,
      imbalance: imbalance(zones),
      exclusive: {
        wanted: outside('pending', 'pulling', 'starting', 'standby', 'warming', 'running', 'failed'),
        pending: outside('pending'),
        starting: outside('pulling', 'starting', 'standby', 'warming'),
        running: outside('running'),
        leaving: outside('draining', 'terminating'),
        failed: outside('failed'),
        standby: count('exclusive', true, 'standby'),
      },
      shared: {
        running: inSlots('running', 'warming'),
        keepAlive: inSlots('keep-alive'),
        switching: inSlots('draining-to-standby', 'cutoff', 'swapping-out', 'swapping-in'),
        stuck: world.slots.filter(({ state, group }) => state === 'stuck' && group.members.includes(app)).length,
        failed: inSlots('failed'),
      },
      measured:
        rate === undefined
          ? undefined
          : {
              ...{ from: time(0), to: time(0), offeredPerSecond: rate, servedPerSecond: NaN, successRatio: NaN },
              ...{ responseP99: duration(NaN), utilisation: NaN },
            },
      forecast: forecasts[app.index],
    };
  };
  const groupOf = (group: World['groups'][number]): GroupView => {
    const there = world.slots.filter((slot) => slot.group === group && slot.state !== 'leaving' && slot.state !== 'gone');
    return {
      name: group.name as GroupView['name'],
      members: group.members.map(({ name }) => name),
      slotMillicores: group.slot.cpu,
      slots: there.length,
      stuck: there.filter(({ state }) => state === 'stuck').length,
      held: (name) => there.filter(({ holder }) => holder.name === name).length,
    };
  };
  const operationOf = ({ id, order, by, state, requested, done, failures, notes }: Operation): OperationView => ({
    ...{ id: id as OperationView['id'], order, by, state, requested, done, failed: failures.length },
    reason: notes.length === 0 ? undefined : notes.map(([, text]) => text).join('; '),
  });
  const apps = world.apps.map(appOf);
  const groups = world.groups.map(groupOf);
  return {
    now: time(clock.now),
    because,
    zones: zones.length,
    schedulingRate: platform.scheduler.rate,
    horizon: time(scenario.horizon),
    prices: scenario.prices,
    apps,
    groups,
    operations: operations.map(operationOf),
    app: (name) => apps.find((app) => app.name === name) as AppView,
    group: (name) => groups.find((group) => group.name === name) as GroupView,
  };
}
