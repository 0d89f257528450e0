import { fixed, none } from '../src/report/numbers.ts';
import { error, figure, margin, verdict, verificationSummary } from '../src/report/verification.ts';
import type { ClaimGroup, Effort } from '../src/verify/group.ts';
import type { ClaimRow } from '../src/verify/verification.ts';

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

*Off by*: measured minus expected, in percent of expected. *Within*: how far measured may be from expected; with a level, half the width of the Student t interval of that many replications, which must contain the expected value and be at most 2 % of it (of the fluid beside single requests: of the interval of the expected value, and 1 % of it, the step of the fluid's grid of responses).
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
