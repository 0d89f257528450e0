import { describe, expect, it } from 'vitest';
import { after, duration, fromSeconds, gibibyte, inSeconds, time } from '../../src/base/units.ts';

describe('time', () => {
  it('is counted in whole microseconds', () => {
    expect(fromSeconds(1.5)).toBe(1_500_000);
    expect(inSeconds(time(2_500_000))).toBe(2.5);
  });

  it('rounds seconds to the nearest microsecond, halves up', () => {
    expect(fromSeconds(0.4e-6)).toBe(0);
    expect(fromSeconds(0.5e-6)).toBe(1);
    expect(fromSeconds(1.5e-6)).toBe(2);
    expect(fromSeconds(0.1 + 0.2)).toBe(300_000);
  });

  it('is later by a duration', () => {
    expect(after(time(10), duration(5))).toBe(15);
  });
});

it('has 2³⁰ bytes in a GiB', () => {
  expect(gibibyte).toBe(1_073_741_824);
});
