import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/assert.ts';
import { type Time, time } from '../../src/base/units.ts';
import { Engine } from '../../src/engine/engine.ts';

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
interface Event {
  readonly kind: (typeof letters)[number];
  /** Undefined: it only observes. */
  readonly subject: number | undefined;
}
const event = (kind: Event['kind'], subject: number | undefined = 0): Event => ({ kind, subject });
const observer = (kind: Event['kind']): Event => ({ kind, subject: undefined });

function engine(options: { eventsAtOnceMax?: number; interrupted?: (now: Time) => boolean } = {}): Engine<Event> {
  return new Engine<Event>({
    rank: { a: 0, b: 1, c: 2, d: 3, e: 4, f: 5, g: 6 },
    subject: (e) => e.subject,
    eventsAtOnceMax: options.eventsAtOnceMax ?? 10_000,
    interrupted: options.interrupted,
  });
}

/** Executes everything up to `until`; what was executed, and when. */
function trace(e: Engine<Event>, until: number, execute: (event: Event) => void = () => {}): string[] {
  const lines: string[] = [];
  e.run(time(until), (now) => {
    lines.push(`${e.now} ${now.kind}${now.subject}`);
    execute(now);
  });
  return lines;
}

describe('the run loop', () => {
  it('executes by time, at one instant by rank, of one rank in order of scheduling, and moves the clock to each event', () => {
    const e = engine();
    e.schedule(time(20), event('a', 1));
    e.schedule(time(10), event('c', 2));
    e.schedule(time(10), event('b', 3));
    e.schedule(time(10), event('b', 4));
    expect([e.pending, e.executed]).toEqual([4, 0]);
    expect(trace(e, 100)).toEqual(['10 b3', '10 b4', '10 c2', '20 a1']);
    expect([e.pending, e.executed, e.now]).toEqual([0, 4, 100]);
  });

  it('runs to and including `until`, leaves later events pending, and goes on from there', () => {
    const e = engine();
    for (const at of [99, 100, 101]) e.schedule(time(at), event('a', at));
    expect(trace(e, 100)).toEqual(['99 a99', '100 a100']);
    expect([e.now, e.pending]).toEqual([100, 1]);
    expect(trace(e, 200)).toEqual(['101 a101']);
  });

  it('moves the clock to `until` when there is nothing to do, also at time zero', () => {
    const e = engine();
    expect(e.run(time(0), () => {})).toBe(true);
    expect(e.now).toBe(0);
    expect(e.run(time(50), () => {})).toBe(true);
    expect(e.now).toBe(50);
  });

  it('executes an event that is scheduled for the present instant at this instant, a lower rank before what waits', () => {
    const e = engine();
    e.schedule(time(10), event('b'));
    e.schedule(time(10), event('d'));
    expect(trace(e, 10, (now) => now.kind === 'b' && e.schedule(e.now, event('a')))).toEqual(['10 b0', '10 a0', '10 d0']);
  });

  it('gives the same order for simultaneous events of different ranks, however they were shuffled', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...letters], { minLength: letters.length }), (kinds) => {
        const e = engine();
        for (const kind of kinds) e.schedule(time(7), event(kind));
        expect(trace(e, 7)).toEqual(letters.map((kind) => `7 ${kind}0`));
      }),
      { seed: 11, numRuns: 100 },
    );
  });
});

describe('the clock', () => {
  it('refuses an event in the past, and takes one at the present instant', () => {
    const e = engine();
    e.run(time(10), () => {});
    expect(() => e.schedule(time(9), event('b'))).toThrow(new InvariantError('b scheduled at 9 µs, but the clock is at 10 µs'));
    expect(() => e.schedule(time(10), event('b'))).not.toThrow();
    expect(() => engine().schedule(time(-1), event('b'))).toThrow(InvariantError);
  });

  it.each([0.5, NaN, Infinity, 9007199254740992])('refuses the time %d, which is no whole number of microseconds', (at) => {
    const e = engine();
    expect(() => e.schedule(time(at), event('b'))).toThrow(new InvariantError(`b scheduled at ${at} µs, but the clock is at 0 µs`));
    expect(e.pending).toBe(0);
  });

  it('never goes back', () => {
    const e = engine();
    e.run(time(10), () => {});
    expect(() => e.run(time(9), () => {})).toThrow(new InvariantError('time went back'));
    expect(e.now).toBe(10);
  });
});

describe('an interruption', () => {
  it('is asked for every 4,096 events with the clock, and stops the run there', () => {
    const asked: number[] = [];
    const e = engine({ interrupted: (now) => asked.push(now) === 2 });
    for (let at = 1; at <= 10_000; at++) e.schedule(time(at), event('a', at));
    expect(e.run(time(20_000), () => {})).toBe(false);
    expect(asked).toEqual([4096, 8192]);
    expect([e.now, e.executed, e.pending]).toEqual([8192, 8192, 1808]);
  });

  it('is asked for at the same event when the run goes in several stretches', () => {
    const asked: number[] = [];
    const e = engine({ interrupted: (now) => asked.push(now) < 0 });
    for (let at = 1; at <= 10_000; at++) e.schedule(time(at), event('a', at));
    for (let until = 1000; until <= 10_000; until += 1000) e.run(time(until), () => {});
    expect(asked).toEqual([4096, 8192]);
  });

  it('can stop a run in which every event only observes', () => {
    const e = engine({ interrupted: () => true });
    for (let at = 1; at <= 10_000; at++) e.schedule(time(at), observer('g'));
    expect(e.run(time(20_000), () => {})).toBe(false);
    expect([e.now, e.executed]).toEqual([4096, 0]);
  });

  it('that is not wished lets the run end', () => {
    const e = engine({ interrupted: () => false });
    for (let at = 1; at <= 5000; at++) e.schedule(time(at), event('a', at));
    expect(e.run(time(5000), () => {})).toBe(true);
    expect(e.executed).toBe(5000);
  });
});

