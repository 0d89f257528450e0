import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { BenchError } from './bench-error.ts';
import { betweenMarkers } from './between-markers.ts';
import { findings } from './findings.ts';
import { machine } from './machine.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { planned } from './plan.ts';
import { measured } from './rounds.ts';
import { root, sampled } from './sampled.ts';
import { asMarkdown, findingsTable, measuredTable, onScreen } from './tables.ts';
import { BenchUsageError } from './usage-error.ts';

const document = join(root, 'docs', 'performance.md');

/** Carries out one command line and returns the exit code. The tables go to stdout, progress and complaints to stderr. */
export async function bench(args: readonly string[]): Promise<number> {
  try {
    const options = await readOptions(args);
    if (typeof options === 'string') process.stdout.write(`${options}\n`);
    else measure(options);
    return 0;
  } catch (error) {
    if (error instanceof BenchUsageError) {
      say(`${error.message}\nnpm run bench -- --help shows what it takes`);
      return 2;
    }
    say(error instanceof BenchError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 70;
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function measure({ only, rounds, scale, write }: BenchOptions): void {
  if (write) checkDocument();
  const [began, loadBefore] = [new Date(), load()];
  const measurements = planned(only, scale);
  const all = measured(measurements, rounds, (measurement, round) => {
    const what = `round ${String(round + 1)}: ${measurement.group}, ${measurement.name}`;
    if (process.stderr.isTTY) process.stderr.write(`${what} …`);
    const sample = sampled(measurement);
    say(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${what}: ${sample.cpuSeconds.toFixed(2)} CPU s, ${sample.peakMiB.toFixed(0)} MiB`);
    return sample;
  });
  const facts = [
    ...machine(),
    `${began.toISOString().slice(0, 16)}Z; load average ${loadBefore} at the start, ${load()} at the end; ${rounds === 1 ? 'one round' : `best of ${String(rounds)} rounds`}${scale === 1 ? '' : `; sizes divided by ${String(scale)}`}`,
  ];
  const found = findings(all, scale);
  const tables = [measuredTable(all), ...(found.length === 0 ? [] : [findingsTable(found)])];
  process.stdout.write([facts.join('\n'), ...tables.map(onScreen), ''].join('\n\n').trimEnd() + '\n');
  if (!write) return;
  const text = [facts.map((fact) => `- ${fact}`).join('\n'), ...tables.map(asMarkdown)].join('\n\n');
  writeFileSync(document, betweenMarkers(readFileSync(document, 'utf8'), text));
  say('written to docs/performance.md');
}

/** Not after half an hour. */
function checkDocument(): void {
  betweenMarkers(readFileSync(document, 'utf8'), '');
  try {
    accessSync(document, constants.W_OK);
  } catch {
    throw new BenchError('docs/performance.md cannot be written; --no-write leaves it as it is');
  }
}

/** Over the last minute, and over five. */
function load(): string {
  return loadavg()
    .slice(0, 2)
    .map((each) => each.toFixed(2))
    .join(' (1 min), ')
    .concat(' (5 min)');
}
