import type { OperationEvent } from '../operations/world.ts';

/** Everything that can happen in a run. A closed union: the compiler finds every place that a new kind must go. */
export type SimEvent =
  | OperationEvent
  /** The offered rate of an app whose clients retry bends or jumps. */
  | { readonly kind: 'bend'; readonly app: number }
  /** A bucket of an app is over in which attempts may have failed: what comes back of them. */
  | { readonly kind: 'bucket'; readonly app: number }
  /** The strategy is asked. */
  | { readonly kind: 'decide'; readonly because: 'period' | 'wake' | 'operation' }
  /** All loads are gone through. */
  | { readonly kind: 'catch-up' }
  /** An interval of the results is over. */
  | { readonly kind: 'row' };

/** Order of kinds at one instant, lower first: free, break, claim, load, judge, decide, observe. A pod that is ready at an instant is seen by the decision of that instant. */
export const eventRank = {
  'swap-due': 0,
  'fault-ends': 0,
  'push-due': 0,
  'fault-begins': 1,
  'node-due': 1,
  'pull-due': 0,
  'pod-due': 0,
  'step-due': 2,
  'queue-due': 2,
  'bind-due': 2,
  bend: 3,
  bucket: 3,
  'inspection-due': 5,
  'batch-due': 5, // a switch looks at the window that ends now, as the strategy does
  decide: 6,
  'catch-up': 8,
  row: 8,
} as const satisfies Record<SimEvent['kind'], number>;

/** Where in that order the things belong that happen to an app's load and are no events. */
export const loadRank = { bend: 3, window: 4, slo: 7 } as const;

/** Integer that tells the event's subject apart in the fingerprint; undefined for what only observes. */
export function subjectOf(event: SimEvent): number | undefined {
  switch (event.kind) {
    case 'pod-due':
    case 'push-due':
      return event.pod;
    case 'step-due':
      return event.slot;
    case 'batch-due':
      return event.operation;
    case 'fault-begins':
    case 'fault-ends':
      return event.fault * 1_048_576 + (event.node ?? -1) + 1;
    case 'node-due':
      return event.node;
    case 'swap-due':
      return event.node * 2 + (event.direction === 'out' ? 0 : 1);
    case 'bend':
    case 'bucket':
      return event.app;
    case 'catch-up':
    case 'row':
      return undefined;
    default:
      return 0;
  }
}
