/** Highest score of a plug-in (upstream: `MaxNodeScore`). */
export const maxNodeScore = 100;

/**
 * A raw score brought to 0–100 by the largest raw score of the nodes that passed the filters: ⌊100·raw ÷ largest⌋, or 100 minus that where less is better;
 * where the largest is 0, 0, or 100 where less is better (upstream: plugins/helper/normalize_score.go).
 */
export function normalised(raw: number, largest: number, lessIsBetter: boolean): number {
  const score = largest === 0 ? 0 : Math.floor((maxNodeScore * raw) / largest);
  return lessIsBetter ? maxNodeScore - score : score;
}
