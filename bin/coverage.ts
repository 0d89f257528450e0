/**
 * How often intervals hold the truth: of queues that begin in their steady state, so that what is expected is known, a thousand studies of twenty replications in each of
 * three blocks of seeds that were fixed beforehand. Writes docs/statistics.md; a minute or two.
 *
 *     npm run coverage
 */
import { writeFileSync } from 'node:fs';
import { quantileSorted } from 'd3-array';
import { Streams, type Uniform } from '../src/random/streams.ts';
import { confidenceInterval, type Interval, pairedDifference } from '../src/stats/interval.ts';
import { isPrecise, looks } from '../src/stats/sequential.ts';
import { mean } from '../src/stats/summary.ts';
import { placeAll } from '../src/stats/verdict.ts';
import { meanSojourn, sojourns, type Stationary } from './stationary-queue.ts';

const queues: readonly Stationary[] = [
  { name: 'M/M/1', servers: 1, rho: 0.7, service: 'exponential' },
  { name: 'M/M/4', servers: 4, rho: 0.7, service: 'exponential' },
  { name: 'M/D/1', servers: 1, rho: 0.7, service: 'deterministic' },
];
/** First seeds of the blocks. */
const blocks = [1_000_000, 2_000_000, 3_000_000] as const;
const studies = 1000;
const replications = 20;
const requests = 1000;
/** Service times of the second system of a pair. */
const slower = 1.05;
/** Replications from which the expected p99 of one is known: four times as many as a block has. */
const forTruth = 4 * studies * replications;
/** 99 % of binomial counts of 1,000 at 95 % lie in here. */
const region = [0.931, 0.967] as const;

interface Replication {
  readonly mean: number;
  readonly p99: number;
}

/** One replication of a queue, with service times of `by`; the same seed draws the same for every `by`. */
function replicate(queue: Stationary, by: number, seed: number): Replication {
  const streams = new Streams(seed);
  const stream = (purpose: string): Uniform => streams.stream(`coverage/${queue.name}/${purpose}`);
  const passed = sojourns(queue, by, requests, { begin: stream('begin'), gaps: stream('gaps'), services: stream('services') });
  return { mean: passed.reduce((sum, each) => sum + each, 0) / requests, p99: quantileSorted(Array.from(passed.sort()), 0.99) as number };
}

const covers = ({ mean: centre, halfWidth = Infinity }: Interval, truth: number): boolean => Math.abs(centre - truth) <= halfWidth;

/** Shares of studies whose interval holds the truth, block by block. */
interface Coverage {
  readonly what: string;
  readonly truth: number;
  readonly shares: readonly number[];
}

