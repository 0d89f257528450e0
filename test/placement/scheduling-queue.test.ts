import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromSeconds, type Time, time } from '../../src/base/units.ts';
import { openedByDeletion, type QueueOptions, SchedulingQueue } from '../../src/placement/scheduling-queue.ts';
import type { Filter, Request } from '../../src/placement/unit.ts';
import { cluster, request } from './support.ts';

const of = cluster(1, 1);
const at = (seconds: number): Time => time(fromSeconds(seconds));
/** Backoff 1 s, at most 10 s; flush after 5 min. */
const options = (change: Partial<QueueOptions> = {}): QueueOptions => ({
  initialBackoff: fromSeconds(1),
  maxBackoff: fromSeconds(10),
  flushAfter: fromSeconds(300),
  ...change,
});
const unit = (name: string, priority = 0): Request => ({ ...request(of, 0), spreadKey: name, priority });
const full: ReadonlySet<Filter> = new Set(['NodeResourcesFit']);

/** Takes all units out that are ready; their names. */
function drain(queue: SchedulingQueue): readonly string[] {
  const names: string[] = [];
  for (let entry = queue.next(); entry; entry = queue.next()) names.push(entry.request.spreadKey);
  return names;
}

/** Takes the next unit out, which finds no node. */
function refuse(queue: SchedulingQueue, now: Time, by: ReadonlySet<Filter> = full): string | undefined {
  const entry = queue.next();
  if (entry) queue.refused(entry, by, now);
  return entry?.request.spreadKey;
}

describe('the active queue', () => {
  it('has nothing to give at first, and nothing to do', () => {
    const queue = new SchedulingQueue(options());
    expect([queue.next(), queue.waiting, queue.active, queue.nextDue]).toEqual([undefined, 0, false, Infinity]);
    queue.advance(at(1000));
    queue.wake(['NodeResourcesFit'], at(1000));
    expect([queue.next(), queue.waiting, queue.active, queue.nextDue]).toEqual([undefined, 0, false, Infinity]);
  });

  it.each([
    // one priority: 1 s < 2 s < 3 s
    { units: [['a', 0, 1], ['b', 0, 2], ['c', 0, 3]], expected: 'a b c' },
    // at the same moment the one that was added first
    { units: [['b', 0, 1], ['a', 0, 1], ['c', 0, 1]], expected: 'b a c' },
    // 2 > 1 > 0, whenever they came
    { units: [['a', 0, 1], ['b', 1, 2], ['c', 2, 3]], expected: 'c b a' },
    // 0 > −1 > −2147483648, the lowest that there is
    { units: [['a', -2_147_483_648, 1], ['b', -1, 1], ['c', 0, 1]], expected: 'c b a' },
    // 10 > 9, not as text
    { units: [['a', 9, 1], ['b', 10, 2]], expected: 'b a' },
    // priority 5: b at 1 s, d at 3 s; priority 0: a at 0 s, c at 2 s
    { units: [['a', 0, 0], ['b', 5, 1], ['c', 0, 2], ['d', 5, 3]], expected: 'b d a c' },
  ] as const)('gives the highest priority, then the one that was queued first: $expected', ({ units, expected }) => {
    const queue = new SchedulingQueue(options());
    for (const [name, priority, seconds] of units) queue.add(unit(name, priority), at(seconds));
    expect([queue.waiting, queue.active]).toEqual([units.length, true]);
    expect(drain(queue).join(' ')).toBe(expected);
    expect([queue.waiting, queue.active]).toEqual([0, false]);
  }); // prettier-ignore

  it('gives a unit that comes later before those of a lower priority that are left', () => {
    const queue = new SchedulingQueue(options());
    queue.add(unit('a'), at(0));
    queue.add(unit('b'), at(0));
    expect(queue.next()?.request.spreadKey).toBe('a');
    queue.add(unit('c', 1), at(1));
    expect(drain(queue)).toEqual(['c', 'b']);
  });

  it('gives units of a priority that it has run out of before', () => {
    const queue = new SchedulingQueue(options());
    for (const name of ['a', 'b']) {
      queue.add(unit(name, 3), at(0));
      expect(drain(queue)).toEqual([name]);
    }
  });

  it('does not count a unit that was taken out', () => {
    const queue = new SchedulingQueue(options());
    queue.add(unit('a'), at(0));
    const entry = queue.next();
    expect([queue.waiting, queue.active, queue.nextDue]).toEqual([0, false, Infinity]);
    if (entry) queue.refused(entry, full, at(0));
    expect([queue.waiting, queue.active]).toEqual([1, false]);
  });
});

