import { describe, expect, it } from 'vitest';
import { gibibyte } from '../../src/base/units.ts';
import { fits, leastAllocated, mostAllocated } from '../../src/placement/node-resources-fit.ts';
import { claim, node } from './support.ts';

describe('the filter NodeResourcesFit', () => {
  it.each([
    // 0 + 4000 ≤ 10000, 0 + 40 ≤ 100, 0 + 1 ≤ 10
    { is: 'takes a pod on an empty node', of: claim(4000, 40), on: node(), expected: true },
    // 0 + 10000 ≤ 10000, 0 + 100 ≤ 100: what fits exactly fits
    { is: 'takes a pod as large as the node', of: claim(10_000, 100), on: node(), expected: true },
    // 0 + 10001 > 10000
    { is: 'refuses one millicore too many', of: claim(10_001, 100), on: node(), expected: false },
    // 0 + 101 > 100
    { is: 'refuses one byte too many', of: claim(10_000, 101), on: node(), expected: false },
    // 6000 + 4000 = 10000 ≤ 10000
    {
      is: 'takes what is left beside the reservations, to the last millicore',
      of: claim(4000, 0),
      on: node({ reservedMillicores: 6000 }),
      expected: true,
    },
    // 6001 + 4000 = 10001 > 10000
    {
      is: 'refuses where CPU is short although memory is free',
      of: claim(4000, 0),
      on: node({ reservedMillicores: 6001 }),
      expected: false,
    },
    // 60 + 41 = 101 > 100
    { is: 'refuses where memory is short although CPU is free', of: claim(0, 41), on: node({ reservedBytes: 60 }), expected: false },
    // 9 + 1 = 10 ≤ 10
    { is: 'takes the last pod that the node may hold', of: claim(1, 1), on: node({ pods: 9 }), expected: true },
    // 10 + 1 = 11 > 10
    { is: 'refuses a pod beyond the pod limit', of: claim(1, 1), on: node({ pods: 10 }), expected: false },
    // 8 + 3 = 11 > 10: a slot counts as many pods as it has tenants
    { is: 'refuses a slot with more tenants than pods are allowed', of: claim(1, 1, 3), on: node({ pods: 8 }), expected: false },
    // 7 + 3 = 10 ≤ 10
    { is: 'takes a slot with exactly as many tenants as pods are allowed', of: claim(1, 1, 3), on: node({ pods: 7 }), expected: true },
    // limits in force and resident memory are other amounts: only reservations count
    {
      is: 'looks at reservations, not at limits or residency',
      of: claim(4000, 40),
      on: node({ limitedMillicores: 10_000, residentBytes: 100 }),
      expected: true,
    },
    // CPU 6000 + 4000 = 10000 ≤ 10000; memory 60 + 40 = 100 ≤ 100; pods 8 + 2 ≤ 10
    {
      is: 'takes the last millicore, byte and pod at once',
      of: claim(4000, 40, 2),
      on: node({ reservedMillicores: 6000, reservedBytes: 60, pods: 8 }),
      expected: true,
    },
    // CPU 6000 + 4001 = 10001 > 10000; memory 60 + 40 = 100 ≤ 100; pods 8 + 2 ≤ 10
    {
      is: 'refuses where the rest fits but for one millicore',
      of: claim(4001, 40, 2),
      on: node({ reservedMillicores: 6000, reservedBytes: 60, pods: 8 }),
      expected: false,
    },
    // CPU 6000 + 4000 = 10000 ≤ 10000; memory 60 + 41 = 101 > 100; pods 8 + 2 ≤ 10
    {
      is: 'refuses where the rest fits but for one byte',
      of: claim(4000, 41, 2),
      on: node({ reservedMillicores: 6000, reservedBytes: 60, pods: 8 }),
      expected: false,
    },
    // CPU 6000 + 4000 = 10000 ≤ 10000; memory 60 + 40 = 100 ≤ 100; pods 8 + 3 > 10
    {
      is: 'refuses where the rest fits but for one pod',
      of: claim(4000, 40, 3),
      on: node({ reservedMillicores: 6000, reservedBytes: 60, pods: 8 }),
      expected: false,
    },
    // CPU 0 + 0 ≤ 10000; memory 0 + 0 ≤ 100; pods 0 + 1 ≤ 10
    { is: 'takes a pod that asks for nothing on an empty node', of: claim(0, 0), on: node(), expected: true },
    // CPU 10000 + 0 ≤ 10000; memory 100 + 0 ≤ 100; pods 9 + 1 ≤ 10
    {
      is: 'takes a pod that asks for nothing on a full node',
      of: claim(0, 0),
      on: node({ reservedMillicores: 10_000, reservedBytes: 100, pods: 9 }),
      expected: true,
    },
    // CPU 0 + 0 ≤ 10000; memory 0 + 0 ≤ 100; pods 10 + 1 > 10
    { is: 'refuses a pod that asks for nothing beyond the pod limit', of: claim(0, 0), on: node({ pods: 10 }), expected: false },
    // CPU 0 + 1 ≤ 10000; memory 0 + 0 ≤ 100; pods 0 + 1 ≤ 10
    { is: 'takes one millicore', of: claim(1, 0), on: node(), expected: true },
    // CPU 0 + 0 ≤ 10000; memory 0 + 1 ≤ 100; pods 0 + 1 ≤ 10
    { is: 'takes one byte', of: claim(0, 1), on: node(), expected: true },
    // CPU 0 + 0 ≤ 10000; memory 60 + 40 = 100 ≤ 100; pods 0 + 1 ≤ 10
    { is: 'takes the last byte beside the reservations', of: claim(0, 40), on: node({ reservedBytes: 60 }), expected: true },
    // CPU 0 + 1 > 0; memory 0 + 0 ≤ 100; pods 0 + 1 ≤ 10
    { is: 'refuses CPU of a node without any', of: claim(1, 0), on: node({ millicores: 0 }), expected: false },
    // CPU 0 + 0 ≤ 0; memory 0 + 40 ≤ 100; pods 0 + 1 ≤ 10
    { is: 'takes a pod without CPU on a node without any', of: claim(0, 40), on: node({ millicores: 0 }), expected: true },
    // CPU 0 + 0 ≤ 10000; memory 0 + 1 > 0; pods 0 + 1 ≤ 10
    { is: 'refuses memory of a node without any', of: claim(0, 1), on: node({ bytes: 0 }), expected: false },
    // CPU 0 + 4000 ≤ 10000; memory 0 + 0 ≤ 0; pods 0 + 1 ≤ 10
    { is: 'takes a pod without memory on a node without any', of: claim(4000, 0), on: node({ bytes: 0 }), expected: true },
    // CPU 0 + 1 ≤ 10000; memory 0 + 1 ≤ 100; pods 0 + 1 > 0
    { is: 'refuses every pod where none is allowed', of: claim(1, 1), on: node({ podLimit: 0 }), expected: false },
    // CPU 0 + 1 ≤ 10000; memory 0 + 1 ≤ 100; pods 0 + 1 ≤ 1
    { is: 'takes the one pod that is allowed', of: claim(1, 1), on: node({ podLimit: 1 }), expected: true },
    // CPU 0 + 1 ≤ 10000; memory 0 + 1 ≤ 100; pods 1 + 1 > 1
    { is: 'refuses a second where one is allowed', of: claim(1, 1), on: node({ podLimit: 1, pods: 1 }), expected: false },
    // CPU 12000 + 1 = 12001 > 10000; memory 0 + 1 ≤ 100; pods 0 + 1 ≤ 10
    {
      is: 'refuses one millicore where more CPU is reserved than there is',
      of: claim(1, 1),
      on: node({ reservedMillicores: 12_000 }),
      expected: false,
    },
    // CPU 0 + 1 ≤ 10000; memory 101 + 1 = 102 > 100; pods 0 + 1 ≤ 10
    {
      is: 'refuses one byte where more memory is reserved than there is',
      of: claim(1, 1),
      on: node({ reservedBytes: 101 }),
      expected: false,
    },
    // CPU 0 + 1 ≤ 10000; memory 0 + 1 ≤ 100; pods 11 + 1 > 10
    { is: 'refuses where more pods run than are allowed', of: claim(1, 1), on: node({ pods: 11 }), expected: false },
    // CPU 0 + 1 ≤ 10000; memory 0 + 1 ≤ 100; pods 0 + 10 ≤ 10
    { is: 'takes a slot of as many tenants as an empty node allows pods', of: claim(1, 1, 10), on: node(), expected: true },
    // CPU 0 + 1 ≤ 10000; memory 0 + 1 ≤ 100; pods 0 + 11 > 10
    { is: 'refuses a slot of one tenant more', of: claim(1, 1, 11), on: node(), expected: false },
    // CPU 0 + 20000 > 10000; memory 0 + 200 > 100; pods 0 + 1 ≤ 10
    { is: 'refuses what is too large in both', of: claim(20_000, 200), on: node(), expected: false },
    // CPU 0 + 10000 ≤ 10000; memory 0 + 200 > 100; pods 0 + 1 ≤ 10
    { is: 'refuses where CPU fills the node and memory is beyond it', of: claim(10_000, 200), on: node(), expected: false },
    // CPU 0 + 20000 > 10000; memory 0 + 100 ≤ 100; pods 0 + 1 ≤ 10
    { is: 'refuses where memory fills the node and CPU is beyond it', of: claim(20_000, 100), on: node(), expected: false },
    // CPU 500 + 500 = 1000 ≤ 1000; memory 0 + 1 ≤ 100; pods 0 + 1 ≤ 10
    { is: 'takes two halves of a core', of: claim(500, 1), on: node({ millicores: 1000, reservedMillicores: 500 }), expected: true },
    // CPU 501 + 500 = 1001 > 1000; memory 0 + 1 ≤ 100; pods 0 + 1 ≤ 10
    {
      is: 'refuses a half where less than half is left',
      of: claim(500, 1),
      on: node({ millicores: 1000, reservedMillicores: 501 }),
      expected: false,
    },
    // CPU 12000 + 4000 = 16000 ≤ 16000; memory in GiB 24 + 8 = 32 ≤ 32; pods 0 + 1 ≤ 10
    {
      is: 'takes the fourth quarter of 16 cores and 32 GiB',
      of: claim(4000, 8 * gibibyte),
      on: node({ millicores: 16_000, bytes: 32 * gibibyte, reservedMillicores: 12_000, reservedBytes: 24 * gibibyte }),
      expected: true,
    },
    // CPU 12000 + 4000 = 16000 > 15900; memory in GiB 24 + 8 = 32 ≤ 32; pods 0 + 1 ≤ 10
    {
      is: 'refuses the fourth quarter where 100m are kept for the system',
      of: claim(4000, 8 * gibibyte),
      on: node({ millicores: 15_900, bytes: 32 * gibibyte, reservedMillicores: 12_000, reservedBytes: 24 * gibibyte }),
      expected: false,
    },
    // CPU 12000 + 4000 = 16000 ≤ 16000; memory 25769803776 + 8589934592 = 34359738368 > 34359738367; pods 0 + 1 ≤ 10
    {
      is: 'refuses the fourth quarter where a byte is kept for the system',
      of: claim(4000, 8 * gibibyte),
      on: node({ millicores: 16_000, bytes: 32 * gibibyte - 1, reservedMillicores: 12_000, reservedBytes: 24 * gibibyte }),
      expected: false,
    },
    // CPU 0 + 1 ≤ 10000; memory 1125899906842623 + 1 = 1125899906842624 ≤ 1125899906842624; pods 0 + 1 ≤ 10
    {
      is: 'takes the last byte of 1 PiB',
      of: claim(1, 1),
      on: node({ bytes: 1_048_576 * gibibyte, reservedBytes: 1_048_576 * gibibyte - 1 }),
      expected: true,
    },
    // CPU 0 + 1 ≤ 10000; memory 1125899906842624 + 1 = 1125899906842625 > 1125899906842624; pods 0 + 1 ≤ 10
    {
      is: 'refuses a byte beyond 1 PiB',
      of: claim(1, 1),
      on: node({ bytes: 1_048_576 * gibibyte, reservedBytes: 1_048_576 * gibibyte }),
      expected: false,
    },
    // CPU 0 + 1 ≤ 10000; memory 0 + 1 ≤ 100; pods 109 + 1 ≤ 110
    { is: 'takes the last of 110 pods', of: claim(1, 1), on: node({ podLimit: 110, pods: 109 }), expected: true },
    // CPU 0 + 1 ≤ 10000; memory 0 + 1 ≤ 100; pods 110 + 1 > 110
    { is: 'refuses pod 111 of 110', of: claim(1, 1), on: node({ podLimit: 110, pods: 110 }), expected: false },
    // CPU 0 + 1 ≤ 10000; memory 0 + 1 ≤ 100; pods 106 + 4 ≤ 110
    { is: 'takes a slot whose last tenant is the last pod', of: claim(1, 1, 4), on: node({ podLimit: 110, pods: 106 }), expected: true },
    // CPU 0 + 1 ≤ 10000; memory 0 + 1 ≤ 100; pods 107 + 4 > 110
    { is: 'refuses a slot whose last tenant is one too many', of: claim(1, 1, 4), on: node({ podLimit: 110, pods: 107 }), expected: false },
  ])('$is', ({ of, on, expected }) => {
    expect(fits(of, on)).toBe(expected);
  });
});

