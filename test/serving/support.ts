import { duration, time, type Time } from '../../src/base/units.ts';
import { FluidService } from '../../src/serving/fluid/fluid-service.ts';
import type { ServiceOptions } from '../../src/serving/service.ts';
import type { ServingMode } from '../../src/serving/mode.ts';
import { sumOf, type Tally } from '../../src/serving/tally.ts';

/** A moment, in seconds. */
export const at = (seconds: number): Time => time(Math.round(seconds * 1e6));

/** One core per pod and 10 ms per request: 100 requests/s; a quarter of a core when kept alive: 25/s. Time-out 1 s; no sidecar cost. */
export const optionsOf = (options: Partial<ServiceOptions> = {}): ServiceOptions => ({
  zones: 1,
  serviceTime: duration(10_000),
  cv: 1,
  wait: duration(0),
  timeout: duration(1e6),
  objective: duration(300_000),
  runningMillicores: 1000,
  keepAliveMillicores: 250,
  idleMillicores: 0,
  sidecar: duration(0),
  relay: duration(0),
  hops: [duration(500), duration(2500), duration(30_500)],
  ...options,
});

export const service = (options: Partial<ServiceOptions> = {}): FluidService => new FluidService(optionsOf(options));

export const full: ServingMode = { limits: 'running', weight: 1000, local: 1000, receives: true, factor: 1000 };
export const warming: ServingMode = { ...full, weight: 100, factor: 100, cause: 'cold-start' };
export const keepAlive: ServingMode = { limits: 'keep-alive', weight: 1000, local: 10, receives: false, factor: 1000 };
export const cutOff: ServingMode = { limits: 'running', weight: 1000, local: 0, receives: false, factor: 1000, cause: 'switch' };
export const draining: ServingMode = { limits: 'running', weight: 0, local: 1000, receives: false, factor: 1000 };
export const slow: ServingMode = { ...full, factor: 500, cause: 'fault' };
export const coldPages = (from: number): ServingMode => ({
  ...full,
  factor: 600,
  cause: 'switch',
  ramp: { to: 1000, from: at(from), until: at(from + 20) },
});

export function add(to: FluidService, when: number, zone: number, mode: ServingMode, pods = 1): void {
  for (let i = 0; i < pods; i++) to.change(at(when), zone, undefined, mode);
}

/** Per zone what happened since the last cut. */
export function cut(service: FluidService, when: Time): readonly Tally[] {
  const tallies: Tally[] = [];
  service.cut(when, (tally, zone) => (tallies[zone] = sumOf([tally])));
  return tallies;
}

export const total = sumOf;

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
