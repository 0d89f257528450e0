import { assert, defined } from '../base/assert.ts';
import { type Member, sharedFleet } from './shared-fleet.ts';

/** An app as pairing sees it. */
export interface Candidate extends Member {
  readonly name: string;
  /** CPU of one of its tenants that is kept alive, millicores. */
  readonly keepAlive: number;
  /** Load over the day, in cores: as many values as `needs`. */
  readonly load: ArrayLike<number>;
}

/** What is asked of groups. */
export interface PairingTask {
  readonly apps: readonly Candidate[];
  readonly zones: number;
  /** Most apps of a group, 2 to 4. */
  readonly size: number;
  /** Whether some apps may share slots; asked of two to `size` apps. */
  readonly mayShare: (apps: readonly Candidate[]) => boolean;
}

/** Groups of apps that share slots, as places in the task's apps, each in order, the first app of a group deciding its place; who is alone is in none. */
export type Grouping = readonly (readonly number[])[];

/** Most apps for which every division into groups is looked at. */
export const mostForOptimal = 16;

/** CPU of the smallest slot: the largest running tenant beside the others kept alive. */
const slotOf = (apps: readonly Candidate[]): number =>
  Math.max(...apps.map(({ limit, keepAlive }) => limit - keepAlive)) + apps.reduce((sum, { keepAlive }) => sum + keepAlive, 0);

/** What groups of a task reserve; each is reckoned once. */
export class GroupCosts {
  readonly task: PairingTask;
  readonly #known = new Map<string, number>();

  constructor(task: PairingTask) {
    this.task = task;
  }

  /** Millicores reserved by a group; Infinity where its apps may not share. An app alone holds the pods for its peak. */
  of(places: readonly number[]): number {
    const key = places.join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const cost = this.#reckoned(places.map((place) => defined(this.task.apps[place], 'an app')));
    this.#known.set(key, cost);
    return cost;
  }

  #reckoned(apps: readonly Candidate[]): number {
    const [only] = apps;
    if (apps.length === 1 && only !== undefined) return only.limit * Math.max(only.least, ...Array.from(only.needs));
    if (apps.length > this.task.size || !this.task.mayShare(apps)) return Infinity;
    return sharedFleet(apps, slotOf(apps), this.task.zones).millicores;
  }

  /** Of groups, and of those that are alone. */
  total(grouping: Grouping): number {
    const grouped = new Set(grouping.flat());
    const alone = this.task.apps.flatMap((_, place) => (grouped.has(place) ? [] : [[place]]));
    return [...grouping, ...alone].reduce((sum, group) => sum + this.of(group), 0);
  }
}

/**
 * Greedy by the peak of the sum: of all groups and apps that are alone, the two whose loads together peak lowest beside the peaks of each, join; until no two peak lower
 * together or may share. What joins for no saving stays apart.
 */
export function complementary(costs: GroupCosts): Grouping {
  return joined(costs, (a, b) => peak(sum(a, b)) / (peak(a) + peak(b)));
}

/** The same by Pearson's correlation of the loads, the lowest first, and none above 0. */
export function byCorrelation(costs: GroupCosts): Grouping {
  return joined(costs, (a, b) => correlation(a, b) + 1);
}

interface Joining {
  readonly places: readonly number[];
  readonly load: ArrayLike<number>;
}

/** Joins the two with the lowest `score` below 1 as long as that saves cores. */
function joined(costs: GroupCosts, score: (a: ArrayLike<number>, b: ArrayLike<number>) => number): Grouping {
  const { apps, size } = costs.task;
  let groups = apps.map((app, place): Joining => ({ places: [place], load: app.load }));
  for (;;) {
    let best: { readonly a: number; readonly b: number; readonly score: number } | undefined;
    for (let a = 0; a < groups.length; a++)
      for (let b = a + 1; b < groups.length; b++) {
        const [one, other] = [defined(groups[a], 'a group'), defined(groups[b], 'a group')];
        if (one.places.length + other.places.length > size) continue;
        const value = score(one.load, other.load);
        if (value >= (best?.score ?? 1)) continue;
        if (costs.of(inOrder([...one.places, ...other.places])) < costs.of(one.places) + costs.of(other.places))
          best = { a, b, score: value };
      }
    if (best === undefined) return groups.filter(({ places }) => places.length > 1).map(({ places }) => places);
    const { a, b } = best;
    const [one, other] = [defined(groups[a], 'a group'), defined(groups[b], 'a group')];
    const both = { places: inOrder([...one.places, ...other.places]), load: sum(one.load, other.load) };
    groups = groups.flatMap((group, i) => (i === a ? [both] : i === b ? [] : [group]));
  }
}

/** Of more groups than this three are not tried together: that takes as long as there are groups, to the third power. */
const mostForThree = 40;

/**
 * From {@link complementary}, from {@link byCorrelation} and from nobody sharing, the first change that saves cores, again and again until there is none, and the best of the
 * three: an app moves to another group, to none, or to a new one with an app that is alone; two apps of different groups change places; one of a group joins one that is
 * alone, and the rest another; of at most {@link mostForThree} groups, three pass an app on in a circle.
 */
