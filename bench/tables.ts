import { fixed } from '../src/report/numbers.ts';
import { alignedTable, type TableColumn } from '../src/report/table.ts';
import type { Finding } from './findings.ts';
import type { Measured } from './measurement.ts';

/** Rows under their heads. */
export interface Table {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
}

const column = (head: string, align: TableColumn['align'] = 'left'): TableColumn => ({ head, align });
/** Digits of a hash that are shown. */
const shown = 8;

/** A row for each measurement. */
export const measuredTable = (all: readonly Measured[]): Table => ({
  columns: [
    column('group'),
    column('measured'),
    column('work', 'right'),
    column('CPU s', 'right'),
    column('per CPU s', 'right'),
    column('wall s', 'right'),
    column('peak MiB', 'right'),
    column('result'),
    column('note'),
  ],
  rows: all.map(({ measurement: { group, name, unit, job }, sample }) => [
    group,
    name,
    `${fixed(sample.work)} ${unit}`,
    fixed(sample.cpuSeconds, 2),
    fixed(sample.work / sample.cpuSeconds),
    // A kernel's process also prepares what is then timed.
    job.kind === 'run' ? fixed(sample.wallSeconds, 2) : '',
    fixed(sample.peakMiB),
    sample.hash.slice(0, shown),
    sample.note ?? '',
  ]),
});

/** A row for each thing that follows. */
export const findingsTable = (all: readonly Finding[]): Table => ({
  columns: [column('what follows'), column('value', 'right'), column('detail')],
  rows: all.map(({ of, value, detail }) => [of, value, detail]),
});

export const onScreen = ({ columns, rows }: Table): string => alignedTable(columns, rows).join('\n');

export function asMarkdown({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(columns.map(({ head }) => head)),
    line(columns.map(({ align }) => (align === 'left' ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n');
}
