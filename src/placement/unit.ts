import type { Claim } from '../cluster/cluster.ts';
import type { Pod } from '../cluster/pod.ts';
import type { Slot } from '../cluster/slot.ts';
import type { Time } from '../base/units.ts';

/** What the scheduler places at once: a pod outside slots, or a slot with all its tenants. */
export type Unit = { readonly kind: 'pod'; readonly pod: Pod } | { readonly kind: 'slot'; readonly slot: Slot };

/** A unit that waits to be bound. */
export interface Request {
  readonly unit: Unit;
  readonly claim: Claim;
  /** Units of one key are spread over the zones together: an app's pods, a group's slots. */
  readonly spreadKey: string;
  readonly since: Time;
}
