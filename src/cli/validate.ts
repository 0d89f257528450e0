import type { Argv, CommandModule } from 'yargs';
import { exitCodes } from './exit.ts';
import { loaded } from './load-plugins.ts';
import { type ScenarioArguments, scenarioOptions } from './options.ts';
import { print, say } from './print.ts';
import { ProgressLine } from './progress-line.ts';

interface Arguments extends ScenarioArguments {
  readonly scenario: string;
  readonly resolved?: boolean | undefined;
}

/** `fenshi validate`: all mistakes of a scenario at once, or its values with their origins. */
export const validateCommand = (done: (code: number) => void): CommandModule<object, Arguments> => ({
  command: 'validate <scenario>',
  describe: 'check a scenario without running it',
  builder: (yargs) =>
    yargs
      .positional('scenario', { type: 'string', describe: 'scenario file (YAML)', demandOption: true })
      .options({
        ...scenarioOptions,
        resolved: { type: 'boolean', describe: 'print the complete scenario, each value with where it comes from' },
      })
      .example('$0 validate mine.yaml', 'every mistake, with line and column')
      .example('$0 validate mine.yaml --resolved', 'what the defaults are') as Argv<Arguments>,
  handler: async (given) => {
    const { checkRequests, condensed, planWarnings, readDecoded, renderProblems, resolvedYaml, strategies } = await import('../index.ts');
    const own = await loaded(given.plugin ?? []);
    const catalog = { strategies: [...strategies, ...own.flatMap(({ entries }) => entries)] };
    const decoded = new ProgressLine(false).reading(given.scenario, () => readDecoded(given.scenario, { set: given.set, catalog }));
    if (decoded.warnings.length > 0) say(`Warning: ${renderProblems(decoded.warnings)}`);
    checkRequests(decoded.scenario);
    for (const warning of condensed(planWarnings(decoded.scenario, catalog.strategies), ' (those of a run are in its manifest.json)'))
      say(`Warning: ${warning}`);
    const { name, apps, groups, strategies: uses } = decoded.scenario;
    const counted = (count: number, one: string, many: string): string => `${String(count)} ${count === 1 ? one : many}`;
    const parts = [
      counted(apps.length, 'app', 'apps'),
      counted(groups.length, 'group', 'groups'),
      counted(uses.length, 'strategy', 'strategies'),
    ];
    await print(
      given.resolved === true ? resolvedYaml(decoded, catalog) : `${given.scenario} is valid: ${name} with ${parts.join(', ')}\n`,
    );
    done(exitCodes.ok);
  },
});
