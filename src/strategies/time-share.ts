import { z } from 'zod';
import { type AppName, type GroupName, type Time, time } from '../base/units.ts';
import { ordersFor, wakeUps } from './fleet-plan.ts';
import { defaultUtilisation, forecastOf, leastPods, podsFor } from './sizing.ts';
import { type Action, type AppView, defineStrategy, type GroupView, type PlannedFleet, type View } from './strategy.ts';

interface PlannedSwitch {
  readonly at: Time;
  readonly group: GroupName;
  readonly from: AppName;
  readonly to: AppName;
}

/**
 * The planned time-sharing switch (分时调度): apps of a group keep one pod each in shared slots, one running and the others kept alive; at planned times the slots change hands.
 * Outside slots an app keeps E(S) = max(F, max n − S): F, what it needs while it does not hold the slots, and at least the least; n, what it needs at any time; S, the slots.
 */
export const timeShare = defineStrategy({
  name: 'time-share',
  summary: 'apps share slots, one running and the others kept alive; planned switches hand the slots on (分时调度)',
  needsForecast: true,
  options: (kit) =>
    z.strictObject({
      utilisation: kit
        .share()
        .default(defaultUtilisation)
        .describe('share of the CPU limits that the expected peak may use (assumption; safety lines: 50–75 %)'),
      slots: z
        .record(kit.group(), kit.count(1))
        .default({})
        .describe('slots of a group; left out: the number that reserves the fewest cores (computed)'),
      pods: z.record(kit.app(), kit.count()).default({}).describe('pods of an app outside slots, instead of the computed number (none)'),
      plan: z
        .array(
          z.strictObject({
            at: kit.time().describe('when the switch begins'),
            group: kit.group(),
            from: kit.app().describe('the giver: the holder of the slots'),
            to: kit.app().describe('the taker'),
          }),
        )
        .min(1, { error: 'expected at least one switch' })
        .superRefine((plan, context) => {
          plan.forEach((step, index) => {
            const members = kit.members(step.group);
            for (const role of ['from', 'to'] as const)
              if (members?.includes(step[role]) === false)
                context.addIssue({
                  code: 'custom',
                  path: [index, role],
                  message: `${step[role]} is not in group ${step.group}; its apps: ${members.join(', ')}`,
                });
            const before = plan.slice(0, index).findLast((other) => other.group === step.group);
            if (step.from === step.to)
              context.addIssue({ code: 'custom', path: [index, 'to'], message: `giver and taker are both ${step.from}` });
            if (before && before.at >= step.at)
              context.addIssue({ code: 'custom', path: [index, 'at'], message: "is not later than the group's switch before it" });
            if (before && before.to !== step.from)
              context.addIssue({
                code: 'custom',
                path: [index, 'from'],
                message: `${step.from} does not hold the slots then; ${before.to} does`,
              });
          });
        }),
      rollout: kit.rollout(),
    }),
  create: ({ utilisation, slots: given, pods, plan: switches, rollout }) => {
    const inOrder = [...switches].sort((a, b) => a.at - b.at);
    const plans = new Map<GroupName, PlannedSwitch[]>();
    for (const step of switches) plans.set(step.group, [...(plans.get(step.group) ?? []), step]);
    const planOf = (group: GroupName): readonly PlannedSwitch[] => plans.get(group) ?? [];

    /** Stretches of time in which the app does, or does not, hold the group's slots. */
    const stretches = (
      view: View,
      app: AppName,
      group: GroupName,
      holding: boolean,
    ): readonly { readonly from: Time; readonly to: Time }[] => {
      const plan = planOf(group);
      const moments = [time(0), ...plan.map((step) => step.at), view.horizon];
      const holders = [plan[0]?.from, ...plan.map((step) => step.to)];
      return holders.flatMap((holder, index) =>
        (holder === app) === holding ? [{ from: moments[index] as Time, to: moments[index + 1] as Time }] : [],
      );
    };

    /** Pods for the highest forecast within the stretches. */
    const need = (view: View, app: AppView, parts: readonly { readonly from: Time; readonly to: Time }[]): number =>
      Math.max(0, ...parts.map(({ from, to }) => podsFor(app, forecastOf(app).max(from, to), utilisation, view.zones)));

    const sizes = (view: View, group: GroupView) =>
      group.members.map((name) => {
        const app = view.app(name);
        const floor = Math.max(leastPods(app, view.zones), need(view, app, stretches(view, name, group.name, false)));
        const most = need(view, app, [{ from: time(0), to: view.horizon }]);
        return { name, floor, most, limit: app.limitMillicores, exclusive: (slots: number) => pods[name] ?? Math.max(floor, most - slots) };
      });

    /** The given number of slots, or the smallest of those that reserve the fewest cores. */
    const slotsOf = (group: GroupView, members: ReturnType<typeof sizes>): number => {
      const fixed = given[group.name];
      if (fixed !== undefined) return fixed;
      let [best, bestCores] = [0, Infinity];
      for (let slots = 0; slots <= Math.max(...members.map((member) => member.most)); slots++) {
        const cores = members.reduce((sum, member) => sum + member.limit * member.exclusive(slots), slots * group.slotMillicores);
        if (cores < bestCores) [best, bestCores] = [slots, cores];
      }
      return best;
    };

    const plan = (view: View): readonly PlannedFleet[] => {
      const held = new Map<GroupName, { readonly slots: number; readonly holder: AppName }>();
      const shared = new Map<AppName, number>();
      for (const group of view.groups) {
        const [first] = planOf(group.name);
        if (!first) continue;
        const members = sizes(view, group);
        const slots = slotsOf(group, members);
        held.set(group.name, { slots, holder: first.from });
        for (const member of members) shared.set(member.name, member.exclusive(slots));
      }
      const alone = (app: AppView) =>
        pods[app.name] ?? Math.max(leastPods(app, view.zones), need(view, app, [{ from: time(0), to: view.horizon }]));
      const exclusive = new Map(view.apps.map((app) => [app.name, shared.get(app.name) ?? alone(app)]));
      // Switches of one moment make one fleet.
      const moments = new Set([time(0), ...inOrder.map((step) => step.at)]);
      let next = 0;
      return Array.from(moments, (from) => {
        for (let step = inOrder[next]; step && step.at <= from; step = inOrder[++next])
          held.set(step.group, { slots: held.get(step.group)?.slots ?? 0, holder: step.to });
        return { from, exclusive, slots: new Map(held) };
      });
    };

    let next = 0;
    return {
      plan,
      open: (view) => [...plan(view).slice(0, 1).flatMap(ordersFor), ...wakeUps(switches.map((step) => step.at))],
      decide: (view) => {
        const actions: Action[] = [];
        for (; next < inOrder.length; next++) {
          const step = inOrder[next];
          if (!step || step.at > view.now) break;
          const slots = view.group(step.group).held(step.from);
          if (slots > 0) actions.push({ kind: 'switch', group: step.group, from: step.from, to: step.to, slots, rollout });
        }
        return actions;
      },
    };
  },
});
