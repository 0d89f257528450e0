import type { Duration } from '../base/units.ts';
import type { Rollout } from '../operations/orders.ts';
import { type Move, network } from './slot-network.ts';

/** Slots of one member that another gets, from a step on. */
export interface HandOver {
  readonly step: number;
  readonly from: number;
  readonly to: number;
  readonly slots: number;
}

export interface SlotProblem {
  readonly slots: number;
  readonly members: number;
  readonly steps: number;
  /** Price of what a member loses in a step in which it holds so many slots. */
  readonly loss: (member: number, step: number, slots: number) => number;
  /** Slots that a member must keep for the platform to let others go in a step: those for the load that is seen then. */
  readonly keeps: (member: number, step: number) => number;
  /** Price of a slot handed on. */
  readonly price: number;
  /** In each step that a hand-over takes: the share of its slots that the giver is without, and the share that the taker has. */
  readonly handOver: readonly { readonly gone: number; readonly come: number }[];
  /** What each member holds at first; left out: all slots are one member's, whichever is best. */
  readonly held?: readonly number[];
  /** In so many parts at most; left out: in as many as is reasonable. */
  readonly parts?: number;
}

export interface SlotPlan {
  /** Of losses and hand-overs. */
  readonly cost: number;
  /** What each member holds at first. */
  readonly held: readonly number[];
  /** In the order of their steps. */
  readonly handOvers: readonly HandOver[];
}

/** Parts in which slots are handed on at most, by the number of members: 41, 91 and 84 allocations. */
const mostParts: readonly number[] = [1, 1, 40, 12, 6];
const partsOfMany = 3;

/**
 * The cheapest way to hand the slots of a group on: a shortest path over steps and allocations (Bellman). At a step either all stay as they are, and each member loses what it
 * holds too little for; or slots of one member go to another, one hand-over at a time, if it can do without them, which takes steps in which the giver is without them and the taker does not have them
 * yet. Slots are handed on one by one where there are few of them, else in parts. O(steps · allocations · members · parts).
 */
export function slotPlan(problem: SlotProblem): SlotPlan {
  const { slots, members, steps, price, handOver } = problem;
  const parts = Math.min(slots, problem.parts ?? Infinity, mostParts[members] ?? partsOfMany);
  const slotsIn = (count: number): number => Math.floor((count * slots) / parts);
  const { allocations, moves } = network(members, parts);
  const width = parts + 1;
  /** By step, member and parts. */
  const losses = Float64Array.from({ length: steps * members * width }, (_, i) =>
    problem.loss(Math.floor(i / width) % members, Math.floor(i / width / members), slotsIn(i % width)),
  );
  const gone = handOver.map((share) => Int32Array.from({ length: width }, (_, count) => Math.ceil(share.gone * count)));
  const come = handOver.map((share) => Int32Array.from({ length: width }, (_, count) => Math.floor(share.come * count)));
  const best = Array.from({ length: steps + 1 }, () => new Float64Array(allocations.length).fill(Infinity));
  /** By step and allocation: the hand-over that leads there (its place in `moves`), -1 where all stayed as they were, and the step it began in. */
  const came = Array.from({ length: steps + 1 }, () => new Int32Array(allocations.length).fill(-1));
  const since = Array.from({ length: steps + 1 }, () => new Int32Array(allocations.length));
  /** In whole parts, by step and member; while a hand-over lasts that begins then. */
  const keeps = Int32Array.from({ length: steps * members }, (_, i) => {
    const [k, m] = [Math.floor(i / members), i % members];
    const most = Math.max(...handOver.map((_, j) => (k + j < steps ? problem.keeps(m, k + j) : 0)));
    return Math.ceil((most * parts) / slots);
  });
  const prices = Float64Array.from({ length: width }, (_, count) => price * slotsIn(count));
  const start = problem.held === undefined ? undefined : nearest(problem.held, slots, parts).join();
  allocations.forEach((allocation, a) => {
    if (start === undefined ? allocation.includes(parts) : allocation.join() === start) (best[0] as Float64Array)[a] = 0;
  });
  // What a member loses while it gives, or takes, so many of the parts that it holds: by member, parts held and parts moved; moved 0: it does neither.
  const giving = new Float64Array(members * width * width);
  const taking = new Float64Array(members * width * width);
  for (let k = 0; k < steps; k++) {
    const [here, next, cameNext] = [best[k], best[k + 1], came[k + 1]] as [Float64Array, Float64Array, Int32Array];
    const after = Math.min(steps, k + handOver.length);
    const [later, cameLater, sinceLater] = [best[after], came[after], since[after]] as [Float64Array, Int32Array, Int32Array];
    addUp(giving, taking, losses, problem, k, after, gone, come, width);
    for (let a = 0; a < allocations.length; a++) {
      const cost = here[a] as number;
      if (cost === Infinity) continue;
      const allocation = allocations[a] as readonly number[];
      let stay = cost;
      let all = cost;
      for (let m = 0; m < members; m++) {
        stay += losses[(k * members + m) * width + (allocation[m] as number)] as number;
        all += giving[(m * width + (allocation[m] as number)) * width] as number;
      }
      if (stay < (next[a] as number)) {
        next[a] = stay;
        cameNext[a] = -1;
      }
      const until = moves.first[a + 1] as number;
      for (let i = moves.first[a] as number; i < until; i++) {
        const { from, to, parts: moved, end } = moves.all[i] as Move;
        if ((allocation[from] as number) - moved < (keeps[k * members + from] as number)) continue;
        const gives = (from * width + (allocation[from] as number)) * width;
        const takes = (to * width + (allocation[to] as number)) * width;
        const others = all - (giving[gives] as number) - (giving[takes] as number) + (prices[moved] as number);
        const sum = others + (giving[gives + moved] as number) + (taking[takes + moved] as number);
        if (sum < (later[end] as number)) {
          later[end] = sum;
          cameLater[end] = i;
          sinceLater[end] = k;
        }
      }
    }
  }
  const last = best[steps] as Float64Array;
  const cost = Math.min(...last);
  let at = last.indexOf(cost);
  const handOvers: HandOver[] = [];
  for (let k = steps; k > 0;) {
    const by = moves.all[came[k]?.[at] as number];
    if (by === undefined) {
      k--;
      continue;
    }
    k = since[k]?.[at] as number;
    handOvers.unshift({ step: k, from: by.from, to: by.to, slots: slotsIn(by.parts) });
    at = by.start;
  }
  return { cost, held: (allocations[at] as readonly number[]).map(slotsIn), handOvers };
}

