import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operationId, time } from '../../src/base/units.ts';
import { Engine } from '../../src/engine/engine.ts';
import { eventRank, type SimEvent, subjectOf } from '../../src/simulation/events.ts';

/** One event of every kind, in the order in which they must happen at one instant: free, break, claim, load, judge, decide, observe. */
const stages: readonly (readonly SimEvent[])[] = [
  [
    { kind: 'swap-due', node: 1, direction: 'in', epoch: 0 },
    { kind: 'pull-due', epoch: 0 },
    { kind: 'pod-due', pod: 1, epoch: 0 },
    { kind: 'push-due', pod: 1, pushes: 3 },
    { kind: 'fault-ends', fault: 0, node: 1 },
  ],
  [
    { kind: 'fault-begins', fault: 0, node: undefined },
    { kind: 'node-due', node: 1, epoch: 1, what: 'evict' },
  ],
  [{ kind: 'step-due', operation: operationId(0), slot: 2, token: 0 }, { kind: 'queue-due', token: 0 }, { kind: 'bind-due' }],
  [
    { kind: 'bend', app: 1 },
    { kind: 'bucket', app: 1 },
  ],
  [{ kind: 'batch-due', operation: operationId(0), token: 0 }, { kind: 'inspection-due' }],
  [{ kind: 'decide', because: 'wake' }],
  [{ kind: 'catch-up' }, { kind: 'row' }],
];
const all = stages.flat();

describe('the order of events at one instant', () => {
  it('is known for every kind', () => {
    expect(all.map(({ kind }) => kind).sort()).toEqual(Object.keys(eventRank).sort());
    for (const rank of Object.values(eventRank)) expect(Number.isInteger(rank) && rank >= 0 && rank <= 15).toBe(true);
  });

  it('is free, break, claim, load, judge, decide, observe, however they were scheduled; those of one stage in the order of scheduling', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }), (shuffled) => {
        const engine = new Engine<SimEvent>({ rank: eventRank, subject: subjectOf, eventsAtOnceMax: 2000 });
        const executed: SimEvent[] = [];
        for (const event of shuffled) engine.schedule(time(5), event);
        engine.run(time(10), (event) => executed.push(event));
        expect(executed).toEqual(stages.flatMap((stage) => shuffled.filter((event) => stage.includes(event))));
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});

describe('the subject of an event', () => {
  it.each([
    [{ kind: 'pod-due', pod: 17, epoch: 3 }, 17],
    [{ kind: 'step-due', operation: operationId(4), slot: 9, token: 2 }, 9],
    [{ kind: 'batch-due', operation: operationId(4), token: 2 }, 4],
    [{ kind: 'swap-due', node: 6, direction: 'out', epoch: 1 }, 12],
    [{ kind: 'swap-due', node: 6, direction: 'in', epoch: 1 }, 13],
    [{ kind: 'push-due', pod: 17, pushes: 3 }, 17],
    [{ kind: 'node-due', node: 6, epoch: 1, what: 'evict' }, 6],
    // 2²⁰ for each fault, and the node after the one that stands for all of them.
    [{ kind: 'fault-begins', fault: 2, node: undefined }, 2_097_152],
    [{ kind: 'fault-ends', fault: 2, node: 6 }, 2_097_159],
    [{ kind: 'inspection-due' }, 0],
    [{ kind: 'bend', app: 2 }, 2],
    [{ kind: 'bucket', app: 3 }, 3],
    [{ kind: 'bind-due' }, 0],
    [{ kind: 'decide', because: 'period' }, 0],
    // Observers are no part of the fingerprint.
    [{ kind: 'catch-up' }, undefined],
    [{ kind: 'row' }, undefined],
  ] as const)('of %o is %s', (event, subject) => {
    expect(subjectOf(event)).toBe(subject);
  });
});
