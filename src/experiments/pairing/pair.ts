import { assert, defined } from '../../base/assert.ts';
import { InputError } from '../../base/errors.ts';
import { didYouMean } from '../../base/suggest.ts';
import { type AppName, type Duration, groupName, inSeconds } from '../../base/units.ts';
import { type GroupSpec, smallestSlot } from '../../cluster/specs.ts';
import type { Rollout } from '../../operations/orders.ts';
import {
  byCorrelation,
  type Candidate,
  complementary,
  GroupCosts,
  type Grouping,
  localSearch,
  mostForOptimal,
  optimal,
} from '../../placement/pairing.ts';
import { checkGroup, checkKeepAlive } from '../../scenario/cross-checks.ts';
import type { AppSpec, Scenario, StrategyUse } from '../../scenario/scenario.ts';
import { created } from '../../simulation/decision.ts';
import { forecastOf, streamsOf } from '../../simulation/demand.ts';
import { emptyView } from '../../simulation/foresee.ts';
import { leadOf } from '../../strategies/time-share-predictive.ts';
import type { StrategyEntry } from '../../strategies/strategy.ts';
import { candidatesOf, type Profile, profilesOf } from './profiles.ts'; // prettier-ignore

/** Ways to divide apps into groups; `given`: those of the scenario. */
export const pairingMethods = ['given', 'complementary', 'correlation', 'local-search', 'optimal'] as const;
export type PairingMethod = (typeof pairingMethods)[number];

export interface PairOptions {
  readonly method: PairingMethod;
  /** Most apps of a group, 2 to 4. */
  readonly size: number;
  /** Apps no two of which may share a slot, list by list. */
  readonly apart: readonly (readonly string[])[];
  /** Share of the CPU limits that the forecast may use. */
  readonly utilisation: number;
  /** Profiles tell the day in pieces of so long. */
  readonly interval: Duration;
}

/** Apps that share slots, or one that does not. */
export interface Paired {
  readonly apps: readonly AppName[];
  /** Reserved if each app holds the pods for its own peak, and if they share; cores. */
  readonly apart: number;
  readonly shared: number;
  /** Peak of the summed loads ÷ sum of the peaks: 1 where all peak at once. */
  readonly peakRatio: number;
}

export interface Pairing {
  readonly method: PairingMethod;
  /** Those that share, in the order of the scenario, then those that do not. */
  readonly groups: readonly Paired[];
  readonly apart: number;
  readonly shared: number;
}

/** What `time-share-predictive` opens with: what a pairing comes to when it is simulated. */
export interface Promised {
  /** Group by group, in the order of the pairing. */
  readonly fleets: readonly {
    readonly name: string;
    readonly slots: number;
    readonly outside: ReadonlyMap<AppName, number>;
    readonly cores: number;
  }[];
  /** Of all apps, and of `static-peak`. */
  readonly cores: number;
  readonly apart: number;
}

export interface PairingResult {
  readonly scenario: Scenario;
  readonly profiles: readonly Profile[];
  readonly pairing: Pairing;
  /** What makes of the scenario the one with these groups, as `--set`; none where nothing is to be shared. */
  readonly set: readonly string[];
  readonly promised: Promised | undefined;
  /** What other methods find. */
  readonly others: readonly Pairing[];
}

/**
 * Divides the apps of a scenario into groups by their forecasts: pods as `static-peak` and the strategies that share size them, on a grid of `interval`; what the groups
 * promise is what `time-share-predictive` then opens with. `read` gives the scenario with more `--set`. Throws an {@link InputError} where that cannot be.
 */
export function pair(read: (set: readonly string[]) => Scenario, catalog: readonly StrategyEntry[], options: PairOptions): PairingResult {
  const { method, interval, utilisation } = options;
  const scenario = read([]);
  if (interval > scenario.horizon) throw new InputError(`--interval: the scenario is shorter: ${String(inSeconds(scenario.horizon))} s`);
  const apart = options.apart.map((names) => names.map((name) => known(name, scenario)));
  if (method === 'optimal' && scenario.apps.length > mostForOptimal)
    throw new InputError(`--method optimal looks at every division of at most ${String(mostForOptimal)} apps, and there are ${String(scenario.apps.length)}: take local-search`); // prettier-ignore
  const percent = `{ utilisation: ${String(100 * utilisation)}% }`;
  const strategies = `strategies={ static-peak: ${percent}, time-share-predictive: ${percent} }`;
  const [, sharing] = read([strategies]).strategies;
  const { rollout } = defined(sharing, 'a strategy').options as { readonly rollout: Rollout };
  const profiles = profilesOf(scenario, interval, utilisation, leadOf(rollout));
  const task = { apps: candidatesOf(scenario, profiles), zones: scenario.cluster.zones.length, mayShare: (apps: readonly Candidate[]) => mayShare(scenario, apart, apps) };
  const costs = new GroupCosts({ ...task, size: options.size });
  /** Groups that are given may be larger than was asked for. */
  const costsGiven = new GroupCosts({ ...task, size: scenario.apps.length });
  const found = (each: PairingMethod): Pairing => (each === 'given' ? told(each, givenOf(scenario), scenario, costsGiven) : told(each, groupingOf[each](costs), scenario, costs));
  if (method === 'given') requireGiven(scenario, costsGiven);
  const canBe = (each: PairingMethod): boolean =>
    each === 'given' ? scenario.groups.length > 0 && givenOf(scenario).every((group) => costsGiven.of(group) < Infinity) : each !== 'optimal' || scenario.apps.length <= mostForOptimal;
  const pairing = found(method);
  const shares = pairing.groups.some(({ apps }) => apps.length > 1);
  const set = shares ? [...(method === 'given' ? [] : [`groups=${groupsText(pairing)}`]), strategies] : [];
  return { scenario, profiles, pairing, set, promised: shares ? promisedBy(read(set), catalog) : undefined, others: pairingMethods.filter((each) => each !== method && canBe(each)).map(found) };
} // prettier-ignore

