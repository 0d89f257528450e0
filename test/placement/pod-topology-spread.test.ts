import { describe, expect, it } from 'vitest';
import { withinSkew, zoneScores } from '../../src/placement/pod-topology-spread.ts';

describe('the filter PodTopologySpread', () => {
  it.each([
    // 0 + 1 − 0 = 1 ≤ 1
    { counts: [0, 0], zone: 0, maxSkew: 1, expected: true },
    // 1 + 1 − 0 = 2 > 1
    { counts: [1, 0], zone: 0, maxSkew: 1, expected: false },
    // 0 + 1 − 0 = 1 ≤ 1: the emptiest zone always passes
    { counts: [1, 0], zone: 1, maxSkew: 1, expected: true },
    // 1 + 1 − 1 = 1 ≤ 1
    { counts: [1, 1], zone: 0, maxSkew: 1, expected: true },
    // 1 + 1 − 0 = 2 ≤ 2
    { counts: [1, 0], zone: 0, maxSkew: 2, expected: true },
    // 2 + 1 − 0 = 3 > 2
    { counts: [2, 0], zone: 0, maxSkew: 2, expected: false },
    // upstream's example of three zones 1, 1, 0: 1 + 1 − 0 = 2 > 1 …
    { counts: [1, 1, 0], zone: 1, maxSkew: 1, expected: false },
    // … and only the third may take it: 0 + 1 − 0 = 1 ≤ 1
    { counts: [1, 1, 0], zone: 2, maxSkew: 1, expected: true },
    // 7 + 1 − 5 = 3 ≤ 3
    { counts: [7, 5, 6], zone: 0, maxSkew: 3, expected: true },
    // one zone is its own minimum: 9 + 1 − 9 = 1 ≤ 1
    { counts: [9], zone: 0, maxSkew: 1, expected: true },
  ])('with $counts pods per zone and a skew of at most $maxSkew: zone $zone → $expected', ({ counts, zone, maxSkew, expected }) => {
    expect(withinSkew(counts, zone, maxSkew)).toBe(expected);
  });
});

describe('the score PodTopologySpread', () => {
  it.each([
    // ln 4 = 1.386; raw round(0 + 0) = 0, 0; max 0 → 100 each
    { counts: [0, 0], maxSkew: 1, expected: [100, 100] },
    // raw round(1.386) = 1, 0; max 1, min 0: 100·(1 + 0 − 1) ÷ 1 = 0, 100·(1 + 0 − 0) ÷ 1 = 100
    { counts: [1, 0], maxSkew: 1, expected: [0, 100] },
    // raw round(2.773) = 3, round(1.386) = 1; max 3, min 1: ⌊100·1 ÷ 3⌋ = 33, 100·3 ÷ 3 = 100
    { counts: [2, 1], maxSkew: 1, expected: [33, 100] },
    // raw round(4.159) = 4, 4; 100·(4 + 4 − 4) ÷ 4 = 100 each: equal counts are equally good
    { counts: [3, 3], maxSkew: 1, expected: [100, 100] },
    // maxSkew 3 adds 2: raw round(3.386) = 3, round(2) = 2; ⌊100·(3 + 2 − 3) ÷ 3⌋ = 66, 100·3 ÷ 3 = 100: skew is tolerated
    { counts: [1, 0], maxSkew: 3, expected: [66, 100] },
    // maxSkew 2 adds 1: raw 1, 1 → 100·(1 + 1 − 1) ÷ 1 = 100 each
    { counts: [0, 0], maxSkew: 2, expected: [100, 100] },
    // ln 5 = 1.609; raw round(1.609) = 2, round(3.219) = 3, 0; max 3, min 0: ⌊100·1 ÷ 3⌋ = 33, 0, 100
    { counts: [1, 2, 0], maxSkew: 1, expected: [33, 0, 100] },
    // ln 5; raw round(16.09) = 16, round(17.70) = 18, round(19.31) = 19; max 19, min 16: 1900 ÷ 19 = 100, ⌊1700 ÷ 19⌋ = 89, ⌊1600 ÷ 19⌋ = 84
    { counts: [10, 11, 12], maxSkew: 1, expected: [100, 89, 84] },
    // ln 3 = 1.099 for one zone; raw round(5.493) = 5; 100·5 ÷ 5 = 100
    { counts: [5], maxSkew: 1, expected: [100] },
    // ln 6 = 1.792; raw 0, 2, 2, 4 (1.792, 1.792, 3.584); max 4, min 0: 100, 50, 50, 0
    { counts: [0, 1, 1, 2], maxSkew: 1, expected: [100, 50, 50, 0] },
  ])('with $counts pods per zone and maxSkew $maxSkew is $expected', ({ counts, maxSkew, expected }) => {
    expect(zoneScores(counts, maxSkew)).toEqual(expected);
  });
});
