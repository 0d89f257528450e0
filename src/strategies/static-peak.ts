import { z } from 'zod';
import { time } from '../base/units.ts';
import { ordersFor } from './fleet-plan.ts';
import { defaultUtilisation, podsForMax } from './sizing.ts';
import { defineStrategy, type PlannedFleet, type View } from './strategy.ts';

/** Every app owns enough pods for its own highest forecast, all day: no switching, no risk, the highest cost. The reference for savings. */
export const staticPeak = defineStrategy({
  name: 'static-peak',
  summary: 'every app permanently holds the pods for its own expected peak; the reference for savings',
  needsForecast: true,
  options: (kit) =>
    z.strictObject({
      utilisation: kit
        .share()
        .default(defaultUtilisation)
        .describe('share of the CPU limits that the expected peak may use (assumption; safety lines: 50–75 %)'),
      pods: z.record(kit.app(), kit.count()).default({}).describe('pods of an app, instead of the computed number (none)'),
    }),
  create: ({ utilisation, pods }) => {
    const plan = (view: View): readonly PlannedFleet[] => [
      {
        from: time(0),
        exclusive: new Map(view.apps.map(({ name }) => [name, pods[name] ?? podsForMax(view, name, time(0), view.horizon, utilisation)])),
        slots: new Map(),
      },
    ];
    return { plan, open: (view) => plan(view).flatMap(ordersFor), decide: () => [] };
  },
});
