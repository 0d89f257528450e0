import { fixed, none } from '../src/report/numbers.ts';
import { exponent } from './exponent.ts';
import { growth, startName } from './growth.ts';
import type { Measured, Sample } from './measurement.ts';
import { placed, placedStrategies, replications, singleRequests } from './plan.ts';

/** Cost may grow that much faster than size: the bar of every series. */
export const exponentMax = 1.15;

/** What follows from several measurements of one run of the bench. */
export interface Finding {
  readonly of: string;
  readonly value: string;
  readonly detail: string;
}

export function findings(all: readonly Measured[], scale: number): readonly Finding[] {
  const byName = new Map(all.map(({ measurement, sample }) => [measurement.name, sample]));
  return [...overBare(byName), ...placementRatios(byName), ...speedUp(byName), ...exponents(byName, scale)];
}

type ByName = ReadonlyMap<string, Sample>;

function placementRatios(byName: ByName): readonly Finding[] {
  return placedStrategies.flatMap((label) => {
    const [index, scan] = ['index', 'plain scan'].map((finder) => byName.get(placed(label, finder)));
    if (!index || !scan) return [];
    return [
      {
        of: `placement of ${label}: index over plain scan`,
        value: `${fixed(scan.cpuSeconds / index.cpuSeconds, 1)} ×`,
        detail: 'the same nodes',
      },
    ];
  });
}

function overBare(byName: ByName): readonly Finding[] {
  const [twin, bare] = [byName.get(singleRequests.twin), byName.get(singleRequests.bare)];
  if (!twin || !bare) return [];
  const [served, drawn] = [twin, bare].map(({ cpuSeconds, work }) => (cpuSeconds / work) * 1e9) as [number, number];
  return [
    {
      of: 'single requests: over drawing their variates',
      value: `${fixed(served / drawn, 2)} ×`,
      detail: `${fixed(served)} ns over ${fixed(drawn)} ns of CPU each`,
    },
  ];
}

function speedUp(byName: ByName): readonly Finding[] {
  const [one, two] = [1, 2].map((jobs) => byName.get(replications(jobs)));
  if (!one || !two) return [];
  const load = [one, two].map((sample) => fixed(sample.load, 2)).join(' and ');
  return [
    {
      of: '8 replications: 2 workers over 1, wall',
      value: `${fixed(one.wallSeconds / two.wallSeconds, 2)} ×`,
      detail: `load average before: ${load}; CPU ${fixed(two.cpuSeconds / one.cpuSeconds, 2)} ×`,
    },
  ];
}

function exponents(byName: ByName, scale: number): readonly Finding[] {
  const start = byName.get(startName)?.cpuSeconds;
  if (start === undefined) return [];
  return growth(scale).map(({ of, points }) => {
    const costs = points.map(({ size, measurement: { name } }) => ({ size, cost: byName.get(name)?.cpuSeconds ?? NaN }));
    const all = exponent(costs);
    const text = (value: number | undefined): string => (value === undefined ? none : fixed(value, 2));
    return {
      of: `growth of CPU with ${of}`,
      value: `size^${text(all)}`,
      detail: [
        `${all !== undefined && all <= exponentMax ? 'within' : 'ABOVE'} ${String(exponentMax)}`,
        `net of start-up ${text(exponent(costs.map(({ size, cost }) => ({ size, cost: cost - start }))))}`,
        ...(costs.length > 2 ? [`between the two largest ${text(exponent(costs.slice(-2)))}`] : []),
        `${costs.map(({ size }) => `${String(size)} ×`).join(', ')}: ${costs.map(({ cost }) => fixed(cost, 1)).join(', ')} s`,
      ].join('; '),
    };
  });
}
