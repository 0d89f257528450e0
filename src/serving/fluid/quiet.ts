import type { PodClass } from './pod-class.ts';
import type { Lane, ResponseGrid } from './response-grid.ts';
import type { Station } from './station.ts';
import type { StationOptions } from './station-options.ts';
import type { TrafficCounts } from '../tally.ts';
import { NodeWeights } from './utilisation.ts';

/** Requests of one class of one station whose pods have one capacity. */
interface Stream {
  readonly station: Station;
  readonly lane: Lane;
  /** Its part of the app's attempts. */
  readonly share: number;
}

/** Streams whose utilisation is the same at any rate of the app: zones are alike more often than not. */
interface Bundle {
  readonly nodes: NodeWeights;
  readonly streams: Stream[];
}

/** What a station counts, per second and per attempt of the app. */
interface Ratios {
  readonly station: Station;
  readonly capacity: number;
  readonly idleCores: number;
  readonly fallback: number;
  readonly arrivals: number;
  readonly coreSeconds: number;
  readonly forwarded: number;
  readonly crossZone: number;
}

/** How far below saturation a class has to stay: nearer, the general law decides what rounding is. */
const margin = 1 - 1e-9;

/**
 * The stations of an app while nothing waits in any of them and no capacity moves: whatever they count is proportional to time or to the app's attempts, at
 * any rate up to `limit`, so that one sum for all of them is kept until somebody looks. Gives what {@link Station} integrates class by class, in a fraction of
 * the time; most of a day is quiet.
 */
export class Quiet {
  /** Attempts/s of the app from which on somebody may wait. */
  readonly limit: number;
  readonly #grid: ResponseGrid;
  readonly #ratios: readonly Ratios[];
  readonly #bundles: readonly Bundle[];
  /** Σ over the stations: arrivals and core-seconds per attempt, idle cores. */
  readonly #arrivals: number;
  readonly #coreSeconds: number;
  readonly #idleCores: number;
  /** Since the stations were last told: seconds, the app's attempts, and retries among them. */
  #seconds = 0;
  #attempts = 0;
  #retried = 0;

  /** Of stations that are routed and at rest. */
  constructor(stations: readonly Station[], options: StationOptions) {
    this.#grid = options.grid;
    const bundles: Bundle[] = [];
    this.#ratios = stations.map((station) => this.#join(station, options, bundles));
    this.#bundles = bundles;
    const sum = (of: (ratios: Ratios) => number): number => this.#ratios.reduce((total, ratios) => total + of(ratios), 0);
    this.#arrivals = sum(({ arrivals }) => arrivals);
    this.#coreSeconds = sum(({ coreSeconds }) => coreSeconds);
    this.#idleCores = sum(({ idleCores }) => idleCores);
    this.limit = Math.min(...stations.map(limitOf));
  }

  /** Counts `h` seconds in which the app's attempts/s go from `r0` to `r1`, neither above `limit`, in a straight line, `retried` of them retries. */
  count(r0: number, r1: number, h: number, retried: number): void {
    this.#seconds += h;
    this.#attempts += (h * (r0 + r1)) / 2;
    this.#retried += h * retried;
    for (let i = 0; i < this.#bundles.length; i++) (this.#bundles[i] as Bundle).nodes.add(r0, r1, h);
  }

  /** Adds what the stations have not been told yet. */
  addTo(counts: TrafficCounts): void {
    counts.seconds += this.#seconds * this.#ratios.length;
    counts.offered += this.#arrivals * (this.#attempts - this.#retried);
    counts.retried += this.#arrivals * this.#retried;
    counts.admitted += this.#arrivals * this.#attempts;
    counts.usedCoreSeconds += this.#idleCores * this.#seconds + this.#coreSeconds * this.#attempts;
    for (let i = 0; i < this.#bundles.length; i++) counts.within += (this.#bundles[i] as Bundle).nodes.valued;
  }

  /** Tells the stations. */
  settle(): void {
    const [seconds, attempts, retried] = [this.#seconds, this.#attempts, this.#retried];
    if (seconds === 0) return;
    this.#seconds = this.#attempts = this.#retried = 0;
    for (const ratios of this.#ratios) {
      const { tally } = ratios.station.books;
      const arrivals = ratios.arrivals * attempts;
      const again = ratios.arrivals * retried;
      tally.seconds += seconds;
      tally.offered += arrivals - again;
      tally.retried += again;
      tally.served += arrivals;
      tally.admitted += arrivals;
      tally.capacity += ratios.capacity * seconds;
      tally.usedCoreSeconds += ratios.idleCores * seconds + ratios.coreSeconds * attempts;
      tally.forwarded += ratios.forwarded * attempts;
      tally.crossZone += ratios.crossZone * attempts;
      tally.fallbackSeconds += ratios.fallback * seconds;
    }
    for (const { nodes, streams } of this.#bundles) {
      nodes.take((node, weight) => {
        for (const { station, lane, share } of streams) this.#grid.addToLane(station.books.weights, lane, node, weight * share);
      });
    }
  }

  /** What `station` counts; its streams join those that are loaded alike. */
  #join(station: Station, { demand, relay, idle }: StationOptions, bundles: Bundle[]): Ratios {
    const fallback = station.fallback ? 1 : 0;
    let [capacity, idling, arrivals, coreSeconds, forwarded, crossZone] = [0, 0, 0, 0, 0, 0];
    for (const pods of station.classes) {
      const { flow, mode } = pods;
      const own = capacityOf(pods);
      if (flow.usable) capacity += own;
      if (mode.limits === 'running') idling += pods.awake;
      if (flow.arrivals === 0) {
        coreSeconds += flow.forwardedOut * relay;
        continue;
      }
      arrivals += flow.arrivals;
      coreSeconds += flow.arrivals * flow.demand;
      forwarded += flow.forwardedIn;
      crossZone += flow.crossIn;
      if (own === 0) continue;
      const relative = demand / flow.demand;
      const kernel = mode.limits === 'running' ? 0 : 1;
      const stream = (part: number, scale: number): void => {
        const lane = this.#grid.lane(kernel, scale, flow.hops);
        this.#bundle(flow.arrivals / own, bundles).streams.push({ station, lane, share: flow.arrivals * part });
      };
      if (pods.main) {
        for (const [each, count] of pods.groups) if (each > 0) stream((count * each) / pods.weight, (each * relative) / 1000);
      } else stream(1, (pods.factorAt(0) * relative) / pods.pods);
    }
    return { station, capacity, idleCores: idling * idle, fallback, arrivals, coreSeconds, forwarded, crossZone };
  }

  #bundle(rho: number, bundles: Bundle[]): Bundle {
    const known = bundles.find(({ nodes }) => nodes.rho === rho);
    if (known) return known;
    const streams: Stream[] = [];
    const within = (node: number): number => streams.reduce((sum, { lane, share }) => sum + share * this.#grid.laneWithin(lane, node), 0);
    const bundle = { nodes: new NodeWeights(rho, within), streams };
    bundles.push(bundle);
    return bundle;
  }
}

const capacityOf = (pods: PodClass): number => pods.factorAt(0) * pods.flow.podCapacity;

/** Attempts/s of the app from which on somebody may wait in the station. */
const limitOf = ({ classes }: Station): number =>
  Math.min(...classes.map((pods) => (pods.flow.arrivals > 0 ? (capacityOf(pods) / pods.flow.arrivals) * margin : Infinity)));
