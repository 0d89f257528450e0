import { readScenario } from '../../src/scenario/read.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { DetailFile, Row } from '../../src/metrics/columns.ts';
import type { RunInput, RunResult } from '../../src/simulation/run.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { strategies } from '../../src/strategies/registry.ts';

/** A committed scenario, with `--set` assignments. */
export function scenario(name: string, set: readonly string[] = []): Scenario {
  return readScenario(`scenarios/${name}.yaml`, { set, catalog: { strategies } });
}

/** One run with all its rows. */
export interface Played {
  readonly result: RunResult;
  readonly rows: Readonly<Record<DetailFile, Row[]>>;
  /** The summary row of an app, or of `all`. */
  summary(app: string): Row;
}

/** Plays one run of a scenario and keeps its rows. */
export function play(of: Scenario, label: string, replication = 0, more: Partial<RunInput> = {}): Played {
  const rows: Record<DetailFile, Row[]> = { apps: [], operations: [], switches: [], pods: [], nodes: [] };
  const result = simulate({ scenario: of, label, replication, strategies, sink: { write: (file, row) => rows[file].push(row) }, ...more });
  return {
    result,
    rows,
    summary: (app) => {
      const row = result.summary.find((candidate) => candidate['app'] === app);
      if (!row) throw new Error(`no summary of ${app}`);
      return row;
    },
  };
}
