import type { Options } from 'yargs';
import { UsageError } from './usage-error.ts';

/** An option that may be given once, with its value as text. */
function once(name: string, describe: string): Options {
  return { type: 'string', describe, requiresArg: true, coerce: (value: unknown) => only(name, value) };
}

/** An option that takes a whole number from `least` on. */
function whole(name: string, describe: string, least: number): Options {
  return {
    ...once(name, describe),
    coerce: (value: unknown) => {
      const text = only(name, value);
      if (text === undefined) return undefined;
      if (!/^\d{1,15}$/.test(text) || Number(text) < least)
        throw new UsageError(`--${name}: read "${text}": expected a whole number from ${String(least)} on`);
      return Number(text);
    },
  };
}

function only(name: string, value: unknown): string | undefined {
  if (Array.isArray(value)) throw new UsageError(`--${name} is given ${String(value.length)} times; once is enough`);
  return value as string | undefined;
}

/** An option that may be repeated. */
const repeated = (describe: string): Options => ({ type: 'string', array: true, requiresArg: true, describe });

/** Flags: a value behind one would be taken for false. */
export const flags = [
  'quiet',
  'resolved',
  'quick',
  'largest',
  'load',
  'partial',
  'sensitivity',
  'update',
  'save-baseline',
  'help',
  'version',
] as const;

/** Options about reading a scenario. */
export const scenarioOptions = {
  set: repeated('change one value: PATH=VALUE, e.g. apps.pay.service.time=20ms; may be repeated'),
  plugin: repeated('file with strategies of your own (.ts or .js); code that runs with your rights; may be repeated'),
} as const satisfies Record<string, Options>;

/** How `pair` can divide apps. */
const pairingMethods = ['given', 'complementary', 'correlation', 'local-search', 'optimal'];

/** How `compare` can print. */
const formats = ['screen', 'table', 'markdown', 'csv', 'json'];

/** Options about running it. */
export const runOptions = {
  ...scenarioOptions,
  seed: whole('seed', 'seed of the first replication, instead of the scenario’s', 0),
  replications: whole('replications', 'number of replications, instead of the scenario’s', 1),
  until: repeated(
    'replicate until the cost (or another METRIC=…) of every strategy is known to this part of itself, e.g. 2%; from 10 replications on; may be repeated',
  ),
  'at-most': whole('at-most', 'replications that --until may take [default: 200]', 10),
  jobs: whole('jobs', 'workers at a time; results do not depend on it [default: one per core, fewer where memory is short]', 1),
  out: once('out', 'result folder [default: results/<scenario>]'),
  detail: {
    ...once('detail', 'CSV detail over time of none, the first or all replications; all also writes pods and nodes'),
    coerce: (value: unknown) => {
      const text = only('detail', value);
      if (text !== undefined && !['none', 'first', 'all'].includes(text))
        throw new UsageError(`--detail: read "${text}": expected none, first or all`);
      return text;
    },
  },
  quiet: { type: 'boolean', describe: 'no progress, no tables: only files, warnings and the exit code' },
} as const satisfies Record<string, Options>;

/** Options of `compare`. */
export const compareOptions = {
  ...runOptions,
  strategies: repeated(
    'labels of the scenario’s strategies, with commas [default: all of them]; all: also every other that fenshi and plug-ins have, with its defaults',
  ),
  margin: once('margin', 'largest change, as part of the baseline’s mean, that counts as none [default: 1%]'),
  metrics: repeated(
    'what is judged, columns of summary.csv, or saving_owned_ratio, saving_held_ratio, saving_nodes_ratio, regret_ratio, with commas [default: unserved, exposure_s, slo_violation_s, response_p99_ms, reserved_core_max, nodes_used_max, used_core_mean, cost]',
  ),
  format: {
    ...once('format', 'what is printed: screen, table (metric by metric), markdown, csv or json [default: screen]'),
    coerce: (value: unknown) => {
      const text = only('format', value);
      if (text !== undefined && !formats.includes(text))
        throw new UsageError(`--format: read "${text}": expected ${formats.slice(0, -1).join(', ')} or ${String(formats.at(-1))}`);
      return text;
    },
  },
} as const satisfies Record<string, Options>;

