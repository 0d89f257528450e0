import { exponential } from '../../src/random/variates.ts';
import { Streams } from '../../src/random/streams.ts';

const drawn = 65_536;

/** Whole µs, exponential of a mean of one second, drawn ahead and gone through again and again: what is timed is not the drawing. */
export function exponentialSteps(name: string): () => number {
  const uniform = new Streams(11).stream(name);
  const steps = Float64Array.from({ length: drawn }, () => Math.round(exponential(1e6, uniform())));
  let next = 0;
  return () => steps[next++ & (drawn - 1)] ?? 0;
}
