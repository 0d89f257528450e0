import type { ClassKey, ServingMode } from '../mode.ts';
import { type PodPower, PodSpeed } from './pod-speed.ts';
import type { Request } from './request.ts';

/** In which order a pod works: first come, first served by k servers, or all present share them, each at most one. */
export const disciplines = ['fifo', 'processor-sharing'] as const;
export type Discipline = (typeof disciplines)[number];

/** Who is told when a request leaves a pod by itself. */
export interface Leaving {
  answered(pod: RequestPod, request: Request, t: number): void;
  timedOut(pod: RequestPod, request: Request, t: number): void;
}

/** Pods of a zone that are alike to traffic, and those of them that are simulated. */
export interface Stratum {
  readonly mode: ServingMode;
  readonly classKey: ClassKey;
  /** How many there are. */
  count: number;
  readonly pods: RequestPod[];
  /** Pods, and so requests, that each one simulated stands for. */
  weight: number;
  /** CPU of a request beside its service time, core-seconds. */
  overhead: number;
  /** Shares of the requests that took a hop, summed up: from this zone, from another one of the IDC, from another IDC, from another city. */
  readonly hops: [number, number, number, number];
}

/**
 * A pod at which single requests wait and are served. Times in s. Pods do not know of each other: each is told by itself up to when time has passed, by whatever
 * is asked of it, and what has happened at it until then is told at once. A pod refuses what comes while nothing serves or all places are taken. A request that
 * has waited (under processor sharing: has been there) as long as the time-out leaves.
 *
 * It has a clock of the core-seconds that a server, or each of those present, got so far: a request ends at a fixed reading of it, however the speed changes.
 */
export abstract class RequestPod {
  /** Requests that may wait beside those in service at the speed 1, and in proportion to its speed: none until it is told. */
  places = 0;
  /** Its zone; what it is alike to there; its mode. */
  zone = 0;
  stratum: Stratum | undefined;
  mode: ServingMode | undefined;
  /** Requests that those at the pod stand for, and since when. */
  standing = 0;
  standingSince = 0;
  protected readonly timeout: number;
  protected readonly leaving: Leaving;
  protected readonly speed = new PodSpeed();
  protected clock = 0;
  /** The next moment at which something happens to one of its requests. */
  protected due = Infinity;

  /** One that can do nothing yet. `timeout`: of a request, s. */
  constructor(timeout: number, leaving: Leaving) {
    this.timeout = timeout;
    this.leaving = leaving;
  }

  /** Whatever happens up to `t` has happened. */
  pass(t: number): void {
    while (this.due <= t) this.step();
  }

  /** Takes the request in; false: refused. */
  abstract arrive(t: number, request: Request): boolean;
  /** From `t` on the pod can do as much as `power` says. Whom it has no server for any more waits again, in the order of arrival. */
  abstract set(t: number, power: PodPower): void;
  /** Takes requests in that were elsewhere, whether there are places or not. */
  abstract adopt(t: number, requests: readonly Request[]): void;
  /** Puts out all requests, those in service first, with the work that is left. */
  abstract empty(t: number): readonly Request[];
  /** Those in service, and then those that wait, as of the moment last passed to. */
  abstract requests(): readonly Request[];
  /** Requests in service and waiting at `t`. */
  abstract present(t: number): number;
  /** Whether one that comes at `t` is served at once, and nobody the slower for it. */
  abstract hasIdleServer(t: number): boolean;

  /** Lets what is due happen. */
  protected abstract step(): void;
}