function known(name: string, { apps }: Scenario): AppName {
  const names = apps.map((app): string => app.name);
  if (names.includes(name)) return name as AppName;
  const near = didYouMean(name, names);
  throw new InputError(`--apart: there is no app "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`);
}

function mayShare(scenario: Scenario, apart: readonly (readonly AppName[])[], candidates: readonly Candidate[]): boolean {
  const names = candidates.map(({ name }) => name as AppName);
  if (apart.some((list) => names.filter((name) => list.includes(name)).length > 1)) return false;
  const apps = scenario.apps.filter(({ name }) => names.includes(name));
  const slot = smallestSlot(apps);
  return checkGroup({ name: groupName('tried'), slot }, apps, scenario.cluster).length === 0 && apps.every((app) => checkKeepAlive(app).length === 0);
} // prettier-ignore

/** The scenario's own groups, as places of its apps. */
const givenOf = ({ groups, apps }: Scenario): Grouping => groups.map((group) => apps.flatMap(({ name }, place) => (group.apps.includes(name) ? [place] : []))); // prettier-ignore

function requireGiven(scenario: Scenario, costs: GroupCosts): void {
  if (scenario.groups.length === 0) throw new InputError(`--method given: ${scenario.name} has no groups`);
  givenOf(scenario).forEach((places, i) => {
    const { name, apps } = scenario.groups[i] as GroupSpec;
    if (costs.of(places) === Infinity) throw new InputError(`--method given: group ${name} (${apps.join(', ')}) has apps that --apart keeps apart`); // prettier-ignore
  });
}

const groupingOf = { complementary: complementary, correlation: byCorrelation, 'local-search': localSearch, optimal: optimal };

function told(method: PairingMethod, grouping: Grouping, { apps }: Scenario, costs: GroupCosts): Pairing {
  const grouped = new Set(grouping.flat());
  const alone = apps.flatMap((_, place) => (grouped.has(place) ? [] : [[place]]));
  const groups = [...[...grouping].sort((a, b) => (a[0] as number) - (b[0] as number)), ...alone].map((places): Paired => {
    const loads = places.map((place) => Array.from(defined(costs.task.apps[place], 'an app').load));
    const sum = (loads[0] as number[]).map((_, k) => loads.reduce((total, load) => total + (load[k] as number), 0));
    const peaks = loads.reduce((total, load) => total + Math.max(...load), 0);
    return {
      apps: places.map((place) => (apps[place] as AppSpec).name),
      apart: places.reduce((total, place) => total + costs.of([place]), 0) / 1000,
      shared: costs.of(places) / 1000,
      peakRatio: peaks === 0 ? 1 : Math.max(...sum) / peaks,
    };
  });
  const total = (of: (group: Paired) => number): number => groups.reduce((sum, group) => sum + of(group), 0);
  assert(groups.length > 0, 'a scenario has apps');
  return { method, groups, apart: total((group) => group.apart), shared: total((group) => group.shared) };
}

/** Pods and slots at the start, by app and group. */
type Opened = ReadonlyMap<string, number>;

function promisedBy(scenario: Scenario, catalog: readonly StrategyEntry[]): Promised {
  const streams = streamsOf(scenario, 0);
  const forecasts = scenario.apps.map((app) => forecastOf(app, scenario, streams));
  const openedBy = (use: StrategyUse): Opened => {
    const entry = defined(catalog.find(({ name }) => name === use.use), use.use);
    const asked = { label: use.label, seed: scenario.seed, calendar: scenario.calendar };
    const actions = created(entry, use, streams, asked).open(emptyView(scenario, use, forecasts));
    return new Map(actions.flatMap((each): [string, number][] => (each.kind === 'scale' ? [[each.app, each.pods]] : each.kind === 'reserve' ? [[each.group, each.slots]] : [])));
  };
  const [peak, sharing] = scenario.strategies.map(openedBy) as [Opened, Opened];
  const podCores = (opened: Opened, names: readonly AppName[]): number =>
    scenario.apps.reduce((sum, { name, pod }) => sum + (names.includes(name) ? ((opened.get(name) ?? 0) * pod.cpu) / 1000 : 0), 0);
  const all = scenario.apps.map(({ name }) => name);
  const fleets = scenario.groups.map(({ name, apps, slot }) => {
    const slots = sharing.get(name) ?? 0;
    return { name, slots, outside: new Map(apps.map((app) => [app, sharing.get(app) ?? 0])), cores: podCores(sharing, apps) + (slots * slot.cpu) / 1000 };
  });
  const slotCores = scenario.groups.reduce((sum, { name, slot }) => sum + ((sharing.get(name) ?? 0) * slot.cpu) / 1000, 0);
  return { fleets, cores: podCores(sharing, all) + slotCores, apart: podCores(peak, all) };
} // prettier-ignore

/** The groups of a pairing as `--set groups=…` takes them. */
export const groupsText = ({ groups }: Pairing): string =>
  `{ ${groups.filter(({ apps }) => apps.length > 1).map(({ apps }, i) => `pair-${String(i + 1)}: { apps: [${apps.join(', ')}] }`).join(', ')} }`; // prettier-ignore
