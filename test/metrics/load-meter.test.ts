import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, meterOf } from './support.ts';

describe('the readers of a load meter', () => {
  it('each take what happened since they last looked, and disturb no other', () => {
    const meter = meterOf([1, 1]);
    meter.service.setRate(at(0), 200, 0);
    // 200/s over two zones: 100/s each.
    expect(meter.takeRow(at(10)).map(({ offered }) => offered)).toEqual([1000, 1000]);
    expect(meter.takeWindow(at(15)).offered).toBeCloseTo(3000, 6);
    expect(meter.takeRow(at(25)).map(({ offered }) => Math.round(offered))).toEqual([1500, 1500]);
    expect(meter.takeWindow(at(30)).offered).toBeCloseTo(3000, 6);
    expect(meter.takeRow(at(30)).map(({ offered }) => Math.round(offered))).toEqual([500, 500]);
    expect(meter.sum(at(30)).offered).toBeCloseTo(6000, 6);
    expect(meter.total(at(30)).map(({ offered }) => Math.round(offered))).toEqual([3000, 3000]);
  });

  it('get nothing twice', () => {
    const meter = meterOf([1]);
    meter.service.setRate(at(0), 100, 0);
    meter.takeRow(at(10));
    meter.takeWindow(at(10));
    expect([meter.takeRow(at(10))[0]?.offered, meter.takeWindow(at(10)).offered]).toEqual([0, 0]);
  });

  it('add up to the same total, however time is cut', () => {
    const cuts = fc.array(fc.record({ at: fc.integer({ min: 1, max: 600 }), reader: fc.constantFrom('row', 'window', 'slo') }), {
      maxLength: 25,
    });
    fc.assert(
      fc.property(cuts, (drawn) => {
        const [meter, plain] = [meterOf([1, 2]), meterOf([1, 2])];
        // From 0 to 1,800/s in a minute, beyond what the first zone serves: 400/s.
        for (const each of [meter, plain]) each.service.setRate(at(0), 0, 30);
        const sums = { row: { offered: 0, served: 0, rejected: 0 }, window: { offered: 0, served: 0, rejected: 0 } };
        const add = (
          reader: 'row' | 'window',
          tallies: readonly { readonly offered: number; readonly served: number; readonly rejected: number }[],
        ) => {
          for (const tally of tallies) for (const key of ['offered', 'served', 'rejected'] as const) sums[reader][key] += tally[key];
        };
        for (const { at: moment, reader } of [...drawn, { at: 600, reader: 'row' }, { at: 600, reader: 'window' }].sort(
          (a, b) => a.at - b.at,
        )) {
          const now = at(moment / 10);
          if (reader === 'row') add('row', meter.takeRow(now));
          else if (reader === 'window') add('window', [meter.takeWindow(now)]);
          else meter.endSloWindow(now, 0);
        }
        const whole = plain.sum(at(60));
        expect(whole.rejected).toBeGreaterThan(1000);
        for (const key of ['offered', 'served', 'rejected'] as const) {
          for (const reader of ['row', 'window'] as const) expect(Math.abs(sums[reader][key] / whole[key] - 1)).toBeLessThan(1e-9);
          expect(Math.abs(meter.sum(at(60))[key] / whole[key] - 1)).toBeLessThan(1e-9);
        }
      }),
      { seed: 11, numRuns: 60 },
    );
  });
});

describe('the ten-second window of the objective', () => {
  it('counts its length, once for all zones, where too few attempts were served in time', () => {
    const meter = meterOf([1, 1]);
    meter.service.setRate(at(0), 200, 0);
    expect(meter.endSloWindow(at(10), 2000)).toMatchObject({ violated: false });
    meter.service.setRate(at(10), 2000, 0); // 1,000/s on 400/s in each zone
    expect(meter.endSloWindow(at(20), 2000)).toMatchObject({ violated: true });
    expect(meter.violationSeconds).toBe(10);
    expect(meter.endSloWindow(at(25), 2000)).toMatchObject({ violated: true }); // a shorter one at the end
    expect(meter.violationSeconds).toBe(15);
  });

  it('looks at the share of all attempts that are served in time, and at the p99 of those that are admitted', () => {
    // 1,000/s on 400/s for 10 s: the backlog is 200 after a third of a second, and who comes later waits longer than the 0.5 s of the objective: well below 10 % are in time.
    const violated = (success: number, perSecond: number) => {
      const meter = meterOf([1], success);
      meter.service.setRate(at(0), perSecond, 0);
      return meter.endSloWindow(at(10), 0).violated;
    };
    expect([violated(0.01, 1000), violated(0.99, 1000)]).toEqual([true, true]); // however small the share
    // 395/s on 400/s: about 0.97 · e^(−5/s · 0.5 s) · 100 ÷ 95 = 8 % take longer than 0.5 s: a share of 90 % holds, but the p99 does not.
    const served = meterOf([1]);
    served.service.setRate(at(0), 395, 0);
    const { within, admitted, offered } = served.sum(at(10));
    expect([within / offered > 0.9, within / admitted < 0.99]).toEqual([true, true]);
    expect(violated(0.9, 395)).toBe(true);
    // 390/s on 400/s (M/M/4): about 0.95 · e^(−10/s · 0.5 s) · 100 ÷ 90 = 0.7 % take longer than 0.5 s: p99 holds, and a share of 99 %, but not one of 99.5 %.
    expect([violated(0.99, 390), violated(0.995, 390)]).toEqual([false, true]);
  });

  it('is content without attempts', () => {
    const meter = meterOf([0]);
    meter.service.setRate(at(0), 0, 0);
    expect(meter.endSloWindow(at(10), 0)).toEqual({ violated: false, usedCores: 0 });
  });

  it('remembers the largest mean use of CPU', () => {
    const meter = meterOf([1, 1]);
    meter.service.setRate(at(0), 200, 0);
    expect(meter.endSloWindow(at(10), 0).usedCores).toBeCloseTo(2, 9); // 200/s · 10 ms
    meter.service.setRate(at(10), 500, 0);
    expect(meter.endSloWindow(at(20), 0).usedCores).toBeCloseTo(5, 9);
    meter.service.setRate(at(20), 100, 0);
    expect(meter.endSloWindow(at(30), 0).usedCores).toBeCloseTo(1, 9);
    expect(meter.usedCoresMax).toBeCloseTo(5, 9);
  });

  it('adds up how far the forecast was off, too high or too low', () => {
    const meter = meterOf([1]);
    meter.service.setRate(at(0), 100, 0);
    meter.endSloWindow(at(10), 1200); // 200 too many
    meter.endSloWindow(at(20), 900); // 100 too few
    expect(meter.forecastError).toBeCloseTo(300, 6);
  });
});
