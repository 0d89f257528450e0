import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FifoPods } from '../../src/serving/fifo-pods.ts';
import type { PodPower } from '../../src/serving/pod-speeds.ts';
import type { Discipline, Leaving, RequestPods } from '../../src/serving/request-pods.ts';
import { Requests } from '../../src/serving/requests.ts';
import { SharingPods } from '../../src/serving/sharing-pods.ts';
import { PlainPods } from './plain-requests.ts';

/** Everything that pods said, in order. */
type Said = readonly [what: string, about: number, number: number];

const makers = {
  fifo: (requests: Requests, timeout: number, leaving: Leaving) => new FifoPods(requests, timeout, leaving),
  'processor-sharing': (requests: Requests, timeout: number, leaving: Leaving) => new SharingPods(requests, timeout, leaving),
};

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
function play(make: (requests: Requests, leaving: Leaving) => RequestPods, steps: readonly Step[]): Said[] {
  const said: Said[] = [];
  const requests = new Requests();
  const pods = make(requests, {
    answered: (request, t) => said.push(['answered', request, t]),
    timedOut: (request, t) => said.push(['timed out', request, t]),
  });
  for (let pod = 0; pod < 3; pod++) {
    pods.set(pods.add(), 0, { servers: 1, speed: 1, slope: 0, until: 0 });
    pods.setPlaces(pod, 3);
  }
  let now = 0;
  const goOn = (until: number): void => {
    for (let pod = 0; pod < 3; pod++) pods.pass(pod, until);
    now = until;
  };
  steps.forEach(({ what, wait, pod, other, servers, speed, ramp, places, work }, i) => {
    // Those that arrive do so one by one.
    goOn(now + (Math.max(wait, what === 'arrive' ? 1 : 0) / 1000) * crooked(i, 5));
    if (what === 'set') {
      const power: PodPower = ramp
        ? { servers, speed, slope: (ramp.to - speed) / (ramp.length / 1000), until: now + ramp.length / 1000 }
        : { servers, speed, slope: 0, until: 0 };
      pods.set(pod, now, power);
    } else if (what === 'places') pods.setPlaces(pod, places);
    else if (what === 'arrive') {
      const request = requests.take();
      requests.arrived[request] = now;
      requests.work[request] = (work / 1000) * crooked(request + 1, 2);
      said.push(['arrive', request, pods.arrive(pod, now, request) ? 1 : 0]);
    } else {
      const out = pods.empty(pod, now);
      for (const request of out) said.push(['put out', request, requests.work[request] as number]);
      if (what === 'adopt') pods.adopt(other, now, out);
    }
    for (let each = 0; each < 3; each++) {
      said.push(['present', each, pods.present(each, now)]);
      said.push(['idle', each, pods.hasIdleServer(each, now) ? 1 : 0]);
    }
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
        const fast = play((requests, leaving) => makers[discipline](requests, timeout, leaving), steps);
        const slow = play((requests, leaving) => new PlainPods(discipline, requests, timeout, leaving), steps);
        const differ = fast.findIndex(([what, about, number], i) => {
          const [plainWhat, plainAbout, plainNumber] = slow[i] ?? ['nothing', 0, 0];
          return what !== plainWhat || about !== plainAbout || (number !== plainNumber && !(Math.abs(number - plainNumber) < 1e-9));
        });
        if (differ >= 0 || fast.length !== slow.length)
          expect(fast.slice(Math.max(0, differ - 3), differ + 2)).toEqual(slow.slice(Math.max(0, differ - 3), differ + 2));
        for (const [what] of fast) often.set(what, (often.get(what) ?? 0) + 1);
        for (const [what, , taken] of fast) if (what === 'arrive' && taken === 0) often.set('refused', (often.get('refused') ?? 0) + 1);
      }),
      { seed: 11, numRuns: 150 },
    );
    // Everything happens often enough.
    const expected = ['answered', 'refused', 'put out', ...(timeout < Infinity ? ['timed out'] : [])];
    for (const what of expected) expect(often.get(what) ?? 0, what).toBeGreaterThan(200);
  });
});
