import type { ResponseGrid } from './response-grid.ts';

/** What stations of one app have in common. Times in seconds, CPU in cores. */
export interface StationOptions {
  readonly timeout: number;
  /** CPU per request: service and sidecar; and of each of two sidecars per request forwarded. */
  readonly demand: number;
  readonly relay: number;
  /** CPU for requests of a running pod, its idle CPU, and the CPU of a keep-alive pod. */
  readonly running: number;
  readonly idle: number;
  readonly keepAlive: number;
  readonly grid: ResponseGrid;
}
