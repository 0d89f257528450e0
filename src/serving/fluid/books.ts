import type { Piece } from './class-law.ts';
import { DeficitSplit, type Missing } from './deficit.ts';
import type { Exchange } from './exchange.ts';
import type { Interval } from '../interval-union.ts';
import type { PodClass } from './pod-class.ts';
import type { ResponseGrid } from './response-grid.ts';
import { ResponseWeights } from '../response-weights.ts';
import { clearTally, emptyTally, type Tally } from '../tally.ts';

/** Both ends of a stretch on which the deficit and the rate of unserved attempts of a station are linear, requests/s. */
export interface Ends {
  readonly deficit: readonly [number, number];
  readonly unserved: readonly [number, number];
}

/** What became of the traffic of one station: its tally since the last cut, its responses, the causes of what went wrong, its exposure so far. */
export class Books {
  readonly #grid: ResponseGrid;
  /** CPU of a request that nobody relays, core-seconds. */
  readonly #demand: number;
  readonly #split = new DeficitSplit();
  readonly #exposure: { from: number; to: number }[] = [];
  readonly #tally = emptyTally();
  readonly #weights: ResponseWeights;
  #backlogAtCut = 0;

  constructor(grid: ResponseGrid, demand: number) {
    this.#grid = grid;
    this.#demand = demand;
    this.#tally.responses.push((this.#weights = new ResponseWeights(grid)));
  }

  /** What happened since the last cut: may be added to. */
  get tally(): Tally {
    this.#tally.within = this.#weights.within;
    return this.#tally;
  }
  /** Response of what was admitted since the last cut: may be added to. */
  get weights(): ResponseWeights {
    return this.#weights;
  }
  /** Stretches with a deficit, rising, joined where they touch. */
  get exposure(): readonly Interval[] {
    return this.#exposure;
  }

  /** The proportions of the causes, of the deficit there is or the last one there was, in the order of `causes`. */
  get proportions(): readonly number[] {
    return this.#split.proportions;
  }

  /** Shows `read` what happened since the last cut, which it must not keep; `backlog` waits now. */
  cut(backlog: number, zone: number, read: (tally: Tally, zone: number) => void): void {
    const { tally } = this;
    tally.backlogGrowth = backlog - this.#backlogAtCut;
    this.#backlogAtCut = backlog;
    read(tally, zone);
    clearTally(tally);
  }

  /** Attempts that died with their pods: a fault. */
  lose(pods: PodClass, attempts: number): void {
    this.#tally.lost += attempts;
    this.#withdraw(pods, attempts);
    this.#tally.unserved[0] = (this.#tally.unserved[0] as number) + attempts;
  }

  /** Attempts of a class for which its bound leaves no room any more. */
  drop(pods: PodClass, attempts: number): void {
    this.#tally.timedOut += attempts;
    this.#withdraw(pods, attempts);
  }

  /** The causes of what was dropped at an instant, by its deficit and what was missing. */
  explain(dropped: number, deficit: number, missing: readonly number[]): void {
    this.#split.note(deficit, missing);
    this.#split.instant(dropped, this.#tally.unserved);
  }

  /** Counts the piece of one class from `t`, µs, on; `retriedPerSecond` of the app's attempts are retries. */
  count(pods: PodClass, piece: Piece, t: number, retriedPerSecond: number, exchange: Exchange | undefined): void {
    const tally = this.#tally;
    const { flow } = pods;
    const retried = flow.arrivals * retriedPerSecond * piece.length;
    tally.offered += piece.arrivals - retried;
    tally.retried += retried;
    tally.served += piece.served;
    tally.rejected += piece.rejected;
    this.drop(pods, piece.timedOut);
    tally.admitted += piece.admitted;
    tally.usedCoreSeconds += piece.served * flow.demand;
    if (flow.arrivals > 0) {
      tally.forwarded += (piece.arrivals * flow.forwardedIn) / flow.arrivals;
      tally.crossZone += (piece.arrivals * flow.crossIn) / flow.arrivals;
    }
    if (pods.main && exchange && (exchange.in.value > 0 || exchange.in.slope > 0)) this.#takeIn(pods, piece, t, exchange);
    else if (piece.admitted > 0) this.#respond(pods, piece, t, flow.hops);
  }

  /** Moves what other zones take over `length` seconds out of the `refused` attempts; returns what rates of unserved attempts remain. */
  giveOut(length: number, refused: number, timedOut: number, { out, whole }: Exchange, [u0, u1]: Ends['unserved']): Ends['unserved'] {
    const given = whole ? refused : length * (out.value + (out.slope * length) / 2);
    this.#tally.rejected -= given;
    this.#tally.overflowedOut += given;
    // Without the rounding of a difference of equals.
    if (whole && timedOut === 0) return [0, 0];
    return [Math.max(0, u0 - out.value), Math.max(0, u1 - out.value - out.slope * length)];
  }

  /** Deficit and unserved attempts of all classes from `from` to `to`, µs, and `length` seconds, by cause. */
  fallShort(from: number, to: number, length: number, { deficit, unserved }: Ends, missing: Missing): void {
    if (deficit[0] > 0 || deficit[1] > 0) this.#expose(from, to, length);
    this.#split.add(length, ...deficit, missing, ...unserved, this.#tally.deficit, this.#tally.unserved);
  }

  /** Adds to the main class's own piece what comes from other zones: never more than there is room, so that it neither waits nor is refused. */
  #takeIn(pods: PodClass, piece: Piece, t: number, exchange: Exchange): void {
    const tally = this.#tally;
    const { value, slope } = exchange.in;
    const taken = piece.length * (value + (slope * piece.length) / 2);
    tally.served += taken;
    tally.admitted += taken;
    tally.overflowedIn += taken;
    tally.usedCoreSeconds += taken * pods.flow.demand;
    piece.arrivalRate += value;
    piece.arrivalSlope += slope;
    if (piece.admitted > 0) this.#respond(pods, piece, t, pods.flow.hops);
    piece.admittedRate = value;
    piece.admittedSlope = slope;
    this.#respond(pods, piece, t, exchange.hops);
  }

  /** Records the response of the piece's admitted attempts, of which `hops` came over each distance. */
  #respond(pods: PodClass, piece: Piece, t: number, hops: readonly number[]): void {
    const { mode } = pods;
    const relative = this.#demand / pods.flow.demand;
    const kernel = mode.limits === 'running' ? 0 : 1;
    if (!pods.main) {
      const scale = relative / pods.pods;
      const cell = this.#grid.record(this.#weights, kernel, piece, 1, pods.factorAt(t) * scale, pods.factorSlope * scale, hops);
      pods.credit = this.#grid.within(cell);
      return;
    }
    for (const [factor, count] of pods.groups) {
      if (factor === 0) continue;
      const share = (count * factor) / pods.weight;
      pods.credit = this.#grid.within(this.#grid.record(this.#weights, kernel, piece, share, (factor * relative) / 1000, 0, hops));
    }
  }

  /** Attempts that will not be answered after all were credited when they were admitted. */
  #withdraw({ credit }: PodClass, attempts: number): void {
    if (attempts > 0) this.#tally.withdrawn += attempts * credit;
  }

  #expose(from: number, to: number, length: number): void {
    this.#tally.exposureSeconds += length;
    const last = this.#exposure[this.#exposure.length - 1];
    // Nearer than a nanosecond is the same moment, computed twice.
    if (last && from - last.to < 1e-3) last.to = to;
    else this.#exposure.push({ from, to });
  }
}
