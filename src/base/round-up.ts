/** ⌈x⌉ of a quotient or product of decimals: what exceeds a whole number by rounding alone (beyond 12 digits) is that number, so that 3 % of 100 are 3 and not 4. */
export const roundUp = (x: number): number => Math.ceil(Number(x.toPrecision(12)));
