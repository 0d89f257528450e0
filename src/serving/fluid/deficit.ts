import { log } from '../../base/elementary.ts';

/** Missing capacity by cause fault, switch, cold-start on a stretch, at its two ends, requests/s. */
export interface Missing {
  readonly start: readonly number[];
  readonly end: readonly number[];
}

/**
 * Splits deficit and unserved attempts between causes. The deficit d is covered by the missing capacity of fault, switch, cold start in this
 * order, the rest is undersized: d₁ = min(d, M₁), d₂ = min(d − d₁, M₂) …; unserved attempts in the proportions dₖ/d of the same instant, and those of
 * the last instant with d > 0 while d = 0 (undersized before the first).
 */
export class DeficitSplit {
  readonly #last = [0, 0, 0, 1];
  /** Ends of the parts of a stretch, and the cumulated causes at both ends of a part: reused. */
  readonly #cuts: number[] = [];
  readonly #below = [0, 0, 0, 0];
  readonly #above = [0, 0, 0, 0];

  /** Proportions of the causes at the last instant with a deficit. */
  get proportions(): readonly number[] {
    return this.#last;
  }

  /** One stretch of `length` seconds on which deficit, missing capacity and the unserved rate are linear, given at its ends. Adds the integrals by cause. */
  add(length: number, d0: number, d1: number, missing: Missing, u0: number, u1: number, deficit: number[], unserved: number[]): void {
    if (d0 === 0 && d1 === 0) {
      this.instant((length * (u0 + u1)) / 2, unserved);
      return;
    }
    const cuts = this.#cuts;
    cuts.length = 0;
    let s0 = 0;
    let s1 = 0;
    for (let k = 0; k < 3; k++) {
      s0 += missing.start[k] as number;
      s1 += missing.end[k] as number;
      const x = (d0 - s0) / (d0 - s0 - (d1 - s1));
      if (x > 0 && x < 1) cuts.push(x);
    }
    if (cuts.length > 1) cuts.sort((a, b) => a - b);
    cuts.push(1);
    let from = 0;
    for (const to of cuts) {
      if (to > from) this.#part(from, to, length, d0, d1, missing, u0, u1, deficit, unserved);
      from = to;
    }
  }

  /** Unserved attempts at an instant, in the proportions last noted. */
  instant(attempts: number, unserved: number[]): void {
    if (attempts === 0) return;
    for (let k = 0; k < 4; k++) unserved[k] = (unserved[k] as number) + attempts * (this.#last[k] as number);
  }

  /** Notes the proportions of this instant, if there is a deficit. */
  note(d: number, missing: readonly number[]): void {
    if (!(d > 0)) return;
    let covered = 0;
    let sum = 0;
    for (let k = 0; k < 4; k++) {
      sum += k < 3 ? (missing[k] as number) : Infinity;
      const upTo = Math.min(d, sum);
      this.#last[k] = (upTo - covered) / d;
      covered = upTo;
    }
  }

  /** A part on which no cumulated cause crosses the deficit, so that every dₖ is linear. */
  #part(
    from: number,
    to: number,
    length: number,
    d0: number,
    d1: number,
    missing: Missing,
    u0: number,
    u1: number,
    deficit: number[],
    unserved: number[],
  ): void {
    const h = (to - from) * length;
    const [da, db, ua, ub] = [at(d0, d1, from), at(d0, d1, to), at(u0, u1, from), at(u0, u1, to)];
    const middle = (from + to) / 2;
    const dMiddle = at(d0, d1, middle);
    let [s0, s1, sMiddle] = [0, 0, 0];
    this.#below.fill(da);
    this.#above.fill(db);
    for (let k = 0; k < 3; k++) {
      const [start, end] = [missing.start[k] as number, missing.end[k] as number];
      s0 += at(start, end, from);
      s1 += at(start, end, to);
      sMiddle += at(start, end, middle);
      if (sMiddle >= dMiddle) break;
      this.#below[k] = Math.min(da, s0);
      this.#above[k] = Math.min(db, s1);
    }
    for (let k = 0; k < 4; k++) {
      const pa = (this.#below[k] as number) - (k > 0 ? (this.#below[k - 1] as number) : 0);
      const pb = (this.#above[k] as number) - (k > 0 ? (this.#above[k - 1] as number) : 0);
      // At the end, or, where the deficit ends, in the limit.
      this.#last[k] = db > 0 ? pb / db : pa / da;
      if (pa === 0 && pb === 0) continue;
      deficit[k] = (deficit[k] as number) + (h * (pa + pb)) / 2;
      if (ua > 0 || ub > 0) unserved[k] = (unserved[k] as number) + h * meanProportion(ua, ub, pa, pb, da, db);
    }
  }
}

/**
 * ∫₀¹ u·p/d dx for u, p, d linear between their values at 0 and 1, 0 ≤ p ≤ d, d > 0 at one end at least. With p = αd + β and u = γ + δd it is
 * α·ū + β·(δ + γ·ln(d₁/d₀)/d′); where d changes by less than a tenth, the series of 1/d around its middle.
 */
export function meanProportion(u0: number, u1: number, p0: number, p1: number, d0: number, d1: number): number {
  const slope = d1 - d0;
  if (Math.abs(slope) > 0.1 * Math.max(d0, d1)) {
    const alpha = (p1 - p0) / slope;
    const beta = (p0 * d1 - p1 * d0) / slope;
    const whole = (alpha * (u0 + u1)) / 2;
    // Where d is 0, so is p, and p is a multiple of d.
    if (beta === 0 || d0 === 0 || d1 === 0) return whole;
    return whole + beta * ((u1 - u0) / slope + (((u0 * d1 - u1 * d0) / slope) * log(d1 / d0)) / slope);
  }
  // x = ½ + y, d = m(1 + ry): ∫ (a + by + cy²) Σ(−ry)ⁿ dy over [−½, ½]; only even powers remain, and |r/2| < 0.053.
  const m = (d0 + d1) / 2;
  const r = slope / m;
  const [um, pm, du, dp] = [(u0 + u1) / 2, (p0 + p1) / 2, u1 - u0, p1 - p0];
  const a = um * pm;
  const b = um * dp + pm * du;
  const c = du * dp;
  let sum = 0;
  let power = 1;
  let moment = 1;
  for (let n = 0; n <= 6; n++) {
    sum += power * ((a * moment) / (2 * n + 1) + ((c - b * r) * moment) / 4 / (2 * n + 3));
    power *= r * r;
    moment /= 4;
  }
  return sum / m;
}

/** The line from `start` to `end` at the share `x`. */
function at(start: number, end: number, x: number): number {
  return x === 0 ? start : x === 1 ? end : start + (end - start) * x;
}
