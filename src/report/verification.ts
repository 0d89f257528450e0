import type { ClaimRow } from '../verify/verification.ts';
import type { ClaimGroup, Effort } from '../verify/group.ts';
import { fixed, none } from './numbers.ts';
import { alignedTable, wrapped } from './table.ts';

/** `value` with six significant digits at most: `0.0526`, `2.5e-12`, `48,077`. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return String(Number(value.toPrecision(2)));
  return Number.isInteger(value) ? fixed(value) : String(Number(value.toPrecision(6)));
}

const margin = ({ within, level }: ClaimRow): string =>
  within === undefined
    ? none
    : within === 0
      ? '0'
      : `±${String(Number(within.toPrecision(2)))}${level === undefined ? '' : ` (${String(100 * level)} %)`}`;

/** How far off, in percent of what was expected. */
const error = ({ expected, measured }: ClaimRow): string => {
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

/** docs/validation.md: every claim with its source, as a full run found it. */
export function validationMarkdown(
  groups: readonly ClaimGroup[],
  rows: readonly ClaimRow[],
  made: Pick<Effort, 'seed'> & { readonly version: string },
): string {
  const section = ({ name, title }: ClaimGroup): string => {
    const lines = rows
      .filter(({ group }) => group === name)
      .map((row) => [
        row.name,
        row.source,
        figure(row.expected),
        figure(row.measured),
        error(row),
        margin(row),
        row.unit,
        fixed(row.cases),
        verdict(row),
      ]);
    return `## ${name}\n\n${title}.\n\n| claim | source | expected | measured | off by | within | unit | cases | |\n|---|---|--:|--:|--:|--:|---|--:|---|\n${lines.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')}\n`;
  };
  return `# What fenshi has been checked against

Made by \`npm run validate-docs\`: what \`fenshi verify --seed ${String(made.seed)}\` of version ${made.version} found. The same seed and version give the same numbers.

*Off by*: measured minus expected, in percent of expected. *Within*: how far measured may be from expected; with a level, half the width of the Student t interval of that many replications, which must contain the expected value and be at most 2 % of it.
*Cases*: how many were tried or averaged. *Reported*: an error of the model that is published, without a verdict; *within* is then half the interval of the expected value, which was measured too.

${verificationSummary(rows)}.

${groups.map(section).join('\n')}`;
}

/** How often theory lay in the interval of each claim of the group, over runs with several seeds: of docs/validation.md. */
export function seedsMarkdown({ name }: ClaimGroup, seeds: readonly number[], runs: readonly (readonly ClaimRow[])[]): string {
  const [first = []] = runs;
  const outside = first.map((_, i) =>
    seeds.filter((_seed, run) => {
      const row = runs[run]?.[i];
      return !(row && Math.abs(row.measured - row.expected) <= (row.within ?? 0));
    }),
  );
  const inside = outside.reduce((sum, failed) => sum + seeds.length - failed.length, 0);
  const lines = first.map(
    (row, i) => `| ${cell(row.name)} | ${String(seeds.length - (outside[i]?.length ?? 0))} | ${outside[i]?.join(', ') || none} |`,
  );
  return `## ${name}, ${String(seeds.length)} seeds

\`fenshi verify --quick --only ${name}\` with the seeds ${String(seeds[0])} to ${String(seeds.at(-1))}, fixed beforehand: fewer requests and wider intervals than above, at the same level of 99.9 %. Theory lies in ${fixed(inside)} of ${fixed(first.length * seeds.length)} intervals; of a thousand one misses it by chance. (Some claims fail there besides because their interval is too wide for a quick run.)

| claim | in the interval | not with seeds |
|---|--:|---|
${lines.join('\n')}
`;
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);
