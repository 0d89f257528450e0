import type { LoadedPlugin } from '../index.ts';
import { exitCodes } from './exit.ts';
import { say } from './print.ts';

/**
 * Loads plug-in files; what a file does to the process while it is loaded (ends it, never comes to an end, leaves a promise broken) is reported as its own mistake, exit code 2.
 * Its code runs in this thread: an endless loop in it can only be interrupted.
 */
export async function loaded(files: readonly string[]): Promise<readonly LoadedPlugin[]> {
  const { loadPlugins, PluginError, strategies } = await import('../index.ts');
  const ended = (): void => {
    say(`${files.join(', ')}: ended the process while it was loaded, or never finished loading`);
    process.exitCode = exitCodes.invalid;
  };
  const reasons: unknown[] = [];
  const broken = (reason: unknown): void => {
    reasons.push(reason);
  };
  process.prependOnceListener('exit', ended).on('unhandledRejection', broken).on('uncaughtException', broken);
  try {
    const plugins = await loadPlugins(files, strategies);
    if (files.length > 0) await new Promise((resolve) => setImmediate(resolve)); // a broken promise is reported after what is under way
    if (reasons.length === 0) return plugins;
    const [reason] = reasons;
    throw new PluginError(`${files.join(', ')}: failed while it was loaded: ${reason instanceof Error ? reason.message : String(reason)}`);
  } finally {
    process.off('exit', ended).off('unhandledRejection', broken).off('uncaughtException', broken);
  }
}
