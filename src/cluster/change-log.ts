/**
 * The nodes that changed last, by index: in what they have reserved, or lost, or back. Whoever keeps something about every node reads on from where it stopped when it needs it next.
 * As many changes are remembered as there are nodes, or a few more: who is further behind had better look at all nodes.
 */
export class ChangeLog {
  /** A ring whose length is a power of two. */
  readonly #nodes: Int32Array;
  #length = 0;

  constructor(nodes: number) {
    let size = 1;
    while (size < nodes) size *= 2;
    this.#nodes = new Int32Array(size);
  }

  /** Changes so far. */
  get length(): number {
    return this.#length;
  }

  note(node: number): void {
    this.#nodes[this.#length++ & (this.#nodes.length - 1)] = node;
  }

  /** Whether the changes from number `from` on are all remembered. */
  reaches(from: number): boolean {
    return this.#length - from <= this.#nodes.length;
  }

  /** The node of change number `change`, which is remembered. */
  at(change: number): number {
    return this.#nodes[change & (this.#nodes.length - 1)] as number;
  }
}
