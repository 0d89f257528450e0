import { describe, expect, it } from 'vitest';
import { duration } from '../../src/base/units.ts';
import { podResponse, responseExpectation, responseTail, servedResponse } from '../../src/serving/response-law.ts';
import type { Tally } from '../../src/serving/tally.ts';
import { responseMean, responseQuantile } from '../../src/serving/response-quantile.ts';
import { add, at, coldPages, cut, full, keepAlive, service, warming } from './support.ts';

/** t with tail(t) = 1 − p. */
function quantile(tail: (t: number) => number, p: number): number {
  let [low, high] = [0, 60];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (tail(middle) > 1 - p) low = middle;
    else high = middle;
  }
  return high;
}
const probabilities = [0.5, 0.9, 0.95, 0.99, 0.999];
const only = (tallies: readonly Tally[]): Tally => tallies[0] as Tally;

describe('the response grid', () => {
  it('errs by at most one percent at constant load', () => {
    let worst = 0;
    for (const cores of [1, 2, 4, 16]) {
      for (const cv of [0.5, 1, 2]) {
        for (let rho = 0.013; rho < 0.99; rho += 0.0317) {
          const pods = service({ runningMillicores: cores * 1000, cv, wait: duration(3000) });
          add(pods, 0, 0, full, 7);
          pods.setRate(at(0), 7 * cores * 100 * rho, 0);
          const tally = only(cut(pods, at(60)));
          const response = podResponse(0.003, cores, cores * 100, rho, cv, 1);
          for (const p of probabilities)
            worst = Math.max(worst, Math.abs((responseQuantile(tally, p) as number) / quantile((t) => responseTail(response, t), p) - 1));
          worst = Math.max(worst, Math.abs((responseMean(tally) as number) / responseExpectation(response) - 1));
          expect(Math.abs(tally.within / tally.admitted - (1 - responseTail(response, 0.3)))).toBeLessThan(0.004);
        }
      }
    }
    expect(worst).toBeLessThan(0.01);
    // Were it much smaller, the grid would be finer than it needs to be.
    expect(worst).toBeGreaterThan(0.001);
  });

  it('errs by at most one percent for a pod of any capacity', () => {
    let worst = 0;
    for (let factor = 1000; factor > 20; factor -= 37) {
      const pods = service({ timeout: duration(100e6) });
      add(pods, 0, 0, { ...full, factor });
      pods.setRate(at(0), 0.0777 * factor, 0);
      const tally = only(cut(pods, at(60)));
      const response = podResponse(0, 1, factor / 10, 0.777, 1, 100);
      for (const p of probabilities)
        worst = Math.max(worst, Math.abs((responseQuantile(tally, p) as number) / quantile((t) => responseTail(response, t), p) - 1));
    }
    expect(worst).toBeLessThan(0.01);
  });

  it('errs by at most one percent while a backlog of any length stands', () => {
    let worst = 0;
    for (let seconds = 0.0007; seconds < 1; seconds *= 1.37) {
      const pods = service();
      add(pods, 0, 0, full, 10);
      // 2,000/s against 1,000/s for `seconds` leave a delay of as many seconds; at 1,000/s it stands: a request waits for it and is served.
      pods.setRate(at(0), 2000, 0);
      cut(pods, at(seconds));
      pods.setRate(at(seconds), 1000, 0);
      const tally = only(cut(pods, at(seconds + 10)));
      const response = servedResponse(at(seconds) / 1e6, 1, 100);
      for (const p of probabilities)
        worst = Math.max(worst, Math.abs((responseQuantile(tally, p) as number) / quantile((t) => responseTail(response, t), p) - 1));
    }
    expect(worst).toBeLessThan(0.01);
  });

  it('gives the quantiles of the exact mixture when load, capacity and backlog move', () => {
    // 10 pods on cold pages, C = 600 + 20t; λ = 300 + 45t passes it at 12 s, q = 12.5·(t − 12)² until 20 s: 800, of B = 1000.
    const pods = service();
    add(pods, 0, 0, coldPages(0), 10);
    pods.setRate(at(0), 300, 45);
    const tally = only(cut(pods, at(20)));
    const parts: { readonly weight: number; readonly response: ReturnType<typeof podResponse> }[] = [];
    const n = 4000;
    let weight = 0;
    for (let i = 0; i < n; i++) {
      const t = ((i + 0.5) / n) * 20;
      const [lambda, capacity] = [300 + 45 * t, 600 + 20 * t];
      const delay = t < 12 ? 0 : (12.5 * (t - 12) * (t - 12)) / capacity;
      const response = t < 12 ? podResponse(0, 1, capacity / 10, lambda / capacity, 1, 1) : servedResponse(delay, 1, capacity / 10);
      parts.push({ weight: lambda, response });
      weight += lambda;
    }
    const mean = parts.reduce((total, part) => total + part.weight * responseExpectation(part.response), 0) / weight;
    expect(Math.abs((responseMean(tally) as number) / mean - 1)).toBeLessThan(0.002);
    for (const p of probabilities) {
      const exact = quantile((t) => parts.reduce((total, part) => total + part.weight * responseTail(part.response, t), 0) / weight, p);
      expect(Math.abs((responseQuantile(tally, p) as number) / exact - 1), `p = ${String(p)}`).toBeLessThan(0.003);
    }
    const within = parts.reduce((total, part) => total + part.weight * (1 - responseTail(part.response, 0.3)), 0) / weight;
    expect(tally.within / tally.admitted).toBeCloseTo(within, 3);
  });

  it('lets requests at warming pods take ten times as long', () => {
    // One full and one warming pod share load 0.5: 10/11 of the requests at 100/s, 1/11 at 10/s: tails e^(−50t) and e^(−5t) with a time-out that nobody reaches.
    const pods = service({ timeout: duration(100e6) });
    add(pods, 0, 0, full);
    add(pods, 0, 0, warming);
    pods.setRate(at(0), 55, 0);
    const tally = only(cut(pods, at(10)));
    const exact = quantile((t) => (10 * Math.exp(-50 * t) + Math.exp(-5 * t)) / 11, 0.99);
    expect(Math.abs((responseQuantile(tally, 0.99) as number) / exact - 1)).toBeLessThan(0.01);
  });

  it('adds the hop to what was forwarded only, and serves keep-alive requests with the keep-alive law', () => {
    // 1 running (100/s), 1 keep-alive (25/s) pod, hop 1 s, 20/s: 9.9/s forwarded. Means at ρ = 0.199: 1/80.1 s; keep-alive: 0.1/s of 25: 1/24.9 s.
    const pods = service({ hops: [duration(1e6), duration(0), duration(0)] });
    add(pods, 0, 0, full);
    add(pods, 0, 0, keepAlive);
    pods.setRate(at(0), 20, 0);
    const tally = only(cut(pods, at(10)));
    const exact = (19.9 / 80.1 + 9.9 * 1 + 0.1 / 24.9) / 20;
    expect(Math.abs((responseMean(tally) as number) / exact - 1)).toBeLessThan(0.001);
  });

  it('has no quantiles where nothing was admitted', () => {
    const pods = service();
    pods.setRate(at(0), 20, 0);
    const tally = only(cut(pods, at(10)));
    expect(responseQuantile(tally, 0.5)).toBeUndefined();
    expect(responseMean(tally)).toBeUndefined();
  });
});