describe('the backoff', () => {
  it.each([
    // 1, 2, 4, 8; 16 > 10, so 10 from then on
    { initial: 1, most: 10, expected: [1, 2, 4, 8, 10, 10, 10] },
    // 3, 6; 12 > 10
    { initial: 3, most: 10, expected: [3, 6, 10, 10] },
    // 5, 10; 10 is the most
    { initial: 5, most: 10, expected: [5, 10, 10] },
    // the first is the most already
    { initial: 10, most: 10, expected: [10, 10] },
    // the most holds for the first too
    { initial: 20, most: 10, expected: [10, 10] },
    // 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 100 (128 > 100)
    { initial: 0.25, most: 100, expected: [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 100] },
  ])('of $initial s that doubles to $most s at most is $expected s', ({ initial, most, expected }) => {
    const queue = new SchedulingQueue(options({ initialBackoff: fromSeconds(initial), maxBackoff: fromSeconds(most) }));
    queue.add(unit('a'), at(0));
    let now = at(0);
    for (const seconds of expected) {
      expect(refuse(queue, now)).toBe('a');
      queue.wake(['NodeResourcesFit'], now);
      const ends = time(now + fromSeconds(seconds));
      expect([queue.nextDue, queue.active]).toEqual([ends, false]);
      queue.advance(time(ends - 1));
      expect(queue.active).toBe(false);
      queue.advance(ends);
      expect(queue.active).toBe(true);
      now = ends;
    }
  });

  it('counts from the failed try, and only failed tries double it', () => {
    const queue = new SchedulingQueue(options());
    queue.add(unit('a'), at(0));
    refuse(queue, at(7)); // 7 + 1 = 8
    queue.wake(['NodeResourcesFit'], at(7.5));
    expect(queue.nextDue).toBe(at(8));
    queue.advance(at(20));
    refuse(queue, at(30)); // the second: 30 + 2 = 32
    queue.wake(['NodeResourcesFit'], at(30));
    queue.wake(['NodeResourcesFit'], at(31));
    expect(queue.nextDue).toBe(at(32));
  });

  it('still runs after a wake, and is not begun anew by another', () => {
    const queue = new SchedulingQueue(options());
    queue.add(unit('a'), at(0));
    refuse(queue, at(0));
    for (const seconds of [0, 0.25, 0.5, 0.999_999]) {
      queue.wake(['NodeResourcesFit'], at(seconds));
      queue.advance(at(seconds));
      expect([queue.active, queue.waiting, queue.nextDue]).toEqual([false, 1, at(1)]);
    }
    queue.advance(at(1));
    expect([queue.active, queue.waiting, queue.nextDue]).toEqual([true, 1, Infinity]);
    expect(drain(queue)).toEqual(['a']);
  });

  it('is over where the wake comes at its end or later: the unit is ready at once', () => {
    for (const seconds of [1, 1.000_001, 60]) {
      const queue = new SchedulingQueue(options());
      queue.add(unit('a'), at(0));
      refuse(queue, at(0)); // 0 + 1 = 1
      queue.wake(['NodeResourcesFit'], at(seconds));
      expect([queue.active, queue.nextDue]).toEqual([true, Infinity]);
      expect(drain(queue)).toEqual(['a']);
    }
  });

  it('of several ends one after the other, the nearest first', () => {
    const queue = new SchedulingQueue(options());
    for (const name of ['a', 'b', 'c']) queue.add(unit(name), at(0));
    for (const seconds of [0, 0.25, 0.5]) refuse(queue, at(seconds)); // until 1, 1.25, 1.5
    queue.wake(['NodeResourcesFit'], at(0.5));
    for (const [name, ends] of [['a', 1], ['b', 1.25], ['c', 1.5]] as const) {
      expect(queue.nextDue).toBe(at(ends));
      queue.advance(at(ends));
      expect(drain(queue)).toEqual([name]);
    } // prettier-ignore
    expect(queue.nextDue).toBe(Infinity);
  });
});

