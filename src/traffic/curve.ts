import { assert, InvariantError } from '../base/assert.ts';
import { inSeconds, type Time, time } from '../base/units.ts';

/** A straight piece of a curve over [from, to): `first` is the rate at `from`, `last` the limit towards `to`. Times in whole µs, rates in requests/s. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

/** The rate at one moment, requests/s. */
export interface Point {
  readonly at: number;
  readonly rate: number;
}

/**
 * A rate in requests/s over [0, end]: piecewise linear, right-continuous, with jumps where wanted; finite and never negative.
 * Moments outside [0, end] are read as the nearest end. Integrals are exact (sums of trapezia).
 */
export class Curve {
  readonly end: Time;
  /** The moments at which pieces begin, and the end: one more than there are pieces. */
  readonly #times: Float64Array;
  readonly #first: Float64Array;
  readonly #last: Float64Array;
  /** Requests before the piece begins. */
  readonly #before: Float64Array;
  /** The piece asked for last: the next question is mostly about it or the one after it. */
  #asked = 0;

  /** `pieces` must cover [0, end] without gap or overlap. */
  constructor(pieces: readonly Piece[] | Pieces) {
    const { count, times, first, last } = pieces instanceof Pieces ? pieces : Pieces.of(pieces);
    assert(count > 0, 'a curve needs a piece');
    this.#times = times.slice(0, count + 1);
    this.#first = first.slice(0, count);
    this.#last = last.slice(0, count);
    this.#before = new Float64Array(count + 1);
    for (let i = 0; i < count; i++) {
      const length = seconds((times[i + 1] as number) - (times[i] as number));
      this.#before[i + 1] = (this.#before[i] as number) + (((first[i] as number) + (last[i] as number)) / 2) * length;
    }
    this.end = time(times[count] as number);
  }

  static constant(rate: number, end: Time): Curve {
    return new Curve([{ from: 0, to: end, first: rate, last: rate }]);
  }

  /**
   * Straight lines between the points, which must not go back in time; before the first point its rate, after the last its rate.
   * Of two points at one moment the second holds from then on: a jump. Points outside [0, end] shape what is inside.
   */
  static fromPoints(points: readonly Point[], end: Time): Curve {
    const pieces: Piece[] = [];
    const add = (a: Point, b: Point): void => {
      const from = Math.max(a.at, 0);
      const to = Math.min(b.at, end);
      if (to > from) pieces.push({ from, to, first: between(a, b, from), last: between(a, b, to) });
    };
    const [head, tail] = [points[0], points.at(-1)];
    if (head === undefined || tail === undefined) throw new InvariantError('a curve needs a point');
    add({ at: Math.min(0, head.at), rate: head.rate }, head);
    for (let i = 1; i < points.length; i++) add(points[i - 1] as Point, points[i] as Point);
    add(tail, { at: Math.max(end, tail.at), rate: tail.rate });
    return new Curve(pieces);
  }

  /** The rate from `t` on: at a jump the value after it. At the end: the limit towards it. */
  at(t: Time): number {
    if (t >= this.end) return this.#last[this.#last.length - 1] as number;
    const i = this.#piece(t);
    return this.#value(i, Math.max(t, 0));
  }

  /** The rate just before `t`: at a jump the value it comes from. At 0: the rate there. */
  justBefore(t: Time): number {
    if (t <= 0) return this.#first[0] as number;
    const i = this.#piece(t);
    const clamped = Math.min(t, this.end);
    return this.#times[i] === clamped ? (this.#last[i - 1] as number) : this.#value(i, clamped);
  }

