/** One node: what it may give, and what is taken of it. Millicores and bytes. */
export interface Node {
  readonly index: number;
  readonly name: string;
  readonly zone: number;
  readonly millicores: number;
  readonly bytes: number;
  readonly podLimit: number;
  /** Reserved by pods, slots and the extras of make-before-break. */
  reservedMillicores: number;
  reservedBytes: number;
  pods: number;
  slots: number;
  /** Limits in force and memory resident of the pods on it. */
  limitedMillicores: number;
  residentBytes: number;
}
