import { existsSync, writeFileSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { command } from './command.ts';
import { exitCodes } from './exit.ts';
import { say } from './print.ts';
import { starter } from './starter.ts';

/** `fenshi init`: a scenario to begin with. */
export const initCommand = (done: (code: number) => void): CommandModule<object, { readonly path: string }> => ({
  command: 'init [path]',
  describe: 'write a small scenario with comments to begin with',
  builder: (yargs) =>
    yargs
      .positional('path', { type: 'string', describe: 'file to write; never overwritten', default: 'mine.yaml' })
      .example('$0 init mine.yaml', `then compare it: ${command} compare mine.yaml`),
  handler: async ({ path }) => {
    const { InputError, OutputError } = await import('../index.ts');
    if (existsSync(path)) throw new InputError(`${path} exists; init never overwrites a file`);
    try {
      writeFileSync(path, starter(command), { flag: 'wx' });
    } catch (error) {
      throw new OutputError(`cannot write ${path}: ${(error as Error).message}`, { cause: error });
    }
    say(`Wrote ${path}. Next: ${command} validate ${path}\nThen: ${command} compare ${path}`);
    done(exitCodes.ok);
  },
});
