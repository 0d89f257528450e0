import { exp, log } from '../base/elementary.ts';
import type { Piece } from './class-law.ts';
import { podResponse, type Response, responseTail } from './response-law.ts';
import type { ResponseWeights } from './response-weights.ts';
import { rootBetween } from './roots.ts';

/** What the response of an app depends on. Times in seconds, capacities in requests/s of one pod at full capacity. */
export interface ResponseOptions {
  readonly wait: number;
  /** Added for a request that took a hop: within the IDC, to another one, to another city. */
  readonly hops: readonly number[];
  readonly timeout: number;
  readonly objective: number;
  readonly cv: number;
  /** CPU time of one request: the scale of the finest delay bin. */
  readonly serviceTime: number;
  /** Cores and full capacity of a running and of a keep-alive pod. */
  readonly kernels: readonly [Kernel, Kernel];
}
export interface Kernel {
  readonly servers: number;
  readonly capacity: number;
}

/** Ratio of neighbouring bins of the pod's capacity, as a logarithm: a cell's middle is off by at most half of it. */
const scaleStep = 0.008;
/** The same for (ρ + 0.1)/(1 − ρ): fine in ρ where few wait, in 1 − ρ where the wait is long. */
const rhoStep = 0.009;
const rhoOffset = 0.1;
/** The same for the delay, counted from minus the service time: half of it is at most 0.75 % of delay plus service time. */
const delayStep = 0.015;
/** Capacity down to e^−8.2 of a full pod, 1 − ρ down to e^−11.4; with the usual time-outs a place then fits into 31 bits, which maps are fast with. */
const scaleBins = 1024;
const rhoBins = 1536;
/** ρ at `r` bins from 0. */
function rhoAt(r: number): number {
  const z = rhoOffset * exp(r * rhoStep);
  return (z - rhoOffset) / (1 + z);
}
const rhoEdges = Float64Array.from({ length: rhoBins + 1 }, (_, r) => rhoAt(r));

/**
 * The fixed grid on which request weight is accumulated: kernel × capacity of the pod × utilisation × delay in the backlog (together one integer, the
 * *place*) × hop taken, if any. Cells are numbered from 0 in the order in which they are first needed. The requests of a cell have the response of the cell's middle: wait + min(timeout, q/C) + X + hop, X the sojourn of one pod
 * ({@link podResponse}) at ρ̂ = min(ρ, 1 − 1/(c·timeout)), not below 0. Bins are geometric; no delay, the longest delay and the capped utilisation
 * have cells of their own and are exact. Memberships change at exact crossing times, so weights are additive in time.
 */
export class ResponseGrid {
  readonly #options: ResponseOptions;
  /** Delay index 0: none; 1 … n: bins; n + 1: the time-out. Edge i is the upper end of bin i. */
  readonly #delayEdges: Float64Array;
  readonly #finest: number;
  readonly #delays: number;
  /** Cells by place: without a hop, and with one of each kind. */
  readonly #cells: readonly Map<number, number>[];
  readonly #responses: Response[] = [];
  readonly #within: number[] = [];
  /** Utilisation bin of the cap + 1, by kernel and scale; −1: not computed. */
  readonly #caps = new Int32Array(2 * scaleBins).fill(-1);

