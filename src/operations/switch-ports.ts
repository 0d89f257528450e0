import type { Duration } from '../base/units.ts';
import type { Pod } from '../cluster/pod.ts';
import type { ProcessorSharing } from './processor-sharing.ts';

/** What the work on a slot needs of the controller. */
export interface SlotPorts {
  swap(node: number, direction: 'out' | 'in'): ProcessorSharing;
  /** Room on a node was given back. */
  freed(): void;
  /** How long a write of the controller's waits for its turn. */
  writeWait(): Duration;
  /** Whether the ratio push to the pod with this number gets lost. */
  losesPush(pod: Pod, push: number): boolean;
  /** The pod's sidecar missed a push: the controller does not know. */
  missed(pod: Pod): void;
}

/** What a switch needs of the controller. */
export interface SwitchPorts extends SlotPorts {
  /** Running pods of the app that switches at work are about to take traffic from. */
  promised(app: number): number;
  /** A slot of the switch, now over, is stuck. */
  stuck(): void;
}