describe('a unit that was refused', () => {
  it.each([
    { by: ['NodeResourcesFit'], opened: ['NodeResourcesFit'], moves: true },
    { by: ['NodeResourcesFit'], opened: ['PodTopologySpread'], moves: false },
    { by: ['PodTopologySpread'], opened: ['NodeResourcesFit'], moves: false },
    { by: ['PodTopologySpread'], opened: ['PodTopologySpread'], moves: true },
    { by: ['NodeResourcesFit', 'PodTopologySpread'], opened: ['PodTopologySpread'], moves: true },
    { by: ['NodeResourcesFit', 'TaintToleration', 'NodeAffinity'], opened: ['NodeResourcesFit'], moves: true },
    { by: ['TaintToleration'], opened: ['NodeResourcesFit', 'PodTopologySpread'], moves: false },
    { by: ['NodeAffinity', 'TaintToleration'], opened: ['NodeResourcesFit', 'PodTopologySpread'], moves: false },
    { by: ['NodeAffinity'], opened: ['NodeAffinity'], moves: true },
    { by: ['NodeResourcesFit'], opened: [], moves: false },
    { by: [], opened: ['NodeResourcesFit', 'PodTopologySpread', 'TaintToleration', 'NodeAffinity'], moves: false },
    { by: ['NodeResourcesFit'], opened: openedByDeletion, moves: true },
    { by: ['PodTopologySpread'], opened: openedByDeletion, moves: true },
    { by: ['TaintToleration', 'NodeAffinity'], opened: openedByDeletion, moves: false },
  ] as const)('by $by is tried again when $opened may open: $moves', ({ by, opened, moves }) => {
    const queue = new SchedulingQueue(options());
    queue.add(unit('a'), at(0));
    refuse(queue, at(0), new Set<Filter>(by));
    queue.wake(opened, at(60));
    expect([queue.active, queue.waiting]).toEqual([moves, 1]);
  });

  it('waits for what refused it last, not for what refused it before', () => {
    const queue = new SchedulingQueue(options());
    queue.add(unit('a'), at(0));
    refuse(queue, at(0), new Set<Filter>(['NodeResourcesFit']));
    queue.wake(['NodeResourcesFit'], at(60));
    refuse(queue, at(60), new Set<Filter>(['PodTopologySpread']));
    queue.wake(['NodeResourcesFit'], at(120));
    expect(queue.active).toBe(false);
    queue.wake(['PodTopologySpread'], at(120));
    expect(queue.active).toBe(true);
  });

  it('names the filters that refused what waits, as long as it waits', () => {
    const queue = new SchedulingQueue(options());
    queue.add(unit('a'), at(0));
    expect(queue.refusing).toEqual([]);
    refuse(queue, at(0), new Set<Filter>(['TaintToleration', 'NodeResourcesFit']));
    expect(queue.refusing).toEqual(['NodeResourcesFit', 'TaintToleration']);
    queue.withdraw(() => true);
    expect(queue.refusing).toEqual([]);
  });

  it('does not come back by itself when its backoff is over', () => {
    const queue = new SchedulingQueue(options());
    queue.add(unit('a'), at(0));
    refuse(queue, at(0));
    queue.advance(at(1));
    queue.advance(at(299));
    expect([queue.active, queue.next()]).toEqual([false, undefined]);
  });

  it('comes back after five minutes, to the microsecond, whatever refused it', () => {
    for (const by of [[], ['NodeAffinity'], ['NodeResourcesFit']] as const) {
      const queue = new SchedulingQueue(options());
      queue.add(unit('a'), at(0));
      refuse(queue, at(10), new Set<Filter>(by)); // 10 + 300 = 310
      expect(queue.nextDue).toBe(at(310));
      queue.advance(at(309.999_999));
      expect(queue.active).toBe(false);
      queue.advance(at(310));
      expect([queue.active, queue.nextDue]).toEqual([true, Infinity]);
      expect(drain(queue)).toEqual(['a']);
    }
  });

  it('waits for five minutes anew after every try', () => {
    const queue = new SchedulingQueue(options());
    queue.add(unit('a'), at(0));
    for (const [tried, due] of [[0, 300], [300, 600], [600.5, 900.5]] as const) {
      expect(refuse(queue, at(tried))).toBe('a');
      expect(queue.nextDue).toBe(at(due));
      queue.advance(at(due));
    } // prettier-ignore
    expect(queue.active).toBe(true);
  });

  it('is flushed in its turn: those that were tried later stay', () => {
    const queue = new SchedulingQueue(options());
    for (const name of ['a', 'b', 'c']) queue.add(unit(name), at(0));
    for (const seconds of [0, 1, 2]) refuse(queue, at(seconds)); // until 300, 301, 302
    queue.advance(at(301));
    expect([queue.nextDue, queue.waiting]).toEqual([at(302), 3]);
    expect(drain(queue)).toEqual(['a', 'b']);
    queue.advance(at(302));
    expect(drain(queue)).toEqual(['c']);
  });

  it('goes through its backoff where the flush is earlier', () => {
    const queue = new SchedulingQueue(options({ initialBackoff: fromSeconds(8), flushAfter: fromSeconds(5) }));
    queue.add(unit('a'), at(0));
    refuse(queue, at(0)); // flush at 5, backoff until 8
    expect(queue.nextDue).toBe(at(5));
    queue.advance(at(5));
    expect([queue.active, queue.nextDue]).toEqual([false, at(8)]);
    queue.advance(at(8));
    expect([queue.active, queue.nextDue]).toEqual([true, Infinity]);
  });

  it('is ready in one step where both flush and backoff are over', () => {
    const queue = new SchedulingQueue(options({ initialBackoff: fromSeconds(8), flushAfter: fromSeconds(5) }));
    queue.add(unit('a'), at(0));
    refuse(queue, at(0));
    queue.advance(at(9));
    expect(drain(queue)).toEqual(['a']);
  });

  it('goes behind those of its priority that were queued before it was tried', () => {
    const queue = new SchedulingQueue(options());
    queue.add(unit('a'), at(0));
    queue.add(unit('b'), at(1));
    expect(refuse(queue, at(2))).toBe('a'); // queued at 2 from now on
    queue.add(unit('c'), at(2.5));
    queue.wake(['NodeResourcesFit'], at(2.5));
    queue.advance(at(3)); // 2 + 1 = 3
    // b 1 s < a 2 s < c 2.5 s: not the moment when it became ready counts, which was 3 s
    expect(drain(queue)).toEqual(['b', 'a', 'c']);
  });

  it('goes again behind the rest when it is refused again', () => {
    const queue = new SchedulingQueue(options());
    for (const name of ['a', 'b', 'c']) queue.add(unit(name), at(0));
    for (const seconds of [0, 1, 2]) refuse(queue, at(seconds)); // a, b, c
    queue.wake(['NodeResourcesFit'], at(10));
    expect(refuse(queue, at(10))).toBe('a'); // backoff until 12
    queue.wake(['NodeResourcesFit'], at(12));
    // b 1 s < c 2 s < a 10 s
    expect(drain(queue)).toEqual(['b', 'c', 'a']);
  });

  it('keeps its priority: it goes before those of a lower one that were queued earlier', () => {
    const queue = new SchedulingQueue(options());
    queue.add(unit('low'), at(0));
    queue.add(unit('high', 9), at(5));
    expect(refuse(queue, at(5))).toBe('high');
    queue.wake(['NodeResourcesFit'], at(6));
    expect(drain(queue)).toEqual(['high', 'low']);
  });
});

