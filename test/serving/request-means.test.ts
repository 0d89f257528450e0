import { describe, expect, it } from 'vitest';
import { duration } from '../../src/base/units.ts';
import { FluidService } from '../../src/serving/fluid/fluid-service.ts';
import type { RequestOptions } from '../../src/serving/requests/request-service.ts';
import type { ServingMode } from '../../src/serving/mode.ts';
import type { Service } from '../../src/serving/service.ts';
import { emptyTally, sumOf, type Tally } from '../../src/serving/tally.ts';
import { requestOptionsOf, requestService, retry } from './request-histories.ts';
import { at, cutOff, full, keepAlive, slow, warming } from './support.ts';

/** Mean and standard error. */
type Estimate = readonly [mean: number, error: number];

interface History {
  readonly what: string;
  /** Pods by zone: how many of which mode. */
  readonly pods: readonly (readonly (readonly [count: number, mode: ServingMode])[])[];
  /** What one pod of a zone becomes at 4 s. */
  readonly turns?: readonly (readonly [zone: number, from: ServingMode, to: ServingMode | undefined])[];
  readonly perSecond: number;
}
// A full pod of two cores serves 40/s, one kept alive 5/s; slow ones a half.
const histories: readonly History[] = [
  { what: 'keep-alive pods that forward', pods: [[[10, full], [10, keepAlive]], [[5, full]]], perSecond: 150 }, // prettier-ignore
  { what: 'a zone without a pod that receives', pods: [[[12, full]], [[3, keepAlive], [5, cutOff]]], perSecond: 130 }, // prettier-ignore
  { what: 'a zone without pods', pods: [[[14, full]], []], perSecond: 150 },
  { what: 'slow pods and warm ones, that come and go', pods: [[[8, full], [6, slow]], [[3, full], [9, warming]]], turns: [[0, full, slow], [1, warming, full], [0, slow, undefined]], perSecond: 150 }, // prettier-ignore
];

function played(service: Service, { pods, turns = [], perSecond }: History): Tally {
  pods.forEach((modes, zone) => {
    for (const [count, mode] of modes) for (let i = 0; i < count; i++) service.change(at(0), zone, undefined, mode);
  });
  // Up, level, and back to a half of it.
  service.setRate(at(0), perSecond / 2, perSecond / 8);
  service.setRate(at(4), perSecond, 0);
  for (const [zone, from, to] of turns) service.change(at(4), zone, from, to);
  service.setRate(at(8), perSecond, -perSecond / 8);
  // In the end nobody is left.
  service.setRate(at(11), 0, 0);
  const zones: Tally[] = [];
  service.cut(at(25), (tally, zone) => (zones[zone] = sumOf([tally])));
  return sumOf(zones);
}

const options: Partial<RequestOptions> = {
  zones: 2,
  weights: [3, 2],
  distances: [
    [0, 1],
    [1, 0],
  ],
  sidecar: duration(1000),
  relay: duration(5000),
  idleMillicores: 100,
};
/** Mean and standard error of a figure over the runs. */
function estimate(runs: readonly Tally[], figure: (run: Tally) => number): Estimate {
  const values = runs.map(figure);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
  return [mean, Math.sqrt(variance / values.length)];
}
const seeds = (count: number, first = 1): readonly number[] => Array.from({ length: count }, (_, i) => first + i);

describe.each(histories)('$what', (history) => {
  it('give in the mean what the fluid gives, as long as hardly anybody waits', () => {
    const all = { ...options, cv: 0 };
    const fluid = played(new FluidService(requestOptionsOf(all)), history);
    const runs = seeds(60).map((seed) => played(requestService(all, seed), history));
    for (const figure of ['offered', 'served', 'forwarded', 'crossZone'] as const) {
      const [mean, error] = estimate(runs, (run) => run[figure]);
      expect(Math.abs(mean - fluid[figure]), figure).toBeLessThanOrEqual(4 * error + 1e-9);
    }
    // Without the 51 ms that each takes at least: what idling and relays take, nearly the same in every run.
    const beside = (run: Tally): number => run.usedCoreSeconds - 0.051 * run.served;
    const [mean, error] = estimate(runs, beside);
    expect(Math.abs(mean - beside(fluid))).toBeLessThanOrEqual(4 * error + 1e-9);
    expect(error).toBeLessThan(0.01 * mean);
    expect(fluid.served).toBeGreaterThan(1000);
  });

  it('give in the mean the same of a sample as of all', () => {
    const all = seeds(60).map((seed) => played(requestService(options, seed), history));
    const sampled = seeds(200, 1001).map((seed) => played(requestService({ ...options, sample: 0.1 }, seed), history));
    for (const figure of ['offered', 'served', 'forwarded', 'crossZone', 'usedCoreSeconds'] as const) {
      const [[a, ea], [b, eb]] = [all, sampled].map((runs) => estimate(runs, (run) => run[figure])) as [Estimate, Estimate];
      expect(Math.abs(a - b), `${figure}: ${String(a)} of all, ${String(b)} of a sample`).toBeLessThanOrEqual(4 * Math.hypot(ea, eb));
    }
  });
});

