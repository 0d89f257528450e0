import { assert, defined } from '../base/assert.ts';
import { InputError, PluginError } from '../base/errors.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../simulation/run.ts';
import type { Axis } from './axis.ts';
import type { ExperimentOptions } from './experiment.ts';
import { brokenChecks } from './explain.ts';
import { chosenLabels } from './labels.ts';
import { byNeed, type Checked, checkObjectives, fewestForObjectives, missedBy } from './objectives.ts';
import { checkRequests } from './request-load.ts';
import type { Given } from './repeat-command.ts';
import { runAll } from './run-all.ts';
import type { RunTask } from './run-task.ts';
import { type Known, smallestThatDoes } from './search.ts';
import { SpareWorkers } from './spare-workers.ts';
import type { World } from './worlds.ts';

/** What is sought: the first of the axis' values, from the hardest to the easiest, at which the objectives hold. */
export interface Knob extends Axis {
  /** Whether the hardest value is the largest. */
  readonly largest: boolean;
  /** Where to begin for a strategy: by default, and where it is none of the values, in the middle. */
  readonly start?: ((strategy: string) => string | undefined) | undefined;
}

export interface PlanOptions extends Pick<ExperimentOptions, 'jobs' | 'plugins' | 'set' | 'command' | 'signal'> {
  /** Labels; all of the scenario's by default. */
  readonly strategies?: readonly string[] | undefined;
  readonly knob: Knob;
  /** Worlds in all of which the objectives have to hold. */
  readonly worlds: readonly World[];
  /** Runs that an answer rests on, at least twice {@link fewestForObjectives}; the search takes half of them. */
  readonly replications: number;
  readonly confidence: number;
  /** Whether all that a strategy plans must find a node. */
  readonly whole: boolean;
  readonly onProbe?: ((strategy: string, value: string, probes: number) => void) | undefined;
}

/** What was found at one value for one strategy. */
export interface Probe {
  readonly strategy: string;
  readonly value: string;
  readonly replications: number;
  /** Of every world, those that need most first. */
  readonly checked: readonly (Checked & { readonly world: string })[];
  readonly holds: boolean;
  /** Of the first world. */
  readonly runs: readonly RunResult[];
}

export interface StrategyPlan {
  readonly strategy: string;
  /** The first value at which the objectives hold with all replications, and not at the next harder one; undefined where they hold at none. */
  readonly answer: Probe | undefined;
  /** The probe with all replications that came nearest to what is asked for; of equals the easiest value. */
  readonly nearest: Probe;
  /** All, from the hardest value to the easiest. */
  readonly probes: readonly Probe[];
  /** Harder values than the answer at which the objectives hold as well, though not at all in between. */
  readonly exceptions: readonly Probe[];
  /** Whether every value that was tried leads to the same runs: the strategy does not mind. */
  readonly indifferent: boolean;
  /** Where there is no answer: the hardest value from which on no easier one that was tried changes what is missed most; undefined where the last one still did, or was the only one. */
  readonly alikeFrom: string | undefined;
  /** Where there is no answer: whether what is missed most was still changing at the last value. */
  readonly stillChanging: boolean;
}

export interface Plan {
  readonly knob: Knob;
  readonly options: PlanOptions;
  /** As it was given, with the plan's replications. */
  readonly scenario: Scenario;
  /** Of strategies that did not break off. */
  readonly strategies: readonly StrategyPlan[];
  /** Strategies that threw or were stopped, and how. */
  readonly broken: ReadonlyMap<string, string>;
  readonly failures: readonly string[];
  readonly interrupted: boolean;
}

/**
 * For each strategy the hardest value of the knob at which every app's objectives hold: a search on common random numbers with half of the replications, then anew from
 * there with all of them, until the answer and three values beyond it have been tried. `read` gives the scenario with more `--set`. A strategy that breaks off is given up,
 * and the search goes on for the others; the {@link PluginError} of the first where none is left.
 */
