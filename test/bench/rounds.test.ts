import { describe, expect, it } from 'vitest';
import type { Measurement, Sample } from '../../bench/measurement.ts';
import { measured } from '../../bench/rounds.ts';
import { measurement, sample } from './support.ts';

/** Measures with prepared samples, and notes the order. */
function played(measurements: readonly Measurement[], samples: Readonly<Record<string, readonly Partial<Sample>[]>>, rounds: number) {
  const order: string[] = [];
  const best = measured(measurements, rounds, ({ name }, round) => {
    order.push(`${name}${String(round)}`);
    return sample(samples[name]?.[round] ?? {});
  });
  return { order, best: best.map(({ sample: { cpuSeconds, wallSeconds, peakMiB } }) => ({ cpuSeconds, wallSeconds, peakMiB })) };
}

describe('rounds', () => {
  it('go through all measurements, every other one backwards, and some measurements only once', () => {
    const { order } = played([measurement('a'), measurement('b', { rounds: 1 }), measurement('c')], {}, 3);
    expect(order).toEqual(['a0', 'b0', 'c0', 'c1', 'a1', 'a2', 'c2']);
  });

  it('give the round of the fewest CPU seconds, or of the shortest time, and the largest peak of all', () => {
    const samples = [
      { cpuSeconds: 3, wallSeconds: 1, peakMiB: 90 },
      { cpuSeconds: 2, wallSeconds: 4, peakMiB: 80 },
      { cpuSeconds: 2.5, wallSeconds: 2, peakMiB: 120 },
    ];
    const { best } = played([measurement('a'), measurement('b', { best: 'wall' })], { a: samples, b: samples }, 3);
    expect(best).toEqual([
      { cpuSeconds: 2, wallSeconds: 4, peakMiB: 120 },
      { cpuSeconds: 3, wallSeconds: 1, peakMiB: 120 },
    ]);
  });

  it('fail where a round makes another result, and name the measurement and both hashes', () => {
    expect(() => played([measurement('a')], { a: [{ hash: 'one' }, { hash: 'two' }] }, 2)).toThrow(
      'not the same result: a made one, a in round 2 made two',
    );
  });

  it('fail where two measurements of one subject differ', () => {
    const both = [measurement('index', { subject: 's' }), measurement('scan', { subject: 's' })];
    expect(() => played(both, { index: [{ hash: 'one' }], scan: [{ hash: 'two' }] }, 1)).toThrow(
      'not the same result: index made one, scan in round 1 made two',
    );
    expect(played(both, {}, 1).best).toHaveLength(2);
  });
});
