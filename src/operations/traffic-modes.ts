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

/** Started and idle, for clients not there; a class of its own. `cause` while it is being activated. */
export const standingBy = (cause?: Cause): ServingMode => ({ ...draining, local: 0, ...(cause ? { cause } : {}) });

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

/** Its node is lost and clients do not know yet: they send what they sent, and nobody answers. `missing`: a running pod is missing here. */
export const dead = ({ limits, weight, receives }: ServingMode, missing: boolean): ServingMode => ({
  limits,
  weight,
  local: 1000,
  receives,
  factor: 0,
  ...(missing ? { cause: 'fault' } : {}),
});

/** The mode with the ratio that the sidecar knows, where it missed a push: that is a fault. */
export const withRatio = (mode: ServingMode, missed: number | undefined): ServingMode =>
  missed === undefined || missed === mode.local ? mode : { ...mode, local: missed, cause: 'fault' };

/** The mode on a node of `speed`/1000: less capacity for the same traffic. What a pod that gets traffic lacks is missing by a fault. */
export function slowed(mode: ServingMode, speed: number): ServingMode {
  if (speed === 1000) return mode;
  const { ramp } = mode;
  const slow = (factor: number): number => Math.round((factor * speed) / 1000);
  return {
    ...mode,
    factor: slow(mode.factor),
    ...(ramp ? { ramp: { ...ramp, to: slow(ramp.to) } } : {}),
    ...(mode.receives && !mode.cause ? { cause: 'fault' } : {}),
  };
}

/** Just swapped in: full traffic on pages that are still cold. */
export const coldPages = (app: PodSpecs, at: Time): ServingMode => ({
  ...running,
  factor: milli(app.coldPages.capacity),
  ramp: { to: 1000, from: at, until: after(at, app.coldPages.for) },
  cause: 'switch',
});
