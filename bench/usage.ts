import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { type Usage, usageFile } from './usage-file.ts';

/**
 * Preloaded into a measured process: at its end it writes what the whole process has used, threads of workers, compiler and garbage collector included.
 * Workers inherit the preload; only the main thread writes.
 */
const file = process.env[usageFile];
if (isMainThread && file !== undefined)
  process.once('exit', () => {
    const { user, system } = process.cpuUsage();
    const usage: Usage = { cpuSeconds: (user + system) / 1e6, peakMiB: peakKiB() / 1024 };
    writeFileSync(file, JSON.stringify(usage));
  });

/** The largest resident set. What the kernel gives as `maxRSS` begins with that of the process that started this one; Linux also knows this one's own. */
function peakKiB(): number {
  try {
    const own = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (own !== undefined) return Number(own);
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS;
}
