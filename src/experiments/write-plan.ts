import { join } from 'node:path';
import { inSeconds } from '../base/units.ts';
import { csvFiles, type RowOf } from '../metrics/columns.ts';
import { csvText } from '../output/csv.ts';
import { jsonText } from '../output/manifest.ts';
import { writeWhole } from '../output/partial-file.ts';
import type { ResultFolder } from '../output/result-folder.ts';
import { mean } from '../stats/summary.ts';
import type { Plan, Probe } from './plan.ts';
import type { Given } from './repeat-command.ts';
import { manifestHead, manifestRun, manifestTail } from './write-results.ts';

/** Columns of the row `all` of a run whose means a plan tells. */
export const planMetrics = ['cost', 'reserved_core_max', 'unserved', 'exposure_s', 'response_p99_ms'] as const;

/** Mean of a column over the runs of a probe, or the first `count` of them; undefined where it applies to none. */
export function meanOf({ runs }: Probe, metric: (typeof planMetrics)[number] | 'offered', count = runs.length): number | undefined {
  const values = runs
    .slice(0, count)
    .map(({ summary }) => summary.at(-1)?.[metric])
    .filter((cell) => typeof cell === 'number');
  return values.length === 0 ? undefined : mean(values);
}

/** Probes that no other one beats in both cost and losses, of the replications that all of them have; none where not all were asked to serve the same. */
export function frontier({ strategies }: Plan): ReadonlySet<Probe> {
  const probes = strategies.flatMap((each) => each.probes);
  const shared = Math.min(...probes.map(({ replications }) => replications));
  const mean = (probe: Probe, metric: Parameters<typeof meanOf>[1]): number => meanOf(probe, metric, shared) ?? 0;
  const offered = probes.map((probe) => mean(probe, 'offered'));
  if (Math.max(...offered) - Math.min(...offered) > 1e-6 * Math.max(...offered)) return new Set();
  const all = probes.map((probe) => ({ probe, cost: mean(probe, 'cost'), lost: mean(probe, 'unserved') }));
  return new Set(
    all
      .filter(
        ({ cost, lost }) => !all.some((other) => other.cost <= cost && other.lost <= lost && (other.cost < cost || other.lost < lost)),
      )
      .map(({ probe }) => probe),
  );
}

/** Rows of plan.csv. */
export function planRows(plan: Plan): readonly RowOf<'plan'>[] {
  const best = frontier(plan);
  return plan.strategies.flatMap(({ probes, answer }) =>
    probes.map((probe) => {
      const [worst] = probe.checked;
      return {
        strategy: probe.strategy,
        path: plan.knob.path,
        value: probe.value,
        replications: probe.replications,
        holds: probe.holds,
        answer: probe === answer,
        worst_app: worst?.app,
        worst_objective: worst?.objective,
        worst_world: worst?.world === '' ? undefined : worst?.world,
        required: worst?.required,
        mean: worst?.mean,
        bound: worst?.bound,
        ...Object.fromEntries(planMetrics.map((metric) => [metric, meanOf(probe, metric)])),
        frontier: best.size === 0 ? undefined : best.has(probe),
      };
    }),
  );
}

/** Answers where something is otherwise. */
export interface Variation {
  readonly name: string;
  readonly plan: Plan;
}

/** Rows of sensitivity.csv. */
const sensitivityRows = (plan: Plan, variations: readonly Variation[]): readonly RowOf<'sensitivity'>[] =>
  [{ name: undefined, plan }, ...variations].flatMap(({ name, plan: { knob, strategies } }) =>
    strategies.map(({ strategy, answer }) => ({ variation: name, strategy, path: knob.path, answer: answer?.value })),
  );

export interface PlanFiles {
  /** None where it was not asked how the answers move. */
  readonly variations: readonly Variation[];
  readonly given: Given;
  readonly jobs: number;
  readonly started: Date;
  /** The scenario with more `--set`, as a file that begins with a comment. */
  readonly resolved: (set: readonly string[], comment: string) => string;
}

/** Writes plan.csv, sensitivity.csv, a scenario file for each answer, and at last manifest.json; returns the names of the scenario files by strategy. */
export function writePlan(
  folder: ResultFolder,
  plan: Plan,
  { variations, given, jobs, started, resolved }: PlanFiles,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const files = [writeWhole(join(folder.path, csvFiles.plan.file), csvText('plan', planRows(plan)))];
  if (variations.length > 0) files.push(writeWhole(join(folder.path, csvFiles.sensitivity.file), csvText('sensitivity', sensitivityRows(plan, variations)))); // prettier-ignore
  for (const { strategy, answer } of plan.strategies) {
    if (answer === undefined) continue;
    const name = `${strategy}.yaml`;
    files.push(
      writeWhole(
        join(folder.path, name),
        resolved(
          [`replications=${String(plan.scenario.replications)}`, `${plan.knob.path}=${answer.value}`],
          answerComment(plan, strategy, answer),
        ),
      ),
    );
    names.set(strategy, name);
  }
  const runs = plan.strategies.flatMap(({ probes }) =>
    probes.flatMap((probe) => probe.runs.map((run) => ({ ...manifestRun(run), value: probe.value }))),
  );
  const manifest = {
    ...manifestHead('plan', plan.failures.length > 0 ? 'failed' : 'complete', plan.scenario, given),
    asked: asked(plan, variations),
    broken: Object.fromEntries(plan.broken),
    runs,
    ...manifestTail(folder, files, jobs, started),
  };
  writeWhole(join(folder.path, 'manifest.json'), jsonText(manifest));
  return names;
}

/** What the scenario of an answer is, and what of the question it does not hold. */
function answerComment({ knob, options }: Plan, strategy: string, { value }: Probe): string {
  const worlds = options.worlds.flatMap(({ name }) => (name === '' ? [] : [name]));
  const also = worlds.length === 0 ? '' : `, also ${worlds.join(' and ')} (which is not part of this scenario)`;
  return `The answer of fenshi plan for ${strategy}: every objective holds with ${knob.path}=${value}${also}.`;
}

/** The question, for the manifest. */
function asked({ knob, options }: Plan, variations: readonly Variation[]): object {
  const { confidence, whole, worlds } = options;
  return {
    path: knob.path,
    largest: knob.largest,
    values: knob.values,
    confidence,
    partial: !whole,
    also: worlds.slice(1).map(({ name, from }) => ({ world: name, from_s: from === undefined ? undefined : inSeconds(from) })),
    variations: variations.map(({ name }) => name),
  };
}
