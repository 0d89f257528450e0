import type { Draw } from './draw.ts';
import type { Written } from './small-scenario.ts';

/** A small Double 11: two apps that share slots which change hands once, on a few nodes of equal size. Seconds, requests/s, cores. */
export interface World {
  readonly zones: readonly string[];
  readonly apps: readonly [WorldApp, WorldApp];
  readonly group: string;
  readonly nodes: number;
  readonly horizon: number;
  readonly slots: number;
  readonly switchAt: number;
  readonly batches: readonly string[];
  readonly timeout: number;
  /** All durations are these times it; all rates are divided by it. */
  readonly time: number;
  /** All amounts of CPU and memory, and CPU per request, are these times it. */
  readonly units: number;
  readonly sigma: number;
  readonly seed: number;
}
interface WorldApp {
  readonly name: string;
  /** Rates at moments, joined by lines. */
  readonly rates: readonly (readonly [number, number])[];
  readonly exclusive: number;
}

/** Overloads, idle hours and switches that come too late are all among them. */
export function drawnWorld({ whole, pick }: Draw): World {
  const horizon = 60 * whole(6, 12);
  const zones = ['east', 'west'].slice(0, whole(1, 2));
  const rates = (): WorldApp['rates'] => [0, whole(60, 180), whole(190, horizon - 40)].map((at) => [at, whole(100, 2500)] as const);
  const app = (name: string): WorldApp => ({ name, rates: rates(), exclusive: zones.length * whole(1, 2) });
  return {
    zones, apps: [app('gala'), app('sale')], group: 'night', nodes: whole(4, 6), horizon, slots: whole(1, 5), switchAt: whole(60, horizon - 100),
    batches: pick<readonly string[]>(['100%'], ['50%', '100%'], ['10%', '60%', '100%']), timeout: pick(0.2, 1, 4), time: 1, units: 1, sigma: 0, seed: whole(0, 1e6),
  }; // prettier-ignore
}

/** The world as a scenario. Every duration, rate and amount that has another default than nothing is written down, so that scaling scales all. */
export function written(world: World): Written {
  const { zones, apps, group, time, units, sigma } = world;
  const span = (seconds: number): string => `${String(Math.round(seconds * time * 1e6))}us`;
  const perSecond = (rate: number): string => `${String(rate / time)}/s`;
  const bandwidth = (gigabytes: number): string => `${String((gigabytes * 1000 * units) / time)}MB/s`;
  const memory = (gigabytes: number): string => `${String(gigabytes * units)}G`;
  const cpu = (cores: number): number => cores * units;
  const clock = (seconds: number): string => {
    const s = Math.round(seconds * time);
    return [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60].map((part) => String(part).padStart(2, '0')).join(':');
  };
  const [giver, taker] = apps;
  return {
    name: 'world',
    start: '2019-11-11T00:00:00+08:00',
    horizon: span(world.horizon),
    seed: world.seed,
    cluster: {
      nodes: world.nodes * zones.length,
      node: { cpu: cpu(32), memory: memory(64), swapOut: bandwidth(1), swapIn: bandwidth(2) },
      zones: Object.fromEntries(zones.map((zone) => [zone, {}])),
      network: { otherIdc: span(0.002), otherCity: span(0.03) },
    },
    platform: {
      scheduler: { rate: perSecond(1), backoff: { initial: span(1), max: span(10) }, flushAfter: span(300) },
      metrics: { window: span(10), delay: span(5) },
      push: span(2),
      limitWrite: span(0.5),
      status: span(1.5),
      api: { writes: { rate: perSecond(1000) } },
      steps: { failure: '0%', timeout: span(60), backoff: span(1) },
      inspection: { every: span(300) },
    },
    defaults: {
      service: { time: `${String(10 * units * time)}ms`, timeout: span(world.timeout), cv: 1, wait: span(0.001) },
      sidecar: { cpu: span(0.0002 * units), relay: span(0.0001 * units), hop: span(0.0005) },
      pod: { cpu: cpu(4), memory: memory(8) },
      idleCpu: cpu(0.1),
      keepAlive: { cpu: cpu(1), memory: memory(2), traffic: '1%', swap: memory(2), release: memory(4) },
      startup: span(60),
      warmup: { weight: '10%', for: span(10) },
      coldPages: { capacity: '50%', for: span(10) },
      drain: span(3),
      terminate: span(7),
      objective: { p99: span(0.5), success: '99%' },
      noise: { sigma: `${String(100 * sigma)}%`, interval: span(10) },
    },
    apps: Object.fromEntries(apps.map(({ name, rates }) => [name, { traffic: { piecewise: rates.map(([at, rate]) => ({ at: clock(at), rate: perSecond(rate) })) } }])),
    groups: { [group]: { apps: apps.map(({ name }) => name), slot: { cpu: cpu(5), memory: memory(10) } } },
    strategies: {
      'static-peak': { utilisation: '75%' },
      'time-share': {
        slots: { [group]: world.slots },
        pods: Object.fromEntries(apps.map(({ name, exclusive }) => [name, exclusive])),
        plan: [{ at: clock(world.switchAt), group, from: giver.name, to: taker.name }],
        rollout: { batches: world.batches, observe: span(10), gate: { success: '50%', p99: span(10) } },
      },
    },
    results: { interval: span(30), detail: 'all' },
  }; // prettier-ignore
}
