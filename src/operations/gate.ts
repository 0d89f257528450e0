import type { Duration } from '../base/units.ts';

/** What must hold after a batch's observation, for the giver and, unless it `judges` the giver alone, for the taker. */
export interface Gate {
  /** Least share of attempts served. */
  readonly success: number;
  readonly responseP99: Duration;
  /** Largest share of the batch's slots that may have failed. */
  readonly failedSlots: number;
  readonly otherwise: 'pause' | 'roll-back';
  /** Whose answers count; both if left out. A taker that is short before it has its slots cannot be helped by taking them back. */
  readonly judges?: 'both' | 'giver';
}

/** What a gate looks at in an app. */
export interface Seen {
  readonly successRatio: number;
  /** Undefined where nothing was answered. */
  readonly responseP99: Duration | undefined;
}

/** What a gate judges by. */
export interface Worst {
  readonly successRatio: number;
  readonly responseP99: Duration;
}

/** The least success and the longest response of those there are. */
export function worst(all: readonly (Seen | undefined)[]): Worst {
  const seen = all.filter((one) => one !== undefined);
  return {
    successRatio: Math.min(1, ...seen.map(({ successRatio }) => successRatio)),
    responseP99: Math.max(0, ...seen.map(({ responseP99 }) => responseP99 ?? 0)) as Duration,
  };
}

/** What the gate looks at, of giver and taker. */
export const seenBy = ({ judges }: Gate, giver: Seen | undefined, taker: Seen | undefined): Worst =>
  worst(judges === 'giver' ? [giver] : [giver, taker]);

/** What the gate objects to: success first, then response, then the share of failed slots; undefined when it is content. */
export function objection(gate: Gate, { successRatio, responseP99 }: Worst, failedSlots: number): string | undefined {
  if (successRatio < gate.success) return `success ${percent(successRatio - 0.00005 + 1e-9)} is below ${percent(gate.success)}`;
  if (responseP99 > gate.responseP99)
    return `response p99 ${String(Math.round(responseP99 / 1000))} ms is above ${String(gate.responseP99 / 1000)} ms`;
  if (failedSlots > gate.failedSlots) return `${percent(failedSlots)} of the slots failed, ${percent(gate.failedSlots)} may`;
  return undefined;
}

const percent = (ratio: number): string => `${String(Math.round(ratio * 10000) / 100)}%`;
