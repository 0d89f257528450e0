import { z } from 'zod';
import { type Duration, duration, fromSeconds, time } from '../base/units.ts';
import type { Rollout } from '../operations/orders.ts';
import { type Asked, sharing, sharingOptions } from './sharing.ts';
import { forecastOf } from './sizing.ts';
import { type AppView, defineStrategy, type View } from './strategy.ts';

/** What a batch takes beside pause and observation: drain, swap out, swap in, pushes (assumption; published switches of 3–4 min in a few batches). */
export const batchTime = fromSeconds(40);

/** How long before it is needed a switch begins, unless that is given. */
export const leadOf = ({ batches, pause, observe }: Rollout): Duration => duration(batches.length * (pause + observe + batchTime));

/**
 * Time-sharing that follows the forecast: where an app has too little for the most that is expected in [t, t + lead], the lead being what a switch takes, a switch begins, so that
 * it is over when the forecast crosses what the app has. It brings what is needed in [t, t + 2·lead], since the next one can begin only then; an app gives what it does not need
 * in that time and a `hold` more.
 */
export const timeSharePredictive = defineStrategy({
  name: 'time-share-predictive',
  summary: 'apps share slots that change hands so early that a switch is over before the forecast needs it',
  needsForecast: true,
  options: (kit) =>
    z.strictObject({
      ...sharingOptions(kit),
      lead: kit
        .duration()
        .optional()
        .describe('how long before it is needed a switch begins; left out: batches × (pause + observation + 40 s)'),
      hold: kit
        .duration()
        .default(fromSeconds(0))
        .describe('how much longer than two leads an app must not need a slot that it gives away (assumption)'),
    }),
  create: ({ lead: given, hold, ...options }) => {
    const lead = given ?? leadOf(options.rollout);
    const asked = (view: View, app: AppView): Asked => {
      const most = (ahead: number): number => forecastOf(app).max(view.now, time(Math.min(view.horizon, view.now + ahead)));
      return { soon: most(lead), then: most(2 * lead), kept: most(2 * lead + hold) };
    };
    return sharing(options, lead, asked);
  },
});
