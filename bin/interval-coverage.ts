import { quantileSorted } from 'd3-array';
import { Streams, type Uniform } from '../src/random/streams.ts';
import { confidenceInterval, type Interval, pairedDifference } from '../src/stats/interval.ts';
import { isPrecise, looks } from '../src/stats/sequential.ts';
import { mean } from '../src/stats/summary.ts';
import { meanSojourn, sojourns, type Stationary } from './stationary-queue.ts';

export const queues: readonly Stationary[] = [
  { name: 'M/M/1', servers: 1, rho: 0.7, service: 'exponential' },
  { name: 'M/M/4', servers: 4, rho: 0.7, service: 'exponential' },
  { name: 'M/D/1', servers: 1, rho: 0.7, service: 'deterministic' },
];
export const studies = 1000;
export const replications = 20;
/** Service times of the second system of a pair. */
export const slower = 1.05;
/** Replications from which the expected p99 of one is known: its error is a thirtieth of that of a study. */
export const forTruth = studies * replications;

interface Replication {
  readonly mean: number;
  readonly p99: number;
}

/** One replication of a queue, with service times of `by`; the same seed draws the same for every `by`. */
export function replicate(queue: Stationary, by: number, requests: number, seed: number): Replication {
  const streams = new Streams(seed);
  const stream = (purpose: string): Uniform => streams.stream(`coverage/${queue.name}/${purpose}`);
  const passed = sojourns(queue, by, requests, { begin: stream('begin'), gaps: stream('gaps'), services: stream('services') });
  return {
    mean: passed.reduce((sum, each) => sum + each, 0) / requests,
    p99: quantileSorted(passed.sort() as unknown as number[], 0.99) as number,
  };
}

const covers = ({ mean: centre, halfWidth = Infinity }: Interval, truth: number): boolean => Math.abs(centre - truth) <= halfWidth;

/** Shares of studies whose interval holds the truth, block by block. */
export interface Coverage {
  readonly what: string;
  readonly truth: number;
  readonly shares: readonly number[];
}

/** Of a queue's mean, of the p99 of one replication of so many requests, and of a paired difference of means; `blocks`: first seeds. */
export function coverageOf(queue: Stationary, requests: number, blocks: readonly number[]): readonly Coverage[] {
  const p99 = mean(Array.from({ length: forTruth }, (_, i) => replicate(queue, 1, requests, 10_000_000 + i).p99));
  const truths = [
    { what: 'mean', truth: meanSojourn(queue) },
    { what: 'p99 of a replication', truth: p99 },
    {
      what: `paired difference of means, service times × ${String(slower)}`,
      truth: slower * meanSojourn({ ...queue, rho: queue.rho * slower }) - meanSojourn(queue),
    },
  ];
  const counts = blocks.map((first) => {
    const held = [0, 0, 0];
    for (let study = 0; study < studies; study++) {
      const seeds = Array.from({ length: replications }, (_, i) => first + study * replications + i);
      const own = seeds.map((seed) => replicate(queue, 1, requests, seed));
      const means = own.map((each) => each.mean);
      const intervals = [
        confidenceInterval(means),
        confidenceInterval(own.map((each) => each.p99)),
        pairedDifference(
          seeds.map((seed) => replicate(queue, slower, requests, seed).mean),
          means,
        ),
      ];
      intervals.forEach((interval, i) => {
        if (covers(interval, (truths[i] as { truth: number }).truth)) held[i] = (held[i] as number) + 1;
      });
    }
    return held;
  });
  return truths.map(({ what, truth }, i) => ({ what, truth, shares: counts.map((held) => (held[i] as number) / studies) }));
}

/** Shares of studies of replications of so many requests that stop at a relative half-width and hold the truth, and how many replications they took. */
export function stopping(queue: Stationary, relative: number, requests: number): { readonly share: number; readonly taken: number } {
  const truth = meanSojourn(queue);
  let [held, taken] = [0, 0];
  for (let study = 0; study < studies; study++) {
    const values: number[] = [];
    for (const look of looks(200)) {
      while (values.length < look) values.push(replicate(queue, 1, requests, 4_000_000 + study * 200 + values.length).mean);
      if (isPrecise(values, relative)) break;
    }
    taken += values.length;
    if (covers(confidenceInterval(values), truth)) held++;
  }
  return { share: held / studies, taken: taken / studies };
}
