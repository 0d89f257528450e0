import { defined } from '../../src/base/assert.ts';
import { Fingerprint } from '../../src/base/fingerprint.ts';
import { time } from '../../src/base/units.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import type { Profile } from '../../src/placement/profile.ts';
import type { Choice } from '../../src/placement/scheduler.ts';
import { type Request, requestOf } from '../../src/placement/unit.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { created } from '../../src/simulation/decision.ts';
import { streamsOf } from '../../src/simulation/demand.ts';
import { emptyView } from '../../src/simulation/foresee.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { buildCurve } from '../../src/traffic/build.ts';
import { forecast } from '../../src/traffic/forecast.ts';

/** The opening fleet of a run before any of it has a node: the units in their order, each with its own zone. */
export interface OpeningFleet {
  readonly cluster: Cluster;
  readonly profile: Profile;
  readonly units: readonly { readonly request: Request; readonly zone: number }[];
}

/** What the strategy `label` opens `scenario` with, on a cluster of its own. */
export function openingFleet(scenario: Scenario, label: string): OpeningFleet {
  const use = defined(
    scenario.strategies.find((candidate) => candidate.label === label),
    `strategy ${label}`,
  );
  const entry = defined(
    strategies.find(({ name }) => name === use.use),
    `strategy ${use.use}`,
  );
  const streams = streamsOf(scenario, 0);
  const forecasts = scenario.apps.map((app) =>
    forecast(buildCurve(app.traffic, scenario.calendar), app.forecast, streams.stream(`forecast/${app.name}`)),
  );
  const strategy = created(entry, use, streams, { label, seed: scenario.seed, calendar: scenario.calendar });
  const cluster = new Cluster(scenario.cluster, scenario.apps, scenario.groups);
  const zones = scenario.cluster.zones.length;
  const appOf = (name: string): number => scenario.apps.findIndex((app) => app.name === name);
  const units: { request: Request; zone: number }[] = [];
  for (const order of strategy.open(emptyView(scenario, use, forecasts))) {
    if (order.kind === 'reserve') {
      const group = scenario.groups.findIndex(({ name }) => name === order.group);
      for (let index = 0; index < order.slots; index++) {
        const slot = cluster.createSlot(time(0), group, index, appOf(order.holder), index % zones, undefined);
        units.push({ request: requestOf(cluster, { kind: 'slot', slot }, time(0)), zone: index % zones });
      }
    } else if (order.kind === 'scale') {
      for (let index = 0; index < order.pods + (order.standby ?? 0); index++) {
        const pod = cluster.createPod(time(0), appOf(order.app), { kind: 'exclusive', index }, index % zones, undefined);
        units.push({ request: requestOf(cluster, { kind: 'pod', pod }, time(0)), zone: index % zones });
      }
    }
  }
  return { cluster, profile: use.platform.scheduler.profile, units };
}

/** Places the fleet, each unit in its own zone if there is room and else in any; returns how many found a node, and the fingerprint of their nodes. */
export function place(
  { cluster, units }: OpeningFleet,
  scheduler: { choose(request: Request, zone?: number): Choice },
): { readonly placed: number; readonly fingerprint: string } {
  const fingerprint = new Fingerprint();
  let placed = 0;
  for (const { request, zone } of units) {
    const own = scheduler.choose(request, zone);
    const choice = 'node' in own ? own : scheduler.choose(request);
    fingerprint.add('node' in choice ? choice.node + 1 : 0);
    if (!('node' in choice)) continue;
    placed++;
    const { unit } = request;
    if (unit.kind === 'pod') cluster.placePod(time(0), unit.pod, choice.node);
    else cluster.placeSlot(time(0), unit.slot, choice.node);
  }
  return { placed, fingerprint: fingerprint.hex };
}
