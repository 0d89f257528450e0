import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resultContents } from '../bin/result-contents.ts';
import { BenchError } from './bench-error.ts';
import type { Measurement, Sample } from './measurement.ts';
import { parseKernelResult, parseUsage, usageFile } from './usage-file.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Does the work of a measurement once, in a process of its own that starts as `npm run fenshi` does. */
export function sampled({ name, job }: Measurement): Sample {
  const folder = mkdtempSync(join(tmpdir(), 'fenshi-bench-'));
  const [usage, results] = [join(folder, 'usage.json'), join(folder, 'results')];
  const words =
    job.kind === 'kernel'
      ? ['bench/kernel.ts', job.kernel, ...job.words]
      : ['src/cli/main.ts', 'run', ...job.words, '--quiet', '--out', results];
  try {
    const load = loadavg()[0] ?? 0;
    const begun = performance.now();
    const { status, signal, error, stdout, stderr } = spawnSync(
      process.execPath,
      ['--conditions=fenshi-src', '--import', 'tsx', '--import', './bench/usage.ts', ...words],
      { cwd: root, env: { ...process.env, [usageFile]: usage }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1e8 },
    );
    const wallSeconds = (performance.now() - begun) / 1000;
    if (status !== 0) throw new BenchError(`${name}: ended with ${error?.message ?? signal ?? `exit code ${String(status)}`}\n${stderr}`);
    const { cpuSeconds, peakMiB } = parseUsage(readFileSync(usage, 'utf8'));
    const common = { wallSeconds, peakMiB, load };
    return job.kind === 'kernel' ? { ...common, ...parseKernelResult(stdout) } : { ...common, cpuSeconds, ...runResult(results) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Events that the runs of a result folder executed, and a hash of all its files. */
function runResult(folder: string): { readonly work: number; readonly hash: string } {
  const hash = createHash('sha256');
  const contents = resultContents(folder);
  for (const [path, text] of contents) hash.update(`${path}\n${String(text.length)}\n${text}`, 'latin1');
  const { runs } = JSON.parse(contents.get('manifest.json') ?? '') as { readonly runs: readonly { readonly events: number }[] };
  return { work: runs.reduce((sum, { events }) => sum + events, 0), hash: hash.digest('hex') };
}
