import { type AppName, type Duration, type GroupName, type Time, time } from '../base/units.ts';
import { type Grid, gridOf, Losses } from './losses.ts';
import { type PodDemand, podPlan } from './pod-plan.ts';
import { leastPods } from './sizing.ts';
import { type SlotProblem, slotPlan } from './slot-plan.ts';
import type { AppView, GroupView, View } from './strategy.ts';

export interface DueSwitch {
  readonly at: Time;
  readonly from: AppName;
  readonly to: AppName;
  readonly slots: number;
}

/** Slots of a group, who holds them, and the pods outside them. */
export interface SharedPlan {
  readonly group: GroupName;
  readonly cost: number;
  readonly slots: number;
  readonly holder: AppName;
  readonly outside: ReadonlyMap<AppName, number>;
  readonly switches: readonly DueSwitch[];
}

/** Pods of the apps that share nothing. */
export interface AlonePlan {
  readonly cost: number;
  /** Most that they may reserve together, millicores. */
  readonly room: number;
  /** By app, then by step. */
  readonly wanted: ReadonlyMap<AppName, readonly number[]>;
}

/** Numbers of slots that are tried: all of so few, else so many over the whole range and again about the best. */
const fewSlots = 12;
/** Parts of a first, rough plan. */
const roughly = 15;
/** Groups of which each gets a fine plan. */
const fewGroups = 10;

/** What the plans are made from. */
export interface Known {
  readonly view: View;
  readonly grid: Grid;
  readonly losses: ReadonlyMap<AppName, Losses>;
  /** Price of a millicore for the whole horizon. */
  readonly corePrice: number;
}

/** `utilisation`: share of the CPU limits that counts as capacity. */
export function knownOf(view: View, step: Duration, utilisation: number): Known {
  const grid = gridOf(view.now, view.horizon, step);
  const losses = new Map(view.apps.map((app) => [app.name, new Losses(view, app, grid, utilisation)]));
  return { view, grid, losses, corePrice: (view.prices.coreHour / 1000) * (view.horizon / 3600e6) };
}

/** Pods of their own for the apps, as many in every zone. */
export function alonePlan({ view, grid, losses, corePrice }: Known, apps: readonly AppView[]): AlonePlan {
  const { zones, prices } = view;
  const demands = apps.map((app): PodDemand => {
    const lost = losses.get(app.name) as Losses;
    return {
      size: zones * app.limitMillicores,
      least: leastPods(app, zones) / zones,
      all: (k) => Math.ceil(lost.all(k) / zones),
      loss: (k, count) => lost.of(k, zones * count),
      // A step more to find nodes for them.
      lead: Math.ceil(app.coldStartP99 / grid.step) + 1,
    };
  });
  const owned = prices.basis === 'owned';
  const plan = podPlan({
    apps: demands,
    steps: grid.steps,
    owned: owned ? corePrice : 0,
    held: owned ? 0 : corePrice / grid.steps,
    created: zones * prices.podCreated,
  });
  return {
    cost: plan.cost,
    room: owned ? plan.room : Infinity,
    wanted: new Map(apps.map(({ name }, a) => [name, (plan.wanted[a] as readonly number[]).map((count) => zones * count)])),
  };
}

/** Slots for a group, as many in every zone; what its apps need all the time, they have outside. */
export function sharedPlan({ view, grid, losses, corePrice }: Known, group: GroupView, handOver: SlotProblem['handOver']): SharedPlan {
  const { zones, prices } = view;
  const members = group.members.map((name) => ({ app: view.app(name), lost: losses.get(name) as Losses }));
  const needs = members.map(({ lost }) => Array.from({ length: grid.steps }, (_, k) => Math.ceil(lost.all(k) / zones)));
  const outside = members.map(({ app }, m) => Math.max(leastPods(app, zones) / zones, Math.min(...(needs[m] as readonly number[]))));
  const beyond = Array.from({ length: grid.steps }, (_, k) =>
    outside.reduce((sum, there, m) => sum + Math.max(0, (needs[m]?.[k] as number) - there), 0),
  );
  const most = Math.max(1, ...beyond);
  const alwaysThere = members.reduce((sum, { app }, m) => sum + app.limitMillicores * zones * (outside[m] as number), 0);
  const withSlots = (slots: number, parts?: number): SharedPlan => {
    const plan = slotPlan({
      slots,
      members: members.length,
      steps: grid.steps,
      loss: (m, k, held) => (members[m]?.lost as Losses).of(k, zones * (held + (outside[m] as number))),
      keeps: (m, k) => Math.ceil((members[m]?.lost as Losses).stay(k) / zones) - (outside[m] as number),
      price: zones * prices.slotSwitch,
      handOver,
      ...(parts === undefined ? {} : { parts }),
    });
    return {
      group: group.name,
      cost: plan.cost + (zones * slots * group.slotMillicores + alwaysThere) * corePrice,
      slots: zones * slots,
      holder: group.members[plan.held.indexOf(Math.max(...plan.held))] as AppName,
      outside: new Map(group.members.map((name, m) => [name, zones * (outside[m] as number)])),
      switches: plan.handOvers.map(({ step, from, to, slots: count }) => ({
        at: time(grid.from + step * grid.step),
        from: group.members[from] as AppName,
        to: group.members[to] as AppName,
        slots: zones * count,
      })),
    };
  };
  const cheapest = (counts: readonly number[], parts?: number): SharedPlan =>
    [...new Set(counts.map((count) => Math.max(1, Math.round(count))))]
      .map((count) => withSlots(count, parts))
      .reduce((best, plan) => (plan.cost < best.cost ? plan : best));
  const over = (low: number, high: number, count: number): readonly number[] =>
    Array.from({ length: count }, (_, i) => low + ((high - low) * (i + 1)) / count);
  const highest = most * 1.1;
  if (highest <= fewSlots) return cheapest(over(0, Math.ceil(highest), Math.ceil(highest)));
  const by = highest / fewSlots;
  const { slots: about } = cheapest(over(0, highest, fewSlots), roughly);
  return cheapest(over(about - by, about + by / 2, fewSlots / 2), view.groups.length > fewGroups ? roughly : undefined);
}