  /** Change of the rate per second on the piece that begins at or contains `t`; at the end: of the last piece. */
  slopePerSecond(t: Time): number {
    const i = this.#piece(t);
    return ((this.#last[i] as number) - (this.#first[i] as number)) / seconds((this.#times[i + 1] as number) - (this.#times[i] as number));
  }

  /** The first moment after `t` at which a piece begins; Infinity if there is none. The end is no bend. */
  nextBend(t: Time): number {
    if (t < 0) return 0;
    const next = this.#piece(t) + 1;
    return next < this.#first.length ? (this.#times[next] as number) : Infinity;
  }

  /** Requests in [from, to]. */
  integral(from: Time, to: Time): number {
    assert(from <= to, `integral from ${String(from)} back to ${String(to)}`);
    const a = this.#inside(from);
    const b = this.#inside(to);
    const i = this.#piece(a);
    const j = this.#piece(b);
    if (i === j) return this.#area(i, a, b);
    const whole = (this.#before[j] as number) - (this.#before[i + 1] as number);
    return this.#area(i, a, this.#times[i + 1] as number) + whole + this.#area(j, this.#times[j] as number, b);
  }

  /** Mean rate over [from, to]; the rate at `from` where they are equal. */
  mean(from: Time, to: Time): number {
    const [a, b] = [this.#inside(from), this.#inside(to)];
    return a === b ? this.at(a) : this.integral(a, b) / inSeconds(time(b - a));
  }

  /** Largest rate over [from, to], both included; at `to` the value after a jump counts too. */
  max(from: Time, to: Time): number {
    assert(from <= to, `maximum from ${String(from)} back to ${String(to)}`);
    const [a, b] = [this.#inside(from), this.#inside(to)];
    const last = this.#piece(b);
    let most = Math.max(this.at(a), this.at(b));
    for (let i = this.#piece(a); i < last; i++) most = Math.max(most, this.#last[i] as number, this.#first[i + 1] as number);
    return most;
  }

  /** The pieces in order. */
  pieces(): readonly Piece[] {
    const pieces: Piece[] = [];
    this.eachPiece((from, to, first, last) => pieces.push({ from, to, first, last }));
    return pieces;
  }

  /** Shows `see` the pieces in order. */
  eachPiece(see: (from: number, to: number, first: number, last: number) => void): void {
    const [times, first, last] = [this.#times, this.#first, this.#last];
    for (let i = 0; i < first.length; i++) see(times[i] as number, times[i + 1] as number, first[i] as number, last[i] as number);
  }

  #inside(t: Time): Time {
    return time(Math.min(Math.max(t, 0), this.end));
  }

  /** Index of the last piece that begins at or before `t`; 0 where `t` is before all. */
  #piece(t: number): number {
    const times = this.#times;
    const last = this.#first.length - 1;
    for (let i = this.#asked; i <= this.#asked + 1 && i <= last && (times[i] as number) <= t; i++)
      if (i === last || t < (times[i + 1] as number)) return (this.#asked = i);
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((times[middle] as number) <= t) low = middle;
      else high = middle - 1;
    }
    return (this.#asked = low);
  }

  /** The line of piece `i` at `t`. */
  #value(i: number, t: number): number {
    const from = this.#times[i] as number;
    return along(this.#first[i] as number, this.#last[i] as number, (t - from) / ((this.#times[i + 1] as number) - from));
  }

  #area(i: number, from: number, to: number): number {
    return ((this.#value(i, from) + this.#value(i, to)) / 2) * seconds(to - from);
  }
}

/** The pieces of a curve to come, in arrays: noise makes tens of thousands of them per app. */
export class Pieces {
  count = 0;
  times = new Float64Array(65);
  first = new Float64Array(64);
  last = new Float64Array(64);

  static of(pieces: readonly Piece[]): Pieces {
    const made = new Pieces();
    for (const { from, to, first, last } of pieces) made.add(from, to, first, last);
    return made;
  }

  /** Adds a piece, which must continue the last one. */
  add(from: number, to: number, first: number, last: number): void {
    const i = this.count++;
    const end = this.times[i] as number;
    const sound = from === end && Number.isSafeInteger(to) && to > from && first >= 0 && last >= 0 && first < Infinity && last < Infinity;
    if (!sound)
      throw new InvariantError(`piece ${String(i)} of a curve does not continue it: ${JSON.stringify({ from, to, first, last, end })}`);
    if (i === this.first.length) [this.times, this.first, this.last] = [this.times, this.first, this.last].map(twice) as Three;
    this.first[i] = first;
    this.last[i] = last;
    this.times[i + 1] = to;
  }
}

type Three = [Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>];

function twice(array: Float64Array): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(2 * array.length);
  longer.set(array);
  return longer;
}

/** From `first` to `last` by the share `x`; never below 0 where neither is, and exact at both ends. */
const along = (first: number, last: number, x: number): number => (x >= 1 ? last : first + (last - first) * x);

const between = (a: Point, b: Point, t: number): number => (b.at > a.at ? along(a.rate, b.rate, (t - a.at) / (b.at - a.at)) : b.rate);

const seconds = (microseconds: number): number => microseconds / 1e6;
