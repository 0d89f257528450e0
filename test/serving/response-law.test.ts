import { describe, expect, it } from 'vitest';
import { erlangC, lateShare, podResponse, responseExpectation, responseTail } from '../../src/serving/response-law.ts';

describe('the response of one pod', () => {
  it('waits with the probability that Erlang C gives', () => {
    // One server: ρ. Two servers, 1 Erlang: 1/3. Four servers at ρ = 0.8, a = 3.2: a⁴/4!·5 ÷ (1 + a + a²/2 + a³/6 + a⁴/4!·5)
    // = 4.369067·5 ÷ (1 + 3.2 + 5.12 + 5.461333 + 21.845333) = 21.845333 ÷ 36.626667 = 0.596432.
    expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 14);
    expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 14);
    expect(erlangC(4, 3.2)).toBeCloseTo(21.845333333333333 / 36.626666666666667, 12);
    expect(erlangC(4, 0)).toBe(0);
    expect(erlangC(4, 4)).toBe(1);
  });

  it('is not for those who would wait longer than the limit', () => {
    // One core, 100 ms, 1 s, ρ = 0.8: ρ(1 − ρ)e⁻²/(1 − ρ²e⁻²) = 0.16 · 0.135335 ÷ (1 − 0.64 · 0.135335) = 0.0216536 ÷ 0.9133856.
    expect(lateShare(1, 10, 0.8, 1, 1)).toBeCloseTo(0.0237069, 6);
    // Near saturation as at saturation, M/M/1 of 100/s for 1 s: no more come in than are served, 1 ÷ (1 + 100 + 1).
    expect(lateShare(1, 100, 1 - 1e-9, 1, 1)).toBeCloseTo(1 / 102, 3);
    expect(lateShare(4, 400, 0.7, 1, Infinity)).toBe(0);
  });

  it('is exponential of rate μ − λ for one server', () => {
    const response = podResponse(0, 1, 100, 0.6, 1);
    for (const t of [0.001, 0.01, 0.025, 0.1, 0.3]) expect(responseTail(response, t) / Math.exp(-40 * t)).toBeCloseTo(1, 12);
    expect(responseExpectation(response)).toBeCloseTo(1 / 40, 14);
  });

  it('has the tail of the M/M/k formula, and its limit where the two rates are equal', () => {
    // k = 4, c = 400/s: μ = 100, δ = 400·(1 − ρ); δ = μ at ρ = 0.75.
    const tail = (rho: number, t: number) => responseTail(podResponse(0, 4, 400, rho, 1), t);
    const formula = (rho: number, t: number) => {
      const delta = 400 * (1 - rho);
      return Math.exp(-100 * t) + (erlangC(4, 4 * rho) * 100 * (Math.exp(-delta * t) - Math.exp(-100 * t))) / (100 - delta);
    };
    for (const t of [0.001, 0.02, 0.1]) {
      expect(tail(0.9, t)).toBeCloseTo(formula(0.9, t), 13);
      expect(tail(0.75, t)).toBeCloseTo(Math.exp(-100 * t) * (1 + erlangC(4, 3) * 100 * t), 14);
      expect(tail(0.75 - 1e-9, t)).toBeCloseTo(tail(0.75, t), 7);
      expect(tail(0.75 + 1e-5, t) - tail(0.75 - 1e-5, t)).toBeLessThan(1e-3 * tail(0.75, t));
    }
  });

  it('has the mean that its tail integrates to, with waiting scaled by (1 + cv²)/2', () => {
    for (const cv of [0, 0.5, 1, 2]) {
      const response = podResponse(0.005, 4, 400, 0.85, cv);
      const h = 1e-5;
      let area = 0;
      for (let t = h / 2; t < 3; t += h) area += h * responseTail(response, t);
      // M/M/k: 1/μ + P_w/δ, δ = 400·0.15 = 60.
      expect(responseExpectation(response)).toBeCloseTo(0.005 + 0.01 + ((erlangC(4, 3.4) / 60) * (1 + cv * cv)) / 2, 12);
      expect(area).toBeCloseTo(responseExpectation(response), 6);
    }
  });

  it('lets nobody wait longer than the limit', () => {
    // k = 1, μ = 100, ρ = 0.9, limit 0.1 s: the wait has an atom at 0 and the density of M/M/1 up to the limit: odds of waiting 9·(1 − e^(−10 · 0.1)).
    const response = podResponse(0, 1, 100, 0.9, 1, 0.1);
    const odds = 9 * (1 - Math.exp(-1));
    expect(response.waits).toBeCloseTo(odds / (1 + odds), 14);
    // By the midpoint rule over the wait, before and beyond the limit.
    for (const x of [0.01, 0.06, 0.1, 0.13, 0.3]) {
      const n = 20_000;
      let tail = (1 - response.waits) * Math.exp(-100 * x);
      let norm = 0;
      let waited = 0;
      for (let i = 0; i < n; i++) {
        const w = ((i + 0.5) / n) * 0.1;
        norm += Math.exp(-10 * w);
        waited += Math.exp(-10 * w) * (w > x ? 1 : Math.exp(-100 * (x - w)));
      }
      tail += (response.waits * waited) / norm;
      expect(responseTail(response, x)).toBeCloseTo(tail, 7);
    }
    let mean = 0;
    for (let t = 5e-6; t < 1; t += 1e-5) mean += 1e-5 * responseTail(response, t);
    expect(responseExpectation(response)).toBeCloseTo(mean, 7);
  });

  it('waits anywhere below the limit at saturation', () => {
    // ρ = 1: all wait but for a moment; uniform on (0, 2 s), mean 1 s, and the service of 10 ms.
    const response = podResponse(0, 1, 100, 1, 1, 2);
    expect(response.waits).toBe(1);
    expect(responseExpectation(response)).toBeCloseTo(1.01, 3);
    expect(responseTail(response, 0.5)).toBeCloseTo(0.755, 3);
  });
});
