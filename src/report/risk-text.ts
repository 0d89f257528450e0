import { isExposed, type Risk, type RiskMetric, riskMetrics, type RiskRuns, riskOf } from '../experiments/risk/risk.ts';
import { confidenceInterval, confidenceLevel, pairedDifference } from '../stats/interval.ts';
import { proportionInterval } from '../stats/proportion.ts';
import { amount, fixed, none } from './numbers.ts';
import { alignedTable, printable, wrapped } from './table.ts';

const width = 100;

/** What the metrics are called on the screen. */
const names: Readonly<Record<RiskMetric, string>> = {
  switch_p50_s: 'a switch lasts, median, s',
  switch_p99_s: 'the longest 1 %, s',
  exposure_s: 'exposed, s',
  unserved: 'unserved requests',
  unserved_switch: '  of them by switches',
  slo_violation_s: 'objectives violated, s',
  switches_rolled_back: 'switches rolled back',
  slots_failed: 'slots failed',
  slots_stuck_max: 'slots stuck at once',
};

/** How likely it is that anybody is exposed, how the metrics are distributed over replications, and how they move. Ends with a line feed. */
export function riskText(risk: Risk): string {
  const { scenario, options, worlds } = risk;
  const [now, ...others] = worlds as [RiskRuns, ...RiskRuns[]];
  const { seed, replications } = scenario;
  const title = `${printable(scenario.name)}: what the switches of ${printable(options.strategy)} risk, in ${replications === 1 ? '1 replication' : `${fixed(replications)} replications (seeds ${String(seed)}–${String(seed + replications - 1)})`}`;
  const blocks = [[...wrapped(`${title}: ${exposedText(now)}.`, width), ...distributions(now)]];
  if (others.length > 0)
    blocks.push([
      ...wrapped('How that moves if one thing is otherwise: means, and in brackets what was paired by seed, otherwise less as it is, with its half-width (95 %, t)', width),
      ...movements(now, others),
    ]);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
} // prettier-ignore

function exposedText({ runs }: RiskRuns): string {
  const hits = runs.filter(isExposed).length;
  const { low, high } = proportionInterval(hits, runs.length, confidenceLevel);
  return `somebody is short of capacity in ${String(hits)} of ${String(runs.length)}, so with a probability of ${percent(low)} to ${percent(high)} % (95 %, Wilson)`;
}

const percent = (share: number): string => fixed(100 * share, share === 0 || share === 1 ? 0 : 1);

function distributions({ runs }: RiskRuns): readonly string[] {
  const columns = ['in a replication', 'mean', 'least', 'median', '90 %', 'most'].map((head, i) => ({ head, align: i === 0 ? ('left' as const) : ('right' as const) })); // prettier-ignore
  return alignedTable(
    columns,
    riskMetrics.map((metric) => {
      const values = runs.flatMap((run) => riskOf(run, metric) ?? []).sort((a, b) => a - b);
      if (values.length === 0) return [names[metric], none, none, none, none, none];
      // Of so many replications the smallest that at least such a share of them do not exceed.
      const at = (share: number): string => amount({ mean: values[Math.max(0, Math.ceil(share * values.length) - 1)] as number, halfWidth: undefined, count: 1 });
      return [names[metric], amount(confidenceInterval(values)), at(0), at(0.5), at(0.9), at(1)];
    }),
  ); // prettier-ignore
}

function movements(now: RiskRuns, others: readonly RiskRuns[]): readonly string[] {
  const shown = ['switch_p99_s', 'exposure_s', 'unserved', 'switches_rolled_back'] as const satisfies readonly RiskMetric[];
  const columns = ['', 'exposed in', ...shown.map((metric) => names[metric])].map((head, i) => ({ head, align: i === 0 ? ('left' as const) : ('right' as const) })); // prettier-ignore
  const cell = (world: RiskRuns, metric: RiskMetric): string => {
    const pairs = world.runs.flatMap((run, i) => {
      const [one, other] = [riskOf(run, metric), riskOf(now.runs[i] as typeof run, metric)];
      return one === undefined || other === undefined ? [] : [[one, other] as const];
    });
    if (pairs.length === 0) return none;
    const [a, b] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
    const difference = pairedDifference(a, b);
    const text = amount({ ...confidenceInterval(a), halfWidth: undefined });
    return world === now ? text : `${text} (${difference.mean > 0 ? '+' : ''}${difference.mean === 0 && (difference.halfWidth ?? 0) === 0 ? '=' : amount(difference)})`; // prettier-ignore
  };
  return alignedTable(
    columns,
    [now, ...others].map((world) => [
      world === now ? 'as it is' : world.variation,
      `${String(world.runs.filter(isExposed).length)} of ${String(world.runs.length)}`,
      ...shown.map((metric) => cell(world, metric)),
    ]),
  );
}
