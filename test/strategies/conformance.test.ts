import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { strategies } from '../../src/strategies/registry.ts';
import { defineStrategy } from '../../src/strategies/strategy.ts';
import { type Candidate, testConformance } from './conformance.ts';

/** How each built-in strategy is put on the stage: a new one gets an entry here, and is tested like the others. */
const parts: Readonly<Record<string, Omit<Candidate, 'entry'>>> = {
  'static-peak': { options: '{ utilisation: 75% }', alone: '{ utilisation: 75% }' },
  'static-mean': { options: '{ utilisation: 75%, pods: { site: 3 } }', alone: '{}' },
  hpa: { options: '{ target: 60%, pods: { gala: 6, sale: 2 }, behavior: { scaleUp: { tolerance: 5% } } }', alone: '{}' },
  cron: {
    options: '{ plan: [{ at: 00:05:10, app: gala }, { at: 00:05:40, app: sale, pods: 8 }] }',
    alone: '{ lead: 1m, plan: [{ at: 00:05:10, app: site, pods: 4 }] }',
  },
  predictive: { options: '{ predict: holt-winters, season: 5m, step: 30s, hold: 30s, pods: { site: 3 } }', alone: '{}' },
  lcp: { options: '{ breakEven: 1m, window: 40s, period: 10s }', alone: '{}' },
  'warm-pool': { options: '{ pool: 50%, hold: 30s, standby: { site: 1 } }', alone: '{}' },
  'vacate-and-move': {
    options: '{ utilisation: 75%, plan: [{ at: 00:05:10, from: gala, to: sale }] }',
    alone: '{ plan: [{ at: 00:05:10, from: site, to: site }] }',
    needs: /giver and taker are both site/,
  },
  'time-share': {
    options: '{ plan: [{ at: 00:05:10, group: night, from: gala, to: sale }], rollout: { batches: [50%, 100%], observe: 10s } }',
    alone: '{ plan: [{ at: 00:05:10, group: night, from: site, to: site }] }',
    needs: /there is no group "night": the scenario has none/,
  },
  'time-share-reactive': { options: '{ hold: 20s, dwell: 30s, period: 10s, slots: { night: 4 } }', alone: '{}' },
  'time-share-predictive': {
    options: '{ lead: 30s, dwell: 30s, period: 10s, rollout: { batches: [50%, 100%], observe: 10s } }',
    alone: '{}',
  },
  mpc: { options: '{ window: 3m, period: 10s, slots: { night: 4 }, rollout: { batches: [50%, 100%], observe: 10s } }', alone: '{}' },
  optimum: { options: '{ information: perfect, step: 10s }', alone: '{ information: perfect }' },
};

it('every strategy of the registry has a part, and a name of its own', () => {
  expect(strategies.map(({ name }) => name).sort()).toEqual(Object.keys(parts).sort());
  for (const { name, summary } of strategies)
    expect(strategies.filter((other) => other.name === name || other.summary === summary)).toHaveLength(1);
});

it('every strategy has a row in the README', () => {
  const readme = readFileSync('README.md', 'utf8');
  expect(strategies.filter(({ name }) => !readme.includes(`\n| \`${name}\` | `)).map(({ name }) => name)).toEqual([]);
});

for (const entry of strategies) {
  const part = parts[entry.name];
  if (part) testConformance({ entry, ...part });
}

// A strategy that has a period and draws from its own stream, as a plug-in may.
const nervous = defineStrategy({
  name: 'nervous',
  summary: 'gives every app between two and five pods, at random, every ten seconds',
  options: (kit) => z.strictObject({ period: kit.duration(), most: kit.count(2) }),
  create: ({ period, most }, uniform) => ({
    period,
    open: (view) => view.apps.map(({ name }) => ({ kind: 'scale', app: name, pods: 4 })),
    decide: (view) =>
      view.because === 'period'
        ? view.apps.map(({ name }) => ({ kind: 'scale', app: name, pods: 2 + Math.floor(uniform() * (most - 1)) }))
        : [],
  }),
});
testConformance({ entry: nervous, options: '{ period: 10s, most: 5 }', alone: '{ period: 10s, most: 5 }' });
