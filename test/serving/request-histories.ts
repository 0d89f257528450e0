import fc from 'fast-check';
import { duration, time } from '../../src/base/units.ts';
import { Streams } from '../../src/random/streams.ts';
import type { ServingMode } from '../../src/serving/mode.ts';
import { type RequestOptions, RequestService } from '../../src/serving/requests/request-service.ts';
import type { RetrySpec } from '../../src/serving/retries.ts';
import type { Service } from '../../src/serving/service.ts';
import { at, coldPages, cutOff, draining, full, keepAlive, optionsOf, slow, warming } from './support.ts';

/** A pod of two cores serves 40 requests/s of 50 ms each, or 5 with a quarter of a core: few requests, and yet queues. */
export const requestOptionsOf = (options: Partial<RequestOptions> = {}, seed = 1): RequestOptions => {
  const streams = new Streams(seed);
  return {
    ...optionsOf({ serviceTime: duration(50_000), runningMillicores: 2000 }),
    distribution: 'auto',
    discipline: 'fifo',
    balancer: 'random',
    sample: 1,
    stream: (purpose) => streams.stream(purpose),
    ...options,
  };
};

export const requestService = (options: Partial<RequestOptions> = {}, seed = 1): RequestService =>
  new RequestService(requestOptionsOf(options, seed));

export const retry = (change: Partial<Record<keyof RetrySpec, number>> = {}): RetrySpec =>
  ({ tries: 2, probability: 0.7, delay: 1e6, resolution: 1e6, ...change }) as RetrySpec;

/** Everything that one may ask of the twin. */
export const drawnOptions: fc.Arbitrary<Partial<RequestOptions>> = fc.record({
  zones: fc.constant(3),
  weights: fc.constantFrom([1, 1, 1], [4, 2, 1], [1, 0, 3]),
  distances: fc.constant([
    [0, 1, 2],
    [1, 0, 2],
    [2, 2, 0],
  ]),
  cv: fc.constantFrom(0, 0.5, 1, 2),
  wait: fc.constantFrom(duration(0), duration(20_000)),
  timeout: fc.constantFrom(duration(200_000), duration(1_000_000)),
  sidecar: fc.constant(duration(1000)),
  relay: fc.constant(duration(2000)),
  idleMillicores: fc.constantFrom(0, 200),
  overflow: fc.boolean(),
  retry: fc.constantFrom(undefined, retry(), retry({ tries: 1, probability: 1, delay: 2e6 }), retry({ delay: 1e5, resolution: 1e5 })),
  discipline: fc.constantFrom('fifo', 'processor-sharing'),
  balancer: fc.constantFrom('random', 'round-robin', 'least-outstanding', 'power-of-two'),
  sample: fc.constantFrom(1, 1, 0.6, 0.25, 0.1),
}) as fc.Arbitrary<Partial<RequestOptions>>;

export interface Step {
  readonly wait: number;
  readonly zone: number;
  readonly pod: number;
  readonly mode: number;
  readonly backlog: 'moves' | 'lost';
  readonly rate: number;
  readonly slope: number;
  readonly turnRate: boolean;
}
export const drawnStep: fc.Arbitrary<Step> = fc.record({
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3_000_000 })),
  zone: fc.nat(2),
  pod: fc.nat(5),
  mode: fc.nat(10),
  backlog: fc.constantFrom('moves', 'lost'),
  rate: fc.integer({ min: 0, max: 250 }),
  slope: fc.integer({ min: -30, max: 30 }),
  turnRate: fc.boolean(),
});
/** The first pods, so that few are refused because there are none; not in all zones, perhaps, so that some have to go elsewhere. */
const opening = (zones: readonly number[]): readonly Step[] =>
  zones.map((zone, pod) => ({ wait: 0, zone, pod, mode: 1, backlog: 'moves', rate: 0, slope: 0, turnRate: false }));
export const drawnSteps = fc
  .tuple(fc.constantFrom([0, 1, 2, 0, 1, 2], [0, 0, 1, 1], [2, 2]), fc.array(drawnStep, { minLength: 8, maxLength: 30 }))
  .map(([zones, steps]) => [...opening(zones), ...steps]);
const dead: ServingMode = { ...full, factor: 0, cause: 'switch' };

/** What a history was, besides what the service says of it. */
export interface Played {
  /** Its end, µs, and the first attempts that were to be expected until then. */
  readonly end: number;
  readonly offered: number;
}

/** Plays steps on six pods per zone, and a bucket of retries each second. `read` is called with each moment, µs, before what happens there. */
export function play(service: Service, zones: number, steps: readonly Step[], read: (until: number) => void = () => undefined): Played {
  const modes: (ServingMode | undefined)[][] = Array.from({ length: zones }, () => []);
  let [now, rate, slope, offered] = [0, 0, 0, 0];
  const { retries } = service;
  const setRate = (): void => {
    const again = retries?.perSecond ?? 0;
    service.setRate(time(now), rate + again, slope, again);
  };
  const goOn = (until: number): void => {
    while (now < until) {
      const next = retries ? Math.min(until, retries.bucketEnd(now)) : until;
      const seconds = (next - now) / 1e6;
      offered += seconds * (rate + (slope * seconds) / 2);
      rate = Math.max(0, rate + slope * seconds);
      now = next;
      read(now);
      service.advance(time(now));
      if (retries && now % 1e6 === 0) {
        retries.end(time(now), { offered: 0, unserved: [], backlog: 0 });
        setRate();
      }
    }
  };
  /** A rate never falls below 0. */
  const most = (wait: number): number => Math.min(wait, slope < 0 ? Math.floor((rate / -slope) * 1e6) : Infinity);
  for (const { wait, zone: anyZone, pod, mode, backlog, turnRate, ...next } of steps) {
    const zone = anyZone % zones;
    const passed = most(wait);
    goOn(now + passed);
    if (turnRate || passed < wait) {
      ({ rate, slope } = next);
      setRate();
    } else {
      const choices = [undefined, full, full, full, warming, slow, keepAlive, cutOff, draining, dead, coldPages(now / 1e6)];
      const [from, to] = [modes[zone]?.[pod], choices[mode]];
      if (from === undefined && to === undefined) continue;
      service.change(at(now / 1e6), zone, from, to, backlog);
      (modes[zone] as (ServingMode | undefined)[])[pod] = to;
    }
  }
  goOn(now + most(1_000_000));
  return { end: now, offered };
}
