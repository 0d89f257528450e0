import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PluginError } from '../base/errors.ts';
import { sha256 } from '../output/manifest.ts';
import { defineStrategy, type Plugin, type StrategyEntry } from '../strategies/strategy.ts';

/** A plug-in file that was loaded. */
export interface LoadedPlugin {
  /** As given. */
  readonly file: string;
  readonly sha256: string;
  readonly entries: readonly StrategyEntry[];
}

/** Loads plug-in files in order. Whatever is wrong with one is a {@link PluginError} that names it, also a strategy name that is taken. */
export async function loadPlugins(files: readonly string[], builtIn: readonly StrategyEntry[]): Promise<readonly LoadedPlugin[]> {
  const taken = new Map(builtIn.map(({ name }) => [name, 'fenshi itself']));
  const plugins: LoadedPlugin[] = [];
  for (const file of files) {
    const plugin = await loadPlugin(file);
    for (const { name } of plugin.entries) {
      const owner = taken.get(name);
      if (owner !== undefined) throw new PluginError(`${file}: the strategy name "${name}" is taken by ${owner}`);
      taken.set(name, file);
    }
    plugins.push(plugin);
  }
  return plugins;
}

async function loadPlugin(file: string): Promise<LoadedPlugin> {
  const path = resolve(file);
  const text = readPlugin(file, path);
  const plugin = defaultExport(await importPlugin(file, path));
  if (typeof plugin !== 'function')
    throw new PluginError(`${file}: needs a default export that is a function: export default (define) => [define.strategy({ … })]`);
  let entries: unknown;
  try {
    entries = (plugin as Plugin)({ strategy: defineStrategy });
  } catch (error) {
    throw new PluginError(`${file}: its default export threw: ${firstLines(error)}`, { cause: error });
  }
  if (!Array.isArray(entries))
    throw new PluginError(
      `${file}: its default export returned ${kindOf(entries)}; it must return a list of strategies made with define.strategy`,
    );
  for (const [index, entry] of entries.entries()) requireEntry(file, index, entry);
  return { file, sha256: sha256(text), entries: entries as readonly StrategyEntry[] };
}

function readPlugin(file: string, path: string): Uint8Array {
  try {
    if (!statSync(path).isFile()) throw new PluginError(`${file}: is not a file`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof PluginError) throw error;
    throw new PluginError(`${file}: cannot be read: ${(error as Error).message.replace(/, .*$/, '')}`, { cause: error });
  }
}

async function importPlugin(file: string, path: string): Promise<unknown> {
  try {
    if (/\.[cm]?ts$/.test(path)) await registerTypeScript();
    return await import(pathToFileURL(path).href);
  } catch (error) {
    throw new PluginError(`${file}: cannot be loaded: ${firstLines(error)}`, { cause: error });
  }
}

let registered = false;

/** Lets this thread import TypeScript, as ES module or CommonJS. The sources themselves already run through a loader; dist does not. */
async function registerTypeScript(): Promise<void> {
  if (registered || import.meta.url.endsWith('.ts')) return;
  const [commonJs, esModule] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]);
  commonJs.register();
  esModule.register();
  registered = true;
}

/** A file that is taken for CommonJS (a `.ts` outside a package of type "module") has its default export one level further down. */
function defaultExport(module: unknown): unknown {
  const outer = (module as { readonly default?: unknown }).default;
  return typeof outer === 'object' && outer !== null && 'default' in outer ? outer.default : outer;
}

function requireEntry(file: string, index: number, entry: unknown): void {
  const { name, summary, options, create } = (typeof entry === 'object' && entry !== null ? entry : {}) as Partial<
    Record<keyof StrategyEntry, unknown>
  >;
  const wrong =
    typeof name !== 'string' || !/^\p{L}[\p{L}\p{N}._-]{0,62}$/u.test(name)
      ? 'has no name of letters, digits, . _ -'
      : typeof summary !== 'string'
        ? `"${name}" has no summary`
        : typeof options !== 'function' || typeof create !== 'function'
          ? `"${name}" lacks options(kit) or create(options, uniform)`
          : undefined;
  if (wrong !== undefined) throw new PluginError(`${file}: strategy ${String(index + 1)} of its list ${wrong}`);
}

const kindOf = (value: unknown): string =>
  value instanceof Promise ? 'a promise' : value === null ? 'null' : typeof value === 'object' ? 'an object' : typeof value;

/** The first three lines of a message: enough for the place of a syntax error. */
function firstLines(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 3).join(' ');
}
