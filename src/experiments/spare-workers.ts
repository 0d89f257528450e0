import type { Worker } from 'node:worker_threads';
import type { Heartbeat } from './heartbeat.ts';

/** A worker that has been started, and where its decisions are seen. */
export interface Spare {
  readonly worker: Worker;
  readonly heartbeat: Heartbeat;
}

/** Threads that have ended have no number. */
export const hasEnded = ({ worker }: Spare): boolean => worker.threadId === -1;

/** Workers that wait between one pool and the next of the same module and plug-ins: what they have loaded and compiled took a second or more of CPU time each. */
export class SpareWorkers {
  readonly #waiting: Spare[] = [];

  take(): Spare | undefined {
    for (let spare = this.#waiting.pop(); spare !== undefined; spare = this.#waiting.pop()) if (!hasEnded(spare)) return spare;
    return undefined;
  }

  keep(spare: Spare): void {
    this.#waiting.push(spare);
  }

  async end(): Promise<void> {
    await Promise.all(this.#waiting.splice(0).map(({ worker }) => worker.terminate()));
  }
}
