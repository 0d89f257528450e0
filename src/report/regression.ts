import type { Regression } from '../experiments/regress/regress.ts';
import { conclusion, findings, heading, subjectOf, tally } from './regression-findings.ts';
import { alignedTable, printable } from './table.ts';

const columns = ['scenario', 'strategy', 'behaviour', 'metrics'].map((head) => ({ head, align: 'left' as const }));

/** What a regression has found, as text; `accepted` stands in the place of its conclusion. Ends with a line feed. */
export function regressionText(regression: Regression, accepted?: string): string {
  const found = findings(regression).map((finding) => [
    `${subjectOf(finding)}: ${finding.title}`,
    ...finding.lines.map((line) => `  ${line}`),
  ]);
  const blocks = [[heading(regression), '', ...alignedTable(columns, rows(regression))], ...found, [accepted ?? conclusion(regression)]];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const rows = ({ cases }: Regression): readonly (readonly string[])[] =>
  cases.flatMap((each) =>
    each.strategies.length + each.broken.length === 0
      ? [[each.name, '', 'not compared']]
      : [
          ...each.broken.map(({ strategy }) => [each.name, strategy, 'breaks off', '']),
          ...each.strategies.map(({ strategy, behaviour }) => [
            each.name,
            strategy,
            behaviour === undefined ? 'same' : `changed in ${String(behaviour.changed.length)} of ${String(behaviour.replications)}`,
            tally(each, strategy),
          ]),
        ],
  );

/** In Markdown, that what is done now was accepted; `text` says what has changed. */
export const acceptedMarkdown = (suite: string, text: string): string =>
  `### Accepted\n\n${suite}\n\n${'`'.repeat(8)}\n${text.trimEnd()}\n${'`'.repeat(8)}\n`;

/** In Markdown, that there is no verdict. */
export const noVerdictMarkdown = (suite: string, message: string): string =>
  `### NO VERDICT\n\n${suite}\n\n${'`'.repeat(8)}\n${message}\n${'`'.repeat(8)}\n`;

/** Findings that a summary of a CI job shows: GitHub takes 1 MiB. */
const mostFindings = 200;

/** The same in Markdown, for the summary of a CI job. */
export function regressionMarkdown(regression: Regression): string {
  const cell = (text: string): string =>
    printable(text)
      .replaceAll('|', String.raw`\|`)
      .replaceAll('<', '&lt;');
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  const table = [line(columns.map(({ head }) => head)), line(columns.map(() => '---')), ...rows(regression).map((row) => line(columns.map((_, i) => row[i] ?? '')))]; // prettier-ignore
  const all = findings(regression);
  const found = all.slice(0, mostFindings).map((finding) => {
    // A fence longer than any that a name could hold.
    const fence = '`'.repeat(8);
    const body = finding.lines.length === 0 ? [] : [fence, ...finding.lines, fence];
    return [`**${cell(subjectOf(finding))}: ${cell(finding.title)}**`, ...body].join('\n');
  });
  return `${[`### ${cell(conclusion(regression))}`, cell(heading(regression)), table.join('\n'), ...found, ...(all.length > mostFindings ? [`${String(all.length - mostFindings)} more`] : [])].join('\n\n')}\n`;
}
