import type { Duration, Time } from '../base/units.ts';
import type { Interval } from './interval-union.ts';
import type { ServingMode } from './mode.ts';
import type { RetryBooks, RetrySpec } from './retries.ts';
import type { Tally, TrafficCounts } from './tally.ts';

export interface ServiceOptions {
  readonly zones: number;
  /** Routing shares of the zones, ≥ 0, not all 0; equal if left out. */
  readonly weights?: readonly number[];
  /** Mean CPU time of one request, µs. */
  readonly serviceTime: Duration;
  /** Coefficient of variation of the service time. */
  readonly cv: number;
  /** Time off CPU of one request, µs. */
  readonly wait: Duration;
  /** Longest time in the backlog, µs. */
  readonly timeout: Duration;
  /** Response objective (p99), µs. */
  readonly objective: Duration;
  readonly runningMillicores: number;
  readonly keepAliveMillicores: number;
  /** CPU that a running pod uses without traffic. */
  readonly idleMillicores: number;
  /** CPU of the sidecar per request served, µs. */
  readonly sidecar: Duration;
  /** CPU of each of the two sidecars per request forwarded, µs. */
  readonly relay: Duration;
  /** Added response time of a request that was forwarded or overflowed, µs: within an IDC, to another one, to another city. */
  readonly hops: readonly [Duration, Duration, Duration];
  /** Which of the hops it takes from zone to zone; the first if left out. */
  readonly distances?: readonly (readonly number[])[];
  /** Whether what the limiters of a zone refuse goes once to zones with room. */
  readonly overflow?: boolean;
  /** How clients try again; not at all if left out. */
  readonly retry?: RetrySpec;
}

/**
 * An app's service: its pods in all zones under one offered rate. Capacity of a pod = factor × (CPU limit − idle) ÷ (service time + sidecar + relay × what its
 * sidecar relays, in or out, per request it gets); only running pods idle. Calls come in the order of time; several changes at one instant are one. There are
 * two: the fluid (`fluid-service.ts`), and its twin in which every request is an event (`request-service.ts`).
 */
export interface Service {
  /** Where nothing is tried again: undefined. */
  readonly retries: RetryBooks | undefined;

  /** Attempts/s are `perSecond` + `slopePerSecond`·(t − at) from `at` on, until the next call; `retriedPerSecond` of them are retries, all the time. */
  setRate(at: Time, perSecond: number, slopePerSecond: number, retriedPerSecond?: number): void;

  /**
   * One pod of `zone` changes its mode; undefined = is not there. What waits at it (in the fluid: its share of its class's backlog) goes along, or is lost with
   * the pod and counted so, cause fault: the default when it leaves.
   */
  change(at: Time, zone: number, from: ServingMode | undefined, to: ServingMode | undefined, backlog?: 'moves' | 'lost'): void;

  /** Goes on to `to`; does nothing if that has been done. */
  advance(to: Time): void;

  /** Shows `read` what happened in each zone since the last cut; it must not keep it. Cuts change no result: sums over any cuts agree. */
  cut(at: Time, read: (tally: Tally, zone: number) => void): void;

  /** The run ends: the last {@link cut} is to follow. */
  close(at: Time): void;

  /** Puts into `counts` what has happened in all zones since the last cut, up to the last moment advanced to. */
  count(counts: TrafficCounts): void;

  /** The last moment that a call spoke of, µs. */
  readonly reached: number;

  /** The first moment from now on, µs, at which requests may fail, or at which that has to be asked again; Infinity if nothing will change. */
  restlessFrom(): number;

  /** Attempts of a zone that are not decided, at the last moment advanced to. */
  backlog(zone: number): number;

  /** Stretches of the clock, µs, in which the zone had a deficit so far. */
  exposureIntervals(zone: number): readonly Interval[];

  /** What single requests add up to; undefined where requests flow. */
  readonly census: Census | undefined;
}

/** What was counted of single requests, each as often as what it stands for. */
export interface Census {
  /** Requests simulated, attempts beyond the first among them. */
  readonly simulated: number;
  /** The most requests that an attempt may stand for. */
  readonly heaviest: number;
  /** ∫ of the requests present, request-seconds; and Σ of the time that each has been present so far: by Little's law the same. */
  readonly presence: number;
  readonly sojourns: number;
  /** Most pods of one kind in one zone for which the sample has room for less than half a pod; 0: none. One stood for them. */
  readonly rounded: number;
}