export async function plan(read: (set: readonly string[]) => Scenario, options: PlanOptions): Promise<Plan> {
  const { knob, replications } = options;
  if (replications < 2 * fewestForObjectives)
    throw new InputError(`a plan takes at least ${String(2 * fewestForObjectives)} replications: half of them to search, and as many anew to confirm`); // prettier-ignore
  assert(knob.values.length > 0, 'a knob without values');
  const probing = new Probing(read, options);
  const first = probing.scenario(0);
  probing.scenario(knob.values.length - 1); // what is wrong with the last value shows before anything runs
  checkRequests(first);
  const labels = chosenLabels(first, options.strategies);
  let searches = labels.map((label) => new Search(label, probing, startOf(label, knob)));
  const found = { knob, options, scenario: { ...read([]), replications }, failures: probing.failures, broken: probing.broken };
  try {
    while (searches.some(({ next }) => next.length > 0)) {
      const whole = await probing.probe(searches.flatMap(({ label, next, count }) => next.map((index) => ({ label, index, count }))));
      if (!whole) return { ...found, strategies: [], interrupted: true };
      searches = searches.filter(({ label }) => !probing.broken.has(label));
      const [broken] = probing.broken.values();
      if (searches.length === 0 && broken !== undefined) throw new PluginError(broken);
      for (const search of searches) search.advance();
    }
  } finally {
    await probing.end();
  }
  return { ...found, strategies: searches.map((search) => search.result()), interrupted: false };
}

function startOf(label: string, { values, start }: Knob): number {
  const at = values.indexOf(start?.(label) ?? '');
  return at >= 0 ? at : Math.floor(values.length / 2);
}

/** One strategy's search: first with half of the replications, then with all. */
class Search {
  readonly label: string;
  readonly #probing: Probing;
  #search: ReturnType<typeof smallestThatDoes>;
  /** Replications of what is to be tried next. */
  count: number;
  /** Indices to be tried next; none where the search is over. */
  next: readonly number[] = [];
  #smallest: number | undefined;

  constructor(label: string, probing: Probing, start: number) {
    this.label = label;
    this.#probing = probing;
    this.count = Math.max(fewestForObjectives, Math.ceil(probing.options.replications / 2));
    this.#search = this.#from(start);
    this.#step(this.#search.next());
  }

  /** Goes on with what is known now; does nothing where the search is over. */
  advance(): void {
    if (this.next.length > 0) this.#step(this.#search.next(this.#known));
  }

