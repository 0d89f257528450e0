import { describe, expect, it } from 'vitest';
import { ClassLaw, emptyPiece } from '../../src/serving/fluid/class-law.ts';

interface Sums {
  offered: number;
  admitted: number;
  served: number;
  rejected: number;
  timedOut: number;
  backlog: number;
}

/** Integrates one segment from 0 to `length`, stopping at `stops` too. */
function run(law: ClassLaw, form: readonly [number, number, number, number], length: number, stops: readonly number[] = []): Sums {
  const sums: Sums = { offered: 0, admitted: 0, served: 0, rejected: 0, timedOut: 0, backlog: 0 };
  law.form(...form);
  sums.timedOut += law.open();
  const piece = emptyPiece();
  for (let s = 0; s < length;) {
    const end = Math.min(law.nextBend(s), length, ...stops.filter((stop) => stop > s));
    law.run(s, end, piece);
    sums.offered += piece.arrivals;
    sums.admitted += piece.admitted;
    sums.served += piece.served;
    sums.rejected += piece.rejected;
    sums.timedOut += piece.timedOut;
    s = end;
  }
  sums.backlog = law.backlog;
  return sums;
}

function expectSums(actual: Sums, expected: Partial<Sums>): void {
  for (const key of Object.keys(expected) as (keyof Sums)[]) expect(actual[key], key).toBeCloseTo(expected[key] as number, 9);
}

describe('the fluid law of one class', () => {
  it('serves all that comes while capacity is not exceeded, also at equality', () => {
    const law = new ClassLaw(1);
    expectSums(run(law, [100, 0, 100, 0], 10), { served: 1000, rejected: 0, timedOut: 0, backlog: 0 });
    expect(law.quietUntil(1e9)).toBe(true);
  });

  it('fills to the limiter under constant overload, and rejects from then on', () => {
    // 50/s too many: the bound 100·1 s is reached after 2 s; then 3 s · 50 = 150 rejected; 750 = 500 + 150 + 100.
    expectSums(run(new ClassLaw(1), [150, 0, 100, 0], 5), {
      offered: 750,
      admitted: 600,
      served: 500,
      rejected: 150,
      timedOut: 0,
      backlog: 100,
    });
  });

  it('drains at the spare capacity and is empty after that', () => {
    const law = new ClassLaw(1);
    law.backlog = 100;
    // 40/s to spare: empty after 2.5 s; served 100 + 5 · 60.
    expectSums(run(law, [60, 0, 100, 0], 5), { served: 400, rejected: 0, timedOut: 0, backlog: 0 });
  });

  it('queues from the moment at which a rising rate passes the capacity', () => {
    // λ = 50 + 10s passes 100 at 5 s; then q = 10·(s − 5)²/2 = 125 at 10 s; served 1000 − 125.
    expectSums(run(new ClassLaw(10), [50, 10, 100, 0], 10), { offered: 1000, served: 875, backlog: 125 });
  });

  it('empties, and fills again, on a falling and rising gap', () => {
    const law = new ClassLaw(10);
    law.backlog = 12;
    // λ − C = −10 + 2s: q = 12 − 10s + s² is 0 at (10 − √52)/2 = 1.3945 s; then nothing until 5 s; then (s − 5)² = 9 at 8 s.
    expectSums(run(law, [90, 2, 100, 0], 8), { offered: 784, served: 784 + 12 - 9, backlog: 9 });
  });

  it('slides down with a falling bound: admits what the bound leaves and rejects the rest', () => {
    const law = new ClassLaw(1);
    law.backlog = 100;
    // C = 100 − 10s, λ = 95 ≥ C + C′·1 s = 90 − 10s. 5 s: admitted 450 − 125, served 500 − 125, q = 50.
    expectSums(run(law, [95, 0, 100, -10], 5), { offered: 475, admitted: 325, served: 375, rejected: 150, timedOut: 0, backlog: 50 });
  });

  it('times out what a bound that falls faster than it is served leaves no room for', () => {
    const law = new ClassLaw(2);
    law.backlog = 20;
    // C = 10 − 10s for 1 s; C + C′·2 s = −10 − 10s < 0: nothing admitted, 15 timed out, 5 served, 7 rejected; q from 20 to 0.
    expectSums(run(law, [7, 0, 10, -10], 1), { offered: 7, admitted: 0, served: 5, rejected: 7, timedOut: 15, backlog: 0 });
  });

  it('admits again where the bound turns from falling faster to falling slower than it is served', () => {
    const law = new ClassLaw(2);
    law.backlog = 40;
    // C = 20 − 8s: C + C′·2 s = 4 − 8s is positive until 0.5 s: admitted 4·0.5/2 = 1; then 1.5 s: timed out 8·1.5²/2 = 9.
    expectSums(run(law, [30, 0, 20, -8], 2), { offered: 60, admitted: 1, served: 24, rejected: 59, timedOut: 9, backlog: 8 });
  });

  it('times out at once what is beyond the bound after capacity steps down', () => {
    const law = new ClassLaw(1);
    law.backlog = 100;
    expectSums(run(law, [40, 0, 40, 0], 3), { served: 120, rejected: 0, timedOut: 60, backlog: 40 });
  });

  it('rejects all arrivals and times out the backlog without capacity', () => {
    const law = new ClassLaw(1);
    law.backlog = 30;
    expectSums(run(law, [10, 0, 0, 0], 4), { offered: 40, admitted: 0, served: 0, rejected: 40, timedOut: 30, backlog: 0 });
  });

  it('recovers from no capacity along a ramp', () => {
    // C = 10s, T = 1 s, λ = 30. q = B = 10s while 30 ≥ C + 10, until 2 s: admitted 10s + 10 → 40, served 20, rejected 20, q = 20.
    // Then q′ = 30 − 10s: 20 + 5(s − 2) … from u = 0: 20 + 10u − 5u², under B = 20 + 10u; at 4 s: 20 + 20 − 20 = 20, C = 40; served 2 s · 30 = 60.
    expectSums(run(new ClassLaw(1), [30, 0, 0, 10], 4), { offered: 120, served: 80, rejected: 20, timedOut: 0, backlog: 20 });
  });

  it('does not depend on where it is read', () => {
    const random = uniforms(3);
    for (let i = 0; i < 300; i++) {
      const { form, length, backlog, timeout } = randomSegment(random);
      const [once, often] = [new ClassLaw(timeout), new ClassLaw(timeout)];
      once.backlog = often.backlog = backlog;
      const whole = run(once, form, length);
      const parts = run(
        often,
        form,
        length,
        Array.from({ length: 7 }, () => length * random()),
      );
      for (const key of Object.keys(whole) as (keyof Sums)[])
        expect(Math.abs(parts[key] - whole[key]), key).toBeLessThan(1e-9 * (1 + whole.offered));
    }
  });

  it('agrees with a plain integration in steps of one millisecond', () => {
    const random = uniforms(7);
    const seen = { rejected: 0, timedOut: 0, emptied: 0 };
    for (let i = 0; i < 200; i++) {
      const { form, length, backlog, timeout } = randomSegment(random);
      const law = new ClassLaw(timeout);
      law.backlog = backlog;
      const exact = run(law, form, length);
      const steps = euler(form, length, backlog, timeout, 1e-3);
      // The method is of first order: one step's worth of all rates, with some room.
      const most = form[0] + form[2] + (Math.abs(form[1]) + Math.abs(form[3])) * (length + timeout);
      for (const key of ['offered', 'served', 'rejected', 'timedOut', 'backlog'] as const)
        expect(Math.abs(exact[key] - steps[key]), `${key} of ${JSON.stringify({ form, length, backlog, timeout })}`).toBeLessThan(
          3e-3 * most,
        );
      expect(Math.abs(exact.offered + backlog - exact.served - exact.rejected - exact.timedOut - exact.backlog)).toBeLessThan(
        1e-9 * (1 + exact.offered),
      );
      for (const key of ['served', 'rejected', 'timedOut', 'admitted'] as const) expect(exact[key]).toBeGreaterThan(-1e-9);
      if (exact.rejected > 1) seen.rejected++;
      if (exact.timedOut > 1) seen.timedOut++;
      if (backlog > 0 && exact.backlog === 0) seen.emptied++;
    }
    // The segments reach every regime often.
    expect(Math.min(seen.rejected, seen.timedOut, seen.emptied)).toBeGreaterThan(15);
  });
});

