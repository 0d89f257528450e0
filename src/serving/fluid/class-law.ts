import { InvariantError } from '../../base/assert.ts';
import { type Line, minus, nothing, signAfter } from './exchange.ts';
import { firstFall } from './roots.ts';

/** `empty`: nothing waits, all is served. `queue`: a backlog changes by arrivals minus capacity. `full`: the backlog is at its bound and the limiter works. */
export type Regime = 'empty' | 'queue' | 'full';

/**
 * A stretch on which one class stays in one regime; u seconds after its beginning: arrivals λ(u) = λ + λ′u, capacity C(u) = C + C′u,
 * backlog q(u) = q + q′u + q″u²/2.
 */
export interface Piece {
  regime: Regime;
  length: number;
  arrivalRate: number;
  arrivalSlope: number;
  capacity: number;
  capacitySlope: number;
  admittedRate: number;
  admittedSlope: number;
  backlog: number;
  backlogRate: number;
  backlogCurve: number;
  /** Integrals over the stretch, requests. */
  arrivals: number;
  admitted: number;
  served: number;
  rejected: number;
  timedOut: number;
  /** Deficit max(0, λ − C) at the two ends, requests/s. */
  deficitStart: number;
  deficitEnd: number;
  /** Rejected plus timed out at the two ends, requests/s. */
  unservedStart: number;
  unservedEnd: number;
}

export function emptyPiece(): Piece {
  return {
    regime: 'empty', length: 0, arrivalRate: 0, arrivalSlope: 0, capacity: 0, capacitySlope: 0, admittedRate: 0, admittedSlope: 0, backlog: 0, backlogRate: 0,
    backlogCurve: 0, arrivals: 0, admitted: 0, served: 0, rejected: 0, timedOut: 0, deficitStart: 0, deficitEnd: 0, unservedStart: 0, unservedEnd: 0,
  }; // prettier-ignore
}

/** Rounding that is not a difference: relative to what is compared. */
const rounding = 1e-12;

/**
 * The fluid law of one class on one linear segment: λ(s) = λ₀ + λ₁s and C(s) = C₀ + C₁s, s in seconds since the segment's start, bound B = C·timeout.
 *
 *     q = 0, λ ≤ C                        served λ
 *     0 < q < B, or q = 0 and λ > C       q′ = λ − C, served C
 *     q = B and λ − C ≥ C₁·timeout        q′ = C₁·timeout, served C, admitted max(0, C + C₁·timeout), the rest of λ rejected,
 *                                         timed out max(0, −(C + C₁·timeout))
 *     q > B at the segment's start        q − B timed out at once; so C = 0 rejects all and times out q
 *
 * The end of a regime is found when it is entered, in closed form, so that nothing depends on when the law is read.
 */
export class ClassLaw {
  /** Requests that wait. Whoever changes it calls {@link form} before the next integration. */
  backlog = 0;
  readonly #timeout: number;
  #regime: Regime = 'empty';
  #exit = Infinity;
  #exitTo: Regime = 'queue';
  #arrival = 0;
  #arrivalSlope = 0;
  #capacity = 0;
  #capacitySlope = 0;
  /** λ − C and its slope. */
  #gap = 0;
  #gapSlope = 0;
  /** Where λ = C, where λ − C = C₁·timeout and where C + C₁·timeout = 0; NaN where they run in parallel. */
  #crossing = NaN;
  #release = NaN;
  #dry = NaN;
  /** Where the queue regime was entered: time, backlog, rate. */
  #anchor = 0;
  #anchorBacklog = 0;
  #anchorRate = 0;

  /** `timeout` in seconds. */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /** Deficit λ − C at the segment's start, not below 0. */
  get deficitAtStart(): number {
    return this.#gap > 0 ? this.#gap : 0;
  }
  /** Whether nothing ever comes and nothing waits on this segment. */
  get idle(): boolean {
    return this.#arrival === 0 && this.#arrivalSlope === 0 && this.backlog === 0;
  }

