import { describe, expect, it } from 'vitest';
import { fromSeconds, time } from '../../src/base/units.ts';
import { WriteLimiter } from '../../src/operations/write-limiter.ts';
import { platform, TestWorld } from './support.ts';

const at = (seconds: number) => time(fromSeconds(seconds));

describe('the rate limit of writes', () => {
  it('lets a burst out at once and the rest at its rate: 3 of 5, then one every half second', () => {
    const limiter = new WriteLimiter({ rate: 2, burst: 3 });
    expect([0, 1, 2, 3, 4].map(() => limiter.wait(at(10)) / 1e6)).toEqual([0, 0, 0, 0.5, 1]);
    // 11 s: the write of 11 s has gone out; tokens come at 11.5, 12 and 12.5 s.
    expect(limiter.wait(at(11)) / 1e6).toBe(0.5);
    // After a rest of a burst's length it is full again.
    expect([0, 1, 2, 3].map(() => limiter.wait(at(20)) / 1e6)).toEqual([0, 0, 0, 0.5]);
  });

  it('keeps to its burst after two stalls that overlap: what waits only for their end takes its token then', () => {
    // A write asked for at 2 s would go out at 6 s, when the first stall ends, and goes out at 18 s, when the second one does: beside it the burst of two allows one more.
    const limiter = new WriteLimiter({ rate: 1, burst: 2 });
    limiter.stall(at(0), at(6));
    expect(limiter.wait(at(2)) / 1e6).toBe(4);
    expect(limiter.stall(at(5), at(18)) / 1e6).toBe(12);
    expect([7, 8].map((asked) => asked + limiter.wait(at(asked)) / 1e6)).toEqual([18, 19]);
  });

  it('agrees with a bucket into which a token falls every quarter of a second', () => {
    // The slow twin, millisecond by millisecond: writes queue, and go out while there are tokens; a bucket that is full catches no more.
    const asked = Array.from({ length: 200 }, (_, k) => Math.floor(k / 9) * 1300 + (k % 9) * 10);
    const sent: number[] = [];
    let tokens = 5;
    let next = 0; // when the next token falls; the time of a full bucket does not count
    for (let ms = 0; sent.length < asked.length; ms++) {
      for (; tokens < 5 && next <= ms; next += 250) tokens++;
      for (; tokens > 0 && (asked[sent.length] ?? Infinity) <= ms; tokens--) {
        if (tokens === 5) next = ms + 250;
        sent.push(ms);
      }
    }
    const limiter = new WriteLimiter({ rate: 4, burst: 5 });
    expect(asked.map((ms) => ms + limiter.wait(at(ms / 1000)) / 1000)).toEqual(sent);
    expect(sent.some((ms, k) => ms > (asked[k] ?? 0)) && sent.some((ms, k) => ms === asked[k])).toBe(true);
  });
});

describe('a switch', () => {
  it('writes its slots one after the other, and each write reaches its agent after the watch delay', () => {
    // Four slots on two nodes, two writes a second without a burst: at 5, 5.5, 6, 6.5 s; the watch takes 1 s, the agent 0.5 s.
    const world = new TestWorld({ platform: platform({ api: { writes: { rate: '2/s', burst: 1 }, watch: '1s' } }) });
    world.reserve(4, 'gala', true);
    world.switch(4);
    world.until(60);
    const swapping = world.facts.flatMap(({ at: when, fact }) =>
      fact.kind === 'pod-state' && fact.pod.app === 0 && fact.left === 'cutoff' ? [when] : [],
    );
    expect(swapping).toEqual([6.5, 7, 7.5, 8]);
  });
});
