import { InputError } from '../../base/errors.ts';

/** Which part of a sweep's cells: those whose place, from 0, leaves `index` when divided by `of`. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

export const wholeSweep: Shard = { index: 0, of: 1 };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `3/7`: the third of seven. `auto`: the place in a Slurm array (SLURM_ARRAY_TASK_ID, _COUNT, _MIN); `auto/7`: that or the place in a Kubernetes Indexed Job
 * (JOB_COMPLETION_INDEX, from 0), which does not say how many there are. Throws an {@link InputError}.
 */
export function parseShard(text: string, environment: Environment): Shard {
  const fail = (why: string): never => {
    throw new InputError(`--shard: read "${text}": ${why}`);
  };
  const match = /^(auto|\d{1,7})(?:\/(\d{1,7}))?$/.exec(text);
  if (match === null) return fail('expected such as 3/7, auto or auto/7');
  const [, place = '', count] = match;
  if (place !== 'auto') {
    if (count === undefined) return fail(`expected ${place}/N, of how many`);
    return within(Number(place) - 1, Number(count), fail);
  }
  const number = (name: string): number | undefined => {
    const given = environment[name];
    if (given === undefined) return undefined;
    return /^\d{1,7}$/.test(given) ? Number(given) : fail(`${name} is "${given}"`);
  };
  const [id, tasks, from] = [number('SLURM_ARRAY_TASK_ID'), number('SLURM_ARRAY_TASK_COUNT'), number('SLURM_ARRAY_TASK_MIN') ?? 0];
  const of = count === undefined ? tasks : Number(count);
  if (id !== undefined) return of === undefined ? fail('SLURM_ARRAY_TASK_COUNT is not there: say auto/N') : within(id - from, of, fail);
  const completion = number('JOB_COMPLETION_INDEX');
  if (completion === undefined) return fail('neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is there');
  return of === undefined ? fail('JOB_COMPLETION_INDEX does not say of how many: say auto/N') : within(completion, of, fail);
}

function within(index: number, of: number, fail: (why: string) => never): Shard {
  return index >= 0 && index < of ? { index, of } : fail(`there is no ${String(index + 1)} of ${String(of)}`);
}
