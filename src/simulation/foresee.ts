import { PluginError } from '../base/errors.ts';
import { show } from '../base/quantity.ts';
import { roundUp } from '../base/round-up.ts';
import { type AppName, type GroupName, inSeconds, time, type Time } from '../base/units.ts';
import { clockLabel } from '../base/wall-clock.ts';
import { Cluster } from '../cluster/cluster.ts';
import { allocatable, imbalance, nodeCount, podCapacityPerSecond } from '../cluster/specs.ts';
import type { AppSpec, Scenario, StrategyUse } from '../scenario/scenario.ts';
import type { PlannedFleet, Strategy, View } from '../strategies/strategy.ts';
import type { Curve } from '../traffic/curve.ts';
import { thrown } from './decision.ts';
import { viewOf } from './view.ts';

/** What a strategy's plan comes to without simulating it. */
export interface Foreseen {
  /** Largest reservation of the plan, cores. */
  readonly cores: number;
  /** Nodes for it: Σ over zones of ⌈cores ÷ zones ÷ allocatable⌉; undefined where nodes come in several shapes. */
  readonly nodes: number | undefined;
  /** Where the plan is smaller than the forecast, in words with time and amount. */
  readonly warnings: readonly string[];
}

/** A view of the world before it begins: no pods, only forecasts. */
export function emptyView(scenario: Scenario, use: StrategyUse, forecasts: readonly Curve[]): View {
  return viewOf({
    now: time(0),
    because: 'start',
    horizon: time(scenario.horizon),
    cluster: new Cluster(scenario.cluster, scenario.apps, scenario.groups),
    platform: use.platform,
    prices: scenario.prices,
    operations: [],
    measured: () => undefined,
    forecast: (app) => (use.platform.information === 'none' ? undefined : forecasts[app]),
  });
}

/** The arithmetic of a strategy's plan; undefined for a strategy that plans nothing. */
export function foresee(
  scenario: Scenario,
  label: string,
  strategy: Strategy,
  view: View,
  forecasts: readonly Curve[],
): Foreseen | undefined {
  if (!strategy.plan) return undefined;
  const plan = checkedPlan(label, planned(label, strategy, view), view);
  const cores = Math.max(...plan.map((fleet) => coresOf(scenario, fleet)));
  const held = plan.map(heldBy);
  return {
    cores,
    nodes: nodesFor(cores, scenario.cluster),
    warnings: [
      ...tooLarge(cores, scenario),
      ...plan.slice(0, 1).flatMap(({ slots }) => withoutSlots(slots)),
      ...outsideWindows(scenario, label, plan),
      ...scenario.apps.flatMap((app, index) =>
        undersized(
          scenario,
          plan.map((fleet, k) => ({ from: fleet.from, pods: (fleet.exclusive.get(app.name) ?? 0) + (held[k]?.get(app.name) ?? 0) })),
          app,
          forecasts[index] as Curve,
        ),
      ),
    ],
  };
}

function planned(label: string, strategy: Strategy, view: View): unknown {
  try {
    return strategy.plan?.(view);
  } catch (error) {
    const what = error instanceof PluginError ? error.message : thrown(error);
    throw new PluginError(`strategy ${label}: its plan(view) threw: ${what}`, { cause: error });
  }
}

/** A plan that is one; a {@link PluginError} says what is wrong with it. */
function checkedPlan(label: string, plan: unknown, view: View): readonly PlannedFleet[] {
  const fail = (what: string): never => {
    throw new PluginError(`strategy ${label}: its plan(view) ${what}`);
  };
  if (!Array.isArray(plan) || plan.length === 0)
    return fail(`returned ${plan instanceof Promise ? 'a promise' : show(plan)} instead of a list of fleets`);
  const whole = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
  let before = -Infinity;
  for (const [index, fleet] of (plan as unknown[]).entries()) {
    const { from, exclusive, slots, standby } = (typeof fleet === 'object' && fleet !== null ? fleet : {}) as Partial<
      Record<keyof PlannedFleet, unknown>
    >;
    const name = `fleet ${String(index)}`;
    if (!Number.isSafeInteger(from) || (from as number) < before)
      return fail(`is wrong: ${name} has from ${show(from)}: expected whole µs, not falling`);
    before = from as number;
    if (index === 0 && from !== 0) return fail(`is wrong: fleet 0 is from ${show(from)}: the first fleet is that of time zero`);
    if (!(exclusive instanceof Map) || !(slots instanceof Map)) return fail(`is wrong: ${name} needs exclusive and slots, both a Map`);
    if (standby !== undefined && !(standby instanceof Map)) return fail(`is wrong: ${name} has standby ${show(standby)}: expected a Map`);
    for (const [app, pods] of [...(exclusive as Map<AppName, unknown>), ...((standby ?? []) as Map<AppName, unknown>)]) {
      const { name: known } = view.app(app);
      if (!whole(pods)) return fail(`is wrong: ${name} has ${show(pods)} pods of ${known}: expected a whole number`);
    }
    for (const [group, planned] of slots as Map<GroupName, { readonly slots?: unknown; readonly holder?: AppName } | undefined>)
      if (!whole(planned?.slots) || !view.group(group).members.includes(planned?.holder as AppName))
        return fail(
          `is wrong: ${name} has slots of ${view.group(group).name} that are none: expected { slots, holder }, the holder one of ${view.group(group).members.join(', ')}`,
        );
    const missing = view.apps.filter((app) => !(exclusive as Map<AppName, unknown>).has(app.name)).map((app) => app.name);
    if (missing.length > 0) return fail(`is wrong: ${name} says nothing of ${missing.join(', ')}: expected the pods of every app`);
  }
  return plan as readonly PlannedFleet[];
}

