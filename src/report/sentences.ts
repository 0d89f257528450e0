import type { Experiment } from '../experiments/experiment.ts';
import type { StrategyUse } from '../scenario/scenario.ts';
import { figuresByApp, figuresOf, meanOf } from './figures.ts';
import { amount, fixed, plusMinus } from './numbers.ts';
import { printable } from './table.ts';
import { causes } from './tables.ts';

/** More strategies than this get no sentence each: the tables say it better. */
const sentencesMost = 6;

/** The answer in words: who owns least and keeps every app's success objective, and for each strategy what it takes and what it risks. */
export function sentences(experiment: Experiment): readonly string[] {
  const uses = experiment.scenario.strategies.filter(({ label }) => experiment.labels.includes(label));
  const each = uses.map((use) => `${name(use, uses)}: ${demand(experiment, use.label)}; ${risk(experiment, use.label)}.`);
  return uses.length === 1 ? each : [verdict(experiment, uses), ...(uses.length > sentencesMost ? [] : each)];
}

/** Who owns least among those that keep the objectives, also on the platform as the scenario has it. At equality the first in scenario order. */
function verdict(experiment: Experiment, uses: readonly StrategyUse[]): string {
  const keeping = uses.filter(({ label }) => missed(experiment, label).length === 0);
  const [best, usual] = [leanest(experiment, keeping), leanest(experiment, keeping.filter(({ overrides }) => overrides.length === 0))]; // prettier-ignore
  if (best === undefined) return "No strategy keeps every app's success objective.";
  const own = usual === undefined || usual === best ? '' : `; on the scenario's own platform: ${printable(usual)}`;
  return `Fewest cores with every app's success objective kept: ${printable(best)}${own}.`;
}

function leanest(experiment: Experiment, uses: readonly StrategyUse[]): string | undefined {
  const figures = figuresOf(experiment);
  const cores = ({ label }: StrategyUse): number => meanOf(figures(label, 'reserved_core_max'));
  return uses.reduce<StrategyUse | undefined>((best, use) => (best === undefined || cores(use) < cores(best) ? use : best), undefined)
    ?.label;
}

/** The label, and what its own platform changes against a label of the same strategy that has none. */
function name({ label, use, overrides, given }: StrategyUse, uses: readonly StrategyUse[]): string {
  if (overrides.length === 0) return printable(label);
  const twin = uses.find((other) => other.use === use && other.overrides.length === 0);
  const same = twin !== undefined && JSON.stringify(twin.given) === JSON.stringify(given);
  return `${printable(label)} (${same ? printable(twin.label) : use} with ${overrides.map((text) => printable(text)).join(', ')})`;
}

/** `4,320 cores on 72 nodes, 40.0 % and 48 nodes less than static-peak`. */
function demand(experiment: Experiment, label: string): string {
  const { compared, baseline } = experiment;
  const figures = figuresOf(experiment);
  const owned = `${plusMinus(figures(label, 'reserved_core_max'))} cores on ${plusMinus(figures(label, 'nodes_used_max'))} nodes`;
  const change = (metric: string): number => meanOf(compared.find((each) => each.strategy === label && each.metric === metric)?.difference);
  const reference = meanOf(figures(baseline.label, 'reserved_core_max'));
  if (label === baseline.label || reference === 0) return owned;
  const [cores, nodes] = [change('reserved_core_max'), change('nodes_used_max')];
  const percent = `${fixed((100 * Math.abs(cores)) / reference, 1)} %`;
  if (cores === 0 || cores > 0 !== nodes > 0)
    return `${owned}, against ${plusMinus(figures(baseline.label, 'reserved_core_max'))} on ${plusMinus(figures(baseline.label, 'nodes_used_max'))} of ${printable(baseline.label)}`;
  return `${owned}, ${percent}${nodes === 0 ? '' : ` and ${fixed(Math.abs(nodes))} nodes`} ${cores < 0 ? 'less' : 'more'} than ${printable(baseline.label)}`;
}

/** What goes unserved and why, how long capacity is short and objectives are violated, and whose success objective is missed. */
function risk(experiment: Experiment, label: string): string {
  const figures = figuresOf(experiment);
  const unserved = figures(label, 'unserved');
  const total = meanOf(unserved);
  const minutes = (seconds: number): string => `${fixed(seconds / 60, 1)} min`;
  const said: string[] = [];
  if (total === 0) said.push('every request is served');
  else {
    const parts = causes.map(({ metric, because }) => ({ because, share: meanOf(figures(label, metric)) / total }));
    const main = parts.reduce((best, part) => (part.share > best.share ? part : best));
    const percent = 100 * (1 - meanOf(figures(label, 'success_ratio')));
    said.push(
      `${amount(unserved)} requests (${fixed(percent, percent < 0.1 ? 4 : 2)} %) go unserved, ${fixed(100 * main.share)} % of them because of ${main.because}`,
    );
  }
  const [exposed, violated] = [meanOf(figures(label, 'exposure_s')), meanOf(figures(label, 'slo_violation_s'))];
  if (exposed > 0) said.push(`capacity is short for ${minutes(exposed)}`);
  if (violated > 0) said.push(`an objective is violated for ${minutes(violated)}`);
  const apps = missed(experiment, label);
  if (apps.length > 0) said.push(`success objective missed by ${apps.join(', ')}`);
  return said.join('; ');
}

/** Apps whose mean success ratio is below their objective. */
function missed(experiment: Experiment, label: string): readonly string[] {
  const figures = figuresByApp(experiment, label);
  return experiment.scenario.apps
    .filter((app) => (figures(app.name, 'success_ratio')?.mean ?? 1) < app.objective.success)
    .map((app) => printable(app.name));
}
