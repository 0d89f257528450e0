import type { Time } from '../base/units.ts';
import { StepMeter } from './step-meter.ts';

/** Amounts that are never one for another; `starting` is CPU used by starting pods. Millicores and bytes. */
export const quantities = ['reserved', 'limited', 'keepAlive', 'starting', 'memoryReserved', 'memoryResident'] as const;
export type Quantity = (typeof quantities)[number];
/** One meter per quantity. */
export type Account = Readonly<Record<Quantity, StepMeter>>;

const account = (): Account => ({
  reserved: new StepMeter(),
  limited: new StepMeter(),
  keepAlive: new StepMeter(),
  starting: new StepMeter(),
  memoryReserved: new StepMeter(),
  memoryResident: new StepMeter(),
});

/** Exact books of reserved, limited and resident amounts: per app and zone, per app, per zone and node pool, and in all. */
export class Ledger {
  readonly appZones: readonly (readonly Account[])[];
  readonly apps: readonly Account[];
  /** By zone and pool: `domains[zone][pool]`. */
  readonly domains: readonly (readonly Account[])[];
  readonly all: Account = account();

  constructor(apps: number, zones: number, pools: number) {
    this.appZones = Array.from({ length: apps }, () => Array.from({ length: zones }, account));
    this.apps = Array.from({ length: apps }, account);
    this.domains = Array.from({ length: zones }, () => Array.from({ length: pools }, account));
  }

  /** What is on a node of `zone` and `pool` changes by `delta`. */
  add(at: Time, app: number, { zone, pool }: { readonly zone: number; readonly pool: number }, quantity: Quantity, delta: number): void {
    if (delta === 0) return;
    (this.appZones[app]?.[zone] as Account)[quantity].add(at, delta);
    (this.apps[app] as Account)[quantity].add(at, delta);
    (this.domains[zone]?.[pool] as Account)[quantity].add(at, delta);
    this.all[quantity].add(at, delta);
  }
}
