import { describe, expect, it } from 'vitest';
import { type Fault, type PoolOptions, runPool } from '../../src/experiments/pool.ts';
import { hasEnded, SpareWorkers } from '../../src/experiments/spare-workers.ts';
import type { FakeTask } from './fake-worker.ts';

type Options = PoolOptions<FakeTask, unknown>;

/** Runs the tasks on fake workers; faults become errors that show them. */
const run = (tasks: readonly FakeTask[], options: Partial<Options> = {}): Promise<readonly unknown[]> =>
  runPool<FakeTask, unknown>({
    module: new URL('./fake-worker.ts', import.meta.url),
    shared: { offset: 100 },
    tasks,
    jobs: 2,
    fresh: false,
    decisionSeconds: 5,
    explain: (task, fault) => new Error(`${task.does} ${show(fault)}`),
    ...options,
  });

function show(fault: Fault): string {
  const at = `at ${String(fault.at)}`;
  return fault.kind === 'slow'
    ? `slow ${at}`
    : fault.kind === 'died'
      ? `died ${at}: ${fault.why}`
      : `threw ${at}: ${fault.error.family}: ${fault.error.message}`;
}

const answer = (value: number, waitMs = 0): FakeTask => ({ does: 'answer', value, waitMs });

describe('the worker pool', () => {
  it('returns results in the order of the tasks, not of their ends, with any number of workers', async () => {
    const tasks = [answer(1, 80), answer(2), answer(3, 40), answer(4), answer(5)];
    for (const jobs of [1, 2, 9]) expect(await run(tasks, { jobs })).toEqual([101, 102, 103, 104, 105]);
    expect(await run([])).toEqual([]);
  });

  it('keeps a worker for several tasks, or takes a fresh one for each', async () => {
    const count: FakeTask = { does: 'count' };
    expect(await run([count, count, count], { jobs: 1 })).toEqual([1, 2, 3]);
    expect(await run([count, count, count], { jobs: 1, fresh: true })).toEqual([1, 1, 1]);
  });

  it('leaves workers to the next pool, but those that are asked to stop, have ended or are fresh for each task', async () => {
    const count: FakeTask = { does: 'count' };
    const spare = new SpareWorkers();
    const once = (options: Partial<Options> = {}) => run([count], { jobs: 1, spare, ...options });
    expect([await once(), await once(), await once()]).toEqual([[1], [2], [3]]);
    expect(await once({ fresh: true })).toEqual([1]);
    expect(await once()).toEqual([4]);
    await expect(run([{ does: 'die' }], { jobs: 1, spare })).rejects.toThrow('died');
    expect(await once()).toEqual([1]);
    const stop = new AbortController();
    const interrupted = run([count, { does: 'answer', value: 1, waitMs: 500 }], { jobs: 1, spare, signal: stop.signal, onResult: () => { stop.abort(); } }); // prettier-ignore
    expect(await interrupted).toEqual([2, undefined]);
    expect(await once()).toEqual([1]);
    const left = spare.take();
    if (left) spare.keep(left);
    await spare.end();
    expect(left && hasEnded(left)).toBe(true);
    expect(spare.take()).toBeUndefined();
  });

  it('reports the first failure in the order of the tasks, whichever comes first in time', async () => {
    const tasks: FakeTask[] = [answer(1), { does: 'throw', value: 1, waitMs: 300 }, { does: 'throw', value: 2 }, answer(4)];
    await expect(run(tasks, { jobs: 3 })).rejects.toThrow('broken 1');
    await expect(run(tasks, { jobs: 1 })).rejects.toThrow('broken 1');
  });

  it('goes on past failures where somebody is told of them, and stops where a result cannot be taken', async () => {
    const told: string[] = [];
    const tasks: FakeTask[] = [answer(1), { does: 'throw', value: 1 }, answer(3), { does: 'throw', value: 2 }, answer(5)];
    const onFailure = (task: FakeTask, error: Error): void => void told.push(`${task.does}: ${error.message}`);
    expect(await run(tasks, { jobs: 1, onFailure })).toEqual([101, undefined, 103, undefined, 105]);
    expect(told).toEqual(['throw: throw threw at undefined: other: broken 1', 'throw: throw threw at undefined: other: broken 2']);
    expect(await run(tasks, { jobs: 2, onFailure, keep: false })).toEqual(tasks.map(() => undefined));
    told.length = 0;
    const taken: unknown[] = [];
    const many = Array.from({ length: 20 }, (_, i) => answer(i, 20));
    const onResult = (result: unknown): void => {
      taken.push(result);
      throw new Error('full');
    };
    await expect(run(many, { jobs: 2, onFailure, onResult })).rejects.toThrow('full');
    const before = taken.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([told, taken.length, before < 3]).toEqual([[], before, true]);
  });

  it("tells a plug-in's error from any other, and one inside a decision from one outside", async () => {
    await expect(run([{ does: 'plugin-throw' }])).rejects.toThrow('plugin-throw threw at undefined: plugin: mine is broken');
    await expect(run([{ does: 'throw', value: 9 }])).rejects.toThrow('threw at undefined: other: broken 9');
    await expect(run([{ does: 'throw-in-decision' }])).rejects.toThrow('threw at 7000000: other: undefined is not a function');
  });

  it('ends a worker whose strategy decides too long, and names the simulated time', async () => {
    await expect(run([answer(1), { does: 'slow-decision' }, answer(3)], { decisionSeconds: 0.3 })).rejects.toThrow(
      'slow-decision slow at 42000000',
    );
  });

  it('notices a worker that dies', async () => {
    await expect(run([answer(1), { does: 'die' }])).rejects.toThrow('die died at undefined: ended by itself with code 3');
  });

  it('reports what hinders every worker from starting', async () => {
    await expect(run([answer(1), answer(2)], { shared: { offset: 0, broken: true } })).rejects.toThrow('plugin: mine.ts: cannot be loaded');
    await expect(run([answer(1)], { module: new URL('./no-such-worker.ts', import.meta.url) })).rejects.toThrow(/died.*no-such-worker/s);
  });

  it('stops the tasks under way and begins no other when it is interrupted', async () => {
    const interrupt = new AbortController();
    const finished: unknown[] = [];
    const results = await run([answer(1), { does: 'until-stopped' }, { does: 'until-stopped' }, answer(4)], {
      signal: interrupt.signal,
      onResult: (result) => {
        finished.push(result);
        if (result === 101) setTimeout(() => interrupt.abort(), 50);
      },
    });
    expect(results).toEqual([101, 'stopped', 'stopped', undefined]);
    expect(finished).toEqual([101, 'stopped', 'stopped']);
  });
});
