import { z } from 'zod';
import { after, type AppName, fromSeconds, time } from '../base/units.ts';
import { gridOf, Losses } from './losses.ts';
import { isBusy, opening, sharingOptions } from './sharing.ts';
import { handOverOf, slotPlan } from './slot-plan.ts';
import { type Action, defineStrategy, type GroupView, type View } from './strategy.ts';
import { batchTime, leadOf } from './time-share-predictive.ts';

/** It is planned anew so often that a coarse plan must do. */
const fewParts = 20;

/**
 * Model predictive control (receding horizon; Roy, Dubey & Gokhale, Efficient autoscaling in the cloud using predictive models for workload forecasting, CLOUD 2011): at each look the
 * cheapest way to hand slots on in the coming `window` ({@link slotPlan}), by the forecast and the run's own prices, from what the apps hold now. Of it only what is to begin at once is
 * done, and a period later all is planned anew. A request beyond `utilisation` of the CPU limits counts as lost.
 */
export const mpc = defineStrategy({
  name: 'mpc',
  summary: 'apps share slots; at each look the first step of the cheapest plan for the coming half hour (model predictive control)',
  needsForecast: true,
  options: (kit) => {
    const { utilisation, slots, pods, rollout } = sharingOptions(kit);
    return z.strictObject({
      utilisation,
      slots,
      pods,
      window: kit.duration().refine((value) => value > 0, { error: 'must be greater than 0' }).default(fromSeconds(1800)).describe('how far it is planned ahead (assumption)'), // prettier-ignore
      batch: kit.duration().default(batchTime).describe('what a batch of a switch takes beside pause and observation (assumption)'),
      period: kit.duration().refine((value) => value >= 1e6, { error: 'must be at least 1s' }).default(fromSeconds(60)).describe('between two looks, and of a step of the plan (assumption)'), // prettier-ignore
      rollout,
    });
  },
  create: ({ window, batch, period, ...options }) => {
    const { utilisation, rollout } = options;
    const outside = new Map<AppName, number>();
    const handOver = handOverOf(rollout, batch, period);

    const first = (view: View, group: GroupView): readonly Action[] => {
      // As many in every zone.
      const { zones } = view;
      const whole = (slots: number): number => Math.floor(slots / zones);
      if (isBusy(view, group.name) || whole(group.slots) === 0) return [];
      const grid = gridOf(view.now, time(Math.min(view.horizon, after(view.now, window))), period);
      const members = group.members.map((name) => ({
        lost: new Losses(view, view.app(name), grid, utilisation),
        held: group.held(name),
        outside: outside.get(name) ?? 0,
      }));
      const member = (m: number) => members[m] as (typeof members)[number];
      const plan = slotPlan({
        slots: whole(group.slots),
        members: members.length,
        steps: grid.steps,
        loss: (m, k, held) => member(m).lost.of(k, zones * held + member(m).outside),
        keeps: (m, k) => Math.ceil((member(m).lost.stay(k) - member(m).outside) / zones),
        price: zones * view.prices.slotSwitch,
        handOver,
        held: members.map(({ held }) => whole(held)),
        parts: fewParts,
      });
      const [next] = plan.handOvers;
      if (next?.step !== 0) return [];
      const [from, to] = [group.members[next.from], group.members[next.to]] as [AppName, AppName];
      const slots = Math.min(zones * next.slots, group.held(from));
      return slots === 0 ? [] : [{ kind: 'switch', group: group.name, from, to, slots, rollout }];
    };

    return {
      period,
      open: (view) => opening(view, options, leadOf(rollout), outside),
      decide: (view) => view.groups.flatMap((group) => first(view, group)),
    };
  },
});
