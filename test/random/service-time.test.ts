import { describe, expect, it } from 'vitest';
import { type ServiceDistribution, serviceTimes } from '../../src/random/service-time.ts';

/** Points and weights of Gauss and Legendre's rule on [−1, 1], by symmetry. */
const gauss = [
  [0.148_874_338_981_631_2, 0.295_524_224_714_752_87],
  [0.433_395_394_129_247_2, 0.269_266_719_309_996_4],
  [0.679_409_568_299_024_4, 0.219_086_362_515_982_04],
  [0.865_063_366_688_984_5, 0.149_451_349_150_580_6],
  [0.973_906_528_517_171_7, 0.066_671_344_308_688_14],
].flatMap(
  ([x = 0, w = 0]) =>
    [
      [x, w],
      [-x, w],
    ] as const,
);

/** ∫ f over [from, to] in pieces that halve towards both ends, where quantiles grow without bound. */
function integral(f: (u: number) => number, from: number, to: number): number {
  const middle = (from + to) / 2;
  let sum = 0;
  for (const end of [from, to]) {
    let [near, far] = [middle, (end + middle) / 2];
    for (let k = 0; k < 48; k++) {
      const [center, half] = [(near + far) / 2, Math.abs(far - near) / 2];
      for (const [x, w] of gauss) sum += w * half * f(center + x * half);
      [near, far] = [far, (end + far) / 2];
    }
  }
  return sum;
}

/** Mean and coefficient of variation of what a uniform is turned into; `kinks`: where it jumps. */
function moments(variate: (u: number) => number, kinks: readonly number[] = []): readonly [number, number] {
  const ends = [0, ...kinks, 1];
  const over = (f: (u: number) => number) => ends.slice(1).reduce((sum, end, i) => sum + integral(f, ends[i]!, end), 0);
  const mean = over(variate);
  return [mean, Math.sqrt(over((u) => (variate(u) - mean) ** 2)) / mean];
}

const cases: readonly (readonly [ServiceDistribution, number])[] = [
  ['auto', 1],
  ['exponential', 1],
  ['auto', 0.5],
  ['auto', 2],
  ['log-normal', 0.25],
  ['log-normal', 1],
  ['log-normal', 3],
  ['hyper-exponential', 1.1],
  ['hyper-exponential', 2],
  ['hyper-exponential', 4],
];

describe('service times', () => {
  it.each(cases)('that are %s have the mean 1 and the cv %d', (distribution, cv) => {
    const kink = distribution === 'hyper-exponential' ? [(1 + Math.sqrt((cv * cv - 1) / (cv * cv + 1))) / 2] : [];
    const [mean, variation] = moments(serviceTimes(distribution, cv), kink);
    expect(Math.abs(mean - 1)).toBeLessThan(1e-8);
    // Of the square of a wide log-normal a part is beyond what doubles near 1 can tell apart.
    expect(Math.abs(variation / cv - 1)).toBeLessThan(distribution === 'log-normal' && cv === 3 ? 1e-4 : 1e-6);
  });

  it('have one half of their work in each phase, where they are hyper-exponential', () => {
    const variate = serviceTimes('hyper-exponential', 2);
    const p = (1 + Math.sqrt(3 / 5)) / 2;
    expect(integral(variate, 0, p)).toBeCloseTo(0.5, 8);
    expect(integral(variate, p, 1)).toBeCloseTo(0.5, 8);
    // Each phase begins anew.
    expect(variate(0)).toBeCloseTo(0, 12);
    expect(variate(p)).toBeCloseTo(0, 12);
  });

  it('are all 1 where they do not vary', () => {
    for (const distribution of ['auto', 'deterministic', 'log-normal'] as const)
      for (const u of [0, 0.25, 0.999]) expect(serviceTimes(distribution, 0)(u)).toBe(1);
  });

  it('are exponential, and not log-normal, where nothing is said and the cv is 1', () => {
    for (const u of [0, 0.1, 0.5, 0.9]) expect(serviceTimes('auto', 1)(u)).toBeCloseTo(-Math.log(1 - u), 12);
    expect(serviceTimes('auto', 2)(0.5)).toBeCloseTo(1 / Math.sqrt(5), 12);
  });

  it('are refused with a cv that they cannot have', () => {
    expect(() => serviceTimes('deterministic', 1)).toThrow('deterministic service times have the cv 0, not 1');
    expect(() => serviceTimes('exponential', 0)).toThrow('exponential service times have the cv 1, not 0');
    expect(() => serviceTimes('exponential', 1.5)).toThrow('exponential service times have the cv 1, not 1.5');
    expect(() => serviceTimes('hyper-exponential', 1)).toThrow('hyper-exponential service times have a cv above 1, not 1');
    expect(() => serviceTimes('hyper-exponential', 0)).toThrow('hyper-exponential service times have a cv above 1, not 0');
  });
});
