import { exp, log } from '../base/elementary.ts';
import type { Piece } from './class-law.ts';
import { meanProportion } from './deficit.ts';

/** Ratio of neighbouring nodes of (ρ + offset)/(1 − ρ), as a logarithm: fine in ρ where few wait, in 1 − ρ where the wait is long. */
const step = 0.08;
const offset = 0.1;

/** The nodes of utilisation, rising from 0; 1 − ρ down to e^−11.7. */
export const nodes: Readonly<Float64Array> = Float64Array.from({ length: 176 }, (_, r) => {
  const z = offset * exp(r * step);
  return (z - offset) / (1 + z);
});

/** The last node that is not above the utilisation; `cap` from the `highest` on. */
export function rhoIndex(arrivals: number, capacity: number, cap: number, highest: number): number {
  if (arrivals >= capacity * highest) return cap;
  const index = Math.floor(log((arrivals / capacity + offset) / (offset * (1 - arrivals / capacity))) / step);
  return index < cap ? (index > 0 ? index : 0) : cap - 1;
}

/** Mean utilisation of the admitted requests of `piece` between `u` and `end`, seconds after its beginning. */
export function meanRho(
  { arrivalRate, arrivalSlope, capacity, capacitySlope, admittedRate, admittedSlope }: Piece,
  u: number,
  end: number,
): number {
  const [a0, a1] = [arrivalRate + arrivalSlope * u, arrivalRate + arrivalSlope * end];
  if (capacitySlope === 0 && arrivalSlope === 0) return arrivalRate / capacity;
  const [w0, w1] = [admittedRate + admittedSlope * u, admittedRate + admittedSlope * end];
  const [c0, c1] = [capacity + capacitySlope * u, capacity + capacitySlope * end];
  return meanProportion(w0, w1, a0, a1, c0, c1) / ((w0 + w1) / 2);
}
