import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PluginError } from '../../src/base/errors.ts';
import { planWarnings } from '../../src/experiments/plan-warnings.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { defineStrategy, type Strategy } from '../../src/strategies/strategy.ts';
import { sharedWorld, staged } from '../strategies/support.ts';
import { scenario } from './support.ts';

describe('a plan that is none', () => {
  const planning = (plan: unknown) => {
    const mine = defineStrategy({
      name: 'mine',
      summary: 'a strategy of a test',
      options: () => z.strictObject({}),
      create: () => ({ open: () => [], decide: () => [], plan: () => plan }) as unknown as Strategy,
    });
    return () => planWarnings(staged(sharedWorld, mine, '{}'), [mine]);
  };
  const fleet = { from: 0, exclusive: new Map(), slots: new Map() };
  const whole = { ...fleet, exclusive: new Map(['gala', 'sale', 'site'].map((app) => [app, 1])) };
  it.each([
    ['nothing', undefined, 'returned nothing instead of a list of fleets'],
    ['a number', 5, 'returned 5 instead of a list of fleets'],
    ['a promise', Promise.resolve([]), 'returned a promise instead of a list of fleets'],
    ['a list of nothing', [null], 'is wrong: fleet 0 has from nothing: expected whole µs, not falling'],
    ['times that fall', [whole, { ...whole, from: 9 }, whole], 'is wrong: fleet 2 has from 0: expected whole µs, not falling'],
    ['a first fleet of later', [{ ...whole, from: 9 }], 'is wrong: fleet 0 is from 9: the first fleet is that of time zero'],
    ['apps left out', [whole, { ...fleet, from: 9 }], 'is wrong: fleet 1 says nothing of gala, sale, site: expected the pods of every app'],
    ['objects for maps', [{ ...fleet, exclusive: {} }], 'is wrong: fleet 0 needs exclusive and slots, both a Map'],
    ['NaN pods', [{ ...fleet, exclusive: new Map([['gala', NaN]]) }], 'is wrong: fleet 0 has NaN pods of gala: expected a whole number'],
    [
      'a holder from elsewhere',
      [{ ...fleet, slots: new Map([['night', { slots: 2, holder: 'site' }]]) }],
      'is wrong: fleet 0 has slots of night that are none: expected { slots, holder }, the holder one of gala, sale',
    ],
  ])('is refused: %s', (_, plan, message) => {
    expect(planning(plan)).toThrow(new PluginError(`strategy mine: its plan(view) ${message}`));
  });

  it('is refused: an app that does not exist', () => {
    expect(planning([{ ...fleet, exclusive: new Map([['gal', 2]]) }])).toThrow(
      'there is no app "gal"; known: gala, sale, site (did you mean "gala"?)',
    );
  });
});

describe('the warnings of a plan', () => {
  it('say when the cluster cannot hold it', () => {
    // 48 cores under static-peak on two nodes of 20 cores.
    expect(planWarnings(scenario('tiny', ['cluster.node.cpu=20']), strategies)).toContain(
      'static-peak: the plan reserves 48 cores, but the 2 nodes have 40: some pods will wait for a node all the time',
    );
  });

  it('say when the busiest zone is too small, though the pods would do for all zones together', () => {
    // Weights 3 : 1. 6 pods of gala stand 3 : 3; east gets 1,350/s of 1,800/s and carries 1,200/s, from the start to 00:05.
    const uneven = scenario('tiny', [
      'cluster.zones={ east: { weight: 3 }, west: { weight: 1 } }',
      'strategies.static-peak.pods={ gala: 6 }',
    ]);
    expect(planWarnings(uneven, strategies)).toContain(
      'static-peak: gala: the plan is too small for the forecast from 00:00:00 on, for 300 s in all; at worst 150 requests/s are too many in zone east, at 00:05:00',
    );
  });

  it('say when a group gets no slots: a demand that jumps at the very moment of the switch must be borne outside them', () => {
    const jump = scenario('tiny', ['strategies.time-share.slots={}', 'strategies.time-share.plan.0.at=00:05:50']);
    expect(planWarnings(jump, strategies)).toContain(
      'time-share: group night gets no slots: by the forecast its apps need as many pods outside them while they do not hold them; look at the times of the plan',
    );
  });
});
