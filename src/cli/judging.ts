import type { ExperimentOptions, Until } from '../index.ts';
import type { CompareArguments } from './options.ts';
import { shareOf } from './share-of.ts';
import { UsageError } from './usage-error.ts';

/** What the command line says of verdicts and of how many replications there are. */
export async function judgingOptions(given: CompareArguments): Promise<Pick<ExperimentOptions, 'judging' | 'until' | 'atMost'>> {
  const { metricsNamed } = await import('../index.ts');
  if (given.until !== undefined && given.replications !== undefined)
    throw new UsageError('--until finds the number of replications that --replications gives: choose one of them');
  if (given.until === undefined && given['at-most'] !== undefined) throw new UsageError('--at-most is about --until, which is not given');
  return {
    judging: {
      ...(given.margin !== undefined && { margin: await shareOf('margin', given.margin) }),
      ...(given.metrics !== undefined && {
        metrics: metricsNamed(given.metrics.flatMap((names) => names.split(',')).map((name) => name.trim())),
      }),
    },
    until: given.until && (await Promise.all(given.until.map(untilOf))),
    atMost: given['at-most'],
  };
}

/** `[METRIC=]2%`. */
async function untilOf(text: string): Promise<Until> {
  const { metricsNamed } = await import('../index.ts');
  const [, name = 'cost', part = ''] = /^(?:([^=]*)=)?(.*)$/.exec(text) ?? [];
  const [metric = 'cost'] = metricsNamed([name]);
  const relative = await shareOf('until', part);
  if (relative === 0) throw new UsageError(`--until: read "${text}": nothing that is random is known to 0 % of itself`);
  return { metric, relative };
}
