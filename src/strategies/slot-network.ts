import { defined } from '../base/assert.ts';

/** Parts of one member that another can get, and where that leads. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly parts: number;
  /** Allocations before and after it. */
  readonly start: number;
  readonly end: number;
}

/** Allocations, and what leads from one to another: those from allocation a are in the places `first[a]` to `first[a + 1] - 1` of `all`. */
export interface Network {
  readonly allocations: readonly (readonly number[])[];
  readonly moves: { readonly all: readonly Move[]; readonly first: readonly number[] };
}

const networks = new Map<string, Network>();

/** All allocations of so many parts, and all hand-overs of one member’s parts to another; the same object for the same numbers. */
export function network(members: number, parts: number): Network {
  const key = `${String(members)} ${String(parts)}`;
  const known = networks.get(key);
  if (known !== undefined) return known;
  const allocations = allocationsOf(members, parts);
  const lists = movesOf(allocations);
  const first = [0];
  for (const list of lists) first.push((first.at(-1) as number) + list.length);
  const made = { allocations, moves: { all: lists.flat(), first } };
  networks.set(key, made);
  return made;
}

/** All ways to divide `parts` among members. */
function allocationsOf(members: number, parts: number): readonly (readonly number[])[] {
  if (members === 1) return [[parts]];
  return Array.from({ length: parts + 1 }, (_, first) => allocationsOf(members - 1, parts - first).map((rest) => [first, ...rest])).flat();
}

/** By allocation. */
function movesOf(allocations: readonly (readonly number[])[]): readonly (readonly Move[])[] {
  const place = new Map(allocations.map((allocation, a) => [allocation.join(), a]));
  return allocations.map((allocation, start) =>
    allocation.flatMap((held, from) =>
      allocation.flatMap((_, to) =>
        from === to
          ? []
          : Array.from({ length: held }, (_, i): Move => {
              const end = allocation.map((count, m) => (m === from ? count - i - 1 : m === to ? count + i + 1 : count));
              return { from, to, parts: i + 1, start, end: defined(place.get(end.join()), 'an allocation') };
            }),
      ),
    ),
  );
}
