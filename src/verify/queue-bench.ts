import { type ServiceDistribution, serviceTimes } from '../random/service-time.ts';
import { Streams } from '../random/streams.ts';
import { FifoPods } from '../serving/fifo-pods.ts';
import { PoissonArrivals } from '../serving/poisson-arrivals.ts';
import { RequestDraws } from '../serving/request-draws.ts';
import type { Discipline, Leaving } from '../serving/request-pods.ts';
import { Requests } from '../serving/requests.ts';
import { SharingPods } from '../serving/sharing-pods.ts';

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
}

/** Means over the requests that came after the warm-up. */
export interface Observed {
  /** From arrival to answer, of those answered; and without the service time itself. */
  readonly sojourn: number;
  readonly wait: number;
  /** Share of those answered that had to wait; share of all that were refused. */
  readonly delayed: number;
  readonly refused: number;
}

/** One independent run of `requests` requests, the first `warmUp` of which are not counted. */
export function observe(queue: Queue, requests: number, warmUp: number, streams: Streams, name: string): Observed {
  const { servers, rho, places } = queue;
  const present = new Requests();
  let [sojourn, wait, delayed, answered, refused] = [0, 0, 0, 0, 0];
  const leaving: Leaving = {
    answered(request, t) {
      if ((present.generation[request] as number) === 1) {
        const passed = t - (present.arrived[request] as number);
        const waited = passed - (present.demand[request] as number);
        sojourn += passed;
        wait += waited;
        // Shorter than that is the rounding of the clock.
        if (waited > 1e-6) delayed++;
        answered++;
      }
      present.release(request);
    },
    timedOut() {
      throw new Error('nobody times out here');
    },
  };
  const pods =
    queue.discipline === 'fifo' ? new FifoPods(present, Infinity, leaving, servers) : new SharingPods(present, Infinity, leaving);
  const pod = pods.add();
  pods.set(pod, 0, { servers, speed: 1, slope: 0, until: 0 });
  pods.setPlaces(pod, places);
  const stream = (purpose: string) => streams.stream(`${name}/${purpose}`);
  const draws = new RequestDraws(
    { arrivals: stream('arrivals'), places: stream('places'), service: stream('service') },
    serviceTimes(queue.distribution, queue.cv),
  );
  const arrivals = new PoissonArrivals(draws.gap);
  arrivals.bend(0, rho * servers, 0);
  for (let n = 0; n < requests; n++) {
    const request = present.take();
    const t = (present.arrived[request] = arrivals.next);
    present.work[request] = present.demand[request] = draws.service;
    present.generation[request] = n < warmUp ? 0 : 1;
    if (!pods.arrive(pod, t, request)) {
      present.release(request);
      if (n >= warmUp) refused++;
    }
    draws.pass();
    arrivals.pass(draws.gap);
  }
  pods.pass(pod, Number.MAX_VALUE);
  return { sojourn: sojourn / answered, wait: wait / answered, delayed: delayed / answered, refused: refused / (requests - warmUp) };
}
