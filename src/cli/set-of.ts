import type { RunArguments } from './options.ts';

/** All that the command line changes of the scenario, in its order. */
export const setOf = (given: Pick<RunArguments, 'set' | 'seed' | 'replications' | 'detail'>): readonly string[] => [
  ...(given.set ?? []),
  ...flag('seed', given.seed),
  ...flag('replications', given.replications),
  ...flag('results.detail', given.detail),
];

const flag = (path: string, value: string | number | undefined): string[] => (value === undefined ? [] : [`${path}=${String(value)}`]);
