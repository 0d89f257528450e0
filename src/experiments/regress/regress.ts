import { mean } from '../../stats/summary.ts';
import { type Parting, partingOf } from '../decision-log.ts';
import { judge, type Judgement, marginOf, type Paired } from '../judgement.ts';
import type { Metric } from '../metric.ts';
import { type Baseline, sameDecisions } from './baseline.ts';
import { type Change, changes } from './changes.ts';
import type { Broken, CaseRecord, Measured, RunRecord } from './measure.ts';
import type { Speed } from './speed.ts';
import type { Suite, Tolerance } from './suite.ts';

/** How a strategy's runs are not what they were. */
export interface Behaviour {
  /** Replications that are not the same in every number. */
  readonly changed: readonly number[];
  readonly replications: number;
  /** Where decisions part, in the first replication of which that is known in words, else in hashes; undefined where all decide the same. */
  readonly parting: (Parting & { readonly replication: number }) | undefined;
  /** Where nothing is decided otherwise: of the first replication in which numbers differ, the one that moved most; undefined where none does, and only events come in another order. */
  readonly number: NumberMoved | undefined;
}

/** Numbers of a replication that are not the same. */
export interface NumberMoved {
  readonly replication: number;
  /** How many differ. */
  readonly count: number;
  /** The one that moved most, as part of its size. */
  readonly metric: Metric;
  readonly before: number | undefined;
  readonly now: number | undefined;
}

/** One metric of one strategy in one scenario, now and before. */
export interface Moved extends Paired {
  readonly case: string;
  readonly strategy: string;
  readonly metric: Metric;
  readonly before: number;
  readonly now: number;
  /** Replications in which the metric applies only before or only now: then nothing can be said. */
  readonly unpaired: number;
  readonly judgement: Judgement;
}

export interface StrategyRegression {
  readonly strategy: string;
  /** Undefined: the same in every run. */
  readonly behaviour: Behaviour | undefined;
  readonly metrics: readonly Moved[];
}

export interface CaseRegression {
  readonly name: string;
  /** In the suite's file; undefined for one that only the baseline has. */
  readonly line: number | undefined;
  /** Strategies that only the suite has now, and those that only the baseline has: of them nothing is said. */
  readonly added: readonly string[];
  readonly left: readonly string[];
  /** Strategies that broke off: of them nothing else is said. */
  readonly broken: readonly Broken[];
  /** Why there is no verdict; undefined where there is one. */
  readonly incomparable: string | undefined;
  /** Whether the scenario is not the baseline’s any more; where its words are: a default, a recording, or how fenshi reads it, has changed. */
  readonly another: boolean;
  /** Its values that differ, defaults included, but for those of strategies that are not compared. */
  readonly changes: readonly Change[];
  readonly strategies: readonly StrategyRegression[];
}

export interface Regression {
  readonly suite: Suite;
  readonly baseline: Pick<Baseline, 'folder' | 'version'>;
  readonly cases: readonly CaseRegression[];
  /** Where it was asked for. */
  readonly speed: Speed | undefined;
  readonly verdict: Outcome;
}

/** `passed`; `failed`: a strategy broke off, behaviour has changed or a metric is worse; `undecided`: a scenario or a metric could not be judged. */
export type Outcome = 'passed' | 'failed' | 'undecided';

/** Compares what a suite's runs did with its baseline: all metrics of all its scenarios are one family of verdicts. */
export function regressionOf(
  suite: Suite,
  lines: ReadonlyMap<string, number>,
  { cases, broken }: Pick<Measured, 'cases' | 'broken'>,
  baseline: Baseline,
  speed?: Speed,
): Regression {
  const paired = cases.map((now) => {
    const before = baseline.cases.find(({ name }) => name === now.name);
    const off = broken.filter((each) => each.case === now.name);
    const isBroken = (label: string): boolean => off.some(({ strategy }) => strategy === label);
    const [was, is] = [labelsOf(before), labelsOf(now)].map((labels) => labels.filter((label) => !isBroken(label))) as [string[], string[]];
    const shared = is.filter((label) => was.includes(label));
    const changed = before === undefined ? [] : changes(before.resolved, now.resolved).filter(({ path }) => !isOfOther(path, shared));
    const only = { added: is.filter((label) => !was.includes(label)), left: was.filter((label) => !is.includes(label)) };
    const none = shared.length === 0 && off.length === 0;
    return { now, before, changed, shared, off, ...only, incomparable: incomparable(before, now, changed, none) };
  });
  const pairings = paired.flatMap(({ now, before, shared, incomparable }) =>
    before === undefined || incomparable !== undefined ? [] : pairingsOf(now, before, shared, suite.metrics),
  );
  const judgements = judge(pairings.filter(({ unpaired }) => unpaired === 0));
  const compared = paired.map(({ now, before, changed, shared, off, added, left, incomparable }): CaseRegression => ({
    name: now.name,
    line: lines.get(now.name),
    added: incomparable === undefined ? added : [],
    left: incomparable === undefined ? left : [],
    broken: off,
    incomparable,
    another: before !== undefined && before.resolvedSha256 !== now.resolvedSha256 && before.sha256 === now.sha256,
    changes: changed,
    strategies: (incomparable === undefined ? shared : []).map((strategy) => ({
      strategy,
      behaviour: behaviourOf(runsOf(before, strategy), runsOf(now, strategy)),
      metrics: pairings
        .filter((each) => each.case === now.name && each.strategy === strategy)
        .map((each) => ({ ...each, judgement: judgements.get(each) ?? unjudged(each) })),
    })),
  }));
  const gone = baseline.cases.filter(({ name }) => !cases.some((each) => each.name === name));
  const all = [...compared, ...gone.map(({ name }): CaseRegression => ({ name, line: undefined, added: [], left: [], broken: [], incomparable: 'is in the baseline and no longer in the suite', another: false, changes: [], strategies: [] }))]; // prettier-ignore
  return { suite, baseline, cases: all, speed, verdict: outcomeOf(suite, all, speed) };
}