describe('withdrawing', () => {
  const named =
    (...names: readonly string[]) =>
    ({ spreadKey }: Request) =>
      names.includes(spreadKey);

  it('takes units out of the active queue', () => {
    const queue = new SchedulingQueue(options());
    for (const name of ['a', 'b', 'c']) queue.add(unit(name), at(0));
    queue.withdraw(named('a', 'c'));
    expect([queue.waiting, queue.active]).toEqual([1, true]);
    expect(drain(queue)).toEqual(['b']);
  });

  it('leaves no unit ready where it takes the last', () => {
    const queue = new SchedulingQueue(options());
    queue.add(unit('a'), at(0));
    queue.withdraw(named('a'));
    expect([queue.waiting, queue.active, queue.next()]).toEqual([0, false, undefined]);
  });

  it('takes units out of the backoff: they are not ready when it is over', () => {
    const queue = new SchedulingQueue(options());
    for (const name of ['a', 'b']) queue.add(unit(name), at(0));
    for (const seconds of [0, 0.5]) refuse(queue, at(seconds)); // until 1 and 1.5
    queue.wake(['NodeResourcesFit'], at(0.5));
    queue.withdraw(named('a'));
    expect(queue.waiting).toBe(1);
    queue.advance(at(1));
    expect([queue.active, queue.nextDue]).toEqual([false, at(1.5)]);
    queue.advance(at(1.5));
    expect(drain(queue)).toEqual(['b']);
  });

  it('takes units out of the unschedulable: neither a wake nor the flush brings them back', () => {
    const queue = new SchedulingQueue(options());
    for (const name of ['a', 'b']) queue.add(unit(name), at(0));
    for (const seconds of [0, 1]) refuse(queue, at(seconds));
    queue.withdraw(named('a'));
    expect([queue.waiting, queue.nextDue]).toEqual([1, at(301)]);
    queue.withdraw(named('b'));
    expect([queue.waiting, queue.nextDue]).toEqual([0, Infinity]);
    queue.wake(['NodeResourcesFit'], at(60));
    queue.advance(at(1000));
    expect([queue.active, queue.next()]).toEqual([false, undefined]);
  });

  it('takes out of all three queues at once, and nothing where nothing matches', () => {
    const queue = new SchedulingQueue(options());
    for (const name of ['unschedulable', 'backoff']) queue.add(unit(name), at(0));
    refuse(queue, at(0), new Set<Filter>(['NodeAffinity']));
    refuse(queue, at(0));
    queue.wake(['NodeResourcesFit'], at(0));
    queue.add(unit('active'), at(0));
    queue.withdraw(named('none'));
    expect([queue.waiting, queue.active, queue.nextDue]).toEqual([3, true, at(1)]);
    queue.withdraw(() => true);
    expect([queue.waiting, queue.active]).toEqual([0, false]);
    queue.advance(at(1000));
    expect([queue.active, queue.next(), queue.nextDue]).toEqual([false, undefined, Infinity]);
  });
});

