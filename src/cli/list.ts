import type { Argv, CommandModule } from 'yargs';
import type { CsvFile } from '../index.ts';
import { exitCodes } from './exit.ts';
import { loaded } from './load-plugins.ts';
import { scenarioOptions } from './options.ts';
import { print } from './print.ts';

const subjects = ['strategies', 'shapes', 'columns'] as const;

interface Arguments {
  readonly what: (typeof subjects)[number];
  readonly plugin?: readonly string[] | undefined;
}

/** `fenshi list`: what a scenario can name, and what a result folder holds. */
export const listCommand = (done: (code: number) => void): CommandModule<object, Arguments> => ({
  command: 'list <what>',
  describe: 'list strategies, festival shapes, or the columns of the result files',
  builder: (yargs) =>
    yargs
      .positional('what', { choices: subjects, describe: 'what to list', demandOption: true })
      .options({ plugin: scenarioOptions.plugin })
      .example('$0 list strategies', 'what can stand under strategies: in a scenario')
      .example('$0 list columns', 'every column of every file, with unit and formula') as Argv<Arguments>,
  handler: async ({ what, plugin }) => {
    const rows = await listed(what, plugin ?? []);
    const { alignedTable } = await import('../index.ts');
    const [head = [], ...lines] = rows;
    await print(`${alignedTable(head.map((text) => ({ head: text, align: 'left' as const })), lines).join('\n')}\n`); // prettier-ignore
    done(exitCodes.ok);
  },
});

async function listed(what: Arguments['what'], plugins: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { csvFiles, festivalShapes, printable, strategies } = await import('../index.ts');
  switch (what) {
    case 'strategies': {
      const added = await loaded(plugins);
      const own = strategies.map(({ name, summary }) => [name, 'fenshi', summary]);
      return [
        ['strategy', 'from', 'summary'],
        ...own,
        ...added.flatMap(({ file, entries }) => entries.map(({ name, summary }) => [name, printable(file), printable(summary)])),
      ];
    }
    case 'shapes':
      return [['shape', 'summary'], ...festivalShapes.map(({ name, summary }) => [name, summary])];
    case 'columns': {
      const files: readonly CsvFile[] = Object.values(csvFiles);
      return [
        ['file', 'column', 'unit', 'meaning'],
        ...files.flatMap(({ file, columns }) => columns.map(({ name, unit, meaning }) => [file, name, unit, meaning])),
      ];
    }
  }
}
