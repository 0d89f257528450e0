import type { z } from 'zod';
import type { AppName, Duration, GroupName, OperationId, Time } from '../base/units.ts';
import type { OperationState, Order, Rollout } from '../operations/orders.ts';

/**
 * What the platform knows at `now`: counts, never single pods, so that its size is that of apps, groups and operations, not of the cluster.
 * Frozen: a strategy that writes to it is stopped with a {@link PluginError}; what it writes to a list of it, from code that is not strict (CommonJS), is ignored.
 */
export interface View {
  readonly now: Time;
  /** Why the strategy is asked: the run starts, its period is over, it asked to be woken, or an operation ended or paused. */
  readonly because: 'start' | 'period' | 'wake' | 'operation';
  readonly zones: number;
  /** Pods or slots that the scheduler binds a second, as configured. */
  readonly schedulingRate: number;
  /** End of the scenario. */
  readonly horizon: Time;
  /** What the run’s cost is reckoned by. */
  readonly prices: Prices;
  /** In scenario order. */
  readonly apps: readonly AppView[];
  readonly groups: readonly GroupView[];
  /** Those running, and those that ended since the last call. */
  readonly operations: readonly OperationView[];
  /** Throws a PluginError that lists the known apps. */
  app(name: AppName): AppView;
  group(name: GroupName): GroupView;
}

/** Prices of the cost in the summary, in one arbitrary currency. */
export interface Prices {
  /** `owned`: the largest reservation is paid for the whole horizon; `held`: what is reserved is paid while it is. */
  readonly basis: 'owned' | 'held';
  readonly coreHour: number;
  /** Per 1,000 requests that were never served. */
  readonly unservedPer1000: number;
  /** Per slot switched. */
  readonly slotSwitch: number;
  readonly podCreated: number;
}

export interface AppView {
  readonly name: AppName;
  /** Requests/s of one running pod at full capacity. */
  readonly podCapacityPerSecond: number;
  readonly limitMillicores: number;
  /** Service time plus sidecar, µs of CPU per request. */
  readonly requestCpu: Duration;
  /**
   * The cold path from the bound pod on, as configured: image pull (nothing where all nodes were preheated), medians of the start-up and of the
   * push that registers the pod, warm-up.
   * The pull is that of a node alone: a registry that many nodes pull from, and what comes to be cached in the day, are not in it.
   */
  readonly coldStart: Duration;
  /** The same with the start-up and the push that 99 % of the pods keep to. */
  readonly coldStartP99: Duration;
  /** From the order to the warm pod, for one that stands by: median of a push, and warm-up. */
  readonly activation: Duration;
  readonly allowNoExclusive: boolean;
  /** Traffic of the busiest zone ÷ the mean of the zones, by their weights: 1 where they are equal. Pods stand evenly in the zones. */
  readonly imbalance: number;
  /** Pods outside slots: `wanted` are those that are pending, starting (pulling, being activated and warming up too) and running. */
  readonly exclusive: {
    readonly wanted: number;
    readonly pending: number;
    readonly starting: number;
    readonly running: number;
    readonly leaving: number;
    /** On lost nodes: wanted, and not yet made anew. */
    readonly failed: number;
    /** Ready to be activated; not among `wanted`. */
    readonly standby: number;
  };
  /** Tenants in slots. */
  readonly shared: {
    readonly running: number;
    readonly keepAlive: number;
    readonly switching: number;
    readonly stuck: number;
    readonly failed: number;
  };
  /** The last whole window, as old as the metrics delay; absent before the first. Looked up when it is first read, which is possible as long as the view is new. */
  readonly measured: Measured | undefined;
  /** Absent where the scenario says `information: none`. */
  readonly forecast: Forecast | undefined;
}

/** Means over one metrics window. */
export interface Measured {
  readonly from: Time;
  readonly to: Time;
  /** Attempts, retries among them: the load. */
  readonly offeredPerSecond: number;
  readonly servedPerSecond: number;
  /** 1 − attempts that failed ÷ attempts; 1 without any. */
  readonly successRatio: number;
  /** Of what was answered; undefined where nothing was, as in an outage. */
  readonly responseP99: Duration | undefined;
  /** CPU used, by whichever pods, ÷ CPU limits of the pods that run at the end of the window; 0 where none does. Pods that come or go within it move it, above 1 too. */
  readonly utilisation: number;
}

/** Requests/s that the app is expected to get. */
export interface Forecast {
  at(t: Time): number;
  max(from: Time, to: Time): number;
  mean(from: Time, to: Time): number;
  readonly end: Time;
}

