import { PluginError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { type AppName, type Duration, duration, type GroupName, type Time } from '../base/units.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { PodState } from '../cluster/pod.ts';
import { podCapacityPerSecond, type PodSpecs } from '../cluster/specs.ts';
import type { Operation } from '../operations/operation.ts';
import type { AppView, Forecast, GroupView, Measured, OperationView, View } from '../strategies/strategy.ts';

/** What a view is made of. */
export interface ViewSource {
  readonly now: Time;
  readonly because: View['because'];
  readonly horizon: Time;
  readonly cluster: Cluster;
  readonly operations: readonly Operation[];
  measured(app: number): Measured | undefined;
  forecast(app: number): Forecast | undefined;
}

/** The frozen view of the world that a strategy gets. */
export function viewOf(source: ViewSource): View {
  const { cluster } = source;
  const apps = cluster.apps.map((spec, index) => appView(source, spec, index));
  const groups = cluster.groups.map(({ spec, members }, index): GroupView => {
    const slots = cluster.slots.filter((slot) => slot.group === index && slot.state !== 'gone' && slot.state !== 'leaving');
    const held = new Map(members.map((app) => [cluster.app(app).name, slots.filter((slot) => slot.holder === app).length]));
    return Object.freeze({
      name: spec.name,
      members: Object.freeze([...spec.apps]),
      slotMillicores: spec.slot.cpu,
      slots: slots.length,
      stuck: slots.filter((slot) => slot.state === 'stuck').length,
      held: (app: AppName) => held.get(app) ?? 0,
    });
  });
  return Object.freeze({
    now: source.now,
    because: source.because,
    zones: cluster.spec.zones.length,
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
  const stuck =
    cluster.stuck.value === 0
      ? 0
      : cluster.slots.filter((slot) => slot.state === 'stuck' && cluster.group(slot.group).members.includes(index)).length;
  const [pending, starting, running] = [outside('pending'), outside('starting', 'warming'), outside('running')];
  const view: AppView = {
    name: spec.name,
    podCapacityPerSecond: podCapacityPerSecond(spec),
    limitMillicores: spec.pod.cpu,
    requestCpu: requestCpu(spec),
    coldStart: duration(spec.startup.median + spec.warmup.for),
    allowNoExclusive: spec.allowNoExclusive,
    exclusive: Object.freeze({
      wanted: pending + starting + running,
      pending,
      starting,
      running,
      leaving: outside('draining', 'terminating'),
    }),
    shared: Object.freeze({
      running: inSlots('running', 'warming'),
      keepAlive: inSlots('keep-alive'),
      switching: inSlots('draining-to-standby', 'cutoff', 'swapping-out', 'swapping-in'),
      stuck,
    }),
    measured: source.measured(index),
    forecast: Object.freeze(source.forecast(index)),
  };
  return Object.freeze(view);
}

/** CPU time of one request with its sidecar, µs. */
export const requestCpu = (spec: PodSpecs): Duration => duration(spec.service.time + spec.sidecar.cpu);

function operationView({ id, order, state, requested, done, failed, reason }: Operation): OperationView {
  return Object.freeze({ id, order, state, requested, done, failed, reason });
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
