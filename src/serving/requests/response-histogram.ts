import { measuredResponse, type Response } from '../response-law.ts';
import type { ResponseCells } from '../response-weights.ts';

/** Bins per doubling, as a power of 2: a response is off by at most 0.05 %. */
const binBits = 10;
const value = new Float64Array(1);
const words = new Int32Array(value.buffer);
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
/** The first bin: that of 2⁻²⁰ s, the step of the clock; and how many there are, up to 2²⁰ s. */
const first = (1023 - 20) << binBits;
const bins = 40 << binBits;

/** The bin of a time in s. */
function binOf(seconds: number): number {
  value[0] = seconds;
  const bin = ((words[high] as number) >> (20 - binBits)) - first;
  return bin < 0 ? 0 : bin < bins ? bin : bins - 1;
}

/** Where a bin begins, s. */
function beginning(bin: number): number {
  words[1 - high] = 0;
  words[high] = (bin + first) << (20 - binBits);
  return value[0] as number;
}

/** Cells of measured response times: bins of equal ratio; that of the objective is cut in two, at the objective. Times in s. */
export class ResponseHistogram implements ResponseCells {
  readonly #objective: number;
  /** The last cell within the objective. */
  readonly #last: number;
  readonly #responses = new Map<number, Response>();

  constructor(objective: number) {
    this.#objective = objective;
    this.#last = binOf(objective);
  }

  /** The cell of a response time. */
  cell(seconds: number): number {
    const bin = binOf(seconds);
    return seconds <= this.#objective ? bin : bin + 1;
  }

  response(cell: number): Response {
    let response = this.#responses.get(cell);
    if (response === undefined) {
      const bin = cell - (1 - this.within(cell));
      response = measuredResponse((beginning(bin) + beginning(bin + 1)) / 2);
      this.#responses.set(cell, response);
    }
    return response;
  }

  within(cell: number): number {
    return cell <= this.#last ? 1 : 0;
  }

  isStrained(): boolean {
    return false;
  }

  late(): number {
    return 0;
  }
}