it('gives what a zone refuses to the only pod of another one, whenever it has a core to spare', () => {
  const service = requestService({ zones: 2, weights: [999, 1], overflow: true, cv: 0 }, 1);
  for (const zone of [0, 1]) service.change(at(0), zone, undefined, full);
  service.setRate(at(0), 400, 0);
  const zones: Tally[] = [];
  service.cut(at(60), (tally, zone) => (zones[zone] = sumOf([tally])));
  // It serves 40/s, and each of its two cores waits for the next that is refused, 360/s of them: 2 ÷ 360 s on average at most.
  const { served = 0, overflowedIn = 0 } = zones[1] ?? {};
  expect(served / 60).toBeGreaterThan(2 / (0.05 + 2 / 360));
  expect(served / 60).toBeLessThanOrEqual(40);
  expect(overflowedIn / served).toBeGreaterThan(0.97);
});

it('comes back to pods of a sample as often as to all', () => {
  // The slow pod fails half of what it gets and stands for itself, what comes back mostly meets pods that stand for sixty.
  const history = (service: Service): Tally => {
    for (let pod = 0; pod < 60; pod++) service.change(at(0), 0, undefined, full);
    service.change(at(0), 0, undefined, slow);
    const { retries } = service;
    for (let t = 0; t < 30; t++) {
      if (t > 0) retries!.end(at(t), { offered: 0, unserved: [], backlog: 0 });
      service.setRate(at(t), 61 * 30 + retries!.perSecond, 0, retries!.perSecond);
      service.advance(at(t + 1));
    }
    let tally = emptyTally();
    service.cut(at(30), (cut) => (tally = sumOf([cut])));
    return tally;
  };
  const again = { zones: 1, cv: 0, retry: retry({ tries: 3, probability: 1 }) };
  const all = seeds(6).map((seed) => history(requestService(again, seed)));
  const sampled = seeds(80, 1001).map((seed) => history(requestService({ ...again, sample: 1 / 60 }, seed)));
  for (const figure of ['offered', 'retried', 'served', 'rejected'] as const) {
    const [[a, ea], [b, eb]] = [all, sampled].map((runs) => estimate(runs, (run) => run[figure])) as [Estimate, Estimate];
    expect(Math.abs(a - b), `${figure}: ${String(a)} of all, ${String(b)} of a sample`).toBeLessThanOrEqual(4 * Math.hypot(ea, eb));
    expect(a).toBeGreaterThan(100);
  }
});

it('that wait at a pod of a sample weigh at its heir as those of one pod', () => {
  const service = requestService({ zones: 1, cv: 0, sample: 0.1 });
  service.change(at(0), 0, undefined, slow);
  service.setRate(at(0), 400, 0);
  service.setRate(at(0.1), 0, 0);
  const waiting = (): number => service.backlog(0);
  service.advance(at(0.1));
  // Two are in service, for 0.1 s each, and twenty wait.
  expect(waiting()).toBeGreaterThan(18);
  const before = waiting();
  for (let pod = 0; pod < 39; pod++) service.change(at(0.1), 0, undefined, full);
  service.change(at(0.1), 0, slow, full);
  expect(waiting()).toBeCloseTo(before, 9);
  // A tenth of the pods is there, so the heir gets a tenth of the requests: two, done 50 ms later; all of them would take half a second.
  let tally = emptyTally();
  service.cut(at(0.25), (cut) => (tally = sumOf([cut])));
  expect(tally.served + tally.rejected).toBeCloseTo(tally.offered, 9);
  expect(service.census.presence).toBeCloseTo(service.census.sojourns, 9);
});

describe('requests under common random numbers', () => {
  it('come at the same moments whatever pods there are', () => {
    const arrivals = (modes: readonly ServingMode[], more: Partial<RequestOptions> = {}): number[] => {
      const service = requestService({ zones: 1, ...more }, 7);
      for (const mode of modes) service.change(at(0), 0, undefined, mode);
      service.setRate(at(0), 50, 10);
      const offered: number[] = [];
      // Which instant of a thousandth of a second each is in.
      for (let t = 0.001; t < 5; t += 0.001) service.cut(at(t), (tally) => offered.push(tally.offered));
      return offered;
    };
    const some = arrivals([full, full]);
    expect(some.reduce((a, b) => a + b, 0)).toBeGreaterThan(300);
    expect(arrivals([full, full, slow, keepAlive])).toEqual(some);
    expect(arrivals([full], { discipline: 'processor-sharing', balancer: 'least-outstanding', cv: 2 })).toEqual(some);
  });

  it('are one stream: none of it is drawn from elsewhere', () => {
    const tally = emptyTally();
    requestService({ zones: 1 }).cut(at(0), (cut) => {
      expect({ ...cut, responses: [] }).toEqual(tally);
    });
  });
});