  constructor(options: ResponseOptions) {
    this.#options = options;
    this.#finest = options.wait + options.serviceTime;
    const bins = Math.ceil(log(1 + options.timeout / this.#finest) / delayStep);
    this.#delayEdges = Float64Array.from({ length: bins + 1 }, (_, i) => this.#finest * (exp(i * delayStep) - 1));
    this.#delayEdges[bins] = options.timeout;
    this.#delays = bins + 2;
    this.#cells = [undefined, ...options.hops].map(() => new Map());
  }

  /** The response of a cell's requests. */
  response(cell: number): Response {
    return this.#responses[cell] as Response;
  }

  /** P(response ≤ objective) of a cell. */
  within(cell: number): number {
    return this.#within[cell] as number;
  }

  /**
   * Adds the admitted requests of `piece`, times `share`, to `weights`. Their pods have `scale`, moving by `scaleSlope` per second, of the full capacity
   * of `kernel` (0 running, 1 keep-alive); `hops` of them took a hop of each kind. Returns the last cell that got any, for what is taken back later.
   */
  record(
    weights: ResponseWeights,
    kernel: number,
    piece: Piece,
    share: number,
    scale: number,
    scaleSlope: number,
    hops: readonly number[],
  ): number {
    const { length } = piece;
    let index = scaleIndex(scale);
    const last = scaleSlope === 0 ? index : scaleIndex(scale + scaleSlope * length);
    const towards = last < index ? -1 : 1;
    for (let u = 0; ; index += towards) {
      const edge = index === last ? length : (exp(-(index + towards / 2) * scaleStep) - scale) / scaleSlope;
      const end = index === last ? length : Math.min(length, Math.max(u, edge));
      const cell = this.#recordScale(weights, kernel * scaleBins + index, piece, share, hops, u, end);
      if (index === last) return cell;
      u = end;
    }
  }

  /** One bin of capacity: splits where the delay q/C turns around, so that every index moves one way. */
  #recordScale(
    weights: ResponseWeights,
    row: number,
    piece: Piece,
    share: number,
    hops: readonly number[],
    from: number,
    to: number,
  ): number {
    const { regime, capacity: c, capacitySlope: c1, backlog: q, backlogRate: q1, backlogCurve: q2 } = piece;
    if (regime !== 'queue') {
      const delay = regime === 'full' ? this.#delays - 1 : 0;
      return this.#walk(weights, row, piece, share, hops, from, to, delay, delay);
    }
    // (q/C)′ = 0 ⇔ (q₁c − qc₁) + q₂c·u + ½q₂c₁u² = 0, at most two turns.
    const a = 0.5 * q2 * c1;
    const b = q2 * c;
    const constant = q1 * c - q * c1;
    let u = from;
    if (b !== 0) {
      const root = Math.sqrt(Math.max(0, b * b - 4 * a * constant));
      const half = -0.5 * (b + (b < 0 ? -root : root));
      const one = constant / half;
      const two = a === 0 ? one : half / a;
      for (const turn of one <= two ? [one, two] : [two, one]) {
        if (!(turn > u && turn < to)) continue;
        this.#walk(weights, row, piece, share, hops, u, turn, this.#delayIndex(piece, u), this.#delayIndex(piece, turn));
        u = turn;
      }
    }
    return this.#walk(weights, row, piece, share, hops, u, to, this.#delayIndex(piece, u), this.#delayIndex(piece, to));
  }

  /** Goes from bin to bin of utilisation and delay, each of which moves one way between `from` and `to`. */
  #walk(
    weights: ResponseWeights,
    row: number,
    piece: Piece,
    share: number,
    hops: readonly number[],
    from: number,
    to: number,
    delayFrom: number,
    delayTo: number,
  ): number {
    const { arrivalRate, arrivalSlope, capacity, capacitySlope, admittedRate, admittedSlope, backlog, backlogRate, backlogCurve } = piece;
    const cap = this.#cap(row);
    let rho = rhoIndex(arrivalRate + arrivalSlope * from, capacity + capacitySlope * from, cap);
    const rhoTo =
      arrivalSlope === 0 && capacitySlope === 0 ? rho : rhoIndex(arrivalRate + arrivalSlope * to, capacity + capacitySlope * to, cap);
    const rhoTowards = rhoTo < rho ? -1 : 1;
    const delayTowards = delayTo < delayFrom ? -1 : 1;
    let delay = delayFrom;
    let rhoEnd = Infinity;
    let delayEnd = Infinity;
    let stale = 3;
    for (let u = from; ;) {
      if (stale & 1) {
        const edge = rhoEdges[rhoTowards > 0 ? rho + 1 : rho] as number;
        rhoEnd = rho === rhoTo ? Infinity : (edge * capacity - arrivalRate) / (arrivalSlope - edge * capacitySlope);
      }
      if (stale & 2) {
        const edge = this.#delayEdges[delayTowards > 0 ? delay : delay - 1] as number;
        delayEnd =
          delay === delayTo
            ? Infinity
            : rootBetween(backlog - edge * capacity, backlogRate - edge * capacitySlope, backlogCurve / 2, u, to);
      }
      const next = Math.min(rhoEnd, delayEnd);
      const end = Math.min(to, Math.max(u, next));
      const weight = share * (end - u) * (admittedRate + (admittedSlope * (u + end)) / 2);
      const place = (row * rhoBins + rho) * this.#delays + delay;
      if (weight > 0) {
        let direct = 1;
        for (let hop = 0; hop < hops.length; hop++) direct -= hops[hop] as number;
        if (direct > 0) weights.add(this.#cell(place, 0), weight * direct);
        for (let hop = 0; hop < hops.length; hop++)
          if ((hops[hop] as number) > 0) weights.add(this.#cell(place, hop + 1), weight * (hops[hop] as number));
      }
      if (next === Infinity) return this.#cell(place, 0);
      u = end;
      stale = 0;
      if (rhoEnd <= next) {
        rho += rhoTowards;
        stale = 1;
      }
      if (delayEnd <= next) {
        delay += delayTowards;
        stale |= 2;
      }
    }
  }

  #delayIndex(piece: Piece, u: number): number {
    const capacity = piece.capacity + piece.capacitySlope * u;
    const delay = (piece.backlog + u * (piece.backlogRate + (piece.backlogCurve * u) / 2)) / capacity;
    // Between two crossings with C = 0 nothing is admitted: any index will do.
    const index = delay > 0 ? 1 + Math.floor(log(1 + delay / this.#finest) / delayStep) : 1;
    return index < this.#delays - 2 ? index : this.#delays - 2;
  }

  #cap(row: number): number {
    const known = this.#caps[row] as number;
    if (known >= 0) return known;
    const busy = this.#capacity(row) * this.#options.timeout;
    return (this.#caps[row] = busy > 1 ? Math.min(rhoBins - 1, rhoIndex(busy - 1, busy, rhoBins) + 1) : 0);
  }

  #capacity(row: number): number {
    const kernel = row < scaleBins ? 0 : 1;
    return this.#options.kernels[kernel].capacity * exp(-(row - kernel * scaleBins) * scaleStep);
  }

  /** The cell of `place` for requests that took the `hop`-th kind of hop; 0: none. */
  #cell(place: number, hop: number): number {
    const cells = this.#cells[hop] as Map<number, number>;
    const known = cells.get(place);
    if (known !== undefined) return known;
    const cell = this.#responses.length;
    const response = this.#responseOf(place, hop);
    cells.set(place, cell);
    this.#responses.push(response);
    this.#within.push(1 - responseTail(response, this.#options.objective));
    return cell;
  }

  #responseOf(place: number, hop: number): Response {
    const { wait, hops, timeout, cv, kernels } = this.#options;
    const delay = place % this.#delays;
    const rest = Math.floor(place / this.#delays);
    const row = Math.floor(rest / rhoBins);
    const capacity = this.#capacity(row);
    const rho = Math.max(0, Math.min(rhoAt((rest % rhoBins) + 0.5), 1 - 1 / (capacity * timeout)));
    const queued =
      delay === 0
        ? 0
        : delay === this.#delays - 1
          ? timeout
          : ((this.#delayEdges[delay - 1] as number) + (this.#delayEdges[delay] as number)) / 2;
    const shift = wait + queued + (hop > 0 ? (hops[hop - 1] as number) : 0);
    return podResponse(shift, kernels[row < scaleBins ? 0 : 1].servers, capacity, rho, cv);
  }
}

/** Bin of a pod's capacity relative to the full one; its middle is e^(−index·scaleStep), so that a full pod is exact. */
function scaleIndex(scale: number): number {
  if (!(scale > 0)) return scaleBins - 1;
  const index = Math.round(-log(scale) / scaleStep);
  return index > 0 ? Math.min(index, scaleBins - 1) : 0;
}

/** Bin of the utilisation, at most `cap`. */
function rhoIndex(arrivals: number, capacity: number, cap: number): number {
  if (arrivals >= capacity) return cap;
  if (!(arrivals > 0)) return 0;
  const index = Math.floor(log((arrivals / capacity + rhoOffset) / (rhoOffset * (1 - arrivals / capacity))) / rhoStep);
  return index < cap ? index : cap;
}
