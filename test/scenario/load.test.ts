import { expect, it } from 'vitest';
import { time } from '../../src/base/units.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { ScenarioError } from '../../src/scenario/scenario-error.ts';
import { demandOf, streamsOf } from '../../src/simulation/demand.ts';
import { strategies } from '../../src/strategies/registry.ts';
import type { Curve } from '../../src/traffic/curve.ts';

const read = (...set: string[]) => readScenario('scenarios/tiny.yaml', { set, catalog: { strategies } });

// gala: 1,800/s for 300 s, then 300/s for 300 s = 630,000 requests; a wave of 100/s more = 60,000.
it('load times all traffic, surprises too, and what is forecast of it', () => {
  const wave = 'apps.gala.surprise={ wave: { constant: 100/s } }';
  const [plain, half] = [read(wave), read(wave, 'load=50%')].map((scenario) =>
    demandOf(scenario.apps[0]!, scenario, streamsOf(scenario, 0)),
  );
  const requests = (curve: Curve): number => curve.integral(time(0), time(600e6));
  expect(requests(plain!.truth)).toBeCloseTo(690_000, 6);
  expect(requests(half!.truth)).toBeCloseTo(345_000, 6);
  expect(requests(half!.forecast)).toBeCloseTo(315_000, 6);
  expect(read('load=100%')).toEqual(read());
});

it.each([
  ['load=0%', 'must be greater than 0%'],
  ['load=2', 'write'],
  ['load=-10%', 'read "-10%"'],
])('%s is refused', (set, message) => {
  expect(() => read(set)).toThrow(ScenarioError);
  expect(() => read(set)).toThrow(message);
});
