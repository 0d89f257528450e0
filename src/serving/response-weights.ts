import type { ResponseGrid } from './response-grid.ts';

/** Admitted attempts by cell of one app's response grid: a sparse vector that is cheap to add to, to add up and to empty. */
export class ResponseWeights {
  readonly grid: ResponseGrid;
  #weights = new Float64Array(64);
  /** The cells that have any, in the order in which they got it. */
  readonly #cells: number[] = [];

  constructor(grid: ResponseGrid) {
    this.grid = grid;
  }

  get cells(): readonly number[] {
    return this.#cells;
  }

  weight(cell: number): number {
    return this.#weights[cell] ?? 0;
  }

  /** `weight` is above 0. */
  add(cell: number, weight: number): void {
    if (cell >= this.#weights.length) this.#grow(cell);
    const before = this.#weights[cell] as number;
    if (before === 0) this.#cells.push(cell);
    this.#weights[cell] = before + weight;
  }

  addAll(from: ResponseWeights): void {
    const cells = from.#cells;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as number;
      this.add(cell, from.#weights[cell] as number);
    }
  }

  clear(): void {
    for (const cell of this.#cells) this.#weights[cell] = 0;
    this.#cells.length = 0;
  }

  #grow(cell: number): void {
    const weights = new Float64Array(Math.max(cell + 1, 2 * this.#weights.length));
    weights.set(this.#weights);
    this.#weights = weights;
  }
}
