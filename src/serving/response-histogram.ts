import { measuredResponse, type Response } from './response-law.ts';
import type { ResponseCells } from './response-weights.ts';

/** Bins per doubling, as a power of 2: a response is off by at most 0.05 %. */
const binBits = 10;
const value = new Float64Array(1);
const words = new Int32Array(value.buffer);
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
/** The first bin: that of 2⁻³⁰ s; and how many there are, up to 2²⁰ s. */
const first = (1023 - 30) << binBits;
const bins = 50 << binBits;

/** Cells of measured response times: bins of equal ratio, those within the objective apart from those beyond it. Times in s. */
export class ResponseHistogram implements ResponseCells {
  readonly #objective: number;
  /** Cells by bin and side of the objective; −1: not there yet. */
  readonly #cells = new Int32Array(2 * bins).fill(-1);
  readonly #responses: Response[] = [];
  readonly #within: number[] = [];

  constructor(objective: number) {
    this.#objective = objective;
  }

  /** The cell of a response time. */
  cell(seconds: number): number {
    value[0] = seconds;
    const bin = ((words[high] as number) >> (20 - binBits)) - first;
    const inside = bin < 0 ? 0 : bin < bins ? bin : bins - 1;
    const within = seconds <= this.#objective ? 1 : 0;
    const known = this.#cells[2 * inside + within] as number;
    return known >= 0 ? known : this.#add(inside, within);
  }

  response(cell: number): Response {
    return this.#responses[cell] as Response;
  }

  within(cell: number): number {
    return this.#within[cell] as number;
  }

  isStrained(): boolean {
    return false;
  }

  #add(bin: number, within: number): number {
    const cell = this.#responses.length;
    words[1 - high] = 0;
    words[high] = (bin + first) << (20 - binBits);
    const low = value[0] as number;
    words[high] = (bin + first + 1) << (20 - binBits);
    const middle = (low + (value[0] as number)) / 2;
    this.#cells[2 * bin + within] = cell;
    this.#responses.push(measuredResponse(middle));
    this.#within.push(within);
    return cell;
  }
}
