import { describe, expect, it } from 'vitest';
import { time } from '../../src/base/units.ts';
import { Streams } from '../../src/random/streams.ts';
import { demandOf, streamsOf } from '../../src/simulation/demand.ts';
import { serviceOf } from '../../src/simulation/service-of.ts';
import { scenario } from './support.ts';

const hour = 3600e6;
/** Payments of the Double 11 day without noise, in one replication. */
function demand(set: readonly string[], replication = 0) {
  const read = scenario('double11', ['defaults.noise.sigma=0%', ...set]);
  const app = read.apps[1];
  if (!app) throw new Error('no second app');
  return demandOf(app, read, streamsOf(read, replication));
}
const midnight = time(6 * hour);
const peak = time(midnight + 322e6);

describe('what comes and what was expected of it', () => {
  it('are the same curve where nothing errs', () => {
    const { truth, forecast } = demand([]);
    expect(truth).toBe(forecast);
    expect(truth.at(peak)).toBeCloseTo(120_000, 6);
  });

  it('differ by a surprise, which the forecast does not know: 174,000/s ten minutes early instead of 120,000/s', () => {
    const { truth, forecast } = demand(['defaults.surprise.level.factor=145%', 'defaults.surprise.timing.earlier=10m']);
    expect(forecast.at(peak)).toBeCloseTo(120_000, 6);
    expect(truth.at(time(peak - 600e6))).toBeCloseTo(174_000, 6);
  });

  it('differ by the errors of the forecast, which do not move what comes', () => {
    const { truth, forecast } = demand(['defaults.forecast.level.factor=80%']);
    expect(truth.at(peak)).toBeCloseTo(120_000, 6);
    expect(forecast.at(peak)).toBeCloseTo(96_000, 6);
  });

  it('are drawn from streams of their own: neither moves the other, and a replication draws anew', () => {
    const drawn = (set: readonly string[], replication = 0) => demand(set, replication);
    const errs = 'defaults.forecast.level.sigma=10%';
    const surprises = 'defaults.surprise.level.sigma=10%';
    const both = drawn([errs, surprises]);
    expect(both.forecast.at(peak)).toBe(drawn([errs]).forecast.at(peak));
    expect(both.truth.at(peak)).toBe(drawn([surprises]).truth.at(peak));
    expect(both.truth.at(peak)).not.toBe(drawn([surprises], 1).truth.at(peak));
    expect(both.truth.at(peak) / 120_000).not.toBeCloseTo(both.forecast.at(peak) / 120_000, 3);
  });

  it('are drawn from streams named by purpose and app: another name is another result', () => {
    class Listed extends Streams {
      readonly names: string[] = [];
      override stream(name: string) {
        this.names.push(name);
        return super.stream(name);
      }
    }
    const read = scenario('double11');
    const streams = new Listed(read.seed);
    demandOf(read.apps[1]!, read, streams);
    expect(streams.names.sort()).toEqual(['forecast/pay', 'surprise/pay', 'traffic/pay']);
    streams.names.length = 0;
    serviceOf(read.apps[1]!, scenario('double11', ['fidelity=request']), streams);
    const purposes = ['again', 'arrivals', 'choices', 'hops', 'places', 'service'];
    expect(streams.names.sort()).toEqual(purposes.map((purpose) => `requests/pay/${purpose}`));
  });

  it('share their noise with what would have come without the surprise: noise is a factor on top', () => {
    const noisy = (set: readonly string[]) => demand(['defaults.noise.sigma=4%', ...set]).truth.at(midnight);
    expect(noisy(['defaults.surprise.level.factor=145%']) / noisy([])).toBeCloseTo(1.45, 9);
  });
});
