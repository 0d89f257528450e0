import { z } from 'zod';
import { after, type AppName, duration, type Duration, fromSeconds, type Time, time } from '../base/units.ts';
import { defaultUtilisation, podsForMax } from './sizing.ts';
import { type Action, type AppView, defineStrategy, type Prices, type View } from './strategy.ts';

/** Steps that are kept at most: more than a day of minutes. */
const mostSteps = 2000;

/**
 * Lazy capacity provisioning, LCP(w) (Lin, Wierman, Andrew & Thereska, Dynamic right-sizing for power-proportional data centers, INFOCOM 2011): from step to step as few
 * changes as two bounds allow. They are what an optimal plan for the past and the next w steps would hold now, if a change were paid when a pod comes (the lower one), or
 * when it goes (the upper one). A pod that is used costs one step's price in each step; to go and come back costs `patience` times that. So a pod that was idle for i steps
 * is kept by the lower bound where it is needed again within w after fewer than `patience` idle steps, and by the upper one where that is not yet ruled out.
 * Without a look ahead it costs at most three times as much as the best plan, and no deterministic algorithm does better.
 *
 * `past`: pods needed in each step until now, the newest last, at least one; `ahead`: those of the next steps.
 */
export function lazyBounds(
  past: readonly number[],
  ahead: readonly number[],
  patience: number,
): { readonly lower: number; readonly upper: number } {
  /** Most that was needed in the last so many steps, this one among them; 0 of none. */
  const recent = (steps: number): number => {
    let most = 0;
    for (let i = 0; i < Math.min(steps, past.length); i++) most = Math.max(most, past[past.length - 1 - i] as number);
    return most;
  };
  let lower = recent(1);
  let upper = Math.max(lower, recent(Math.floor(patience) - ahead.length + 1));
  ahead.forEach((needed, i) => {
    // Needed at i + 1 steps from now: one that was used within the last k steps was idle for at most i + k - 1 then.
    lower = Math.max(lower, Math.min(needed, recent(Math.ceil(patience) - i)));
    upper = Math.max(upper, Math.min(needed, recent(Math.floor(patience) - i + 1)));
  });
  return { lower, upper };
}

/** Lazy capacity provisioning for pods that take time to start: what is needed at t is what the forecast asks for until a pod that is ordered at t serves. */
export const lcp = defineStrategy({
  name: 'lcp',
  summary: 'keeps idle pods for as long as making them anew might cost more (lazy capacity provisioning)',
  needsForecast: true,
  options: (kit) =>
    z.strictObject({
      utilisation: kit.share().default(defaultUtilisation).describe('share of the CPU limits that the load may use (assumption; safety lines: 50–75 %)'), // prettier-ignore
      lead: kit.duration().optional().describe('how long before it is needed a pod is ordered; left out: the cold path that 99 % of the pods keep to, and two periods'), // prettier-ignore
      window: kit.duration().default(duration(0)).describe('how much further the forecast is looked at (the paper’s w; without: the algorithm of the competitive ratio 3)'), // prettier-ignore
      breakEven: kit.duration().optional().describe('idle time that costs as much as a pod made anew; left out: price of a pod ÷ price of its cores a second, and its cold start'), // prettier-ignore
      period: kit.duration().refine((value) => value >= 1e6, { error: 'must be at least 1s' }).default(fromSeconds(60)).describe('of a step (assumption)'), // prettier-ignore
    }), // prettier-ignore
  create: ({ utilisation, lead, window, breakEven, period }) => {
    const pasts = new Map<AppName, number[]>();
    const ahead = Math.floor(window / period);

    const needed = (view: View, app: AppView, from: Time): number => {
      const to = time(Math.min(view.horizon, after(from, lead ?? duration(app.coldStartP99 + 2 * period))));
      return podsForMax(view, app.name, time(Math.min(from, to)), to, utilisation);
    };

    const wish = (view: View, app: AppView): number => {
      const past = pasts.get(app.name) ?? [];
      pasts.set(app.name, past);
      past.push(needed(view, app, view.now));
      if (past.length > mostSteps) past.shift();
      const coming = Array.from({ length: ahead }, (_, i) => needed(view, app, after(view.now, duration((i + 1) * period))));
      const { lower, upper } = lazyBounds(past, coming, (breakEven ?? breakEvenOf(app, view.prices)) / period);
      return Math.min(upper, Math.max(lower, app.exclusive.wanted));
    };

    return {
      period,
      open: (view) => view.apps.map((app): Action => ({ kind: 'scale', app: app.name, pods: wish(view, app) })),
      decide: (view): readonly Action[] => {
        if (view.because !== 'period') return [];
        return view.apps.flatMap((app): Action[] => {
          const wanted = wish(view, app);
          return wanted === app.exclusive.wanted ? [] : [{ kind: 'scale', app: app.name, pods: wanted }];
        });
      },
    };
  },
});

/** Idle time that costs as much as a pod made anew, which holds its cores for nothing while it starts. */
function breakEvenOf({ limitMillicores, coldStart }: AppView, { podCreated, coreHour }: Prices): Duration {
  const coresPerHour = (coreHour * limitMillicores) / 1000;
  return coresPerHour === 0 ? duration(Number.MAX_SAFE_INTEGER) : duration(Math.round((3600e6 * podCreated) / coresPerHour) + coldStart);
}
