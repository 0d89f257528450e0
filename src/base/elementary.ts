/**
 * Natural logarithm and exponential with the same bits on every engine and CPU: `Math.log` and `Math.exp` are "implementation-approximated"
 * in ECMA-262 and differ in the last bit between Node on x64 and on arm64. Ports of fdlibm's `e_log.c` and `e_exp.c`
 * (© 1993 Sun Microsystems, "Permission to use, copy, modify, and distribute this software is freely granted"); error below 1 ulp.
 */
const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

const ln2High = 6.9314718036912381649e-1;
const ln2Low = 1.90821492927058770002e-10;
const two54 = 18014398509481984;

/** ln(x): −∞ at 0, NaN below 0, ∞ at ∞. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = 0;
  double[0] = x;
  let hx = words[high] as number;
  if (hx < 0x00100000) {
    k -= 54;
    double[0] = x * two54;
    hx = words[high] as number;
  }
  k += (hx >> 20) - 1023;
  hx &= 0x000fffff;
  const i = (hx + 0x95f64) & 0x100000;
  words[high] = hx | (i ^ 0x3ff00000);
  k += i >> 20;
  const f = double[0] - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const t1 = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const t2 = z * (6.66666666666673513e-1 + w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const r = t2 + t1;
  // Near √½ … √2 the short form loses nothing; elsewhere f − ½f² is kept exact (fdlibm's two branches).
  if (((hx - 0x6147a) | (0x6b851 - hx)) <= 0) return k * ln2High - (s * (f - r) - k * ln2Low - f);
  const half = 0.5 * f * f;
  return k * ln2High - (half - (s * (half + r) + k * ln2Low) - f);
}

const inverseLn2 = 1.442695040888963387;

/** 2^k for −1022 ≤ k ≤ 1023, exactly. */
function powerOfTwo(k: number): number {
  words[1 - high] = 0;
  words[high] = (k + 1023) << 20;
  return double[0] as number;
}

/** eˣ: 0 below −745.13, ∞ above 709.78, NaN of NaN. */
export function exp(x: number): number {
  if (x !== x) return NaN;
  if (x > 709.782712893383973096) return Infinity;
  if (x < -745.13321910194110842) return 0;
  let k = 0;
  let hi = x;
  let lo = 0;
  if (x > 0.34657359027997264 || x < -0.34657359027997264) {
    k = Math.trunc(inverseLn2 * x + (x < 0 ? -0.5 : 0.5));
    hi = x - k * ln2High;
    lo = k * ln2Low;
  }
  const r = hi - lo;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 + t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  const y = 1 - (lo - (r * c) / (2 - c) - hi);
  if (k >= -1021) return k === 1024 ? y * 2 * powerOfTwo(1023) : y * powerOfTwo(k);
  return y * powerOfTwo(k + 1000) * powerOfTwo(-1000);
}
