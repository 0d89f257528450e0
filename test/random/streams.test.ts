import { describe, expect, it } from 'vitest';
import { Streams } from '../../src/random/streams.ts';

const draws = (seed: number, name: string, n: number) => Array.from({ length: n }, new Streams(seed).stream(name));

/** Pearson's correlation. */
function correlation(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  let [xy, xx, yy] = [0, 0, 0];
  xs.forEach((x, i) => {
    const y = ys[i]!;
    xy += (x - mx) * (y - my);
    xx += (x - mx) * (x - mx);
    yy += (y - my) * (y - my);
  });
  return xy / Math.sqrt(xx * yy);
}

describe('a stream', () => {
  it('gives the same numbers to everyone who takes it by name', () => {
    const streams = new Streams(11);
    const first = streams.stream('traffic/pay');
    expect([first(), first(), first()]).toEqual(draws(11, 'traffic/pay', 3));
    expect(streams.stream('traffic/pay')()).toBe(draws(11, 'traffic/pay', 1)[0]);
  });

  it('gives its first number to who draws once', () => {
    expect(new Streams(11).once('push/pay/exclusive/3/0')).toBe(draws(11, 'push/pay/exclusive/3/0', 1)[0]);
  });

  it('has these numbers for ever', () => {
    expect(draws(11, 'traffic/pay', 3)).toEqual([0.6347258062816348, 0.06442695396269749, 0.9390957858250194]);
  });

  it('is not moved by a stream taken, or drawn from, beside it', () => {
    const streams = new Streams(11);
    const alone = draws(11, 'traffic/pay', 100);
    const pay = streams.stream('traffic/pay');
    const interleaved = Array.from({ length: 100 }, (_, i) => {
      streams.stream(`startup/pay/exclusive/${i}/0`)();
      return pay();
    });
    expect(interleaved).toEqual(alone);
  });

  it('differs from that of another name and another seed, and from its parts put together otherwise', () => {
    const first = (seed: number, name: string) => new Streams(seed).once(name);
    const seen = [
      first(1, 'a/1'),
      first(1, 'a/2'),
      first(1, 'b/1'),
      first(2, 'a/1'),
      first(1, '1/a'),
      first(11, 'a'),
      first(1, '1/1'),
      first(11, '1'),
    ];
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('draws from [0, 1) with all 53 bits', () => {
    const numbers = draws(11, 'traffic/pay', 10_000);
    expect(numbers.every((u) => u >= 0 && u < 1 && Number.isInteger(u * 9007199254740992))).toBe(true);
    // Of 53-bit numbers about half are odd: a 32-bit source would have none.
    expect(numbers.filter((u) => (u * 9007199254740992) % 2 === 1).length).toBeGreaterThan(4000);
  });
});

describe('streams of different names', () => {
  const names = Array.from({ length: 1000 }, (_, i) => `startup/pay/exclusive/${i}/0`);

  it('are uncorrelated with their neighbours: 999 correlations over 200 draws', () => {
    const series = names.map((name) => draws(11, name, 200));
    const rs = series.slice(1).map((ys, i) => correlation(series[i]!, ys));
    // Each r is about N(0, 1/√200): the largest of 999 stays below 4.6 of its deviations with probability 0.996, and Σ r²·200 is χ² with 999 degrees (99.9 %: 859 … 1,152).
    expect(Math.max(...rs.map(Math.abs))).toBeLessThan(4.6 / Math.sqrt(200));
    const chiSquare = rs.reduce((sum, r) => sum + r * r * 200, 0);
    expect(chiSquare).toBeGreaterThan(859);
    expect(chiSquare).toBeLessThan(1152);
  });

  it('are uncorrelated with those of the next replication', () => {
    const [here, next] = [11, 12].map((seed) => names.map((name) => new Streams(seed).once(name))) as [number[], number[]];
    expect(Math.abs(correlation(here, next))).toBeLessThan(3.29 / Math.sqrt(1000));
  });

  it.each([
    ['tries of a step', (i: number, k: number) => `switch/day/${i}/1/traffic-up/${k + 1}`],
    ['incarnations of a role', (i: number, k: number) => `startup/pay/exclusive/${i}/${k}`],
    ['neighbours', (i: number, k: number) => `push/pay/slot/${10 * i + k}/0`],
    ['replications', (i: number) => `forecast/${i}`],
  ])('begin independently of each other, three by three: %s, χ² of 20,000 triples in 4 × 4 × 4 boxes', (what, name) => {
    const boxes = new Array<number>(64).fill(0);
    for (let i = 0; i < 20_000; i++) {
      const box = [0, 1, 2].reduce(
        (sum, k) => 4 * sum + Math.floor(4 * new Streams(what === 'replications' ? 11 + k : 11).once(name(i, k))),
        0,
      );
      boxes[box]!++;
    }
    const expected = 20_000 / 64;
    const chiSquare = boxes.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(103.4); // 63 degrees of freedom, 99.9 %
  });

  it.each([
    ['by index', (i: number) => `startup/pay/exclusive/${i}/0`],
    ['by incarnation', (i: number) => `startup/pay/slot/3/${i}`],
    ['by switch, step and try', (i: number) => `switch/day/${Math.floor(i / 100)}/${Math.floor(i / 10) % 10}/swap-out/${i % 10}`],
  ])('begin evenly over [0, 1), named %s: χ² of 10,000 first draws in 100 bins', (_, name) => {
    const bins = new Array<number>(100).fill(0);
    const streams = new Streams(11);
    for (let i = 0; i < 10_000; i++) bins[Math.floor(streams.once(name(i)) * 100)]!++;
    const chiSquare = bins.reduce((sum, n) => sum + ((n - 100) * (n - 100)) / 100, 0);
    // 99 degrees of freedom: 99.9 % lie between 59 and 151.
    expect(chiSquare).toBeGreaterThan(59);
    expect(chiSquare).toBeLessThan(151);
  });
});
