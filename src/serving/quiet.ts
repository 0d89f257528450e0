import type { PodClass } from './pod-class.ts';
import type { Lane, ResponseGrid } from './response-grid.ts';
import type { ResponseWeights } from './response-weights.ts';
import type { StationOptions } from './station-options.ts';
import type { Tally } from './tally.ts';

/** Requests of one class whose pods have one capacity. */
interface Stream {
  readonly pods: PodClass;
  readonly lane: Lane;
  /** Its part of the app's attempts, and utilisation per attempt/s of the app. */
  readonly share: number;
  readonly rho: number;
}

/** How far below saturation a class has to stay: nearer, the general law decides what rounding is. */
const margin = 1 - 1e-9;

/**
 * A station in which nothing waits and no capacity moves: whatever it counts is proportional to time or to the app's attempts, at any rate up to `limit`.
 * Gives what {@link Station} integrates class by class, in a fraction of the time; most of a day is quiet.
 */
export class Quiet {
  /** Attempts/s of the app from which on somebody may wait. */
  readonly limit: number;
  readonly #grid: ResponseGrid;
  readonly #streams: readonly Stream[];
  /** Per second. */
  readonly #capacity: number;
  readonly #idleCores: number;
  readonly #fallback: number;
  /** Per attempt of the app. */
  readonly #arrivals: number;
  readonly #coreSeconds: number;
  readonly #forwarded: number;
  readonly #crossZone: number;

  /** Of classes that are routed and none of which has a ramp that still moves. */
  constructor(classes: readonly PodClass[], { grid, demand, relay, idle }: StationOptions, fallback: boolean) {
    this.#grid = grid;
    this.#fallback = fallback ? 1 : 0;
    const streams: Stream[] = [];
    let [limit, capacity, idling, arrivals, coreSeconds, forwarded, crossZone] = [Infinity, 0, 0, 0, 0, 0, 0];
    for (const pods of classes) {
      const { flow, mode } = pods;
      const factor = pods.factorAt(0);
      const own = factor * flow.podCapacity;
      if (flow.usable) capacity += own;
      if (mode.limits === 'running') idling += pods.awake;
      if (flow.arrivals === 0) {
        coreSeconds += flow.forwardedOut * relay;
        continue;
      }
      limit = Math.min(limit, (own / flow.arrivals) * margin);
      arrivals += flow.arrivals;
      coreSeconds += flow.arrivals * flow.demand;
      forwarded += flow.forwardedIn;
      crossZone += flow.crossIn;
      if (own === 0) continue;
      const relative = demand / flow.demand;
      const kernel = mode.limits === 'running' ? 0 : 1;
      const stream = (part: number, scale: number): void => {
        streams.push({ pods, lane: grid.lane(kernel, scale, flow.hops), share: flow.arrivals * part, rho: flow.arrivals / own });
      };
      if (pods.main) {
        for (const [each, count] of pods.groups) if (each > 0) stream((count * each) / pods.weight, (each * relative) / 1000);
      } else stream(1, (factor * relative) / pods.pods);
    }
    this.limit = limit;
    this.#streams = streams;
    this.#capacity = capacity;
    this.#idleCores = idling * idle;
    this.#arrivals = arrivals;
    this.#coreSeconds = coreSeconds;
    this.#forwarded = forwarded;
    this.#crossZone = crossZone;
  }

  /** Counts `h` seconds in which the app's attempts/s go from `r0` to `r1` in a straight line, `retried` of them retries. */
  count(tally: Tally, weights: ResponseWeights, r0: number, r1: number, h: number, retried: number): void {
    const attempts = (h * (r0 + r1)) / 2;
    const arrivals = this.#arrivals * attempts;
    const again = this.#arrivals * retried * h;
    tally.seconds += h;
    tally.offered += arrivals - again;
    tally.retried += again;
    tally.served += arrivals;
    tally.admitted += arrivals;
    tally.capacity += h * this.#capacity;
    tally.usedCoreSeconds += h * this.#idleCores + attempts * this.#coreSeconds;
    tally.forwarded += attempts * this.#forwarded;
    tally.crossZone += attempts * this.#crossZone;
    tally.fallbackSeconds += h * this.#fallback;
    for (const { pods, lane, share, rho } of this.#streams) pods.lastCell = this.#grid.recordQuiet(weights, lane, share, rho, r0, r1, h);
  }
}
