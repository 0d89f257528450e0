import { z } from 'zod';
import { type AppName, duration, type Duration, fromSeconds, type Time, time } from '../base/units.ts';
import { ordersFor, wakeUps } from './fleet-plan.ts';
import { defaultUtilisation, podsForMax } from './sizing.ts';
import { type AppView, defineStrategy, type PlannedFleet, type View } from './strategy.ts';

/** Pods that an app has from a clock time to its next one; those that are new are ordered from `from` on, so that they are warm at that time. */
interface Window {
  readonly from: Time;
  readonly to: Time;
  readonly pods: number;
}

/**
 * Scaling by the clock: for every app a list of times and pods, as operators write it. Pods that a time adds are ordered a lead before it, pods that it takes away leave at it:
 * an app has at any moment the most that one of its windows wants, each window beginning its lead early. The lead is what it takes to bind and start all of them:
 * new pods ÷ the scheduler's rate + the cold path that 99 % of them keep to.
 */
export const cron = defineStrategy({
  name: 'cron',
  summary: 'at planned times each app gets the pods written down for it, ordered early enough to be warm by then',
  needsForecast: true,
  options: (kit) =>
    z.strictObject({
      utilisation: kit
        .share()
        .default(defaultUtilisation)
        .describe(
          'share of the CPU limits that the expected peak of each window may use, where its pods are not given (assumption; safety lines: 50–75 %)',
        ),
      lead: kit
        .duration()
        .optional()
        .describe(
          'how long before its time a larger number is ordered; left out: new pods ÷ scheduler rate + the cold path that 99 % of the pods keep to (apps that grow together share the scheduler: then give a longer one)',
        ),
      plan: z
        .array(
          z.strictObject({
            at: kit.time().describe('when the pods are there; fewer pods leave then'),
            app: kit.app(),
            pods: kit.count().optional().describe("left out: as many as the forecast needs until the app's next time"),
          }),
        )
        .min(1, { error: 'expected at least one time' })
        .superRefine((plan, context) => {
          plan.forEach((entry, index) => {
            const before = plan.slice(0, index).findLast(({ app }) => app === entry.app);
            if (before && before.at >= entry.at)
              context.addIssue({ code: 'custom', path: [index, 'at'], message: `is not later than the time of ${entry.app} before it` });
          });
        }),
    }),
  create: ({ utilisation, lead, plan: entries }) => {
    const leadFor = (view: View, app: AppView, more: number): Duration =>
      lead ?? duration(app.coldStartP99 + fromSeconds(more / view.schedulingRate));

    /** For the highest forecast from `from` until just before `to`: what comes at a time is the next window's. */
    const needed = (view: View, name: AppName, from: Time, to: Time): number =>
      podsForMax(view, name, from, time(Math.max(from, to - 1)), utilisation);

    const windowsOf = (view: View, name: AppName): readonly Window[] => {
      const app = view.app(name);
      const own = entries.filter((entry) => entry.app === name);
      const ends = [...own.map(({ at }) => at), view.horizon];
      const windows: Window[] = [{ from: time(0), to: ends[0] as Time, pods: needed(view, name, time(0), ends[0] as Time) }];
      own.forEach(({ at, pods: given }, index) => {
        const to = ends[index + 1] as Time;
        const pods = given ?? needed(view, name, at, to);
        const more = pods - (windows[index] as Window).pods;
        windows.push({ from: more > 0 ? time(Math.max(0, at - leadFor(view, app, more))) : at, to, pods });
      });
      return windows;
    };

    const plan = (view: View): readonly PlannedFleet[] => {
      const windows = view.apps.map(({ name }) => [name, windowsOf(view, name)] as const);
      const moments = new Set(windows.flatMap(([, all]) => all.flatMap(({ from, to }) => [from, to])));
      return [...moments]
        .filter((at) => at < view.horizon)
        .sort((a, b) => a - b)
        .map((at) => ({
          from: at,
          exclusive: new Map(
            windows.map(([name, all]) => [name, Math.max(...all.filter(({ from, to }) => from <= at && at < to).map(({ pods }) => pods))]),
          ),
          slots: new Map(),
        }));
    };

    let planned: readonly PlannedFleet[] = [];
    let last: PlannedFleet | undefined;
    return {
      plan,
      open: (view) => {
        planned = plan(view);
        last = planned[0];
        return [...planned.slice(0, 1).flatMap(ordersFor), ...wakeUps(planned.slice(1).map(({ from }) => from))];
      },
      decide: (view) => {
        const now = planned.findLast(({ from }) => from <= view.now);
        if (now === undefined || now === last) return [];
        const changed = new Map([...now.exclusive].filter(([app, pods]) => last?.exclusive.get(app) !== pods));
        last = now;
        return ordersFor({ ...now, exclusive: changed });
      },
    };
  },
});