/** Fills `giving` and `taking` for a hand-over in the steps `from` to `to`. */
function addUp(giving: Float64Array, taking: Float64Array, losses: Float64Array, { members }: SlotProblem, from: number, to: number, gone: readonly Int32Array[], come: readonly Int32Array[], width: number): void {
  giving.fill(0);
  taking.fill(0);
  for (let k = from; k < to; k++) {
    const goes = gone[k - from] as Int32Array;
    const comes = come[k - from] as Int32Array;
    for (let m = 0; m < members; m++) {
      const row = (k * members + m) * width;
      for (let has = 0; has < width; has++) {
        const at = (m * width + has) * width;
        for (let moved = 0; moved <= has; moved++) (giving[at + moved] as number) += losses[row + has - (goes[moved] as number)] as number;
        for (let moved = 0; moved < width - has; moved++) (taking[at + moved] as number) += losses[row + has + (comes[moved] as number)] as number;
      }
    }
  }
} // prettier-ignore

/** What is held in whole parts; what is over is the first member's that holds most. */
function nearest(held: readonly number[], slots: number, parts: number): readonly number[] {
  const counts = held.map((count) => Math.floor((count * parts) / slots));
  const most = held.indexOf(Math.max(...held));
  counts[most] = (counts[most] as number) + parts - counts.reduce((sum, count) => sum + count, 0);
  return counts;
}

/** The steps of a hand-over by a roll-out: batches one after the other, each `batch` long and then observed. */
export function handOverOf({ batches, pause, observe }: Rollout, batch: Duration, step: Duration): SlotProblem['handOver'] {
  const each = batch + observe + pause;
  const whole = batches.length * each - pause;
  /** Share of the slots in the batches that are over `late` after they began, at `at`. */
  const share = (at: number, late: number): number => batches.reduce((most, done, i) => (i * each + late <= at ? done : most), 0);
  return Array.from({ length: Math.max(1, Math.ceil(whole / step)) }, (_, i) => ({
    gone: share((i + 1) * step - 1, 0),
    come: share(i * step, batch),
  }));
}
