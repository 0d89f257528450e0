import type { Duration, Time } from '../base/units.ts';
import type { Point } from './curve.ts';
import type { Level } from './day.ts';
import type { FestivalShape, GmvYear } from './shapes.ts';

/** What an app is offered, decoded: plain data that can be cloned. Times in µs since the scenario's start, rates in requests/s. */
export type TrafficSpec = TrafficBlock<TraceSpec>;

/** A block of traffic whose traces are `Trace`: what has been recorded, or first only where to read it. */
export type TrafficBlock<Trace> =
  | { readonly kind: 'constant'; readonly rate: number }
  /** Straight lines between the points; before the first its rate, after the last its rate; two points at one moment are a jump. */
  | { readonly kind: 'piecewise'; readonly points: readonly Point[] }
  /** Levels over the day of the wall clock, joined by straight lines over `join`, repeated. */
  | { readonly kind: 'daily'; readonly levels: readonly Level[]; readonly join: Duration }
  | PulseSpec
  /** `at`: the opening, or the midnight that the shape counts from. */
  | { readonly kind: 'festival'; readonly shape: FestivalShape; readonly year: GmvYear; readonly at: Time; readonly peak: number }
  | Trace
  | { readonly kind: 'sum'; readonly of: readonly TrafficBlock<Trace>[] }
  | { readonly kind: 'scale'; readonly by: number; readonly of: TrafficBlock<Trace> }
  /** Later by `by`; earlier where it is negative. */
  | { readonly kind: 'shift'; readonly by: Duration; readonly of: TrafficBlock<Trace> }
  | { readonly kind: 'clip'; readonly min: number; readonly max: number; readonly of: TrafficBlock<Trace> };

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

/** A recorded rate: `rates[i]` holds from begin + i·step to begin + (i + 1)·step, µs after the scenario's start. */
export interface TraceSpec {
  readonly kind: 'trace';
  /** As the scenario names it. */
  readonly file: string;
  readonly begin: number;
  readonly step: Duration;
  readonly rates: readonly number[];
}
