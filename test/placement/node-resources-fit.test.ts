import { describe, expect, it } from 'vitest';
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
    // a capacity of 0 counts 0: CPU 0; memory (100 − 40) = 60; 30
    { of: claim(0, 40), on: node({ millicores: 0 }), expected: 30 },
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
    // a capacity of 0 counts 0: CPU 0; memory 40; 20
    { of: claim(0, 40), on: node({ millicores: 0 }), expected: 20 },
  ])(
    'of $of.millicores m and $of.bytes B beside $on.reservedMillicores m and $on.reservedBytes B of $on.millicores m and $on.bytes B is $expected',
    ({ of, on, expected }) => {
      expect(mostAllocated(of, on)).toBe(expected);
    },
  );
});
