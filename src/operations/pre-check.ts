import type { Slot } from '../cluster/slot.ts';
import { imbalance, podCapacityPerSecond } from '../cluster/specs.ts';
import type { World } from './world.ts';

/** Why a batch may not begin, and when to look again; Infinity: never. */
export interface Objection {
  readonly subject: 'window' | 'pre-check';
  readonly reason: string;
  readonly again: number;
}

/**
 * Step 1 of a switch: a change window is open, and the pods that stay with the giver carry the load that was last seen; if not, the next window of the metrics may show another one.
 * `promised`: pods of the giver from which other batches at work are about to take the traffic. Undefined where nothing speaks against the batch.
 */
export function preCheck(world: World, giver: number, batch: readonly Slot[], promised: number): Objection | undefined {
  const { cluster, platform } = world;
  const now = world.now();
  const opening = nextOpening(platform.changeWindows, now);
  if (opening !== undefined)
    return { subject: 'window', reason: `no change window is open${opening === Infinity ? ', and none is to come' : ''}`, again: opening };
  const giving = batch.filter((slot) => cluster.tenant(slot, giver).state === 'running').length;
  const left = cluster.running(giver) - promised - giving;
  const capacity = (left * podCapacityPerSecond(cluster.app(giver))) / imbalance(cluster.spec.zones);
  const load = world.reading(giver)?.offeredPerSecond ?? 0;
  if (giving === 0 || capacity >= load) return undefined;
  const { window, delay } = platform.metrics;
  return {
    subject: 'pre-check',
    reason: `${String(Math.round(capacity))}/s would stay with ${cluster.app(giver).name}, which gets ${String(Math.round(load))}/s`,
    again: (Math.floor((now - delay) / window) + 1) * window + delay,
  };
}

/** When the next change window opens; undefined where one is open at `now`, or none is given; Infinity where none is to come. */
function nextOpening(windows: World['platform']['changeWindows'], now: number): number | undefined {
  if (windows.length === 0 || windows.some(({ from, to }) => from <= now && now < to)) return undefined;
  return Math.min(Infinity, ...windows.map(({ from }) => from).filter((from) => from > now));
}