/** Options of `plan`. */
export const planOptions = {
  ...scenarioOptions,
  strategy: repeated('label of a strategy; may be repeated [default: all]'),
  path: once('path', 'what is varied, PATH=LOW..HIGH or PATH=LOW..HIGH/STEP [default: cluster.nodes, to twice as many as there are]'),
  largest: { type: 'boolean', describe: 'seek the largest value that will do, not the smallest' },
  load: { type: 'boolean', describe: 'seek the largest load, in steps of 1 % of the traffic: --path load=10%..400% --largest' },
  survive: {
    ...once('survive', 'zone: objectives also have to hold if any one zone is lost, at the busiest moment and for good'),
    coerce: (value: unknown) => {
      const text = only('survive', value);
      if (text !== undefined && text !== 'zone') throw new UsageError(`--survive: read "${text}": expected zone`);
      return text;
    },
  },
  partial: { type: 'boolean', describe: 'accept that some of what a strategy plans finds no node, as long as objectives hold' },
  sensitivity: {
    type: 'boolean',
    describe: 'also plan with a tenth more and less traffic, traffic than forecast, and swap time, where there is no answer too',
  },
  confidence: once('confidence', 'with which all objectives hold together [default: 95%]'),
  seed: runOptions.seed,
  replications: whole('replications', 'replications that an answer rests on [default: the scenario’s, at least 10]', 1),
  jobs: runOptions.jobs,
  out: once('out', 'result folder [default: results/<scenario>-plan]'),
  quiet: runOptions.quiet,
} as const satisfies Record<string, Options>;

/** Options of `pair`. */
export const pairOptions = {
  ...scenarioOptions,
  method: {
    ...once('method', 'given, complementary, correlation, local-search or optimal [default: local-search]'),
    coerce: (value: unknown) => {
      const text = only('method', value);
      if (text !== undefined && !pairingMethods.includes(text))
        throw new UsageError(
          `--method: read "${text}": expected ${pairingMethods.slice(0, -1).join(', ')} or ${String(pairingMethods.at(-1))}`,
        );
      return text;
    },
  },
  size: {
    ...once('size', 'most apps of a group, 2 to 4 [default: 2]'),
    coerce: (value: unknown) => {
      const text = only('size', value);
      if (text !== undefined && !/^[2-4]$/.test(text)) throw new UsageError(`--size: read "${text}": expected 2, 3 or 4`);
      return text === undefined ? undefined : Number(text);
    },
  },
  apart: repeated('apps no two of which may share slots, with commas; may be repeated'),
  utilisation: once('utilisation', 'share of the CPU limits that the forecast may use [default: 75%]'),
  interval: once('interval', 'length of a piece of the profiles, on which groups are compared [default: 5m]'),
  out: once('out', 'result folder [default: results/<scenario>-pair]'),
  quiet: runOptions.quiet,
} as const satisfies Record<string, Options>;

/** Options of `risk`. */
export const riskOptions = {
  ...scenarioOptions,
  strategy: once('strategy', 'label of a strategy in the scenario that switches slots'),
  sensitivity: { type: 'boolean', describe: 'also with other batches, observations, starts, swap bandwidths and forecasts' },
  seed: runOptions.seed,
  replications: whole('replications', 'replications that are run [default: the scenario’s, at least 20]', 1),
  jobs: runOptions.jobs,
  out: once('out', 'result folder [default: results/<scenario>-risk]'),
  quiet: runOptions.quiet,
} as const satisfies Record<string, Options>;

/** Options of `regress`. */
export const regressOptions = {
  'save-baseline': { type: 'boolean', describe: 'keep what every run does now as the baseline, where there is none' },
  update: { type: 'boolean', describe: 'say what has changed and replace the baseline' },
  'slower-than': once(
    'slower-than',
    'folder of another fenshi: also say whether this one takes longer for the suite, by more than 5 % in ten rounds, both in turn',
  ),
  jobs: runOptions.jobs,
  out: once('out', 'result folder [default: results/<suite>-regress]'),
  quiet: runOptions.quiet,
} as const satisfies Record<string, Options>;

/** Options of `sweep`. */
export const sweepOptions = {
  vary: repeated('an axis: PATH=LOW..HIGH/STEP or PATH=a,b,c; several with “ with ” in between go together, one by one; may be repeated'),
  strategy: repeated('label of a strategy; may be repeated [default: all]'),
  ...scenarioOptions,
  seed: runOptions.seed,
  replications: runOptions.replications,
  shard: once(
    'shard',
    'run only this part of the cells: 3/7; auto: the place in a Slurm array; auto/7: that, or in a Kubernetes Indexed Job',
  ),
  jobs: runOptions.jobs,
  out: once('out', 'folder [default: results/<scenario>-sweep]'),
  quiet: runOptions.quiet,
} as const satisfies Record<string, Options>;

