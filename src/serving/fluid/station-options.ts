import { inSeconds } from '../../base/units.ts';
import { ResponseGrid } from './response-grid.ts';
import type { ServiceOptions } from '../service.ts';

/** What the zones of one app have in common. Times in seconds, CPU in cores. */
export interface StationOptions {
  readonly timeout: number;
  /** CPU per request: service and sidecar; that of the sidecar alone; and of each of two sidecars per request forwarded. */
  readonly demand: number;
  readonly sidecar: number;
  readonly relay: number;
  /** CPU for requests of a running pod, its idle CPU, and the CPU of a keep-alive pod. */
  readonly running: number;
  readonly idle: number;
  readonly keepAlive: number;
  readonly grid: ResponseGrid;
}

/** How many requests a pod of so much CPU works on at a time. */
export const serversOf = (millicores: number): number => Math.max(1, Math.floor(millicores / 1000));

/** The same numbers as the station needs them. */
export function stationOptions(options: ServiceOptions): StationOptions {
  const demand = inSeconds(options.serviceTime) + inSeconds(options.sidecar);
  const running = Math.max(0, options.runningMillicores - options.idleMillicores) / 1000;
  const keepAlive = options.keepAliveMillicores / 1000;
  const kernel = (limit: number, cores: number) => ({ servers: serversOf(limit), capacity: cores / demand });
  const grid = new ResponseGrid({
    wait: inSeconds(options.wait),
    hops: options.hops.map(inSeconds),
    timeout: inSeconds(options.timeout),
    objective: inSeconds(options.objective),
    cv: options.cv,
    serviceTime: inSeconds(options.serviceTime),
    kernels: [kernel(options.runningMillicores, running), kernel(options.keepAliveMillicores, keepAlive)],
  });
  return {
    timeout: inSeconds(options.timeout),
    demand,
    sidecar: inSeconds(options.sidecar),
    relay: inSeconds(options.relay),
    running,
    idle: options.idleMillicores / 1000,
    keepAlive,
    grid,
  };
}
