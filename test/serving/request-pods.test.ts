import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FifoPod } from '../../src/serving/requests/fifo-pod.ts';
import type { PodPower } from '../../src/serving/requests/pod-speed.ts';
import { Request } from '../../src/serving/requests/request.ts';
import type { Discipline, Leaving, RequestPod } from '../../src/serving/requests/request-pod.ts';
import { SharingPod } from '../../src/serving/requests/sharing-pod.ts';
import { PlainPod } from './plain-requests.ts';

/** Everything that pods said, in order. */
type Said = readonly [what: string, about: number, number: number];

const quick = { fifo: FifoPod, 'processor-sharing': SharingPod };

interface Step {
  readonly what: 'set' | 'places' | 'arrive' | 'empty' | 'adopt';
  readonly wait: number;
  readonly pod: number;
  readonly other: number;
  readonly servers: number;
  readonly speed: number;
  readonly ramp: { readonly to: number; readonly length: number } | undefined;
  readonly places: number;
  readonly work: number;
}
const speeds = [0, 0.25, 0.5, 1, 1, 1, 2];
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('set', 'set', 'places', 'arrive', 'arrive', 'arrive', 'arrive', 'arrive', 'arrive', 'arrive', 'empty', 'adopt'),
  wait: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.integer({ min: 1, max: 400 }) }),
  pod: fc.nat(2),
  other: fc.nat(2),
  servers: fc.nat(5),
  speed: fc.constantFrom(...speeds),
  ramp: fc.option(fc.record({ to: fc.constantFrom(0.25, 0.5, 1, 2), length: fc.integer({ min: 1, max: 5000 }) }), { nil: undefined }),
  places: fc.nat(6),
  work: fc.integer({ min: 10, max: 3000 }),
});

/** Numbers without pattern, so that no two things happen at one moment by chance. */
const crooked = (n: number, by: number): number => 0.5 + ((n * Math.sqrt(by)) % 1);

/** Plays the steps on three pods of one server each, and puts down what they say. */
function play(make: (leaving: Leaving) => RequestPod, steps: readonly Step[]): Said[] {
  const said: Said[] = [];
  const made: Request[] = [];
  const note = (what: string) => (_: RequestPod, request: Request, t: number) => said.push([what, made.indexOf(request), t]);
  const leaving = { answered: note('answered'), timedOut: note('timed out') };
  const pods = Array.from({ length: 3 }, () => {
    const pod = make(leaving);
    pod.set(0, { servers: 1, speed: 1, slope: 0, until: 0 });
    pod.places = 3;
    return pod;
  });
  let now = 0;
  const goOn = (until: number): void => {
    for (const pod of pods) pod.pass(until);
    now = until;
  };
  steps.forEach(({ what, wait, pod: index, other, servers, speed, ramp, places, work }, i) => {
    const pod = pods[index]!;
    // Those that arrive do so one by one.
    goOn(now + (Math.max(wait, what === 'arrive' ? 1 : 0) / 1000) * crooked(i, 5));
    if (what === 'set') {
      const power: PodPower = ramp
        ? { servers, speed, slope: (ramp.to - speed) / (ramp.length / 1000), until: now + ramp.length / 1000 }
        : { servers, speed, slope: 0, until: 0 };
      pod.set(now, power);
    } else if (what === 'places') pod.places = places;
    else if (what === 'arrive') {
      const request = new Request();
      const number = made.push(request) - 1;
      request.arrived = now;
      request.work = (work / 1000) * crooked(number + 1, 2);
      said.push(['arrive', number, pod.arrive(now, request) ? 1 : 0]);
    } else {
      const out = pod.empty(now);
      for (const request of out) said.push(['put out', made.indexOf(request), request.work]);
      if (what === 'adopt') pods[other]!.adopt(now, out);
    }
    pods.forEach((each, k) => {
      said.push(['present', k, each.present(now)]);
      said.push(['idle', k, each.hasIdleServer(now) ? 1 : 0]);
    });
  });
  goOn(now + 100);
  return said;
}

describe.each<{ discipline: Discipline; timeout: number }>([
  { discipline: 'fifo', timeout: 0.7 },
  { discipline: 'fifo', timeout: Infinity },
  { discipline: 'processor-sharing', timeout: 1.5 },
  { discipline: 'processor-sharing', timeout: Infinity },
])('pods, $discipline, time-out $timeout s', ({ discipline, timeout }) => {
  it('say the same as their slow twin, whatever happens to them', () => {
    const often = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 90, size: 'max' }), (steps) => {
        const swift = play((leaving) => new quick[discipline](timeout, leaving), steps);
        const slow = play((leaving) => new PlainPod(discipline, timeout, leaving), steps);
        const differ = swift.findIndex(([what, about, number], i) => {
          const [plainWhat, plainAbout, plainNumber] = slow[i] ?? ['nothing', 0, 0];
          return what !== plainWhat || about !== plainAbout || (number !== plainNumber && !(Math.abs(number - plainNumber) < 1e-9));
        });
        if (differ >= 0 || swift.length !== slow.length)
          expect(swift.slice(Math.max(0, differ - 3), differ + 2)).toEqual(slow.slice(Math.max(0, differ - 3), differ + 2));
        for (const [what] of swift) often.set(what, (often.get(what) ?? 0) + 1);
        for (const [what, , taken] of swift) if (what === 'arrive' && taken === 0) often.set('refused', (often.get('refused') ?? 0) + 1);
      }),
      { seed: 11, numRuns: 150 },
    );
    // Everything happens often enough.
    const expected = ['answered', 'refused', 'put out', ...(timeout < Infinity ? ['timed out'] : [])];
    for (const what of expected) expect(often.get(what) ?? 0, what).toBeGreaterThan(200);
  });
});
