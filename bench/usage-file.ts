import { BenchError } from './bench-error.ts';

/** Environment variable that names the file for {@link Usage}. */
export const usageFile = 'FENSHI_BENCH_USAGE';

/** What a process has used from its start to its end. */
export interface Usage {
  /** User and system. */
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

export function parseUsage(text: string): Usage {
  const usage = parsed(text) as Partial<Usage> | undefined;
  if (!isAmount(usage?.cpuSeconds) || !isAmount(usage.peakMiB))
    throw new BenchError(`expected CPU seconds and MiB, read ${text.slice(0, 80)}`);
  return { cpuSeconds: usage.cpuSeconds, peakMiB: usage.peakMiB };
}

/** What a kernel prints: what it did in the time that counts, and what came out. */
export interface KernelResult {
  readonly work: number;
  /** Of the work alone, without start and preparation. */
  readonly cpuSeconds: number;
  readonly hash: string;
  readonly note?: string | undefined;
}

export function parseKernelResult(text: string): KernelResult {
  const result = parsed(text) as Partial<KernelResult> | undefined;
  if (!isAmount(result?.work) || !isAmount(result.cpuSeconds) || typeof result.hash !== 'string')
    throw new BenchError(`expected a kernel's result, read ${text.slice(0, 80)}`);
  return { work: result.work, cpuSeconds: result.cpuSeconds, hash: result.hash, note: result.note };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isAmount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
