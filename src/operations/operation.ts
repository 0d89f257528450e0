import type { OperationId, Time } from '../base/units.ts';
import type { Slot, SlotFailure } from '../cluster/slot.ts';
import type { Seen } from './gate.ts';
import type { OperationState, Order } from './orders.ts';

/** What became of an order. */
export interface Operation {
  readonly id: OperationId;
  readonly order: Order;
  /** Who ordered it. */
  readonly by: 'strategy' | 'inspection';
  readonly ordered: Time;
  /** First action and, for a switch, the last slot's status (its last observation not included); for others the last pod. */
  started: Time | undefined;
  ended: Time | undefined;
  state: OperationState;
  /** Pods or slots that it waits for, or waited for. */
  requested: number;
  /** Of those: as they were asked to be, now. */
  done: number;
  /** Slots of which a step failed for good, that were lost with their node or refused, each once. */
  readonly failures: Map<Slot, SlotFailure>;
  readonly failed: number;
  /** Slots that the taker got, and that the giver got back. */
  handedOver: number;
  handedBack: number;
  /** Batches begun. */
  batches: number;
  /** Worst values that a gate saw. */
  gate: Seen | undefined;
  /** What a reader should know, by subject: a later word on a subject takes the place of an earlier one. */
  readonly notes: Map<Subject, string>;
}

type Subject =
  'refused' | 'fewer' | 'window' | 'observation' | 'pre-check' | 'paused' | 'rolled-back' | 'superseded' | 'inspection' | 'away';

/** A new operation for `order`, given at `now`. */
export const begun = (id: OperationId, order: Order, by: Operation['by'], now: Time): Operation => ({
  id,
  order,
  by,
  ordered: now,
  started: order.kind === 'switch' ? undefined : now,
  ended: undefined,
  state: 'running',
  requested: order.kind === 'switch' ? order.slots : 0,
  done: 0,
  failures: new Map(),
  get failed() {
    return this.failures.size;
  },
  handedOver: 0,
  handedBack: 0,
  batches: 0,
  gate: undefined,
  notes: new Map(),
});

/** The slot has failed in a switch; only the first reason counts. */
export function fail({ failures }: Operation, slot: Slot, why: string): void {
  if (failures.has(slot)) return;
  const failure = { slot, why, then: undefined };
  slot.failures.push(failure);
  failures.set(slot, failure);
}

export const isOver = ({ state }: Pick<Operation, 'state'>): boolean =>
  state === 'done' || state === 'rolled-back' || state === 'refused' || state === 'superseded';

/** Why it was refused, paused, held back, rolled back or superseded; undefined where nothing is to be said. */
export const reasonOf = ({ notes }: Operation): string | undefined => (notes.size === 0 ? undefined : [...notes.values()].join('; '));
