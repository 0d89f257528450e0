import type { Request, Requests } from './request.ts';
import type { Leaving, RequestPod } from './request-pod.ts';
import type { RequestRetries } from './request-retries.ts';
import type { ResponseHistogram } from './response-histogram.ts';
import { ResponseWeights } from '../response-weights.ts';
import { clearTally, emptyTally, type Tally, type TrafficCounts } from '../tally.ts';

/** What became of single requests, by zone: each counts as many as it stands for. Times in s. */
export class RequestBooks implements Leaving {
  simulated = 0;
  readonly #requests: Requests;
  readonly #responses: ResponseHistogram;
  readonly #retries: RequestRetries | undefined;
  readonly #tallies: readonly Tally[];
  readonly #weights: readonly ResponseWeights[];
  /** Requests present by zone, now and at the last cut. */
  readonly #present: number[];
  readonly #presentAtCut: number[];
  readonly #pods: readonly RequestPod[];
  #presence = 0;
  /** Σ time that those who left were present. */
  #gone = 0;
  #now = 0;
  /** Failures by zone, since the causes were asked for last, of which only the deficit knows the cause. */
  readonly #unexplained: number[];

  /** `pods`: all that there are, as they come. */
  constructor(
    zones: number,
    pods: readonly RequestPod[],
    requests: Requests,
    responses: ResponseHistogram,
    retries: RequestRetries | undefined,
  ) {
    this.#pods = pods;
    this.#requests = requests;
    this.#responses = responses;
    this.#retries = retries;
    this.#tallies = Array.from({ length: zones }, emptyTally);
    this.#weights = this.#tallies.map(({ responses: of }) => {
      const weights = new ResponseWeights(responses);
      of.push(weights);
      return weights;
    });
    [this.#present, this.#presentAtCut, this.#unexplained] = [this.#zeros(), this.#zeros(), this.#zeros()];
  }

  get presence(): number {
    let presence = this.#presence;
    for (const { standing, standingSince } of this.#pods) presence += standing * (this.#now - standingSince);
    return presence;
  }
  get sojourns(): number {
    const present = this.#pods.flatMap((pod) => pod.requests());
    return present.reduce((sum, { weight, arrived }) => sum + weight * (this.#now - arrived), this.#gone);
  }

  /** What happened in the zone since the last cut: may be added to. */
  tally(zone: number): Tally {
    return this.#tallies[zone] as Tally;
  }

  /** Requests at the pods of the zone: each stands for one at least, so that less is rounding. */
  present(zone: number): number {
    const present = this.#present[zone] as number;
    return present < 0.5 ? 0 : present;
  }

  /** An attempt comes to a zone. */
  attempted(zone: number, generation: number, weight: number): void {
    const tally = this.#tallies[zone] as Tally;
    this.simulated++;
    if (generation === 0) tally.offered += weight;
    else tally.retried += weight;
    this.#retries?.arrived(generation, weight);
  }

  /** The pod has taken the request in. */
  admitted(pod: RequestPod, { weight }: Request, t: number): void {
    this.#count(pod, t, weight);
  }

  /** Another pod takes over the request. */
  moved({ weight }: Request, from: RequestPod, to: RequestPod, t: number): void {
    this.#count(from, t, -weight);
    this.#count(to, t, weight);
  }

  /** Another request, at `to`, stands for what the request at `from` stood for, as if it had come with it. */
  merged(request: Request, from: RequestPod, into: Request, to: RequestPod, t: number): void {
    const { weight } = request;
    this.#gone += weight * (into.arrived - request.arrived);
    this.#count(from, t, -weight);
    this.#count(to, t, weight);
    into.weight += weight;
    this.#requests.release(request);
  }

  answered(pod: RequestPod, request: Request, t: number): void {
    const { weight } = request;
    const tally = this.#leave(pod, request, t);
    tally.served += weight;
    tally.usedCoreSeconds += weight * request.demand;
    (this.#weights[pod.zone] as ResponseWeights).add(this.#responses.cell(t - request.arrived + request.delay), weight);
    this.#retries?.served(request.generation, weight);
    this.#requests.release(request);
  }

  timedOut(pod: RequestPod, request: Request, t: number): void {
    const { weight, generation } = request;
    const tally = this.#leave(pod, request, t);
    tally.timedOut += weight;
    tally.usedCoreSeconds += wasted(request);
    this.#unexplained[pod.zone] = (this.#unexplained[pod.zone] as number) + weight;
    this.#retries?.failed(t, generation, weight);
    this.#requests.release(request);
  }

  /** The pod died under it: a fault. */
  lost(pod: RequestPod, request: Request, t: number): void {
    const { weight, generation } = request;
    const tally = this.#leave(pod, request, t);
    tally.lost += weight;
    tally.usedCoreSeconds += wasted(request);
    tally.unserved[0] = (tally.unserved[0] as number) + weight;
    this.#retries?.failed(t, generation, weight, 0);
    this.#requests.release(request);
  }

  /** An attempt that no pod of the zone took in. */
  refused(zone: number, t: number, generation: number, weight: number): void {
    (this.#tallies[zone] as Tally).rejected += weight;
    this.#unexplained[zone] = (this.#unexplained[zone] as number) + weight;
    this.#retries?.failed(t, generation, weight);
  }

  /** Time has gone on to `t`, s. */
  pass(t: number): void {
    this.#now = t;
    this.#retries?.pass();
  }

  /** The causes of what failed in the zone since the last call are in these proportions. */
  explain(zone: number, proportions: readonly number[]): void {
    const failed = this.#unexplained[zone] as number;
    if (failed === 0) return;
    const { unserved } = this.#tallies[zone] as Tally;
    for (let k = 0; k < 4; k++) unserved[k] = (unserved[k] as number) + failed * (proportions[k] as number);
    this.#unexplained[zone] = 0;
    this.#retries?.explain(proportions);
  }

  count(counts: TrafficCounts): void {
    this.#tallies.forEach((tally, zone) => {
      counts.seconds += tally.seconds;
      counts.offered += tally.offered;
      counts.retried += tally.retried;
      counts.judged += tally.served + tally.rejected + tally.timedOut + tally.lost;
      counts.admitted += tally.served;
      counts.within += (this.#weights[zone] as ResponseWeights).within;
      counts.usedCoreSeconds += tally.usedCoreSeconds;
    });
  }

  /** Shows `read` what happened in the zone since the last cut, which it must not keep. */
  cut(zone: number, read: (tally: Tally, zone: number) => void): void {
    const tally = this.#tallies[zone] as Tally;
    tally.admitted = tally.served;
    tally.within = (this.#weights[zone] as ResponseWeights).within;
    tally.backlogGrowth = this.present(zone) - (this.#presentAtCut[zone] as number);
    this.#presentAtCut[zone] = this.present(zone);
    read(tally, zone);
    clearTally(tally);
  }

  /** The request leaves the pod; returns its zone's tally. */
  #leave(pod: RequestPod, { weight, arrived }: Request, t: number): Tally {
    this.#gone += weight * (t - arrived);
    this.#count(pod, t, -weight);
    return this.#tallies[pod.zone] as Tally;
  }

  /** So much more is present at the pod from `t` on. */
  #count(pod: RequestPod, t: number, weight: number): void {
    const { zone, standing } = pod;
    this.#presence += standing * (t - pod.standingSince);
    pod.standingSince = t;
    pod.standing = standing + weight;
    this.#present[zone] = (this.#present[zone] as number) + weight;
  }

  #zeros(): number[] {
    return this.#tallies.map(() => 0);
  }
}

/** What has been worked for a request that is not answered was used all the same, core-seconds. */
function wasted({ weight, demand, work }: Request): number {
  return weight * (demand - work);
}