/** Options of `merge`. */
export const mergeOptions = {
  out: once('out', 'folder for the tables [default: the only one that is merged]'),
  quiet: runOptions.quiet,
} as const satisfies Record<string, Options>;

/** Options of `rerun`. */
export const rerunOptions = {
  jobs: runOptions.jobs,
  out: once('out', 'result folder that keeps what is made [default: none]'),
  quiet: runOptions.quiet,
} as const satisfies Record<string, Options>;

/** Options of `verify`. */
export const verifyOptions = {
  quick: { type: 'boolean', describe: 'a few cases of each claim: half a minute instead of minutes' },
  only: repeated('only the claims of this group: theory, fluid, twin, relations or placement; may be repeated'),
  seed: whole('seed', 'seed of all that is drawn [default: 11]', 0),
  json: {
    ...once('json', 'write the rows to this file as JSON'),
    coerce: (value: unknown) => {
      const text = only('json', value);
      if (text === '') throw new UsageError('--json needs the name of a file');
      return text;
    },
  },
} as const satisfies Record<string, Options>;

/** What yargs makes of {@link scenarioOptions}. */
export interface ScenarioArguments {
  readonly set?: readonly string[] | undefined;
  readonly plugin?: readonly string[] | undefined;
}

/** What yargs makes of {@link runOptions}. */
export interface RunArguments extends ScenarioArguments {
  readonly scenario: string;
  readonly seed?: number | undefined;
  readonly replications?: number | undefined;
  readonly until?: readonly string[] | undefined;
  readonly 'at-most'?: number | undefined;
  readonly jobs?: number | undefined;
  readonly out?: string | undefined;
  readonly detail?: string | undefined;
  readonly quiet?: boolean | undefined;
}

/** What yargs makes of {@link compareOptions}. */
export interface CompareArguments extends RunArguments {
  readonly strategies?: readonly string[] | undefined;
  readonly margin?: string | undefined;
  readonly metrics?: readonly string[] | undefined;
  readonly format?: string | undefined;
}

/** What yargs makes of {@link planOptions}. */
export interface PlanArguments extends ScenarioArguments {
  readonly scenario: string;
  readonly strategy?: readonly string[] | undefined;
  readonly path?: string | undefined;
  readonly largest?: boolean | undefined;
  readonly load?: boolean | undefined;
  readonly survive?: string | undefined;
  readonly partial?: boolean | undefined;
  readonly sensitivity?: boolean | undefined;
  readonly confidence?: string | undefined;
  readonly seed?: number | undefined;
  readonly replications?: number | undefined;
  readonly jobs?: number | undefined;
  readonly out?: string | undefined;
  readonly quiet?: boolean | undefined;
}

/** What yargs makes of {@link riskOptions}. */
export interface RiskArguments extends Omit<PlanArguments, 'strategy'> {
  readonly strategy?: string | undefined;
}

/** What yargs makes of {@link regressOptions}. */
export interface RegressArguments {
  readonly suite: string;
  readonly 'save-baseline'?: boolean | undefined;
  readonly update?: boolean | undefined;
  readonly 'slower-than'?: string | undefined;
  readonly jobs?: number | undefined;
  readonly out?: string | undefined;
  readonly quiet?: boolean | undefined;
}

/** What yargs makes of {@link sweepOptions}. */
export interface SweepArguments extends ScenarioArguments {
  readonly scenario: string;
  readonly vary?: readonly string[] | undefined;
  readonly strategy?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  readonly replications?: number | undefined;
  readonly shard?: string | undefined;
  readonly jobs?: number | undefined;
  readonly out?: string | undefined;
  readonly quiet?: boolean | undefined;
}

/** What yargs makes of {@link mergeOptions}. */
export interface MergeArguments {
  readonly folders: readonly string[];
  readonly out?: string | undefined;
  readonly quiet?: boolean | undefined;
}

/** What yargs makes of {@link rerunOptions}. */
export interface RerunArguments {
  readonly manifest: string;
  readonly jobs?: number | undefined;
  readonly out?: string | undefined;
  readonly quiet?: boolean | undefined;
}

export interface PairArguments {
  readonly scenario: string;
  readonly set?: readonly string[] | undefined;
  readonly plugin?: readonly string[] | undefined;
  readonly method?: string | undefined;
  readonly size?: number | undefined;
  readonly apart?: readonly string[] | undefined;
  readonly utilisation?: string | undefined;
  readonly interval?: string | undefined;
  readonly out?: string | undefined;
  readonly quiet?: boolean | undefined;
}
