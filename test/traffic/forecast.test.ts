import { describe, expect, it } from 'vitest';
import { duration } from '../../src/base/units.ts';
import type { Forecast } from '../../src/strategies/strategy.ts';
import { Streams } from '../../src/random/streams.ts';
import { Curve } from '../../src/traffic/curve.ts';
import { forecast, forecastSchema, type ForecastSpec } from '../../src/traffic/forecast.ts';
import { at, lasting } from './support.ts';

const curve = Curve.fromPoints(
  [
    { at: at(100), rate: 0 },
    { at: at(200), rate: 1000 },
  ],
  at(1000),
);
const parse = (given: unknown): ForecastSpec => forecastSchema.parse(given);
const half = (): number => 0.5;
/** Φ(1): a variate one standard deviation up. */
const oneUp = (): number => 0.8413447460685429;

describe('a forecast', () => {
  it('is what strategies are promised', () => {
    const promised: Forecast = forecast(curve, parse({}), half);
    expect([promised.at(at(150)), promised.max(at(0), at(150)), promised.mean(at(100), at(200)), promised.end]).toEqual([
      500,
      500,
      500,
      at(1000),
    ]);
  });

  it('without errors is the curve itself', () => {
    expect(forecast(curve, parse({}), oneUp)).toBe(curve);
  });

  it('errs in level by its factor and a log-normal one about it', () => {
    expect(forecast(curve, parse({ level: { factor: '80%' } }), half).at(at(500))).toBe(800);
    expect(forecast(curve, parse({ level: { factor: '145%', sigma: '10%' } }), oneUp).at(at(500))).toBeCloseTo(
      1450 * 1.1051709180756477,
      6,
    );
  });

  it('errs in timing: it expects things later or earlier than they come', () => {
    expect(forecast(curve, parse({ timing: { later: '50s' } }), half).at(at(200))).toBe(500);
    expect(forecast(curve, parse({ timing: { earlier: '50s' } }), half).at(at(100))).toBe(500);
    expect(forecast(curve, parse({ timing: { sigma: '20s' } }), oneUp).at(at(200))).toBeCloseTo(800, 3);
    expect(forecast(curve, parse({ timing: { earlier: '50s', sigma: '20s' } }), oneUp).at(at(100))).toBeCloseTo(300, 3);
  });

  it('errs in shape by a factor that wanders slowly', () => {
    const made = forecast(
      Curve.constant(1000, at(36_000)),
      parse({ shape: { sigma: '20%', interval: '1h', correlation: 0 } }),
      new Streams(1).stream('forecast/a'),
    );
    expect(made.pieces().map(({ to }) => to / 3600e6)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(new Set(made.pieces().map(({ first }) => first)).size).toBe(10);
  });

  it('draws level, timing and shape in this order whether they err or not, so that one error does not move another', () => {
    const all = { level: { sigma: '10%' }, timing: { sigma: '20s' }, shape: { sigma: '20%', interval: '100s' } };
    const made = (given: object): Curve => forecast(curve, parse(given), new Streams(3).stream('forecast/a'));
    const ratio = made(all).at(at(999)) / made({ ...all, timing: {} }).at(at(999));
    expect(ratio).toBeCloseTo(1, 12);
    const level = made({ level: all.level }).at(at(999));
    expect(made(all).at(at(999)) / made({ shape: all.shape }).at(at(999))).toBeCloseTo(level / 1000, 9);
    expect(level).not.toBe(1000);
  });

  it('is written with units', () => {
    expect(parse({ level: { factor: '80%' }, timing: { earlier: '5m', sigma: '2m' } })).toEqual({
      level: { factor: 0.8, sigma: 0 },
      timing: { by: duration(-300e6), sigma: lasting(120) },
      shape: { sigma: 0, interval: lasting(3600), correlation: 0.5 },
    });
    for (const wrong of [{ level: { factor: '0%' } }, { timing: { later: '1m', earlier: '1m' } }, { levle: {} }, { level: 2 }])
      expect(forecastSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  });
});
