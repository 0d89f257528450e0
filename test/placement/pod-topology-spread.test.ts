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
    // 0 + 1 − 0 = 1 ≤ 1
    { counts: [0], zone: 0, maxSkew: 1, expected: true },
    // 100000 + 1 − 100000 = 1 ≤ 1
    { counts: [100_000], zone: 0, maxSkew: 1, expected: true },
    // five ahead, five allowed: 4 + 1 − 0 = 5 ≤ 5
    { counts: [4, 0], zone: 0, maxSkew: 5, expected: true },
    // six ahead, five allowed: 5 + 1 − 0 = 6 > 5
    { counts: [5, 0], zone: 0, maxSkew: 5, expected: false },
    // 3 + 1 − 3 = 1 ≤ 1
    { counts: [3, 4], zone: 0, maxSkew: 1, expected: true },
    // the fuller zone: 4 + 1 − 3 = 2 > 1
    { counts: [3, 4], zone: 1, maxSkew: 1, expected: false },
    // 4 + 1 − 3 = 2 ≤ 2
    { counts: [3, 4], zone: 1, maxSkew: 2, expected: true },
    // far behind: 0 + 1 − 0 = 1 ≤ 1
    { counts: [0, 90], zone: 0, maxSkew: 1, expected: true },
    // far ahead: 90 + 1 − 0 = 91 > 1
    { counts: [90, 0], zone: 0, maxSkew: 1, expected: false },
    // equal and large: 1000 + 1 − 1000 = 1 ≤ 1
    { counts: [1000, 1000], zone: 1, maxSkew: 1, expected: true },
    // one more than equal and large: 1001 + 1 − 1000 = 2 > 1
    { counts: [1001, 1000], zone: 0, maxSkew: 1, expected: false },
    // the widest skew that can be set: 999 + 1 − 0 = 1000 ≤ 1000
    { counts: [999, 0], zone: 0, maxSkew: 1000, expected: true },
    // 1000 + 1 − 0 = 1001 > 1000
    { counts: [1000, 0], zone: 0, maxSkew: 1000, expected: false },
    // two beyond it: 1001 + 1 − 0 = 1002 > 1000
    { counts: [1001, 0], zone: 0, maxSkew: 1000, expected: false },
    // 2 + 1 − 2 = 1 ≤ 1
    { counts: [2, 2, 2], zone: 1, maxSkew: 1, expected: true },
    // the emptiest of three: 3 + 1 − 3 = 1 ≤ 1
    { counts: [5, 4, 3], zone: 2, maxSkew: 1, expected: true },
    // the middle one of three: 4 + 1 − 3 = 2 > 1
    { counts: [5, 4, 3], zone: 1, maxSkew: 1, expected: false },
    // 4 + 1 − 3 = 2 ≤ 2
    { counts: [5, 4, 3], zone: 1, maxSkew: 2, expected: true },
    // the fullest of three: 5 + 1 − 3 = 3 > 2
    { counts: [5, 4, 3], zone: 0, maxSkew: 2, expected: false },
    // 5 + 1 − 3 = 3 ≤ 3
    { counts: [5, 4, 3], zone: 0, maxSkew: 3, expected: true },
    // 0 + 1 − 0 = 1 ≤ 1
    { counts: [1, 0, 1, 0], zone: 3, maxSkew: 1, expected: true },
    // 1 + 1 − 0 = 2 > 1
    { counts: [1, 0, 1, 0], zone: 2, maxSkew: 1, expected: false },
    // 0 + 1 − 0 = 1 ≤ 1
    { counts: [1, 1, 1, 1, 0], zone: 4, maxSkew: 1, expected: true },
    // 2 + 1 − 1 = 2 > 1
    { counts: [2, 1, 1, 1, 1], zone: 0, maxSkew: 1, expected: false },
    // one zone empty holds all others back: 4 + 1 − 0 = 5 > 4
    { counts: [4, 4, 4, 4, 0], zone: 3, maxSkew: 4, expected: false },
    // zone 1 does not count: 3 + 1 − 3 = 1 ≤ 1
    { counts: [3, undefined, 3], zone: 0, maxSkew: 1, expected: true },
    // zone 1, had it counted as empty, would refuse: 1 + 1 − 1 = 1 ≤ 1
    { counts: [1, undefined], zone: 0, maxSkew: 1, expected: true },
    // zone 0 does not count: 2 + 1 − 1 = 2 > 1
    { counts: [undefined, 2, 1], zone: 1, maxSkew: 1, expected: false },
    // zone 0 does not count: 1 + 1 − 1 = 1 ≤ 1
    { counts: [undefined, 2, 1], zone: 2, maxSkew: 1, expected: true },
    // only zone 2 counts: 7 + 1 − 7 = 1 ≤ 1
    { counts: [undefined, undefined, 7], zone: 2, maxSkew: 1, expected: true },
    // two of four count: 2 + 1 − 0 = 3 > 2
    { counts: [undefined, 2, undefined, 0], zone: 1, maxSkew: 2, expected: false },
    // two of four count: 2 + 1 − 0 = 3 ≤ 3
    { counts: [undefined, 2, undefined, 0], zone: 1, maxSkew: 3, expected: true },
    // a zone that does not count takes none: its own count is none: refused
    { counts: [undefined, 0], zone: 0, maxSkew: 1, expected: false },
    // nor with a wide skew: its own count is none: refused
    { counts: [0, undefined, 0], zone: 1, maxSkew: 1000, expected: false },
    // none counts: its own count is none: refused
    { counts: [undefined, undefined], zone: 0, maxSkew: 1, expected: false },
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
    // ln 3 = 1.099; raw 0; max 0: 100
    { counts: [0], maxSkew: 1, expected: [100] },
    // one empty zone with skew 4: ln 3 = 1.099, plus 3; raw 3; max + min = 6; 300 ÷ 3 = 100
    { counts: [0], maxSkew: 4, expected: [100] },
    // ln 3 = 1.099; raw round(1.099) = 1; max + min = 2; 100 ÷ 1 = 100
    { counts: [1], maxSkew: 1, expected: [100] },
    // ln 3 = 1.099; raw round(109861.229) = 109861; max + min = 219722; 10986100 ÷ 109861 = 100
    { counts: [100_000], maxSkew: 1, expected: [100] },
    // ln 5 = 1.609; raw 0, 0, 0; max 0: 100 each
    { counts: [0, 0, 0], maxSkew: 1, expected: [100, 100, 100] },
    // equal and large: ln 4 = 1.386; raw round(1386.294) = 1386, 1386; max + min = 2772; 138600 ÷ 1386 = 100
    { counts: [1000, 1000], maxSkew: 1, expected: [100, 100] },
    // ln 4 = 1.386; raw 0, round(1.386) = 1; max + min = 1; 100 ÷ 1 = 100, 0 ÷ 1 = 0
    { counts: [0, 1], maxSkew: 1, expected: [100, 0] },
    // the order of the zones does not matter: ln 4 = 1.386; raw round(1.386) = 1, round(2.773) = 3; max + min = 4; 300 ÷ 3 = 100, ⌊100 ÷ 3⌋ = 33
    { counts: [1, 2], maxSkew: 1, expected: [100, 33] },
    // ln 4 = 1.386; raw round(4.159) = 4, round(1.386) = 1; max + min = 5; 100 ÷ 4 = 25, 400 ÷ 4 = 100
    { counts: [3, 1], maxSkew: 1, expected: [25, 100] },
    // ln 4 = 1.386; raw round(4.159) = 4, round(2.773) = 3; max + min = 7; 300 ÷ 4 = 75, 400 ÷ 4 = 100
    { counts: [3, 2], maxSkew: 1, expected: [75, 100] },
    // ln 4 = 1.386; raw round(5.545) = 6, round(4.159) = 4; max + min = 10; ⌊400 ÷ 6⌋ = 66, 600 ÷ 6 = 100
    { counts: [4, 3], maxSkew: 1, expected: [66, 100] },
    // ln 4 = 1.386; raw round(13.863) = 14, 0; max + min = 14; 0 ÷ 14 = 0, 1400 ÷ 14 = 100
    { counts: [10, 0], maxSkew: 1, expected: [0, 100] },
    // ln 4 = 1.386; raw round(13.863) = 14, round(12.477) = 12; max + min = 26; ⌊1200 ÷ 14⌋ = 85, 1400 ÷ 14 = 100
    { counts: [10, 9], maxSkew: 1, expected: [85, 100] },
    // ln 4 = 1.386; raw round(15.249) = 15, round(13.863) = 14; max + min = 29; ⌊1400 ÷ 15⌋ = 93, 1500 ÷ 15 = 100
    { counts: [11, 10], maxSkew: 1, expected: [93, 100] },
    // ln 4 = 1.386; raw round(138.629) = 139, round(137.243) = 137; max + min = 276; ⌊13700 ÷ 139⌋ = 98, 13900 ÷ 139 = 100
    { counts: [100, 99], maxSkew: 1, expected: [98, 100] },
    // ln 4 = 1.386; raw round(138.629) = 139, round(1.386) = 1; max + min = 140; ⌊100 ÷ 139⌋ = 0, 13900 ÷ 139 = 100
    { counts: [100, 1], maxSkew: 1, expected: [0, 100] },
    // ln 4 = 1.386; raw round(1386.294) = 1386, round(1384.908) = 1385; max + min = 2771; ⌊138500 ÷ 1386⌋ = 99, 138600 ÷ 1386 = 100
    { counts: [1000, 999], maxSkew: 1, expected: [99, 100] },
    // ln 4 > 1, so that counts one apart never round to the same: ln 4 = 1.386; raw round(49.907) = 50, round(51.293) = 51; max + min = 101; 5100 ÷ 51 = 100, ⌊5000 ÷ 51⌋ = 98
    { counts: [36, 37], maxSkew: 1, expected: [100, 98] },
    // ln 4 = 1.386; raw round(138629.436) = 138629, round(138628.050) = 138628; max + min = 277257; ⌊13862800 ÷ 138629⌋ = 99, 13862900 ÷ 138629 = 100
    { counts: [100_000, 99_999], maxSkew: 1, expected: [99, 100] },
    // all in one zone: ln 4 = 1.386; raw round(138629.436) = 138629, 0; max + min = 138629; 0 ÷ 138629 = 0, 13862900 ÷ 138629 = 100
    { counts: [100_000, 0], maxSkew: 1, expected: [0, 100] },
    // skew 2 lets the empty zone count 1: ln 4 = 1.386, plus 1; raw round(2.386) = 2, 1; max + min = 3; 100 ÷ 2 = 50, 200 ÷ 2 = 100
    { counts: [1, 0], maxSkew: 2, expected: [50, 100] },
    // ln 4 = 1.386, plus 1; raw round(3.773) = 4, 1; max + min = 5; 100 ÷ 4 = 25, 400 ÷ 4 = 100
    { counts: [2, 0], maxSkew: 2, expected: [25, 100] },
    // ln 4 = 1.386, plus 2; raw round(4.773) = 5, round(3.386) = 3; max + min = 8; 300 ÷ 5 = 60, 500 ÷ 5 = 100
    { counts: [2, 1], maxSkew: 3, expected: [60, 100] },
    // ln 4 = 1.386, plus 4; raw round(5.386) = 5, 4; max + min = 9; 400 ÷ 5 = 80, 500 ÷ 5 = 100
    { counts: [1, 0], maxSkew: 5, expected: [80, 100] },
    // ln 4 = 1.386, plus 4; raw round(10.931) = 11, 4; max + min = 15; ⌊400 ÷ 11⌋ = 36, 1100 ÷ 11 = 100
    { counts: [5, 0], maxSkew: 5, expected: [36, 100] },
    // a wide skew levels: ln 4 = 1.386, plus 99; raw round(100.386) = 100, 99; max + min = 199; 9900 ÷ 100 = 99, 10000 ÷ 100 = 100
    { counts: [1, 0], maxSkew: 100, expected: [99, 100] },
    // ln 4 = 1.386, plus 99; raw round(168.315) = 168, 99; max + min = 267; ⌊9900 ÷ 168⌋ = 58, 16800 ÷ 168 = 100
    { counts: [50, 0], maxSkew: 100, expected: [58, 100] },
    // the widest skew: ln 4 = 1.386, plus 999; raw round(2385.294) = 2385, 999; max + min = 3384; ⌊99900 ÷ 2385⌋ = 41, 238500 ÷ 2385 = 100
    { counts: [1000, 0], maxSkew: 1000, expected: [41, 100] },
    // ln 5 = 1.609; raw 0, 0, round(1.609) = 2; max + min = 2; 200 ÷ 2 = 100, 0 ÷ 2 = 0
    { counts: [0, 0, 1], maxSkew: 1, expected: [100, 100, 0] },
    // ln 5 = 1.609; raw round(3.219) = 3, 3, round(1.609) = 2; max + min = 5; ⌊200 ÷ 3⌋ = 66, 300 ÷ 3 = 100
    { counts: [2, 2, 1], maxSkew: 1, expected: [66, 66, 100] },
    // ln 5 = 1.609; raw round(4.828) = 5, round(3.219) = 3, round(1.609) = 2; max + min = 7; 200 ÷ 5 = 40, 400 ÷ 5 = 80, 500 ÷ 5 = 100
    { counts: [3, 2, 1], maxSkew: 1, expected: [40, 80, 100] },
    // ln 5 = 1.609; raw round(8.047) = 8, 8, 8; max + min = 16; 800 ÷ 8 = 100
    { counts: [5, 5, 5], maxSkew: 1, expected: [100, 100, 100] },
    // ln 5 = 1.609; raw round(48.283) = 48, round(32.189) = 32, round(16.094) = 16; max + min = 64; ⌊1600 ÷ 48⌋ = 33, ⌊3200 ÷ 48⌋ = 66, 4800 ÷ 48 = 100
    { counts: [30, 20, 10], maxSkew: 1, expected: [33, 66, 100] },
    // ln 5 = 1.609; raw round(14.485) = 14, 0, 0; max + min = 14; 0 ÷ 14 = 0, 1400 ÷ 14 = 100
    { counts: [9, 0, 0], maxSkew: 1, expected: [0, 100, 100] },
    // ln 5 = 1.609, plus 1; raw round(5.828) = 6, round(4.219) = 4, round(2.609) = 3; max + min = 9; 300 ÷ 6 = 50, ⌊500 ÷ 6⌋ = 83, 600 ÷ 6 = 100
    { counts: [3, 2, 1], maxSkew: 2, expected: [50, 83, 100] },
    // ln 5 = 1.609, plus 3; raw round(14.266) = 14, round(12.657) = 13, 13; max + min = 27; ⌊1300 ÷ 14⌋ = 92, 1400 ÷ 14 = 100
    { counts: [7, 6, 6], maxSkew: 4, expected: [92, 100, 100] },
    // ln 6 = 1.792; raw 0, round(1.792) = 2, round(3.584) = 4, round(5.375) = 5; max + min = 5; 500 ÷ 5 = 100, 300 ÷ 5 = 60, 100 ÷ 5 = 20, 0 ÷ 5 = 0
    { counts: [0, 1, 2, 3], maxSkew: 1, expected: [100, 60, 20, 0] },
    // ln 6 = 1.792; raw round(7.167) = 7, 7, 7, round(5.375) = 5; max + min = 12; ⌊500 ÷ 7⌋ = 71, 700 ÷ 7 = 100
    { counts: [4, 4, 4, 3], maxSkew: 1, expected: [71, 71, 71, 100] },
    // ln 7 = 1.946; raw 0, round(1.946) = 2, round(3.892) = 4, round(5.838) = 6, round(7.784) = 8; max + min = 8; 800 ÷ 8 = 100, 600 ÷ 8 = 75, 400 ÷ 8 = 50, 200 ÷ 8 = 25, 0 ÷ 8 = 0
    { counts: [0, 1, 2, 3, 4], maxSkew: 1, expected: [100, 75, 50, 25, 0] },
    // ln 7 = 1.946; raw round(19.459) = 19, 19, 19, 19, round(17.513) = 18; max + min = 37; ⌊1800 ÷ 19⌋ = 94, 1900 ÷ 19 = 100
    { counts: [10, 10, 10, 10, 9], maxSkew: 1, expected: [94, 94, 94, 94, 100] },
    // ln 8 = 2.079; raw 0, 0, 0, 0, 0, round(2.079) = 2; max + min = 2; 200 ÷ 2 = 100, 0 ÷ 2 = 0
    { counts: [0, 0, 0, 0, 0, 1], maxSkew: 1, expected: [100, 100, 100, 100, 100, 0] },
    // ln 8 = 2.079, plus 2; raw round(4.079) = 4, round(6.159) = 6, round(8.238) = 8, round(10.318) = 10, round(12.397) = 12, round(14.477) = 14; max + min = 18; 1400 ÷ 14 = 100, ⌊1200 ÷ 14⌋ = 85, ⌊1000 ÷ 14⌋ = 71, ⌊800 ÷ 14⌋ = 57, ⌊600 ÷ 14⌋ = 42, ⌊400 ÷ 14⌋ = 28
    { counts: [1, 2, 3, 4, 5, 6], maxSkew: 3, expected: [100, 85, 71, 57, 42, 28] },
    // ln 10 = 2.303; raw round(18.421) = 18, round(16.118) = 16, round(13.816) = 14, round(11.513) = 12, round(9.210) = 9, round(6.908) = 7, round(4.605) = 5, round(2.303) = 2; max + min = 20; ⌊200 ÷ 18⌋ = 11, ⌊400 ÷ 18⌋ = 22, ⌊600 ÷ 18⌋ = 33, ⌊800 ÷ 18⌋ = 44, ⌊1100 ÷ 18⌋ = 61, ⌊1300 ÷ 18⌋ = 72, ⌊1500 ÷ 18⌋ = 83, 1800 ÷ 18 = 100
    { counts: [8, 7, 6, 5, 4, 3, 2, 1], maxSkew: 1, expected: [11, 22, 33, 44, 61, 72, 83, 100] },
  ])('with $counts pods per zone and maxSkew $maxSkew is $expected', ({ counts, maxSkew, expected }) => {
    expect(zoneScores(counts, maxSkew)).toEqual(expected);
  });
});
