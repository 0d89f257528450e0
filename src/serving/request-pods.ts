import type { PodPower } from './pod-speeds.ts';

/** In which order a pod works: first come, first served by k servers, or all present share them, each at most one. */
export const disciplines = ['fifo', 'processor-sharing'] as const;
export type Discipline = (typeof disciplines)[number];

/** Who is told when a request leaves a pod by itself. */
export interface Leaving {
  answered(request: number, t: number): void;
  timedOut(request: number, t: number): void;
}

/**
 * Pods at which single requests wait and are served, by number. Times in s. Pods do not know of each other: each is told by itself up to when time has passed,
 * by whatever is asked of it, and what has happened at it until then is told at once. A pod refuses what comes while nothing serves or all places are taken:
 * `places` × its speed may wait beside those in service (none until it is told). A request that has waited (under processor sharing: has been there) as long
 * as the time-out leaves.
 */
export interface RequestPods {
  /** The number of a new pod, which can do nothing. */
  add(): number;
  /** Whatever happens at the pod up to `t` has happened. */
  pass(pod: number, t: number): void;
  /** From `t` on the pod can do as much as `power` says. Whom it has no server for any more waits again, in the order of arrival. */
  set(pod: number, t: number, power: PodPower): void;
  /** Requests that may wait at the pod from now on, at the speed 1: in proportion to its speed. */
  setPlaces(pod: number, places: number): void;
  /** Takes the request in; false: refused. */
  arrive(pod: number, t: number, request: number): boolean;
  /** Takes requests in that were elsewhere, whether there are places or not. */
  adopt(pod: number, t: number, requests: readonly number[]): void;
  /** Puts out all requests, those in service first, with the work that is left. */
  empty(pod: number, t: number): readonly number[];
  /** Requests in service and waiting at `t`. */
  present(pod: number, t: number): number;
  /** Whether one that comes at `t` is served at once, and nobody the slower for it. */
  hasIdleServer(pod: number, t: number): boolean;
}
