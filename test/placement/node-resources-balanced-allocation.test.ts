import { describe, expect, it } from 'vitest';
import { gibibyte } from '../../src/base/units.ts';
import { balancedAllocation } from '../../src/placement/node-resources-balanced-allocation.ts';
import { claim, node } from './support.ts';

describe('the score NodeResourcesBalancedAllocation', () => {
  // prettier-ignore
  const rows = [
    // equal shares: CPU 5000 ÷ 10000 = 0.5, memory 50 ÷ 100 = 0.5; σ = 0; (1 − σ)·100 = 100
    { of: claim(5000, 50), on: node(), expected: 100 },
    // equal shares of unequal capacities: CPU 3000 ÷ 12000 = 0.25, memory in GiB 3 ÷ 12 = 0.25; σ = 0; (1 − σ)·100 = 100
    { of: claim(3000, 3 * gibibyte), on: node({ millicores: 12_000, bytes: 12 * gibibyte }), expected: 100 },
    // the first pod, all in CPU: CPU 10000 ÷ 10000 = 1, memory 0; σ = 0.5; (1 − σ)·100 = 50
    { of: claim(10_000, 0), on: node(), expected: 50 },
    // all in memory: CPU 0, memory 100 ÷ 100 = 1; σ = 0.5; (1 − σ)·100 = 50
    { of: claim(0, 100), on: node(), expected: 50 },
    // full in both: CPU 10000 ÷ 10000 = 1, memory 100 ÷ 100 = 1; σ = 0; (1 − σ)·100 = 100
    { of: claim(10_000, 100), on: node(), expected: 100 },
    // one millicore: CPU 1 ÷ 10000 = 0.0001, memory 0; σ = 0.00005; ⌊(1 − σ)·100⌋ = ⌊99.9950⌋ = 99
    { of: claim(1, 0), on: node(), expected: 99 },
    // one byte of 100: CPU 0, memory 1 ÷ 100 = 0.01; σ = 0.005; ⌊(1 − σ)·100⌋ = ⌊99.5000⌋ = 99
    { of: claim(0, 1), on: node(), expected: 99 },
    // two bytes of 100: CPU 0, memory 2 ÷ 100 = 0.02; σ = 0.01; (1 − σ)·100 = 99
    { of: claim(0, 2), on: node(), expected: 99 },
    // three bytes of 100: CPU 0, memory 3 ÷ 100 = 0.03; σ = 0.015; ⌊(1 − σ)·100⌋ = ⌊98.5000⌋ = 98
    { of: claim(0, 3), on: node(), expected: 98 },
    // both scarcely used: CPU 1 ÷ 10000 = 0.0001, memory 1 ÷ 100 = 0.01; σ = 0.00495; ⌊(1 − σ)·100⌋ = ⌊99.5050⌋ = 99
    { of: claim(1, 1), on: node(), expected: 99 },
    // half against a quarter: CPU 5000 ÷ 10000 = 0.5, memory 25 ÷ 100 = 0.25; σ = 0.125; ⌊(1 − σ)·100⌋ = ⌊87.5000⌋ = 87
    { of: claim(5000, 25), on: node(), expected: 87 },
    // a quarter against half scores the same: CPU 2500 ÷ 10000 = 0.25, memory 50 ÷ 100 = 0.5; σ = 0.125; ⌊(1 − σ)·100⌋ = ⌊87.5000⌋ = 87
    { of: claim(2500, 50), on: node(), expected: 87 },
    // half against nothing: CPU 5000 ÷ 10000 = 0.5, memory 0; σ = 0.25; (1 − σ)·100 = 75
    { of: claim(5000, 0), on: node(), expected: 75 },
    // a fifth apart: CPU 6000 ÷ 10000 = 0.6, memory 40 ÷ 100 = 0.4; σ = 0.1; (1 − σ)·100 = 90
    { of: claim(6000, 40), on: node(), expected: 90 },
    // a fifth apart near full: CPU 9000 ÷ 10000 = 0.9, memory 70 ÷ 100 = 0.7; σ = 0.1; (1 − σ)·100 = 90, in doubles 89.99999999999999: 89
    { of: claim(9000, 70), on: node(), expected: 89 },
    // a fifth apart near empty: CPU 1000 ÷ 10000 = 0.1, memory 30 ÷ 100 = 0.3; σ = 0.1; (1 − σ)·100 = 90
    { of: claim(1000, 30), on: node(), expected: 90 },
    // thirds and two thirds: CPU 1000 ÷ 3000 ≈ 0.3333, memory 2000 ÷ 3000 ≈ 0.6667; σ ≈ 0.1667; ⌊(1 − σ)·100⌋ = ⌊83.3333⌋ = 83
    { of: claim(1000, 2000), on: node({ millicores: 3000, bytes: 3000 }), expected: 83 },
    // a seventh and a third: CPU 1 ÷ 7 ≈ 0.1429, memory 1 ÷ 3 ≈ 0.3333; σ ≈ 0.0952; ⌊(1 − σ)·100⌋ = ⌊90.4762⌋ = 90
    { of: claim(1, 1), on: node({ millicores: 7, bytes: 3 }), expected: 90 },
    // sevenths: CPU 3 ÷ 7 ≈ 0.4286, memory 5 ÷ 7 ≈ 0.7143; σ ≈ 0.1429; ⌊(1 − σ)·100⌋ = ⌊85.7143⌋ = 85
    { of: claim(3, 5), on: node({ millicores: 7, bytes: 7 }), expected: 85 },
    // reservations count as what is asked for: CPU (4000 + 1000) ÷ 10000 = 0.5, memory (40 + 10) ÷ 100 = 0.5; σ = 0; (1 − σ)·100 = 100
    { of: claim(1000, 10), on: node({ reservedMillicores: 4000, reservedBytes: 40 }), expected: 100 },
    // a claim that evens reservations out: CPU (1000 + 4000) ÷ 10000 = 0.5, memory (50 + 0) ÷ 100 = 0.5; σ = 0; (1 − σ)·100 = 100
    { of: claim(4000, 0), on: node({ reservedMillicores: 1000, reservedBytes: 50 }), expected: 100 },
    // a claim that upsets them: CPU (5000 + 4000) ÷ 10000 = 0.9, memory (50 + 0) ÷ 100 = 0.5; σ = 0.2; (1 − σ)·100 = 80
    { of: claim(4000, 0), on: node({ reservedMillicores: 5000, reservedBytes: 50 }), expected: 80 },
    // reserved in CPU, claimed in memory: CPU (5999 + 1) ÷ 10000 = 0.6, memory 60 ÷ 100 = 0.6; σ = 0; (1 − σ)·100 = 100
    { of: claim(1, 60), on: node({ reservedMillicores: 5999 }), expected: 100 },
    // CPU full by the claim: CPU (6000 + 4000) ÷ 10000 = 1, memory 10 ÷ 100 = 0.1; σ = 0.45; (1 − σ)·100 = 55
    { of: claim(4000, 10), on: node({ reservedMillicores: 6000 }), expected: 55 },
    // one millicore beyond counts as full: CPU (6000 + 4001) ÷ 10000 > 1: 1, memory 10 ÷ 100 = 0.1; σ = 0.45; (1 − σ)·100 = 55
    { of: claim(4001, 10), on: node({ reservedMillicores: 6000 }), expected: 55 },
    // far beyond counts as full: CPU (6000 + 20000) ÷ 10000 > 1: 1, memory 100 ÷ 100 = 1; σ = 0; (1 − σ)·100 = 100
    { of: claim(20_000, 100), on: node({ reservedMillicores: 6000 }), expected: 100 },
    // both beyond: CPU 20000 ÷ 10000 > 1: 1, memory 200 ÷ 100 > 1: 1; σ = 0; (1 − σ)·100 = 100
    { of: claim(20_000, 200), on: node(), expected: 100 },
    // memory beyond: CPU 2500 ÷ 10000 = 0.25, memory 150 ÷ 100 > 1: 1; σ = 0.375; ⌊(1 − σ)·100⌋ = ⌊62.5000⌋ = 62
    { of: claim(2500, 150), on: node(), expected: 62 },
    // memory one byte beyond: CPU 5000 ÷ 10000 = 0.5, memory (50 + 51) ÷ 100 > 1: 1; σ = 0.25; (1 − σ)·100 = 75
    { of: claim(5000, 51), on: node({ reservedBytes: 50 }), expected: 75 },
    // 0.7 against 0.1: CPU 7000 ÷ 10000 = 0.7, memory 10 ÷ 100 = 0.1; σ = 0.3; (1 − σ)·100 = 70
    { of: claim(7000, 10), on: node(), expected: 70 },
    // 0.58 against 0: CPU 5800 ÷ 10000 = 0.58, memory 0; σ = 0.29; (1 − σ)·100 = 71
    { of: claim(5800, 0), on: node(), expected: 71 },
    // 0.29 apart rounds down: CPU 2900 ÷ 10000 = 0.29, memory 0; σ = 0.145; ⌊(1 − σ)·100⌋ = ⌊85.5000⌋ = 85
    { of: claim(2900, 0), on: node(), expected: 85 },
    // 0.02 apart near full: CPU 9900 ÷ 10000 = 0.99, memory 97 ÷ 100 = 0.97; σ = 0.01; (1 − σ)·100 = 99
    { of: claim(9900, 97), on: node(), expected: 99 },
    // 0.3 against 0.9: CPU 3000 ÷ 10000 = 0.3, memory 90 ÷ 100 = 0.9; σ = 0.3; (1 − σ)·100 = 70
    { of: claim(3000, 90), on: node(), expected: 70 },
    // 0.14 against 0: CPU 1400 ÷ 10000 = 0.14, memory 0; σ = 0.07; (1 − σ)·100 = 93
    { of: claim(1400, 0), on: node(), expected: 93 },
    // 0.98 against 0.02: CPU 9800 ÷ 10000 = 0.98, memory 2 ÷ 100 = 0.02; σ = 0.48; (1 − σ)·100 = 52
    { of: claim(9800, 2), on: node(), expected: 52 },
    // a quarter of 16 cores and 32 GiB: CPU 4000 ÷ 16000 = 0.25, memory in GiB 8 ÷ 32 = 0.25; σ = 0; (1 − σ)·100 = 100
    { of: claim(4000, 8 * gibibyte), on: node({ millicores: 16_000, bytes: 32 * gibibyte }), expected: 100 },
    // cores and memory out of step: CPU (4000 + 2000) ÷ 16000 = 0.375, memory in GiB (32 + 16) ÷ 64 = 0.75; σ = 0.1875; ⌊(1 − σ)·100⌋ = ⌊81.2500⌋ = 81
    { of: claim(2000, 16 * gibibyte), on: node({ millicores: 16_000, bytes: 64 * gibibyte, reservedMillicores: 4000, reservedBytes: 32 * gibibyte }), expected: 81 },
    // 384 cores and 3 TiB: CPU (160000 + 32000) ÷ 384000 = 0.5, memory in GiB (1000 + 96) ÷ 3072 ≈ 0.3568; σ ≈ 0.0716; ⌊(1 − σ)·100⌋ = ⌊92.8385⌋ = 92
    { of: claim(32_000, 96 * gibibyte), on: node({ millicores: 384_000, bytes: 3072 * gibibyte, reservedMillicores: 160_000, reservedBytes: 1000 * gibibyte }), expected: 92 },
    // 100m kept for the system: CPU (12000 + 3900) ÷ 15900 = 1, memory in GiB (16 + 8) ÷ 32 = 0.75; σ = 0.125; ⌊(1 − σ)·100⌋ = ⌊87.5000⌋ = 87
    { of: claim(3900, 8 * gibibyte), on: node({ millicores: 15_900, bytes: 32 * gibibyte, reservedMillicores: 12_000, reservedBytes: 16 * gibibyte }), expected: 87 },
    // a node of one millicore and one byte: CPU 1 ÷ 1 = 1, memory 0; σ = 0.5; (1 − σ)·100 = 50
    { of: claim(1, 0), on: node({ millicores: 1, bytes: 1 }), expected: 50 },
    // one byte of 1 TiB apart: CPU 5000 ÷ 10000 = 0.5, memory (549755813888 + 1) ÷ 1099511627776 ≈ 0.5000; σ ≈ 0.0000; ⌊(1 − σ)·100⌋ = ⌊99.99…⌋ = 99
    { of: claim(5000, 1), on: node({ bytes: 1024 * gibibyte, reservedBytes: 512 * gibibyte }), expected: 99 },
    // as uneven as it was before: CPU (7000 + 1000) ÷ 10000 = 0.8, memory (30 + 10) ÷ 100 = 0.4; σ = 0.2; (1 − σ)·100 = 80
    { of: claim(1000, 10), on: node({ reservedMillicores: 7000, reservedBytes: 30 }), expected: 80 },
    // a node without CPU has one share, which is even with itself: σ = 0; 100
    { of: claim(0, 40), on: node({ millicores: 0 }), expected: 100 },
    // a node without memory: σ = 0; 100
    { of: claim(4000, 0), on: node({ bytes: 0 }), expected: 100 },
    // a node with neither: no shares, σ = 0; 100
    { of: claim(4000, 40), on: node({ millicores: 0, bytes: 0 }), expected: 100 },
  ];

  it.each(rows)(
    'of $of.millicores m and $of.bytes B beside $on.reservedMillicores m and $on.reservedBytes B of $on.millicores m and $on.bytes B is $expected',
    ({ of, on, expected }) => {
      expect(balancedAllocation(of, on)).toBe(expected);
    },
  );
});
