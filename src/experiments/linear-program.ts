import type { Highs } from 'highs';
import { assert } from '../base/assert.ts';

/** Minimise constant + cost · x with 0 ≤ x and, row by row, Σ coefficient · x ≤ limit. */
export class LinearProgram {
  /** What the least cost begins with. */
  constant = 0;
  readonly #costs: number[] = [];
  readonly #limits: number[] = [];
  readonly #starts: number[] = [];
  readonly #indices: number[] = [];
  readonly #values: number[] = [];

  /** A variable ≥ 0; returns its place. */
  variable(cost: number): number {
    return this.#costs.push(cost) - 1;
  }

  /** Σ coefficient · variable ≤ limit. */
  atMost(limit: number, terms: readonly (readonly [variable: number, coefficient: number])[]): void {
    this.#limits.push(limit);
    this.#starts.push(this.#indices.length);
    for (const [variable, coefficient] of terms) {
      this.#indices.push(variable);
      this.#values.push(coefficient);
    }
  }

  get variables(): number {
    return this.#costs.length;
  }

  /** The least cost, by HiGHS (Huangfu & Hall, Parallelizing the dual revised simplex method, Math. Prog. Comp. 10, 2018); undefined where that is not installed. */
  async least(): Promise<number | undefined> {
    const solver = await loadSolver();
    if (solver === undefined) return undefined;
    const [columns, rows] = [this.#costs.length, this.#limits.length];
    const model = {
      numCols: columns,
      numRows: rows,
      offset: this.constant,
      colCost: Float64Array.from(this.#costs),
      colLower: new Float64Array(columns),
      colUpper: new Float64Array(columns).fill(solver.infinity),
      rowLower: new Float64Array(rows).fill(-solver.infinity),
      rowUpper: Float64Array.from(this.#limits),
      matrix: {
        format: 'csr' as const,
        numRows: rows,
        numCols: columns,
        starts: Int32Array.from([...this.#starts, this.#indices.length]),
        indices: Int32Array.from(this.#indices),
        values: Float64Array.from(this.#values),
      },
    };
    return solver.withModel((made) => {
      made.options.set({ output_flag: false });
      made.passModel(model);
      made.run();
      assert(made.getModelStatus() === solver.constants.modelStatus.optimal, 'a linear program with an optimum');
      return made.getObjectiveValue();
    });
  }
}

let loading: Promise<Highs | undefined> | undefined;

/** HiGHS is an optional dependency of 4 MB, loaded when it is first needed. */
function loadSolver(): Promise<Highs | undefined> {
  loading ??= import('highs').then(
    // Its types are those of CommonJS, the module is ESM.
    (module) => (module.default as unknown as () => Promise<Highs>)(),
    () => undefined,
  );
  return loading;
}
