/** One mistake in a user's input: where, what was read, what would be right. */
export interface Issue {
  /** Path of keys from the root of the document, e.g. `['apps', 'pay', 'service', 'time']`. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** A known word near the one that was read. */
  readonly suggestion?: string | undefined;
}

/** The user's mistake, or several: printed without a stack trace. Exit code 2. */
export class InputError extends Error {
  override readonly name: string = 'InputError';
}

/** A plug-in threw, returned nonsense or took too long. Exit code 2; the message names strategy, simulated time and app. */
export class PluginError extends InputError {
  override readonly name: string = 'PluginError';
}

/** A result could not be written. Exit code 74. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}
