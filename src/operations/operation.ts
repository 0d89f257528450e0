import type { Duration, OperationId, Time } from '../base/units.ts';
import type { OperationState, Order } from './orders.ts';

/** What became of an order. */
export interface Operation {
  readonly id: OperationId;
  readonly order: Order;
  readonly ordered: Time;
  /** First action and, for a switch, the last slot's status (its last observation not included); for others the last pod. */
  started: Time | undefined;
  ended: Time | undefined;
  state: OperationState;
  /** Pods or slots. */
  requested: number;
  done: number;
  failed: number;
  batches: number;
  /** Worst values that a gate saw. */
  gate: { readonly success: number; readonly responseP99: Duration } | undefined;
  reason: string | undefined;
}

export const isOver = ({ state }: Pick<Operation, 'state'>): boolean => state === 'done' || state === 'rolled-back' || state === 'refused';
