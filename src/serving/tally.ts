import { defined } from '../base/assert.ts';
import type { ResponseGrid } from './response-grid.ts';

/** Admitted attempts by cell of one app's response grid. */
export interface ResponseCells {
  readonly grid: ResponseGrid;
  readonly cells: Map<number, number>;
}

/**
 * What happened to the traffic of one app in one zone during a stretch of time: a plain record of integrals, additive over time, zones and apps.
 * Attempts are counted in the zone that decides their fate. Always: offered + retried + overflowedIn = overflowedOut + served + rejected + timedOut + lost + backlogGrowth.
 */
export interface Tally {
  /** Length, s. */
  seconds: number;
  /** First attempts that arrived. */
  offered: number;
  /** Attempts beyond the first that arrived. */
  retried: number;
  /** Refused by the limiters of the zone, but taken by another; taken from other zones. */
  overflowedOut: number;
  overflowedIn: number;
  served: number;
  /** Refused by the limiter, and by other zones, or because nothing serves. */
  rejected: number;
  timedOut: number;
  /** Died with their pod. */
  lost: number;
  /** Admitted to a pod at their arrival: the attempts that `response` describes. */
  admitted: number;
  /** Admitted attempts answered within the objective: expected number by the response law. */
  within: number;
  /** Of `within`: attempts that were expected to be, but timed out in the backlog or were lost with their pod. */
  withdrawn: number;
  /** Of all attempts: those that reached their pod through another one's sidecar or from another zone. */
  forwarded: number;
  /** Of `forwarded`: attempts that came from another zone. */
  crossZone: number;
  /** Time with a deficit, s. */
  exposureSeconds: number;
  /** Time during which keep-alive pods had to serve everything, because no pod anywhere took what they forward, s. */
  fallbackSeconds: number;
  /** Integral of the deficit (requests) by cause, in the order of `causes`. */
  readonly deficit: number[];
  /** Attempts rejected, timed out or lost by cause, in the order of `causes`; they add up to rejected + timedOut + lost. */
  readonly unserved: number[];
  /** Integral of the capacity that traffic can use: pods that get traffic and serve all of their arrivals (requests). */
  capacity: number;
  /** CPU used for service, sidecars, relays and idling (core-seconds). */
  usedCoreSeconds: number;
  /** Backlog at the end minus backlog at the beginning. Summed from time zero it is the backlog. */
  backlogGrowth: number;
  /** Weights of the response law; one entry per app. */
  readonly responses: ResponseCells[];
}

/** A tally of nothing. */
export function emptyTally(): Tally {
  return {
    seconds: 0, offered: 0, retried: 0, overflowedOut: 0, overflowedIn: 0, served: 0, rejected: 0, timedOut: 0, lost: 0, admitted: 0, within: 0, withdrawn: 0, forwarded: 0, crossZone: 0, exposureSeconds: 0,
    fallbackSeconds: 0, deficit: [0, 0, 0, 0], unserved: [0, 0, 0, 0], capacity: 0, usedCoreSeconds: 0, backlogGrowth: 0, responses: [],
  }; // prettier-ignore
}

/** Attempts that arrived, first ones and retries. */
export const attemptsOf = ({ offered, retried }: Tally): number => offered + retried;

/** Adds `from` to `into`. */
export function addTally(into: Tally, from: Tally): void {
  addCounts(into, from);
  for (const { grid, cells } of from.responses) {
    let target = into.responses.find((entry) => entry.grid === grid);
    if (target === undefined) into.responses.push((target = { grid, cells: new Map() }));
    for (const [cell, weight] of cells) target.cells.set(cell, (target.cells.get(cell) ?? 0) + weight);
  }
}

/** Adds all of `from` to `into` but the response times. */
export function addCounts(into: Tally, from: Tally): void {
  into.seconds += from.seconds;
  into.offered += from.offered;
  into.retried += from.retried;
  into.overflowedOut += from.overflowedOut;
  into.overflowedIn += from.overflowedIn;
  into.served += from.served;
  into.rejected += from.rejected;
  into.timedOut += from.timedOut;
  into.lost += from.lost;
  into.admitted += from.admitted;
  into.within += from.within;
  into.withdrawn += from.withdrawn;
  into.forwarded += from.forwarded;
  into.crossZone += from.crossZone;
  into.exposureSeconds += from.exposureSeconds;
  into.fallbackSeconds += from.fallbackSeconds;
  into.capacity += from.capacity;
  into.usedCoreSeconds += from.usedCoreSeconds;
  into.backlogGrowth += from.backlogGrowth;
  for (let k = 0; k < 4; k++) {
    into.deficit[k] = (into.deficit[k] as number) + (from.deficit[k] as number);
    into.unserved[k] = (into.unserved[k] as number) + (from.unserved[k] as number);
  }
}

/** Mean response time of the admitted attempts, s; undefined if there were none. */
export function responseMean(tally: Tally): number | undefined {
  let weight = 0;
  let total = 0;
  for (const { grid, cells } of tally.responses) {
    for (const [cell, w] of cells) {
      weight += w;
      total += w * grid.mean(cell);
    }
  }
  return weight > 0 ? total / weight : undefined;
}

/**
 * Response times t, s, with P(response ≤ t) = p for the p of `probabilities` (each inside (0, 1)), by bisection of the mixture to 1e-7
 * of its value; undefined if nothing was admitted.
 */
export function responseQuantiles(tally: Tally, probabilities: readonly number[]): readonly number[] | undefined {
  let weight = 0;
  const parts: { readonly grid: ResponseGrid; readonly cell: number; readonly weight: number }[] = [];
  for (const { grid, cells } of tally.responses) {
    for (const [cell, w] of cells) {
      if (!(w > 0)) continue;
      weight += w;
      parts.push({ grid, cell, weight: w });
    }
  }
  if (!(weight > 0)) return undefined;
  const beyond = (t: number): number => {
    let sum = 0;
    for (const part of parts) sum += part.weight * part.grid.tail(part.cell, t);
    return sum / weight;
  };
  return probabilities.map((p) => {
    let high = 1e-3;
    while (beyond(high) > 1 - p) high *= 2;
    let low = high === 1e-3 ? 0 : high / 2;
    while (high - low > 1e-7 * high) {
      const middle = (low + high) / 2;
      if (beyond(middle) > 1 - p) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  });
}

/** The quantile of {@link responseQuantiles} for one p. */
export function responseQuantile(tally: Tally, p: number): number | undefined {
  const quantiles = responseQuantiles(tally, [p]);
  return quantiles && defined(quantiles[0], 'quantile');
}
