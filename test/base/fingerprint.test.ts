import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fingerprint } from '../../src/base/fingerprint.ts';

function hex(...values: readonly (number | string)[]): string {
  const fingerprint = new Fingerprint();
  for (const value of values) {
    if (typeof value === 'string') fingerprint.addText(value);
    else fingerprint.add(value);
  }
  return fingerprint.hex;
}

describe('a fingerprint', () => {
  it('has 16 hexadecimal digits, the same for ever', () => {
    expect(hex()).toBe('92ca2f0ecb72770f');
    expect(hex(1, 2, 3, 4503599627370496, 'pay')).toBe('d29f404d6c1faf76');
  });

  it('can be read in between without being moved', () => {
    const fingerprint = new Fingerprint();
    fingerprint.add(1);
    expect(fingerprint.hex).toBe(hex(1));
    fingerprint.add(2);
    expect(fingerprint.hex).toBe(hex(1, 2));
  });

  it('tells 200,000 runs of one event, and of two in either order, apart', () => {
    const seen = new Set<string>();
    for (let value = 0; value < 100_000; value++) seen.add(hex(value * 1_000_003));
    for (let value = 0; value < 50_000; value++) seen.add(hex(value, value + 1)).add(hex(value + 1, value));
    expect(seen.size).toBe(200_000);
  });

  it('sees all 53 bits of a number and its sign', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat({ max: 52 }), (value, bit) => {
        const flipped = Number(BigInt(value) ^ (1n << BigInt(bit)));
        expect(hex(flipped)).not.toBe(hex(value));
        if (value !== 0) expect(hex(-value)).not.toBe(hex(value));
      }),
      { seed: 11, numRuns: 1000 },
    );
  });

  it('ends each text, so that two texts cannot run into each other', () => {
    expect(hex('ab', 'c')).not.toBe(hex('a', 'bc'));
    expect(hex('', 'a')).not.toBe(hex('a', ''));
  });

  it('changes about half of its bits with one bit of its input', () => {
    let changed = 0;
    const pairs = 2000;
    for (let i = 0; i < pairs; i++) {
      const [a, b] = [hex(i, 5), hex(i ^ 1, 5)].map((text) => BigInt(`0x${text}`)) as [bigint, bigint];
      for (let bits = a ^ b; bits > 0n; bits &= bits - 1n) changed++;
    }
    expect(changed / pairs).toBeGreaterThan(28);
    expect(changed / pairs).toBeLessThan(36);
  });
});
