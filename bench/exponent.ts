import { BenchError } from './bench-error.ts';

/** Size of a thing, and what it costs. */
export interface Cost {
  readonly size: number;
  readonly cost: number;
}

/** The e of cost ∝ sizeᵉ: slope of the least-squares line through log cost over log size. Undefined where a cost is not positive; at least two sizes. */
export function exponent(costs: readonly Cost[]): number | undefined {
  if (costs.some(({ cost }) => !(cost > 0))) return undefined;
  const [xs, ys] = [costs.map(({ size }) => Math.log(size)), costs.map(({ cost }) => Math.log(cost))];
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const squares = xs.reduce((sum, each) => sum + (each - x) * (each - x), 0);
  if (!(squares > 0)) throw new BenchError('an exponent needs two sizes');
  return xs.reduce((sum, each, i) => sum + (each - x) * ((ys[i] ?? y) - y), 0) / squares;
}
