import { unreachable } from '../base/assert.ts';
import { exp } from '../base/elementary.ts';
import { type Calendar, startSecondOfDay } from '../base/wall-clock.ts';
import { type Time, time } from '../base/units.ts';
import { clip, scale, sum } from './algebra.ts';
import { Curve, type Piece } from './curve.ts';
import { dailyPoints, dayLength } from './day.ts';
import { festivalCurve } from './festival.ts';
import { linearise, maximumError } from './linearise.ts';
import { lawOf } from './shapes.ts';
import type { PulseSpec, TraceSpec, TrafficSpec } from './spec.ts';

/** The curve that a spec describes, from the scenario's start to its horizon. */
export function buildCurve(spec: TrafficSpec, calendar: Calendar): Curve {
  return build(spec, { origin: 0, end: time(calendar.horizon), midnight: -Math.round(startSecondOfDay(calendar) * 1e6) });
}

/** The piece of time that is built: curves begin at `origin` (µs since the scenario's start) and are `end` long. What is shifted sees another one, so nothing has to be invented at the ends. */
interface Frame {
  readonly origin: number;
  readonly end: Time;
  /** Local midnight of the scenario's first day, µs since its start. */
  readonly midnight: number;
}

function build(spec: TrafficSpec, frame: Frame): Curve {
  const { origin, end } = frame;
  switch (spec.kind) {
    case 'constant':
      return Curve.constant(spec.rate, end);
    case 'piecewise':
      return Curve.fromPoints(
        spec.points.map(({ at, rate }) => ({ at: at - origin, rate })),
        end,
      );
    case 'daily': {
      const midnight = frame.midnight - origin;
      const days = dailyPoints(spec.levels, spec.join, Math.floor(-midnight / dayLength) - 1, Math.floor((end - midnight) / dayLength) + 1);
      return Curve.fromPoints(
        days.map(({ at, rate }) => ({ at: at + midnight, rate })),
        end,
      );
    }
    case 'pulse':
      return pulse(spec, origin, end);
    case 'festival': {
      const { shape, year, at, peak } = spec;
      return festivalCurve({ law: lawOf(shape, year), opening: at - origin, midnight: frame.midnight - origin, peak }, end);
    }
    case 'trace':
      return trace(spec, origin, end);
    case 'sum':
      return sum(spec.of.map((part) => build(part, frame)));
    case 'scale':
      return scale(build(spec.of, frame), spec.by);
    case 'shift':
      return build(spec.of, { ...frame, origin: origin - spec.by });
    case 'clip':
      return clip(build(spec.of, frame), spec.min, spec.max);
    default:
      return unreachable(spec);
  }
}

const ln2 = 0.6931471805599453;

function pulse({ at, rise, hold, halve, peak, base }: PulseSpec, origin: number, end: Time): Curve {
  const start = at - origin;
  const fall = start + rise + hold;
  const points = [
    { at: start, rate: base },
    { at: start + rise, rate: peak },
    { at: fall, rate: peak },
  ];
  const decay = (t: number): number => base + (peak - base) * exp((-ln2 * (t - fall)) / halve);
  const tail: readonly Piece[] = fall < end ? linearise(decay, Math.max(fall, 0), end, maximumError * peak) : [];
  // A tail that begins before the curve does is all there is of it.
  const before = fall > 0 ? Curve.fromPoints(points, time(Math.min(fall, end))).pieces() : [];
  return new Curve([...before, ...tail]);
}

/** The steps that touch the frame; the schema has seen to it that they reach over it. */
function trace({ begin, step, rates }: TraceSpec, origin: number, end: Time): Curve {
  const first = begin - origin;
  const pieces: Piece[] = [];
  for (let i = Math.max(0, Math.floor(-first / step)); i < rates.length && first + i * step < end; i++) {
    const rate = rates[i] as number;
    pieces.push({ from: Math.max(first + i * step, 0), to: Math.min(first + (i + 1) * step, end), first: rate, last: rate });
  }
  return new Curve(pieces);
}
