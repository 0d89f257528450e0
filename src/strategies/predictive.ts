import { z } from 'zod';
import { after, type AppName, duration, type Duration, fromSeconds, type Time, time } from '../base/units.ts';
import { Hold, holtWinters, Margin, type Predictor, seasonalMax } from './prediction.ts';
import { defaultUtilisation, forecastOf, leastPods, podsFor } from './sizing.ts';
import { type Action, type AppView, defineStrategy, type View } from './strategy.ts';

/** What the strategy remembers of an app. */
interface Memory {
  readonly predictor: Predictor | undefined;
  readonly margin: Margin;
  readonly hold: Hold;
  /** End of the last window that was seen. */
  seen: Time | undefined;
}

/**
 * Predictive scaling (Crane's EHPA, Alibaba's AHPA, Scryer): at t there are the pods for the most that is predicted in [t, t + lead], the lead being what it takes to bind and
 * start a pod, times a margin that was enough in a share (`quantile`) of the cases seen so far, and never fewer than the measured load asks for. What is wanted is kept for `hold`.
 * Predicted is the forecast of the scenario, or what was measured before says it: the highest of the same time in earlier seasons, or Holt–Winters; until a season was seen, the load alone counts.
 */
export const predictive = defineStrategy({
  name: 'predictive',
  summary: 'scales to what is predicted a cold start ahead, and never below what the measured load asks for',
  options: (kit) =>
    z.strictObject({
      predict: z.enum(['forecast', 'seasonal-max', 'holt-winters']).default('forecast').describe('what is predicted from: the forecast of the scenario, or what was measured (assumption)'), // prettier-ignore
      utilisation: kit.share().default(defaultUtilisation).describe('share of the CPU limits that the load may use (assumption; safety lines: 50–75 %)'), // prettier-ignore
      quantile: kit.share().default(0.95).describe('share of the predictions seen so far for which the margin would have been enough (AHPA: 95 %)'), // prettier-ignore
      lead: kit.duration().optional().describe('how far ahead; left out: the cold path that 99 % of the pods keep to, and two periods'),
      hold: kit.duration().default(duration(300e6)).describe('how long pods are kept after they were last wanted (Kubernetes: 5 minutes)'),
      season: kit.duration().refine((value) => value > 0, { error: 'must be greater than 0' }).default(fromSeconds(86_400)).describe('after which traffic repeats (Crane: a day)'), // prettier-ignore
      step: kit.duration().refine((value) => value >= 1e6, { error: 'must be at least 1s' }).default(fromSeconds(60)).describe('what was measured is averaged over (assumption)'), // prettier-ignore
      smoothing: z
        .strictObject({ level: kit.share().default(0.3), trend: kit.share().default(0.01), season: kit.share().default(0.3) })
        .prefault({})
        .describe('weights of the newest value in Holt–Winters (assumption)'),
      reactive: z.boolean().default(true).describe('whether the measured load counts beside the prediction (as in EHPA and AHPA)'),
      pods: z.record(kit.app(), kit.count()).default({}).describe('pods of an app at the start; left out: those that the forecast needs then, or the fewest (computed)'), // prettier-ignore
      period: kit.duration().refine((value) => value >= 1e6, { error: 'must be at least 1s' }).default(fromSeconds(15)).describe('between two looks (Kubernetes: 15 s)'), // prettier-ignore
    }).refine(({ season, step }) => season % step === 0, { error: 'the season is no whole number of steps', path: ['step'] }), // prettier-ignore
  needsForecast: ({ predict }) => predict === 'forecast',
  create: ({ predict, utilisation, quantile, lead, hold, season, step, smoothing, reactive, pods, period }) => {
    const memories = new Map<AppName, Memory>();
    const remember = (name: AppName): Memory => {
      const predictor = { 'forecast': () => undefined, 'seasonal-max': () => seasonalMax(season, step), 'holt-winters': () => holtWinters(season, step, smoothing) }[predict](); // prettier-ignore
      const memory = { predictor, margin: new Margin(quantile), hold: new Hold(hold), seen: undefined };
      memories.set(name, memory);
      return memory;
    };
    const leadOf = (app: AppView): Duration => lead ?? duration(app.coldStartP99 + 2 * period);
    const podsOf = (view: View, app: AppView, rate: number): number =>
      Math.max(leastPods(app, view.zones), podsFor(app, rate, utilisation, view.zones));

    /** Most that is predicted from `from` on, a lead ahead. */
    const predicted = (view: View, app: AppView, { predictor }: Memory): number | undefined => {
      const to = time(Math.min(view.horizon, after(view.now, leadOf(app))));
      return predictor === undefined ? forecastOf(app).max(view.now, to) : predictor.max(view.now, to);
    };

    /** What is predicted for one moment, by which the margin is learned. */
    const saidFor = (app: AppView, { predictor }: Memory, at: Time): number | undefined =>
      predictor === undefined ? forecastOf(app).at(at) : predictor.max(at, after(at, step));

    const wish = (view: View, app: AppView): number => {
      const memory = memories.get(app.name) ?? remember(app.name);
      const { measured } = app;
      if (measured !== undefined && measured.to !== memory.seen) {
        memory.seen = measured.to;
        memory.margin.see(measured);
        memory.predictor?.see(measured);
      }
      const at = time(Math.min(view.horizon, after(view.now, leadOf(app))));
      const said = saidFor(app, memory, at);
      if (said !== undefined) memory.margin.say(at, said);
      const ahead = predicted(view, app, memory);
      const load = reactive || ahead === undefined ? (measured?.offeredPerSecond ?? 0) : 0;
      // Before anything is known the pods of the start stay.
      if (ahead === undefined && measured === undefined) return app.exclusive.wanted;
      return memory.hold.wish(view.now, podsOf(view, app, Math.max((ahead ?? 0) * memory.margin.factor, load)));
    };

    return {
      period,
      open: (view) =>
        view.apps.map((app): Action => {
          const memory = remember(app.name);
          const expected = predict === 'forecast' ? predicted(view, app, memory) : app.forecast?.at(view.now);
          const opening = pods[app.name] ?? podsOf(view, app, expected ?? 0);
          memory.hold.wish(view.now, opening);
          return { kind: 'scale', app: app.name, pods: opening };
        }),
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
