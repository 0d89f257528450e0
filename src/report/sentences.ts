import type { Experiment } from '../experiments/experiment.ts';
import type { StrategyUse } from '../scenario/scenario.ts';
import type { Metric } from '../experiments/metric.ts';
import { figuresByApp, figuresOf, isShort, meanOf } from './figures.ts';
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

/** Who owns least among those that keep the objectives, also on the platform as the scenario has it. All that are equal are named. */
function verdict(experiment: Experiment, uses: readonly StrategyUse[]): string {
  const keeping = uses.filter(({ label }) => missed(experiment, label).length === 0);
  const [best, usual] = [leanest(experiment, keeping), leanest(experiment, keeping.filter(({ overrides }) => overrides.length === 0))]; // prettier-ignore
  const [first] = best;
  if (first === undefined) return "No strategy keeps every app's success objective.";
  const cores = (labels: readonly string[]): string =>
    `${listed(labels.map((label) => printable(label)))} (${plusMinus(figuresOf(experiment)(labels[0] ?? first, 'reserved_core_max'))})`;
  const objective = "Fewest cores with every app's success objective kept";
  if (usual.length === 0) return `${objective}: ${cores(best)}, on a platform of its own; none on the scenario's.`;
  return `${objective}: ${cores(usual)}${best.some((label) => usual.includes(label)) ? '' : `; on a platform of its own: ${cores(best)}`}.`;
}

/** Labels of those that own least, in scenario order. */
function leanest(experiment: Experiment, uses: readonly StrategyUse[]): readonly string[] {
  const figures = figuresOf(experiment);
  const cores = ({ label }: StrategyUse): number => meanOf(figures(label, 'reserved_core_max'));
  const least = Math.min(...uses.map(cores));
  return uses.filter((use) => cores(use) === least).map(({ label }) => label);
}

/** The label, and what its own platform changes against a label of the same strategy that has none. */
function name({ label, use, overrides, given }: StrategyUse, uses: readonly StrategyUse[]): string {
  if (overrides.length === 0) return printable(label);
  const twin = uses.find((other) => other.use === use && other.overrides.length === 0);
  const same = twin !== undefined && JSON.stringify(twin.given) === JSON.stringify(given);
  return `${printable(label)} (${same ? printable(twin.label) : use} with ${overrides.map((text) => printable(text)).join(', ')})`;
}

/** `4,320 cores on 72 nodes, 2,880 cores (40.0 %) and 48 nodes (40.0 %) less than static-peak`; and what of the plan found no room. */
function demand(experiment: Experiment, label: string): string {
  const { compared, baseline } = experiment;
  const figures = figuresOf(experiment);
  const [owned, planned] = [figures(label, 'reserved_core_max'), figures(label, 'planned_core')];
  const nodes = figures(label, 'nodes_used_max');
  const short = isShort(figures, label);
  const takes = `${plusMinus(owned)}${short ? ` of ${plusMinus(planned)} planned` : ''} cores on ${plusMinus(nodes)} ${meanOf(nodes) === 1 ? 'node' : 'nodes'}${short ? ': the rest had no node' : ''}`;
  const change = (metric: Metric): string | undefined => {
    const reference = meanOf(figures(baseline.label, metric));
    const difference = meanOf(compared.find((each) => each.strategy === label && each.metric === metric)?.difference);
    if (reference === 0 || difference === 0 || isShort(figures, baseline.label)) return undefined;
    const unit = metric === 'nodes_used_max' ? (Math.abs(difference) === 1 ? 'node' : 'nodes') : 'cores';
    return `${fixed(Math.abs(difference))} ${unit} (${fixed((100 * Math.abs(difference)) / reference, 1)} %) ${difference < 0 ? 'less' : 'more'}`;
  };
  const changes = [change('reserved_core_max'), change('nodes_used_max')].filter((text) => text !== undefined).join(' and ');
  const once = changes.replace(/ (less|more) and (.* \1)$/, ' and $2');
  return label === baseline.label || changes === '' ? takes : `${takes}, ${once} than ${printable(baseline.label)}`;
}

/** What goes unserved and why, how long it is exposed and objectives are missed, and whose success objective is missed. */
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
  if (exposed > 0) said.push(`exposed for ${minutes(exposed)}`);
  if (violated > 0) said.push(`an objective missed for ${minutes(violated)}`);
  const [rolledBack, switches] = [meanOf(figures(label, 'switches_rolled_back')), meanOf(figures(label, 'switches'))];
  if (rolledBack > 0) said.push(`${fixed((100 * rolledBack) / switches)} % of its switches were rolled back (see the notes below)`);
  if (experiment.scenario.faults.some(({ kind }) => kind === 'node-loss')) {
    const pods = figures(label, 'pods_failed');
    said.push(meanOf(pods) === 0 ? 'no pod stood on a lost node' : `${amount(pods)} pods stood on lost nodes`);
  }
  const apps = missed(experiment, label);
  if (apps.length > 0) said.push(`success objective missed by ${listed(apps)}`);
  return said.join('; ');
}

/** Most names in a sentence. */
const namesShown = 5;

/** `pay, forest`; of many the first ones and how many more. */
function listed(names: readonly string[]): string {
  const more = names.length - namesShown;
  return more > 1 ? `${names.slice(0, namesShown).join(', ')} and ${fixed(more)} more` : names.join(', ');
}

/** Apps whose mean success ratio is below their objective. */
function missed(experiment: Experiment, label: string): readonly string[] {
  const figures = figuresByApp(experiment, label);
  return experiment.scenario.apps
    .filter((app) => (figures(app.name, 'success_ratio')?.mean ?? 1) < app.objective.success)
    .map((app) => printable(app.name));
}
