import type { z } from 'zod';
import { type AppName, type Duration, type GroupName, time, type Time } from '../base/units.ts';
import type { Rollout } from '../operations/orders.ts';
import { type Member, sharedFleet } from '../placement/shared-fleet.ts';
import { defaultUtilisation, forecastOf, leastPods, podsFor } from './sizing.ts';
import type { Action, AppView, GroupView, Kit, Strategy, View } from './strategy.ts';

/** Options of strategies that switch slots when demand asks for it. */
export const sharingOptions = (kit: Kit) =>
  ({
    utilisation: kit.share().default(defaultUtilisation).describe('share of the CPU limits that the load may use (assumption; safety lines: 50–75 %)'), // prettier-ignore
    slots: kit.z.record(kit.group(), kit.count(1)).default({}).describe('slots of a group; left out: the number that reserves the fewest cores by the forecast (computed)'), // prettier-ignore
    pods: kit.z.record(kit.app(), kit.count()).default({}).describe('pods of an app outside slots, instead of the computed number (none)'),
    least: kit.share().default(0.02).describe('share of the slots below which a switch is not worth it (assumption)'), // prettier-ignore
    dwell: kit.duration().default(600e6 as Duration).describe('how long an app keeps slots that it has taken, so that they do not go to and fro (assumption)'), // prettier-ignore
    period: kit.duration().refine((value) => value >= 1e6, { error: 'must be at least 1s' }).default(15e6 as Duration).describe('between two looks (assumption; as Kubernetes’ autoscaler)'), // prettier-ignore
    rollout: kit.rollout(),
  }) satisfies Record<string, z.ZodType>;

export interface SharingOptions {
  readonly utilisation: number;
  readonly slots: Readonly<Record<GroupName, number>>;
  readonly pods: Readonly<Record<AppName, number>>;
  readonly least: number;
  readonly dwell: Duration;
  readonly period: Duration;
  readonly rollout: Rollout;
}

/** What an app asks for, requests/s. */
export interface Asked {
  /** By when a switch that begins now is over: where that is more than it has, it takes slots. */
  readonly soon: number;
  /** By when the switch after that would be over, so many it takes; at least `soon`. */
  readonly then: number;
  /** For which it keeps those it holds; at least `then`. */
  readonly kept: number;
}

/**
 * Slots that change hands when somebody is short of them: at each look, in every group in which no switch is under way, the member that lacks most gets slots of the one that
 * has most to spare, as many as the first lacks and the second can spare. `asked` says what a member needs; undefined: nothing is known yet, and it neither takes nor gives.
 */
export function sharing(options: SharingOptions, lead: Duration, asked: (view: View, app: AppView) => Asked | undefined): Strategy {
  const { utilisation, dwell, least, rollout } = options;
  const outside = new Map<AppName, number>();
  /** When an app last took slots. */
  const took = new Map<AppName, Time>();

  const exchange = (view: View, group: GroupView): readonly Action[] => {
    if (isBusy(view, group.name)) return [];
    const members = group.members.flatMap((name) => {
      const app = view.app(name);
      const rates = asked(view, app);
      if (rates === undefined) return [];
      const slotsFor = (rate: number): number => Math.max(0, podsFor(app, rate, utilisation, view.zones) - (outside.get(name) ?? 0));
      const held = group.held(name);
      const resting = (took.get(name) ?? -Infinity) + dwell > view.now;
      return [
        {
          name,
          urgent: slotsFor(rates.soon) > held,
          lacks: slotsFor(rates.then) - held,
          spares: resting ? 0 : held - slotsFor(rates.kept),
        },
      ];
    });
    const taker = mostOf(
      members.filter(({ urgent }) => urgent),
      ({ lacks }) => lacks,
    );
    const giver = mostOf(members, ({ spares }) => spares);
    if (taker === undefined || giver === undefined || giver.spares <= 0) return [];
    const slots = Math.min(taker.lacks, giver.spares);
    if (slots < least * group.slots) return [];
    took.set(taker.name, view.now);
    return [{ kind: 'switch', group: group.name, from: giver.name, to: taker.name, slots, rollout }];
  };

  return {
    period: options.period,
    open: (view) => opening(view, options, lead, outside),
    decide: (view) => (view.because === 'start' ? [] : view.groups.flatMap((group) => exchange(view, group))),
  };
}

/** Whether slots of the group are being reserved or switched. */
export const isBusy = (view: View, group: GroupName): boolean =>
  view.operations.some(({ order, state }) => 'group' in order && order.group === group && (state === 'running' || state === 'paused' || state === 'rolling-back')); // prettier-ignore

/**
 * The fleet at time zero: the slots of every group, held by the member that lacks most in the first `lead`, pods outside them, and as many pods of the apps of no group as their
 * peaks take. The pods outside slots are put into `outside`.
 */
export function opening(view: View, options: Pick<SharingOptions, 'utilisation' | 'slots' | 'pods'>, lead: Duration, outside: Map<AppName, number>): readonly Action[] {
  const { utilisation } = options;
  const reserved = view.groups.map((group): Action => {
    const fleet = fleetOf(view, group, { ...options, lead, slots: options.slots[group.name] });
    for (const [name, pods] of fleet.outside) outside.set(name, pods);
    const first = mostOf(group.members, (name) => podsFor(view.app(name), forecastOf(view.app(name)).max(view.now, time(Math.min(view.horizon, view.now + lead))), utilisation, view.zones) - (outside.get(name) ?? 0)); // prettier-ignore
    return { kind: 'reserve', group: group.name, slots: fleet.slots, holder: first ?? (group.members[0] as AppName) };
  });
  const scaled = view.apps.map((app): Action => {
    const alone = Math.max(leastPods(app, view.zones), podsFor(app, forecastOf(app).max(view.now, view.horizon), utilisation, view.zones));
    return { kind: 'scale', app: app.name, pods: outside.get(app.name) ?? options.pods[app.name] ?? alone };
  });
  return [...reserved, ...scaled];
} // prettier-ignore

/** The first of those with the largest value. */
function mostOf<T>(all: readonly T[], value: (each: T) => number): T | undefined {
  let most: T | undefined;
  for (const each of all) if (most === undefined || value(each) > value(most)) most = each;
  return most;
}

interface Sizing {
  readonly utilisation: number;
  readonly lead: Duration;
  /** Given instead of computed. */
  readonly slots: number | undefined;
  readonly pods: Readonly<Record<AppName, number>>;
}

/** Moments at which needs are compared, µs apart. */
const grid = 60e6;

/** Slots of a group, and pods outside them of each member, that reserve few cores; what is needed at a minute is what the highest forecast within it and a lead takes. */
export function fleetOf(view: View, group: GroupView, { utilisation, lead, slots, pods }: Sizing): { readonly slots: number; readonly outside: ReadonlyMap<AppName, number> } {
  const members = group.members.map((name): Member => {
    const app = view.app(name);
    const needs = Array.from({ length: Math.max(1, Math.ceil(view.horizon / grid)) }, (_, k) => {
      const to = time(Math.min(view.horizon, (k + 1) * grid + lead - 1));
      return podsFor(app, forecastOf(app).max(time(k * grid), to), utilisation, view.zones);
    });
    const given = pods[name];
    return { needs, limit: app.limitMillicores, least: given ?? leastPods(app, view.zones), given: given !== undefined };
  });
  const fleet = sharedFleet(members, group.slotMillicores, view.zones, slots);
  return { slots: fleet.slots, outside: new Map(group.members.map((name, m) => [name, fleet.outside[m] as number])) };
} // prettier-ignore
