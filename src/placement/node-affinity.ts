import { type Labels, matches } from '../cluster/label-selector.ts';
import type { NodeAffinity } from '../cluster/specs.ts';

/** Filter NodeAffinity: the labels meet one of the required terms, or none is required (upstream: nodeaffinity/node_affinity.go). */
export function affine({ required }: NodeAffinity, labels: Labels): boolean {
  return required.length === 0 || required.some((term) => matches(term, labels));
}

/** Raw score NodeAffinity: Σ weights of the preferred terms that the labels meet; more is better. */
export function preference({ preferred }: NodeAffinity, labels: Labels): number {
  return preferred.reduce((sum, { weight, term }) => sum + (matches(term, labels) ? weight : 0), 0);
}
