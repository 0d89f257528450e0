import { describe, expect, it } from 'vitest';
import { duration } from '../../src/base/units.ts';
import { buildCurve } from '../../src/traffic/build.ts';
import { linearise } from '../../src/traffic/linearise.ts';
import type { TrafficSpec } from '../../src/traffic/spec.ts';
import { at, evening, hour, lasting, midnight, near } from './support.ts';

const pulse: TrafficSpec = {
  kind: 'pulse',
  at: at(hour),
  rise: lasting(30),
  hold: lasting(300),
  halve: lasting(420),
  peak: 40_000,
  base: 2000,
};
const trace: TrafficSpec = { kind: 'trace', file: 'requests.csv', begin: 0, step: lasting(1800), rates: [1, 2, 4, 8, 16] };

describe('a constant', () => {
  it('is its rate from start to horizon', () => {
    const curve = buildCurve({ kind: 'constant', rate: 2000 }, evening(2));
    expect([curve.end, curve.integral(at(0), at(2 * hour))]).toEqual([at(7200), 14_400_000]);
  });
});

describe('a piecewise curve', () => {
  // 100 for 1 h, 100 → 500 in 1 h, 500 for 2 h: 360,000 + 1,080,000 + 3,600,000.
  it('is straight between its points', () => {
    const curve = buildCurve(
      {
        kind: 'piecewise',
        points: [
          { at: at(hour), rate: 100 },
          { at: at(2 * hour), rate: 500 },
        ],
      },
      evening(4),
    );
    expect(curve.integral(at(0), at(4 * hour))).toBe(5_040_000);
    expect(curve.at(at(1.5 * hour))).toBe(300);
  });
});

describe('a daily curve', () => {
  const levels = [
    { from: lasting(6 * hour), rate: 100 },
    { from: lasting(18 * hour), rate: 300 },
  ];

  // From 18:00 on 300 until 06:00 (12 h), then 100: the joins of 1 h are centred on the changes, so the curve starts half way up at 200.
  it('follows the wall clock, repeats, and joins its levels about their changes', () => {
    const curve = buildCurve({ kind: 'daily', levels, join: lasting(hour) }, evening(48));
    expect([0, 0.5, 6, 11.5, 12, 12.5, 20, 24, 30, 36].map((h) => curve.at(at(h * hour)))).toEqual(
      near([200, 300, 300, 300, 200, 100, 100, 200, 300, 200]),
    );
    expect(curve.integral(at(24 * hour), at(48 * hour))).toBeCloseTo(24 * hour * 200, 3);
  });

  it('without joins jumps', () => {
    const curve = buildCurve({ kind: 'daily', levels, join: duration(0) }, midnight(24));
    expect([5.999, 6, 17.999, 18].map((h) => curve.at(at(h * hour)))).toEqual([300, 100, 100, 300]);
    expect(curve.integral(at(0), at(24 * hour))).toBe(24 * hour * 200);
  });

  it('of one level is that level', () => {
    expect(
      buildCurve({ kind: 'daily', levels: [{ from: lasting(hour), rate: 7 }], join: lasting(600) }, midnight(30)).mean(
        at(0),
        at(30 * hour),
      ),
    ).toBe(7);
  });
});

