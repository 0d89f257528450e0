import type { Change } from '../experiments/regress/changes.ts';
import { type Behaviour, type CaseRegression, isWorse, type Moved, type Regression } from '../experiments/regress/regress.ts';
import type { Judgement } from '../experiments/judgement.ts';
import type { Speed } from '../experiments/regress/speed.ts';
import { mean } from '../stats/summary.ts';
import { type Metric, unitOf } from '../experiments/metric.ts';
import { confidenceInterval } from '../stats/interval.ts';
import type { Suite } from '../experiments/regress/suite.ts';
import { verdictText } from './comparison-table.ts';
import { digits, none, pText, signed } from './numbers.ts';
import { printable } from './table.ts';

/** Something that whoever made a change has to know. */
export interface Finding {
  /** Whether it fails the suite, leaves it without a verdict, or is only said. */
  readonly weight: 'failed' | 'undecided' | 'note';
  readonly case: string;
  readonly line: number | undefined;
  /** Absent where it is about the scenario. */
  readonly strategy: string | undefined;
  readonly about: 'scenario' | 'behaviour' | 'speed' | Metric;
  /** Like the title in words that cannot steer a terminal. */
  readonly lines: readonly string[];
  readonly title: string;
}

/** What a regression has found, what weighs most first. */
export function findings({ suite, cases, speed }: Regression): readonly Finding[] {
  const weightOf = (said: Judgement['said']): Finding['weight'] =>
    isWorse(said) ? 'failed' : said === 'inconclusive' && suite.inconclusive === 'fail' ? 'undecided' : 'note';
  const ofCases = cases.flatMap((each): Finding[] => {
    const place = { case: each.name, line: each.line };
    const ofScenario = { ...place, strategy: undefined, about: 'scenario' } as const;
    const behaviour = suite.behaviour === 'same' ? 'failed' : 'note';
    const broken = each.broken.map(
      ({ strategy, message }): Finding => ({ ...place, strategy, about: 'behaviour', weight: 'failed', title: 'breaks off', lines: message.split('\n').map((line) => printable(line)) }),
    ); // prettier-ignore
    if (each.incomparable !== undefined)
      return [...broken, { ...ofScenario, weight: 'undecided', title: each.incomparable, lines: changeLines(each.changes) }];
    const unmatched = [
      ...(each.added.length > 0 ? [`the baseline has no ${each.added.join(', ')}`] : []),
      ...(each.left.length > 0 ? [`the baseline also has ${each.left.join(', ')}`] : []),
    ].map((title): Finding => ({ ...ofScenario, weight: 'undecided', title, lines: [] }));
    const changed = each.strategies.flatMap(({ strategy, behaviour: parted }): Finding[] =>
      parted === undefined
        ? []
        : [{ ...place, strategy, about: 'behaviour', weight: behaviour, title: changedTitle(parted), lines: changedLines(parted) }],
    );
    const meaning: Finding[] = each.another ? [{ ...ofScenario, weight: changed.length > 0 ? behaviour : 'note', title: 'the same words have come to mean something else', lines: meaningLines(each) }] : []; // prettier-ignore
    const moved = each.strategies.flatMap(({ strategy, metrics }) =>
      metrics.flatMap((metric): Finding[] => {
        const { said } = metric.judgement;
        if (said === 'identical' || said === 'equivalent') return [];
        return [
          {
            ...place,
            strategy,
            about: metric.metric,
            weight: weightOf(said),
            title: `${metric.metric} is ${said}`,
            lines: [movedLine(metric, suite)],
          },
        ];
      }),
    );
    return [...broken, ...unmatched, ...meaning, ...changed, ...moved];
  });
  const ofSpeed: Finding[] = speed === undefined ? [] : [{ case: suite.name, line: undefined, strategy: undefined, about: 'speed', weight: weightOf(speed.judgement.said), ...speedWords(speed) }]; // prettier-ignore
  const all = [...ofCases, ...ofSpeed];
  const weights = ['failed', 'undecided', 'note'] as const;
  return weights.flatMap((weight) => all.filter((finding) => finding.weight === weight));
}

function speedWords({ other, before, now, judgement }: Speed): Pick<Finding, 'title' | 'lines'> {
  const [was, is] = [mean(before), mean(now)];
  const words: Partial<Record<Judgement['said'], string>> = { worse: 'slower than', better: 'faster than', equivalent: 'as fast as' };
  return {
    title: `${words[judgement.said] ?? 'inconclusive: slower or faster than'} ${printable(other)}`,
    lines: [
      `${digits(is / was)} × its time: ${digits(was)} to ${digits(is)} s, ${signed((100 * (is - was)) / was, 1)} % (margin ${digits((100 * judgement.margin) / was)} %, ${judgement.test === undefined ? '' : `p ${pText(judgement.test.adjusted)}, `}n ${String(now.length)})`,
    ],
  };
}

/** What the finding is about: `tiny, time-share`. */
export const subjectOf = ({ case: name, strategy }: Finding): string => (strategy === undefined ? name : `${name}, ${strategy}`);

const meaningLines = ({ changes }: CaseRegression): readonly string[] =>
  changes.length > 0 ? changeLines(changes) : ['every value is the same: how fenshi reads the scenario has changed'];

