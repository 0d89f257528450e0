import { exp } from '../base/elementary.ts';

/**
 * Erlang C: probability that an arrival of M/M/k has to wait, at offered load `load` = λ/μ; 1 at or above saturation (load ≥ servers).
 * By the stable recursion on Erlang B (Cooper, Introduction to Queueing Theory, 1981).
 */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return 1;
  let blocking = 1;
  for (let i = 1; i <= servers; i++) blocking = (load * blocking) / (i + load * blocking);
  return (servers * blocking) / (servers - load * (1 - blocking));
}

/**
 * Time from arrival to answer of one kind of request: `shift` + S + W, S exponential of rate `service`; W is 0, or with probability `waits` exponential of rate
 * `drain` as far as it is below `limit`: nobody waits longer. Without a limit this is the sojourn time of M/M/k exactly (service μ, drain kμ − λ, waits =
 * Erlang C). `cut`: the part e^(−drain·limit) of the exponential that the limit cuts off. Seconds and 1/s.
 */
export interface Response {
  readonly shift: number;
  readonly service: number;
  readonly drain: number;
  readonly waits: number;
  readonly limit: number;
  readonly cut: number;
}

/**
 * The response of a pod of `capacity` requests/s with `servers` cores at utilisation `rho` < 1, at which nobody waits longer than `limit`. The waiting part is
 * scaled by (1 + cv²)/2 (Allen–Cunneen): W' = W·(1 + cv²)/2, still exponential, so that without a limit the probability of waiting stays and the mean is right
 * for any cv when k = 1 (Pollaczek–Khinchine). With a limit the density of the wait falls below it as it would without, and what is beyond is gone: the law of
 * M/M/k whose requests give up after a constant time (Barrer 1957; Gnedenko and Kovalenko 1968), of those that are served.
 */
export function podResponse(shift: number, servers: number, capacity: number, rho: number, cv: number, limit = Infinity): Response {
  const drain = drainOf(capacity, rho, cv, limit);
  const cut = exp(-drain * limit);
  const waits = erlangC(servers, servers * rho);
  const kept = waits * (1 - cut);
  return { shift, service: capacity / servers, drain, waits: kept / (1 - waits + kept), limit, cut };
}

/**
 * Of the requests that come to such a pod, those that find a wait longer than `limit` and give up: P(V ≥ limit) = C·(1 − ρ)·cut/(1 − ρ·C·cut), C Erlang's, in
 * M/M/k whose requests give up after a constant time (Barrer 1957). The fluid, in which nobody waits below saturation, serves them.
 */
export function lateShare(servers: number, capacity: number, rho: number, cv: number, limit: number): number {
  const drain = drainOf(capacity, rho, cv, limit);
  const cut = erlangC(servers, servers * rho) * exp(-drain * limit);
  const idle = (drain * (1 + cv * cv)) / (2 * capacity);
  return (cut * idle) / (1 - (1 - idle) * cut);
}

/** Rate at which the tail of the wait falls. So near saturation that it hardly does, the wait is uniform up to the limit: 1 − cut must not be what rounding leaves of it. */
function drainOf(capacity: number, rho: number, cv: number, limit: number): number {
  return Math.max((capacity * (1 - rho) * 2) / (1 + cv * cv), 1e-3 / limit);
}

/** The response of a pod whose requests have waited in its backlog: no more than their service. */
export const servedResponse = (shift: number, servers: number, capacity: number): Response => ({
  ...measuredResponse(shift),
  service: capacity / servers,
});

/** A response that was measured. */
export const measuredResponse = (seconds: number): Response => ({
  shift: seconds,
  service: Infinity,
  drain: Infinity,
  waits: 0,
  limit: 0,
  cut: 0,
});

/** P(response > t); 1 for t below the shift. */
export function responseTail({ shift, service, drain, waits, limit, cut }: Response, t: number): number {
  tailAndDensity(service, drain, waits, limit, cut, t - shift, servedTail(service, t - shift), pair);
  return pair[0] as number;
}
const pair = new Float64Array(2);

/** P(S > x): 1 for x below 0. */
export const servedTail = (service: number, x: number): number => (x > 0 ? exp(-service * x) : 1);

/**
 * Puts P(S + W > x) and the density at x, per second, into `out`: of a {@link Response} at x = t − shift; 1 and 0 for x below 0. `served` is {@link servedTail},
 * which parts of a mixture share.
 */
export function tailAndDensity(
  service: number,
  drain: number,
  waits: number,
  limit: number,
  cut: number,
  x: number,
  served: number,
  out: Float64Array,
): void {
  if (x <= 0) {
    out[0] = 1;
    out[1] = 0;
    return;
  }
  if (waits === 0) {
    out[0] = served;
    out[1] = service * served;
    return;
  }
  // Of those who wait, with no limit: P(S + V > x) = both + served, of density drain·both; with one, (P(S + V > x) − cut)/(1 − cut) up to it, and from there on they are only served.
  const within = x < limit ? x : limit;
  const then = x < limit ? served : exp(-service * limit);
  const both = convolved(service, drain, within, then);
  const later = x < limit ? 1 : exp(-service * (x - limit));
  const waited = ((both + then - cut) / (1 - cut)) * later;
  out[0] = served + waits * (waited - served);
  out[1] = (1 - waits) * service * served + waits * (x < limit ? (drain * both) / (1 - cut) : service * waited);
}

/** P(S + V > x) − P(S > x) for V exponential of rate `drain`: service·(e^(−drain·x) − e^(−service·x))/(service − drain), whose limit at equal rates is service·x·e^(−service·x). */
function convolved(service: number, drain: number, x: number, served: number): number {
  const gap = (service - drain) * x;
  if (gap < 1e-4 && gap > -1e-4) return served * service * x * (1 + gap / 2 + (gap * gap) / 6);
  return (service * (exp(-drain * x) - served)) / (service - drain);
}

/** Mean response, s. */
export function responseExpectation({ shift, service, drain, waits, limit, cut }: Response): number {
  const wait = waits === 0 ? 0 : 1 / drain - (cut === 0 ? 0 : (limit * cut) / (1 - cut));
  return shift + 1 / service + waits * wait;
}
