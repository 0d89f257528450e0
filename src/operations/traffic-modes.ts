import { after, type Time } from '../base/units.ts';
import type { PodSpecs } from '../cluster/specs.ts';
import type { Cause, ServingMode } from '../serving/mode.ts';

const milli = (ratio: number): number => Math.round(ratio * 1000);

/** A pod that serves nothing yet, or no more: only the cause of its missing capacity counts. */
export const absent = (cause: Cause): ServingMode => ({ limits: 'running', weight: 0, local: 1000, receives: false, factor: 0, cause });

export const running: ServingMode = { limits: 'running', weight: 1000, local: 1000, receives: true, factor: 1000 };

/** Warming up: weight and capacity alike. */
export const warming = (weight: number): ServingMode => ({
  limits: 'running',
  weight: milli(weight),
  local: 1000,
  receives: true,
  factor: milli(weight),
  cause: 'cold-start',
});

/** On its way out: nothing new arrives, what is there is served. */
export const draining: ServingMode = { limits: 'running', weight: 0, local: 1000, receives: false, factor: 1000 };

/** Alive on keep-alive limits: serves its share, forwards the rest. `cause` while a switch waits to wake it. */
export const keptAlive = (app: PodSpecs, cause?: Cause): ServingMode => ({
  limits: 'keep-alive',
  weight: 1000,
  local: milli(app.keepAlive.traffic),
  receives: false,
  factor: 1000,
  ...(cause ? { cause } : {}),
});

/** In a switch, on full limits, serving `local` of its arrivals itself: 0 when cut off, the keep-alive share while swapping in, between them while a ratio ramps. */
export const switching = (local: number): ServingMode => ({
  limits: 'running',
  weight: 1000,
  local: milli(local),
  receives: false,
  factor: 1000,
  cause: 'switch',
});

/** Just swapped in: full traffic on pages that are still cold. */
export const coldPages = (app: PodSpecs, at: Time): ServingMode => ({
  ...running,
  factor: milli(app.coldPages.capacity),
  ramp: { to: 1000, from: at, until: after(at, app.coldPages.for) },
  cause: 'switch',
});
