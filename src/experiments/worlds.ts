import { InputError } from '../base/errors.ts';
import { type Time, time } from '../base/units.ts';
import { nodesOf } from '../cluster/node.ts';
import { constantLaw } from '../random/duration-law.ts';
import type { AppSpec, Scenario } from '../scenario/scenario.ts';
import type { Curve } from '../traffic/curve.ts';
import { forecastOf, streamsOf } from '../simulation/demand.ts';

/** The scenario, or what becomes of it when something is otherwise. */
export interface World {
  /** Empty for the scenario as it is. */
  readonly name: string;
  readonly change: (scenario: Scenario) => Scenario;
  /** When it becomes so; from the start where that is left out. */
  readonly from?: Time;
}

export const asItIs: World = { name: '', change: (scenario) => scenario };

/** The first moment at which all apps together are expected to need most cores: where some forecast bends, or just before it jumps down. */
export function busiestMoment(scenario: Scenario): Time {
  const streams = streamsOf(scenario, 0);
  const forecasts = scenario.apps.map((app) => ({ app, curve: forecastOf(app, scenario, streams) }));
  const bends = new Set(forecasts.flatMap(({ curve }) => curve.pieces().map(({ from }) => from)));
  let [busiest, most] = [0, -1];
  const look = (at: number, rateOf: (curve: Curve) => number): void => {
    const cores = forecasts.reduce((sum, { app, curve }) => sum + rateOf(curve) * app.service.time, 0);
    if (cores > most) [busiest, most] = [at, cores];
  };
  for (const bend of [...bends, scenario.horizon].sort((a, b) => a - b)) {
    const at = time(bend);
    if (bend < scenario.horizon) look(bend, (curve) => curve.at(at));
    if (bend > 0) look(bend - 1, (curve) => curve.justBefore(at));
  }
  return time(busiest);
}

/** One world for each zone, in which all of its nodes are lost at `at`, for good. An {@link InputError} where there is but one zone. */
export function lossOfEachZone({ cluster: { zones } }: Scenario, at: Time): readonly World[] {
  if (zones.length < 2) throw new InputError('--survive zone: the cluster has one zone; give it several: cluster.zones');
  return zones.map(({ name }, zone) => ({
    name: `without ${name}`,
    from: at,
    change: (scenario) => {
      const nodes = nodesOf(scenario.cluster).flatMap((node, index) => (node.zone === zone ? [index] : []));
      const loss = { kind: 'node-loss', begins: { at }, for: constantLaw(scenario.horizon), nodes, speed: 1000 } as const;
      return { ...scenario, faults: [...scenario.faults, loss] };
    },
  }));
}

/** The scenario with every app changed. */
export const eachApp =
  (change: (app: AppSpec) => AppSpec) =>
  (scenario: Scenario): Scenario => ({ ...scenario, apps: scenario.apps.map(change) });

/** All traffic times `by`, and known so. */
const peak = (by: number): World['change'] => eachApp((app) => ({ ...app, traffic: { kind: 'scale', by, of: app.traffic } }));

/** What comes is `by` times what is forecast. */
const surprise = (by: number): World['change'] =>
  eachApp((app) => ({ ...app, surprise: { ...app.surprise, level: { ...app.surprise.level, factor: app.surprise.level.factor * by } } }));

/** Moving memory takes `by` times as long. */
const swapTime =
  (by: number): World['change'] =>
  (scenario) => ({
    ...scenario,
    cluster: {
      ...scenario.cluster,
      pools: scenario.cluster.pools.map((pool) => ({
        ...pool,
        node: { ...pool.node, swapOut: pool.node.swapOut / by, swapIn: pool.node.swapIn / by },
      })),
    },
  });

/** What a plan is most likely to be wrong about, a tenth more and a tenth less. */
export const variations: readonly World[] = [
  { name: 'all traffic +10 %', change: peak(1.1) },
  { name: 'all traffic -10 %', change: peak(0.9) },
  { name: '10 % more than forecast', change: surprise(1.1) },
  { name: '10 % less than forecast', change: surprise(0.9) },
  { name: 'swap time +10 %', change: swapTime(1.1) },
  { name: 'swap time -10 %', change: swapTime(0.9) },
];
