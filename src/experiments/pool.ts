import { type Time, time } from '../base/units.ts';
import { Heartbeat } from './heartbeat.ts';
import type { PlainError } from './run-error.ts';
import { hasEnded, type Spare, type SpareWorkers } from './spare-workers.ts';
import { spawn } from './spawn.ts';
import type { Answer, WorkerStart } from './worker-port.ts';

/** What can go wrong with a task. `at`: the simulated time of the strategy's call that had not returned. */
export type Fault =
  | { readonly kind: 'slow'; readonly at: Time; readonly seconds: number }
  | { readonly kind: 'died'; readonly at: Time | undefined; readonly why: string }
  | { readonly kind: 'threw'; readonly at: Time | undefined; readonly error: PlainError };

/** Tasks by their place, each asked for once. */
export type TaskList<Task> = Pick<readonly Task[], 'length' | 'at'>;

export interface PoolOptions<Task, Result> {
  /** A module that calls `serve`. */
  readonly module: URL;
  /** Plain data for every worker. */
  readonly shared: unknown;
  /** An array, or what makes each task when its turn has come. */
  readonly tasks: TaskList<Task>;
  /** Workers at a time; results do not depend on it. */
  readonly jobs: number;
  /** A worker for each task, so that no state of a module outlives it. */
  readonly fresh: boolean;
  /** Where workers come from and go to that have nothing to do, unless they are fresh for each task; absent: they are started and ended. */
  readonly spare?: SpareWorkers | undefined;
  /** Longest wall-clock time that one call into a strategy may take. */
  readonly decisionSeconds: number;
  /** The error to end with. */
  readonly explain: (task: Task, fault: Fault) => Error;
  readonly signal?: AbortSignal | undefined;
  readonly onResult?: ((result: Result, task: Task) => void) | undefined;
  /** Whether results are also returned, all together; default: true. */
  readonly keep?: boolean | undefined;
  /** Told of each task that fails, and the others go on; absent: the first failure ends it all. */
  readonly onFailure?: ((task: Task, error: Error) => void) | undefined;
  /** After each result and from time to time: how far the tasks under way are, in simulated time. */
  readonly onReached?: ((reached: readonly { readonly task: Task; readonly at: Time }[]) => void) | undefined;
}

/**
 * Runs the tasks on workers and returns their results in the order of the tasks; those not begun when `signal` aborts are undefined, those under way are asked to stop.
 * The first task in order that fails ends it all with `explain`'s error: later ones are terminated, earlier ones run to their end, so that the error is the same with any number of workers.
 */
export async function runPool<Task, Result>(options: PoolOptions<Task, Result>): Promise<readonly (Result | undefined)[]> {
  const { tasks, signal } = options;
  const results = new Array<Result | undefined>(tasks.length).fill(undefined);
  const lanes = Array.from({ length: Math.max(1, Math.min(options.jobs, tasks.length)) }, () => new Lane<Task, Result>(options));
  let next = 0;
  /** Whether it is all over: what ends a worker then is no failure of its task. */
  let over = false;
  const isOver = (): boolean => over;
  /** The last one is the first in the order of the tasks. */
  const failures: { readonly index: number; readonly error: Error }[] = [];

  const look = (): void =>
    options.onReached?.(lanes.flatMap(({ task, reached }) => (task === undefined ? [] : [{ task: task.task, at: reached }])));
  const work = async (lane: Lane<Task, Result>): Promise<void> => {
    while (!isOver() && next < tasks.length && failures.length === 0 && signal?.aborted !== true) {
      const index = next++;
      const task = tasks.at(index) as Task;
      let result: Result;
      try {
        result = await lane.run(task, index);
      } catch (error) {
        if (isOver()) return;
        if (options.onFailure) {
          options.onFailure(task, error as Error);
          continue;
        }
        if (index > (failures.at(-1)?.index ?? Infinity)) return;
        failures.push({ index, error: error as Error });
        await Promise.all(lanes.filter((other) => (other.task?.index ?? -1) > index).map((other) => other.end()));
        return;
      }
      if (options.keep !== false) results[index] = result;
      options.onResult?.(result, task);
      look();
    }
  };
  const stop = (): void => {
    for (const lane of lanes) lane.stop();
  };
  signal?.addEventListener('abort', stop);
  const looking = setInterval(look, reachedMs);
  try {
    await Promise.all(lanes.map(work));
  } finally {
    over = true;
    clearInterval(looking);
    signal?.removeEventListener('abort', stop);
    await Promise.all(lanes.map((lane) => lane.leave()));
  }
  const failure = failures.at(-1);
  if (failure) throw failure.error;
  return results;
}

