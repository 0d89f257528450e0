import type { Claim } from '../cluster/cluster.ts';
import type { Node } from '../cluster/node.ts';
import { maxNodeScore } from './node-score.ts';

/**
 * Score NodeResourcesBalancedAllocation: ⌊(1 − σ)·100⌋, σ = |f − g| ÷ 2 the standard deviation of the shares f and g of CPU and memory that are requested with the claim,
 * each at most 1; a resource of which a node has none is left out, and σ = 0 (upstream: noderesources/balanced_allocation.go).
 */
export function balancedAllocation(claim: Claim, node: Node): number {
  if (node.millicores === 0 || node.bytes === 0) return maxNodeScore;
  const cpu = Math.min(1, (node.reservedMillicores + claim.millicores) / node.millicores);
  const memory = Math.min(1, (node.reservedBytes + claim.bytes) / node.bytes);
  return Math.floor((1 - Math.abs((cpu - memory) / 2)) * maxNodeScore);
}
