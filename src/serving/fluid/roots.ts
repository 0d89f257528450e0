/**
 * The first u ≥ 0 at which p0 + p1·u + p2·u² stops being ≥ 0; Infinity if it never does. `p0` is ≥ 0. At p0 = 0 the answer is 0 if the
 * quantity falls from there. Written without cancellation.
 */
export function firstFall(p0: number, p1: number, p2: number): number {
  if (p0 === 0) {
    if (p1 < 0 || (p1 === 0 && p2 < 0)) return 0;
    return p2 < 0 ? -p1 / p2 : Infinity;
  }
  if (p2 === 0) return p1 < 0 ? -p0 / p1 : Infinity;
  const discriminant = p1 * p1 - 4 * p2 * p0;
  if (p1 < 0) return discriminant < 0 ? Infinity : (2 * p0) / (Math.sqrt(discriminant) - p1);
  return p2 < 0 ? (p1 + Math.sqrt(discriminant)) / (-2 * p2) : Infinity;
}

/** The root of p0 + p1·u + p2·u² in [low, high], where a monotone stretch of it is known to change sign; the nearest end if rounding puts it outside. */
export function rootBetween(p0: number, p1: number, p2: number, low: number, high: number): number {
  let root: number;
  if (p2 === 0) root = -p0 / p1;
  else {
    const half = -0.5 * (p1 + (p1 < 0 ? -1 : 1) * Math.sqrt(Math.max(0, p1 * p1 - 4 * p2 * p0)));
    const first = half / p2;
    const second = half === 0 ? first : p0 / half;
    root = outside(first, low, high) <= outside(second, low, high) ? first : second;
  }
  return root >= low ? (root <= high ? root : high) : low;
}

const outside = (u: number, low: number, high: number): number => (u < low ? low - u : u > high ? u - high : 0);
