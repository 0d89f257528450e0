import { exp, log } from '../../base/elementary.ts';
import type { Piece } from './class-law.ts';
import { lateShare, podResponse, type Response, responseTail, servedResponse } from '../response-law.ts';
import type { ResponseCells, ResponseWeights } from '../response-weights.ts';
import { rootBetween } from './roots.ts';
import { lastNode, meanRho, nodes, rhoIndex } from './utilisation.ts';

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
/** The same for the delay, counted from minus the service time: half of it is at most 0.75 % of delay plus service time. */
const delayStep = 0.015;
/** Utilisation from which a queue takes 10,000 service times and more to settle. */
const strainedFrom = 0.98;
/** Capacity down to e^−8.2 of a full pod; with the usual time-outs a place then fits into 31 bits, which maps are fast with. */
const scaleBins = 1024;

/** Pods of one capacity whose requests do not wait in a backlog: their row of the grid, and its cells by node and hop as far as they are known (else −1). */
export interface Lane {
  readonly row: number;
  /** Shares of the requests: without a hop, and with one of each kind. */
  readonly taken: readonly number[];
  readonly cells: Int32Array;
}

/**
 * The fixed grid on which request weight is accumulated: kernel × capacity of the pod × utilisation × delay in the backlog (together one integer, the
 * *place*) × hop taken, if any. Cells are numbered from 0 in the order in which they are first needed. The requests of a cell have the response
 * wait + hop + X, X the sojourn of one pod at ρ ({@link podResponse}) in which nobody waits longer than the time-out; where they wait in a backlog q, it is
 * wait + hop + min(timeout, q/C) + the service alone. Capacity and delay are those of a bin's middle; between two nodes of utilisation requests are divided so that their mean ρ is kept. Bins and nodes are geometric; no
 * delay, the longest delay and the capped utilisation have cells of their own and are exact. All is integrated exactly, so weights are additive in time.
 */
export class ResponseGrid implements ResponseCells {
  readonly #options: ResponseOptions;
  /** Delay index 0: none; 1 … n: bins; n + 1: the time-out. Edge i is the upper end of bin i. */
  readonly #delayEdges: Float64Array;
  readonly #finest: number;
  readonly #delays: number;
  /** Cells by place: without a hop, and with one of each kind. */
  readonly #cells: readonly Map<number, number>[];
  readonly #responses: Response[] = [];
  readonly #within: number[] = [];
  readonly #strained: boolean[] = [];
  readonly #late: number[] = [];

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

  isStrained(cell: number): boolean {
    return this.#strained[cell] as boolean;
  }

