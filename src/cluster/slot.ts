import type { Pod } from './pod.ts';

/** `pending`: not placed yet · `starting`: its first tenants start · `steady` · `switching`: belongs to a switch that is not over · `stuck`: a step failed for good · `leaving` · `gone`. */
export type SlotState = 'pending' | 'starting' | 'steady' | 'switching' | 'stuck' | 'leaving' | 'gone';

/** A reserved piece of a node that holds one pod of each member of a sharing group. */
export interface Slot {
  readonly id: number;
  /** Index of its group in scenario order. */
  readonly group: number;
  /** Its number within the group: the role of its tenants. */
  readonly index: number;
  /** One pod per member, in the group's order. */
  readonly tenants: Pod[];
  node: number | undefined;
  zone: number;
  state: SlotState;
  /** App whose tenant runs here; while a switch is under way the one whose limits are up. */
  holder: number;
  /** Switches begun on this slot. */
  switches: number;
  /** Operation that creates, switches or removes it. */
  operation: number | undefined;
  /** CPU and memory reserved for the app beyond the slot, for make-before-break. */
  extra: { readonly app: number; readonly millicores: number; readonly bytes: number } | undefined;
}
