import type { Duration, OperationId, Time } from '../base/units.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Pod, PodState } from '../cluster/pod.ts';
import type { Streams } from '../random/streams.ts';
import type { ServingMode } from '../serving/mode.ts';
import type { Fault } from './fault-spec.ts';
import type { Operation } from './operation.ts';
import type { Rollout } from './orders.ts';
import type { Platform } from './platform.ts';
import type { Scored } from '../placement/scheduler.ts';
import type { Unit } from '../placement/unit.ts';

/** What happens in the operations' life: plain data, scheduled through the `schedule` port. */
export type OperationEvent =
  /** The scheduler has finished with the unit it was at, bound or refused. */
  | { readonly kind: 'bind-due' }
  /** A backoff is over, or a unit has been unschedulable for long enough; void if another time has been set since. */
  | { readonly kind: 'queue-due'; readonly token: number }
  /** The pod's present state ends; void if its epoch has moved on. */
  | { readonly kind: 'pod-due'; readonly pod: number; readonly epoch: number }
  /** A try of a slot's step in a switch ends, or begins again after a backoff. */
  | { readonly kind: 'step-due'; readonly operation: OperationId; readonly slot: number; readonly token: number }
  /** The first transfer on a node's swap device is over; void if the device's epoch has moved on. */
  | { readonly kind: 'swap-due'; readonly node: number; readonly direction: 'out' | 'in'; readonly epoch: number }
  /** The first image pull is over; void if the registry's epoch has moved on. */
  | { readonly kind: 'pull-due'; readonly epoch: number }
  /** A switch looks at its next batch: a pre-check is repeated, an observation or a pause is over. */
  | { readonly kind: 'batch-due'; readonly operation: OperationId; readonly token: number }
  /** A fault of the scenario begins or ends: on one node, or where that is undefined on all that it names. */
  | { readonly kind: 'fault-begins' | 'fault-ends'; readonly fault: number; readonly node: number | undefined }
  /** A lost node: clients notice, or its pods are given up; void if its epoch has moved on. */
  | { readonly kind: 'node-due'; readonly node: number; readonly epoch: number; readonly what: 'unregister' | 'evict' }
  | { readonly kind: 'inspection-due' }
  /** A push that the inspection repeated has reached its sidecar; void if another one has been sent since. */
  | { readonly kind: 'push-due'; readonly pod: number; readonly pushes: number };

/** Steps of a switch that take time; the pre-check before them takes none. */
export type Step = 'traffic-down' | 'resources-down' | 'resources-up' | 'traffic-up' | 'status';

/** Steps in either order; the pre-check goes before them. */
export const stepsInOrder: Readonly<Record<Rollout['order'], readonly Step[]>> = {
  'break-before-make': ['traffic-down', 'resources-down', 'resources-up', 'traffic-up', 'status'],
  'make-before-break': ['resources-up', 'traffic-up', 'traffic-down', 'resources-down', 'status'],
};

/** What operations tell the outside, through the `emit` port. */
export type Fact =
  | { readonly kind: 'pod-created'; readonly pod: Pod }
  | { readonly kind: 'pod-state'; readonly pod: Pod; readonly left: PodState; readonly since: Time; readonly reason: string }
  /** The pod's traffic changes; it is still, or already, in `zone`. */
  | {
      readonly kind: 'traffic';
      readonly app: number;
      readonly zone: number;
      readonly from: ServingMode | undefined;
      readonly to: ServingMode | undefined;
      /** What becomes of what waits at the pod: it moves with it, where it is still there, or is lost. */
      readonly backlog: 'moves' | 'lost';
    }
  /** CPU that the app's starting pods use has changed. */
  | { readonly kind: 'start-cpu'; readonly app: number }
  /** The pod's sidecar has missed a push, or knows again what it should. */
  | { readonly kind: 'drift'; readonly pod: Pod; readonly begins: boolean }
  /** The scheduler has chosen a node; `why` is to be asked at once, before the unit is placed there. */
  | { readonly kind: 'chosen'; readonly unit: Unit; readonly node: number; readonly why: () => Scored }
  | { readonly kind: 'bound'; readonly pod: Pod; readonly waited: Duration }
  | {
      readonly kind: 'step';
      readonly operation: Operation;
      readonly batch: number;
      readonly slot: number;
      readonly node: number;
      readonly step: Step | 'pre-check';
      readonly from: number;
      readonly to: number;
      readonly started: Time;
      readonly ended: Time;
      readonly attempts: number;
      readonly outcome: 'done' | 'stuck' | 'lost' | 'refused';
      readonly bytes: number;
    }
  /** Something was ordered: before anything comes of it. */
  | { readonly kind: 'ordered'; readonly operation: Operation }
  /** An operation ended or paused: news for the strategy. */
  | { readonly kind: 'operation'; readonly operation: Operation };

/** Load of an app as strategies and gates see it: the mean over the last whole metrics window, as old as the metrics delay. */
export interface Reading {
  readonly offeredPerSecond: number;
  readonly successRatio: number;
  readonly responseP99: Duration | undefined;
}

/** All that operations work with: the cluster, the platform's manners, randomness, and the ports to the engine. */
export interface World {
  readonly cluster: Cluster;
  readonly platform: Platform;
  readonly streams: Streams;
  readonly faults: readonly Fault[];
  /** When the run ends. */
  readonly end: Time;
  now(): Time;
  schedule(at: Time, event: OperationEvent): void;
  emit(fact: Fact): void;
  /** Absent before the first whole window. */
  reading(app: number): Reading | undefined;
}
