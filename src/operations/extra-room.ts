import type { Slot } from '../cluster/slot.ts';
import { setMode } from './changes.ts';
import type { Operation } from './operation.ts';
import { keptAlive } from './traffic-modes.ts';
import type { World } from './world.ts';

/** Reserves what a slot needs to hold both tenants at full limits (make before break); false, and told so, where its node has no room. */
export function reserveExtra(
  world: World,
  operation: Operation,
  slot: Slot,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  const { cluster } = world;
  const now = world.now();
  if (cluster.reserveExtra(now, slot, to)) return true;
  world.emit({
    kind: 'step',
    operation,
    batch: operation.batches - 1,
    slot: slot.id,
    node: slot.node as number,
    step: 'pre-check',
    from,
    to,
    started: now,
    ended: now,
    attempts: 1,
    outcome: 'refused',
    bytes: 0,
  });
  setMode(world, cluster.tenant(slot, to), keptAlive(cluster.app(to)));
  return false;
}

/** Gives the extra room back where it is not needed: while `taker` is kept alive. Returns whether there was any. */
export function giveExtraBack(world: World, slot: Slot, taker: number): boolean {
  if (!slot.extra || world.cluster.tenant(slot, taker).state !== 'keep-alive') return false;
  world.cluster.releaseExtra(world.now(), slot);
  return true;
}
