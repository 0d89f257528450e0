import { describe, expect, it } from 'vitest';
import { fromSeconds } from '../../src/base/units.ts';
import { type Gate, objection, seenBy, worst } from '../../src/operations/gate.ts';

const gate: Gate = { success: 0.99, responseP99: fromSeconds(1), failedSlots: 0.05, otherwise: 'roll-back' };
const seen = (successRatio: number, seconds: number) => ({ successRatio, responseP99: fromSeconds(seconds) });

describe('a gate', () => {
  it.each([
    { what: seen(1, 0.1), failed: 0, says: undefined },
    { what: seen(0.99, 1), failed: 0.05, says: undefined },
    { what: seen(0.98999, 1), failed: 0, says: 'success 98.99% is below 99%' },
    { what: seen(0.9632, 5), failed: 1, says: 'success 96.32% is below 99%' },
    { what: seen(1, 4.32), failed: 1, says: 'response p99 4320 ms is above 1000 ms' },
    { what: seen(1, 0), failed: 0.2, says: '20% of the slots failed, 5% may' },
  ])('that saw $what and $failed failed says $says', ({ what, failed, says }) => {
    expect(objection(gate, what, failed)).toBe(says);
  });

  it('judges both apps, or, where it is told to, the giver alone', () => {
    const [giver, taker] = [seen(1, 0.1), seen(0.5, 4)];
    expect(seenBy(gate, giver, taker)).toEqual(taker);
    expect(seenBy({ ...gate, judges: 'both' }, giver, taker)).toEqual(taker);
    expect(seenBy({ ...gate, judges: 'giver' }, giver, taker)).toEqual(giver);
    expect(seenBy({ ...gate, judges: 'giver' }, taker, giver)).toEqual(taker);
  });

  it('looks at the worse of two apps, in success and in response', () => {
    expect(worst([seen(0.9, 1), undefined, seen(1, 2)])).toEqual(seen(0.9, 2));
    expect(worst([undefined])).toEqual(seen(1, 0));
  });
});