  late(cell: number): number {
    return this.#late[cell] as number;
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
    let rho = rhoIndex(arrivalRate + arrivalSlope * from, capacity + capacitySlope * from);
    const rhoTo =
      arrivalSlope === 0 && capacitySlope === 0 ? rho : rhoIndex(arrivalRate + arrivalSlope * to, capacity + capacitySlope * to);
    const rhoTowards = rhoTo < rho ? -1 : 1;
    const delayTowards = delayTo < delayFrom ? -1 : 1;
    let delay = delayFrom;
    let rhoEnd = Infinity;
    let delayEnd = Infinity;
    let stale = 3;
    for (let u = from; ;) {
      if (stale & 1) {
        const next = rhoTowards > 0 ? rho + 1 : rho;
        const edge = nodes[next] as number;
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
      const place = (row * nodes.length + rho) * this.#delays + delay;
      if (weight > 0 && rho === lastNode) this.#add(weights, place, weight, hops);
      else if (weight > 0) {
        const [low, high] = [nodes[rho] as number, nodes[rho + 1] as number];
        const x = (meanRho(piece, u, end) - low) / (high - low);
        const above = x > 0 ? (x < 1 ? weight * x : weight) : 0;
        if (above < weight) this.#add(weights, place, weight - above, hops);
        if (above > 0) this.#add(weights, place + this.#delays, above, hops);
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

  /** The lane of pods of `scale` of the full capacity of `kernel`, `hops` of whose requests took a hop of each kind. */
  lane(kernel: number, scale: number, hops: readonly number[]): Lane {
    const row = kernel * scaleBins + scaleIndex(scale);
    const taken = [1 - hops.reduce((sum, share) => sum + share, 0), ...hops];
    return { row, taken, cells: new Int32Array(nodes.length * taken.length).fill(-1) };
  }

  /** Adds attempts of pods of the lane at a node of utilisation, nothing waiting. */
  addToLane(weights: ResponseWeights, lane: Lane, node: number, attempts: number): void {
    const { taken } = lane;
    for (let hop = 0; hop < taken.length; hop++) {
      const share = taken[hop] as number;
      if (share > 0) weights.add(this.laneCell(lane, node, hop), attempts * share);
    }
  }

  /** P(response ≤ objective) of an attempt of the lane at a node of utilisation. */
  laneWithin(lane: Lane, node: number): number {
    return lane.taken.reduce((sum, share, hop) => (share > 0 ? sum + share * this.within(this.laneCell(lane, node, hop)) : sum), 0);
  }

  /** The cell of the lane's attempts at a node of utilisation that took the `hop`-th kind of hop; 0: none. */
  laneCell({ row, taken, cells }: Lane, node: number, hop: number): number {
    const at = node * taken.length + hop;
    const known = cells[at] as number;
    return known >= 0 ? known : (cells[at] = this.#cell((row * nodes.length + node) * this.#delays, hop));
  }

  #delayIndex(piece: Piece, u: number): number {
    const capacity = piece.capacity + piece.capacitySlope * u;
    const delay = (piece.backlog + u * (piece.backlogRate + (piece.backlogCurve * u) / 2)) / capacity;
    // Between two crossings with C = 0 nothing is admitted: any index will do.
    const index = delay > 0 ? 1 + Math.floor(log(1 + delay / this.#finest) / delayStep) : 1;
    return index < this.#delays - 2 ? index : this.#delays - 2;
  }

  /** Adds to the cells of `place`, with and without hops. */
  #add(weights: ResponseWeights, place: number, weight: number, hops: readonly number[]): void {
    let direct = 1;
    for (let hop = 0; hop < hops.length; hop++) {
      const share = hops[hop] as number;
      direct -= share;
      if (share > 0) weights.add(this.#cell(place, hop + 1), weight * share);
    }
    if (direct > 0) weights.add(this.#cell(place, 0), weight * direct);
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
    const { wait, hops, timeout, cv } = this.#options;
    const cell = this.#responses.length;
    const { rho, servers, capacity, delay } = this.#at(place);
    const shift = wait + (hop > 0 ? (hops[hop - 1] as number) : 0);
    const response =
      delay === undefined ? podResponse(shift, servers, capacity, rho, cv, timeout) : servedResponse(shift + delay, servers, capacity);
    cells.set(place, cell);
    this.#responses.push(response);
    this.#within.push(1 - responseTail(response, this.#options.objective));
    this.#strained.push(delay !== undefined || rho > strainedFrom);
    this.#late.push(delay === undefined ? lateShare(servers, capacity, rho, cv, timeout) : 0);
    return cell;
  }

  /** What the requests of a place meet: pods, their utilisation, and the delay in a backlog, s, if they wait in one. */
  #at(place: number): { servers: number; capacity: number; rho: number; delay: number | undefined } {
    const { timeout, kernels } = this.#options;
    const index = place % this.#delays;
    const rest = Math.floor(place / this.#delays);
    const row = Math.floor(rest / nodes.length);
    const rho = nodes[rest % nodes.length] as number;
    const { servers } = kernels[row < scaleBins ? 0 : 1];
    const capacity = this.#capacity(row);
    if (index === 0) return { servers, capacity, rho, delay: undefined };
    const [from, to] = [this.#delayEdges[index - 1] as number, this.#delayEdges[index] ?? timeout];
    return { servers, capacity, rho, delay: index === this.#delays - 1 ? timeout : (from + to) / 2 };
  }
}

/** Bin of a pod's capacity relative to the full one; its middle is e^(−index·scaleStep), so that a full pod is exact. */
function scaleIndex(scale: number): number {
  if (!(scale > 0)) return scaleBins - 1;
  const index = Math.round(-log(scale) / scaleStep);
  return index > 0 ? Math.min(index, scaleBins - 1) : 0;
}
