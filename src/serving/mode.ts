import type { Time } from '../base/units.ts';

/** Why capacity is missing, in the order in which a deficit is split. */
export const causes = ['fault', 'switch', 'cold-start', 'undersized'] as const;
export type Cause = (typeof causes)[number];

/** What a pod is to traffic at the moment. Values in 1/1000 are integers. */
export interface ServingMode {
  /** Whose limits are in force: decides k of the response law, and idle CPU (running pods only). */
  readonly limits: 'running' | 'keep-alive';
  /** 1/1000: what clients send it, relative to a full pod; 0 = nothing new. */
  readonly weight: number;
  /** 1/1000: share of its arrivals that it serves itself; its sidecar forwards the rest. */
  readonly local: number;
  /** Whether it takes what others forward, in proportion to `weight`. */
  readonly receives: boolean;
  /** 1/1000: capacity relative to the full capacity of a pod on its limits. */
  readonly factor: number;
  /**
   * Its capacity factor rises (or falls) linearly from `factor` at `from` to `to` at `until`, and stays there.
   * `from` is not later than the change that brings the mode.
   */
  readonly ramp?: { readonly to: number; readonly from: Time; readonly until: Time };
  /** Why its missing capacity is missing: full running capacity minus what traffic can use of it now. */
  readonly cause?: Cause;
}

/**
 * Modes of the main class: running pods whose capacity is proportional to what clients send them (full and warming ones), so that all have
 * the same load and the same delay, and one backlog describes them.
 */
export function isMain(mode: ServingMode): boolean {
  return mode.ramp === undefined && mode.factor === mode.weight && mode.local === 1000 && mode.receives && mode.limits === 'running';
}

/** What tells the classes of modes apart: equal for pods that differ in nothing but the fraction of the second in which their ramp began. */
export type ClassKey = number | string;

/** The key of {@link isMain}. */
export const mainKey: ClassKey = -1;

/** The class of a mode. Most have no ramp, and their key is a number, packed from integers below 2¹⁴: quick to make and to look up. */
export function classKey(mode: ServingMode): ClassKey {
  if (isMain(mode)) return mainKey;
  const { limits, weight, local, receives, factor, ramp, cause } = mode;
  const flags = (cause === undefined ? causes.length : causes.indexOf(cause)) * 4 + (receives ? 2 : 0) + (limits === 'running' ? 1 : 0);
  const packed = ((flags * range + weight) * range + local) * range + factor;
  return ramp ? `${String(packed)}:${String(ramp.to)}:${String(Math.floor(ramp.from / 1e6))}:${String(ramp.until - ramp.from)}` : packed;
}
const range = 16_384;
