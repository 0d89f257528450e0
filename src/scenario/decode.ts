import { z } from 'zod';
import { show } from '../base/quantity.ts';
import { appName, duration, groupName, zoneName } from '../base/units.ts';
import { anyCalendar, type Calendar } from '../base/wall-clock.ts';
import { nodesOf } from '../cluster/node.ts';
import { appDefaults, appDefaultSources, type ClusterSpec, type GroupSpec, mainPool, smallestSlot } from '../cluster/specs.ts';
import { faultsSchema } from '../operations/fault-spec.ts';
import { platformSpec } from '../operations/platform.ts';
import type { TrafficKit, TrafficSpec } from '../traffic/schema.ts';
import {
  checkApp,
  checkCluster,
  checkGroup,
  checkKeepAlive,
  checkMembership,
  checkNoise,
  checkSample,
  type Finding,
  roomInSlot,
} from './cross-checks.ts';
import { expandCopies } from './expand-copies.ts';
import { decodeAt, located, type Report } from './issues.ts';
import { clock, createKit, type Known } from './kit.ts';
import { layered, resolveFrom, type ScenarioSource } from './layers.ts';
import { merge } from './merge.ts';
import { complaintAboutName } from './names.ts';
import type { AppSpec, Scenario } from './scenario.ts';
import { type Problem, ScenarioError } from './scenario-error.ts';
import { defaultFrom } from './source.ts';
import { appSchema, clusterSchema, groupSchema, limitsSchema, pricesSchema, resultsSchema, topFields, topKeys } from './schema.ts';
import { type Catalog, decodeStrategies } from './strategy-uses.ts';
import { child, withEntry, type Written, type WrittenMapping, withoutEntry, written } from './written.ts';

/** What decoding yields. */
export interface Decoded {
  readonly scenario: Scenario;
  /** What is allowed but hardly meant. */
  readonly warnings: readonly Problem[];
  /** The scenario as written, layers and the apps' defaults merged, each value with its origin. */
  readonly written: WrittenMapping;
}

/**
 * Decodes a scenario in two passes: the names of apps and groups, start and horizon first; then everything, with a kit that knows them.
 * Throws a {@link ScenarioError} with every mistake in it.
 */
export function decodeScenario(source: ScenarioSource, catalog: Catalog): Decoded {
  const problems: Problem[] = [];
  const report: Report = (problem) => problems.push(problem);
  const layers = layered(source, report);
  const decoded = layers && decodeLayers(source, layers, catalog, report);
  if (problems.length > 0 || decoded === undefined) throw new ScenarioError(problems);
  return decoded;
}

