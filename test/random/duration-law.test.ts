import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantLaw, draw, durationLaw, type DurationLaw } from '../../src/random/duration-law.ts';
import { duration } from '../../src/base/units.ts';

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly errors?: readonly (readonly Issue[])[];
}
/** `path: message` of every issue; of a union, those of the form that was meant: a mapping here. */
function issues(value: unknown): string[] {
  const flat = (list: readonly Issue[]): readonly Issue[] =>
    list.flatMap((issue) => (issue.errors ? flat(issue.errors[typeof value === 'object' ? 1 : 0] ?? []) : [issue]));
  return flat((durationLaw().safeParse(value).error?.issues ?? []) as readonly Issue[]).map((issue) =>
    [...issue.path.map(String), issue.message].join(': '),
  );
}

describe('a law of durations', () => {
  it('is a constant where one duration is written', () => {
    expect(durationLaw().parse('2.5s')).toEqual({ median: 2_500_000, sigma: 0 });
    expect(durationLaw().parse('0s')).toEqual(constantLaw(duration(0)));
  });

  // σ = ln(quantile ÷ median) ÷ z: ln(300/120) = 0.916290731874155, ln 4 = 1.386294361119891
  it.each([
    [{ median: '120s', p95: '300s' }, 0.916290731874155 / 1.6448536269514722],
    [{ median: '2s', 'p99.9': '8s' }, 1.386294361119891 / 3.090232306167813],
    [{ median: '2s', p99: '8s' }, 1.386294361119891 / 2.3263478740408408],
  ])('of %j has σ = %d', (written, sigma) => {
    const law = durationLaw().parse(written);
    expect(Math.abs(law.sigma / sigma - 1)).toBeLessThan(1e-12);
    expect(law.max).toBeUndefined();
  });

  it('gives the written quantiles back', () => {
    const law = durationLaw().parse({ median: '120s', p95: '300s' });
    expect(draw(law, 0.5)).toBe(120e6);
    expect(Math.abs(draw(law, 0.95) - 300e6)).toBeLessThanOrEqual(1);
  });

  it('is a constant where the quantile equals the median', () => {
    const law = durationLaw().parse({ median: '2s', p95: '2s' });
    expect(law.sigma).toBe(0);
    expect([draw(law, 0), draw(law, 0.999)]).toEqual([2e6, 2e6]);
  });

  it('is cut off at its maximum, which may equal the quantile', () => {
    const law = durationLaw().parse({ median: '2s', p95: '4s', max: '4s' });
    expect(law.max).toBe(4e6);
    expect(draw(law, 0.9)).toBeLessThan(4e6);
    expect(draw(law, 0.96)).toBe(4e6);
    expect(draw(law, 1 - 1 / 9007199254740992)).toBe(4e6);
  });

  it('draws whole microseconds, never negative, and an integer that the clock can hold however wide the law', () => {
    const median = fc.integer({ min: 1, max: 86_400e6 });
    fc.assert(
      fc.property(
        median,
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (m, sigma, u) => {
          const law: DurationLaw = { median: duration(m), sigma };
          const value = draw(law, u);
          expect(Number.isSafeInteger(value) && value >= 0 && value <= 1e15).toBe(true);
        },
      ),
      { seed: 11, numRuns: 2000 },
    );
  });

  it.each([
    ['2', ['read "2": add a unit: 2s, 2m or 2ms']],
    [2, ['read 2: add a unit: 2s, 2m or 2ms']],
    ['soon', ['read "soon": expected a duration such as 15s, 1h30m or 250ms']],
    [{ median: '2s' }, ['beside the median give one of p95, p99 and p99.9']],
    [{ median: '2s', max: '4s' }, ['beside the median give one of p95, p99 and p99.9']],
    [{ median: '2s', p95: '3s', p99: '4s' }, ['beside the median give one of p95, p99 and p99.9']],
    [{ median: '2s', p95: '1s' }, ['p95: is less than the median']],
    [{ median: '2s', 'p99.9': '4s', max: '3s' }, ['max: is less than p99.9']],
    [{ median: '0s', p95: '1s' }, ['median: must be greater than 0']],
    [{ median: '2s', p95: '0s' }, ['p95: must be greater than 0']],
    [
      { median: '2x', p95: '3' },
      ['median: read "2x": expected a duration such as 15s, 1h30m or 250ms', 'p95: read "3": add a unit: 3s, 3m or 3ms'],
    ],
    [{ p95: '3s' }, ['median: read nothing: expected a duration such as 15s or 1h30m or 250ms']],
    [{ median: '2s', p95: '3s', p90: '1s' }, ['Unrecognized key: "p90"']],
  ])('refuses %j', (written, expected) => {
    expect(issues(written)).toEqual(expected);
  });
});
