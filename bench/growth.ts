import type { Measurement } from './measurement.ts';
import { fullFile, type Size, sized, strategy, whole } from './sized.ts';

/** One scenario at growing sizes. */
export interface Series {
  readonly of: string;
  readonly points: readonly Point[];
}

interface Point {
  /** In whatever grows. */
  readonly size: number;
  readonly measurement: Measurement;
}

export const fullName = 'double11-full';
export const startName = 'start-up';

/** A whole process that runs `double11-full` at a size. */
export const full = (size: Size = whole, name = fullName, group: Measurement['group'] = 'full'): Measurement => ({
  name,
  group,
  job: { kind: 'run', words: [fullFile, '--strategy', strategy, '--jobs', '1', ...sized(size).flatMap((set) => ['--set', set])] },
  unit: 'events',
});

/** What every run pays: a process that runs two apps for some minutes. */
export const startUp: Measurement = {
  name: startName,
  group: 'growth',
  job: { kind: 'run', words: ['scenarios/tiny.yaml', '--strategy', 'time-share', '--jobs', '1'] },
  unit: 'events',
};

/** Of each family, in small sizes: a tenth of its apps. */
const fewCopies = (scale: number): number => Math.max(1, Math.round(10 / scale));

/** The scenario at a tenth, of which one thing grows to three and ten times; what stands in two series is measured once. `scale` divides everything. */
export function growth(scale: number): readonly Series[] {
  const tenth = { nodes: 0.1 / scale, pods: 0.1 / scale };
  const copies = fewCopies(scale);
  const point = (size: number, of: Size, text: string): Point => ({ size, measurement: full(of, `a tenth, ${text}`, 'growth') });
  const base: Point = { size: 1, measurement: full(tenth, 'a tenth', 'growth') };
  const times = [1, 3, 10];
  return [
    {
      of: 'nodes, with pods and traffic',
      points: [
        base,
        point(3, { nodes: 3 * tenth.nodes, pods: 3 * tenth.pods }, '3 × nodes, pods and traffic'),
        { size: 10, measurement: full({ nodes: 1 / scale, pods: 1 / scale }) },
      ],
    },
    { of: 'nodes alone', points: [base, point(10, { ...tenth, nodes: 10 * tenth.nodes }, '10 × nodes alone')] },
    {
      of: 'apps, at the same traffic',
      points: times.map((n) => point(n, { ...tenth, copies: n * copies }, `${String(2 * n * copies)} apps`)),
    },
    {
      of: 'days alike',
      points: times.map((n) =>
        point(n, { ...tenth, copies, days: n }, `${String(2 * copies)} apps, ${n === 1 ? 'one day' : String(n) + ' days alike'}`),
      ),
    },
  ].map((series) => ({
    ...series,
    points: series.points.map((each) => (isBase(each, base) ? { ...each, measurement: base.measurement } : each)),
  }));
}

const isBase = ({ measurement }: Point, base: Point): boolean => JSON.stringify(measurement.job) === JSON.stringify(base.measurement.job);