describe('the score LeastAllocated', () => {
  it.each([
    // CPU (10000 − 0)·100 ÷ 10000 = 100; memory (100 − 0)·100 ÷ 100 = 100; (100 + 100) ÷ 2 = 100
    { of: claim(0, 0), on: node(), expected: 100 },
    // CPU (10000 − 5000)·100 ÷ 10000 = 50; memory (100 − 50)·100 ÷ 100 = 50; 50
    { of: claim(5000, 50), on: node(), expected: 50 },
    // upstream's example: CPU (4000 − 3000)·100 ÷ 4000 = 25; memory (10000 − 5000)·100 ÷ 10000 = 50; ⌊75 ÷ 2⌋ = 37
    { of: claim(3000, 5000), on: node({ millicores: 4000, bytes: 10_000 }), expected: 37 },
    // CPU (6000 − 3000)·100 ÷ 6000 = 50; memory (10000 − 5000)·100 ÷ 10000 = 50; 50
    { of: claim(3000, 5000), on: node({ millicores: 6000, bytes: 10_000 }), expected: 50 },
    // CPU (10000 − 2000 − 3000)·100 ÷ 10000 = 50; memory (100 − 10 − 20)·100 ÷ 100 = 70; 60
    { of: claim(3000, 20), on: node({ reservedMillicores: 2000, reservedBytes: 10 }), expected: 60 },
    // CPU (3000 − 1000)·100 ÷ 3000 = ⌊66.67⌋ = 66; memory (7 − 1)·100 ÷ 7 = ⌊85.71⌋ = 85; ⌊151 ÷ 2⌋ = 75 (unrounded 76.19)
    { of: claim(1000, 1), on: node({ millicores: 3000, bytes: 7 }), expected: 75 },
    // CPU (10000 − 10000)·100 ÷ 10000 = 0; memory (100 − 0) = 100; 50
    { of: claim(10_000, 0), on: node(), expected: 50 },
    // both full: 0
    { of: claim(10_000, 100), on: node(), expected: 0 },
    // requested beyond the allocatable counts 0, never less: CPU 0; memory (100 − 0) = 100; 50
    { of: claim(12_000, 0), on: node(), expected: 50 },
    // a capacity of 0 is left out: memory (100 − 40) = 60 alone
    { of: claim(0, 40), on: node({ millicores: 0 }), expected: 60 },
    // one millicore is a hundredth of a percent: CPU (10000 − 1)·100 ÷ 10000 = ⌊99.99⌋ = 99; memory (100 − 0)·100 ÷ 100 = 100; ⌊199 ÷ 2⌋ = 99
    { of: claim(1, 0), on: node(), expected: 99 },
    // all but one millicore: CPU (10000 − 9999)·100 ÷ 10000 = ⌊0.01⌋ = 0; memory (100 − 0)·100 ÷ 100 = 100; 100 ÷ 2 = 50
    { of: claim(9999, 0), on: node(), expected: 50 },
    // one byte of 100: CPU (10000 − 0)·100 ÷ 10000 = 100; memory (100 − 1)·100 ÷ 100 = 99; ⌊199 ÷ 2⌋ = 99
    { of: claim(0, 1), on: node(), expected: 99 },
    // all but one byte: CPU (10000 − 0)·100 ÷ 10000 = 100; memory (100 − 99)·100 ÷ 100 = 1; ⌊101 ÷ 2⌋ = 50
    { of: claim(0, 99), on: node(), expected: 50 },
    // all but the last of both: CPU (10000 − 9999)·100 ÷ 10000 = ⌊0.01⌋ = 0; memory (100 − 99)·100 ÷ 100 = 1; ⌊1 ÷ 2⌋ = 0
    { of: claim(9999, 99), on: node(), expected: 0 },
    // thirds: CPU (3000 − 1000)·100 ÷ 3000 = ⌊66.67⌋ = 66; memory (3000 − 1000)·100 ÷ 3000 = ⌊66.67⌋ = 66; 132 ÷ 2 = 66
    { of: claim(1000, 1000), on: node({ millicores: 3000, bytes: 3000 }), expected: 66 },
    // two thirds: CPU (3000 − 2000)·100 ÷ 3000 = ⌊33.33⌋ = 33; memory (3000 − 2000)·100 ÷ 3000 = ⌊33.33⌋ = 33; 66 ÷ 2 = 33
    { of: claim(2000, 2000), on: node({ millicores: 3000, bytes: 3000 }), expected: 33 },
    // a third beside two thirds: CPU (3000 − 1000)·100 ÷ 3000 = ⌊66.67⌋ = 66; memory (3000 − 2000)·100 ÷ 3000 = ⌊33.33⌋ = 33; ⌊99 ÷ 2⌋ = 49
    { of: claim(1000, 2000), on: node({ millicores: 3000, bytes: 3000 }), expected: 49 },
    // sevenths: CPU (7 − 3)·100 ÷ 7 = ⌊57.14⌋ = 57; memory (7 − 4)·100 ÷ 7 = ⌊42.86⌋ = 42; ⌊99 ÷ 2⌋ = 49
    { of: claim(3, 4), on: node({ millicores: 7, bytes: 7 }), expected: 49 },
    // a mean of whole scores: CPU (10000 − 1000)·100 ÷ 10000 = 90; memory (100 − 20)·100 ÷ 100 = 80; 170 ÷ 2 = 85
    { of: claim(1000, 20), on: node(), expected: 85 },
    // an odd sum is rounded down: CPU (10000 − 1000)·100 ÷ 10000 = 90; memory (100 − 21)·100 ÷ 100 = 79; ⌊169 ÷ 2⌋ = 84
    { of: claim(1000, 21), on: node(), expected: 84 },
    // rounded down three times: CPU (3000 − 1000)·100 ÷ 3000 = ⌊66.67⌋ = 66; memory (7 − 2)·100 ÷ 7 = ⌊71.43⌋ = 71; ⌊137 ÷ 2⌋ = 68
    { of: claim(1000, 2), on: node({ millicores: 3000, bytes: 7 }), expected: 68 },
    // the last millicore of one: CPU (1 − 1)·100 ÷ 1 = 0; memory (100 − 0)·100 ÷ 100 = 100; 100 ÷ 2 = 50
    { of: claim(1, 0), on: node({ millicores: 1 }), expected: 50 },
    // a node of one millicore and one byte: CPU (1 − 1)·100 ÷ 1 = 0; memory (1 − 1)·100 ÷ 1 = 0; 0 ÷ 2 = 0
    { of: claim(1, 1), on: node({ millicores: 1, bytes: 1 }), expected: 0 },
    // what is reserved counts as what is asked for: CPU (10000 − 5000 − 0)·100 ÷ 10000 = 50; memory (100 − 50 − 0)·100 ÷ 100 = 50; 100 ÷ 2 = 50
    { of: claim(0, 0), on: node({ reservedMillicores: 5000, reservedBytes: 50 }), expected: 50 },
    // the same shares the other way round: CPU (10000 − 2000)·100 ÷ 10000 = 80; memory (100 − 70)·100 ÷ 100 = 30; 110 ÷ 2 = 55
    { of: claim(2000, 70), on: node(), expected: 55 },
    // the same shares, swapped: CPU (10000 − 7000)·100 ÷ 10000 = 30; memory (100 − 20)·100 ÷ 100 = 80; 110 ÷ 2 = 55
    { of: claim(7000, 20), on: node(), expected: 55 },
    // reserved and asked for fill CPU exactly: CPU (10000 − 6000 − 4000)·100 ÷ 10000 = 0; memory (100 − 10)·100 ÷ 100 = 90; 90 ÷ 2 = 45
    { of: claim(4000, 10), on: node({ reservedMillicores: 6000 }), expected: 45 },
    // one millicore beyond: CPU 6000 + 4001 > 10000: 0; memory (100 − 10)·100 ÷ 100 = 90; 90 ÷ 2 = 45
    { of: claim(4001, 10), on: node({ reservedMillicores: 6000 }), expected: 45 },
    // one byte beyond: CPU (10000 − 1000)·100 ÷ 10000 = 90; memory 60 + 41 > 100: 0; 90 ÷ 2 = 45
    { of: claim(1000, 41), on: node({ reservedBytes: 60 }), expected: 45 },
    // both beyond: CPU 5000 + 6000 > 10000: 0; memory 50 + 60 > 100: 0; 0 ÷ 2 = 0
    { of: claim(6000, 60), on: node({ reservedMillicores: 5000, reservedBytes: 50 }), expected: 0 },
    // reserved alone is beyond: CPU 12000 + 0 > 10000: 0; memory (100 − 10)·100 ÷ 100 = 90; 90 ÷ 2 = 45
    { of: claim(0, 10), on: node({ reservedMillicores: 12_000 }), expected: 45 },
    // memory far beyond: CPU (10000 − 2500)·100 ÷ 10000 = 75; memory 900 > 100: 0; ⌊75 ÷ 2⌋ = 37
    { of: claim(2500, 900), on: node(), expected: 37 },
    // CPU full, one byte left: CPU (10000 − 6000 − 4000)·100 ÷ 10000 = 0; memory (100 − 90 − 9)·100 ÷ 100 = 1; ⌊1 ÷ 2⌋ = 0
    { of: claim(4000, 9), on: node({ reservedMillicores: 6000, reservedBytes: 90 }), expected: 0 },
    // memory full, one millicore left: CPU (10000 − 9900 − 99)·100 ÷ 10000 = ⌊0.01⌋ = 0; memory (100 − 50 − 50)·100 ÷ 100 = 0; 0 ÷ 2 = 0
    { of: claim(99, 50), on: node({ reservedMillicores: 9900, reservedBytes: 50 }), expected: 0 },
    // a small pod on a large node: CPU (64000 − 100)·100 ÷ 64000 = ⌊99.84⌋ = 99; memory (274877906944 − 134217728)·100 ÷ 274877906944 = ⌊99.95⌋ = 99; 198 ÷ 2 = 99
    { of: claim(100, 134_217_728), on: node({ millicores: 64_000, bytes: 256 * gibibyte }), expected: 99 },
    // a quarter of 16 cores and 32 GiB: CPU (16000 − 4000)·100 ÷ 16000 = 75; memory in GiB (32 − 8)·100 ÷ 32 = 75; 150 ÷ 2 = 75
    { of: claim(4000, 8 * gibibyte), on: node({ millicores: 16_000, bytes: 32 * gibibyte }), expected: 75 },
    // the third of four such pods: CPU (16000 − 8000 − 4000)·100 ÷ 16000 = 25; memory in GiB (32 − 16 − 8)·100 ÷ 32 = 25; 50 ÷ 2 = 25
    {
      of: claim(4000, 8 * gibibyte),
      on: node({ millicores: 16_000, bytes: 32 * gibibyte, reservedMillicores: 8000, reservedBytes: 16 * gibibyte }),
      expected: 25,
    },
    // the fourth, with 100m kept for the system: CPU (15900 − 12000 − 3900)·100 ÷ 15900 = 0; memory in GiB (32 − 24 − 8)·100 ÷ 32 = 0; 0 ÷ 2 = 0
    {
      of: claim(3900, 8 * gibibyte),
      on: node({ millicores: 15_900, bytes: 32 * gibibyte, reservedMillicores: 12_000, reservedBytes: 24 * gibibyte }),
      expected: 0,
    },
    // cores and memory out of step: CPU (16000 − 4000 − 2000)·100 ÷ 16000 = ⌊62.50⌋ = 62; memory in GiB (64 − 32 − 16)·100 ÷ 64 = 25; ⌊87 ÷ 2⌋ = 43
    {
      of: claim(2000, 16 * gibibyte),
      on: node({ millicores: 16_000, bytes: 64 * gibibyte, reservedMillicores: 4000, reservedBytes: 32 * gibibyte }),
      expected: 43,
    },
    // 384 cores and 3 TiB: CPU (384000 − 160000 − 32000)·100 ÷ 384000 = 50; memory in GiB (3072 − 1000 − 96)·100 ÷ 3072 = ⌊64.32⌋ = 64; 114 ÷ 2 = 57
    {
      of: claim(32_000, 96 * gibibyte),
      on: node({ millicores: 384_000, bytes: 3072 * gibibyte, reservedMillicores: 160_000, reservedBytes: 1000 * gibibyte }),
      expected: 57,
    },
    // one byte short of half of 1 TiB: CPU (10000 − 5000 − 0)·100 ÷ 10000 = 50; memory (1099511627776 − 549755813886 − 1)·100 ÷ 1099511627776 = ⌊50.00…⌋ = 50; 100 ÷ 2 = 50
    { of: claim(0, 1), on: node({ bytes: 1024 * gibibyte, reservedMillicores: 5000, reservedBytes: 512 * gibibyte - 2 }), expected: 50 },
    // one byte past half of 1 TiB: CPU (10000 − 5000 − 0)·100 ÷ 10000 = 50; memory (1099511627776 − 549755813888 − 1)·100 ÷ 1099511627776 = ⌊49.99…⌋ = 49; ⌊99 ÷ 2⌋ = 49
    { of: claim(0, 1), on: node({ bytes: 1024 * gibibyte, reservedMillicores: 5000, reservedBytes: 512 * gibibyte }), expected: 49 },
    // shares just above a whole percent: CPU (10000 − 3001)·100 ÷ 10000 = ⌊69.99⌋ = 69; memory (100 − 31)·100 ÷ 100 = 69; 138 ÷ 2 = 69
    { of: claim(3001, 31), on: node(), expected: 69 },
    // shares just below a whole percent: CPU (10000 − 2999)·100 ÷ 10000 = ⌊70.01⌋ = 70; memory (100 − 29)·100 ÷ 100 = 71; ⌊141 ÷ 2⌋ = 70
    { of: claim(2999, 29), on: node(), expected: 70 },
  ])(
    'of $of.millicores m and $of.bytes B beside $on.reservedMillicores m and $on.reservedBytes B of $on.millicores m and $on.bytes B is $expected',
    ({ of, on, expected }) => {
      expect(leastAllocated(of, on)).toBe(expected);
    },
  );
});

