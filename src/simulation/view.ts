import { PluginError } from '../base/errors.ts';
import { readOnly } from '../base/read-only.ts';
import { didYouMean } from '../base/suggest.ts';
import { type AppName, type Duration, duration, type GroupName, type Time } from '../base/units.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { PodState } from '../cluster/pod.ts';
import { imbalance, podCapacityPerSecond, type PodSpecs } from '../cluster/specs.ts';
import { pullAlone } from '../operations/images.ts';
import { type Operation, reasonOf } from '../operations/operation.ts';
import type { Platform } from '../operations/platform.ts';
import { draw } from '../random/duration-law.ts';
import { type AppCounts, AppPicture, type Readings } from './app-picture.ts';
import type { AppView, Forecast, GroupView, Measured, OperationView, Prices, View } from '../strategies/strategy.ts';

/** What views are made of. */
export interface ViewSource {
  readonly horizon: Time;
  readonly cluster: Cluster;
  readonly platform: Platform;
  readonly prices: Prices;
  measured(app: number): Measured | undefined;
  forecast(app: number): Forecast | undefined;
}

/** What is seen at one moment. */
export interface Moment {
  readonly now: Time;
  readonly because: View['because'];
  readonly operations: readonly Operation[];
}

/** One view; who needs several of one world keeps its {@link Views}. */
export const viewOf = (source: ViewSource & Moment): View => new Views(source).at(source);

/** A part of a view, and what it was made from. */
interface Made<Part> {
  readonly from: readonly unknown[];
  readonly part: Part;
}

/**
 * Makes the frozen views of the world that a strategy gets, each a picture of its moment. A part of which nothing has changed since the last view is
 * the same object again: the cost of a view follows what has happened, not the number of apps, groups and operations.
 */
export class Views {
  readonly #source: ViewSource;
  readonly #counts: Made<AppCounts>[] = [];
  readonly #apps: Made<AppView>[] = [];
  readonly #groups: Made<GroupView>[] = [];
  readonly #operations = new WeakMap<Operation, Made<OperationView>>();
  readonly #readings: Readings;
  readonly #prices: Prices;
  /** Places by name. */
  readonly #appOf: ReadonlyMap<string, number>;
  readonly #groupOf: ReadonlyMap<string, number>;

  constructor(source: ViewSource) {
    const { apps, groups } = source.cluster;
    this.#source = source;
    this.#prices = Object.freeze({ ...source.prices });
    this.#readings = { window: 0, measured: (app) => source.measured(app) };
    this.#appOf = new Map(apps.map(({ name }, index) => [name, index]));
    this.#groupOf = new Map(groups.map(({ spec }, index) => [spec.name, index]));
  }

  at({ now, because, operations }: Moment): View {
    const { cluster, platform, horizon } = this.#source;
    this.#readings.window = Math.floor((now - platform.metrics.delay) / platform.metrics.window);
    const apps = cluster.apps.map((_, index) => this.#app(index));
    const groups = cluster.groups.map((_, index) => this.#group(index));
    return readOnly({
      now,
      because,
      zones: cluster.spec.zones.length,
      schedulingRate: platform.scheduler.rate,
      horizon,
      prices: this.#prices,
      apps: Object.freeze(apps),
      groups: Object.freeze(groups),
      operations: Object.freeze(operations.map((operation) => this.#operation(operation))),
      app: (name: AppName) => apps[placeOf('app', this.#appOf, name)] as AppView,
      group: (name: GroupName) => groups[placeOf('group', this.#groupOf, name)] as GroupView,
    });
  }

  #app(index: number): AppView {
    const { cluster } = this.#source;
    const stuck = cluster.stuck[cluster.groupOf(index)]?.value ?? 0;
    const counts = remade(this.#counts[index], [cluster.podChanges(index), stuck], () => appCounts(this.#source, index, stuck));
    this.#counts[index] = counts;
    const made = remade(this.#apps[index], [counts.part, this.#readings.window], () => new AppPicture(counts.part, this.#readings, index));
    this.#apps[index] = made;
    return made.part;
  }

  #group(index: number): GroupView {
    const { cluster } = this.#source;
    const { spec, members } = cluster.group(index);
    const stuck = cluster.stuck[index]?.value ?? 0;
    const slots = members.map((app) => cluster.slotCount(index, app));
    const made = remade(this.#groups[index], [stuck, ...slots], () =>
      readOnly({
        name: spec.name,
        members: Object.freeze([...spec.apps]),
        slotMillicores: spec.slot.cpu,
        slots: slots.reduce((sum, held) => sum + held, 0),
        stuck,
        held: (app: AppName) => slots[members.indexOf(placeOf('app', this.#appOf, app))] ?? 0,
      }),
    );
    this.#groups[index] = made;
    return made.part;
  }

  #operation(operation: Operation): OperationView {
    const { id, order, by, state, requested, done, failed } = operation;
    const reason = reasonOf(operation);
    const made = remade(this.#operations.get(operation), [state, requested, done, failed, reason], () =>
      readOnly({ id, order, by, state, requested, done, failed, reason }),
    );
    this.#operations.set(operation, made);
    return made.part;
  }
}

/** The part as it is, or made anew where it was made from something else. */
function remade<Part>(last: Made<Part> | undefined, from: readonly unknown[], make: () => Part): Made<Part> {
  return last?.from.every((value, index) => value === from[index]) === true ? last : { from, part: make() };
}

function appCounts(source: ViewSource, index: number, stuck: number): AppCounts {
  const { cluster, platform } = source;
  const spec = cluster.app(index);
  const outside = (...states: PodState[]) => states.reduce((sum, state) => sum + cluster.count(index, 'exclusive', state), 0);
  const inSlots = (...states: PodState[]) => states.reduce((sum, state) => sum + cluster.count(index, 'slot', state), 0);
  const [pending, running, failed] = [outside('pending'), outside('running'), outside('failed')];
  const starting = outside('pulling', 'starting', 'standby', 'warming');
  const { push, registry } = platform;
  const path = pullAlone(spec, registry) + spec.warmup.for;
  return readOnly({
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
      stuck,
      failed: inSlots('failed'),
    }),
    forecast: Object.freeze(source.forecast(index)),
  });
}

/** CPU time of one request with its sidecar, µs. */
export const requestCpu = (spec: PodSpecs): Duration => duration(spec.service.time + spec.sidecar.cpu);

function placeOf(what: string, known: ReadonlyMap<string, number>, name: unknown): number {
  const place = known.get(name as string);
  if (place !== undefined) return place;
  const names = [...known.keys()];
  const near = didYouMean(String(name), names);
  throw new PluginError(
    `there is no ${what} ${JSON.stringify(name)}; known: ${names.join(', ')}${near ? ` (did you mean "${near}"?)` : ''}`,
  );
}
