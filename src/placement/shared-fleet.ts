/** What one of the apps that share slots needs. */
export interface Member {
  /** Pods that it needs, moment by moment: as many for every member. */
  readonly needs: ArrayLike<number>;
  /** CPU of one of its pods outside slots, millicores. */
  readonly limit: number;
  /** Fewest pods outside slots. */
  readonly least: number;
  /** Whether `least` is also the most: their number is given. */
  readonly given: boolean;
}

/** Slots, and pods outside them of each member. */
export interface SharedFleet {
  readonly slots: number;
  readonly outside: readonly number[];
  /** Reserved by all of them, millicores. */
  readonly millicores: number;
}

/**
 * The slots S and pods outside them E that reserve few cores, if slots change hands at once: min Σ limit·E + slot·S with Σ max(0, n(t) − E) ≤ S at every moment t.
 * The problem is convex; from the fewest and the most pods it descends by steps of zones · 2^i of any members at once, up or down, until none is better: in most
 * small cases the least, else a few percent more. `slots`: their number, where it is given; too few for the needs come before any cores.
 */
export function sharedFleet(members: readonly Member[], slotMillicores: number, zones: number, slots?: number): SharedFleet {
  const moments = hardest(members);
  /** Most slots that are needed at once. */
  const slotsFor = (outside: readonly number[]): number => {
    let most = 0;
    for (const needs of moments) {
      let sum = 0;
      for (let m = 0; m < outside.length; m++) sum += Math.max(0, (needs[m] as number) - (outside[m] as number));
      most = Math.max(most, sum);
    }
    return most;
  };
  const coresOf = (outside: readonly number[], held: number): number =>
    outside.reduce((sum, pods, m) => sum + pods * (members[m] as Member).limit, held * slotMillicores);
  const cost = (outside: readonly number[]): number => {
    const needed = slotsFor(outside);
    return coresOf(outside, slots ?? needed) + Math.max(0, needed - (slots ?? needed)) * 1e9;
  };
  const free = members.flatMap(({ given }, m) => (given ? [] : [m]));
  const peaks = members.map(({ needs }) => largest(needs));
  const directions = directionsOf(free.length);
  const descended = (from: readonly number[]): readonly number[] => {
    let [best, fewest] = [from, cost(from)];
    const improved = (): boolean => {
      for (let step = zones; step <= Math.max(...peaks); step *= 2)
        for (const direction of directions) {
          const tried = [...best];
          free.forEach((m, i) => (tried[m] = (tried[m] as number) + step * (direction[i] as number)));
          if (tried.some((count, m) => count < (members[m] as Member).least) || cost(tried) >= fewest) continue;
          [best, fewest] = [tried, cost(tried)];
          return true;
        }
      return false;
    };
    while (improved());
    return best;
  };
  const low = descended(members.map(({ least }) => least));
  const high = descended(members.map(({ least, given }, m) => (given ? least : Math.max(least, peaks[m] as number))));
  const outside = cost(high) < cost(low) ? high : low;
  const held = slots ?? Math.max(1, slotsFor(outside));
  return { slots: held, outside, millicores: coresOf(outside, held) };
}

/** What all members need, at the moments at which no other moment asks for as much of each. */
function hardest(members: readonly Member[]): readonly (readonly number[])[] {
  const moments = Math.max(...members.map(({ needs }) => needs.length));
  const covers = (a: readonly number[], b: readonly number[]): boolean => a.every((need, m) => need >= (b[m] as number));
  let found: (readonly number[])[] = [];
  for (let k = 0; k < moments; k++) {
    const needs = members.map((member) => member.needs[k] as number);
    if (found.some((other) => covers(other, needs))) continue;
    found = [...found.filter((other) => !covers(needs, other)), needs];
  }
  return found;
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i] as number);
  return most;
}

/** Every way to go up, down or nowhere with each of some members; of more than four only those that move two. */
function directionsOf(members: number): readonly (readonly number[])[] {
  let all: (readonly number[])[] = [[]];
  for (let m = 0; m < members; m++) all = all.flatMap((each) => [0, 1, -1].map((way) => [...each, way])).filter((each) => members <= 4 || each.filter((way) => way !== 0).length <= 2); // prettier-ignore
  return all.filter((each) => each.some((way) => way !== 0));
}