/** The scenario, or undefined where anything was reported. */
function decodeLayers(source: ScenarioSource, layers: WrittenMapping, catalog: Catalog, reportAll: Report): Decoded | undefined {
  const { root, whole, inOwnWords } = expandCopies(withDefaults(normalised(layers)), catalog, reportAll);
  const report = inOwnWords(reportAll);
  const at = <T>(schema: z.ZodType<T>, ...path: string[]): T | undefined => decodeAt(schema, root, path, report);
  const check = (findings: readonly Finding[]): void => findings.forEach((finding) => report(located(root, finding)));

  at(z.strictObject(Object.fromEntries(topKeys.map((key) => [key, z.unknown().optional()]))));
  const [name, start, horizon] = [at(topFields.name, 'name'), at(topFields.start, 'start'), at(topFields.horizon, 'horizon')];
  const [seed, replications] = [at(topFields.seed, 'seed'), at(topFields.replications, 'replications')];
  const [fidelity, sample] = [at(topFields.fidelity, 'fidelity'), at(topFields.sample, 'sample')];
  const load = at(topFields.load, 'load');
  const calendar: Calendar | undefined = start &&
    horizon && { startUnixMs: start.startUnixMs, offsetMinutes: start.offsetMinutes, horizon };
  const appNames = namesAt(root, 'apps', report);
  const groupNames = namesAt(root, 'groups', report);
  const known: Known = { calendar, apps: whole ? appNames : undefined, groups: whole ? groupNames : undefined };

  const clusterRead = at(clusterSchema, 'cluster');
  const cluster: ClusterSpec | undefined = clusterRead && {
    pools: [
      { name: mainPool, nodes: clusterRead.nodes, node: clusterRead.node },
      ...Object.entries(clusterRead.pools).map(([pool, spec]) => ({ name: pool, ...spec })),
    ],
    zones: Object.entries(clusterRead.zones).map(([zone, spec]) => ({ name: zoneName(zone), ...spec })),
  };
  if (cluster) check(checkCluster(cluster));
  const platform = at(platformSpec(createKit(known).time()), 'platform');
  const [results, prices, limits] = [at(resultsSchema, 'results'), at(pricesSchema, 'prices'), at(limitsSchema, 'limits')];

  const apps = decodeApps(root, source, calendar, appNames ?? [], report);
  for (const app of apps.values()) check(checkApp(app, cluster));
  if (fidelity !== undefined && sample !== undefined) check(checkSample(fidelity, sample, [...apps.values()]));
  if (horizon !== undefined) check(checkNoise([...apps.values()], horizon));
  const groups = decodeGroups(root, known, apps, report);
  check(checkMembership(groups.map((group) => group.spec)));
  for (const { spec, members } of groups) {
    for (const member of members ?? []) check(checkKeepAlive(member));
    if (members) check(checkGroup(spec, members, cluster));
  }
  const members = new Map(groups.map(({ spec }) => [spec.name, spec.apps]));
  const faultKit = {
    ...createKit(known),
    horizon,
    nodes: () => cluster && nodesOf(cluster).map(({ name: node, zone }) => ({ name: node, zone: cluster.zones[zone]?.name ?? '' })),
  };
  const faults = root.entries.has('faults') ? at(faultsSchema(faultKit), 'faults') : [];
  const strategies = decodeStrategies({ root, known: { ...known, members }, platform, catalog, report });

  if (
    name === undefined ||
    start === undefined ||
    calendar === undefined ||
    horizon === undefined ||
    seed === undefined ||
    replications === undefined ||
    fidelity === undefined ||
    sample === undefined ||
    load === undefined
  )
    return undefined;
  if (
    clusterRead === undefined ||
    cluster === undefined ||
    platform === undefined ||
    faults === undefined ||
    results === undefined ||
    prices === undefined ||
    limits === undefined
  )
    return undefined;
  const warnings: Problem[] = [];
  const warn = inOwnWords((problem) => warnings.push(problem));
  for (const { spec, members } of groups) roomInSlot(spec, members ?? []).forEach((finding) => warn(located(root, finding)));
  const scenario: Scenario = {
    name,
    file: source.file,
    start: start.text,
    calendar,
    horizon,
    seed,
    replications,
    fidelity,
    sample,
    cluster,
    network: clusterRead.network,
    platform,
    apps: [...apps.values()].map((app) => underLoad(app, load)),
    groups: groups.map((group) => group.spec),
    faults,
    strategies,
    results,
    prices,
    limits,
  };
  return { scenario, warnings, written: root };
}

/** The app with all its traffic times `load`. */
function underLoad(app: AppSpec, load: number): AppSpec {
  if (load === 1) return app;
  const { wave } = app.surprise;
  const times = (of: TrafficSpec): TrafficSpec => ({ kind: 'scale', by: load, of });
  return { ...app, traffic: times(app.traffic), surprise: { ...app.surprise, ...(wave && { wave: times(wave) }) } };
}

/** Sections that may be left out, or left empty (`platform:` with everything under it commented out). */
const optionalSections = ['platform', 'groups', 'results', 'prices', 'limits'] as const;

