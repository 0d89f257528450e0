import { InvariantError } from '../base/assert.ts';
import type { Time } from '../base/units.ts';
import type { ServingMode } from '../serving/mode.ts';
import type { PodSpecs } from './specs.ts';

/** What a pod is doing; the words of Ant and Kapacity in brackets where they have one. */
export type PodState =
  | 'pending'
  | 'pulling'
  | 'starting'
  | 'standby' // started, without traffic
  | 'warming'
  | 'running' // Online, 运行态
  | 'draining-to-standby'
  | 'cutoff' // Cutoff
  | 'swapping-out'
  | 'keep-alive' // Standby, 保活态
  | 'swapping-in'
  | 'draining'
  | 'terminating'
  | 'failed' // its node is lost
  | 'gone';

/** Every legal next state: traffic goes off before memory goes out, and on after it is back. A failed pod starts again where it is, or is given up. */
export const nextStates = {
  pending: ['pulling', 'starting', 'gone'],
  pulling: ['starting', 'gone', 'failed'],
  starting: ['standby', 'warming', 'keep-alive', 'terminating', 'failed'],
  standby: ['warming', 'terminating', 'failed'],
  warming: ['running', 'draining', 'failed'],
  running: ['draining-to-standby', 'draining', 'failed'],
  'draining-to-standby': ['cutoff', 'draining', 'failed'],
  cutoff: ['swapping-out', 'running', 'draining', 'failed'],
  'swapping-out': ['keep-alive', 'terminating', 'failed'],
  'keep-alive': ['swapping-in', 'terminating', 'failed'],
  'swapping-in': ['running', 'swapping-out', 'draining', 'failed'],
  draining: ['standby', 'terminating', 'gone', 'failed'],
  terminating: ['gone'],
  failed: ['pulling', 'starting', 'gone'],
  gone: [],
} as const satisfies Record<PodState, readonly PodState[]>;
export const podStates = Object.keys(nextStates) as readonly PodState[];

/** Where a pod stands: outside slots, as the app's pod `index`; or as a tenant of slot `index` of the app's group. */
export interface Role {
  readonly kind: 'exclusive' | 'slot';
  readonly index: number;
}

/** What pods are counted by: as wanted outside slots, as standing by, or as tenants. */
export type Duty = Role['kind'] | 'standby';

/** One pod: a record that only the {@link Cluster} and the operations write. */
export interface Pod {
  readonly id: number;
  /** Index of its app in scenario order. */
  readonly app: number;
  readonly role: Role;
  /** How many pods had this role before. */
  readonly incarnation: number;
  /** Its slot, for tenants. */
  readonly slot: number | undefined;
  readonly created: Time;
  /** Whether it is kept, or to be kept, started and without traffic until a wanted pod is needed. Only of pods outside slots; {@link Cluster.setStandby} changes it. */
  standby: boolean;
  node: number | undefined;
  zone: number;
  state: PodState;
  since: Time;
  /** Raised whenever what was planned for the pod no longer holds: an event that carries an older one is void. */
  epoch: number;
  /** What it is to traffic; undefined: not there at all. */
  mode: ServingMode | undefined;
  /** What it is meant to be to traffic: differs from `mode` where its node is slow or its sidecar missed a push. */
  intended: ServingMode | undefined;
  /** 1/1000: the share of its arrivals that its sidecar still serves itself, because it missed a push; undefined: what it is meant to. */
  missed: number | undefined;
  /** How often it has been started again after its node was lost. */
  restarts: number;
  /** Ratio and weight pushes sent to its sidecar so far. */
  pushes: number;
  /** Operation that created or removes it. */
  operation: number | undefined;
  /** What its state lets it use, with its burst. */
  limits: Limits;
  /** Millicores that its start uses, and of those the burst: what they exceed its limit by. */
  startCpu: number;
  burst: number;
}

/** CPU limit in force (millicores) and memory resident (bytes) of a pod; both 0 before its image is there and after it is gone. */
export interface Limits {
  readonly millicores: number;
  readonly resident: number;
}

export const noLimits: Limits = { millicores: 0, resident: 0 };

/**
 * Limits in force in a state: full while it serves; the CPU limit falls when swapping out begins and memory when it ends; both rise when swapping in begins.
 * A tenant that does not hold its slot starts and ends on keep-alive limits.
 */
export function limitsIn(state: PodState, app: PodSpecs, keptTenant: boolean): Limits {
  const kept = { millicores: app.keepAlive.cpu, resident: Math.max(0, app.pod.memory - app.keepAlive.release - app.keepAlive.swap) };
  const full = { millicores: app.pod.cpu, resident: app.pod.memory };
  switch (state) {
    case 'pending':
    case 'failed':
    case 'pulling':
    case 'gone':
      return noLimits;
    case 'keep-alive':
      return kept;
    case 'swapping-out':
      return { millicores: app.keepAlive.cpu, resident: app.pod.memory };
    case 'starting':
    case 'terminating':
      return keptTenant ? kept : full;
    default:
      return full;
  }
}

/** Throws unless `to` may follow the pod's state. */
export function checkTransition(pod: Pod, to: PodState, appName: string): void {
  if (!(nextStates[pod.state] as readonly PodState[]).includes(to)) {
    throw new InvariantError(`pod ${String(pod.id)} of ${appName} cannot go from ${pod.state} to ${to}`);
  }
}
