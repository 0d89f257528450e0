import { z } from 'zod';
import { type AppName, duration, fromSeconds } from '../base/units.ts';
import { Hold } from './prediction.ts';
import { type Asked, sharing, sharingOptions } from './sharing.ts';
import { type AppView, defineStrategy, type View } from './strategy.ts';

/**
 * Time-sharing that follows the measured load: an app takes slots as soon as its load needs more than it has, and gives only what the highest load of the last `hold` did not
 * need, and nothing for `dwell` after it took any (hysteresis). It comes as late as it measures, and a switch takes its time: compare it with `time-share-predictive`.
 */
export const timeShareReactive = defineStrategy({
  name: 'time-share-reactive',
  summary: 'apps share slots that change hands when the measured load asks for it, with hysteresis',
  needsForecast: true,
  options: (kit) =>
    z.strictObject({
      ...sharingOptions(kit),
      hold: kit.duration().default(fromSeconds(300)).describe('for how long the load must not have needed a slot before it is given away (assumption)'), // prettier-ignore
    }),
  create: ({ hold, ...options }) => {
    const holds = new Map<AppName, Hold>();
    const asked = (_: View, { name, measured }: AppView): Asked | undefined => {
      if (measured === undefined) return undefined;
      const held = holds.get(name) ?? new Hold(hold);
      holds.set(name, held);
      const { offeredPerSecond: soon, to } = measured;
      return { soon, then: soon, kept: held.wish(to, soon) };
    };
    return sharing(options, duration(0), asked);
  },
});