/** How often the supervisor looks at a worker's heartbeat: for decisions that last, and to tell how far all are. */
const watchMs = 100;
const reachedMs = 500;

/** One worker at a time, and the task it has. */
class Lane<Task, Result> {
  readonly #options: PoolOptions<Task, Result>;
  #own: Spare | undefined;
  /** The task under way. */
  task: { readonly task: Task; readonly index: number } | undefined;

  constructor(options: PoolOptions<Task, Result>) {
    this.#options = options;
  }

  async run(task: Task, index: number): Promise<Result> {
    this.task = { task, index };
    try {
      return await this.#ask(task);
    } catch (fault) {
      await this.end();
      throw fault instanceof Error ? fault : this.#options.explain(task, fault as Fault);
    } finally {
      this.task = undefined;
      if (this.#options.fresh) await this.end();
    }
  }

  stop(): void {
    this.#own?.heartbeat.stop();
  }

  get reached(): Time {
    return this.#own?.heartbeat.reached ?? time(0);
  }

  /** Leaves the worker to others where it has nothing to do and may have. */
  async leave(): Promise<void> {
    const { spare, signal, fresh } = this.#options;
    if (spare === undefined || fresh || signal?.aborted === true || this.task !== undefined || this.#own === undefined) return this.end();
    spare.keep(this.#own);
    this.#own = undefined;
  }

  async end(): Promise<void> {
    const own = this.#own;
    this.#own = undefined;
    await own?.worker.terminate();
  }

  /** Rejects with a {@link Fault}, or with an Error where the worker could not be started. */
  #ask(task: Task): Promise<Result> {
    const { fresh, spare } = this.#options;
    if (this.#own === undefined || hasEnded(this.#own)) this.#own = (fresh ? undefined : spare?.take()) ?? this.#start();
    const { worker, heartbeat } = this.#own;
    if (this.#options.signal?.aborted === true) heartbeat.stop();
    heartbeat.reached = time(0);
    return new Promise<Result>((resolve, reject) => {
      const watch = setInterval(watcher(heartbeat, this.#options.decisionSeconds, settle), watchMs);
      const onMessage = (answer: Answer<Result>): void => {
        settle('result' in answer ? answer : { kind: 'threw', at: heartbeat.decision?.at, error: answer.error });
      };
      const onError = (error: unknown): void => {
        settle({ kind: 'died', at: heartbeat.decision?.at, why: causeOfDeath(error) });
      };
      const onExit = (code: number): void => {
        settle({ kind: 'died', at: heartbeat.decision?.at, why: `ended by itself with code ${String(code)}` });
      };
      function settle(outcome: Fault | { readonly result: Result }): void {
        clearInterval(watch);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        if ('result' in outcome) resolve(outcome.result);
        // A fault is explained where the task is known.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        else reject(outcome);
      }
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(task);
    });
  }

  #start(): Spare {
    const heartbeat = new Heartbeat();
    const workerData: WorkerStart = { shared: this.#options.shared, heartbeat: heartbeat.buffer };
    const worker = spawn(this.#options.module, { workerData });
    // A worker may also die between two tasks: the next task gets another one. Without any listener an error then would end the whole process.
    worker.on('error', () => undefined);
    return { worker, heartbeat };
  }
}

/** Looks whether one call into the strategy lasts too long, counted from when it was first seen. */
function watcher(heartbeat: Heartbeat, seconds: number, settle: (fault: Fault) => void): () => void {
  let seen = -1;
  let since = 0;
  return () => {
    const decision = heartbeat.decision;
    if (decision && decision.number === seen) {
      if (performance.now() - since > seconds * 1000) settle({ kind: 'slow', at: decision.at, seconds });
      return;
    }
    seen = decision?.number ?? -1;
    since = performance.now();
  };
}

export const outOfMemory = 'ran out of memory';

function causeOfDeath(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory : error.message;
}
