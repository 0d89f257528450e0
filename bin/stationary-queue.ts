import { exponential } from '../src/random/variates.ts';
import type { Uniform } from '../src/random/streams.ts';
import { erlangC } from '../src/serving/response-law.ts';

/** A queue of textbooks that begins in its steady state, so that what is expected of any number of its requests is known exactly. */
export interface Stationary {
  /** Kendall's name. */
  readonly name: string;
  readonly servers: number;
  /** Offered load per server, with service times of mean 1. */
  readonly rho: number;
  readonly service: 'exponential' | 'deterministic';
}

/** Mean sojourn, in service times of the queue: Erlang C; for one server with constant service times Pollaczek–Khinchine. */
export function meanSojourn({ servers, rho, service }: Stationary): number {
  if (service === 'deterministic') return 1 + rho / (2 * (1 - rho));
  return 1 + erlangC(servers, servers * rho) / (servers * (1 - rho));
}

/**
 * Sojourns of `count` requests, the first of which comes at time zero and so sees the steady state (the next one after time zero would see less), first come, first served, with service times of mean `mean` at an arrival rate that loads the queue by `rho` at a mean of 1. Equal draws
 * of the three streams make sojourns of two means pairs: begin, gaps and services are each drawn by inversion, one number for one purpose.
 */
export function sojourns(
  { servers, rho, service }: Stationary,
  mean: number,
  count: number,
  draws: { readonly begin: Uniform; readonly gaps: Uniform; readonly services: Uniform },
): Float64Array {
  const free = begin(servers, rho * mean, service, mean, draws.begin);
  const passed = new Float64Array(count);
  let now = 0;
  for (let n = 0; n < count; n++) {
    if (n > 0) now += exponential(1 / (servers * rho), draws.gaps());
    let first = 0;
    for (let k = 1; k < servers; k++) if ((free[k] as number) < (free[first] as number)) first = k;
    const from = Math.max(now, free[first] as number);
    const work = service === 'deterministic' ? mean : exponential(mean, draws.services());
    free[first] = from + work;
    passed[n] = from + work - now;
  }
  return passed;
}

/** When each server has done what is there in the steady state: of M/M/c as many as its birth–death chain says, each with an exponential rest; of M/D/1 a geometric number of uniform rests (Pollaczek–Khinchine). */
function begin(servers: number, rho: number, service: Stationary['service'], mean: number, uniform: Uniform): Float64Array {
  const free = new Float64Array(servers);
  const present = service === 'deterministic' ? geometric(uniform(), rho) : inMMc(uniform(), servers, rho);
  for (let k = 0; k < present; k++) {
    let first = 0;
    for (let j = 1; j < servers; j++) if ((free[j] as number) < (free[first] as number)) first = j;
    free[first] = (free[first] as number) + (service === 'deterministic' ? mean * uniform() : exponential(mean, uniform()));
  }
  return free;
}

/** The k with P(K ≤ k) first above u, P(K = k) = (1 − ρ) ρ^k. */
function geometric(u: number, rho: number): number {
  let [k, p] = [0, 1 - rho];
  for (let sum = p; sum <= u && k < 10_000; k++) {
    p *= rho;
    sum += p;
  }
  return k;
}

/** The k with P(K ≤ k) first above u of the requests in M/M/c. */
function inMMc(u: number, servers: number, rho: number): number {
  const waits = erlangC(servers, servers * rho);
  // P(K = c) = C (1 − ρ); below it each is (k + 1) ÷ (c ρ) of the next one.
  const p = new Array<number>(servers + 1);
  p[servers] = waits * (1 - rho);
  for (let k = servers - 1; k >= 0; k--) p[k] = ((p[k + 1] as number) * (k + 1)) / (servers * rho);
  let sum = 0;
  for (let k = 0; k < servers; k++) {
    sum += p[k] as number;
    if (sum > u) return k;
  }
  // The rest is geometric.
  return servers + geometric(Math.min(1 - 1e-15, (u - sum) / (1 - sum)), rho);
}
