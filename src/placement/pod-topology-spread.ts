import { log } from '../base/elementary.ts';
import { maxNodeScore } from './node-resources-fit.ts';

/** Filter of a hard constraint over zones: the zone's count with one more may exceed the emptiest zone's by at most `maxSkew` (upstream: podtopologyspread/filtering.go). */
export function withinSkew(counts: readonly number[], zone: number, maxSkew: number): boolean {
  return (counts[zone] ?? 0) + 1 - Math.min(...counts) <= maxSkew;
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
