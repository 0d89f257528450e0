import { exp } from '../base/elementary.ts';
import { responseMean, responseQuantiles } from '../serving/response-quantile.ts';
import { erlangC, podResponse, type Response, responseExpectation, responseTail } from '../serving/response-law.ts';
import { type Claim, exact } from './claim.ts';
import { FluidBench, fullPod } from './fluid-bench.ts';

const serverCounts = [1, 2, 4, 8, 32, 100];
const loads = [0.1, 0.3, 0.5, 0.7, 0.9, 0.99];

/** M/M/k by its birth–death chain, state by state: births λ = kρ, deaths min(n, k), in units of μ. Summed until what is left changes no digit. */
function chain(servers: number, rho: number): { readonly waits: number; readonly queue: number } {
  let [state, all, busy, queue] = [1, 1, 0, 0];
  for (let n = 0; n < servers || !(state < 1e-18 * busy * (1 - rho)); n++) {
    if (n > 0) {
      state *= (servers * rho) / Math.min(n, servers);
      all += state;
    }
    if (n >= servers) {
      busy += state;
      queue += (n - servers) * state;
    }
  }
  return { waits: busy / all, queue: queue / all };
}

/** P(S + W > t) by Simpson's rule over the wait: P(W = 0)·P(S > t) + P(W > t) + ∫ density of W at w · P(S > t − w) dw. */
export function tailByIntegration({ shift, service, drain, waits }: Response, t: number): number {
  const x = t - shift;
  if (x <= 0) return 1;
  const parts = 2000;
  const h = x / parts;
  let sum = 0;
  for (let i = 0; i <= parts; i++) sum += (i === 0 || i === parts ? 1 : i % 2 === 1 ? 4 : 2) * exp(-drain * i * h - service * (x - i * h));
  return (1 - waits) * exp(-service * x) + waits * (exp(-drain * x) + (drain * sum * h) / 3);
}

/** The t with P(S + W > t) = `tail`, by halving. */
function quantileByIntegration(response: Response, tail: number): number {
  let [low, high] = [0, 1];
  while (tailByIntegration(response, high) > tail) high *= 2;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (tailByIntegration(response, middle) > tail) low = middle;
    else high = middle;
  }
  return high;
}

const worst = (of: readonly number[]): number => of.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const off = (measured: number, expected: number): number => measured / expected - 1;

/** The response law: M/M/k per pod. */
export function* fluidResponses(): Generator<Claim> {
  yield exact(
    { name: 'Erlang C, three servers at load 2', source: 'Gross & Harris, Fundamentals of Queueing Theory, eye clinic example: p₀ = 1/9, so 4/9', unit: 'ratio' },
    { expected: 4 / 9, measured: erlangC(3, 2), relative: 1e-14 },
  ); // prettier-ignore
  const pairs = serverCounts.flatMap((servers) => loads.map((rho) => [servers, rho] as const));
  yield exact(
    { name: 'Erlang C of 1 to 100 servers: largest relative error', source: 'sum over the states of the birth–death chain', unit: 'ratio' },
    { expected: 0, measured: worst(pairs.map(([k, rho]) => off(erlangC(k, k * rho), chain(k, rho).waits))), absolute: 1e-11, cases: pairs.length },
  ); // prettier-ignore
  const waits = pairs.map(([k, rho]) => {
    const { waits, drain } = podResponse(0, k, k, rho, 1);
    return off(waits / drain, chain(k, rho).queue / (k * rho));
  });
  yield exact(
    { name: 'mean wait of M/M/k: largest relative error', source: 'Little: queue of the birth–death chain ÷ λ', unit: 'ratio' },
    { expected: 0, measured: worst(waits), absolute: 1e-9, cases: pairs.length },
  );
  for (const cv of [0, 2])
    yield exact(
      { name: `mean response of M/G/1, variation ${String(cv)}, load 0.8`, source: 'Pollaczek–Khinchine: 1 + ρ(1 + cv²)/(2(1 − ρ)) services', unit: 'services' },
      { expected: 1 + (0.8 * (1 + cv * cv)) / (2 * 0.2), measured: responseExpectation(podResponse(0, 1, 1, 0.8, cv)), relative: 1e-12 },
    ); // prettier-ignore
  const tails = pairs.flatMap(([k, rho]) => {
    const response = podResponse(0.5, k, k, rho, 1);
    return [0.4, 1, 2, 5, 10].map((t) => responseTail(response, t) - tailByIntegration(response, t));
  });
  yield exact(
    { name: 'P(response > t) of M/M/k: largest error', source: 'sojourn S + W: numerical convolution (Simpson)', unit: 'probability' },
    { expected: 0, measured: worst(tails), absolute: 1e-8, cases: tails.length },
  );
  for (const [cores, rho] of [
    [1, 0.5],
    [4, 0.7],
    [8, 0.9],
  ] as const) {
    // prettier-ignore
    const tally = new FluidBench({ timeout: 10, cores }).pod(0, undefined, fullPod).rate(0, 100 * cores * rho).cut(60); // prettier-ignore
    const [p99 = 0] = responseQuantiles(tally, [0.99]) ?? [];
    const law = podResponse(0, cores, 100 * cores, rho, 1);
    const of = `of pods of ${String(cores)} ${cores === 1 ? 'core' : 'cores'} at load ${String(rho)}`;
    yield exact(
      { name: `mean response ${of}`, source: 'M/M/k at constant load; the grid of loads rounds', unit: 'ms' },
      { expected: 1000 * responseExpectation(law), measured: 1000 * (responseMean(tally) ?? 0), relative: 0.005 },
    );
    yield exact(
      { name: `response p99 ${of}`, source: 'root of the numerical convolution at 1 %; the grid of loads rounds', unit: 'ms' },
      { expected: 1000 * quantileByIntegration(law, 0.01), measured: 1000 * p99, relative: 0.005 },
    );
  }
}
