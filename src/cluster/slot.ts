import type { Pod } from './pod.ts';

/** `pending`: not placed yet · `starting`: its first tenants start · `steady` · `switching`: belongs to a switch that is not over · `stuck`: a step failed for good · `failed`: its node is lost · `leaving` · `gone`. */
export type SlotState = 'pending' | 'starting' | 'steady' | 'switching' | 'stuck' | 'failed' | 'leaving' | 'gone';

/** That a slot failed in a switch: why, and the app that it ran when it was steady again; undefined while it is not. */
export interface SlotFailure {
  /** The slot, or the one that was made anew in its place. */
  slot: Slot;
  readonly why: string;
  then: number | undefined;
}

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
  /** App that is to hold it: the taker of the last switch of which it was part, unless that was rolled back. What is started or repaired is started or repaired for it. */
  wanted: number;
  /** Switches begun on this slot. */
  switches: number;
  /** Operation that creates, switches or removes it. */
  operation: number | undefined;
  /** How it has failed in switches since it was steady. */
  readonly failures: SlotFailure[];
  /** CPU and memory reserved for the app beyond the slot, for make-before-break. */
  extra: { readonly app: number; readonly millicores: number; readonly bytes: number } | undefined;
}

/** The app from which a stuck slot is taken for the one that is to hold it: the one whose tenant is not kept alive, else the holder, else the first of the others. */
export function otherThanWanted({ tenants, wanted, holder }: Slot): number {
  const others = tenants.filter(({ app }) => app !== wanted);
  const awake = others.find(({ state }) => state !== 'keep-alive');
  return awake?.app ?? (holder !== wanted ? holder : (others[0]?.app ?? holder));
}
