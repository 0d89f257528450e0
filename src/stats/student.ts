import { assert } from '../base/assert.ts';
import { exp, log } from '../base/elementary.ts';

/**
 * Quantile of Student's t distribution: the t with P(T ≤ t) = `p`, by bisection of the distribution function down to neighbouring doubles.
 * `p` strictly between 0 and 1, `degrees` > 0; −∞ and ∞ never occur. 0 at p = ½.
 */
export function studentQuantile(p: number, degrees: number): number {
  assert(p > 0 && p < 1 && degrees > 0, `t quantile of p = ${String(p)} with ${String(degrees)} degrees of freedom`);
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  const key = `${String(p)} ${String(degrees)}`;
  const known = quantiles.get(key) ?? bisected(1 - p, degrees);
  quantiles.set(key, known);
  return known;
}

/** A comparison asks for the same few quantiles hundreds of times, and each takes about half a millisecond. */
const quantiles = new Map<string, number>();

/** The t ≥ 0 with P(T > t) = `tail`. */
function bisected(tail: number, degrees: number): number {
  let low = 0;
  let high = 1;
  while (upperTail(high, degrees) > tail) high *= 2;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (upperTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
}

/** P(T > t) for t ≥ 0, ∞ included: ½ I_x(ν/2, ½) with x = ν ÷ (ν + t²) (Abramowitz & Stegun 26.7.1). */
export function upperTail(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
}

/**
 * Regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22), evaluated with Lentz's method;
 * I_x(a, b) = 1 − I_(1−x)(b, a) where that converges faster.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  assert(x >= 0 && x <= 1 && a > 0 && b > 0, `I_x(a, b) of x = ${String(x)}, a = ${String(a)}, b = ${String(b)}`);
  if (x === 0 || x === 1) return x;
  const front = exp(a * log(x) + b * log(1 - x) + logGamma(a + b) - logGamma(a) - logGamma(b));
  return x <= (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

const smallest = 1e-300;
const awayFromZero = (value: number): number => (Math.abs(value) < smallest ? smallest : value);

function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) return fraction;
  }
  return fraction;
}

/** Stirling's series for ln Γ(x) (DLMF 5.11.1) after shifting x above 12 by Γ(x + 1) = x Γ(x); error below 1e-15 relative there. */
function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 12; y++) shift += log(y);
  const square = 1 / (y * y);
  const series =
    (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - (square * 691) / 360_360))))) / y;
  return (y - 0.5) * log(y) - y + 0.918938533204672742 + series - shift;
}
