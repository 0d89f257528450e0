import { z } from 'zod';
import { type AppName, type Time, time } from '../base/units.ts';
import { ordersFor, wakeUps } from './fleet-plan.ts';
import { defaultUtilisation, podsForMax } from './sizing.ts';
import { type Action, defineStrategy, type PlannedFleet, type View } from './strategy.ts';

interface Move {
  readonly at: Time;
  readonly from: AppName;
  readonly to: AppName;
}

/**
 * Vacate-and-move (腾挪): at a planned time the giver shrinks to what it needs from then on; when the last of its pods is gone, the taker's are created, bound,
 * started and warmed. The moved capacity is nobody's in between. An app that is in no move is held at its peak.
 */
export const vacateAndMove = defineStrategy({
  name: 'vacate-and-move',
  summary: "at planned times deletes one app's pods and then creates another's in their place (腾挪)",
  needsForecast: true,
  options: (kit) =>
    z.strictObject({
      utilisation: kit
        .share()
        .default(defaultUtilisation)
        .describe('share of the CPU limits that the expected peak of each stretch may use (assumption; safety lines: 50–75 %)'),
      plan: z
        .array(
          z.strictObject({
            at: kit.time().describe('when the giver shrinks'),
            from: kit.app().describe('the giver'),
            to: kit.app().describe('the taker'),
          }),
        )
        .min(1, { error: 'expected at least one move' })
        .superRefine((moves, context) => {
          moves.forEach((move, index) => {
            if (move.from === move.to)
              context.addIssue({ code: 'custom', path: [index, 'to'], message: `giver and taker are both ${move.from}` });
            const before = moves[index - 1];
            const meets = ({ from, to }: Move): boolean => [from, to].some((app) => app === move.from || app === move.to);
            if (before && (before.at > move.at || moves.slice(0, index).some((other) => other.at === move.at && meets(other))))
              context.addIssue({ code: 'custom', path: [index, 'at'], message: 'is not later than the move before it' });
          });
        }),
    }),
  create: ({ utilisation, plan: moves }) => {
    /** Pods of the app from `from` until the next move in which it takes part. */
    const podsFrom = (view: View, app: AppName, from: Time): number => {
      const next = moves.find((move) => move.at > from && (move.from === app || move.to === app));
      return podsForMax(view, app, from, next?.at ?? view.horizon, utilisation);
    };
    const plan = (view: View): readonly PlannedFleet[] => {
      const exclusive = new Map(view.apps.map(({ name }) => [name, podsFrom(view, name, time(0))]));
      const fleets: PlannedFleet[] = [{ from: time(0), exclusive: new Map(exclusive), slots: new Map() }];
      for (const { at, from, to } of moves) {
        for (const app of [from, to]) exclusive.set(app, podsFrom(view, app, at));
        fleets.push({ from: at, exclusive: new Map(exclusive), slots: new Map() });
      }
      return fleets;
    };
    let next = 0;
    /** Moves whose giver is being vacated. */
    let vacating: Move[] = [];
    return {
      plan,
      open: (view) => [...plan(view).slice(0, 1).flatMap(ordersFor), ...wakeUps(moves.map((move) => move.at))],
      decide: (view) => {
        const actions: Action[] = [];
        const take = ({ to, at }: Move): void => {
          actions.push({ kind: 'scale', app: to, pods: podsFrom(view, to, at) });
        };
        const underWay = ({ from }: Move): boolean =>
          view.operations.some(({ order, state }) => order.kind === 'scale' && order.app === from && state === 'running');
        vacating.filter((move) => !underWay(move)).forEach(take);
        vacating = vacating.filter(underWay);
        for (; next < moves.length; next++) {
          const move = moves[next];
          if (!move || move.at > view.now) break;
          const pods = podsFrom(view, move.from, move.at);
          actions.push({ kind: 'scale', app: move.from, pods });
          // A giver that already is as small as it will be has nothing to vacate.
          if (view.app(move.from).exclusive.wanted === pods) take(move);
          else vacating.push(move);
        }
        return actions;
      },
    };
  },
});
