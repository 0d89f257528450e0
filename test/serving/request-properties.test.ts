import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { time } from '../../src/base/units.ts';
import { RequestService } from '../../src/serving/requests/request-service.ts';
import type { Service } from '../../src/serving/service.ts';
import { addTally, emptyTally, noCounts, sumOf, type Tally } from '../../src/serving/tally.ts';
import { drawnOptions, drawnSteps, play, requestOptionsOf, retry } from './request-histories.ts';
import { at, full, sum } from './support.ts';

function cut(service: Service, when: number): Tally[] {
  const tallies: Tally[] = [];
  service.cut(time(when), (tally, zone) => (tallies[zone] = sumOf([tally])));
  return tallies;
}
const accounted = (t: Tally): number => t.overflowedOut - t.overflowedIn + t.served + t.rejected + t.timedOut + t.lost + t.backlogGrowth;
const keys = [
  'seconds', 'offered', 'retried', 'served', 'overflowedIn', 'overflowedOut', 'rejected', 'timedOut', 'lost', 'admitted', 'within', 'forwarded',
  'crossZone', 'exposureSeconds', 'fallbackSeconds', 'capacity', 'usedCoreSeconds', 'backlogGrowth',
] as const; // prettier-ignore

describe('single requests, whatever happens to their pods', () => {
  it('are conserved, explained, and as many as their rate says', () => {
    const often = { overflowedOut: 0, timedOut: 0, rejected: 0, lost: 0, retried: 0, forwarded: 0, crossZone: 0, served: 0 };
    fc.assert(
      fc.property(drawnOptions, drawnSteps, fc.nat(1000), (options, steps, seed) => {
        const service = new RequestService(requestOptionsOf(options, seed));
        const { end, offered } = play(service, 3, steps);
        service.close(time(end));
        const tallies = cut(service, end);
        const whole = sumOf(tallies);
        const tolerance = 1e-9 * (1 + whole.offered + whole.retried);
        tallies.forEach((t, zone) => {
          expect(Math.abs(t.offered + t.retried - accounted(t))).toBeLessThan(tolerance);
          expect(Math.abs(t.backlogGrowth - service.backlog(zone))).toBeLessThan(tolerance);
          expect(Math.abs(sum(t.unserved) - t.rejected - t.timedOut - t.lost)).toBeLessThan(tolerance);
          expect(Math.abs(t.seconds - end / 1e6)).toBeLessThan(1e-6);
          const [weights] = t.responses;
          expect(Math.abs(sum(weights!.cells.map((cell) => weights!.weight(cell))) - t.admitted)).toBeLessThan(tolerance);
          expect(Math.abs(t.admitted - t.served)).toBeLessThan(tolerance);
          expect(t.within).toBeLessThan(t.admitted + tolerance);
          expect(t.crossZone).toBeLessThan(t.forwarded + tolerance);
          for (const key of keys) if (key !== 'backlogGrowth') expect(t[key], key).toBeGreaterThan(-tolerance);
        });
        expect(Math.abs(whole.overflowedIn - whole.overflowedOut)).toBeLessThan(tolerance);
        const { census, retries } = service;
        // Little.
        expect(Math.abs(census.presence - census.sojourns)).toBeLessThan(1e-9 * (1 + census.presence));
        // Bernstein's inequality: chance breaks it once in 10¹¹.
        const off = Math.abs(whole.offered - offered);
        expect(off ** 2).toBeLessThanOrEqual(52 * census.heaviest * (offered + off / 3) + 1e-9);
        expect(whole.lost === 0 || whole.unserved[0]! > 0).toBe(true);
        if (retries) {
          const { generations } = retries;
          generations.forEach(({ arrived, failed, givenUp, served, pending }, g) => {
            const next = generations[g + 1];
            expect(Math.abs(failed - givenUp - (next ? next.arrived + next.pending : 0))).toBeLessThan(tolerance);
            expect(Math.min(arrived, failed, givenUp, served, pending)).toBeGreaterThan(-tolerance);
          });
          const all = (of: 'arrived' | 'failed' | 'givenUp' | 'served' | 'pending') => sum(generations.map((each) => each[of]));
          const backlog = sum(tallies.map((t) => t.backlogGrowth));
          expect(Math.abs(generations[0]!.arrived - whole.offered)).toBeLessThan(tolerance);
          expect(Math.abs(all('arrived') - whole.offered - whole.retried)).toBeLessThan(tolerance);
          expect(Math.abs(all('failed') - whole.rejected - whole.timedOut - whole.lost)).toBeLessThan(tolerance);
          expect(Math.abs(all('served') - whole.served)).toBeLessThan(tolerance);
          expect(Math.abs(all('givenUp') - sum(retries.unserved))).toBeLessThan(tolerance);
          expect(Math.abs(whole.offered - whole.served - all('givenUp') - backlog - all('pending'))).toBeLessThan(tolerance);
        }
        for (const key of Object.keys(often) as (keyof typeof often)[]) if (whole[key] > 2) often[key]++;
      }),
      { seed: 11, numRuns: 150 },
    );
    // Everything happens often enough.
    for (const [what, times] of Object.entries(often)) expect(times, what).toBeGreaterThan(10);
  });

  it('are explained at the very instant at which their last pod stops', () => {
    // 40/s are too few for 200/s; 42 requests wait or are served when the pod stops, and time out then.
    const service = new RequestService(requestOptionsOf({ retry: retry({ probability: 0 }) }));
    service.change(at(0), 0, undefined, full);
    service.setRate(at(0), 200, 0);
    service.advance(at(3));
    service.change(at(3), 0, full, { ...full, factor: 0, cause: 'switch' });
    const [tally] = cut(service, 3e6);
    expect(tally!.timedOut).toBeGreaterThan(20);
    expect(sum(tally!.unserved)).toBe(tally!.timedOut + tally!.rejected);
    expect(sum(service.retries!.unserved)).toBe(tally!.timedOut + tally!.rejected);
  });

  it('are the same however often one looks at them', () => {
    fc.assert(
      fc.property(drawnOptions, drawnSteps, fc.nat(1000), (options, steps, seed) => {
        const once = new RequestService(requestOptionsOf(options, seed));
        const { end } = play(once, 3, steps);
        once.close(time(end));
        const whole = cut(once, end);
        const often = new RequestService(requestOptionsOf(options, seed));
        const parts = [0, 1, 2].map(emptyTally);
        const counts = noCounts();
        let [next, turn] = [0, 0];
        const read = (t: number): void => cut(often, t).forEach((tally, zone) => addTally(parts[zone]!, tally));
        play(often, 3, steps, (until) => {
          for (; next <= until; next += 130_000) {
            if (turn++ % 3 === 0) often.count(counts);
            else if (turn % 3 === 1) often.advance(time(next));
            else read(next);
          }
        });
        often.close(time(end));
        read(end);
        expect(often.census.simulated).toBe(once.census.simulated);
        for (let zone = 0; zone < 3; zone++) {
          const [a, b] = [whole[zone]!, parts[zone]!];
          const tolerance = 1e-9 * (1 + a.offered + a.retried);
          for (const key of keys) expect(Math.abs(a[key] - b[key]), key).toBeLessThan(tolerance);
          for (let k = 0; k < 4; k++) expect(Math.abs(a.deficit[k]! - b.deficit[k]!)).toBeLessThan(tolerance);
          for (let k = 0; k < 4; k++) expect(Math.abs(a.unserved[k]! - b.unserved[k]!)).toBeLessThan(tolerance);
          // Cells are numbered as they are needed, which is in the order in which pods tell.
          const [some, others] = [a, b].map(({ responses: [weights] }) =>
            [...weights!.cells].map((cell) => weights!.grid.response(cell).shift).sort((c, d) => c - d),
          );
          expect(others).toEqual(some);
        }
      }),
      { seed: 12, numRuns: 80 },
    );
  });

  it('count for windows what they count for the rows', () => {
    fc.assert(
      fc.property(drawnOptions, drawnSteps, fc.nat(1000), (options, steps, seed) => {
        const service = new RequestService(requestOptionsOf(options, seed));
        const { end } = play(service, 3, steps);
        const counts = noCounts();
        service.count(counts);
        const whole = sumOf(cut(service, end));
        const judged = whole.served + whole.rejected + whole.timedOut + whole.lost;
        for (const key of ['seconds', 'offered', 'retried', 'admitted', 'within', 'usedCoreSeconds'] as const)
          expect(Math.abs(counts[key] - whole[key]), key).toBeLessThan(1e-9 * (1 + whole[key]));
        expect(Math.abs(counts.judged - judged)).toBeLessThan(1e-9 * (1 + judged));
      }),
      { seed: 13, numRuns: 40 },
    );
  });
});

it('explains what fails second by second, however often one looks', () => {
  // One pod whose capacity rises from 0 in 10 s, in a switch, under 60/s.
  const unserved = (every: number): readonly number[] => {
    const service = new RequestService(requestOptionsOf({ zones: 1 }, 3));
    const ramp = { to: 1000, from: time(0), until: time(10e6) };
    service.change(time(0), 0, undefined, {
      limits: 'running',
      weight: 1000,
      local: 1000,
      receives: true,
      factor: 0,
      ramp,
      cause: 'switch',
    });
    service.setRate(time(0), 300, 0);
    const all = emptyTally();
    for (let t = every; t < 20e6; t += every) cut(service, t).forEach((tally) => addTally(all, tally));
    service.close(time(20e6));
    cut(service, 20e6).forEach((tally) => addTally(all, tally));
    return all.unserved;
  };
  const once = unserved(20e6);
  expect(once[1]).toBeGreaterThan(0);
  for (const every of [130e3, 1e6, 1.3e6, 5e6]) unserved(every).forEach((amount, k) => expect(amount).toBeCloseTo(once[k]!, 6));
});
