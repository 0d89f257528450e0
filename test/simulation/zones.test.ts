import { describe, expect, it } from 'vitest';
import { play, scenario } from './support.ts';

describe('zones of unequal weight', () => {
  // Weights 3 : 1. gala's 1,800/s are 1,350/s in east, which need ⌈1,350 ÷ 300⌉ = 5 pods; west gets as many, for 450/s. sale likewise.
  const uneven = scenario('tiny', [
    'cluster.zones={ east: { weight: 3 }, west: { weight: 1 } }',
    'cluster.node.cpu=48',
    'cluster.node.memory=128G',
  ]);
  const { result, rows, summary } = play(uneven, 'static-peak');

  it('get traffic and forecast by their weight, and as many pods each as the busiest needs', () => {
    const first = rows.apps.slice(0, 2);
    expect(first.map((row) => [row['app'], row['zone'], row['pods_running']])).toEqual([
      ['gala', 'east', 5],
      ['gala', 'west', 5],
    ]);
    for (const name of ['offered_per_s', 'forecast_per_s']) {
      expect(first[0]?.[name]).toBeCloseTo(1350, 9);
      expect(first[1]?.[name]).toBeCloseTo(450, 9);
    }
    expect(result.planned).toMatchObject({ cores: 80, warnings: [] });
  });

  it('lose nothing when they were sized so', () => {
    expect(summary('all')).toMatchObject({ unserved: 0, exposure_s: 0 });
    expect(result.checks.every(({ held }) => held)).toBe(true);
  });
});
