import { ResultFolder } from '../output/result-folder.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { defaultJobs } from './jobs.ts';
import { type Plan, plan, type PlanOptions } from './plan.ts';
import { variations } from './worlds.ts';
import { type Variation, writePlan } from './write-plan.ts';

export interface PlannedOptions extends PlanOptions {
  readonly out: string;
  /** Whether to ask how the answers move when something is a tenth more or less. */
  readonly sensitivity: boolean;
  /** The scenario with more `--set`, as the text of a file that begins with a comment. */
  readonly resolved: (set: readonly string[], comment: string) => string;
  readonly onVariation?: ((name: string) => void) | undefined;
}

export interface Planned {
  readonly plan: Plan;
  readonly variations: readonly Variation[];
  readonly folder: string;
  /** Scenario files in it, by strategy. */
  readonly files: ReadonlyMap<string, string>;
}

/** Plans, asks how the answers move, and writes the result folder; undefined where it was interrupted, which leaves everything as it was. */
export async function planExperiment(read: (set: readonly string[]) => Scenario, options: PlannedOptions): Promise<Planned | undefined> {
  const started = new Date();
  const folder = new ResultFolder(options.out);
  try {
    const found = await plan(read, options);
    if (found.interrupted) return undefined;
    const answers = new Map(found.strategies.map(({ strategy, answer }) => [strategy, answer?.value]));
    const others: Variation[] = [];
    for (const { name, change } of options.sensitivity ? variations : []) {
      options.onVariation?.(name);
      const worlds = options.worlds.map((world) => ({ name: world.name, change: (scenario: Scenario) => change(world.change(scenario)) }));
      const knob = { ...options.knob, start: (label: string) => answers.get(label) ?? options.knob.values.at(-1) };
      const other = await plan(read, { ...options, worlds, knob });
      if (other.interrupted) return undefined;
      others.push({ name, plan: other });
    }
    const { command = 'fenshi', set = [], plugins = [], jobs = defaultJobs(), resolved } = options;
    const given = { command, file: found.scenario.file, set, plugins };
    const files = writePlan(folder, found, { variations: others, given, jobs, started, resolved });
    const labels = [...found.strategies.map(({ strategy }) => strategy), ...found.broken.keys()];
    return {
      plan: found,
      variations: others,
      folder: folder.publish(found.failures.length > 0 ? 'failed' : 'complete', labels).folder,
      files,
    };
  } finally {
    folder.discard();
  }
}
