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
 * Time from arrival to answer of one kind of request: `shift` + S + W, S exponential of rate `service`; W is 0, or with probability `waits`
 * exponential of rate `drain`. For M/M/k this is the sojourn time exactly (service μ, drain kμ − λ, waits = Erlang C). Seconds and 1/s.
 */
export interface Response {
  readonly shift: number;
  readonly service: number;
  readonly drain: number;
  readonly waits: number;
}

/**
 * The response of a pod of `capacity` requests/s with `servers` cores at utilisation `rho` < 1. The waiting part is scaled by (1 + cv²)/2 (Allen–Cunneen):
 * W' = W·(1 + cv²)/2, still exponential, so the probability of waiting stays and the mean is right for any cv when k = 1 (Pollaczek–Khinchine).
 */
export function podResponse(shift: number, servers: number, capacity: number, rho: number, cv: number): Response {
  return { shift, service: capacity / servers, drain: (capacity * (1 - rho) * 2) / (1 + cv * cv), waits: erlangC(servers, servers * rho) };
}

/** P(response > t); 1 for t below the shift. */
export function responseTail({ shift, service, drain, waits }: Response, t: number): number {
  tailAndDensity(service, drain, waits, t - shift, servedTail(service, t - shift), pair);
  return pair[0] as number;
}
const pair = new Float64Array(2);

/** P(S > x): 1 for x below 0. */
export const servedTail = (service: number, x: number): number => (x > 0 ? exp(-service * x) : 1);

/**
 * Puts P(S + W > x) and the density at x, per second, into `out`: of a {@link Response} at x = t − shift; 1 and 0 for x below 0. `served` is {@link servedTail},
 * which parts of a mixture share.
 */
export function tailAndDensity(service: number, drain: number, waits: number, x: number, served: number, out: Float64Array): void {
  if (x <= 0) {
    out[0] = 1;
    out[1] = 0;
    return;
  }
  let both = 0;
  if (waits !== 0) {
    // P(S + W' > x) − P(S > x) = service·(e^(−drain·x) − e^(−service·x))/(service − drain), whose limit at equal rates is service·x·e^(−service·x).
    const gap = (service - drain) * x;
    both =
      gap < 1e-4 && gap > -1e-4
        ? served * service * x * (1 + gap / 2 + (gap * gap) / 6)
        : (service * (exp(-drain * x) - served)) / (service - drain);
  }
  out[0] = served + waits * both;
  // d both/dx = service·e^(−service·x) − drain·both, also at equal rates.
  out[1] = service * served - waits * (service * served - drain * both);
}

/** Mean response, s. */
export const responseExpectation = (response: Response): number => response.shift + 1 / response.service + response.waits / response.drain;