describe('an event storm', () => {
  it('of events that only observe is stopped too', () => {
    const e = engine({ eventsAtOnceMax: 100 });
    e.schedule(time(0), observer('g'));
    expect(() => e.run(time(1), () => e.schedule(e.now, observer('g')))).toThrow(
      'event storm: more than 100 events at 0 s; the last of them: g × 101',
    );
  });

  it.each([1, 2, 7])('in a loop of %d kinds without delay is stopped, and the message names each of them', (period) => {
    const e = engine({ eventsAtOnceMax: 100 });
    const loop = letters.slice(0, period);
    e.schedule(time(1_500_000), event('a'));
    const next = (now: Event) => e.schedule(e.now, event(loop[(loop.indexOf(now.kind) + 1) % period]!));
    // 101 events are counted, the last of them is not executed: kind i of p occurs ⌈(101 − i)/p⌉ times.
    const kinds = loop.map((kind, i) => `${kind} × ${Math.ceil((101 - i) / period)}`).join(', ');
    expect(() => e.run(time(2_000_000), next)).toThrow(
      new InvariantError(`event storm: more than 100 events at 1.5 s; the last of them: ${kinds}`),
    );
    expect(e.executed).toBe(100);
  });

  it('is told by its last thousand events, not by the many that came at that instant before it', () => {
    const e = engine({ eventsAtOnceMax: 5000 });
    for (let i = 0; i < 3000; i++) e.schedule(time(9), event('a', i));
    e.schedule(time(9), event('b'));
    expect(() => e.run(time(9), (now) => now.kind !== 'a' && e.schedule(e.now, event(now.kind === 'b' ? 'c' : 'b')))).toThrow(
      /the last of them: [bc] × 500, [bc] × 500$|the last of them: [bc] × 501, [bc] × 500$/,
    );
  });

  it('is told by the events of its own instant only', () => {
    const e = engine({ eventsAtOnceMax: 100 });
    for (let i = 0; i < 100; i++) e.schedule(time(1), event('g', i));
    e.schedule(time(2), event('a'));
    expect(() => e.run(time(3), (now) => now.kind === 'a' && e.schedule(e.now, event('a')))).toThrow(/the last of them: a × 101$/);
  });

  it('is not made by as many events at one instant as are allowed, nor by more at different instants', () => {
    const e = engine({ eventsAtOnceMax: 100 });
    for (let i = 0; i < 100; i++) e.schedule(time(1), event('a', i));
    for (let i = 0; i < 100; i++) e.schedule(time(2), event('a', i));
    expect(e.run(time(3), () => {})).toBe(true);
    expect(e.executed).toBe(200);
  });
});

describe('the fingerprint of a run', () => {
  const run = (events: readonly (readonly [number, Event])[]) => {
    const e = engine();
    for (const [at, what] of events) e.schedule(time(at), what);
    e.run(time(1e12), () => {});
    return e.fingerprint.hex;
  };
  const base = [
    [10, event('a', 1)],
    [10, event('a', 2)],
    [20, event('b', 1)],
  ] as const;

  it('is equal for equal runs', () => {
    expect(run(base)).toBe(run(base));
  });

  it('is this constant for this run, on every machine', () => {
    expect(run(base)).toBe('10066afc0acd7519');
  });

  it.each([
    [
      'time',
      [
        [10, event('a', 1)],
        [10, event('a', 2)],
        [21, event('b', 1)],
      ],
    ],
    [
      'time by 2³² µs',
      [
        [10, event('a', 1)],
        [10, event('a', 2)],
        [20 + 4294967296, event('b', 1)],
      ],
    ],
    [
      'kind',
      [
        [10, event('a', 1)],
        [10, event('a', 2)],
        [20, event('c', 1)],
      ],
    ],
    [
      'subject',
      [
        [10, event('a', 1)],
        [10, event('a', 2)],
        [20, event('b', 2)],
      ],
    ],
    [
      'order',
      [
        [10, event('a', 2)],
        [10, event('a', 1)],
        [20, event('b', 1)],
      ],
    ],
    [
      'number of events',
      [
        [10, event('a', 1)],
        [10, event('a', 2)],
      ],
    ],
  ] as const)('changes with %s', (_, changed) => {
    expect(run(changed)).not.toBe(run(base));
  });

  it('is not moved by events that only observe, which are executed in their turn and not counted', () => {
    const e = engine();
    for (const [at, what] of base) e.schedule(time(at), what);
    for (const at of [1, 10, 30]) e.schedule(time(at), observer('g'));
    expect(trace(e, 1e12)).toEqual(['1 gundefined', '10 a1', '10 a2', '10 gundefined', '20 b1', '30 gundefined']);
    expect([e.executed, e.fingerprint.hex]).toEqual([3, run(base)]);
  });

  it('does not depend on the order in which events of different instants were scheduled, nor on what stays pending', () => {
    expect(run([base[2], base[0], base[1]])).toBe(run(base));
    expect(run([...base, [2e12, event('g', 9)]])).toBe(run(base));
  });

  it('is that of the whole run when it goes in several stretches', () => {
    const e = engine();
    for (const [at, what] of base) e.schedule(time(at), what);
    for (const until of [5, 10, 15, 1e12]) e.run(time(until), () => {});
    expect(e.fingerprint.hex).toBe(run(base));
  });
});
