import { z } from 'zod';
import { type AppName, duration, type Duration, type Time } from '../base/units.ts';
import { mostOrdered } from '../operations/orders.ts';
import { leastPods, podsFor } from './sizing.ts';
import { type Action, type AppView, defineStrategy, type View } from './strategy.ts';

/** Pods of an app by what the autoscaler knows of them: those with metrics, with the share of their requests that they use; those that are not ready; those without metrics. */
export interface Known {
  readonly ready: number;
  readonly utilisation: number;
  readonly unready: number;
  readonly missing: number;
}

export interface Tolerance {
  readonly up: number;
  readonly down: number;
}

/** Whole percent, as upstream divides integers. */
const percent = (share: number): number => Math.floor(100 * share + 1e-9);

/** Upstream's `GetResourceReplicas` for pods of equal requests; `target` in whole percent. Undefined where no pod has metrics: then nothing is scaled. */
export function recommended(
  current: number,
  { ready, utilisation, unready, missing }: Known,
  target: number,
  { up, down }: Tolerance,
): number | undefined {
  // prettier-ignore
  if (ready === 0) return undefined;
  const within = (ratio: number): boolean => 1 - down <= ratio && ratio <= 1 + up;
  const ratio = percent(utilisation) / target;
  const growsUnready = unready > 0 && ratio > 1;
  if (!growsUnready && missing === 0) return within(ratio) ? current : Math.ceil(ratio * ready);
  // What is not known is taken to be what makes the change smaller: idle where more are wanted, else as busy as the request (or the target, if that is more).
  const counted = ready + (growsUnready ? unready : 0) + (ratio === 1 ? 0 : missing);
  const ofMissing = ratio < 1 ? (missing * Math.max(100, target)) / 100 : 0;
  const again = percent((ready * utilisation + ofMissing) / counted) / target;
  if (within(again) || (ratio < 1 && again > 1) || (ratio > 1 && again < 1)) return current;
  const pods = Math.ceil(again * counted);
  return (again < 1 && pods > current) || (again > 1 && pods < current) ? current : pods;
}

/** `behavior.scaleUp` or `behavior.scaleDown`. */
export interface ScalingRules {
  readonly stabilizationWindow: Duration;
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
  readonly policies: readonly { readonly type: 'Pods' | 'Percent'; readonly value: number; readonly period: Duration }[];
}

interface Stamped {
  readonly at: Time;
  readonly pods: number;
}

/** What one autoscaler remembers, and how it moves towards what is recommended: upstream's `normalizeDesiredReplicasWithBehaviors`. */
export class Pace {
  readonly #up: ScalingRules;
  readonly #down: ScalingRules;
  #recommendations: Stamped[] = [];
  #added: Stamped[] = [];
  #deleted: Stamped[] = [];

  constructor(up: ScalingRules, down: ScalingRules) {
    this.#up = up;
    this.#down = down;
  }

