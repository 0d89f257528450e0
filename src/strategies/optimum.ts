import { z } from 'zod';
import { PluginError } from '../base/errors.ts';
import { duration, fromSeconds, type GroupName } from '../base/units.ts';
import { type AlonePlan, alonePlan, type DueSwitch, knownOf, sharedPlan } from './offline-plan.ts';
import { isBusy } from './sharing.ts';
import { handOverOf } from './slot-plan.ts';
import { type Action, defineStrategy, type View } from './strategy.ts';
import { batchTime } from './time-share-predictive.ts';

const minute = fromSeconds(60);
/** Steps that can be planned, and apps × steps that are planned unless a step is given: a second or two. */
const mostSteps = 20_000;
const mostWork = 15_000;

/**
 * The offline optimum: the cheapest plan, by the run's own prices, of one who knows what comes. Groups share slots: for every number of slots that is tried the shortest path over
 * who holds how many ({@link slotPlan}), with the time that switches take; or all apps have pods of their own that are made and deleted ({@link podPlan}): whichever costs less.
 * It is one that can be carried out, so it costs at least the bound of `compare`; no strategy is to cost less. Response times are no part of it: with `utilisation` 100% it is
 * content where no request is lost.
 */
export const optimum = defineStrategy({
  name: 'optimum',
  summary: 'the cheapest plan of one who knows the traffic beforehand (offline; information: perfect)',
  needsForecast: true,
  needsPerfect: true,
  options: (kit) =>
    z.strictObject({
      utilisation: kit.share().default(1).describe('share of the CPU limits that the load may use (100%: only lost requests count)'),
      step: kit.duration().refine((value) => value >= 1e6, { error: 'must be at least 1s' }).optional().describe('of the plan; left out: a minute, longer where apps × steps would be more than 15,000'), // prettier-ignore
      batch: kit.duration().default(batchTime).describe('what a batch of a switch takes beside pause and observation (assumption)'),
      rollout: kit.rollout(),
    }),
  create: ({ utilisation, step: given, batch, rollout }) => {
    let step = given ?? minute;
    let alone: AlonePlan = { cost: 0, room: 0, wanted: new Map() };
    const due = new Map<GroupName, DueSwitch[]>();

    const pods = (view: View): readonly Action[] => {
      const k = Math.floor(view.now / step);
      let left = alone.room;
      for (const { exclusive, limitMillicores, name } of view.apps)
        if (alone.wanted.has(name)) left -= (exclusive.wanted + exclusive.leaving) * limitMillicores;
      return [...alone.wanted].flatMap(([name, wanted]): Action[] => {
        const { exclusive, limitMillicores } = view.app(name);
        const target = wanted[Math.min(k, wanted.length - 1)] as number;
        // What others have not yet given up is not there.
        const most = exclusive.wanted + Math.max(0, Math.floor(left / limitMillicores));
        const count = Math.min(target, most);
        left -= Math.max(0, count - exclusive.wanted) * limitMillicores;
        return count === exclusive.wanted ? [] : [{ kind: 'scale', app: name, pods: count }];
      });
    };

    const switches = (view: View): readonly Action[] =>
      [...due].flatMap(([name, list]): Action[] => {
        const [next] = list;
        if (next === undefined || next.at > view.now || isBusy(view, name)) return [];
        list.shift();
        const slots = Math.min(next.slots, view.group(name).held(next.from));
        return slots === 0 ? [] : [{ kind: 'switch', group: name, from: next.from, to: next.to, slots, rollout }];
      });

    return {
      period: step,
      open: (view) => {
        step = given ?? duration(minute * Math.max(1, Math.ceil((view.apps.length * view.horizon) / minute / mostWork)));
        if (view.horizon / step > mostSteps)
          throw new PluginError(
            `${String(Math.ceil(view.horizon / step))} steps are more than it can plan: ${String(mostSteps)} at most; give it a longer step`,
          );
        const known = knownOf(view, step, utilisation);
        const inGroups = new Set(view.groups.flatMap(({ members }) => members));
        const together = view.groups.map((group) => sharedPlan(known, group, handOverOf(rollout, batch, step)));
        const rest = alonePlan(
          known,
          view.apps.filter(({ name }) => !inGroups.has(name)),
        );
        alone = alonePlan(known, view.apps);
        const shares = together.length > 0 && together.reduce((sum, { cost }) => sum + cost, rest.cost) < alone.cost;
        if (!shares) return [...alone.wanted].map(([app, wanted]): Action => ({ kind: 'scale', app, pods: wanted[0] as number }));
        alone = rest;
        for (const { group, switches } of together) due.set(group, [...switches]);
        return [
          { kind: 'wake', at: view.now },
          ...together.map(({ group, slots, holder }): Action => ({ kind: 'reserve', group, slots, holder })),
          ...together.flatMap(({ outside }) => [...outside].map(([app, count]): Action => ({ kind: 'scale', app, pods: count }))),
          ...[...rest.wanted].map(([app, wanted]): Action => ({ kind: 'scale', app, pods: wanted[0] as number })),
        ];
      },
      decide: (view) => [...pods(view), ...switches(view)],
    };
  },
});