export interface GroupView {
  readonly name: GroupName;
  readonly members: readonly AppName[];
  readonly slotMillicores: number;
  readonly slots: number;
  readonly stuck: number;
  /** Slots in which the app's tenant is the running one. */
  held(app: AppName): number;
}

export interface OperationView {
  readonly id: OperationId;
  readonly order: Order;
  /** Who ordered it: the inspection repairs stuck slots by switches of its own. */
  readonly by: 'strategy' | 'inspection';
  readonly state: OperationState;
  /** Pods or slots that have to change for it (all that was asked for, where it is refused); those done and failed so far. */
  readonly requested: number;
  readonly done: number;
  readonly failed: number;
  /** Why it was refused, paused or rolled back. */
  readonly reason: string | undefined;
}

/** An order for the platform, or a wish to be woken. */
export type Action = Order | { readonly kind: 'wake'; readonly at: Time };

/** Capacity over time. Made afresh for each run; its memory is its closure. */
export interface Strategy {
  /** Between calls; absent: only wake-ups and news of operations. */
  readonly period?: Duration;
  /** The fleet at time zero: `scale` and `reserve` (placed at once and warm), and wake-ups. */
  open(view: View): readonly Action[];
  decide(view: View): readonly Action[];
  /** The fleet it means to have over time, if it plans one: for the arithmetic beside the simulated figures and for warnings of `validate`. */
  plan?(view: View): readonly PlannedFleet[];
}

/** What a strategy means to have from a moment on; the first fleet is that of time zero. */
export interface PlannedFleet {
  readonly from: Time;
  /** Pods outside slots of every app. */
  readonly exclusive: ReadonlyMap<AppName, number>;
  /** Pods that stand by beside them; absent where none do. */
  readonly standby?: ReadonlyMap<AppName, number>;
  readonly slots: ReadonlyMap<GroupName, { readonly slots: number; readonly holder: AppName }>;
}

/** What an options schema may ask of the scenario: each function returns a schema that knows it. */
export interface Kit {
  /** zod itself, so that a plug-in file imports nothing but types. */
  readonly z: typeof z;
  /** Name of an app of the scenario. */
  app(): z.ZodType<AppName, string>;
  group(): z.ZodType<GroupName, string>;
  /** The apps of a group; undefined where they are not known (yet): then what depends on them is not checked. */
  members(group: GroupName): readonly AppName[] | undefined;
  /** Clock time within the horizon. */
  time(): z.ZodType<Time>;
  duration(): z.ZodType<Duration>;
  /** A ratio above 0 and up to 1, written in percent. */
  share(): z.ZodType<number>;
  count(least?: number, most?: number): z.ZodType<number>;
  rollout(): z.ZodType<Rollout>;
}

/** A plug-in strategy: name, one-line summary, schema of its options, factory. */
export interface StrategyDefinition<O> {
  readonly name: string;
  readonly summary: string;
  options(kit: Kit): z.ZodType<O>;
  /** `uniform` is the strategy's own random stream. */
  create(options: O, uniform: () => number): Strategy;
  /** Whether it cannot work without a forecast; where that depends on the options, by them. */
  readonly needsForecast?: boolean | ((options: O) => boolean);
  /** Whether it is told what will really come: only an offline plan is. It asks for `information: perfect`. */
  readonly needsPerfect?: boolean;
}

/** A definition whose options type is hidden, so that strategies of all kinds stand in one registry. */
export interface StrategyEntry {
  readonly name: string;
  readonly summary: string;
  needsForecast(options: unknown): boolean;
  readonly needsPerfect: boolean;
  options(kit: Kit): z.ZodType;
  create(options: unknown, uniform: () => number): Strategy;
}

export function defineStrategy<O>(definition: StrategyDefinition<O>): StrategyEntry {
  const { needsForecast = false, needsPerfect = false } = definition;
  return {
    name: definition.name,
    summary: definition.summary,
    // The options come out of this very definition's schema.
    needsForecast: (options) => (typeof needsForecast === 'function' ? needsForecast(options as O) : needsForecast),
    needsPerfect,
    options: (kit) => definition.options(kit),
    create: (options, uniform) => definition.create(options as O, uniform),
  };
}

/** A plug-in file's default export. It gets what it needs as arguments and imports types only, so one file runs from any folder, under tsx, dist and in workers. */
export type Plugin = (define: { readonly strategy: typeof defineStrategy }) => readonly StrategyEntry[];