  /** Sets the linear forms of a new segment. */
  form(arrival: number, arrivalSlope: number, capacity: number, capacitySlope: number): void {
    this.#arrival = arrival;
    this.#arrivalSlope = arrivalSlope;
    this.#capacity = capacity;
    this.#capacitySlope = capacitySlope;
    const gap = arrival - capacity;
    const slope = arrivalSlope - capacitySlope;
    this.#gap = Math.abs(gap) <= rounding * (arrival + capacity) ? 0 : gap;
    this.#gapSlope = Math.abs(slope) <= rounding * (Math.abs(arrivalSlope) + Math.abs(capacitySlope)) ? 0 : slope;
    this.#crossing = this.#gapSlope === 0 ? NaN : -this.#gap / this.#gapSlope;
    this.#release = this.#gapSlope === 0 ? NaN : (capacitySlope * this.#timeout - this.#gap) / this.#gapSlope;
    this.#dry = capacitySlope < 0 ? -capacity / capacitySlope - this.#timeout : NaN;
  }

  /** Begins the segment; returns what is timed out at once because the bound is now below the backlog. */
  open(): number {
    const bound = this.#capacity * this.#timeout;
    const excess = this.backlog - bound;
    if (excess > 0) this.backlog = bound;
    if (this.backlog >= bound * (1 - rounding)) {
      const pressure = this.#gap - this.#capacitySlope * this.#timeout;
      this.#enter(pressure > 0 || (pressure === 0 && this.#gapSlope >= 0) ? 'full' : 'queue', 0);
    } else this.#enter(this.backlog > 0 || this.#gap > 0 || (this.#gap === 0 && this.#gapSlope > 0) ? 'queue' : 'empty', 0);
    return excess > rounding * 10 * bound ? excess : 0;
  }