describe('the score MostAllocated', () => {
  it.each([
    // CPU 0·100 ÷ 10000 = 0; memory 0; 0
    { of: claim(0, 0), on: node(), expected: 0 },
    // upstream's example: CPU 3000·100 ÷ 4000 = 75; memory 5000·100 ÷ 10000 = 50; ⌊125 ÷ 2⌋ = 62
    { of: claim(3000, 5000), on: node({ millicores: 4000, bytes: 10_000 }), expected: 62 },
    // CPU 3000·100 ÷ 6000 = 50; memory 5000·100 ÷ 10000 = 50; 50
    { of: claim(3000, 5000), on: node({ millicores: 6000, bytes: 10_000 }), expected: 50 },
    // CPU (2000 + 3000)·100 ÷ 10000 = 50; memory (10 + 20)·100 ÷ 100 = 30; 40
    { of: claim(3000, 20), on: node({ reservedMillicores: 2000, reservedBytes: 10 }), expected: 40 },
    // CPU 1000·100 ÷ 3000 = ⌊33.33⌋ = 33; memory 1·100 ÷ 7 = ⌊14.29⌋ = 14; ⌊47 ÷ 2⌋ = 23 (unrounded 23.81)
    { of: claim(1000, 1), on: node({ millicores: 3000, bytes: 7 }), expected: 23 },
    // full in both: 100
    { of: claim(10_000, 100), on: node(), expected: 100 },
    // full in CPU alone: (100 + 0) ÷ 2 = 50
    { of: claim(10_000, 0), on: node(), expected: 50 },
    // requested beyond the allocatable counts as all of it: CPU min(12000, 10000)·100 ÷ 10000 = 100; memory 0; 50
    { of: claim(12_000, 0), on: node(), expected: 50 },
    // a capacity of 0 is left out: memory 40 alone
    { of: claim(0, 40), on: node({ millicores: 0 }), expected: 40 },
    // one millicore is a hundredth of a percent: CPU 1·100 ÷ 10000 = ⌊0.01⌋ = 0; memory 0·100 ÷ 100 = 0; 0 ÷ 2 = 0
    { of: claim(1, 0), on: node(), expected: 0 },
    // all but one millicore: CPU 9999·100 ÷ 10000 = ⌊99.99⌋ = 99; memory 0·100 ÷ 100 = 0; ⌊99 ÷ 2⌋ = 49
    { of: claim(9999, 0), on: node(), expected: 49 },
    // one byte of 100: CPU 0·100 ÷ 10000 = 0; memory 1·100 ÷ 100 = 1; ⌊1 ÷ 2⌋ = 0
    { of: claim(0, 1), on: node(), expected: 0 },
    // all but one byte: CPU 0·100 ÷ 10000 = 0; memory 99·100 ÷ 100 = 99; ⌊99 ÷ 2⌋ = 49
    { of: claim(0, 99), on: node(), expected: 49 },
    // all but the last of both: CPU 9999·100 ÷ 10000 = ⌊99.99⌋ = 99; memory 99·100 ÷ 100 = 99; 198 ÷ 2 = 99
    { of: claim(9999, 99), on: node(), expected: 99 },
    // thirds: CPU 1000·100 ÷ 3000 = ⌊33.33⌋ = 33; memory 1000·100 ÷ 3000 = ⌊33.33⌋ = 33; 66 ÷ 2 = 33
    { of: claim(1000, 1000), on: node({ millicores: 3000, bytes: 3000 }), expected: 33 },
    // two thirds: CPU 2000·100 ÷ 3000 = ⌊66.67⌋ = 66; memory 2000·100 ÷ 3000 = ⌊66.67⌋ = 66; 132 ÷ 2 = 66
    { of: claim(2000, 2000), on: node({ millicores: 3000, bytes: 3000 }), expected: 66 },
    // a third beside two thirds: CPU 1000·100 ÷ 3000 = ⌊33.33⌋ = 33; memory 2000·100 ÷ 3000 = ⌊66.67⌋ = 66; ⌊99 ÷ 2⌋ = 49
    { of: claim(1000, 2000), on: node({ millicores: 3000, bytes: 3000 }), expected: 49 },
    // sevenths: CPU 3·100 ÷ 7 = ⌊42.86⌋ = 42; memory 4·100 ÷ 7 = ⌊57.14⌋ = 57; ⌊99 ÷ 2⌋ = 49
    { of: claim(3, 4), on: node({ millicores: 7, bytes: 7 }), expected: 49 },
    // a mean of whole scores: CPU 1000·100 ÷ 10000 = 10; memory 20·100 ÷ 100 = 20; 30 ÷ 2 = 15
    { of: claim(1000, 20), on: node(), expected: 15 },
    // an odd sum is rounded down: CPU 1000·100 ÷ 10000 = 10; memory 21·100 ÷ 100 = 21; ⌊31 ÷ 2⌋ = 15
    { of: claim(1000, 21), on: node(), expected: 15 },
    // rounded down three times: CPU 1000·100 ÷ 3000 = ⌊33.33⌋ = 33; memory 2·100 ÷ 7 = ⌊28.57⌋ = 28; ⌊61 ÷ 2⌋ = 30
    { of: claim(1000, 2), on: node({ millicores: 3000, bytes: 7 }), expected: 30 },
    // the last millicore of one: CPU 1·100 ÷ 1 = 100; memory 0·100 ÷ 100 = 0; 100 ÷ 2 = 50
    { of: claim(1, 0), on: node({ millicores: 1 }), expected: 50 },
    // a node of one millicore and one byte: CPU 1·100 ÷ 1 = 100; memory 1·100 ÷ 1 = 100; 200 ÷ 2 = 100
    { of: claim(1, 1), on: node({ millicores: 1, bytes: 1 }), expected: 100 },
    // what is reserved counts as what is asked for: CPU (5000 + 0)·100 ÷ 10000 = 50; memory (50 + 0)·100 ÷ 100 = 50; 100 ÷ 2 = 50
    { of: claim(0, 0), on: node({ reservedMillicores: 5000, reservedBytes: 50 }), expected: 50 },
    // the same shares the other way round: CPU 2000·100 ÷ 10000 = 20; memory 70·100 ÷ 100 = 70; 90 ÷ 2 = 45
    { of: claim(2000, 70), on: node(), expected: 45 },
    // the same shares, swapped: CPU 7000·100 ÷ 10000 = 70; memory 20·100 ÷ 100 = 20; 90 ÷ 2 = 45
    { of: claim(7000, 20), on: node(), expected: 45 },
    // reserved and asked for fill CPU exactly: CPU (6000 + 4000)·100 ÷ 10000 = 100; memory 10·100 ÷ 100 = 10; 110 ÷ 2 = 55
    { of: claim(4000, 10), on: node({ reservedMillicores: 6000 }), expected: 55 },
    // one millicore beyond: CPU 6000 + 4001 > 10000: 100; memory 10·100 ÷ 100 = 10; 110 ÷ 2 = 55
    { of: claim(4001, 10), on: node({ reservedMillicores: 6000 }), expected: 55 },
    // one byte beyond: CPU 1000·100 ÷ 10000 = 10; memory 60 + 41 > 100: 100; 110 ÷ 2 = 55
    { of: claim(1000, 41), on: node({ reservedBytes: 60 }), expected: 55 },
    // both beyond: CPU 5000 + 6000 > 10000: 100; memory 50 + 60 > 100: 100; 200 ÷ 2 = 100
    { of: claim(6000, 60), on: node({ reservedMillicores: 5000, reservedBytes: 50 }), expected: 100 },
    // reserved alone is beyond: CPU 12000 + 0 > 10000: 100; memory 10·100 ÷ 100 = 10; 110 ÷ 2 = 55
    { of: claim(0, 10), on: node({ reservedMillicores: 12_000 }), expected: 55 },
    // memory far beyond: CPU 2500·100 ÷ 10000 = 25; memory 900 > 100: 100; ⌊125 ÷ 2⌋ = 62
    { of: claim(2500, 900), on: node(), expected: 62 },
    // CPU full, one byte left: CPU (6000 + 4000)·100 ÷ 10000 = 100; memory (90 + 9)·100 ÷ 100 = 99; ⌊199 ÷ 2⌋ = 99
    { of: claim(4000, 9), on: node({ reservedMillicores: 6000, reservedBytes: 90 }), expected: 99 },
    // memory full, one millicore left: CPU (9900 + 99)·100 ÷ 10000 = ⌊99.99⌋ = 99; memory (50 + 50)·100 ÷ 100 = 100; ⌊199 ÷ 2⌋ = 99
    { of: claim(99, 50), on: node({ reservedMillicores: 9900, reservedBytes: 50 }), expected: 99 },
    // a small pod on a large node: CPU 100·100 ÷ 64000 = ⌊0.16⌋ = 0; memory 134217728·100 ÷ 274877906944 = ⌊0.05⌋ = 0; 0 ÷ 2 = 0
    { of: claim(100, 134_217_728), on: node({ millicores: 64_000, bytes: 256 * gibibyte }), expected: 0 },
    // a quarter of 16 cores and 32 GiB: CPU 4000·100 ÷ 16000 = 25; memory in GiB 8·100 ÷ 32 = 25; 50 ÷ 2 = 25
    { of: claim(4000, 8 * gibibyte), on: node({ millicores: 16_000, bytes: 32 * gibibyte }), expected: 25 },
    // the third of four such pods: CPU (8000 + 4000)·100 ÷ 16000 = 75; memory in GiB (16 + 8)·100 ÷ 32 = 75; 150 ÷ 2 = 75
    {
      of: claim(4000, 8 * gibibyte),
      on: node({ millicores: 16_000, bytes: 32 * gibibyte, reservedMillicores: 8000, reservedBytes: 16 * gibibyte }),
      expected: 75,
    },
    // the fourth, with 100m kept for the system: CPU (12000 + 3900)·100 ÷ 15900 = 100; memory in GiB (24 + 8)·100 ÷ 32 = 100; 200 ÷ 2 = 100
    {
      of: claim(3900, 8 * gibibyte),
      on: node({ millicores: 15_900, bytes: 32 * gibibyte, reservedMillicores: 12_000, reservedBytes: 24 * gibibyte }),
      expected: 100,
    },
    // cores and memory out of step: CPU (4000 + 2000)·100 ÷ 16000 = ⌊37.50⌋ = 37; memory in GiB (32 + 16)·100 ÷ 64 = 75; 112 ÷ 2 = 56
    {
      of: claim(2000, 16 * gibibyte),
      on: node({ millicores: 16_000, bytes: 64 * gibibyte, reservedMillicores: 4000, reservedBytes: 32 * gibibyte }),
      expected: 56,
    },
    // 384 cores and 3 TiB: CPU (160000 + 32000)·100 ÷ 384000 = 50; memory in GiB (1000 + 96)·100 ÷ 3072 = ⌊35.68⌋ = 35; ⌊85 ÷ 2⌋ = 42
    {
      of: claim(32_000, 96 * gibibyte),
      on: node({ millicores: 384_000, bytes: 3072 * gibibyte, reservedMillicores: 160_000, reservedBytes: 1000 * gibibyte }),
      expected: 42,
    },
    // one byte short of half of 1 TiB: CPU (5000 + 0)·100 ÷ 10000 = 50; memory (549755813886 + 1)·100 ÷ 1099511627776 = ⌊49.99…⌋ = 49; ⌊99 ÷ 2⌋ = 49
    { of: claim(0, 1), on: node({ bytes: 1024 * gibibyte, reservedMillicores: 5000, reservedBytes: 512 * gibibyte - 2 }), expected: 49 },
    // one byte past half of 1 TiB: CPU (5000 + 0)·100 ÷ 10000 = 50; memory (549755813888 + 1)·100 ÷ 1099511627776 = ⌊50.00…⌋ = 50; 100 ÷ 2 = 50
    { of: claim(0, 1), on: node({ bytes: 1024 * gibibyte, reservedMillicores: 5000, reservedBytes: 512 * gibibyte }), expected: 50 },
    // shares just above a whole percent: CPU 3001·100 ÷ 10000 = ⌊30.01⌋ = 30; memory 31·100 ÷ 100 = 31; ⌊61 ÷ 2⌋ = 30
    { of: claim(3001, 31), on: node(), expected: 30 },
    // shares just below a whole percent: CPU 2999·100 ÷ 10000 = ⌊29.99⌋ = 29; memory 29·100 ÷ 100 = 29; 58 ÷ 2 = 29
    { of: claim(2999, 29), on: node(), expected: 29 },
  ])(
    'of $of.millicores m and $of.bytes B beside $on.reservedMillicores m and $on.reservedBytes B of $on.millicores m and $on.bytes B is $expected',
    ({ of, on, expected }) => {
      expect(mostAllocated(of, on)).toBe(expected);
    },
  );
});