export function localSearch(costs: GroupCosts): Grouping {
  const found = [complementary(costs), byCorrelation(costs), []].map((start) => improved(costs, start));
  return found.reduce((best, each) => (costs.total(each) < costs.total(best) ? each : best));
}

function improved(costs: GroupCosts, start: Grouping): Grouping {
  const grouped = new Set(start.flat());
  const groups = [...start, ...costs.task.apps.flatMap((_, place) => (grouped.has(place) ? [] : [[place]]))];
  const group = (i: number): readonly number[] => defined(groups[i], 'a group');
  const cost = (places: readonly number[]): number => (places.length === 0 ? 0 : costs.of(places));
  /** Puts `instead` in the place of some groups where that saves cores. */
  const replace = (which: readonly number[], instead: readonly (readonly number[])[]): boolean => {
    const before = which.reduce((sum, i) => sum + cost(group(i)), 0);
    if (instead.reduce((sum, places) => sum + cost(places), 0) >= before * (1 - 1e-12)) return false;
    which.forEach((i, k) => (groups[i] = instead[k] as readonly number[]));
    return true;
  };
  const byTwo = (a: number, b: number): boolean => {
    const [one, other] = [group(a), group(b)];
    return (
      one.some((place) => replace([a, b], [without(one, place), plus(other, place)])) ||
      other.some((place) => replace([a, b], [plus(one, place), without(other, place)])) ||
      one.some((mine) => other.some((theirs) => replace([a, b], [plus(without(one, mine), theirs), plus(without(other, theirs), mine)])))
    );
  };
  const parted = (a: number, b: number, c: number): boolean => {
    const [one, other, third] = [group(a), group(b), group(c)];
    return one.length > 1 && other.length === 1 && third.length === 1 && one.some((place) => replace([a, b, c], [[], plus(other, place), inOrder([...without(one, place), ...third])]));
  };
  const inCircle = (a: number, b: number, c: number): boolean => {
    const [one, other, third] = [group(a), group(b), group(c)];
    return one.some((x) => other.some((y) => third.some((z) => replace([a, b, c], [plus(without(one, x), z), plus(without(other, y), x), plus(without(third, z), y)]))));
  };
  const places = (): readonly number[] => groups.map((_, i) => i);
  const better = (): boolean => {
    if (group(groups.length - 1).length > 0) groups.push([]);
    if (places().some((a) => places().some((b) => b > a && byTwo(a, b)))) return true;
    const others = (a: number, b: number): readonly number[] => places().filter((c) => c !== a && c !== b);
    const single = places().filter((i) => group(i).length === 1);
    if (places().some((a) => single.some((b) => b !== a && single.some((c) => c !== a && c !== b && parted(a, b, c))))) return true;
    return groups.length <= mostForThree && places().some((a) => others(a, a).some((b) => others(a, b).some((c) => inCircle(a, b, c))));
  };
  while (better());
  return groups.filter(({ length }) => length > 1);
} // prettier-ignore

/** The grouping that reserves least of all, by dynamic programming over the subsets of at most {@link mostForOptimal} apps: least(S) = min over the groups G of S with its first app of cost(G) + least(S − G). */
export function optimal(costs: GroupCosts): Grouping {
  const { apps, size } = costs.task;
  const count = apps.length;
  assert(count <= mostForOptimal, `at most ${String(mostForOptimal)} apps`);
  const whole = 1 << count;
  const least = new Float64Array(whole).fill(Infinity);
  const taken: (readonly number[])[] = [];
  least[0] = 0;
  for (let set = 1; set < whole; set++) {
    const members = apps.flatMap((_, place) => ((set >> place) & 1 ? [place] : []));
    const [first, ...others] = members as [number, ...number[]];
    for (const more of subsets(others, size - 1)) {
      const group = [first, ...more];
      const rest = group.reduce((left, place) => left & ~(1 << place), set);
      const cost = costs.of(group) + (least[rest] as number);
      if (cost < (least[set] as number)) [least[set], taken[set]] = [cost, group];
    }
  }
  const groups: (readonly number[])[] = [];
  for (let set = whole - 1; set > 0;) {
    const group = defined(taken[set], 'a group');
    groups.push(group);
    set = group.reduce((left, place) => left & ~(1 << place), set);
  }
  return groups.filter((group) => group.length > 1);
}

/** All subsets of at most so many, the empty one first. */
function subsets(places: readonly number[], most: number): readonly (readonly number[])[] {
  let all: (readonly number[])[] = [[]];
  for (const place of places) all = [...all, ...all.filter((set) => set.length < most).map((set) => [...set, place])];
  return all;
}

const inOrder = (places: readonly number[]): readonly number[] => [...places].sort((a, b) => a - b);
const plus = (places: readonly number[], place: number): readonly number[] => inOrder([...places, place]);
const without = (places: readonly number[], place: number): readonly number[] => places.filter((each) => each !== place);
const sum = (a: ArrayLike<number>, b: ArrayLike<number>): number[] => Array.from(a, (value, i) => value + (b[i] as number));
const peak = (values: ArrayLike<number>): number => Array.from(values).reduce((most, value) => Math.max(most, value), 0);

/** Pearson's; 0 where one does not vary. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] as number) - meanA, (b[i] as number) - meanB];
    both += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return squareA === 0 || squareB === 0 ? 0 : both / Math.sqrt(squareA * squareB);
}