  result(): StrategyPlan {
    const { knob } = this.#probing.options;
    const all = knob.values.flatMap((_, index) => this.#probing.latest(this.label, index) ?? []);
    const answer = this.#smallest === undefined ? undefined : this.#probing.latest(this.label, this.#smallest);
    const confirmed = all.filter(({ replications }) => replications === this.#probing.options.replications);
    const nearest = confirmed.reduce((best, each) => (worst(each) <= worst(best) ? each : best), defined(confirmed[0], 'a probe'));
    const alikeFrom = answer === undefined ? this.#alikeFrom() : undefined;
    const exceptions = answer === undefined ? [] : all.slice(0, all.indexOf(answer)).filter(({ holds }) => holds);
    return {
      strategy: this.label,
      answer,
      nearest,
      probes: all,
      exceptions,
      indifferent: all.length > 1 && all.every((probe) => probe.holds === nearest.holds && sameRuns(probe, nearest)),
      alikeFrom,
      stillChanging: answer === undefined && alikeFrom === undefined && all.length > 1,
    };
  }

  /** Of the search's own replications. */
  #alikeFrom(): string | undefined {
    const { knob, replications } = this.#probing.options;
    const tried = knob.values
      .flatMap((_, index) => this.#probing.first(this.label, index) ?? [])
      .filter((probe) => probe.replications < replications);
    const [last] = tried.slice(-1);
    if (last === undefined) return undefined;
    const other = tried.findLastIndex((probe) => Math.abs(worst(probe) - worst(last)) > 1e-6 * Math.abs(worst(last)));
    const alike = tried[other + 1];
    return alike === last ? undefined : alike?.value;
  }

  #from(start: number): ReturnType<typeof smallestThatDoes> {
    return smallestThatDoes(0, this.#probing.options.knob.values.length - 1, start);
  }

  #step(result: IteratorResult<readonly number[], { readonly smallest: number | undefined }>): void {
    let step = result;
    for (;;) {
      if (step.done !== true) {
        // What has been tried with as many replications is not tried again.
        this.next = step.value.filter((index) => !this.#known.has(index));
        if (this.next.length > 0) return;
        step = this.#search.next(this.#known);
        continue;
      }
      this.next = [];
      this.#smallest = step.value.smallest;
      if (this.count === this.#probing.options.replications) return;
      this.count = this.#probing.options.replications;
      this.#search = this.#from(this.#smallest ?? this.#probing.options.knob.values.length - 1);
      step = this.#search.next();
    }
  }

  get #known(): Known {
    return this.#probing.known(this.label, this.count);
  }
}

/** Whether two probes did the same in all replications that both have. */
const sameRuns = (a: Probe, b: Probe): boolean =>
  a.runs.every(({ fingerprint }, i) => i >= b.runs.length || fingerprint === b.runs[i]?.fingerprint);

/** How far the worst objective of a probe is missed. */
const worst = ({ checked }: Probe): number => Math.max(...checked.map(missedBy));

/** All that has been run. */
class Probing {
  readonly options: PlanOptions;
  readonly #read: (set: readonly string[]) => Scenario;
  readonly #scenarios = new Map<number, Scenario>();
  /** By label, index and world: results by replication. */
  readonly #runs = new Map<string, RunResult[]>();
  /** By label and index: with how many replications, and what came of them. */
  readonly #probes = new Map<string, Probe[]>();
  readonly failures: string[] = [];
  /** By label: how a strategy broke off. */
  readonly broken = new Map<string, string>();
  readonly #spare = new SpareWorkers();

  constructor(read: (set: readonly string[]) => Scenario, options: PlanOptions) {
    this.#read = read;
    this.options = options;
  }

  scenario(index: number): Scenario {
    const known = this.#scenarios.get(index);
    if (known !== undefined) return known;
    const made = this.#read([this.#set(index)]);
    this.#scenarios.set(index, made);
    return made;
  }

  /** Runs what is missing of these probes; false where it was interrupted. */
  async probe(wanted: readonly { readonly label: string; readonly index: number; readonly count: number }[]): Promise<boolean> {
    const { worlds, plugins = [], set = [], command = 'fenshi' } = this.options;
    const places = new Map<RunTask, { readonly key: string; readonly index: number }>();
    for (const { label, index, count } of wanted)
      for (const world of worlds) {
        const key = `${label} ${String(index)} ${world.name}`;
        const scenario = { ...world.change(this.scenario(index)), replications: count };
        for (let replication = this.#runs.get(key)?.length ?? 0; replication < count; replication++)
          places.set({ scenario, label, replication, folder: undefined }, { key, index });
      }
    const given = (task: RunTask): Given => ({ command, file: task.scenario.file, set: [...set, this.#set(places.get(task)?.index ?? 0)], plugins }); // prettier-ignore
    const errors = new Map<RunTask, Error>();
    const outcomes = await runAll([...places.keys()], { ...this.options, given, spare: this.#spare, onFailure: (task, error) => errors.set(task, error) }); // prettier-ignore
    for (const [i, [task, { key }]] of [...places].entries()) {
      const [error, outcome] = [errors.get(task), outcomes[i]];
      if (error !== undefined) {
        if (!(error instanceof PluginError)) throw error;
        if (!this.broken.has(task.label)) this.broken.set(task.label, error.message);
        continue;
      }
      if (outcome === undefined) return false;
      this.failures.push(...brokenChecks(outcome.result, given(task)));
      this.#runs.set(key, [...(this.#runs.get(key) ?? []), outcome.result]);
    }
    for (const { label, index, count } of wanted) {
      if (this.broken.has(label)) continue;
      const probe = this.#judged(label, index, count);
      const key = `${label} ${String(index)}`;
      this.#probes.set(key, [...(this.#probes.get(key) ?? []), probe]);
      this.options.onProbe?.(label, probe.value, this.#probes.size);
    }
    return true;
  }

  async end(): Promise<void> {
    await this.#spare.end();
  }

  /** What is known of a strategy's values with `count` replications. */
  known(label: string, count: number): Known {
    const { values } = this.options.knob;
    return new Map(
      values.flatMap((_, index) => {
        const probe = this.#probes.get(`${label} ${String(index)}`)?.find(({ replications }) => replications === count);
        return probe === undefined ? [] : [[index, probe.holds] as const];
      }),
    );
  }

  /** What was tried first at a value, with the fewest replications. */
  first(label: string, index: number): Probe | undefined {
    return this.#probes.get(`${label} ${String(index)}`)?.[0];
  }

  /** What was tried last at a value, with the most replications. */
  latest(label: string, index: number): Probe | undefined {
    return this.#probes.get(`${label} ${String(index)}`)?.at(-1);
  }

  #judged(label: string, index: number, count: number): Probe {
    const { worlds, confidence, whole, knob } = this.options;
    const { apps } = this.scenario(index);
    const runsIn = (world: World): readonly RunResult[] => this.#runs.get(`${label} ${String(index)} ${world.name}`) ?? [];
    const checked = worlds
      .flatMap((world) => checkObjectives(apps, runsIn(world), confidence, whole).map((each) => ({ ...each, world: world.name })))
      .sort(byNeed);
    return {
      strategy: label,
      value: knob.values[index] as string,
      replications: count,
      checked,
      holds: checked.every(({ holds }) => holds),
      runs: runsIn(defined(worlds[0], 'a world')),
    };
  }

  #set(index: number): string {
    return `${this.options.knob.path}=${this.options.knob.values[index] as string}`;
  }
}
