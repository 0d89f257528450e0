/**
 * How far intervals and verdicts can be trusted, asked of systems whose truth is known. Seeds are fixed here, before anything is run. Writes docs/statistics.md; about half an
 * hour on two cores.
 *
 *     npm run statistics
 */
import { writeFileSync } from 'node:fs';
import { mean } from '../src/stats/summary.ts';
import { placeAll } from '../src/stats/verdict.ts';
import { coverageOf, forTruth, queues, replicate, replications, stopping, studies } from './interval-coverage.ts';
import { type Stationary } from './stationary-queue.ts';
import { looked, regressErrors, seeds, slower as slowerBy } from './regress-errors.ts';

/** Requests of a replication, and first seeds of the blocks. */
const long = { requests: 10_000, blocks: [30_000_000, 40_000_000, 50_000_000] } as const;
const short = { requests: 1000, blocks: [1_000_000, 2_000_000, 3_000_000] } as const;
/** 99 % of binomial counts of 1,000 at 95 % lie in here. */
const region = [0.931, 0.967] as const;
/** Studies without any difference, and of a known one. */
const [ofNothing, ofLonger] = [200, 100];
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Largest changes that count as none. */
const margins = [0, 0.01] as const;
/** First seeds of the blocks of studies without any difference. */
const nullBlocks = [5_000_000, 6_000_000, 7_000_000] as const;
const metrics = 20;

/** Of {@link ofNothing} studies without any difference (two disjoint sets of seeds of the same queues) in each block: how often any of the verdicts says that something is better or worse, margin by margin. */
function falseAlarms(): readonly (readonly number[])[] {
  const each = nullBlocks.map((first) => {
    const alarms = margins.map(() => 0);
    for (let study = 0; study < ofNothing; study++) {
      // Metric k of both halves: means of the same queue, under other seeds.
      const half = (which: number, metric: number): readonly number[] =>
        Array.from({ length: replications }, (_, i) => {
          const seed = first + ((2 * study + which) * metrics + metric) * replications + i;
          return replicate(queues[metric % queues.length] as Stationary, 1, short.requests, seed).mean;
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

interface Table {
  readonly text: string;
  readonly outside: number;
  readonly of: number;
}

function coverageTable({ requests, blocks }: typeof long | typeof short): Table {
  const rows = queues.flatMap((queue) => coverageOf(queue, requests, blocks).map((each) => ({ queue, ...each })));
  const all = rows.flatMap(({ shares }) => shares);
  return {
    text: `| queue | estimand | truth, service times | ${blocks.map((first) => `seeds from ${String(first)}`).join(' | ')} |
|---|---|---:|${blocks.map(() => '---:').join('|')}|
${rows.map(({ queue, what, truth, shares }) => `| ${queue.name} | ${what} | ${truth.toPrecision(5)} | ${shares.map(percent).join(' | ')} |`).join('\n')}`,
    outside: all.filter((share) => share < region[0] || share > region[1]).length,
    of: all.length,
  };
}

const within = ({ outside, of }: Table): string =>
  `${String(of - outside)} of ${String(of)} lie in ${percent(region[0])} to ${percent(region[1])}`;

const errors = await regressErrors(ofNothing, ofLonger);
const [longs, shorts] = [coverageTable(long), coverageTable(short)];
const stops = queues.flatMap((queue) => [0.05, 0.1].map((relative) => ({ queue, relative, ...stopping(queue, relative, short.requests) })));
const alarms = falseAlarms();

writeFileSync(
  new URL('../docs/statistics.md', import.meta.url),
  `# How far intervals and verdicts can be trusted

Made by \`npm run statistics\` (\`bin/statistics.ts\`). Queues begin in their steady state, so that the expected mean of any number of their requests is known (Erlang C, Pollaczek–Khinchine).
A study is ${String(replications)} replications at ρ = 0.7; a block is ${String(studies)} studies. Seeds were fixed before any was run.

## Coverage of nominal 95 % intervals

Replications of ${String(long.requests)} requests:

${longs.text}

${within(longs)}, where 99 of 100 would lie if all were exact. The p99 is the mean of the sample quantiles (R-7) of single replications, its truth the mean over ${String(forTruth)} other replications. Replications of ${String(short.requests)} requests, which at this load is about 30 times as long as a queue remembers:

${shorts.text}

${within(shorts)}; what lies below is skewed: outcomes of replications as short as these are not normal, and a t interval of ${String(replications)} of them is a little too narrow.

## Intervals at which \`--until\` stops

Replications of ${String(short.requests)} requests.

| queue | half-width asked for | replications taken, mean | holds the truth |
|---|---:|---:|---:|
${stops.map(({ queue, relative, share, taken }) => `| ${queue.name} | ${percent(relative)} | ${taken.toFixed(1)} | ${percent(share)} |`).join('\n')}

## False alarms of verdicts

Two sets of seeds of the same queues, ${String(metrics)} differences of ${String(replications)} pairs in a family; how many of ${String(ofNothing)} families say of anything that it is better or worse. 18 is the 99 % bound for 5 %.

| margin | ${nullBlocks.map((first) => `seeds from ${String(first)}`).join(' | ')} |
|---:|---:|---:|---:|
${alarms.map((counts, k) => `| ${percent(margins[k] as number)} | ${counts.join(' | ')} |`).join('\n')}

## \`regress\`: false alarms, and what it sees

\`bin/regress-errors.yaml\`, two strategies under noise, request by request; every column of \`summary.csv\` is judged at a margin of 1 % of the baseline's mean, ${String(replications)} replications a run, all verdicts one family.

- **No change**: baseline and candidate have seeds that neither shares with the other (with equal seeds an unchanged version is the same in every bit). Of ${String(ofNothing)} studies (seeds from ${String(seeds.nothing)}, ${errors.judged.toFixed(1)} verdicts each) ${String(errors.failed)} fail; in ${String(errors.said)} anything is said to be better or worse. 18 is the 99 % bound for 5 %.
- **Service times ${String(Math.round(100 * (slowerBy - 1)))} % longer**, equal seeds and pods: of ${String(ofLonger)} studies (seeds from ${String(seeds.longer)}) ${looked.map((metric) => `${String(errors.worse[metric])} say that \`${metric}\` is worse`).join(', ')}.
`,
);
