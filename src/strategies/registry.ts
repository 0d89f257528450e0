import { staticMean } from './static-mean.ts';
import { staticPeak } from './static-peak.ts';
import type { StrategyEntry } from './strategy.ts';
import { timeShare } from './time-share.ts';
import { vacateAndMove } from './vacate-and-move.ts';

/** The built-in strategies, one line each. */
export const strategies: readonly StrategyEntry[] = [staticPeak, staticMean, vacateAndMove, timeShare];
