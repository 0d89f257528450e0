import type { Row } from '../metrics/columns.ts';
import type { AppSpec } from '../scenario/scenario.ts';
import type { RunResult } from '../simulation/run.ts';
import { outlier } from '../stats/grubbs.ts';
import { studentQuantile } from '../stats/student.ts';
import { mean, sampleDeviation } from '../stats/summary.ts';

/** What an objective asks of an app (or, `room`, of the whole fleet), and what is known of it. */
export interface Checked {
  /** Name of the app; `all` of the fleet. */
  readonly app: string;
  /** Share of the first attempts that are served; p99 of the response time, ms; cores that found a node ÷ cores that the plan reserves. */
  readonly objective: 'success' | 'p99' | 'room';
  readonly required: number;
  /** Mean over the replications. */
  readonly mean: number;
  /** With the confidence asked for the mean is no worse than this. */
  readonly bound: number;
  /** The replication that lies too far out for a t bound, so that the worst one is the bound. */
  readonly outlier: number | undefined;
  readonly holds: boolean;
}

/** What is missed by no more than this part of it is missed by rounding. */
const rounding = 1e-12;

/** Fewer replications say nothing with confidence. */
export const fewestForObjectives = 5;

/**
 * Whether the objectives of all apps hold in the mean of the runs, all of them together with the `confidence`: each one's t bound at an error that is divided among
 * them (Bonferroni). Where one replication lies too far out for t (Grubbs), the worst replication is the bound. `room`: whether what the strategy plans found a node,
 * which is required only of whole fleets. At least {@link fewestForObjectives} runs of one strategy.
 */
export function checkObjectives(
  apps: readonly AppSpec[],
  runs: readonly RunResult[],
  confidence: number,
  whole: boolean,
): readonly Checked[] {
  const values = (app: string, column: string): readonly Known[] =>
    runs.flatMap(({ replication, summary }) => numberOf(summary.find((row) => row['app'] === app), column).map((value) => ({ replication, value }))); // prettier-ignore
  const asked = apps.flatMap(({ name, objective }): Asked[] => [
    { app: name, objective: 'success', required: objective.success, values: values(name, 'success_ratio') },
    { app: name, objective: 'p99', required: objective.p99 / 1000, values: values(name, 'response_p99_ms') },
  ]);
  const room = runs.flatMap(({ replication, planned, summary }) =>
    planned === undefined || planned.cores === 0
      ? []
      : numberOf(summary.at(-1), 'reserved_core_max').map((cores) => ({ replication, value: cores / planned.cores })),
  );
  if (whole) asked.push({ app: 'all', objective: 'room', required: 1, values: room });
  const error = (1 - confidence) / Math.max(1, 2 * apps.length);
  return asked
    .filter(({ values: known }) => known.length > 0)
    .map(({ app, objective, required, values: replications }) => {
      const known = replications.map(({ value }) => value);
      const far = outlier(known);
      const bound = boundOf(known, objective === 'p99' ? 1 : -1, far === undefined ? error : 'worst');
      return {
        app,
        objective,
        required,
        mean: mean(known),
        bound,
        outlier: far === undefined ? undefined : replications[far]?.replication,
        holds: objective === 'p99' ? bound <= required * (1 + rounding) : bound >= required * (1 - rounding),
      };
    });
}

interface Asked extends Pick<Checked, 'app' | 'objective' | 'required'> {
  readonly values: readonly Known[];
}

interface Known {
  readonly replication: number;
  readonly value: number;
}

/** What the mean is no larger than (`way` 1), or no smaller than (−1), but with probability `error`; or the worst value. */
function boundOf(values: readonly number[], way: 1 | -1, error: number | 'worst'): number {
  if (error === 'worst') return way === 1 ? Math.max(...values) : Math.min(...values);
  const deviation = sampleDeviation(values) ?? 0;
  return mean(values) + (way * studentQuantile(1 - error, values.length - 1) * deviation) / Math.sqrt(values.length);
}

/** The one that is missed most comes first: before all those that are missed in the mean, at last the room that is there, which has no reserve to tell. */
export function byNeed(a: Checked, b: Checked): number {
  const rank = (checked: Checked): number => (isMissedInTheMean(checked) ? 0 : checked.holds && checked.objective === 'room' ? 2 : 1);
  return rank(a) - rank(b) || missedBy(b) - missedBy(a);
}

export const isMissedInTheMean = ({ objective, required, mean: found }: Checked): boolean =>
  objective === 'p99' ? found > required * (1 + rounding) : found < required * (1 - rounding);

/** How far an objective is missed, as a part of what it allows to go wrong; below 0 where it holds. Of several the largest is the worst. */
export function missedBy({ objective, required, bound }: Checked): number {
  if (objective === 'p99') return bound / required - 1;
  return objective === 'room' || required === 1 ? required - bound : (required - bound) / (1 - required);
}

function numberOf(row: Row | undefined, column: string): readonly number[] {
  const cell = row?.[column];
  return typeof cell === 'number' ? [cell] : [];
}
