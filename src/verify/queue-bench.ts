import { type ServiceDistribution, serviceTimes } from '../random/service-time.ts';
import { Streams } from '../random/streams.ts';
import { FifoPod } from '../serving/requests/fifo-pod.ts';
import { PoissonArrivals } from '../serving/requests/poisson-arrivals.ts';
import { RequestDraws } from '../serving/requests/request-draws.ts';
import { Requests } from '../serving/requests/request.ts';
import type { Discipline, Leaving } from '../serving/requests/request-pod.ts';
import { SharingPod } from '../serving/requests/sharing-pod.ts';

/** A queue of textbooks: one pod, service times of mean 1, Poisson arrivals. */
export interface Queue {
  readonly discipline: Discipline;
  readonly servers: number;
  readonly distribution: ServiceDistribution;
  readonly cv: number;
  /** Offered load per server. */
  readonly rho: number;
  /** Requests that may wait beside those in service. */
  readonly places: number;
  /** Longest wait, service times; without it nobody gives up. */
  readonly patience?: number;
  /** The sojourn, service times, that is long. */
  readonly long?: number;
}

/** Means over the requests that came after the warm-up. */
export interface Observed {
  /** From arrival to answer, of those answered; and without the service time itself. */
  readonly sojourn: number;
  readonly wait: number;
  /** Share of those answered that had to wait, and that took long; share of all that were refused, and that gave up. */
  readonly delayed: number;
  readonly long: number;
  readonly refused: number;
  readonly late: number;
}

/** One independent run of `requests` requests, the first `warmUp` of which are not counted. */
export function observe(queue: Queue, requests: number, warmUp: number, streams: Streams, name: string): Observed {
  const { servers, rho, places, patience = Infinity, long: limit = Infinity } = queue;
  const present = new Requests();
  let [sojourn, wait, delayed, long, answered, refused, late] = [0, 0, 0, 0, 0, 0, 0];
  const leaving: Leaving = {
    answered(_, request, t) {
      if (request.generation === 1) {
        const passed = t - request.arrived;
        const waited = passed - request.demand;
        sojourn += passed;
        wait += waited;
        // Shorter than that is the rounding of the clock.
        if (waited > 1e-6) delayed++;
        if (passed > limit) long++;
        answered++;
      }
      present.release(request);
    },
    timedOut(_, request) {
      late += request.generation;
      present.release(request);
    },
  };
  const pod = new (queue.discipline === 'fifo' ? FifoPod : SharingPod)(patience, leaving);
  pod.set(0, { servers, speed: 1, slope: 0, until: 0 });
  pod.places = places;
  const stream = (purpose: string) => streams.stream(`${name}/${purpose}`);
  const draws = new RequestDraws(
    { arrivals: stream('arrivals'), places: stream('places'), service: stream('service') },
    serviceTimes(queue.distribution, queue.cv),
  );
  const arrivals = new PoissonArrivals(draws.gap);
  arrivals.bend(0, rho * servers, 0);
  for (let n = 0; n < requests; n++) {
    const request = present.take();
    request.arrived = arrivals.next;
    request.work = request.demand = draws.service;
    request.generation = n < warmUp ? 0 : 1;
    if (!pod.arrive(request.arrived, request)) {
      present.release(request);
      if (n >= warmUp) refused++;
    }
    draws.pass();
    arrivals.pass(draws.gap);
  }
  pod.pass(Number.MAX_VALUE);
  const counted = requests - warmUp;
  return {
    sojourn: sojourn / answered,
    wait: wait / answered,
    delayed: delayed / answered,
    long: long / answered,
    refused: refused / counted,
    late: late / counted,
  };
}
