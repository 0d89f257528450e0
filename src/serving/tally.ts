import { ResponseWeights } from './response-weights.ts';

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
  readonly responses: ResponseWeights[];
}

/** What the windows of objectives count of all zones of an app; `seconds` of each zone; `judged`: attempts whose fate they judge. */
export type TrafficCounts = Record<
  'seconds' | 'offered' | 'retried' | 'judged' | 'admitted' | 'within' | 'withdrawn' | 'usedCoreSeconds',
  number
>;

/** Counts of nothing. */
export const noCounts = (): TrafficCounts => ({
  seconds: 0,
  offered: 0,
  retried: 0,
  judged: 0,
  admitted: 0,
  within: 0,
  withdrawn: 0,
  usedCoreSeconds: 0,
});

export function clearCounts(counts: TrafficCounts): void {
  counts.seconds = counts.offered = counts.retried = counts.judged = 0;
  counts.admitted = counts.within = counts.withdrawn = counts.usedCoreSeconds = 0;
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
  for (const weights of from.responses) {
    let target = into.responses.find(({ grid }) => grid === weights.grid);
    if (target === undefined) into.responses.push((target = new ResponseWeights(weights.grid)));
    target.addAll(weights);
  }
}

/** Whether the admitted attempts of both have the same responses, bit by bit. */
export const respondAlike = (a: Tally, b: Tally): boolean =>
  a.responses.length === b.responses.length && a.responses.every((weights, i) => weights.equals(b.responses[i] as ResponseWeights));

/** The sum of several. */
export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = emptyTally();
  for (const tally of tallies) addTally(sum, tally);
  return sum;
}

/** Empties it, to be filled again. */
export function clearTally(tally: Tally): void {
  tally.seconds = tally.offered = tally.retried = tally.overflowedOut = tally.overflowedIn = tally.served = tally.rejected = 0;
  tally.timedOut = tally.lost = tally.admitted = tally.within = tally.withdrawn = tally.forwarded = tally.crossZone = 0;
  tally.exposureSeconds = tally.fallbackSeconds = tally.capacity = tally.usedCoreSeconds = tally.backlogGrowth = 0;
  tally.deficit.fill(0);
  tally.unserved.fill(0);
  for (const weights of tally.responses) weights.clear();
}

/** Adds all of `from` to `into` but the response times. */
function addCounts(into: Tally, from: Tally): void {
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
  into.usedCoreSeconds += from.usedCoreSeconds;
  into.backlogGrowth += from.backlogGrowth;
  for (let k = 0; k < 4; k++) into.unserved[k] = (into.unserved[k] as number) + (from.unserved[k] as number);
  addShortage(into, from);
}

/** Adds what is a matter of rates, not of requests: the capacity of `from`, and what it lacks. */
export function addShortage(into: Tally, from: Tally): void {
  into.exposureSeconds += from.exposureSeconds;
  into.fallbackSeconds += from.fallbackSeconds;
  into.capacity += from.capacity;
  for (let k = 0; k < 4; k++) into.deficit[k] = (into.deficit[k] as number) + (from.deficit[k] as number);
}
