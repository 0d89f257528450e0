import { availableParallelism, freemem } from 'node:os';

/** Memory that a run of a usual scenario takes, with its worker. */
const perWorker = 500e6;

/** Workers at a time unless somebody says otherwise: one per core, fewer where memory is short. No result depends on it. */
export const defaultJobs = (cores = availableParallelism(), freeBytes = free()): number =>
  Math.max(1, Math.min(cores, Math.floor(freeBytes / perWorker)));

/** What can be had without swapping; a container's limit counts. Older versions of Node only know what nobody uses. */
function free(): number {
  const available = (process as { readonly availableMemory?: () => number }).availableMemory;
  return available === undefined ? freemem() : available();
}
