import { full, growth, startUp } from './growth.ts';
import type { Group, Measurement } from './measurement.ts';
import { fullFile, sized, strategy } from './sized.ts';

/** What the chosen groups measure, each thing once, in the order of its rounds. `scale` divides the sizes of all that is large. */
export function planned(chosen: readonly Group[], scale: number): readonly Measurement[] {
  const byName = new Map(chosen.flatMap((group) => plans[group](scale)).map((measurement) => [measurement.name, measurement]));
  return [...byName.values()];
}

const share = (of: number, scale: number): number => Math.max(100, Math.round(of / scale));

/** Names of what {@link findings} compares. */
export const placed = (label: string, finder: string): string => `${label}, ${finder}`;
export const replications = (jobs: number): string => `8 replications, ${String(jobs)} ${jobs === 1 ? 'worker' : 'workers'}`;
export const singleRequests = { twin: 'single requests, M/M/4 at 100 pods', bare: 'their variates alone' } as const;
export const placedStrategies = ['time-share', 'static-peak'] as const;

const plans: Readonly<Record<Group, (scale: number) => readonly Measurement[]>> = {
  hold: (scale) =>
    [
      { pending: 100, operations: 5e6 },
      { pending: 10_000, operations: 3e6 },
      { pending: share(1e6, scale), operations: 2e6 },
    ].map(({ pending, operations }) => ({
      name: `${pending.toLocaleString('en')} pending`,
      group: 'hold',
      job: { kind: 'kernel', kernel: 'hold', words: [String(pending), String(share(operations, scale))] },
      unit: 'operations',
    })),
  engine: (scale) => [
    {
      name: '10,000 that come back',
      group: 'engine',
      job: { kind: 'kernel', kernel: 'ticking', words: ['10000', String(share(3e6, scale))] },
      unit: 'events',
    },
    { name: 'M/M/10', group: 'engine', job: { kind: 'kernel', kernel: 'mmc', words: ['10', String(share(1e6, scale))] }, unit: 'events' },
  ],
  requests: (scale) =>
    (['twin', 'bare'] as const).map((how) => ({
      name: singleRequests[how],
      group: 'requests',
      job: { kind: 'kernel', kernel: 'requests', words: [how, String(share(4e6, scale))] },
      unit: 'requests',
    })),
  placement: (scale) =>
    placedStrategies.flatMap((label) =>
      ['index', 'plain scan'].map((finder): Measurement => ({
        name: placed(label, finder),
        group: 'placement',
        job: { kind: 'kernel', kernel: 'placement', words: [finder, fullFile, label, ...sized({ nodes: 1 / scale, pods: 1 / scale })] },
        unit: 'pods',
        subject: `placement of ${label}`,
        // It takes about a minute; the second time because a busy machine has doubled that.
        ...(finder === 'index' ? {} : { rounds: 2 }),
      })),
    ),
  full: (scale) => [full({ nodes: 1 / scale, pods: 1 / scale })],
  growth: (scale) => [startUp, ...growth(scale).flatMap(({ points }) => points.map(({ measurement }) => measurement))],
  jobs: (scale) =>
    [1, 2].map((jobs) => ({
      name: replications(jobs),
      group: 'jobs',
      job: {
        kind: 'run',
        words: [
          ...[fullFile, '--strategy', strategy, '--replications', '8', '--jobs', String(jobs)],
          ...sized({ nodes: 1 / scale, pods: 1 / scale }).flatMap((set) => ['--set', set]),
        ],
      },
      unit: 'events',
      subject: '8 replications',
      best: 'wall',
      // They take five minutes, each far longer than the compiler needs to warm up: few workers are to be compared, not their starts.
      rounds: 1,
    })),
  csv: (scale) => [
    { name: 'rows of apps.csv', group: 'csv', job: { kind: 'kernel', kernel: 'csv', words: [String(share(5e5, scale))] }, unit: 'rows' },
  ],
};
