import { decodeScenario, type Decoded } from './decode.ts';
import { openFile, streamFile } from './files.ts';
import type { ScenarioSource } from './layers.ts';
import type { Scenario } from './scenario.ts';
import { ScenarioError } from './scenario-error.ts';
import type { Catalog } from './strategy-uses.ts';

export interface ReadOptions {
  /** `--set PATH=VALUE` arguments, in their order. */
  readonly set?: readonly string[] | undefined;
  readonly catalog: Catalog;
}

/** Reads and decodes the scenario in the file at `path`; throws a {@link ScenarioError}. What it names is read by `files.ts` alone. */
export const readScenario = (path: string, options: ReadOptions): Scenario => readDecoded(path, options).scenario;

/** As {@link readScenario}, with the warnings and the origin of every value. */
export function readDecoded(path: string, { set, catalog }: ReadOptions): Decoded {
  return decodeScenario(sourceAt(path, set), catalog);
}

function sourceAt(path: string, set: readonly string[] | undefined): ScenarioSource {
  const opened = openFile(path);
  if ('error' in opened)
    throw new ScenarioError([
      { path: [], message: opened.error.replace(`${path} `, ''), place: { source: { kind: 'file', name: path, text: '' } } },
    ]);
  return { file: path, text: opened.text, set, open: openFile, stream: streamFile };
}
