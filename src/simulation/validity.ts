import type { Time } from '../base/units.ts';
import type { LoadMeter } from '../metrics/load-meter.ts';
import { spanText } from '../scenario/kit.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ResponseCells, ResponseWeights } from '../serving/response-weights.ts';

/** A part of an app's requests so small that no percentile of a run sees it; rows of a few seconds may. */
const unseen = 0.0001;

/** Where a run left what its serving has been compared with single requests for (docs/validation.md), or what a sample left out: a sentence each. */
export function validityNotes(scenario: Scenario, meters: readonly LoadMeter[], end: Time): readonly string[] {
  return scenario.apps.flatMap(({ name, service }, index) => {
    const meter = meters[index] as LoadMeter;
    const { census } = meter.service;
    if (census)
      return census.rounded > 0
        ? [
            `${name}: of pods in the same state a zone had up to ${String(census.rounded)}, too few for the sample: one stood for them, so their queues are those of one pod, and what differs between them is lost`,
          ]
        : [];
    const notes: string[] = [];
    const { responses } = meter.sum(end);
    const strained = meanOf(responses, (grid, cell) => (grid.isStrained(cell) ? 1 : 0));
    if (strained > unseen)
      notes.push(
        `${name}: ${percent(strained)} % of its requests met a backlog or pods loaded above 98 %, where the fluid’s percentiles may be off severalfold (fidelity: request simulates them)`,
      );
    const late = meanOf(responses, (grid, cell) => grid.late(cell));
    if (late > unseen)
      notes.push(
        `${name}: by chance about ${percent(late)} % of its requests would wait longer than the time-out of ${spanText(service.timeout)} and fail; the fluid serves them (fidelity: request simulates them)`,
      );
    const { balancer, discipline, distribution, cv } = service;
    const other = [
      ...(balancer === 'random' ? [] : [`balancer ${balancer}`]),
      ...(discipline === 'fifo' ? [] : [discipline]),
      ...(cv === 1 && (distribution === 'auto' || distribution === 'exponential')
        ? []
        : [`${distribution === 'auto' ? '' : `${distribution} `}service times of cv ${String(cv)}`]),
    ];
    if (other.length > 0)
      notes.push(`${name}: the fluid’s response percentiles are not those of ${other.join(' and ')}: fidelity: request simulates them`);
    return notes;
  });
}

/** Two digits of a share, in percent. */
const percent = (share: number): string => String(Number((share * 100).toPrecision(2)));

/** Mean of what `of` says of the cells of all admitted attempts; 0 without any. */
function meanOf(responses: readonly ResponseWeights[], of: (grid: ResponseCells, cell: number) => number): number {
  let [all, sum] = [0, 0];
  for (const weights of responses)
    for (const cell of weights.cells) {
      const weight = weights.weight(cell);
      all += weight;
      sum += weight * of(weights.grid, cell);
    }
  return all > 0 ? sum / all : 0;
}
