import { compare } from '../src/experiments/run-experiment.ts';
import { screen } from '../src/report/screen.ts';
import { readScenario } from '../src/scenario/read.ts';
import { strategies } from '../src/strategies/registry.ts';

/** What `npm start` prints: the same on every machine. */
export async function startScreen(): Promise<string> {
  const scenario = readScenario('scenarios/double11.yaml', { catalog: { strategies } });
  return screen({ ...(await compare(scenario)), folder: `results/${scenario.name}` }, { bold: false });
}

/** The README with `text` in the block that begins with the title of `npm start`'s screen. */
export function withScreen(readme: string, text: string): string {
  return readme.replace(/(prints this:\n\n```\n)[^]*?(```\n)/, (_, before: string, after: string) => before + text + after);
}
