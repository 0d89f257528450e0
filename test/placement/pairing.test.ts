import { describe, expect, it } from 'vitest';
import {
  byCorrelation,
  type Candidate,
  complementary,
  GroupCosts,
  type Grouping,
  localSearch,
  optimal,
} from '../../src/placement/pairing.ts';
import { sharedFleet } from '../../src/placement/shared-fleet.ts';
import { Streams } from '../../src/random/streams.ts';

/** Pods of 4 cores, kept alive on 1, so that a slot of two takes 5 cores and one of three 6. */
const app = (name: string, needs: readonly number[], more: Partial<Candidate> = {}): Candidate => ({
  name,
  needs,
  load: needs.map((pods) => 3 * pods),
  limit: 4000,
  keepAlive: 1000,
  least: 1,
  given: false,
  ...more,
});
const costs = (apps: readonly Candidate[], size = 2, mayShare: (apps: readonly Candidate[]) => boolean = () => true) =>
  new GroupCosts({ apps, zones: 1, size, mayShare });
const named = (grouping: Grouping, apps: readonly Candidate[]): readonly string[] =>
  grouping.map((group) => group.map((place) => apps[place]!.name).join('+'));

describe('the fleet of a group', () => {
  it('is the least of all, for two apps, in most small cases, and never far from it', () => {
    const uniform = new Streams(3).stream('fleets');
    let [same, worst] = [0, 1];
    for (let round = 0; round < 200; round++) {
      const needs = [0, 1].map(() => Array.from({ length: 5 }, () => 1 + Math.floor(9 * uniform())));
      const members = needs.map((each) => app('x', each));
      let least = Infinity;
      for (let a = 1; a <= 10; a++)
        for (let b = 1; b <= 10; b++) {
          const slots = Math.max(1, ...needs[0]!.map((need, k) => Math.max(0, need - a) + Math.max(0, needs[1]![k]! - b)));
          least = Math.min(least, 4000 * (a + b) + 5000 * slots);
        }
      const { slots, outside, millicores } = sharedFleet(members, 5000, 1);
      expect(millicores).toBe(4000 * (outside[0]! + outside[1]!) + 5000 * slots);
      needs[0]!.forEach((need, k) =>
        expect(Math.max(0, need - outside[0]!) + Math.max(0, needs[1]![k]! - outside[1]!)).toBeLessThanOrEqual(slots),
      );
      if (millicores === least) same++;
      worst = Math.max(worst, millicores / least);
    }
    expect(same).toBeGreaterThan(100);
    expect(worst).toBeLessThan(1.15);
  });
});

describe('pairing', () => {
  // By hand: day and night each need 9 pods in turn: 1 + 1 outside and 8 slots are 48 cores instead of 72; flat needs 5 always.
  const apps = [app('day', [9, 9, 1, 1]), app('flat', [5, 5, 5, 5]), app('night', [1, 1, 9, 9])];

  it('knows what a group reserves, and what an app does alone', () => {
    expect(costs(apps).of([0, 2])).toBe(48_000);
    expect([0, 1, 2].map((place) => costs(apps).of([place]))).toEqual([36_000, 20_000, 36_000]);
    expect(costs(apps).total([[0, 2]])).toBe(68_000);
    expect(costs(apps).of([0, 1, 2])).toBe(Infinity);
  });

  it.each([['complementary', complementary], ['correlation', byCorrelation], ['local-search', localSearch], ['optimal', optimal]] as const)('%s joins what peaks in turn, leaves alone what saves nothing, and keeps apart what may not share', (_, method) => {
    expect(named(method(costs(apps)), apps)).toEqual(['day+night']);
    const apart = costs(apps, 2, (members) => members.every(({ name }) => name !== 'night'));
    expect(named(method(apart), apps).join()).not.toContain('night');
    expect(method(costs([app('a', [3, 3]), app('b', [3, 3])]))).toEqual([]);
  });

  it('takes groups of three and four where three peaks are in turn', () => {
    const turns = [app('a', [20, 1, 1, 1]), app('b', [1, 20, 1, 1]), app('c', [1, 1, 20, 1]), app('d', [1, 1, 1, 20])];
    // 4 outside and 19 slots of 4 + 3 cores are 149 cores; two pairs of 1 + 1 and 19 slots of 5 are 206.
    for (const method of [complementary, localSearch, optimal]) expect(named(method(costs(turns, 4)), turns)).toEqual(['a+b+c+d']);
    expect(costs(turns, 4).total(optimal(costs(turns, 4)))).toBe(149_000);
    expect(costs(turns, 2).total(optimal(costs(turns, 2)))).toBe(206_000);
  });

  it('optimal is what trying every division finds; local-search never worse than the greedy ones, and near it', () => {
    const uniform = new Streams(8).stream('pairing');
    let [sum, best] = [0, 0];
    for (let round = 0; round < 30; round++) {
      const drawn = Array.from({ length: 6 }, (_, i) => app(`a${String(i)}`, Array.from({ length: 6 }, () => 1 + Math.floor(12 * uniform() * uniform()))));
      const mayShare = (members: readonly Candidate[]): boolean => !(members.includes(drawn[0]!) && members.includes(drawn[1]!));
      const known = costs(drawn, 3, mayShare);
      const least = Math.min(...divisions([0, 1, 2, 3, 4, 5]).map((division) => known.total(division.filter((group) => group.length > 1))));
      const found = known.total(optimal(known));
      expect(found).toBe(least);
      const near = known.total(localSearch(known));
      expect(near).toBeGreaterThanOrEqual(found);
      expect(near).toBeLessThanOrEqual(Math.min(known.total(complementary(known)), known.total(byCorrelation(known))));
      sum += near;
      best += found;
    }
    expect(sum / best).toBeLessThan(1.02);
  });
}); // prettier-ignore

/** Every division into groups. */
function divisions(places: readonly number[]): readonly (readonly (readonly number[])[])[] {
  const [first, ...others] = places;
  if (first === undefined) return [[]];
  return divisions(others).flatMap((division) => [
    [[first], ...division],
    ...division.map((group, i) => division.map((each, j) => (i === j ? [first, ...group] : each))),
  ]);
}
