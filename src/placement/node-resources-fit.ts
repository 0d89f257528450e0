import type { Claim } from '../cluster/cluster.ts';
import type { Node } from '../cluster/node.ts';
import { maxNodeScore } from './node-score.ts';

/** Filter NodeResourcesFit: CPU, memory and the pod count fit beside what is reserved (upstream: plugins/noderesources/fit.go). */
export function fits(claim: Claim, node: Node): boolean {
  return (
    node.reservedMillicores + claim.millicores <= node.millicores &&
    node.reservedBytes + claim.bytes <= node.bytes &&
    node.pods + claim.pods <= node.podLimit
  );
}

/** Score LeastAllocated: mean over CPU and memory of ⌊(allocatable − requested)·100 ÷ allocatable⌋, requested with the claim (upstream: least_allocated.go). */
export function leastAllocated(claim: Claim, node: Node): number {
  const free = (requested: number, most: number) =>
    requested > most || most === 0 ? 0 : Math.floor(((most - requested) * maxNodeScore) / most);
  return Math.floor(
    (free(node.reservedMillicores + claim.millicores, node.millicores) + free(node.reservedBytes + claim.bytes, node.bytes)) / 2,
  );
}

/** Score MostAllocated: mean over CPU and memory of ⌊requested·100 ÷ allocatable⌋, requested with the claim (upstream: most_allocated.go). */
export function mostAllocated(claim: Claim, node: Node): number {
  const taken = (requested: number, most: number) => (most === 0 ? 0 : Math.floor((Math.min(requested, most) * maxNodeScore) / most));
  return Math.floor(
    (taken(node.reservedMillicores + claim.millicores, node.millicores) + taken(node.reservedBytes + claim.bytes, node.bytes)) / 2,
  );
}
