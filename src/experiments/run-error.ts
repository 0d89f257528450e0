import { InputError, OutputError, PluginError } from '../base/errors.ts';

/** A run that broke off without the user's fault: a bug, a failed check, a worker that died. Exit code 70; the message names the seed and the command that repeats it. */
export class RunError extends Error {
  override readonly name = 'RunError';
  /** Stack trace of the cause, for a bug report. */
  readonly trace: string | undefined;

  constructor(message: string, trace?: string) {
    super(message);
    this.trace = trace;
  }
}

/** An error as it crosses from a worker: structured clones lose their class. */
export interface PlainError {
  readonly family: 'plugin' | 'input' | 'output' | 'other';
  readonly message: string;
  readonly trace: string | undefined;
}

export function plainError(error: unknown): PlainError {
  const family =
    error instanceof PluginError ? 'plugin' : error instanceof InputError ? 'input' : error instanceof OutputError ? 'output' : 'other';
  if (error instanceof Error) return { family, message: error.message, trace: error.stack };
  return { family, message: `threw ${JSON.stringify(error)}`, trace: undefined };
}
