import type { Response } from './response-law.ts';

/** What the cells of a response grid say of their attempts. */
export interface ResponseCells {
  response(cell: number): Response;
  /** P(response ≤ objective). */
  within(cell: number): number;
  /** Whether they waited in a backlog, or met pods so near saturation that the time until a queue settles is longer than any traffic stands still. */
  isStrained(cell: number): boolean;
  /** Share of its attempts that, one by one, would by chance have waited longer than the time-out. */
  late(cell: number): number;
}

/** Admitted attempts by cell of one app's response grid: a sparse vector that is cheap to add to, to add up and to empty. */
export class ResponseWeights {
  readonly grid: ResponseCells;
  #weights = new Float64Array(64);
  /** The cells that have any, in the order in which they got it. */
  readonly #cells: number[] = [];
  #within = 0;

  constructor(grid: ResponseCells) {
    this.grid = grid;
  }

  get cells(): readonly number[] {
    return this.#cells;
  }

  /** Of all: attempts that are expected to be answered within the objective. */
  get within(): number {
    return this.#within;
  }

  weight(cell: number): number {
    return this.#weights[cell] ?? 0;
  }

  /** Nothing happens unless `weight` is above 0. */
  add(cell: number, weight: number): void {
    if (!(weight > 0)) return;
    if (cell >= this.#weights.length) this.#grow(cell);
    const before = this.#weights[cell] as number;
    if (before === 0) this.#cells.push(cell);
    this.#weights[cell] = before + weight;
    this.#within += weight * this.grid.within(cell);
  }

  addAll(from: ResponseWeights): void {
    const cells = from.#cells;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as number;
      if (cell >= this.#weights.length) this.#grow(cell);
      const before = this.#weights[cell] as number;
      if (before === 0) this.#cells.push(cell);
      this.#weights[cell] = before + (from.#weights[cell] as number);
    }
    this.#within += from.#within;
  }

  /** Whether the other one has the same attempts in the same cells, bit by bit. */
  equals(other: ResponseWeights): boolean {
    const [cells, others] = [this.#cells, other.#cells];
    if (this.grid !== other.grid || cells.length !== others.length) return false;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as number;
      if (cell !== others[i] || this.#weights[cell] !== other.#weights[cell]) return false;
    }
    return true;
  }

  clear(): void {
    for (const cell of this.#cells) this.#weights[cell] = 0;
    this.#cells.length = 0;
    this.#within = 0;
  }

  #grow(cell: number): void {
    const weights = new Float64Array(Math.max(cell + 1, 2 * this.#weights.length));
    weights.set(this.#weights);
    this.#weights = weights;
  }
}
