import { getHeapStatistics } from 'node:v8';
import { InputError, OutputError, PluginError } from '../base/errors.ts';
import { inSeconds, type Time } from '../base/units.ts';
import { clockLabel } from '../base/wall-clock.ts';
import { checkCount } from '../simulation/checks.ts';
import type { RunResult } from '../simulation/run.ts';
import { type Fault, outOfMemory } from './pool.ts';
import { type Given, repeatCommand } from './repeat-command.ts';
import { RunError } from './run-error.ts';
import type { RunTask } from './run-task.ts';

/** A fault as the error to end with: the plug-in's or strategy's where it happened inside a decision, else a bug with the command that repeats it. */
export function explainFault(given: Given, { scenario, label, replication }: RunTask, fault: Fault): Error {
  const seed = scenario.seed + replication;
  const when = (at: Time): string => `at ${clockLabel(at, scenario.calendar)} (${String(inSeconds(at))} s)`;
  const repeat = `\nThe command that repeats it: ${repeatCommand(given, label, seed)}`;
  switch (fault.kind) {
    case 'slow':
      return new PluginError(
        `strategy ${label} took more than ${String(fault.seconds)} s for its decision ${when(fault.at)}, replication ${String(replication)}, seed ${String(seed)}${repeat}`,
      );
    case 'died':
      if (fault.at !== undefined)
        return new PluginError(`strategy ${label} ended its worker during its decision ${when(fault.at)}: ${fault.why}${repeat}`);
      if (fault.why === outOfMemory)
        return new InputError(
          `the run of ${label}, replication ${String(replication)}, ran out of memory: a worker may take ${String(Math.round(getHeapStatistics().heap_size_limit / 1_048_576))} MiB of it. Pods need about 2 KiB each; ask for fewer, or give more: NODE_OPTIONS=--max-old-space-size=8000 (MiB), and --jobs 1`,
        );
      return new RunError(`the run of ${label}, replication ${String(replication)}, seed ${String(seed)}, died: ${fault.why}${repeat}`);
    case 'threw': {
      const { family, message, trace } = fault.error;
      if (family === 'plugin') return new PluginError(`${message}${repeat}`);
      if (family === 'input') return new InputError(message);
      if (family === 'output') return new OutputError(message);
      if (fault.at !== undefined) return new PluginError(`strategy ${label} failed in its decision ${when(fault.at)}: ${message}${repeat}`);
      return new RunError(
        `the run of ${label}, replication ${String(replication)}, seed ${String(seed)}, failed: ${message}${repeat}`,
        trace,
      );
    }
  }
}

/** The run's checks that did not hold, each as a sentence with the command that repeats the run. */
export function brokenChecks(run: RunResult, given: Given): readonly string[] {
  if (run.checks.length < checkCount)
    return [
      `${String(run.checks.length)} of ${String(checkCount)} checks ran for ${run.label}, replication ${String(run.replication)}, seed ${String(run.seed)}\n  repeat: ${repeatCommand(given, run.label, run.seed)}`,
    ];
  return run.checks
    .filter(({ held }) => !held)
    .map(
      ({ name, detail }) =>
        `check "${name}" failed for ${run.label}, replication ${String(run.replication)}, seed ${String(run.seed)}: ${detail}\n  repeat: ${repeatCommand(given, run.label, run.seed)}`,
    );
}
