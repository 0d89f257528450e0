import { PluginError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { type AppName, type Duration, duration, type GroupName, type Time } from '../base/units.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { PodState } from '../cluster/pod.ts';
import { imbalance, podCapacityPerSecond, type PodSpecs } from '../cluster/specs.ts';
import { pullAlone } from '../operations/images.ts';
import { type Operation, reasonOf } from '../operations/operation.ts';
import type { Platform } from '../operations/platform.ts';
import { draw } from '../random/duration-law.ts';
import type { AppView, Forecast, GroupView, Measured, OperationView, View } from '../strategies/strategy.ts';

/** What a view is made of. */
export interface ViewSource {
  readonly now: Time;
  readonly because: View['because'];
  readonly horizon: Time;
  readonly cluster: Cluster;
  readonly platform: Platform;
  readonly operations: readonly Operation[];
  measured(app: number): Measured | undefined;
  forecast(app: number): Forecast | undefined;
}

/** The frozen view of the world that a strategy gets. */
export function viewOf(source: ViewSource): View {
  const { cluster } = source;
  const apps = cluster.apps.map((spec, index) => appView(source, spec, index));
  const groups = cluster.groups.map(({ spec, members }, index): GroupView => {
    const held = new Map(members.map((app) => [cluster.app(app).name, cluster.slotCount(index, app)]));
    return readOnly({
      name: spec.name,
      members: Object.freeze([...spec.apps]),
      slotMillicores: spec.slot.cpu,
      slots: cluster.slotCount(index),
      stuck: cluster.stuck[index]?.value ?? 0,
      held: (app: AppName) => held.get(lookUp('app', apps, app).name) ?? 0,
    });
  });
  return readOnly({
    now: source.now,
    because: source.because,
    zones: cluster.spec.zones.length,
    schedulingRate: source.platform.scheduler.rate,
    horizon: source.horizon,
    apps: Object.freeze(apps),
    groups: Object.freeze(groups),
    operations: Object.freeze(source.operations.map(operationView)),
    app: (name: AppName) => lookUp('app', apps, name),
    group: (name: GroupName) => lookUp('group', groups, name),
  });
}

function appView(source: ViewSource, spec: PodSpecs, index: number): AppView {
  const { cluster } = source;
  const outside = (...states: PodState[]) => states.reduce((sum, state) => sum + cluster.count(index, 'exclusive', state), 0);
  const inSlots = (...states: PodState[]) => states.reduce((sum, state) => sum + cluster.count(index, 'slot', state), 0);
  const [pending, running, failed] = [outside('pending'), outside('running'), outside('failed')];
  const starting = outside('pulling', 'starting', 'standby', 'warming');
  const { push, registry } = source.platform;
  const path = pullAlone(spec, registry) + spec.warmup.for;
  const view: AppView = {
    name: spec.name,
    podCapacityPerSecond: podCapacityPerSecond(spec),
    limitMillicores: spec.pod.cpu,
    requestCpu: requestCpu(spec),
    coldStart: duration(path + spec.startup.median + push.median),
    coldStartP99: duration(path + draw(spec.startup, 0.99) + draw(push, 0.99)),
    activation: duration(push.median + spec.warmup.for),
    allowNoExclusive: spec.allowNoExclusive,
    imbalance: imbalance(cluster.spec.zones),
    exclusive: readOnly({
      wanted: pending + starting + running + failed,
      pending,
      starting,
      running,
      leaving: outside('draining', 'terminating'),
      failed,
      standby: cluster.count(index, 'standby', 'standby'),
    }),
    shared: readOnly({
      running: inSlots('running', 'warming'),
      keepAlive: inSlots('keep-alive'),
      switching: inSlots('draining-to-standby', 'cutoff', 'swapping-out', 'swapping-in'),
      stuck: cluster.stuck[cluster.groupOf(index)]?.value ?? 0,
      failed: inSlots('failed'),
    }),
    measured: source.measured(index),
    forecast: Object.freeze(source.forecast(index)),
  };
  return readOnly(view);
}

/** CPU time of one request with its sidecar, µs. */
export const requestCpu = (spec: PodSpecs): Duration => duration(spec.service.time + spec.sidecar.cpu);

function operationView(operation: Operation): OperationView {
  const { id, order, by, state, requested, done, failed } = operation;
  return readOnly({ id, order, by, state, requested, done, failed, reason: reasonOf(operation) });
}

/** The fields, frozen; writing to one throws even from code that is not strict, where a frozen object would ignore it. */
function readOnly<T extends object>(fields: T): Readonly<T> {
  const object = {};
  for (const [key, value] of Object.entries(fields) as [string, unknown][])
    Object.defineProperty(object, key, { get: () => value, set: refuse, enumerable: true });
  return Object.freeze(object) as T;
}

function refuse(): never {
  throw new TypeError('Cannot assign to a read only property');
}

function lookUp<T extends { readonly name: string }>(what: string, known: readonly T[], name: unknown): T {
  const found = known.find((item) => item.name === name);
  if (found) return found;
  const names = known.map((item) => item.name);
  const near = didYouMean(String(name), names);
  throw new PluginError(
    `there is no ${what} ${JSON.stringify(name)}; known: ${names.join(', ')}${near ? ` (did you mean "${near}"?)` : ''}`,
  );
}
