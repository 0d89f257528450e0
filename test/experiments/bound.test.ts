import { describe, expect, it } from 'vitest';
import { lowerBound } from '../../src/experiments/bound.ts';
import { decodeScenario } from '../../src/scenario/decode.ts';
import { ScenarioError } from '../../src/scenario/scenario-error.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { Streams } from '../../src/random/streams.ts';
import { drawnScenario } from '../simulation/drawn-scenario.ts';

const tiny = (...set: string[]) => readScenario('scenarios/tiny.yaml', { set, catalog: { strategies } });
/** The drawn scenario of this number; undefined where it is refused. */
function drawn(n: number): Scenario | undefined {
  try {
    return decodeScenario({ file: `drawn-${String(n)}.yaml`, text: drawnScenario(new Streams(n).stream('bound')) }, { strategies }).scenario;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return undefined;
  }
} // prettier-ignore
const cost = (scenario: Scenario, label: string, replication = 0): number => {
  const { summary } = simulate({ scenario, label, replication, strategies });
  return Number(summary.at(-1)?.['cost']);
};

// 10 ms a request: 21 cores are busy in each of the first five minutes, 8.5 in the sixth (6 for 50 s, then 21), 21 again until ten. Time-outs of 1 s: what comes in the last
// second of a minute may be served in the next.
describe('the bound', () => {
  it('of what is owned: R cores do, R of the last second of the fifth minute in the sixth: 5 · 1260 = (300 + 1) R', async () => {
    expect(await lowerBound(tiny(), 0)).toBeCloseTo((6300 / 301) * (600 / 3600), 9);
  });

  // 11,850 core seconds, of which 21 may come after the end. After the sixth minute, which holds 8.5 cores and 21 core seconds of the fifth, 8.85, the last four hold alike:
  // (4 · 1260 − 21) ÷ 240 = 20.9125. That is 12.0625 more, at 0.05 for a pod of 4 cores; to keep a core through a minute is dearer (1/60).
  it('of what is held: all the work, and the pods that are made anew', async () => {
    expect(await lowerBound(tiny('prices.basis=held'), 0)).toBeCloseTo(11829 / 3600 + (12.0625 * 0.05) / 4, 9);
  });

  // 1,185,000 requests; a core hour, dear, serves 360,000 of them.
  it('leaves unserved what is not worth its cores', async () => {
    expect(await lowerBound(tiny('prices.unservedPer1000=0.002'), 0)).toBeCloseTo(1185 * 0.002, 9);
    expect(await lowerBound(tiny('prices.coreHour=0'), 0)).toBeCloseTo(0, 9);
  });

  it('is not known of single requests, whose number is drawn', async () => {
    expect(await lowerBound(tiny('fidelity=request'), 0)).toBeUndefined();
  });

  it('is beaten by no strategy, whatever the scenario, its faults, noise and retries, and whichever the prices', async () => {
    let looked = 0;
    let nearest = Infinity;
    for (let n = 0; looked < 60; n++) {
      const scenario = drawn(n);
      if (scenario === undefined) continue;
      for (const basis of ['owned', 'held'] as const) {
        const priced = { ...scenario, fidelity: 'fluid' as const, prices: { ...scenario.prices, basis } };
        const bound = (await lowerBound(priced, n % 3)) as number;
        for (const { label } of scenario.strategies) {
          const paid = cost(priced, label, n % 3);
          expect([n, basis, label, bound > paid * (1 + 1e-9)]).toEqual([n, basis, label, false]);
          if (bound > 0) nearest = Math.min(nearest, paid / bound);
          looked++;
        }
      }
    }
    expect(nearest).toBeLessThan(1.5);
  });
}); // prettier-ignore
