import { defined } from '../base/assert.ts';
import { csvFiles, type DetailFile, type Row } from '../metrics/columns.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { simulate } from '../simulation/simulate.ts';
import { strategies } from '../strategies/registry.ts';
import { decoded, type Written } from './small-scenario.ts';

export type Rows = readonly Row[];
export type Played = Readonly<Record<'summary' | DetailFile, Rows>>;

/** All rows of one run of the first replication. */
export function played(written: Written, label: string): Played {
  const scenario: Scenario = decoded(written);
  const rows: Record<DetailFile, Row[]> = { apps: [], operations: [], switches: [], pods: [], nodes: [] };
  const sink = { write: (file: DetailFile, row: Row) => rows[file].push(row) };
  return { ...rows, summary: simulate({ scenario, label, replication: 0, strategies, sink }).summary };
}

/** How the rows of one run follow from those of the other. */
export interface Relation {
  /** Columns of which nothing is claimed. */
  readonly but?: readonly string[];
  /** By unit: what a number of the first run is multiplied by; 1 if left out. */
  readonly factors?: Readonly<Record<string, number>>;
  /** How far numbers may be apart, relative to the larger; 0 if left out. */
  readonly tolerance?: number;
  /** What becomes of text. */
  readonly text?: (text: string) => string;
}

/** Whether `b` has the rows of `a`, as the relation has it. */
export function related(file: keyof Played, a: Rows, b: Rows, { but = [], factors = {}, tolerance = 0, text }: Relation = {}): boolean {
  if (a.length !== b.length) return false;
  const columns = csvFiles[file].columns.filter(({ name }) => !but.includes(name));
  return a.every((row, i) =>
    columns.every(({ name, unit }) => {
      const [x, y] = [row[name], (b[i] as Row)[name]];
      if (typeof x === 'number' && typeof y === 'number') {
        const wanted = x * (factors[unit] ?? 1);
        return Math.abs(wanted - y) <= tolerance * Math.max(Math.abs(wanted), Math.abs(y), 1);
      }
      return (typeof x === 'string' && text ? text(x) : x) === y;
    }),
  );
}

/** The rows of one app. */
export const ofApp = (rows: Rows, app: string): Rows => rows.filter((row) => row['app'] === app);

/** A number of the summary of an app. */
export const summaryNumber = ({ summary }: Played, app: string, column: string): number =>
  Number(defined(ofApp(summary, app)[0], app)[column]);
