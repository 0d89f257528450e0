/** How fenshi was called and the scenario was read, as far as a command line can say it again. */
export interface Given {
  /** The words in front of `run`. */
  readonly command: string;
  readonly file: string;
  /** `PATH=VALUE`, in order. */
  readonly set: readonly string[];
  readonly plugins: readonly string[];
}

/** The command that repeats one run on its own. */
export const repeatCommand = (given: Given, label: string, seed: number): string =>
  said(given, 'run', ['--strategy', label], ['--seed', String(seed), '--replications', '1']);

/** The command that compares the scenario’s strategies. */
export const compareCommand = (given: Given): string => said(given, 'compare');

function said({ command, file, set, plugins }: Given, what: string, first: readonly string[] = [], last: readonly string[] = []): string {
  return [command, ...[what, file, ...first, ...options('--set', set), ...options('--plugin', plugins), ...last].map(quoted)].join(' ');
}

const options = (name: string, values: readonly string[]): string[] => values.flatMap((value) => [name, value]);

/** A word as a POSIX shell reads it back. */
const quoted = (word: string): string => (/^[\p{L}\p{N}_./:=,%+@-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);