function nodesFor(cores: number, { pools, zones }: Scenario['cluster']): number | undefined {
  const [main, ...others] = pools;
  if (main === undefined || others.length > 0) return undefined;
  return zones.length * roundUp(cores / zones.length / (allocatable(main.node).millicores / 1000));
}

/** Whether the plan reserves more than all nodes have. */
function tooLarge(cores: number, { cluster }: Scenario): readonly string[] {
  const there = cluster.pools.reduce((sum, { nodes, node }) => sum + (nodes * allocatable(node).millicores) / 1000, 0);
  if (cores <= there) return [];
  return [
    `the plan reserves ${String(cores)} cores, but the ${String(nodeCount(cluster))} nodes have ${String(there)}: some pods will wait for a node all the time`,
  ];
}

/** Groups whose slots the plan does without. */
function withoutSlots(slots: PlannedFleet['slots']): readonly string[] {
  return [...slots].flatMap(([group, planned]) =>
    planned.slots > 0
      ? []
      : [
          `group ${group} gets no slots: by the forecast its apps need as many pods outside them while they do not hold them; look at the times of the plan`,
        ],
  );
}

/** Switches that the plan begins when no change window is open. */
function outsideWindows({ strategies, calendar }: Scenario, label: string, plan: readonly PlannedFleet[]): readonly string[] {
  const windows = strategies.find((use) => use.label === label)?.platform.changeWindows ?? [];
  if (windows.length === 0) return [];
  return plan.flatMap(({ from, slots }, index) => {
    const before = plan[index - 1]?.slots;
    const switches = [...slots].some(([group, { holder }]) => before !== undefined && before.get(group)?.holder !== holder);
    if (!switches || windows.some((window) => window.from <= from && from < window.to)) return [];
    const next = windows
      .map((window) => window.from)
      .filter((opens) => opens > from)
      .sort((a, b) => a - b)[0];
    const wait = next === undefined ? 'and none is to come: it never begins' : `the next one opens at ${clockLabel(next, calendar)}`;
    return [`no change window is open for the switch at ${clockLabel(from, calendar)}, ${wait}`];
  });
}

function coresOf(scenario: Scenario, fleet: PlannedFleet): number {
  let millicores = 0;
  for (const app of scenario.apps) millicores += ((fleet.exclusive.get(app.name) ?? 0) + (fleet.standby?.get(app.name) ?? 0)) * app.pod.cpu;
  for (const group of scenario.groups) millicores += (fleet.slots.get(group.name)?.slots ?? 0) * group.slot.cpu;
  return millicores / 1000;
}

/** Slots that the fleet's apps hold. */
function heldBy({ slots }: PlannedFleet): ReadonlyMap<AppName, number> {
  const held = new Map<AppName, number>();
  for (const planned of slots.values()) held.set(planned.holder, (held.get(planned.holder) ?? 0) + planned.slots);
  return held;
}

/** One warning per app whose forecast exceeds the capacity of its planned pods, in the busiest zone: when first, for how long, how much at worst. */
function undersized(
  scenario: Scenario,
  plan: readonly { readonly from: Time; readonly pods: number }[],
  app: AppSpec,
  forecast: Curve,
): readonly string[] {
  const { zones } = scenario.cluster;
  const uneven = imbalance(zones);
  const capacity = podCapacityPerSecond(app);
  let [first, total, worst, worstAt] = [-1, 0, 0, 0];
  plan.forEach((fleet, index) => {
    const planned = (fleet.pods * capacity) / uneven;
    const end = plan[index + 1]?.from ?? time(scenario.horizon);
    for (let from: Time = fleet.from; from < end;) {
      const to = time(Math.min(end, forecast.nextBend(from)));
      const [a, b] = [
        forecast.at(from) - planned,
        forecast.at(from) - planned + forecast.slopePerSecond(from) * inSeconds(time(to - from)),
      ];
      if (a > 0 || b > 0) {
        const share = a > 0 && b > 0 ? 1 : Math.max(a, b) / (Math.abs(a) + Math.abs(b));
        if (first < 0) first = a > 0 ? from : to - share * (to - from);
        total += share * (to - from);
        if (Math.max(a, b) > worst) [worst, worstAt] = [Math.max(a, b), a > b ? from : to];
      }
      from = to;
    }
  });
  if (first < 0) return [];
  // Pods stand evenly in the zones: it is the busiest one that they are too few for.
  const busiest = Math.max(...zones.map(({ weight }) => weight));
  const tooMany = String(Math.ceil(uneven > 1 ? (worst * uneven) / zones.length : worst));
  const where = uneven > 1 ? ` in zone ${zones.find(({ weight }) => weight === busiest)?.name ?? ''}` : '';
  const label = (at: number) => clockLabel(time(Math.round(at / 1e6) * 1e6), scenario.calendar);
  return [
    `${app.name}: the plan is too small for the forecast from ${label(first)} on, for ${String(Math.max(1, Math.round(total / 1e6)))} s in all; at worst ${tooMany} requests/s are too many${where}, at ${label(worstAt)}`,
  ];
}