describe('a pulse', () => {
  const curve = buildCurve(pulse, evening(4));

  it('rises, holds and halves what is above its base', () => {
    const fall = hour + 330;
    const seconds = [0, hour, hour + 15, hour + 30, fall, fall + 420, fall + 840];
    const rates = [2000, 2000, 21_000, 40_000, 40_000, 21_000, 11_500];
    seconds.forEach((s, i) => {
      expect(Math.abs(curve.at(at(s)) - (rates[i] ?? NaN))).toBeLessThanOrEqual(4);
    });
  });

  // 2,000·14,400 s, and above base: 38,000·(15 + 300) s and 38,000·420/ln 2 of the tail, of which 2^(−(10,800−330)/420) = 3e-8 lies beyond the horizon. A chord lies above the tail, by at most 4/s.
  it('holds the requests of its closed form', () => {
    const closed = 2000 * 14_400 + 38_000 * 315 + (38_000 * 420) / 0.6931471805599453;
    const excess = curve.integral(at(0), at(4 * hour)) - closed;
    expect(excess).toBeGreaterThan(0);
    expect(excess).toBeLessThan(4 * 10_470);
  });

  it('is never further than 0.01 % of its peak from its law', () => {
    let worst = 0;
    for (let s = 0; s < 10_000; s += 0.25)
      worst = Math.max(worst, Math.abs(curve.at(at(hour + 330 + s)) - (2000 + 38_000 * 2 ** (-s / 420))));
    expect(worst).toBeLessThanOrEqual(4);
    expect(worst).toBeGreaterThan(0.5);
  });

  it('may begin, hold or be fading when the scenario starts, and end before it falls', () => {
    const from = (seconds: number, hours = 1) => buildCurve({ ...pulse, at: at(seconds) }, evening(hours));
    expect(from(-15).at(at(0))).toBe(21_000);
    expect(from(-330).at(at(0))).toBe(40_000);
    expect(from(-750).at(at(0))).toBeCloseTo(21_000, 6);
    expect(from(2 * hour).max(at(0), at(hour))).toBe(2000);
    expect(from(hour - 100).at(at(hour))).toBe(40_000);
    expect(buildCurve({ ...pulse, rise: duration(0), hold: duration(0) }, evening(4)).justBefore(at(hour))).toBe(2000);
    expect(buildCurve({ ...pulse, rise: duration(0), hold: duration(0) }, evening(4)).at(at(hour))).toBe(40_000);
  });
});

describe('a trace', () => {
  it('holds each of its rates for a step', () => {
    const curve = buildCurve(trace, evening(2));
    expect([0, 1799.999999, 1800, 7199].map((s) => curve.at(at(s)))).toEqual([1, 1, 2, 8]);
    expect(curve.integral(at(0), at(2 * hour))).toBe(15 * 1800);
    expect(buildCurve(trace, evening(0.75)).integral(at(0), at(2700))).toBe(1800 + 2 * 900);
  });

  it('shifted earlier begins further on', () => {
    const curve = buildCurve({ kind: 'shift', by: lasting(-2700), of: trace }, evening(1));
    expect([0, 899, 900, 2700, 3599].map((s) => curve.at(at(s)))).toEqual([2, 2, 4, 8, 8]);
  });
});

describe('blocks over blocks', () => {
  it('add, scale and clip the curves inside', () => {
    const spec: TrafficSpec = {
      kind: 'clip',
      min: 0,
      max: 2500,
      of: {
        kind: 'sum',
        of: [
          { kind: 'constant', rate: 500 },
          { kind: 'scale', by: 0.5, of: pulse },
        ],
      },
    };
    const curve = buildCurve(spec, evening(4));
    expect(curve.at(at(0))).toBe(1500);
    expect(curve.max(at(0), at(4 * hour))).toBe(2500);
  });

  it('shift what is inside before it is cut to the horizon: nothing is made up at the ends', () => {
    const daily: TrafficSpec = {
      kind: 'daily',
      levels: [
        { from: lasting(0), rate: 1 },
        { from: lasting(12 * hour), rate: 3 },
      ],
      join: duration(0),
    };
    const later = buildCurve({ kind: 'shift', by: lasting(2 * hour), of: daily }, midnight(24));
    expect([0, 1.999, 2, 13.999, 14, 23].map((h) => later.at(at(h * hour)))).toEqual([3, 3, 1, 1, 3, 3]);
    const twice = buildCurve({ kind: 'shift', by: lasting(-hour), of: { kind: 'shift', by: lasting(hour), of: pulse } }, evening(4));
    expect(twice.pieces()).toEqual(buildCurve(pulse, evening(4)).pieces());
  });
});

describe('linearising', () => {
  it('leaves a straight line whole and cuts a parabola until its chords are close enough', () => {
    expect(linearise((t) => 3 * t, 0, 1000, 1e-9)).toEqual([{ from: 0, to: 1000, first: 0, last: 3000 }]);
    // A chord over the width w is off by w²/4 in the middle: 4 at width 4, half of the tolerance of 8; 16 at width 8.
    expect(linearise((t) => t * t, 0, 64, 8).map(({ to }) => to)).toEqual([4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64]);
  });

  it('ends at pieces of one µs where no chord is close', () => {
    expect(linearise((t) => (t < 2 ? 0 : 1), 0, 4, 0.1)).toEqual([
      { from: 0, to: 1, first: 0, last: 0 },
      { from: 1, to: 2, first: 0, last: 1 },
      { from: 2, to: 4, first: 1, last: 1 },
    ]);
  });
});