  /** The first moment from `s` on at which a request may wait or be refused, if nothing changes; Infinity if none ever does. */
  restlessFrom(s: number): number {
    if (this.backlog > 0 || this.#gap + this.#gapSlope * s > 0) return s;
    return this.#gapSlope > 0 ? Math.max(s, this.#crossing) : Infinity;
  }

  /** What the limiter refuses from `s` on, until the next bend. */
  refusal(s: number): Line {
    if (this.#regime !== 'full') return nothing;
    const [capacity, slope] = [this.#capacity + this.#capacitySlope * s, this.#capacitySlope];
    // What is admitted, C + C₁·timeout, is 0 from the moment on at which the class runs dry.
    const room = { value: capacity + slope * this.#timeout, slope };
    const admits = signAfter(room, capacity, Math.abs(slope)) > 0;
    const arrivals = { value: this.#arrival + this.#arrivalSlope * s, slope: this.#arrivalSlope };
    const refused = admits ? minus(arrivals, room) : arrivals;
    return refused.value > 0 ? refused : { value: 0, slope: Math.max(0, refused.slope) };
  }

  /** Capacity that nobody uses or waits for from `s` on, until the next bend. */
  room(s: number): Line {
    return this.#regime === 'empty' ? { value: Math.max(0, -(this.#gap + this.#gapSlope * s)), slope: -this.#gapSlope } : nothing;
  }

  /** Whether the class serves all that comes, without a backlog, until `end`. */
  quietUntil(end: number): boolean {
    return this.#regime === 'empty' && this.#exit >= end;
  }

  /** The first moment after `s` at which its regime ends or one of its rates bends. */
  nextBend(s: number): number {
    let next = this.#exit;
    if (this.#crossing > s && this.#crossing < next) next = this.#crossing;
    if (this.#regime === 'full' && this.#dry > s && this.#dry < next) next = this.#dry;
    return next;
  }

  /** Integrates from `s` to `end`, which is not beyond {@link nextBend}, into `out`. */
  run(s: number, end: number, out: Piece): void {
    const h = end - s;
    const middle = s + h / 2;
    const regime = this.#regime;
    const start = this.backlog;
    out.regime = regime;
    out.length = h;
    out.arrivalRate = this.#arrival + this.#arrivalSlope * s;
    out.arrivalSlope = this.#arrivalSlope;
    out.capacity = this.#capacity + this.#capacitySlope * s;
    out.capacitySlope = this.#capacitySlope;
    out.arrivals = h * (this.#arrival + this.#arrivalSlope * middle);
    out.backlog = start;
    const over = this.#gap + this.#gapSlope * middle > 0;
    out.deficitStart = over ? Math.max(0, this.#gap + this.#gapSlope * s) : 0;
    out.deficitEnd = over ? Math.max(0, this.#gap + this.#gapSlope * end) : 0;
    if (regime === 'full') {
      this.backlog = (this.#capacity + this.#capacitySlope * end) * this.#timeout;
      // What the falling or rising bound leaves for admission: C + C₁·timeout.
      const roomSlope = this.#capacitySlope;
      const room = out.capacity + roomSlope * this.#timeout;
      const whole = h * (room + (roomSlope * h) / 2);
      out.served = h * (this.#capacity + this.#capacitySlope * middle);
      out.admitted = whole > 0 ? Math.min(whole, out.arrivals) : 0;
      out.admittedRate = whole > 0 ? room : 0;
      out.admittedSlope = whole > 0 ? roomSlope : 0;
      out.rejected = out.arrivals - out.admitted;
      out.timedOut = whole < 0 ? -whole : 0;
      out.unservedStart = Math.max(0, out.arrivalRate - room);
      out.unservedEnd = Math.max(0, this.#arrival + this.#arrivalSlope * end - room - roomSlope * h);
      out.backlogRate = roomSlope * this.#timeout;
      out.backlogCurve = 0;
    } else {
      if (regime === 'queue') this.backlog = end >= this.#exit ? this.#backlogAtExit() : this.#backlogAt(end);
      out.served = out.arrivals - (this.backlog - start);
      out.admitted = out.arrivals;
      out.admittedRate = out.arrivalRate;
      out.admittedSlope = out.arrivalSlope;
      out.rejected = out.timedOut = out.unservedStart = out.unservedEnd = 0;
      out.backlogRate = regime === 'queue' ? this.#gap + this.#gapSlope * s : 0;
      out.backlogCurve = regime === 'queue' ? this.#gapSlope : 0;
    }
    if (end >= this.#exit) this.#enter(this.#exitTo, end);
  }

  #backlogAt(s: number): number {
    const u = s - this.#anchor;
    const value = this.#anchorBacklog + u * (this.#anchorRate + (this.#gapSlope * u) / 2);
    const bound = (this.#capacity + this.#capacitySlope * s) * this.#timeout;
    return value < 0 ? 0 : value > bound ? bound : value;
  }

  #backlogAtExit(): number {
    return this.#exitTo === 'empty' ? 0 : (this.#capacity + this.#capacitySlope * this.#exit) * this.#timeout;
  }

  /** Enters a regime at `s` and finds its end; passes through regimes of no length. */
  #enter(regime: Regime, s: number): void {
    for (let step = 0; step < 8; step++) {
      this.#regime = regime;
      if (regime === 'empty') {
        this.backlog = 0;
        this.#exit = this.#gapSlope > 0 ? Math.max(this.#crossing, s) : Infinity;
        this.#exitTo = 'queue';
      } else if (regime === 'full') {
        this.backlog = (this.#capacity + this.#capacitySlope * s) * this.#timeout;
        this.#exit = this.#gapSlope < 0 ? Math.max(this.#release, s) : Infinity;
        this.#exitTo = 'queue';
      } else this.#enterQueue(s);
      if (this.#exit > s) return;
      regime = this.#exitTo;
    }
    throw new InvariantError(
      `a class does not settle: λ = ${String(this.#arrival)} + ${String(this.#arrivalSlope)}s, C = ${String(this.#capacity)} + ${String(this.#capacitySlope)}s, q = ${String(this.backlog)} at ${String(s)} s`,
    );
  }

  #enterQueue(s: number): void {
    const came = (this.#anchorBacklog = this.backlog);
    const bound = (this.#capacity + this.#capacitySlope * s) * this.#timeout;
    const space = Math.max(0, bound - came);
    // At the two ends the sign of the rate is known; rounding must not turn it around.
    let rate = this.#gap + this.#gapSlope * s;
    let spaceRate = this.#capacitySlope * this.#timeout - rate;
    if (came === 0 && rate < 0 && this.#gapSlope > 0) rate = 0;
    if (space === 0 && spaceRate < 0 && this.#gapSlope < 0) spaceRate = 0;
    const emptied = firstFall(came, rate, this.#gapSlope / 2);
    const filled = firstFall(space, spaceRate, -this.#gapSlope / 2);
    this.#anchor = s;
    this.#anchorRate = rate;
    this.#exit = s + Math.min(emptied, filled);
    this.#exitTo = emptied <= filled ? 'empty' : 'full';
  }
}