function normalised(root: WrittenMapping): WrittenMapping {
  let all = withoutEntry(root, '$schema');
  for (const key of ['defaults', 'faults']) if (isNothing(all.entries.get(key)?.value)) all = withoutEntry(all, key);
  for (const key of optionalSections) {
    const entry = all.entries.get(key);
    if (entry === undefined) all = withEntry(all, key, { keyAt: all.at, value: written({}, { source: defaultFrom('none') }) });
    else if (isNothing(entry.value))
      all = withEntry(all, key, { ...entry, value: { kind: 'mapping', entries: new Map(), at: entry.value.at } });
  }
  all = withPoolNodes(all);
  const zones = child(child(all, 'cluster'), 'zones');
  const cluster = all.entries.get('cluster');
  if (cluster?.value.kind !== 'mapping' || zones?.kind !== 'mapping') return all;
  const filled: Written = {
    ...zones,
    entries: new Map(
      [...zones.entries].map(([key, entry]) => [
        key,
        isNothing(entry.value) ? { ...entry, value: { kind: 'mapping', entries: new Map(), at: entry.value.at } } : entry,
      ]),
    ),
  };
  const keyAt = cluster.value.entries.get('zones')?.keyAt ?? zones.at;
  return withEntry(all, 'cluster', { ...cluster, value: withEntry(cluster.value, 'zones', { keyAt, value: filled }) });
}

/** Lays the main pool's node under every other pool's. */
function withPoolNodes(root: WrittenMapping): WrittenMapping {
  const cluster = root.entries.get('cluster');
  const [pools, node] = [child(cluster?.value, 'pools'), child(cluster?.value, 'node')];
  if (cluster?.value.kind !== 'mapping' || pools?.kind !== 'mapping' || node === undefined) return root;
  const merged = new Map(
    [...pools.entries].map(([name, entry]) => {
      const own = child(entry.value, 'node');
      if (entry.value.kind !== 'mapping') return [name, entry];
      return [name, { ...entry, value: withEntry(entry.value, 'node', { keyAt: entry.keyAt, value: own ? merge(node, own) : node }) }];
    }),
  );
  const keyAt = cluster.value.entries.get('pools')?.keyAt ?? pools.at;
  return withEntry(root, 'cluster', {
    ...cluster,
    value: withEntry(cluster.value, 'pools', { keyAt, value: { ...pools, entries: merged } }),
  });
}

const isNothing = (value: Written | undefined): boolean => value?.kind === 'scalar' && value.value === null;

/** Built-in defaults of an app, of all its owners, each with its source. */
const builtIn = sourced(written({ ...appDefaults, retry: {}, noise: {}, surprise: {}, forecast: {} }), []);

function sourced(value: Written, path: readonly string[]): Written {
  if (value.kind === 'mapping')
    return {
      ...value,
      entries: new Map([...value.entries].map(([key, entry]) => [key, { ...entry, value: sourced(entry.value, [...path, key]) }])),
    };
  const from = appDefaultSources[path.join('.')];
  return from === undefined ? value : { ...value, at: { source: defaultFrom(from) } };
}

/** Lays the built-in defaults of an app and the scenario's `defaults` under every app. */
function withDefaults(root: WrittenMapping): WrittenMapping {
  const defaults = root.entries.get('defaults')?.value;
  const below = defaults?.kind === 'mapping' ? merge(builtIn, defaults) : builtIn;
  const apps = root.entries.get('apps');
  if (apps?.value.kind !== 'mapping') return root;
  const merged = new Map([...apps.value.entries].map(([name, entry]) => [name, { ...entry, value: merge(below, entry.value) }]));
  return withEntry(root, 'apps', { ...apps, value: { ...apps.value, entries: merged } });
}

/** Names in a section whose keys are the user's own, in their order; undefined where it is no mapping. Wrong names are reported, and kept: what refers to them is no further mistake. */
function namesAt(root: WrittenMapping, section: 'apps' | 'groups', report: Report): readonly string[] | undefined {
  const value = root.entries.get(section)?.value;
  if (value?.kind !== 'mapping') {
    report(
      located(root, {
        path: [section],
        message: `read ${value === undefined || isNothing(value) ? 'nothing' : value.kind === 'list' ? 'a list' : show(value.value)}: expected a mapping of ${section} by name`,
      }),
    );
    return undefined;
  }
  const names = [...value.entries.keys()];
  if (section === 'apps' && names.length === 0) report(located(root, { path: [section], message: 'expected at least one app' }));
  for (const name of names) {
    const complaint =
      complaintAboutName(name) ??
      (section === 'apps' && name === 'all' ? 'the name "all" is taken: results have a row "all" for all apps together' : undefined);
    if (complaint !== undefined) report(located(root, { path: [section, name], message: complaint, aim: 'key' }));
  }
  return names;
}

