import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { guarded } from '../../output/partial-file.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { ExperimentOptions } from '../experiment.ts';
import { brokenChecks } from '../explain.ts';
import { runAll } from '../run-all.ts';
import type { RunTask } from '../run-task.ts';
import { CellStore, removeLeftovers } from './cells.ts';
import type { Shard } from './shard.ts';
import { type Cell, cellAt, cellName, planText, readSweepPlan, setOfPoint, type SweepPlan, writeSweepPlan } from './sweep-plan.ts';

export interface SweepOptions extends Pick<ExperimentOptions, 'jobs' | 'plugins' | 'set' | 'command' | 'signal' | 'onProgress'> {
  readonly out: string;
  readonly shard: Shard;
}

/** What came of a sweep, or of a shard of it. */
export interface Sweep {
  readonly plan: SweepPlan;
  /** Cells of the shard: all, and those that were there before. */
  readonly cells: number;
  readonly before: number;
  /** Cells that were damaged and have been run again. */
  readonly damaged: readonly string[];
  /** Cells without a result because their run failed: which, and the error. */
  readonly failed: readonly { readonly cell: string; readonly error: Error }[];
  /** Checks that did not hold; and cells whose run gave something else than before. */
  readonly broken: readonly string[];
  readonly interrupted: boolean;
}

/** Whether a folder can be a sweep's: empty, not there, or a sweep's already. An {@link InputError} where it is not, or where it holds another plan and only a shard of this one is to be run. */
function claim(out: string, plan: SweepPlan, { of }: Shard): void {
  const before = readSweepPlan(out);
  if (before === undefined && existsSync(out)) {
    const names = readdir(out);
    if (names === undefined) throw new InputError(`${out} exists and is not a folder that can be read; choose another with --out`);
    // A process that was killed while it wrote the plan, or one that is writing it, has left no more than that.
    if (names.some((name) => !/^\.plan\.json\..*\.partial$/.test(name)))
      throw new InputError(`${out} exists and is not a sweep's; choose another folder with --out, or remove it`);
  }
  const same = before !== undefined && planText(before) === planText(plan);
  if (before !== undefined && !same && of > 1) throw new InputError(`${out} holds another plan (scenario, axes, strategies, plug-ins or version of fenshi differ): shards of one plan belong into one folder; choose another with --out`); // prettier-ignore
  if (same) return;
  guarded(out, () => {
    mkdirSync(resolve(out), { recursive: true });
    removeLeftovers(out);
  });
  writeSweepPlan(out, plan);
}

function readdir(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

/** Runs the cells of a shard that are not there yet, each into a file of its own; `read` gives the scenario with `--set` arguments of a point. A cell whose run fails costs the others nothing. */
export async function sweep(plan: SweepPlan, read: (set: readonly string[]) => Scenario, options: SweepOptions): Promise<Sweep> {
  const { out, shard, set = [], plugins = [], command = 'fenshi' } = options;
  claim(out, plan, shard);
  const store = new CellStore(out, true);
  const mine = plan.keys.flatMap((_, index) => (index % shard.of === shard.index ? [index] : []));
  const damaged: string[] = [];
  const missing = mine.filter((index) => {
    const cell = cellAt(plan, index);
    const found = store.read(cell.key);
    if (found === 'damaged') {
      damaged.push(cellName(plan.paths, cell));
      store.remove(cell.key);
    }
    return found === undefined || found === 'damaged';
  });

  const places = new WeakMap<RunTask, number>();
  const placeOf = (task: RunTask): number => places.get(task) as number;
  const cellOf = (task: RunTask): Cell => cellAt(plan, missing[placeOf(task)] as number);
  let last: { readonly point: readonly string[]; readonly scenario: Scenario } | undefined;
  const tasks = {
    length: missing.length,
    at: (place: number): RunTask => {
      const { point, strategy, replication } = cellAt(plan, missing[place] as number);
      if (last?.point !== point) {
        const scenario = read(setOfPoint(plan.paths, point));
        last = { point, scenario: { ...scenario, results: { ...scenario.results, detail: 'none' } } };
      }
      const task: RunTask = { scenario: last.scenario, label: strategy, replication, folder: undefined };
      places.set(task, place);
      return task;
    },
  };
  const given = (task: RunTask) => ({ command, file: task.scenario.file, set: [...set, ...setOfPoint(plan.paths, cellOf(task).point)], plugins }); // prettier-ignore
  // By place, so that what is told does not depend on which came first in time.
  const failed = new Map<number, Sweep['failed'][number]>();
  const broken = new Map<number, readonly string[]>();
  let done = 0;
  await runAll(tasks, {
    ...options,
    given,
    keep: false,
    onOutcome: ({ result }, task) => {
      const cell = cellOf(task);
      const failures = brokenChecks(result, given(task));
      const { seed, events, fingerprint, summary } = result;
      const other = store.keep({ key: cell.key, seed, events, fingerprint, failures, rows: summary });
      const twice = other === undefined ? [] : [`${cellName(plan.paths, cell)} was run twice and gave two results: ${other} is the second`];
      broken.set(placeOf(task), [...failures, ...twice]);
      done++;
    },
    onFailure: (task, error) => {
      failed.set(placeOf(task), { cell: cellName(plan.paths, cellOf(task)), error });
      done++;
    },
  });
  return {
    plan,
    cells: mine.length,
    before: mine.length - missing.length,
    damaged,
    failed: missing.flatMap((_, place) => failed.get(place) ?? []),
    broken: missing.flatMap((_, place) => broken.get(place) ?? []),
    interrupted: done < missing.length,
  };
}
