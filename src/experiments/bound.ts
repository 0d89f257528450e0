import { defined } from '../base/assert.ts';
import { time } from '../base/units.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { demandOf, streamsOf } from '../simulation/demand.ts';
import { LinearProgram } from './linear-program.ts';

/** What is decided for so long together: the intervals of the bound, µs. */
const step = 60e6;

/** Apps whose requests cost the same CPU and may be served equally late: to the bound they are one. */
interface Work {
  /** Core seconds of a request. */
  readonly cpu: number;
  /** From the arrival of a request to the last moment at which it may be served, s. */
  readonly patience: number;
  /** Requests that come in each interval, and those of them that may still be served after it. */
  readonly arrivals: { all: number; late: number }[];
}

/** By replication, what it costs at least; of those of which that is not known, nothing. */
export type Bounds = ReadonlyMap<number, number>;

/** The bounds of the first `count` replications; none where {@link lowerBound} is undefined. */
export async function boundsOf(scenario: Scenario, count: number): Promise<Bounds> {
  const bounds = new Map<number, number>();
  for (let replication = 0; replication < count; replication++) {
    const bound = await lowerBound(scenario, replication);
    if (bound !== undefined) bounds.set(replication, bound);
  }
  return bounds;
}

/**
 * What a replication costs at least, whatever any strategy does: the cost of summary.csv where cores serve any app at once, whole requests or parts of them, from the moment on
 * at which they are reserved, and all traffic is known beforehand. Per interval k of a minute and kind of work c, with x(c, k, j) the core seconds that requests of k get j intervals later,
 *
 *     min  price.core · (owned: H · R;  held: Σ r(k) · Δ(k) + price.pod ÷ cores of the largest pod · Σ max(0, r(k) − r(k − 1)))
 *          + price.unserved · Σ (A(c, k) − Σ_j x(c, k, j) ÷ CPU of a request)
 *     with Σ_j x(c, k, j) ≤ A(c, k) · CPU of a request,  Σ_{c, j} x(c, k − j, j) ≤ r(k) · Δ(k),
 *          Σ_{j > 0} x(c, k, j) ≤ what comes of it within the last patience of k (time-outs, delays of retries),
 *          owned: r(k) ≤ R,  Σ_{j > 0} x(c, k, j) ≤ R · patience
 *
 * Undefined where HiGHS is not installed, and for single requests, whose numbers are drawn.
 */
export async function lowerBound(scenario: Scenario, replication: number): Promise<number | undefined> {
  return scenario.fidelity === 'fluid' ? programOf(scenario, replication).least() : undefined;
}

/** The linear program of {@link lowerBound}; what is not served is the whole of it less what is. */
export function programOf(scenario: Scenario, replication: number): LinearProgram {
  const { prices, horizon } = scenario;
  const starts = Array.from({ length: Math.ceil(horizon / step) }, (_, k) => k * step);
  const lengths = starts.map((from) => Math.min(step, horizon - from) / 1e6);
  const works = worksOf(scenario, replication, starts);
  const program = new LinearProgram();
  const corePrice = prices.coreHour / 3600;
  const owned = prices.basis === 'owned' ? program.variable((corePrice * horizon) / 1e6) : undefined;
  const reserved = starts.map((_, k) => owned ?? program.variable(corePrice * (lengths[k] as number)));
  if (owned === undefined) {
    // More than before has to be made, at the price of the pods that it takes at least.
    const largest = Math.max(...scenario.apps.map(({ pod }) => pod.cpu)) / 1000;
    for (let k = 1; k < reserved.length; k++) {
      const more = program.variable(prices.podCreated / largest);
      program.atMost(0, [[reserved[k] as number, 1], [reserved[k - 1] as number, -1], [more, -1]]); // prettier-ignore
    }
  }
  const used: (readonly [number, number])[][] = starts.map(() => []);
  for (const { cpu, patience, arrivals } of works)
    arrivals.forEach(({ all: requests, late }, k) => {
      if (requests === 0) return;
      program.constant += (requests * prices.unservedPer1000) / 1000;
      const served: (readonly [number, number])[] = [];
      for (let at = k; at <= k + Math.ceil((patience * 1e6) / step); at++) {
        const work = program.variable(-prices.unservedPer1000 / 1000 / cpu);
        served.push([work, 1]);
        used[at]?.push([work, 1]); // after the end cores cost nothing
      }
      program.atMost(requests * cpu, served);
      program.atMost(late * cpu, served.slice(1));
      if (owned !== undefined) program.atMost(0, [...served.slice(1), [owned, -patience]]);
    });
  used.forEach((terms, k) => {
    program.atMost(0, [...terms, [defined(reserved[k], 'an interval'), -(lengths[k] as number)]]);
  });
  return program;
}

function worksOf(scenario: Scenario, replication: number, starts: readonly number[]): readonly Work[] {
  const streams = streamsOf(scenario, replication);
  const works = new Map<string, Work>();
  for (const app of scenario.apps) {
    const { truth } = demandOf(app, scenario, streams);
    const { timeout, time: service } = app.service;
    const { tries, delay, resolution } = app.retry;
    // The last attempt begins so late, and may wait for the time-out.
    const patience = ((tries + 1) * timeout + tries * (delay + 2 * resolution)) / 1e6;
    const cpu = (service + app.sidecar.cpu) / 1e6;
    const key = `${String(cpu)} ${String(patience)}`;
    const work = works.get(key) ?? { cpu, patience, arrivals: starts.map(() => ({ all: 0, late: 0 })) };
    works.set(key, work);
    starts.forEach((from, k) => {
      const to = time(Math.min(scenario.horizon, from + step));
      const arrivals = defined(work.arrivals[k], 'an interval');
      arrivals.all += truth.integral(time(from), to);
      arrivals.late += truth.integral(time(Math.max(from, to - patience * 1e6)), to);
    });
  }
  return [...works.values()];
}
