import { time } from '../../src/base/units.ts';
import type { Row } from '../../src/metrics/columns.ts';
import { Streams } from '../../src/random/streams.ts';
import type { Scenario, StrategyUse } from '../../src/scenario/scenario.ts';
import type { Action, StrategyEntry } from '../../src/strategies/strategy.ts';
import { buildCurve } from '../../src/traffic/build.ts';
import type { Curve } from '../../src/traffic/curve.ts';
import { forecast } from '../../src/traffic/forecast.ts';
import { realise } from '../../src/traffic/noise.ts';
import { surprise } from '../../src/traffic/surprise.ts';
import { type Appointment, Clock, ranks } from './clock.ts';
import { Controller } from './controller.ts';
import { Faults } from './faults.ts';
import { Fleet } from './fleet.ts';
import { Life } from './life.ts';
import { operationRow } from './operation-rows.ts';
import { pictureOf } from './picture.ts';
import { Platform } from './platform.ts';
import { type App, isOver, type Node, type Operation, type World, writePod } from './world.ts';

/** What the reference makes of a run. */
export interface Told {
  readonly rows: Readonly<Record<'pods' | 'switches' | 'operations', readonly Row[]>>;
  /** How much happened: so that agreement is not that of two runs in which nothing does. */
  readonly happened: number;
  readonly faults: number;
}

/**
 * A second, deliberately naive implementation of what a run's operations do, written from the meaning of the model. Its only aim is to be obviously right:
 * one sorted list of what is going to happen, from which whatever is called off is taken out; nothing is counted ahead, everything is looked for among all pods, slots and nodes
 * each time; the walk of a slot through its steps, and a switch that leads the walks, are told as courses of waits; transfers are shared in exact fractions.
 * It shares with `src/` the types, the decoded scenario, the random streams and laws, the traffic curves, label selectors and tolerations, and the strategies, nothing else.
 *
 * It covers pods.csv, switches.csv and operations.csv, event for event, of: opening fleets, `scale` with and without standby, `reserve`, `switch`, `pause`, `resume`, `roll-back`;
 * the scheduler (profiles, taints, affinity, hard and soft spread, its three queues and its rate); image pulls; starts and their CPU, warm-ups, drains; every step of a switch in both orders with pushes, ramps,
 * the write limiter, swap devices, failing and stalling tries, time-outs; pre-checks and change windows; gates that judge failed slots; lost pushes and the inspection; every kind of fault.
 *
 * Left out: serving, and so what depends on it (gates that judge success or response, the readings of apps whose clients retry, the two columns of operations.csv that gates fill);
 * plug-ins that are mistaken (unknown names, malformed orders).
 */
export function refer(scenario: Scenario, use: StrategyUse, strategies: readonly StrategyEntry[]): Told {
  const streams = new Streams(scenario.seed);
  const clock = new Clock();
  const truths = scenario.apps.map(({ name, traffic, surprise: wave, noise }) => {
    const curve = surprise(buildCurve(traffic, scenario.calendar), wave, scenario.calendar, streams.stream(`surprise/${name}`));
    return realise(curve, noise, streams.stream(`traffic/${name}`));
  });
  const expected = scenario.apps.map(({ name, traffic, forecast: errors }) =>
    forecast(buildCurve(traffic, scenario.calendar), errors, streams.stream(`forecast/${name}`)),
  );
  const { information, metrics } = use.platform;
  const forecasts = scenario.apps.map((_, i) => (information === 'none' ? undefined : information === 'perfect' ? truths[i] : expected[i]));

  const apps = scenario.apps.map((app, index): App => ({ ...app, index }));
  const world: World = {
    scenario,
    platform: use.platform,
    clock,
    streams,
    apps,
    groups: scenario.groups.map(({ name, apps: members, slot }) => ({
      ...{ name, slot, slots: [], members: members.map((member) => apps.find((app) => app.name === member) as App) },
    })),
    nodes: nodesOf(scenario),
    ...{ pods: [], slots: [], operations: [], wanted: apps.map(() => []), pools: apps.map(() => []) },
    rows: { pods: [], switches: [], operations: [] },
    news: (operation) => tell(operation),
    seenLoad: ({ index }) => {
      const window = Math.floor((clock.now - metrics.delay) / metrics.window);
      if (window < 1) return undefined;
      return (truths[index] as Curve).mean(time((window - 1) * metrics.window), time(window * metrics.window));
    },
  };
  const fleet = new Fleet(world, new Life(world));
  const platform = new Platform(world, fleet);
  const controller = new Controller(world, fleet, platform);
  const faults = new Faults(platform);
  const strategy = (strategies.find(({ name }) => name === use.use) as StrategyEntry).create(
    use.options,
    streams.stream(`strategy/${use.label}`),
  );

  /** What the strategy has not been told yet, and the call in which it will be. */
  let news: Operation[] = [];
  let call: Appointment | undefined;
  /** The first of the operations that are being ordered. */
  let ordering = 0;
  const wakes = new Set<number>();

  const tell = (operation: Operation): void => {
    news.push(operation);
    if (operation.id >= ordering || operation.state === 'superseded') return;
    call ??= clock.at(clock.now, ranks.decide, () => {
      call = undefined;
      if (news.length > 0) ask('operation');
    });
  };
  const wake = (at: number): void => {
    if (at > scenario.horizon || wakes.has(at)) return;
    wakes.add(at);
    clock.at(at, ranks.decide, () => {
      wakes.delete(at);
      ask('wake');
    });
  };
  const carryOut = (actions: readonly Action[], opening: boolean): void => {
    ordering = world.operations.length;
    for (const action of actions) {
      if (action.kind === 'wake') wake(action.at);
      else controller.execute(action, opening);
    }
    ordering = Infinity;
  };
  const ask = (because: 'start' | 'period' | 'wake' | 'operation'): void => {
    const seen = world.operations.filter((operation) => !isOver(operation) || news.includes(operation));
    const view = pictureOf(world, because, seen, forecasts);
    news = [];
    if (because === 'start') {
      carryOut(strategy.open(view), true);
      news = news.filter(({ state }) => state === 'refused');
    } else carryOut(strategy.decide(view), false);
  };
  const everyPeriod = (): void => {
    if (strategy.period === undefined) return;
    clock.at(clock.now + strategy.period, ranks.decide, () => {
      ask('period');
      everyPeriod();
    });
  };

  ask('start');
  everyPeriod();
  clock.runUntil(scenario.horizon);
  world.rows.operations.push(...world.operations.map((operation) => operationRow(operation, use.label)));
  for (const pod of world.pods) if (pod.state !== 'gone') writePod(world, pod, 'end of the run');
  return { rows: world.rows, happened: clock.happened, faults: faults.begun };
}

/** The nodes pool by pool, each in turn over the zones. */
function nodesOf({ cluster: { pools, zones } }: Scenario): readonly Node[] {
  const nodes: Node[] = [];
  pools.forEach(({ name: poolName, nodes: count, node: spec }, pool) => {
    for (let i = 0; i < count; i++) {
      const zone = i % zones.length;
      const { name = '', city = '' } = zones[zone] ?? {};
      nodes.push({
        ...{ index: nodes.length, zone, pool, spec },
        name: `${name}${pool === 0 ? '' : `-${poolName}`}-${String(Math.floor(i / zones.length))}`,
        labels: { 'topology.kubernetes.io/zone': name, 'topology.kubernetes.io/region': city, pool: poolName, ...spec.labels },
        ...{ losses: 0, agentsDown: 0, swapSpeeds: [], givingUp: undefined, images: new Set(), pulls: [] },
      });
    }
  });
  return nodes;
}
