import type { ExperimentOptions } from '../index.ts';
import type { CompareArguments } from './options.ts';
import { UsageError } from './usage-error.ts';

/** What the command line says of verdicts and of how many replications there are. */
export async function judgingOptions(given: CompareArguments): Promise<Pick<ExperimentOptions, 'judging' | 'until' | 'atMost'>> {
  const { metricsNamed, parseShare } = await import('../index.ts');
  const share = (option: string, text: string): number => {
    const parsed = parseShare(text);
    if (typeof parsed !== 'number') throw new UsageError(`--${option}: read "${text}": ${parsed.error}`);
    return parsed;
  };
  if (given.until !== undefined && given.replications !== undefined)
    throw new UsageError('--until finds the number of replications that --replications gives: choose one of them');
  if (given.until === undefined && given['at-most'] !== undefined) throw new UsageError('--at-most is about --until, which is not given');
  return {
    judging: {
      ...(given.margin !== undefined && { margin: share('margin', given.margin) }),
      ...(given.metrics !== undefined && {
        metrics: metricsNamed(given.metrics.flatMap((names) => names.split(',')).map((name) => name.trim())),
      }),
    },
    until: given.until?.map((text) => {
      const [, name = 'cost', part = ''] = /^(?:([^=]*)=)?(.*)$/.exec(text) ?? [];
      const [metric = 'cost'] = metricsNamed([name]);
      const relative = share('until', part);
      if (relative === 0) throw new UsageError(`--until: read "${text}": nothing that is random is known to 0 % of itself`);
      return { metric, relative };
    }),
    atMost: given['at-most'],
  };
}
