import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResponseGrid } from '../../src/serving/fluid/response-grid.ts';
import { responseExpectation, responseTail, servedTail, tailAndDensity, podResponse } from '../../src/serving/response-law.ts';
import { responseMean, responseQuantile, responseQuantiles } from '../../src/serving/response-quantile.ts';
import { ResponseWeights } from '../../src/serving/response-weights.ts';
import { emptyPiece } from '../../src/serving/fluid/class-law.ts';
import { emptyTally, type Tally } from '../../src/serving/tally.ts';

/** One core, 100 requests/s of a full pod, time-out 2 s; hops of 1 ms, 20 ms, 300 ms. */
const gridOf = (): ResponseGrid =>
  new ResponseGrid({
    wait: 0,
    hops: [0.001, 0.02, 0.3],
    timeout: 2,
    objective: 0.3,
    cv: 1,
    serviceTime: 0.01,
    kernels: [
      { servers: 1, capacity: 100 },
      { servers: 4, capacity: 25 },
    ],
  });

/** Requests of pods at utilisation `rho` with so many requests a second waiting for each unit of capacity, after hops. */
interface Part {
  readonly kernel: number;
  readonly rho: number;
  readonly scale: number;
  readonly delay: number;
  readonly weight: number;
  readonly hops: readonly number[];
}

function record(grid: ResponseGrid, weights: ResponseWeights, { kernel, rho, scale, delay, weight, hops }: Part): void {
  const capacity = 1000;
  const piece = { ...emptyPiece(), regime: delay > 0 ? ('queue' as const) : ('empty' as const), length: 1, capacity };
  Object.assign(piece, { arrivalRate: rho * capacity, admittedRate: weight, backlog: delay * capacity });
  grid.record(weights, kernel, piece, 1, scale, 0, hops);
}

function tallyOf(parts: readonly Part[]): Tally {
  const grid = gridOf();
  const weights = new ResponseWeights(grid);
  for (const part of parts) record(grid, weights, part);
  return { ...emptyTally(), responses: [weights] };
}

const plain: Part = { kernel: 0, rho: 0.5, scale: 1, delay: 0, weight: 1, hops: [0, 0, 0] };
const part: fc.Arbitrary<Part> = fc.record({
  kernel: fc.constantFrom(0, 1),
  rho: fc.double({ min: 0, max: 1.5, noNaN: true }),
  scale: fc.double({ min: 0.001, max: 1, noNaN: true }),
  delay: fc.constantFrom(0, 0, 0.0001, 0.05, 1.9),
  weight: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
  hops: fc.constantFrom([0, 0, 0], [0.5, 0, 0], [0, 0.1, 0.9], [0, 0, 1]),
});

describe('quantiles of the response', () => {
  it('lie, to 1e-11 of them, where the mixture’s tail passes 1 − p', () => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 12 }),
        fc.array(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), { minLength: 1, maxLength: 4 }),
        (parts, drawn) => {
          const tally = tallyOf(parts);
          const { cells, grid } = tally.responses[0]!;
          const weight = (cell: number) => tally.responses[0]!.weight(cell);
          const all = cells.reduce((sum, cell) => sum + weight(cell), 0);
          const tail = (t: number) => cells.reduce((sum, cell) => sum + weight(cell) * responseTail(grid.response(cell), t), 0) / all;
          const ps = [...drawn].sort((a, b) => a - b);
          responseQuantiles(tally, ps)!.forEach((t, i) => {
            const rounding = 1e-12;
            expect(tail(t * (1 - 1e-11))).toBeGreaterThan((1 - ps[i]!) * (1 - rounding));
            expect(tail(t * (1 + 1e-11))).toBeLessThan((1 - ps[i]!) * (1 + rounding));
          });
        },
      ),
      { seed: 11, numRuns: 500 },
    );
  });

  it('are those of the exponential law for one kind of request', () => {
    // Behind a backlog of 2 s, the time-out, there is the service alone: exponential of rate 100/s.
    const tally = tallyOf([{ ...plain, delay: 2 }]);
    const late = responseMean(tally)! - 0.01;
    expect(late).toBeCloseTo(2, 1);
    for (const p of [0.001, 0.5, 0.99, 0.999999]) expect((responseQuantile(tally, p)! - late) / (-Math.log(1 - p) / 100)).toBeCloseTo(1, 6);
  });

  it('do not depend on which others are asked for', () => {
    const tally = tallyOf([plain, { ...plain, delay: 0.7, weight: 0.3 }, { ...plain, scale: 0.01, weight: 0.05 }]);
    const [p50, p99] = responseQuantiles(tally, [0.5, 0.99])!;
    expect(responseQuantile(tally, 0.5)).toBe(p50);
    expect(responseQuantile(tally, 0.99)! / p99!).toBeCloseTo(1, 12);
  });

  it('find a step: nine in ten at once, the others 1.9 s late', () => {
    const tally = tallyOf([
      { ...plain, weight: 9 },
      { ...plain, delay: 1.9 },
    ]);
    const [p89, p90, p91] = responseQuantiles(tally, [0.89, 0.9, 0.91])! as [number, number, number];
    expect(p89).toBeLessThan(0.12);
    expect(p90).toBeGreaterThan(p89);
    expect(p91).toBeGreaterThan(1.88);
  });
});

it('the density is the slope of the tail, also where both rates are equal', () => {
  const out = new Float64Array(2);
  for (const rho of [0.1, 0.5, 0.75, 0.75 + 1e-9, 0.95]) {
    const response = podResponse(0.01, 4, 400, rho, 1);
    for (const t of [0.0101, 0.02, 0.1, 0.5]) {
      const { service, drain, waits, limit, cut, shift } = response;
      tailAndDensity(service, drain, waits, limit, cut, t - shift, servedTail(service, t - shift), out);
      const h = 1e-6;
      const slope = (responseTail(response, t - h) - responseTail(response, t + h)) / (2 * h);
      expect(out[0]).toBe(responseTail(response, t));
      expect(Math.abs(out[1]! - slope)).toBeLessThan(1e-5 * (1 + slope));
    }
    expect(responseExpectation(response)).toBeGreaterThan(0.01);
  }
});

describe('weights by cell', () => {
  it('are a sparse vector: the same as a map, added to, added up and emptied', () => {
    const cells = fc.array(fc.tuple(fc.nat(500), fc.double({ min: 1e-3, max: 1e3, noNaN: true })), { maxLength: 80 });
    fc.assert(
      fc.property(cells, cells, cells, (first, second, third) => {
        const grid = gridOf();
        const [a, b] = [new ResponseWeights(grid), new ResponseWeights(grid)];
        const twin = new Map<number, number>();
        for (const [cell, weight] of first) a.add(cell, weight);
        a.clear();
        for (const [cell, weight] of second) {
          a.add(cell, weight);
          twin.set(cell, (twin.get(cell) ?? 0) + weight);
        }
        const sums = new Map<number, number>();
        for (const [cell, weight] of third) {
          b.add(cell, weight);
          sums.set(cell, (sums.get(cell) ?? 0) + weight);
        }
        a.addAll(b);
        for (const [cell, weight] of sums) twin.set(cell, (twin.get(cell) ?? 0) + weight);
        expect(a.cells.map((cell) => [cell, a.weight(cell)])).toEqual([...twin]);
        expect(a.weight(10_000)).toBe(0);
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});