/** The queue spelt out: plain arrays in the order of arrival, searched from the front. */
class SlowQueue {
  readonly #options: QueueOptions;
  #active: SlowUnit[] = [];
  #backoff: SlowUnit[] = [];
  #unschedulable: SlowUnit[] = [];
  /** Ends of the backoffs of units that were withdrawn from them. */
  withdrawnEnds: number[] = [];

  constructor(options: QueueOptions) {
    this.#options = options;
  }
  get sizes(): readonly [number, number, number] {
    return [this.#active.length, this.#backoff.length, this.#unschedulable.length];
  }
  get nextDue(): number {
    return Math.min(
      ...this.#backoff.map(({ ends }) => ends),
      ...this.#unschedulable.map(({ queued }) => queued + this.#options.flushAfter),
    );
  }
  add(wanted: Request, now: number): void {
    this.#active.push({ request: wanted, attempts: 0, queued: now, ends: now, refusedBy: [] });
  }
  next(): SlowUnit | undefined {
    const priority = Math.max(...this.#active.map((each) => each.request.priority));
    const equals = this.#active.filter((each) => each.request.priority === priority);
    const first = Math.min(...equals.map(({ queued }) => queued));
    const found = equals.find(({ queued }) => queued === first);
    this.#active = this.#active.filter((each) => each !== found);
    return found;
  }
  refused(entry: SlowUnit, refusedBy: readonly Filter[], now: number): void {
    const attempts = entry.attempts + 1;
    const backoff = Math.min(this.#options.initialBackoff * 2 ** (attempts - 1), this.#options.maxBackoff);
    this.#unschedulable.push({ request: entry.request, attempts, queued: now, ends: now + backoff, refusedBy });
  }
  wake(filters: readonly Filter[], now: number): void {
    const woken = this.#unschedulable.filter(({ refusedBy }) => refusedBy.some((filter) => filters.includes(filter)));
    for (const each of woken) this.#again(each, now);
  }
  advance(now: number): void {
    for (const each of this.#unschedulable.filter(({ queued }) => queued + this.#options.flushAfter <= now)) this.#again(each, now);
    const over = this.#backoff.filter(({ ends }) => ends <= now).sort((a, b) => a.ends - b.ends);
    this.#active.push(...over);
    this.#backoff = this.#backoff.filter(({ ends }) => ends > now);
    this.withdrawnEnds = this.withdrawnEnds.filter((ends) => ends > now);
  }
  withdraw(match: (request: Request) => boolean): void {
    const kept = (each: SlowUnit): boolean => !match(each.request);
    this.withdrawnEnds.push(...this.#backoff.filter((each) => !kept(each)).map(({ ends }) => ends));
    this.#active = this.#active.filter(kept);
    this.#backoff = this.#backoff.filter(kept);
    this.#unschedulable = this.#unschedulable.filter(kept);
  }
  #again(entry: SlowUnit, now: number): void {
    this.#unschedulable = this.#unschedulable.filter((each) => each !== entry);
    (entry.ends <= now ? this.#active : this.#backoff).push(entry);
  }
}
interface SlowUnit {
  readonly request: Request;
  readonly attempts: number;
  readonly queued: number;
  readonly ends: number;
  readonly refusedBy: readonly Filter[];
}

it('does what plain arrays do, on 300 random sequences', () => {
  const filters = fc.subarray<Filter>(['NodeResourcesFit', 'PodTopologySpread', 'NodeAffinity']);
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), priority: fc.integer({ min: -1, max: 2 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('next' as const) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('refused' as const), pick: fc.nat({ max: 9 }), by: filters }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wake' as const), opened: filters }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), halves: fc.oneof(fc.nat({ max: 6 }), fc.nat({ max: 40 })) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('advance to the next' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('withdraw' as const), divisor: fc.integer({ min: 2, max: 5 }), rest: fc.nat({ max: 4 }) }),
    },
  );
  /** How often something was in each of the three queues, and withdrawn from the backoff. */
  const seen = [0, 0, 0, 0];
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), fc.constantFrom(300, 5), (steps, flush) => {
      const by = options({ flushAfter: fromSeconds(flush) });
      const [queue, slow] = [new SchedulingQueue(by), new SlowQueue(by)];
      const taken: (readonly [NonNullable<ReturnType<SchedulingQueue['next']>>, SlowUnit])[] = [];
      let [now, added] = [time(0), 0];
      for (const each of steps) {
        if (each.do === 'add') {
          const wanted = unit(String(added++), each.priority);
          queue.add(wanted, now);
          slow.add(wanted, now);
        } else if (each.do === 'next') {
          const [entry, twin] = [queue.next(), slow.next()];
          expect(entry?.request.spreadKey).toBe(twin?.request.spreadKey);
          if (entry && twin) taken.push([entry, twin]);
        } else if (each.do === 'refused') {
          const [pair] = taken.splice(each.pick % Math.max(1, taken.length), 1);
          if (!pair) continue;
          queue.refused(pair[0], new Set(each.by), now);
          slow.refused(pair[1], each.by, now);
        } else if (each.do === 'wake') {
          queue.wake(each.opened, now);
          slow.wake(each.opened, now);
        } else if (each.do === 'pass') now = time(now + fromSeconds(each.halves / 2));
        else if (each.do === 'withdraw') {
          const match = ({ spreadKey }: Request): boolean => Number(spreadKey) % each.divisor === each.rest;
          queue.withdraw(match);
          slow.withdraw(match);
        } else {
          if (each.do === 'advance to the next' && queue.nextDue < Infinity) now = time(Math.max(now, queue.nextDue));
          queue.advance(now);
          slow.advance(now);
        }
        const [active, backoff, unschedulable] = slow.sizes;
        expect([queue.waiting, queue.active]).toEqual([active + backoff + unschedulable, active > 0]);
        // The backoff of a unit that was withdrawn is still waited for, and then brings nothing.
        expect(queue.nextDue).toBe(Math.min(slow.nextDue, ...slow.withdrawnEnds));
        [active, backoff, unschedulable, slow.withdrawnEnds.length].forEach(
          (size, index) => (seen[index] = (seen[index] ?? 0) + Math.min(1, size)),
        );
      }
      expect(drain(queue)).toEqual(drainSlow(slow));
    }),
    { seed: 11, numRuns: 300 },
  );
  expect(Math.min(...seen)).toBeGreaterThan(200);
});

function drainSlow(slow: SlowQueue): readonly string[] {
  const names: string[] = [];
  for (let entry = slow.next(); entry; entry = slow.next()) names.push(entry.request.spreadKey);
  return names;
}
