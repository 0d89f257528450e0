import type { ServingMode } from '../mode.ts';
import type { PodClass } from './pod-class.ts';

/** What one zone's pods make of its arrivals: sums over its pods, integers. */
export class ZoneSums {
  /** Σ weight of all pods, and of those that take what others forward, 1/1000. */
  weight = 0;
  receiving = 0;
  #forwarding = 0;

  /** Σ weight × (1 − local), 1/1000. */
  get forwarding(): number {
    return this.#forwarding / 1000;
  }

  /** A pod of this mode comes (1) or goes (−1). */
  add({ weight, receives, local }: ServingMode, sign: 1 | -1): void {
    this.weight += sign * weight;
    if (receives) this.receiving += sign * weight;
    this.#forwarding += sign * weight * (1000 - local);
  }
}

/** What the zones mean for each other. */
export interface CrossRouting {
  /** No pod anywhere takes what others forward: each serves all that reaches it. */
  readonly alone: boolean;
  /** {@link alone}, and some pod would rather forward. */
  readonly fallback: boolean;
  /** Whether a zone's routing depends on the pods of another one. */
  readonly coupled: boolean;
  /** Share of the app's arrivals that comes from other zones, by zone and distance: the same IDC, another one, another city. */
  readonly crossIn: readonly (readonly number[])[];
  /** Share of the app's arrivals that its own zone has no pods for, by zone of arrival. */
  readonly homeless: readonly number[];
  /** Share of the app's arrivals that nobody takes, by zone of arrival: rejected. */
  readonly nowhere: readonly number[];
}

/** What a zone without receiving pods forwards, and all that a zone without pods gets, goes to the receiving pods of other zones in proportion to their weight. */
export function crossRouting(
  zones: readonly ZoneSums[],
  shares: readonly number[],
  distances: readonly (readonly number[])[],
): CrossRouting {
  const alone = zones.every((zone) => zone.receiving === 0);
  const takers = zones.map((zone) => (alone ? zone.weight : zone.receiving));
  const taking = takers.reduce((sum, weight) => sum + weight, 0);
  const homeless = zones.map((zone, z) => {
    const share = shares[z] as number;
    if (zone.weight === 0) return share;
    return alone || zone.receiving > 0 ? 0 : (share * zone.forwarding) / zone.weight;
  });
  const all = homeless.reduce((sum, share) => sum + share, 0);
  return {
    alone,
    fallback: alone && zones.some((zone) => zone.forwarding > 0),
    coupled: all > 0,
    homeless,
    crossIn: takers.map((weight, to) => {
      const from = [0, 0, 0];
      homeless.forEach((share, zone) => {
        const distance = distances[zone]?.[to] as number;
        from[distance] = (from[distance] as number) + share;
      });
      return from.map((share) => (taking > 0 ? (share * weight) / taking : 0));
    }),
    nowhere: homeless.map((share) => (taking > 0 ? 0 : share)),
  };
}

/** Whether the zone has pods that take what its others forward: where all have, as most of the time, their routing is {@link apart}. */
export const takesItsOwn = ({ receiving }: ZoneSums): boolean => receiving > 0;

/** {@link crossRouting} of zones that need none. */
export function apart(zones: number): CrossRouting {
  const none = new Array<number>(zones).fill(0);
  return { alone: false, fallback: false, coupled: false, homeless: none, crossIn: none.map(() => [0, 0, 0]), nowhere: none };
}

/** Sets the flows of one zone's classes: W = Σ weight; local arrivals share·w·local/W; what is forwarded goes to receiving classes in proportion to weight. */
export function routeZone(classes: readonly PodClass[], sums: ZoneSums, share: number, cross: CrossRouting, zone: number): void {
  const { alone } = cross;
  const receiving = alone ? sums.weight : sums.receiving;
  const forwarded = alone || receiving === 0 ? 0 : (share * sums.forwarding) / sums.weight;
  for (const { flow, weight, mode } of classes) {
    const reached = weight > 0 ? (share * weight) / sums.weight : 0;
    const local = alone ? 1000 : mode.local;
    const part = (alone || mode.receives) && weight > 0 ? weight / receiving : 0;
    const [near, idc, city] = cross.crossIn[zone] as [number, number, number];
    flow.crossIn = part * (near + idc + city);
    flow.forwardedIn = part * forwarded + flow.crossIn;
    flow.arrivals = (reached * local) / 1000 + flow.forwardedIn;
    const of = flow.arrivals > 0 ? flow.arrivals : 1;
    flow.hops[0] = (part * forwarded + part * near) / of;
    flow.hops[1] = (part * idc) / of;
    flow.hops[2] = (part * city) / of;
    flow.forwardedOut = (reached * (1000 - local)) / 1000;
    flow.usable = weight > 0 && local === 1000;
  }
}
