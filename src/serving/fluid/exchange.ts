/** A rate from a moment on, requests/s, and its slope per second. */
export interface Line {
  readonly value: number;
  readonly slope: number;
}

export const nothing: Line = { value: 0, slope: 0 };

/** What one zone gives to others and gets from them, between two bends. */
export interface Exchange {
  /** Of what its limiters refuse: what other zones take, and whether that is all of it. */
  readonly out: Line;
  readonly whole: boolean;
  /** What its main class takes, and which share of it comes from each distance: the same IDC, another one, another city. */
  readonly in: Line;
  readonly hops: readonly number[];
}

/** Rounding that is not a difference: relative to what is compared. */
const rounding = 1e-12;

/** Sign of `line` just after its moment; 0 if it stays at 0. `scale` and `slopeScale` are the sizes of what it is the difference of. */
export function signAfter({ value, slope }: Line, scale: number, slopeScale: number): number {
  if (Math.abs(value) > rounding * scale) return Math.sign(value);
  return Math.abs(slope) > rounding * slopeScale ? Math.sign(slope) : 0;
}

/** Seconds until `line` changes its sign; Infinity if it does not, or has just done so. */
export const untilZero = ({ value, slope }: Line, scale: number): number =>
  Math.abs(value) > rounding * scale && value > 0 !== slope > 0 && slope !== 0 ? -value / slope : Infinity;

export const plus = (a: Line, b: Line): Line => ({ value: a.value + b.value, slope: a.slope + b.slope });
export const minus = (a: Line, b: Line): Line => ({ value: a.value - b.value, slope: a.slope - b.slope });
export const times = ({ value, slope }: Line, factor: number): Line => ({ value: value * factor, slope: slope * factor });

/**
 * Splits `total` in proportion to `weights` (> 0), each part at most its cap; what a capped part leaves goes to the others in the same proportions.
 * The caps add up to no less than `total`. `until`: seconds for which the same parts are capped, so that all are linear.
 */
export function fill(
  total: Line,
  caps: readonly Line[],
  weights: readonly number[],
): { readonly parts: readonly Line[]; readonly until: number } {
  const capped = caps.map(() => false);
  const scale = Math.abs(total.value) + caps.reduce((sum, { value }) => sum + Math.abs(value), 0);
  const slopeScale = Math.abs(total.slope) + caps.reduce((sum, { slope }) => sum + Math.abs(slope), 0);
  for (;;) {
    let rest = total;
    let weight = 0;
    caps.forEach((cap, i) => {
      if (capped[i]) rest = minus(rest, cap);
      else weight += weights[i] as number;
    });
    // What each would get if none of those that are not capped were.
    const wanted = weights.map((own) => (weight > 0 ? times(rest, own / weight) : nothing));
    const over = caps.map((cap, i) => minus(wanted[i] as Line, cap));
    const newly = over.flatMap((line, i) => (!capped[i] && signAfter(line, scale, slopeScale) > 0 ? [i] : []));
    for (const i of newly) capped[i] = true;
    if (newly.length > 0) continue;
    return {
      parts: caps.map((cap, i) => (capped[i] ? cap : (wanted[i] as Line))),
      until: weight > 0 ? Math.min(...over.map((line) => untilZero(line, scale))) : Infinity,
    };
  }
}
