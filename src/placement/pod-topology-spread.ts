import { log } from '../base/elementary.ts';
import { maxNodeScore } from './node-score.ts';

/**
 * Filter of a hard constraint over zones: the zone's count with one more may exceed the emptiest zone's by at most `maxSkew`. Zones without a node that the pod's
 * node affinity allows are `undefined` and do not count (upstream: podtopologyspread/filtering.go, nodeAffinityPolicy Honor, nodeTaintsPolicy Ignore).
 */
export function withinSkew(counts: readonly (number | undefined)[], zone: number, maxSkew: number): boolean {
  let emptiest = Infinity;
  for (const count of counts) if (count !== undefined && count < emptiest) emptiest = count;
  return (counts[zone] ?? Infinity) + 1 - emptiest <= maxSkew;
}

/**
 * Normalised scores per zone of a soft constraint over zones: raw = round(count·ln(zones + 2) + maxSkew − 1), score = ⌊100·(max + min − raw) ÷ max⌋,
 * 100 where max is 0 (upstream: podtopologyspread/scoring.go).
 */
export function zoneScores(counts: readonly number[], maxSkew: number): readonly number[] {
  const weight = log(counts.length + 2);
  const raw = counts.map((count) => Math.round(count * weight + maxSkew - 1));
  const [max, min] = [Math.max(...raw), Math.min(...raw)];
  return raw.map((value) => (max === 0 ? maxNodeScore : Math.floor((maxNodeScore * (max + min - value)) / max)));
}