function outcomeOf({ behaviour, inconclusive }: Suite, cases: readonly CaseRegression[], speed: Speed | undefined): Outcome {
  const strategies = cases.flatMap((each) => each.strategies);
  const said = strategies.flatMap(({ metrics }) => metrics.map(({ judgement }) => judgement.said)).concat(speed?.judgement.said ?? []);
  if (behaviour === 'same' && strategies.some((each) => each.behaviour !== undefined)) return 'failed';
  if (said.some(isWorse) || cases.some(({ broken }) => broken.length > 0)) return 'failed';
  const undecided =
    cases.some(({ incomparable, added, left }) => incomparable !== undefined || added.length + left.length > 0) ||
    (inconclusive === 'fail' && said.includes('inconclusive'));
  return undecided ? 'undecided' : 'passed';
}

/** Whether a verdict fails the suite: where neither way is better, either is a change that nobody asked for. */
export const isWorse = (said: Judgement['said']): boolean => said === 'worse' || said === 'higher' || said === 'lower';

const labelsOf = (record: CaseRecord | undefined): readonly string[] => [...new Set(record?.runs.map(({ strategy }) => strategy))];
const runsOf = (record: CaseRecord | undefined, label: string): readonly RunRecord[] =>
  record?.runs.filter(({ strategy }) => strategy === label) ?? [];

/** Whether a value is one of a strategy that is not compared. */
const isOfOther = (path: string, compared: readonly string[]): boolean =>
  path.startsWith('strategies.') && !compared.some((label) => path === `strategies.${label}` || path.startsWith(`strategies.${label}.`));

function incomparable(before: CaseRecord | undefined, now: CaseRecord, changed: readonly Change[], none: boolean): string | undefined {
  if (before === undefined) return 'is not in the baseline';
  if (none) return 'has no strategy that the baseline has';
  return before.sha256 !== now.sha256 && changed.length > 0
    ? 'is another scenario than the baseline’s: its files, or what the suite sets in it, were changed'
    : undefined;
}

function behaviourOf(before: readonly RunRecord[], now: readonly RunRecord[]): Behaviour | undefined {
  const pairs = now.flatMap((run) => {
    const was = before.find(({ replication }) => replication === run.replication);
    return was === undefined ? [] : [{ was, is: run, replication: run.replication }];
  });
  const changed = pairs.filter(({ was, is }) => was.fingerprint !== is.fingerprint || !sameDecisions(was.decisions, is.decisions) || differing(was, is).length > 0); // prettier-ignore
  if (changed.length === 0) return undefined;
  const parted = changed.find(({ was, is }) => !sameDecisions(was.decisions, is.decisions));
  const found = parted && partingOf(parted.was.decisions, parted.is.decisions);
  const parting = parted && found && { ...found, replication: parted.replication };
  const moved = parting === undefined ? changed.find(({ was, is }) => differing(was, is).length > 0) : undefined;
  return {
    changed: changed.map(({ replication }) => replication),
    replications: pairs.length,
    parting,
    number: moved && movedMost(moved.was, moved.is),
  };
}

/** Metrics that are not the same. */
function differing({ values: was }: RunRecord, { values: is }: RunRecord): readonly Metric[] {
  const names = new Set([...Object.keys(is), ...Object.keys(was)]) as ReadonlySet<Metric>;
  return [...names].filter((metric) => was[metric] !== is[metric]);
}

function movedMost(was: RunRecord, is: RunRecord): NumberMoved {
  const moves = differing(was, is).map((metric) => {
    const [before, now] = [was.values[metric], is.values[metric]];
    const share = before === undefined || now === undefined ? Infinity : Math.abs(now - before) / Math.max(Math.abs(now), Math.abs(before));
    return { metric, before, now, share };
  });
  const { metric, before, now } = moves.reduce((most, each) => (each.share > most.share ? each : most));
  return { replication: is.replication, count: moves.length, metric, before, now };
}

const unjudged = ({ margin }: Paired): Judgement => ({ said: 'inconclusive', margin, test: undefined, outlier: undefined });

type Pairing = Omit<Moved, 'judgement'>;

function pairingsOf(now: CaseRecord, before: CaseRecord, labels: readonly string[], metrics: readonly Tolerance[]): readonly Pairing[] {
  return labels.flatMap((strategy) => {
    const [was, is] = [runsOf(before, strategy), runsOf(now, strategy)];
    return metrics.flatMap(({ metric, margin, better }): Pairing[] => {
      const pairs = is.flatMap(({ replication, values }) => {
        const old = was.find((run) => run.replication === replication)?.values[metric];
        const value = values[metric];
        return old === undefined || value === undefined ? [] : [{ replication, old, value }];
      });
      const applies = (runs: readonly RunRecord[]): number => runs.filter(({ values }) => values[metric] !== undefined).length;
      const unpaired = applies(was) + applies(is) - 2 * pairs.length;
      if (pairs.length + unpaired === 0) return [];
      const meanOf = (values: readonly number[]): number => (values.length === 0 ? 0 : mean(values));
      const mean0 = meanOf(pairs.map(({ old }) => old));
      return [
        {
          case: now.name,
          strategy,
          metric,
          before: mean0,
          now: meanOf(pairs.map(({ value }) => value)),
          unpaired,
          replications: pairs.map(({ replication }) => replication),
          differences: pairs.map(({ old, value }) => value - old),
          margin: 'share' in margin ? marginOf(margin.share, mean0) : margin.amount,
          better,
          scale: 0,
        },
      ];
    });
  });
}
