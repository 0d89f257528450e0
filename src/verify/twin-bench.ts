import { duration, type Time, time } from '../base/units.ts';
import { Streams } from '../random/streams.ts';
import type { BalancerName } from '../serving/requests/balancer.ts';
import { FluidService } from '../serving/fluid/fluid-service.ts';
import type { Discipline } from '../serving/requests/request-pod.ts';
import { RequestService } from '../serving/requests/request-service.ts';
import { responseMean, responseQuantiles } from '../serving/response-quantile.ts';
import type { Service, ServiceOptions } from '../serving/service.ts';
import { addTally, attemptsOf, emptyTally } from '../serving/tally.ts';

/** What happens to an app in one zone, to its fluid and to its twin alike. Times in s. */
export interface Situation {
  readonly name: string;
  /** The app, where it is not the usual one. */
  readonly options?: Partial<ServiceOptions>;
  readonly discipline?: Discipline;
  readonly balancer?: BalancerName;
  /** Whether every pod is an M/M/k queue in which hardly anybody waits for as long as the time-out: the fluid’s response law is exact. */
  readonly exact?: boolean;
  /** What makes it happen, and when, rising. */
  readonly steps: readonly (readonly [number, (service: Service, t: Time) => void])[];
  /** What is looked at. */
  readonly from: number;
  readonly to: number;
}

/** What is compared. */
export interface Outcome {
  /** Of the attempts. */
  readonly served: number;
  readonly rejected: number;
  readonly timedOut: number;
  /** Requests present at the pods in the mean: counted, or by Little's law, where those that time out are present as long as they wait. */
  readonly present: number;
  readonly p50: number;
  readonly p99: number;
}

export const at = (seconds: number): Time => time(Math.round(seconds * 1e6));

/** 4 cores, 16 ms of CPU a request: 250 requests/s a pod; a time-out of 1 s. */
const usual: ServiceOptions = {
  zones: 1,
  serviceTime: duration(16_000),
  cv: 1,
  wait: duration(0),
  timeout: duration(1_000_000),
  objective: duration(300_000),
  runningMillicores: 4000,
  keepAliveMillicores: 1000,
  idleMillicores: 0,
  sidecar: duration(0),
  relay: duration(50),
  hops: [duration(500), duration(1000), duration(5000)],
};

function outcome(situation: Situation, service: Service, timeout: number): Outcome {
  const tally = emptyTally();
  const { from, to, steps } = situation;
  const take = (some: Situation['steps']): void => {
    for (const [t, step] of some) step(service, at(t));
  };
  take(steps.filter(([t]) => t < from));
  service.cut(at(from), () => undefined);
  const before = service.census?.presence ?? 0;
  take(steps.filter(([t]) => t >= from));
  service.cut(at(to), (zone) => {
    addTally(tally, zone);
  });
  const attempts = attemptsOf(tally);
  const [p50 = 0, p99 = 0] = responseQuantiles(tally, [0.5, 0.99]) ?? [];
  const presence = service.census
    ? service.census.presence - before
    : (responseMean(tally) ?? 0) * tally.served + (timeout / 1e6) * tally.timedOut;
  return {
    served: tally.served / attempts,
    rejected: tally.rejected / attempts,
    timedOut: tally.timedOut / attempts,
    present: presence / (to - from),
    p50,
    p99,
  };
}

export function byFluid(situation: Situation): Outcome {
  const options = { ...usual, ...situation.options };
  return outcome(situation, new FluidService(options), options.timeout);
}

/** One replication of single requests. */
export function byRequests(situation: Situation, streams: Streams, replication: number): Outcome {
  const stream = (purpose: string) => streams.stream(`${situation.name}/${String(replication)}/${purpose}`);
  const { discipline = 'fifo', balancer = 'random' } = situation;
  const options = { ...usual, ...situation.options };
  const service = new RequestService({ ...options, distribution: 'auto', discipline, balancer, sample: 1, stream });
  return outcome(situation, service, options.timeout);
}
