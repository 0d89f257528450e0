import { type CsvFile, csvFiles } from '../metrics/columns.ts';

/** docs/columns.md: every CSV file of a result folder, column by column. */
export function columnsMarkdown(): string {
  const files: readonly CsvFile[] = Object.values(csvFiles);
  return `# Columns of the result files

Generated from \`src/metrics/columns.ts\` by \`npm run generate\`. Times (\`_s\`) are seconds since the scenario's start, unless the column says how long something took;
an empty cell means not applicable, never 0; whole numbers are whole, others have 9 significant digits; time averages are exact integrals.
\`summary.csv\`, \`compare.csv\` and \`manifest.json\` lie in the result folder, \`plan.csv\` in that of a plan, the others in \`<strategy>/<replication>/\` below it.

${files.map(section).join('\n')}`;
}

function section({ file, row, order, columns }: CsvFile): string {
  const lines = columns.map(({ name, unit, meaning }) => `| \`${name}\` | ${cell(unit)} | ${cell(meaning)} |`);
  return `## ${file}\n\nOne row: ${row}. Order: ${order}.\n\n| column | unit | meaning |\n|---|---|---|\n${lines.join('\n')}\n`;
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);
