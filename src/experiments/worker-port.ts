import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { InvariantError } from '../base/assert.ts';
import { Heartbeat } from './heartbeat.ts';
import { type PlainError, plainError } from './run-error.ts';

/** What a worker gets at its start. */
export interface WorkerStart {
  readonly shared: unknown;
  readonly heartbeat: SharedArrayBuffer;
}

/** A worker's answer to a task. */
export type Answer<Result = unknown> = { readonly result: Result } | { readonly error: PlainError };

/** Answers one task. Tasks are what the supervisor passed to the pool: structured clones keep no types. */
export type Work = (task: never, heartbeat: Heartbeat) => unknown;

/** The worker's side of the pool: prepares once from what all workers share, then answers each task with a result or an error. */
export function serve(prepare: (shared: never) => Promise<Work>): void {
  if (parentPort === null) throw new InvariantError('serve is for worker threads');
  const port = parentPort;
  printAtOnce();
  const start = workerData as WorkerStart;
  const heartbeat = new Heartbeat(start.heartbeat);
  const work = prepare(start.shared as never);
  work.catch(() => undefined); // The first task reports it.
  port.on('message', (task: unknown) => {
    void work
      .then((answer): Answer => ({ result: answer(task as never, heartbeat) }))
      .catch((error: unknown): Answer => ({ error: plainError(error) }))
      .then((answer) => {
        port.postMessage(answer);
      });
  });
}

/** What a strategy prints goes to stderr when it is printed: what Node passes on to the main thread is lost when the worker is ended before that thread has read it. */
function printAtOnce(): void {
  const write = (chunk: string | Uint8Array): boolean => {
    const bytes = Buffer.from(chunk as string);
    for (let at = 0; at < bytes.length;)
      try {
        at += writeSync(2, bytes, at);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error; // a full pipe: whoever reads it is slower
      }
    return true;
  };
  process.stdout.write = process.stderr.write = write;
}
