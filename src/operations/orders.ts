import type { AppName, Duration, GroupName, OperationId } from '../base/units.ts';
import type { Gate } from './gate.ts';

/** How a switch is rolled out over its slots. */
export interface Rollout {
  /** Cumulative shares of the slots, rising, the last one 1; each is rounded up to whole slots. */
  readonly batches: readonly number[];
  /** `spread`: slots in turn over the zones, then nodes; `node`: node by node. */
  readonly by: 'spread' | 'node';
  /** Between the gate's verdict on a batch and the next batch. */
  readonly pause: Duration;
  /** From the last status of a batch to the gate's verdict on it. */
  readonly observe: Duration;
  readonly order: 'break-before-make' | 'make-before-break';
  readonly gate: Gate | undefined;
}

/** Most pods or slots that one order may ask for. */
export const mostOrdered = 1e7;

/** What the platform can be asked to do: plain data. */
export type Order =
  /**
   * `pods` outside slots, from now on, and `standby` more that are created and started but get no traffic (none where it is left out); idempotent.
   * More pods are taken from those that stand by first; newest pods leave first, and stand by as far as there is room.
   */
  | { readonly kind: 'scale'; readonly app: AppName; readonly pods: number; readonly standby?: number }
  /** `slots` of the group, from now on; every member gets a pod in each, the holder's is the running one. */
  | { readonly kind: 'reserve'; readonly group: GroupName; readonly slots: number; readonly holder: AppName }
  | {
      readonly kind: 'switch';
      readonly group: GroupName;
      readonly from: AppName;
      readonly to: AppName;
      readonly slots: number;
      readonly rollout: Rollout;
    }
  | { readonly kind: 'pause' | 'resume' | 'roll-back'; readonly operation: OperationId };

/** Life of an operation. `refused` never starts; `paused` waits for `resume` or `roll-back`; a newer order for the same pods or slots takes over what a `superseded` one still waited for. */
export type OperationState = 'running' | 'paused' | 'rolling-back' | 'done' | 'rolled-back' | 'refused' | 'superseded';