function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

function randomSegment(random: () => number): { form: [number, number, number, number]; length: number; backlog: number; timeout: number } {
  const length = 1 + 9 * random();
  const line = (): [number, number] => {
    const [a, b] = [200 * random(), 200 * random()];
    const kind = random();
    if (kind < 0.25) return [a, 0];
    return kind < 0.4 ? [a, -a / length] : [a, (b - a) / length];
  };
  const form: [number, number, number, number] = [...line(), ...line()];
  const timeout = 0.2 + 3 * random();
  const start = random();
  return { form, length, timeout, backlog: start < 0.3 ? 0 : start < 0.6 ? form[2] * timeout : form[2] * timeout * 1.5 * random() };
}

function euler(
  [l0, l1, c0, c1]: readonly [number, number, number, number],
  length: number,
  backlog: number,
  timeout: number,
  step: number,
): Sums {
  const sums: Sums = {
    offered: 0,
    admitted: 0,
    served: 0,
    rejected: 0,
    timedOut: Math.max(0, backlog - c0 * timeout),
    backlog: Math.min(backlog, c0 * timeout),
  };
  const steps = Math.ceil(length / step);
  const h = length / steps;
  for (let i = 0; i < steps; i++) {
    const middle = (i + 0.5) * h;
    const arrivals = h * (l0 + l1 * middle);
    const served = Math.min(sums.backlog + arrivals, h * (c0 + c1 * middle));
    const left = sums.backlog + arrivals - served;
    const excess = Math.max(0, left - (c0 + c1 * (i + 1) * h) * timeout);
    const rejected = Math.min(excess, arrivals);
    sums.offered += arrivals;
    sums.served += served;
    sums.rejected += rejected;
    sums.timedOut += excess - rejected;
    sums.backlog = left - excess;
  }
  return sums;
}