  /** The number of pods to have now. */
  next(now: Time, current: number, desired: number, least: number, most: number): number {
    if (this.#recommendations.length === 0) this.#recommendations.push({ at: now, pods: current });
    const stable = this.#stabilised(now, current, desired);
    if (stable > current) return Math.min(stable, most, Math.max(current, this.#limit(now, current, this.#up, 1)));
    if (stable < current) return Math.max(stable, least, Math.min(current, this.#limit(now, current, this.#down, -1)));
    return stable;
  }

  /** Told of every change that is made. */
  changed(now: Time, before: number, after: number): void {
    const since = (events: Stamped[], { policies }: ScalingRules): Stamped[] =>
      events.filter(({ at }) => at > now - Math.max(...policies.map(({ period }) => period)));
    const longest = (events: Stamped[]): Stamped[] => [...new Set([...since(events, this.#up), ...since(events, this.#down)])];
    this.#added = longest(this.#added);
    this.#deleted = longest(this.#deleted);
    if (after > before) this.#added.push({ at: now, pods: after - before });
    else this.#deleted.push({ at: now, pods: before - after });
  }

  /** Up no further than the lowest, down no further than the highest recommendation of its window. */
  #stabilised(now: Time, current: number, desired: number): number {
    const within = ({ stabilizationWindow }: ScalingRules): number[] =>
      this.#recommendations.filter(({ at }) => at > now - stabilizationWindow).map(({ pods }) => pods);
    const lowest = Math.min(desired, ...within(this.#up));
    const highest = Math.max(desired, ...within(this.#down));
    const longest = Math.max(this.#up.stabilizationWindow, this.#down.stabilizationWindow);
    this.#recommendations = this.#recommendations.filter(({ at }) => at >= now - longest);
    this.#recommendations.push({ at: now, pods: desired });
    return Math.min(Math.max(current, lowest), highest);
  }

  /** How far the policies allow to go: from the number of pods at the beginning of their periods. */
  #limit(now: Time, current: number, { selectPolicy, policies }: ScalingRules, way: 1 | -1): number {
    if (selectPolicy === 'Disabled') return current;
    const sum = (events: readonly Stamped[], period: Duration): number =>
      events.reduce((total, { at, pods }) => total + (at > now - period ? pods : 0), 0);
    const proposed = policies.map(({ type, value, period }) => {
      const began = current - sum(this.#added, period) + sum(this.#deleted, period);
      if (type === 'Pods') return began + way * value;
      const share = began * (1 + (way * value) / 100);
      return way === 1 ? Math.ceil(share) : Math.trunc(share);
    });
    return (way === 1) === (selectPolicy === 'Max') ? Math.max(...proposed) : Math.min(...proposed);
  }
}

/** Kubernetes’ defaults: `pkg/apis/autoscaling/v2/defaults.go` and `pkg/controller/podautoscaler/config/v1alpha1/defaults.go` of v1.33. */
const [sync, initialization] = [duration(15e6), duration(300e6)];
const usual = {
  up: { window: duration(0), policies: [{ type: 'Pods', value: 4, period: sync }, { type: 'Percent', value: 100, period: sync }] }, // prettier-ignore
  down: { window: duration(300e6), policies: [{ type: 'Percent', value: 100, period: sync }] },
} as const;

/**
 * Kubernetes' HorizontalPodAutoscaler on the CPU utilisation of every app's pods outside slots, after `pkg/controller/podautoscaler` of v1.33 (`replica_calculator.go`,
 * `horizontal.go`): ⌈pods · utilisation ÷ target⌉ with a tolerance, unready pods and those without metrics taken for what makes a change smaller, then stabilisation windows
 * and policies of both directions. What a view cannot tell is told apart by counts: pods that are pending or starting are unready; those that became ready within the
 * window that was measured too, as long as they are younger than the initialisation period; those on lost nodes lack metrics. Requests are the limits.
 */
export const hpa = defineStrategy({
  name: 'hpa',
  summary: 'Kubernetes’ HorizontalPodAutoscaler on CPU utilisation, with its stabilisation windows and scaling policies',
  options: (kit) => {
    const rules = (of: (typeof usual)['up' | 'down']) =>
      z
        .strictObject({
          stabilizationWindow: kit.duration().default(of.window).describe('looked back over: up no further than its lowest, down no further than its highest recommendation (Kubernetes: 0 s up, 5 minutes down)'), // prettier-ignore
          selectPolicy: z.enum(['Max', 'Min', 'Disabled']).default('Max').describe('which policy counts: the one that allows the largest or the smallest change; or none is made (Kubernetes: Max)'), // prettier-ignore
          policies: z
            .array(
              z.strictObject({
                type: z.enum(['Pods', 'Percent']),
                value: kit.count(1).describe('pods, or percent of those at the beginning of the period'),
                period: kit.duration().refine((value) => value >= 1e6 && value <= 1800e6, { error: 'must be 1s to 30m' }),
              }),
            )
            .min(1, { error: 'expected at least one policy; `selectPolicy: Disabled` allows no change' })
            .default([...of.policies])
            .describe('largest changes within a period (Kubernetes: 4 pods or 100 % in 15 s)'),
          tolerance: kit.share().default(0.1).describe('largest deviation of the ratio from 1 that changes nothing (Kubernetes: 10 %)'),
        })
        .prefault({});
    return z.strictObject({
      target: kit.share().default(0.8).describe('CPU utilisation aimed at, in whole percent (Kubernetes: 80 %)'),
      min: kit.count(1).default(1).describe('fewest pods of an app, and one for each zone unless the app may do without (Kubernetes: 1)'),
      max: kit.count(1, mostOrdered).default(mostOrdered).describe('most pods of an app (none)'),
      pods: z.record(kit.app(), kit.count()).default({}).describe('pods of an app at the start; left out: those that the forecast needs then, or the fewest (assumption)'), // prettier-ignore
      behavior: z.strictObject({ scaleUp: rules(usual.up), scaleDown: rules(usual.down) }).prefault({}),
      period: kit.duration().refine((value) => value >= 1e6, { error: 'must be at least 1s' }).default(sync).describe('between two looks (Kubernetes: 15 s)'), // prettier-ignore
      initialization: kit.duration().default(initialization).describe('age up to which a pod’s CPU is left out until a whole window was measured since it became ready (Kubernetes: 5 minutes)'), // prettier-ignore
    });
  },
  create: ({ target, min, max, pods, behavior: { scaleUp, scaleDown }, period, initialization: young }) => {
    const tolerance: Tolerance = { up: scaleUp.tolerance, down: scaleDown.tolerance };
    const paces = new Map<AppName, Pace>();
    /** Running pods of an app at earlier looks. */
    const looks = new Map<AppName, Stamped[]>();
    const least = (view: View, app: AppView): number => Math.min(max, Math.max(min, leastPods(app, view.zones)));

    const known = (view: View, { name, exclusive, measured, coldStart }: AppView): Known => {
      const { running, pending, starting, failed } = exclusive;
      const from = measured?.from ?? view.now;
      const all = [...(looks.get(name) ?? []), { at: view.now, pods: running }];
      // Those from the last one before the window on.
      const recent = all.slice(
        Math.max(
          0,
          all.findLastIndex(({ at }) => at <= from),
        ),
      );
      looks.set(name, recent);
      const fresh = coldStart < young ? running - Math.min(...recent.map((look) => look.pods)) : 0;
      const ready = measured === undefined ? 0 : running - fresh;
      return { ready, utilisation: measured?.utilisation ?? 0, unready: pending + starting + fresh, missing: failed };
    };

    return {
      period,
      open: (view) =>
        view.apps.map((app): Action => {
          const expected = app.forecast === undefined ? 0 : podsFor(app, app.forecast.at(view.now), target, view.zones);
          paces.set(app.name, new Pace(scaleUp, scaleDown));
          looks.set(app.name, []);
          return { kind: 'scale', app: app.name, pods: pods[app.name] ?? Math.min(max, Math.max(least(view, app), expected)) };
        }),
      decide: (view): readonly Action[] => {
        if (view.because !== 'period') return [];
        return view.apps.flatMap((app): Action[] => {
          const pace = paces.get(app.name);
          const current = app.exclusive.wanted;
          const metrics = known(view, app);
          if (pace === undefined || current === 0) return []; // upstream: no autoscaling of what was scaled to nothing
          const fewest = least(view, app);
          let next: number;
          if (current > max) next = max;
          else if (current < fewest) next = fewest;
          else {
            const desired = recommended(current, metrics, percent(target), tolerance);
            if (desired === undefined) return [];
            next = pace.next(view.now, current, desired, fewest, max);
          }
          if (next === current) return [];
          pace.changed(view.now, current, next);
          return [{ kind: 'scale', app: app.name, pods: next }];
        });
      },
    };
  },
});
