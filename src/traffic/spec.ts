import type { Duration, Time } from '../base/units.ts';
import type { Point } from './curve.ts';
import type { Level } from './day.ts';
import type { FestivalShape, GmvYear } from './shapes.ts';

/** What an app is offered, decoded: plain data that can be cloned. Times in µs since the scenario's start, rates in requests/s. */
export type TrafficSpec =
  | { readonly kind: 'constant'; readonly rate: number }
  /** Straight lines between the points; before the first its rate, after the last its rate; two points at one moment are a jump. */
  | { readonly kind: 'piecewise'; readonly points: readonly Point[] }
  /** Levels over the day of the wall clock, joined by straight lines over `join`, repeated. */
  | { readonly kind: 'daily'; readonly levels: readonly Level[]; readonly join: Duration }
  | PulseSpec
  /** `at`: the opening, or the midnight that the shape counts from. */
  | { readonly kind: 'festival'; readonly shape: FestivalShape; readonly year: GmvYear; readonly at: Time; readonly peak: number }
  | TraceSpec
  | { readonly kind: 'sum'; readonly of: readonly TrafficSpec[] }
  | { readonly kind: 'scale'; readonly by: number; readonly of: TrafficSpec }
  /** Later by `by`; earlier where it is negative. */
  | { readonly kind: 'shift'; readonly by: Duration; readonly of: TrafficSpec }
  | { readonly kind: 'clip'; readonly min: number; readonly max: number; readonly of: TrafficSpec };

/** `base` until `at`, up to `peak` within `rise`, there for `hold`, then back to `base`: half of what is left every `halve`. */
export interface PulseSpec {
  readonly kind: 'pulse';
  readonly at: Time;
  readonly rise: Duration;
  readonly hold: Duration;
  readonly halve: Duration;
  readonly peak: number;
  readonly base: number;
}

/** A recorded rate: `rates[i]` holds from i·step to (i + 1)·step after the scenario's start. */
export interface TraceSpec {
  readonly kind: 'trace';
  /** As the scenario names it. */
  readonly file: string;
  readonly step: Duration;
  readonly rates: readonly number[];
}
