import { z } from 'zod';
import { PluginError } from '../base/errors.ts';
import { show } from '../base/quantity.ts';
import { didYouMean } from '../base/suggest.ts';
import { type Platform, platformKeys, platformSpec } from '../operations/platform.ts';
import type { Kit, StrategyEntry } from '../strategies/strategy.ts';
import { decodeAt, keysOf, located, type Report } from './issues.ts';
import { createKit, type Known } from './kit.ts';
import { merge } from './merge.ts';
import { complaintAboutName } from './names.ts';
import type { StrategyUse } from './scenario.ts';
import { pathText } from './scenario-error.ts';
import { child, plain, withEntry, type Written, type WrittenEntry, type WrittenMapping } from './written.ts';

/** What a scenario may choose from. */
export interface Catalog {
  readonly strategies: readonly StrategyEntry[];
}

interface Context {
  readonly root: WrittenMapping;
  readonly known: Known;
  /** Undefined where it could not be decoded. */
  readonly platform: Platform | undefined;
  readonly catalog: Catalog;
  readonly report: Report;
}

const section = 'strategies';

/** The strategies of a scenario, in their order; those with mistakes are reported and left out. */
export function decodeStrategies(context: Context): readonly StrategyUse[] {
  const { root, report } = context;
  const value = root.entries.get(section)?.value;
  if (value?.kind !== 'mapping' || value.entries.size === 0) {
    const read = value === undefined || value.kind !== 'scalar' ? '' : `read ${show(value.value)}: `;
    report(
      located(root, {
        path: [section],
        message: `${value === undefined ? 'missing: ' : read}expected at least one strategy, such as static-peak: { utilisation: 75% }`,
      }),
    );
    return [];
  }
  const folders = new Map<string, string>();
  return [...value.entries].flatMap(([label, entry]) => {
    const other = folders.get(label.toLowerCase());
    folders.set(label.toLowerCase(), label);
    const complaint =
      complaintAboutName(label) ??
      (other === undefined ? undefined : `differs from ${other} by case only: the folders of their results would be one on some systems`);
    if (complaint !== undefined) report(located(root, { path: [section, label], message: complaint, aim: 'key' }));
    return decodeUse(context, label, entry) ?? [];
  });
}

function decodeUse({ root, known, platform, catalog, report }: Context, label: string, { value }: WrittenEntry): StrategyUse | undefined {
  const path = [section, label];
  if (value.kind !== 'mapping' && !(value.kind === 'scalar' && value.value === null)) {
    report(
      located(root, {
        path,
        message: `read ${value.kind === 'list' ? 'a list' : show(value.value)}: expected a mapping of options, or nothing`,
      }),
    );
    return undefined;
  }
  const entries: ReadonlyMap<string, WrittenEntry> = value.kind === 'mapping' ? value.entries : new Map();
  const chosen = chooseStrategy(root, label, entries.get('use')?.value, catalog, report);
  if (chosen === undefined) return undefined;

  const schema = optionsSchema(chosen, createKit(known));
  const own = keysOf(schema);
  const isOverride = (key: string): boolean => platformKeys.includes(key) && !own.includes(key);
  const given: Written = part(value, entries, (key) => key !== 'use' && !isOverride(key));
  const overriding: Written = part(value, entries, isOverride);
  const inPlace = (replacement: Written): WrittenMapping => replaced(root, label, replacement);
  const optionsAt = inPlace(given);
  const options = guarded(chosen, () =>
    decodeAt(
      schema.transform((decoded) => ({ decoded })),
      optionsAt,
      path,
      report,
      ['use', ...platformKeys],
    ),
  );
  if (options !== undefined) requirePlain(chosen, options.decoded);
  const base = root.entries.get('platform')?.value;
  const ownPlatform =
    overriding.entries.size === 0
      ? platform
      : decodeAt(platformSpec(createKit(known).time()), inPlace(base ? merge(base, overriding) : overriding), path, report);
  if (options !== undefined && ownPlatform?.information === 'none' && guarded(chosen, () => chosen.needsForecast(options.decoded))) {
    report(
      located(root, {
        path,
        message: `${chosen.name} needs a forecast, but the platform says information: none; give it forecast or perfect, or leave the strategy out`,
        aim: 'key',
      }),
    );
  }
  if (chosen.needsPerfect && ownPlatform !== undefined && ownPlatform.information !== 'perfect')
    report(
      located(root, {
        path,
        message: `${chosen.name} plans by what will really come, but the platform says information: ${ownPlatform.information}; give it { information: perfect }, or leave the strategy out`,
        aim: 'key',
      }),
    );
  if (options === undefined || ownPlatform === undefined) return undefined;
  return { label, use: chosen.name, options: options.decoded, given: plain(given), platform: ownPlatform, overrides: leaves(overriding) };
}

