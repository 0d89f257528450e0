import { describe, expect, it } from 'vitest';
import { Streams } from '../../src/random/streams.ts';
import { Curve } from '../../src/traffic/curve.ts';
import { trafficSchema } from '../../src/traffic/schema.ts';
import { surprise, surpriseSchema, type SurpriseSpec } from '../../src/traffic/surprise.ts';
import { at, evening, kit, lasting } from './support.ts';

/** 18:00 to 19:00. */
const calendar = evening(1);
/** Up from 0 at 18:10 to 1,000 at 18:20, then flat: 300,000 + 2,400,000 requests in the hour. */
const curve = Curve.fromPoints(
  [
    { at: at(600), rate: 0 },
    { at: at(1200), rate: 1000 },
  ],
  at(3600),
);
const schema = surpriseSchema(trafficSchema(kit(calendar)));
const parse = (given: unknown): SurpriseSpec => schema.parse(given);
const half = (): number => 0.5;
/** Φ(1): a variate one standard deviation up. */
const oneUp = (): number => 0.8413447460685429;
const whole = (made: Curve): number => made.integral(at(0), at(3600));
const surprised = (given: unknown, uniform = half): Curve => surprise(curve, parse(given), calendar, uniform);

describe('a surprise', () => {
  it('that is none leaves the curve as it is, whatever is drawn', () => {
    expect(surprised({}, oneUp)).toBe(curve);
  });

  it('of level makes everything taller: 145 % of 2.7 million requests are 3.915 million', () => {
    expect(whole(curve)).toBe(2_700_000);
    expect(whole(surprised({ level: { factor: '145%' } }))).toBeCloseTo(3_915_000, 4);
    // exp(0.1 · 1) = 1.105171.
    expect(whole(surprised({ level: { factor: '145%', sigma: '10%' } }, oneUp)) / 3_915_000).toBeCloseTo(1.1051709180756477, 9);
  });

  // Ten minutes earlier the ramp is over at 18:10, so ten minutes more are flat: + 600,000. Later the last ten minutes of the flat are gone: − 600,000.
  it('of timing moves everything; shifted in is the rate at that end', () => {
    expect(whole(surprised({ timing: { earlier: '10m' } }))).toBe(3_300_000);
    expect(whole(surprised({ timing: { later: '10m' } }))).toBe(2_100_000);
    expect(surprised({ timing: { earlier: '10m' } }).at(at(300))).toBe(500);
    // One standard deviation of 60 s later than ten minutes earlier: nine minutes.
    expect(whole(surprised({ timing: { earlier: '10m', sigma: '60s' } }, oneUp))).toBeCloseTo(3_240_000, 0);
  });

  // A second wave of 500/s over 20 minutes: 600,000 on top, neither made taller nor moved by the rest.
  it('of a second wave comes on top, at its own level and time', () => {
    const wave = { piecewise: [['18:29:59.999999', '0/s'], ['18:30', '0/s'], ['18:30', '500/s'], ['18:50', '500/s'], ['18:50', '0/s']].map(([when, rate]) => ({ at: when, rate })) }; // prettier-ignore
    expect(whole(surprised({ wave }))).toBe(3_300_000);
    expect(whole(surprised({ wave, level: { factor: '200%' }, timing: { earlier: '10m' } }))).toBe(2 * 3_300_000 + 600_000);
    expect(surprised({ wave, timing: { earlier: '10m' } }).at(at(1800))).toBe(1500);
  });

  it('draws level and timing whether they are wanted or not, so that one does not move the other', () => {
    const made = (given: object): Curve => surprised(given, new Streams(3).stream('surprise/a'));
    const [level, timing] = [{ sigma: '10%' }, { sigma: '20s' }];
    expect(made({ level, timing }).at(at(3000)) / made({ level }).at(at(3000))).toBeCloseTo(1, 12);
    expect(made({ level, timing }).at(at(900)) / made({ timing }).at(at(900))).toBeCloseTo(made({ level }).at(at(3000)) / 1000, 9);
    expect(made({ level }).at(at(3000))).not.toBe(1000);
  });

  it('is written as a forecast error is, with a block of traffic for the wave', () => {
    expect(parse({ level: { factor: '145%' }, timing: { earlier: '10m', sigma: '2m' }, wave: { constant: '5/s' } })).toEqual({
      level: { factor: 1.45, sigma: 0 },
      timing: { by: lasting(-600), sigma: lasting(120) },
      wave: { kind: 'constant', rate: 5 },
    });
    for (const wrong of [
      { level: { factor: '0%' } },
      { timing: { later: '1m', earlier: '1m' } },
      { wave: {} },
      { wave: { trace: { file: 'none.csv', unit: 'per-step' } } },
      { shape: { sigma: '5%' } },
      { level: '145%' },
    ])
      expect(schema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  });
});
