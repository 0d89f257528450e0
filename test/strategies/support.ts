import { appName, duration, fromSeconds, groupName, type Time, time } from '../../src/base/units.ts';
import { Streams } from '../../src/random/streams.ts';
import { decodeScenario } from '../../src/scenario/decode.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { Action, AppView, Forecast, GroupView, Prices, Strategy, StrategyEntry, View } from '../../src/strategies/strategy.ts';
import { Curve } from '../../src/traffic/curve.ts';

export const at = (seconds: number): Time => time(fromSeconds(seconds));

/** A forecast that jumps: `[[0, 1800], [300, 300]]` is 1,800/s from 0 s and 300/s from 300 s on. */
export function steps(horizon: number, jumps: readonly (readonly [number, number])[]): Curve {
  return new Curve(
    jumps.map(([from, rate], index) => ({ from: at(from), to: at(jumps[index + 1]?.[0] ?? horizon), first: rate, last: rate })),
  );
}

/** An app of 4 cores and 10 ms a request: at 75 % of its limit a pod serves 300/s. */
export function appView(name: string, forecast: Forecast | undefined, change: Partial<AppView> = {}): AppView {
  return {
    name: appName(name), podCapacityPerSecond: 400, limitMillicores: 4000, requestCpu: duration(10_000), coldStart: fromSeconds(70), coldStartP99: fromSeconds(70), activation: fromSeconds(12), allowNoExclusive: false, imbalance: 1,
    exclusive: { wanted: 0, pending: 0, starting: 0, running: 0, leaving: 0, failed: 0, standby: 0 }, shared: { running: 0, keepAlive: 0, switching: 0, stuck: 0, failed: 0 }, measured: undefined, forecast, ...change,
  }; // prettier-ignore
}

export function groupView(name: string, members: readonly string[], slotMillicores: number, slots = 0, holder = members[0]): GroupView {
  return {
    name: groupName(name),
    members: members.map(appName),
    slotMillicores,
    slots,
    stuck: 0,
    held: (app) => (app === holder ? slots : 0),
  };
}

export const prices: Prices = { basis: 'held', coreHour: 1, unservedPer1000: 1, slotSwitch: 0.01, podCreated: 0.05 };

/** A view of two zones. */
export function view(
  apps: readonly AppView[],
  groups: readonly GroupView[],
  change: Partial<Pick<View, 'now' | 'because' | 'zones' | 'horizon' | 'operations'>> = {},
): View {
  const find = <T extends { readonly name: string }>(known: readonly T[], name: string): T => {
    const found = known.find((item) => item.name === name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  return {
    now: time(0),
    because: 'start',
    zones: 2,
    schedulingRate: 2,
    horizon: at(600),
    prices,
    apps,
    groups,
    operations: [],
    app: (name) => find(apps, name),
    group: (name) => find(groups, name),
    ...change,
  };
}

/** What an entry makes of options that are decoded already. */
export const strategyOf = (entry: StrategyEntry, options: object): Strategy =>
  entry.create(options, new Streams(1).stream('strategy/test'));

/** The orders of an opening, by what they are for: `{ pay: 160, day: [480, 'interact'] }`. */
export function ordered(actions: readonly Action[]): Readonly<Record<string, unknown>> {
  const entry = (action: Action): readonly (readonly [string, unknown])[] =>
    action.kind === 'scale'
      ? [[action.app, action.pods]]
      : action.kind === 'reserve'
        ? [[action.group, [action.slots, action.holder]]]
        : [];
  return Object.fromEntries(actions.flatMap(entry));
}

/** Moments of the wake-ups asked for, s. */
export const wakes = (actions: readonly Action[]): readonly number[] =>
  actions.flatMap((action) => (action.kind === 'wake' ? [action.at / 1e6] : []));

/** A world for strategies to stand in: gala falls at 5 min, sale rises at 5:50, site needs little and stands alone; gala and sale may share slots. Ten minutes, nothing random. */
export const sharedWorld = `name: stage
start: 2019-11-11T00:00:00+08:00
horizon: 10m
seed: 1
replications: 1
cluster: { nodes: 4, node: { cpu: 32, memory: 64G, swapOut: 1GB/s, swapIn: 2GB/s }, zones: { east: {}, west: {} } }
platform: { scheduler: { rate: 2/s }, metrics: { window: 10s, delay: 0s }, push: 2s, limitWrite: 0.5s, status: 1.5s, steps: { failure: 0% } }
defaults:
  service: { time: 10ms, timeout: 1s }
  sidecar: { cpu: 0s, relay: 0s, hop: 0s }
  pod: { cpu: 4, memory: 8G }
  keepAlive: { cpu: 1, memory: 2G, traffic: 1%, swap: 2G, release: 4G }
  startup: 60s
  drain: 3s
  terminate: 7s
apps:
  gala: { traffic: { piecewise: [{ at: 00:00, rate: 1800/s }, { at: 00:05, rate: 1800/s }, { at: 00:05, rate: 300/s }] } }
  sale: { traffic: { piecewise: [{ at: 00:00, rate: 300/s }, { at: 00:05:50, rate: 300/s }, { at: 00:05:50, rate: 1800/s }] } }
  site: { traffic: { constant: 200/s } }
groups:
  night: { apps: [gala, sale], slot: { cpu: 5, memory: 10G } }
`;

/** The same with site alone, and no group. */
export const loneWorld = sharedWorld.replace(/^ {2}(gala|sale): .*\n/gm, '').replace(/groups:\n.*\n/, '');

/** The world with one strategy; `options` as a scenario writes them, in braces. */
export function staged(world: string, entry: StrategyEntry, options: string, set: readonly string[] = []): Scenario {
  return decodeScenario({ file: 'stage.yaml', text: `${world}strategies:\n  ${entry.name}: ${options}\n`, set }, { strategies: [entry] })
    .scenario;
}
