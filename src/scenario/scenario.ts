import type { Duration } from '../base/units.ts';
import type { Calendar } from '../base/wall-clock.ts';
import type { ClusterSpec, GroupSpec, NetworkSpec, PodSpecs } from '../cluster/specs.ts';
import type { Fault } from '../operations/fault-spec.ts';
import type { Platform } from '../operations/platform.ts';
import type { RetrySpec } from '../serving/retries.ts';
import type { Prices } from '../strategies/strategy.ts';
import type { ForecastSpec } from '../traffic/forecast.ts';
import type { NoiseSpec } from '../traffic/noise.ts';
import type { TrafficSpec } from '../traffic/schema.ts';
import type { SurpriseSpec } from '../traffic/surprise.ts';

/**
 * One fully resolved description of a world, its traffic and the strategies to compare: every default filled in, every unit decoded, every name checked.
 * Plain data, so that it crosses to workers by structured clone. Times in µs, CPU in millicores, memory in bytes, rates per second, shares as ratios.
 */
export interface Scenario {
  readonly name: string;
  /** The path as it was given. */
  readonly file: string;
  /** The start as it was written. */
  readonly start: string;
  readonly calendar: Calendar;
  readonly horizon: Duration;
  /** Seed of the first replication; the next replications take the next whole numbers. */
  readonly seed: number;
  readonly replications: number;
  /** Whether requests flow, or each is an event. */
  readonly fidelity: 'fluid' | 'request';
  /** Part of the pods whose requests are simulated, in (0, 1]; 1 where requests flow. */
  readonly sample: number;
  readonly cluster: ClusterSpec;
  readonly network: NetworkSpec;
  readonly platform: Platform;
  /** In the order of the file, at least one. */
  readonly apps: readonly AppSpec[];
  readonly groups: readonly GroupSpec[];
  /** What breaks, the same for every strategy. */
  readonly faults: readonly Fault[];
  readonly strategies: readonly StrategyUse[];
  readonly results: ResultsSpec;
  readonly prices: Prices;
  readonly limits: Limits;
}

/** A deployed service: its pods, what it is asked for, what comes otherwise, and what is known beforehand. */
export interface AppSpec extends PodSpecs {
  readonly overflow: boolean;
  readonly retry: RetrySpec;
  readonly traffic: TrafficSpec;
  readonly noise: NoiseSpec;
  readonly surprise: SurpriseSpec;
  readonly forecast: ForecastSpec;
}

/** A strategy under a label, with its options. */
export interface StrategyUse {
  readonly label: string;
  /** Name of the strategy in the catalog. */
  readonly use: string;
  /** Decoded by the strategy's own schema. */
  readonly options: unknown;
  /** As written, for the manifest and the screen; without `use` and the overrides. */
  readonly given: unknown;
  /** The scenario's platform with this label's own overrides. */
  readonly platform: Platform;
  /** The overrides as people read them, e.g. `scheduler.rate: 100/s`. */
  readonly overrides: readonly string[];
}

/** What a run writes down. */
export interface ResultsSpec {
  /** Length of a row of the time series. */
  readonly interval: Duration;
  /** Which replications write detail files. */
  readonly detail: 'none' | 'first' | 'all';
  /** Most rows of a detail file of one run: the first ones. */
  readonly rows: number;
}

/** Guards against a run that never ends. */
export interface Limits {
  /** Most events at one instant. */
  readonly eventsAtOnce: number;
  /** Most requests that a run simulates one by one. */
  readonly requests: number;
}
