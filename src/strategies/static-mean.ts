import { z } from 'zod';
import { time } from '../base/units.ts';
import { ordersFor } from './fleet-plan.ts';
import { defaultUtilisation, forecastOf, leastPods, podsFor } from './sizing.ts';
import { defineStrategy, type PlannedFleet, type View } from './strategy.ts';

/** Every app owns enough pods for its mean forecast, all day; the limiter rejects the rest. The floor of service quality: "do nothing and limit". */
export const staticMean = defineStrategy({
  name: 'static-mean',
  summary: 'every app permanently holds the pods for its expected mean; the limiter rejects the peaks',
  needsForecast: true,
  options: (kit) =>
    z.strictObject({
      utilisation: kit
        .share()
        .default(defaultUtilisation)
        .describe('share of the CPU limits that the expected mean may use (assumption; safety lines: 50–75 %)'),
      pods: z.record(kit.app(), kit.count()).default({}).describe('pods of an app, instead of the computed number (none)'),
    }),
  create: ({ utilisation, pods }) => {
    const plan = (view: View): readonly PlannedFleet[] => {
      const size = (app: View['apps'][number]) =>
        Math.max(leastPods(app, view.zones), podsFor(app, forecastOf(app).mean(time(0), view.horizon), utilisation, view.zones));
      return [{ from: time(0), exclusive: new Map(view.apps.map((app) => [app.name, pods[app.name] ?? size(app)])), slots: new Map() }];
    };
    return { plan, open: (view) => plan(view).flatMap(ordersFor), decide: () => [] };
  },
});
