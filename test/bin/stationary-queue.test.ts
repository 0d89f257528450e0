import { describe, expect, it } from 'vitest';
import { meanSojourn, sojourns, type Stationary } from '../../bin/stationary-queue.ts';
import { Streams } from '../../src/random/streams.ts';

const queues: readonly Stationary[] = [
  { name: 'M/M/1', servers: 1, rho: 0.7, service: 'exponential' },
  { name: 'M/M/4', servers: 4, rho: 0.7, service: 'exponential' },
  { name: 'M/D/1', servers: 1, rho: 0.7, service: 'deterministic' },
];
const draws = (seed: number) => {
  const streams = new Streams(seed);
  return { begin: streams.stream('begin'), gaps: streams.stream('gaps'), services: streams.stream('services') };
};

describe('a queue that begins in its steady state', () => {
  // 1 ÷ (1 − 0.7); Erlang C of 2.8 on 4 is 0.428651, 1 + 0.428651 ÷ 1.2; 1 + 0.7 ÷ 0.6.
  it('knows its mean sojourn', () => {
    expect(queues.map((queue) => Number(meanSojourn(queue).toFixed(4)))).toEqual([3.3333, 1.3572, 2.1667]);
  });

  // Means of the first two requests over 20,000 beginnings: within four standard errors, which are 0.7 to 2 % of the mean here.
  it.each(queues)('$name: already the first requests take as long as any', (queue) => {
    const firsts = Array.from({ length: 20_000 }, (_, seed) => sojourns(queue, 1, 2, draws(seed)));
    const means = firsts.map(([a = 0, b = 0]) => (a + b) / 2);
    const mean = means.reduce((sum, each) => sum + each, 0) / means.length;
    const error = Math.sqrt(means.reduce((sum, each) => sum + (each - mean) * (each - mean), 0)) / means.length;
    expect(Math.abs(mean - meanSojourn(queue))).toBeLessThan(4 * error);
  });

  it('pairs equal draws: nobody is faster where services take longer', () => {
    for (const queue of queues)
      for (let seed = 0; seed < 20; seed++) {
        const [fast, slow] = [1, 1.05].map((mean) => sojourns(queue, mean, 200, draws(seed)));
        expect(fast?.every((each, i) => each <= (slow?.[i] as number) + 1e-12)).toBe(true);
      }
  });
});