function coverageOf(queue: Stationary): readonly Coverage[] {
  const p99 = mean(Array.from({ length: forTruth }, (_, i) => replicate(queue, 1, 10_000_000 + i).p99));
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
      const [own, other] = [1, slower].map((by) => seeds.map((seed) => replicate(queue, by, seed)));
      const intervals = [
        confidenceInterval((own as Replication[]).map((each) => each.mean)),
        confidenceInterval((own as Replication[]).map((each) => each.p99)),
        pairedDifference(
          (other as Replication[]).map((each) => each.mean),
          (own as Replication[]).map((each) => each.mean),
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

/** Shares of studies that stop at a relative half-width and hold the truth, and how many replications they took. */
function stopping(queue: Stationary, relative: number): { readonly share: number; readonly taken: number } {
  const truth = meanSojourn(queue);
  let [held, taken] = [0, 0];
  for (let study = 0; study < studies; study++) {
    const values: number[] = [];
    for (const look of looks(200)) {
      while (values.length < look) values.push(replicate(queue, 1, 4_000_000 + study * 200 + values.length).mean);
      if (isPrecise(values, relative)) break;
    }
    taken += values.length;
    if (covers(confidenceInterval(values), truth)) held++;
  }
  return { share: held / studies, taken: taken / studies };
}

/** Largest changes that count as none. */
const margins = [0, 0.01] as const;
/** First seeds of the blocks of studies without any difference. */
const nullBlocks = [5_000_000, 6_000_000, 7_000_000] as const;
const metrics = 20;

/** Of 200 studies without any difference (two disjoint sets of seeds of the same queues) in each block: how often any of the verdicts says that something is better or worse, margin by margin. */
function falseAlarms(): readonly (readonly number[])[] {
  const each = nullBlocks.map((first) => {
    const alarms = margins.map(() => 0);
    for (let study = 0; study < 200; study++) {
      // Metric k of both halves: means of the same queue, under other seeds.
      const half = (which: number, metric: number): readonly number[] =>
        Array.from({ length: replications }, (_, i) => {
          const seed = first + ((2 * study + which) * metrics + metric) * replications + i;
          return replicate(queues[metric % queues.length] as Stationary, 1, seed).mean;
        });
      const pairs = Array.from({ length: metrics }, (_, metric) => ({ before: half(0, metric), after: half(1, metric) }));
      margins.forEach((margin, k) => {
        const family = pairs.map(({ before, after }) => ({
          differences: after.map((value, i) => value - (before[i] as number)),
          margin: margin * mean(before),
        }));
        if (placeAll(family, 0.95).some(({ place }) => place === 'above' || place === 'below')) alarms[k] = (alarms[k] as number) + 1;
      });
    }
    return alarms;
  });
  return margins.map((_, k) => each.map((alarms) => alarms[k] as number));
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const rows = queues.flatMap((queue) => coverageOf(queue).map((each) => ({ queue, ...each })));
const outside = rows.flatMap(({ shares }) => shares).filter((share) => share < region[0] || share > region[1]).length;
const stops = queues.flatMap((queue) => [0.05, 0.1].map((relative) => ({ queue, relative, ...stopping(queue, relative) })));
const alarms = falseAlarms();

writeFileSync(
  new URL('../docs/statistics.md', import.meta.url),
  `# How far intervals and verdicts can be trusted

Made by \`npm run coverage\` (\`bin/coverage.ts\`). Queues begin in their steady state, so that the expected mean of any number of their requests is known (Erlang C, Pollaczek–Khinchine).
A study is ${String(replications)} replications of ${String(requests)} requests each at ρ = 0.7; a block is ${String(studies)} studies. Seeds of the blocks were fixed before any was run: ${blocks.join(', ')} and on.

## Coverage of nominal 95 % intervals

| queue | estimand | truth, service times | ${blocks.map((first) => `seeds from ${String(first)}`).join(' | ')} |
|---|---|---:|${blocks.map(() => '---:').join('|')}|
${rows.map(({ queue, what, truth, shares }) => `| ${queue.name} | ${what} | ${truth.toPrecision(5)} | ${shares.map(percent).join(' | ')} |`).join('\n')}

${String(rows.length * blocks.length - outside)} of ${String(rows.length * blocks.length)} lie in ${percent(region[0])} to ${percent(region[1])}, where 99 of 100 would lie if all were exact; what lies below is skewed: replications as short as these are, where long ones are not. The p99 is the mean of the sample quantiles (R-7) of single replications, its truth the mean over ${String(forTruth)} other replications.

## Intervals at which \`--until\` stops

| queue | half-width asked for | replications taken, mean | holds the truth |
|---|---:|---:|---:|
${stops.map(({ queue, relative, share, taken }) => `| ${queue.name} | ${percent(relative)} | ${taken.toFixed(1)} | ${percent(share)} |`).join('\n')}

## False alarms of verdicts

Two sets of seeds of the same queues, ${String(metrics)} differences of ${String(replications)} pairs in a family; how many of 200 families say of anything that it is better or worse. 18 is the 99 % bound for 5 %.

| margin | ${nullBlocks.map((first) => `seeds from ${String(first)}`).join(' | ')} |
|---:|---:|---:|---:|
${alarms.map((counts, k) => `| ${percent(margins[k] as number)} | ${counts.join(' | ')} |`).join('\n')}
`,
);
