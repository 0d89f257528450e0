import { describe, expect, it } from 'vitest';
import { growth } from '../../bench/growth.ts';
import { groups } from '../../bench/measurement.ts';
import { planned } from '../../bench/plan.ts';
import { fullFile, sized, whole } from '../../bench/sized.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { strategies } from '../../src/strategies/registry.ts';

const read = (size: Parameters<typeof sized>[0]) => readScenario(fullFile, { set: sized(size), catalog: { strategies } });

describe('the sizes of double11-full', () => {
  it('are the file itself, and the tenth that the head of the file describes', () => {
    expect(sized(whole)).toEqual([]);
    const tenth = read({ nodes: 0.1, pods: 0.1 });
    expect(tenth.cluster.pools.reduce((sum, { nodes }) => sum + nodes, 0)).toBe(1000);
    expect(sized({ nodes: 0.1, pods: 0.1 })).toEqual([
      'cluster.nodes=1000',
      'platform.scheduler.rate=0.2000/s',
      'strategies.time-share.slots.pairs=2500',
      'apps.pay.traffic.festival.peak=2560000/s',
      'apps.social.traffic.sum.0.shift.of.festival.peak=2250000/s',
      'apps.social.traffic.sum.1.festival.peak=2000000/s',
    ]);
  });

  it('are scenarios without mistakes, also with few apps and many days', () => {
    expect(read({ nodes: 0.1, pods: 0.1, copies: 1 }).apps).toHaveLength(2);
    const days = read({ nodes: 0.1, pods: 0.1, copies: 3, days: 10 });
    expect(days.apps).toHaveLength(6);
    expect(days.calendar.horizon).toBe(10 * 86_400e6);
  });
});

describe('the plan', () => {
  it('measures each thing once: ten times a tenth is the whole, and ten times its apps is the tenth', () => {
    const names = planned(groups, 1).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const last = Object.fromEntries(growth(1).map(({ of, points }) => [of, points.at(-1)?.measurement.name]));
    expect(last['nodes, with pods and traffic']).toBe('double11-full');
    expect(last['apps, at the same traffic']).toBe('a tenth');
  });

  it('measures only the groups that are chosen', () => {
    expect(planned(['csv'], 1000)).toMatchObject([{ group: 'csv', job: { kernel: 'csv', words: ['500'] } }]);
  });
});