const mostChanges = 10;

function changeLines(changes: readonly Change[]): readonly string[] {
  const lines = changes.map(({ path, before = 'absent', now = 'absent' }) => printable(`${path}: ${before}, now ${now}`));
  return lines.length <= mostChanges ? lines : [...lines.slice(0, mostChanges), `and ${String(lines.length - mostChanges)} more`];
}

const changedTitle = ({ changed, replications }: Behaviour): string =>
  `behaviour has changed in ${String(changed.length)} of ${String(replications)} ${replications === 1 ? 'replication' : 'replications'}`;

function changedLines({ parting, number, changed }: Behaviour): readonly string[] {
  if (parting !== undefined) {
    const where = `replication ${String(parting.replication)}`;
    if (parting.before === undefined && parting.now === undefined) return [`the first decision that differs is among the first ${String(parting.number)} of ${where}`]; // prettier-ignore
    return [
      `the first decision that differs is number ${String(parting.number)} of ${where}`,
      ...parting.same.map((line) => `same    ${printable(line)}`),
      `before  ${printable(parting.before ?? 'nothing more is decided')}`,
      `now     ${printable(parting.now ?? 'nothing more is decided')}`,
    ];
  }
  if (number === undefined) return [`replication ${String(changed[0])}: every decision and every number is the same, only events come in another order`]; // prettier-ignore
  const { replication, count, metric, before, now } = number;
  const told = (value: number | undefined): string => (value === undefined ? 'not applicable' : String(value));
  const which = count === 1 ? 'one number is not' : `${String(count)} numbers are not; most of all`;
  return [`every decision is the same, but in replication ${String(replication)} ${which}: ${metric} was ${told(before)} and is ${told(now)}`]; // prettier-ignore
}

/** `75.1 to 79.2 ms: +4.1 ±0.3 ms, +5.4 % (margin 1 %: 0.75 ms, p <0.001, n 20)`. */
function movedLine(moved: Moved, { metrics }: Suite): string {
  const { metric, before, now, judgement, unpaired, differences } = moved;
  const unit = unitOf(metric);
  if (unpaired > 0) return `applies in other replications than before (${String(unpaired)} of them)`;
  const tested = judgement.test === undefined ? '' : `, p ${pText(judgement.test.adjusted)}`;
  const why = judgement.said === 'inconclusive' ? `: ${verdictText(judgement)}` : '';
  const inUnit = (text: string): string => (unit === '' ? text : `${text} ${unit}`);
  const { mean: change, halfWidth } = confidenceInterval(differences);
  const by = `${change > 0 ? '+' : ''}${digits(change)}${halfWidth === undefined || halfWidth === 0 ? '' : ` ±${digits(halfWidth)}`}`;
  const tolerated = metrics.find((each) => each.metric === metric)?.margin;
  const margin = `${tolerated !== undefined && 'share' in tolerated ? `${digits(100 * tolerated.share)} %: ` : ''}${inUnit(digits(moved.margin))}`;
  return `${inUnit(`${shown(before)} to ${shown(now)}`)}: ${inUnit(by)}, ${percentText(moved)} (margin ${margin}${tested}, n ${String(moved.replications.length)})${why}`; // prettier-ignore
}

const shown = (value: number): string => String(Number(value.toPrecision(5)));

/** The change of the mean in percent. */
export const percentText = ({ before, now }: Moved): string =>
  before === 0 ? none : `${signed((100 * (now - before)) / Math.abs(before), 2)} %`;

/** How many cases, strategies and replications there were, and against what. */
export function heading({ suite, baseline, cases }: Regression): string {
  const strategies = cases.reduce((sum, each) => sum + each.strategies.length + each.broken.length, 0);
  return `${suite.name} against ${baseline.folder} (fenshi ${baseline.version}): ${plural(cases.length, 'scenario')}, ${plural(strategies, 'strategy', 'strategies')}`; // prettier-ignore
}

/** The verdict in a sentence. */
export function conclusion(regression: Regression): string {
  const found = findings(regression);
  const weigh = (weight: Finding['weight']) => found.filter((finding) => finding.weight === weight).length;
  switch (regression.verdict) {
    case 'failed':
      return `FAILED: ${plural(weigh('failed'), 'finding')}.`;
    case 'undecided':
      return `NO VERDICT: ${plural(weigh('undecided'), 'finding')}.`;
    case 'passed':
      return found.length === 0 ? 'Passed: nothing has changed.' : 'Passed.';
  }
}

const plural = (count: number, one: string, many = `${one}s`): string => `${String(count)} ${count === 1 ? one : many}`;

const order = ['worse', 'higher', 'lower', 'inconclusive', 'better', 'equivalent', 'identical'] as const;

/** How many metrics of a strategy are what: `1 worse, 7 identical`. */
export function tally({ strategies }: CaseRegression, strategy: string): string {
  const said = strategies.find((each) => each.strategy === strategy)?.metrics.map(({ judgement }) => judgement.said) ?? [];
  return order
    .map((word) => [said.filter((each) => each === word).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${String(count)} ${word}`)
    .join(', ');
}
