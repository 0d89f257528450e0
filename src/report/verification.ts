import type { ClaimRow } from '../verify/verification.ts';
import type { ClaimGroup } from '../verify/group.ts';
import { fixed, none } from './numbers.ts';
import { alignedTable, wrapped } from './table.ts';

/** `value` with six significant digits at most: `0.0526`, `2.5e-12`, `48,077`. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return String(Number(value.toPrecision(2)));
  return Number.isInteger(value) ? fixed(value) : String(Number(value.toPrecision(6)));
}

/** How far measured may be from expected. */
export const margin = ({ within, level }: ClaimRow): string =>
  within === undefined
    ? none
    : within === 0
      ? '0'
      : `±${String(Number(within.toPrecision(2)))}${level === undefined ? '' : ` (${String(100 * level)} %)`}`;

/** How far off, in percent of what was expected. */
export const error = ({ expected, measured }: ClaimRow): string => {
  if (expected === 0 || expected === measured) return expected === measured ? '0 %' : none;
  const percent = ((measured - expected) / Math.abs(expected)) * 100;
  return `${percent < 0 ? '−' : '+'}${figure(Number(Math.abs(percent).toPrecision(2)))} %`;
};

/** What became of a claim. */
export const verdict = ({ held }: Pick<ClaimRow, 'held'>): string => (held === undefined ? '· reported' : held ? '✓ holds' : '✗ fails');

/** The claims of one group under its title. */
export function claimTable({ name, title }: ClaimGroup, rows: readonly ClaimRow[]): string {
  const heads = ['claim', 'expected', 'measured', 'off by', 'within', 'unit', 'cases', ''];
  const columns = heads.map((head, i) => ({ head, align: i === 0 || i === 5 || i === 7 ? ('left' as const) : ('right' as const) }));
  const lines = rows.map((row) => {
    const { expected, measured, unit, cases } = row;
    return [row.name, figure(expected), figure(measured), error(row), margin(row), unit, fixed(cases), verdict(row)];
  });
  return `${[`${name}: ${title}`, ...alignedTable(columns, lines)].join('\n')}\n`;
}

/** One sentence about all: how many claims there are and whether they hold; those that do not, with their sources. */
export function verificationSummary(rows: readonly ClaimRow[], width = 140): string {
  const judged = rows.filter(({ held }) => held !== undefined);
  const failed = judged.filter(({ held }) => held === false);
  const published = rows.length - judged.length;
  const also = published === 0 ? '' : `; ${String(published)} ${published === 1 ? 'error is' : 'errors are'} reported without a verdict`;
  if (failed.length === 0) return `${judged.length === 1 ? '1 claim: it holds' : `${String(judged.length)} claims: all hold`}${also}`;
  return [
    `${String(judged.length)} claims: ${failed.length === 1 ? 'one does not hold' : `${String(failed.length)} do not hold`}${also}`,
    ...failed.flatMap(({ group, name, source, expected, measured }) =>
      wrapped(`✗ ${group}: ${name}: expected ${figure(expected)}, measured ${figure(measured)} (${source})`, width),
    ),
  ].join('\n');
}
