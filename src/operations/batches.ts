import { roundUp } from '../base/round-up.ts';
import type { Slot } from '../cluster/slot.ts';
import type { Rollout } from './orders.ts';

/** Splits `slots` by cumulative shares, each rounded up to whole slots; empty batches fall out. */
export function inBatches<T>(slots: readonly T[], shares: readonly number[]): readonly (readonly T[])[] {
  const batches: T[][] = [];
  let from = 0;
  for (const share of shares) {
    const to = Math.min(slots.length, roundUp(share * slots.length));
    if (to > from) batches.push(slots.slice(from, to));
    from = to;
  }
  return batches;
}

/** Order in which slots are switched: `node`, node by node; `spread`, in turn over the zones, then nodes. Lowest indexes first. */
export function inSwitchOrder(slots: readonly Slot[], by: Rollout['by'], zones: number): readonly Slot[] {
  const byNode = [...slots].sort((a, b) => (a.node as number) - (b.node as number) || a.id - b.id);
  if (by === 'node') return byNode;
  const seen = new Map<number, number>();
  const keyed = byNode.map((slot) => {
    const round = seen.get(slot.node as number) ?? 0;
    seen.set(slot.node as number, round + 1);
    return { slot, round };
  });
  const queues: Slot[][] = Array.from({ length: zones }, () => []);
  for (const { slot } of keyed.sort((a, b) => a.round - b.round || (a.slot.node as number) - (b.slot.node as number)))
    (queues[slot.zone] as Slot[]).push(slot);
  const order: Slot[] = [];
  for (let i = 0; order.length < slots.length; i++) for (const queue of queues) if (queue[i]) order.push(queue[i] as Slot);
  return order;
}
