import { InputError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { ScenarioError } from '../scenario/scenario-error.ts';
import type { StrategyEntry } from '../strategies/strategy.ts';

/** The labels that are wanted, in the order of the scenario; all where `wanted` is left out. An {@link InputError} for those that it does not have. */
export function chosenLabels(scenario: Scenario, wanted: readonly string[] | undefined): readonly string[] {
  const known = scenario.strategies.map(({ label }) => label);
  if (wanted === undefined) return known;
  const unknown = wanted.filter((label) => !known.includes(label));
  if (unknown.length > 0)
    throw new InputError(
      unknown
        .map((label) => {
          const near = didYouMean(label, known);
          return `${scenario.name} has no strategy "${label}"; ${near === undefined ? '' : `did you mean "${near}"? `}It has ${known.join(', ')}`;
        })
        .join('\n'),
    );
  return known.filter((label) => wanted.includes(label));
}

/**
 * What adds to a scenario every strategy that it does not use, with that strategy's defaults, as `--set`; and those of which the defaults will not do there. One that is told
 * what will really come is, unless the scenario lets nobody know anything.
 */
export function otherStrategies(
  scenario: Scenario,
  catalog: readonly StrategyEntry[],
  read: (set: readonly string[]) => Scenario,
): { readonly set: readonly string[]; readonly left: readonly string[] } {
  const set: string[] = [];
  const left: string[] = [];
  const nothing = scenario.strategies.every(({ platform }) => platform.information === 'none');
  for (const { name, needsPerfect } of catalog) {
    if (scenario.strategies.some(({ use, label }) => use === name || label === name)) continue;
    const more = `strategies.${name}=${needsPerfect && !nothing ? '{ information: perfect }' : '{}'}`;
    try {
      read([...set, more]);
      set.push(more);
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      left.push(name);
    }
  }
  return { set, left };
}
