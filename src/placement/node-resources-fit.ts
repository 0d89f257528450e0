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

/** Score LeastAllocated: mean over CPU and memory of ⌊(allocatable − requested)·100 ÷ allocatable⌋, requested with the claim; a resource of which a node has none is left out (upstream: least_allocated.go). */
export function leastAllocated(claim: Claim, node: Node): number {
  return meanScore(claim, node, freeScore);
}

/** Score MostAllocated: mean over CPU and memory of ⌊requested·100 ÷ allocatable⌋, requested with the claim; a resource of which a node has none is left out (upstream: most_allocated.go). */
export function mostAllocated(claim: Claim, node: Node): number {
  return meanScore(claim, node, takenScore);
}

// Functions of the module, not of a call: tsx names every inner function anew each time it is made (measured: five times slower).
function meanScore(claim: Claim, node: Node, score: (requested: number, most: number) => number): number {
  const cpu = score(node.reservedMillicores + claim.millicores, node.millicores);
  const memory = score(node.reservedBytes + claim.bytes, node.bytes);
  if (node.millicores === 0 || node.bytes === 0) return node.millicores === 0 ? memory : cpu;
  return Math.floor((cpu + memory) / 2);
}
function freeScore(requested: number, most: number): number {
  return requested > most || most === 0 ? 0 : Math.floor(((most - requested) * maxNodeScore) / most);
}
function takenScore(requested: number, most: number): number {
  return most === 0 ? 0 : Math.floor((Math.min(requested, most) * maxNodeScore) / most);
}
