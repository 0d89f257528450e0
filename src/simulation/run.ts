import type { Time } from '../base/units.ts';
import type { Row } from '../metrics/columns.ts';
import type { RowSink } from '../metrics/recorder.ts';
import type { Fact } from '../operations/world.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { StrategyEntry } from '../strategies/strategy.ts';
import type { Check } from './checks.ts';
import type { Foreseen } from './foresee.ts';

/** How a run is watched and stopped from outside. */
export interface RunHooks {
  /** Asked every 4,096 events; true stops the run. */
  readonly interrupted?: (now: Time) => boolean;
  /** Bracket every call into the strategy. */
  readonly deciding?: (now: Time) => void;
  readonly decided?: () => void;
  /** Sees every fact of the operations' life when it happens. */
  readonly fact?: (fact: Fact, now: Time) => void;
}

export interface RunInput {
  readonly scenario: Scenario;
  /** Label of the strategy. */
  readonly label: string;
  /** From 0; the seed is the scenario's plus this. */
  readonly replication: number;
  readonly strategies: readonly StrategyEntry[];
  /** Takes the detail rows; without one none are made. */
  readonly sink?: RowSink;
  readonly hooks?: RunHooks;
}

export interface RunResult {
  readonly label: string;
  readonly replication: number;
  readonly seed: number;
  /** Rows of summary.csv: one per app, then `all`. */
  readonly summary: readonly Row[];
  readonly events: number;
  readonly fingerprint: string;
  readonly interrupted: boolean;
  readonly checks: readonly Check[];
  /** The arithmetic of the strategy's plan, if it has one. */
  readonly planned: Foreseen | undefined;
  /** What a reader of the results should know: orders refused, switches not over, pods without a node. */
  readonly notes: readonly string[];
}
