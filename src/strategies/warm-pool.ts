import { roundUp } from '../base/round-up.ts';
import { z } from 'zod';
import { after, type AppName, duration, type Time, time } from '../base/units.ts';
import { ordersFor } from './fleet-plan.ts';
import { defaultUtilisation, forecastOf, leastPods, podsFor } from './sizing.ts';
import { type Action, type AppView, defineStrategy, type PlannedFleet, type View } from './strategy.ts';

interface Seen {
  readonly at: Time;
  readonly perSecond: number;
}

/**
 * A warm pool beside every app: W pods that are created and started ahead and stand by without traffic, their full requests reserved. When more pods are wanted they are taken
 * from it, which takes a push and a warm-up instead of a cold path, and the platform creates others in their place.
 * Wanted are the pods for the highest rate of the forecast in [t − hold, t + lead] and of what was measured in [t − hold, t].
 */
export const warmPool = defineStrategy({
  name: 'warm-pool',
  summary: 'scales with the load out of a pool of pods that were started ahead and stand by, and refills it',
  needsForecast: true,
  options: (kit) =>
    z.strictObject({
      utilisation: kit
        .share()
        .default(defaultUtilisation)
        .describe('share of the CPU limits that the load may use (assumption; safety lines: 50–75 %)'),
      pool: kit
        .share()
        .default(0.2)
        .describe('pods that stand by, as a share of those for the highest rate of the forecast; whole pods in every zone (assumption)'),
      standby: z.record(kit.app(), kit.count()).default({}).describe('pods of an app that stand by, instead of the computed number (none)'),
      refill: z
        .enum(['full', 'needed'])
        .default('full')
        .describe(
          'full: the pool is filled up all day; needed: with no more than what the forecast still to come needs beyond the wanted pods (assumption)',
        ),
      trigger: z.enum(['forecast', 'load', 'both']).default('both').describe('what more pods are taken from the pool for (assumption)'),
      lead: kit.duration().optional().describe('how far ahead the forecast is looked at; left out: an activation and a period'),
      hold: kit.duration().default(duration(300e6)).describe('how long pods are kept after they were last wanted (Kubernetes: 5 minutes)'),
      period: kit
        .duration()
        .refine((value) => value >= 1_000_000, { error: 'must be at least 1s' })
        .default(duration(15e6))
        .describe('between two looks (Kubernetes: 15 s)'),
    }),
  create: ({ utilisation, pool: share, standby, refill, trigger, lead, hold, period }) => {
    const pods = (view: View, app: AppView, rate: number): number =>
      Math.max(leastPods(app, view.zones), podsFor(app, rate, utilisation, view.zones));
    const peak = (view: View, app: AppView, from: Time): number => pods(view, app, forecastOf(app).max(from, view.horizon));

    const pools = new Map<AppName, number>();
    /** Pods that stand by where the pool is full; the forecast for them is looked at once. */
    const poolOf = (view: View, app: AppView): number => {
      const size = pools.get(app.name) ?? standby[app.name] ?? view.zones * roundUp((share * peak(view, app, time(0))) / view.zones);
      pools.set(app.name, size);
      return size;
    };

    /** Highest rate of the forecast that pods must be there for at `at`. */
    const expected = (view: View, app: AppView, at: Time): number => {
      const ahead = lead ?? duration(app.activation + period);
      return forecastOf(app).max(time(Math.max(0, at - hold)), time(Math.min(view.horizon, after(at, ahead))));
    };

    const fleet = (view: View, at: Time, wanted: (app: AppView) => number): PlannedFleet => {
      const exclusive = new Map(view.apps.map((app) => [app.name, wanted(app)]));
      const needed = (app: AppView): number => Math.max(0, peak(view, app, at) - (exclusive.get(app.name) ?? 0));
      return {
        from: at,
        exclusive,
        standby: new Map(
          view.apps.map((app) => [app.name, refill === 'full' ? poolOf(view, app) : Math.min(poolOf(view, app), needed(app))]),
        ),
        slots: new Map(),
      };
    };

    const plan = (view: View): readonly PlannedFleet[] => {
      const fleets: PlannedFleet[] = [];
      for (let at = time(0); at < view.horizon; at = after(at, period))
        fleets.push(fleet(view, at, (app) => pods(view, app, expected(view, app, at))));
      return fleets;
    };

    /** What was measured of an app in the last `hold`. */
    const seen = new Map<AppName, readonly Seen[]>();
    const measured = (view: View, { name, measured: window }: AppView): number => {
      const recent = (seen.get(name) ?? []).filter(({ at }) => at >= view.now - hold);
      const all = window === undefined ? recent : [...recent, { at: view.now, perSecond: window.offeredPerSecond }];
      seen.set(name, all);
      return Math.max(0, ...all.map(({ perSecond }) => perSecond));
    };

    let last: PlannedFleet | undefined;
    return {
      period,
      ...(trigger === 'load' ? {} : { plan }),
      open: (view) => {
        pools.clear(); // a plan may have been made by another forecast than is told now
        // Until something is measured, the load is what it opens for.
        for (const app of view.apps) seen.set(app.name, [{ at: view.now, perSecond: forecastOf(app).at(view.now) }]);
        last = fleet(view, view.now, (app) =>
          pods(view, app, trigger === 'load' ? forecastOf(app).at(view.now) : expected(view, app, view.now)),
        );
        return ordersFor(last);
      },
      decide: (view): readonly Action[] => {
        if (view.because !== 'period') return [];
        const now = fleet(view, view.now, (app) => {
          const load = measured(view, app);
          const forecast = trigger === 'load' ? 0 : expected(view, app, view.now);
          return pods(view, app, Math.max(forecast, trigger === 'forecast' ? 0 : load));
        });
        const same = (app: AppName): boolean =>
          last?.exclusive.get(app) === now.exclusive.get(app) && last?.standby?.get(app) === now.standby?.get(app);
        const changed = new Map([...now.exclusive].filter(([app]) => !same(app)));
        last = now;
        return ordersFor({ ...now, exclusive: changed });
      },
    };
  },
});