function decodeApps(
  root: WrittenMapping,
  source: ScenarioSource,
  calendar: Calendar | undefined,
  names: readonly string[],
  report: Report,
): ReadonlyMap<string, AppSpec> {
  const defaults = root.entries.get('defaults')?.value;
  if (defaults !== undefined && defaults.kind !== 'mapping')
    report(located(root, { path: ['defaults'], message: 'expected a mapping with fields of an app' }));
  const apps = new Map<string, AppSpec>();
  let app: Written | undefined;
  // One schema for all apps: making one costs far more than using it.
  const schema = appSchema(
    trafficKit(source, calendar, (path) => fileThatSays(path, child(app, 'traffic')) ?? fileThatSays(path, child(app, 'surprise'))),
  );
  for (const name of names) {
    app = child(root.entries.get('apps')?.value, name);
    const own = app;
    // A mistake in `defaults` meets every app: it is reported as what it is, and so only once.
    const reportApp: Report = (problem) =>
      report(cameFrom(defaults, own, problem.path.slice(2)) ? { ...problem, path: ['defaults', ...problem.path.slice(2)] } : problem);
    const decoded = decodeAt(schema, root, ['apps', name], reportApp);
    if (decoded) apps.set(name, { name: appName(name), ...decoded });
  }
  return apps;
}

/** Whether the value at `path` of an app is the very one of `defaults`. */
function cameFrom(defaults: Written | undefined, app: Written | undefined, path: readonly PropertyKey[]): boolean {
  const own = path.reduce<Written | undefined>(child, app);
  return path.length > 0 && own !== undefined && own === path.reduce<Written | undefined>(child, defaults);
}

/** `saidIn`: the file in which the name of a trace was written. */
function trafficKit(source: ScenarioSource, calendar: Calendar | undefined, saidIn: (path: string) => string | undefined): TrafficKit {
  // Without a start or a horizon nothing is too short: that they are missing has been reported.
  const known = calendar ?? anyCalendar(duration(0));
  return {
    calendar: known,
    time: () => clock(known, 'anywhere'),
    file: (path) => source.stream?.(resolveFrom(saidIn(path) ?? source.file, path)) ?? { error: `${path} cannot be read from here` },
  };
}

/** The file in which `text` was written as a value of `root`: what it names lies beside it. */
function fileThatSays(text: string, root: Written | undefined): string | undefined {
  if (root === undefined) return undefined;
  if (root.kind === 'scalar') return root.value === text && root.at.source.kind === 'file' ? root.at.source.name : undefined;
  const children = root.kind === 'list' ? root.items : [...root.entries.values()].map((entry) => entry.value);
  for (const next of children) {
    const found = fileThatSays(text, next);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface DecodedGroup {
  readonly spec: GroupSpec;
  /** Undefined where one of them could not be decoded: then nothing more is said of the group. */
  readonly members: readonly AppSpec[] | undefined;
}

function decodeGroups(root: WrittenMapping, known: Known, apps: ReadonlyMap<string, AppSpec>, report: Report): readonly DecodedGroup[] {
  const schema = groupSchema(createKit(known));
  return (known.groups ?? []).flatMap((name): readonly DecodedGroup[] => {
    const decoded = decodeAt(schema, root, ['groups', name], report);
    if (decoded === undefined) return [];
    const found = decoded.apps.flatMap((app) => apps.get(app) ?? []);
    const members = found.length === decoded.apps.length ? found : undefined;
    return [{ spec: { name: groupName(name), apps: decoded.apps, slot: decoded.slot ?? smallestSlot(found) }, members }];
  });
}
