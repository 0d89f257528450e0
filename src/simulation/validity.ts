import type { Time } from '../base/units.ts';
import type { LoadMeter } from '../metrics/load-meter.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Tally } from '../serving/tally.ts';

/** A part of an app's requests that its p99 does not see. */
const unseen = 0.01;

/** Where a run left what its serving has been compared with single requests for (docs/validation.md), or what a sample left out: a sentence each. */
export function validityNotes(scenario: Scenario, meters: readonly LoadMeter[], end: Time): readonly string[] {
  return scenario.apps.flatMap(({ name, service }, index) => {
    const meter = meters[index] as LoadMeter;
    const { census } = meter.service;
    if (census)
      return census.rounded > 0
        ? [
            `${name}: pods of a kind of which a zone had up to ${String(census.rounded)} were simulated by one: more than the sample, and as if all were like it`,
          ]
        : [];
    const notes: string[] = [];
    const strained = strainedShare(meter.sum(end));
    if (strained > unseen)
      notes.push(
        `${name}: ${(strained * 100).toFixed(1)} % of its requests met a backlog or pods loaded above 98 %, where the fluid’s response may be off by a third`,
      );
    const { balancer, discipline, cv } = service;
    const other = [
      ...(balancer === 'random' ? [] : [`balancer ${balancer}`]),
      ...(discipline === 'fifo' ? [] : [discipline]),
      ...(cv >= 0.5 && cv <= 1.5 ? [] : [`service times of cv ${String(cv)}`]),
    ];
    if (other.length > 0)
      notes.push(`${name}: the fluid’s response percentiles are not those of ${other.join(' and ')}: fidelity: request simulates them`);
    return notes;
  });
}

/** Part of the admitted attempts whose response the fluid knows least: see {@link ResponseCells.isStrained}. */
function strainedShare({ responses }: Tally): number {
  let [all, strained] = [0, 0];
  for (const weights of responses)
    for (const cell of weights.cells) {
      const weight = weights.weight(cell);
      all += weight;
      if (weights.grid.isStrained(cell)) strained += weight;
    }
  return all > 0 ? strained / all : 0;
}
