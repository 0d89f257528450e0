/** An exact number: the reference rounds nothing but the end of a transfer. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

function reduced(over: bigint, under: bigint): Fraction {
  let [a, b] = [over < 0n ? -over : over, under];
  while (b > 0n) [a, b] = [b, a % b];
  return a === 0n ? { over: 0n, under: 1n } : { over: over / a, under: under / a };
}

export const whole = (value: number): Fraction => ({ over: BigInt(value), under: 1n });
export const times = (a: Fraction, b: Fraction): Fraction => reduced(a.over * b.over, a.under * b.under);
export const dividedBy = (a: Fraction, b: Fraction): Fraction => reduced(a.over * b.under, a.under * b.over);
export const minus = (a: Fraction, b: Fraction): Fraction => reduced(a.over * b.under - b.over * a.under, a.under * b.under);
export const isLess = (a: Fraction, b: Fraction): boolean => a.over * b.under < b.over * a.under;
export const least = (a: Fraction, b: Fraction): Fraction => (isLess(b, a) ? b : a);

/** The smallest whole number that is not less; 0 for what is below 0. */
export const roundedUp = ({ over, under }: Fraction): number => (over <= 0n ? 0 : Number((over + under - 1n) / under));