/** The schema of the strategy's options; a plug-in whose `options` throws or returns none is its author's mistake. */
export function optionsSchema(entry: StrategyEntry, kit: Kit): z.ZodType {
  const schema: unknown = guarded(entry, () => entry.options(kit));
  if (schema instanceof z.ZodType) return schema;
  throw new PluginError(
    `strategy ${entry.name}: options(kit) returned ${show(schema)} instead of a schema such as kit.z.strictObject({ … })`,
  );
}

function guarded<T>({ name }: StrategyEntry, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new PluginError(
      `strategy ${name}: its options threw: ${error instanceof Error ? `${error.name}: ${error.message}` : show(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** Options cross to workers as structured clones. */
function requirePlain({ name }: StrategyEntry, options: unknown): void {
  try {
    structuredClone(options);
  } catch (error) {
    throw new PluginError(`strategy ${name}: its options are no plain data: ${(error as Error).message}`, { cause: error });
  }
}

/** The strategy that `use:` names, or else the label. */
function chooseStrategy(
  root: WrittenMapping,
  label: string,
  use: Written | undefined,
  { strategies }: Catalog,
  report: Report,
): StrategyEntry | undefined {
  const names = strategies.map((entry) => entry.name);
  const wanted = use === undefined ? label : use.kind === 'scalar' && typeof use.value === 'string' ? use.value : undefined;
  const found = strategies.find((entry) => entry.name === wanted);
  const path = use === undefined ? [section, label] : [section, label, 'use'];
  if (found === undefined) {
    const read = use === undefined ? show(label) : use.kind === 'scalar' ? show(use.value) : `a ${use.kind}`;
    const hint = use === undefined ? '; a label of your own takes the name of its strategy as use:' : '';
    report(
      located(root, {
        path,
        message: `there is no strategy ${read}; known: ${names.join(', ')}${hint}`,
        suggestion: wanted === undefined ? undefined : didYouMean(wanted, names),
        aim: use === undefined ? 'key' : 'value',
      }),
    );
  } else if (found.name !== label && names.includes(label)) {
    report(located(root, { path, message: `the label ${label} is the name of another strategy than ${found.name}: choose another label` }));
  }
  return found;
}

/** The strategy that a label with these options is of; undefined where there is none. */
export function entryFor(label: string, options: Written, { strategies }: Catalog): StrategyEntry | undefined {
  const use = child(options, 'use');
  return strategies.find(({ name }) => name === (use?.kind === 'scalar' ? use.value : label));
}

/** The mapping with the wanted keys only; an empty one in the place of nothing. */
function part(value: Written, entries: ReadonlyMap<string, WrittenEntry>, wanted: (key: string) => boolean): WrittenMapping {
  return { kind: 'mapping', entries: new Map([...entries].filter(([key]) => wanted(key))), at: value.at };
}

function replaced(root: WrittenMapping, label: string, value: Written): WrittenMapping {
  const all = root.entries.get(section);
  const old = all?.value.kind === 'mapping' ? all.value.entries.get(label) : undefined;
  if (all?.value.kind !== 'mapping' || old === undefined) return root;
  return withEntry(root, section, { ...all, value: withEntry(all.value, label, { ...old, value }) });
}

/** `scheduler.rate: 100/s` for every value of the overrides. */
function leaves(value: Written, path: readonly string[] = []): readonly string[] {
  if (value.kind === 'mapping') return [...value.entries].flatMap(([key, entry]) => leaves(entry.value, [...path, key]));
  return [`${pathText(path)}: ${value.kind === 'scalar' ? String(value.value) : JSON.stringify(plain(value))}`];
}
