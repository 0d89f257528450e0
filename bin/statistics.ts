/**
 * How far intervals and verdicts can be trusted, asked of systems whose truth is known. Seeds are fixed here, before anything is run. Writes the parts of docs/statistics.md
 * that are named, or all of them: about an hour and a half on two cores, most of it for the longest replications.
 *
 *     npm run statistics -- [coverage-40000] [coverage-10000] [coverage-1000] [stopping] [alarms] [regress]
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { mean } from '../src/stats/summary.ts';
import { placeAll } from '../src/stats/verdict.ts';
import { type Coverage, coverageOf, queues, replicate, replications, stopping } from './interval-coverage.ts';
import { looked, regressErrors, seeds, slower } from './regress-errors.ts';
import type { Stationary } from './stationary-queue.ts';

/** First seeds of the blocks, by requests of a replication. */
const blocks = {
  40000: [110_000_000, 120_000_000, 130_000_000],
  10000: [30_000_000, 40_000_000, 50_000_000],
  1000: [1_000_000, 2_000_000, 3_000_000],
} as const;
const requestsOfShort = 1000;
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
          return replicate(queues[metric % queues.length] as Stationary, 1, requestsOfShort, seed).mean;
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

/** Of every queue, in a process of its own: to be asked with `--queue <place> <requests>`. */
async function coverage(requests: keyof typeof blocks): Promise<string> {
  const itself = [...process.execArgv, fileURLToPath(import.meta.url)];
  const answers = await Promise.all(
    queues.map((_, place) => promisify(execFile)(process.execPath, [...itself, '--queue', String(place), String(requests)])),
  );
  const rows = answers.flatMap(({ stdout }, place) =>
    (JSON.parse(stdout) as Coverage[]).map((each) => ({ queue: queues[place] as Stationary, ...each })),
  );
  const all = rows.flatMap(({ shares }) => shares);
  const outside = all.filter((share) => share < region[0] || share > region[1]).length;
  return `Replications of ${String(requests)} requests:

| queue | estimand | truth, service times | ${blocks[requests].map((first) => `seeds from ${String(first)}`).join(' | ')} |
|---|---|---:|${blocks[requests].map(() => '---:').join('|')}|
${rows.map(({ queue, what, truth, shares }) => `| ${queue.name} | ${what} | ${truth.toPrecision(5)} | ${shares.map(percent).join(' | ')} |`).join('\n')}

${String(all.length - outside)} of ${String(all.length)} lie in ${percent(region[0])} to ${percent(region[1])}; their mean is ${percent(mean(all))}.`;
}

function stops(): string {
  const rows = queues.flatMap((queue) =>
    [0.05, 0.1].map((relative) => ({ queue, relative, ...stopping(queue, relative, requestsOfShort) })),
  );
  return `Replications of ${String(requestsOfShort)} requests.

| queue | half-width asked for | replications taken, mean | holds the truth |
|---|---:|---:|---:|
${rows.map(({ queue, relative, share, taken }) => `| ${queue.name} | ${percent(relative)} | ${taken.toFixed(1)} | ${percent(share)} |`).join('\n')}`;
}

function alarms(): string {
  return `Two sets of seeds of the same queues, ${String(metrics)} differences of ${String(replications)} pairs in a family; how many of ${String(ofNothing)} families say of anything that it is better or worse. 18 is the 99 % bound for 5 %.

| margin | ${nullBlocks.map((first) => `seeds from ${String(first)}`).join(' | ')} |
|---:|---:|---:|---:|
${falseAlarms()
  .map((counts, k) => `| ${percent(margins[k] as number)} | ${counts.join(' | ')} |`)
  .join('\n')}`;
}

async function regress(): Promise<string> {
  const errors = await regressErrors(ofNothing, ofLonger);
  return `- **No change**: baseline and candidate have seeds that neither shares with the other (with equal seeds an unchanged version is the same in every bit). Of ${String(ofNothing)} studies (seeds from ${String(seeds.nothing)}, ${errors.judged.toFixed(1)} verdicts each) ${String(errors.failed)} fail; in ${String(errors.said)} anything is said to be better or worse. 18 is the 99 % bound for 5 %.
- **Service times ${String(Math.round(100 * (slower - 1)))} % longer**, equal seeds and pods: of ${String(ofLonger)} studies (seeds from ${String(seeds.longer)}) ${looked.map((metric) => `${String(errors.worse[metric])} say that \`${metric}\` is worse`).join(', ')}.`;
}

const parts: Readonly<Record<string, () => string | Promise<string>>> = {
  'coverage-40000': () => coverage(40000),
  'coverage-10000': () => coverage(10000),
  'coverage-1000': () => coverage(1000),
  stopping: stops,
  alarms,
  regress,
};

const page = new URL('../docs/statistics.md', import.meta.url);
const [first, ...rest] = process.argv.slice(2);
if (first === '--queue') {
  const [place, requests] = rest.map(Number) as [number, keyof typeof blocks];
  process.stdout.write(JSON.stringify(coverageOf(queues[place] as Stationary, requests, blocks[requests])));
} else
  for (const name of first === undefined ? Object.keys(parts) : [first, ...rest]) {
    const part = parts[name];
    if (part === undefined) throw new Error(`no part ${name}; there are ${Object.keys(parts).join(', ')}`);
    const text = await part();
    const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
    const old = readFileSync(page, 'utf8');
    const [from, to] = [old.indexOf(begin) + begin.length, old.indexOf(end)];
    if (from < begin.length || to < from) throw new Error(`docs/statistics.md has no lines ${begin} and ${end}`);
    writeFileSync(page, `${old.slice(0, from)}\n\n${text}\n\n${old.slice(to)}`);
  }
