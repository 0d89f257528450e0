import { cron } from './cron.ts';
import { hpa } from './hpa.ts';
import { lcp } from './lcp.ts';
import { mpc } from './mpc.ts';
import { optimum } from './optimum.ts';
import { predictive } from './predictive.ts';
import { staticMean } from './static-mean.ts';
import { staticPeak } from './static-peak.ts';
import type { StrategyEntry } from './strategy.ts';
import { timeSharePredictive } from './time-share-predictive.ts';
import { timeShareReactive } from './time-share-reactive.ts';
import { timeShare } from './time-share.ts';
import { vacateAndMove } from './vacate-and-move.ts';
import { warmPool } from './warm-pool.ts';

/** The built-in strategies, one line each. */
export const strategies: readonly StrategyEntry[] = [
  staticPeak,
  staticMean,
  hpa,
  cron,
  predictive,
  lcp,
  warmPool,
  vacateAndMove,
  timeShare,
  timeShareReactive,
  timeSharePredictive,
  mpc,
  optimum,
];
