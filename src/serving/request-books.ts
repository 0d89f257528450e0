import { longer } from './pod-speeds.ts';
import type { Leaving } from './request-pods.ts';
import type { RequestRetries } from './request-retries.ts';
import type { Orphans } from './request-zone.ts';
import type { Requests } from './requests.ts';
import type { ResponseHistogram } from './response-histogram.ts';
import { ResponseWeights } from './response-weights.ts';
import { clearTally, emptyTally, type Tally, type TrafficCounts } from './tally.ts';

/** What became of single requests, by zone: each counts as many as it stands for. Times in s. */
export class RequestBooks implements Leaving, Orphans {
  simulated = 0;
  heaviest: number;
  readonly #requests: Requests;
  readonly #responses: ResponseHistogram;
  readonly #retries: RequestRetries | undefined;
  readonly #tallies: readonly Tally[];
  readonly #weights: readonly ResponseWeights[];
  /** Requests present by zone, now and at the last cut. */
  readonly #present: number[];
  readonly #presentAtCut: number[];
  /** By pod: its zone; requests present and the moment up to which they have been integrated, side by side. */
  readonly #zones: number[] = [];
  #pods = new Float64Array(32);
  #presence = 0;
  /** Σ time that those who left were present; Σ moments at which those present came. */
  #gone = 0;
  #came = 0;
  #now = 0;
  /** Failures by zone, since the causes were asked for last, of which only the deficit knows the cause. */
  readonly #unexplained: number[];

  constructor(zones: number, sample: number, requests: Requests, responses: ResponseHistogram, retries: RequestRetries | undefined) {
    this.heaviest = 1 / sample;
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
    for (let i = 0; i < this.#pods.length; i += 2) presence += (this.#pods[i] as number) * (this.#now - (this.#pods[i + 1] as number));
    return presence;
  }
  get sojourns(): number {
    return this.#gone + this.#present.reduce((sum, present) => sum + present, 0) * this.#now - this.#came;
  }

  /** The pod, whose number is new or was given back, is in the zone. */
  settle(pod: number, zone: number): void {
    this.#zones[pod] = zone;
    if (2 * pod >= this.#pods.length) this.#pods = longer(this.#pods, new Float64Array(2 * this.#pods.length));
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
    if (generation === 0) {
      tally.offered += weight;
      if (weight > this.heaviest) this.heaviest = weight;
    } else tally.retried += weight;
    this.#retries?.arrived(generation, weight);
  }

  /** The request's pod has taken it in. */
  admitted(request: number, t: number): void {
    const weight = this.#requests.weight[request] as number;
    this.#came += weight * t;
    this.#count(this.#requests.pod[request] as number, t, weight);
  }

  /** Another pod of the zone takes over the request. */
  moved(request: number, pod: number, t: number): void {
    const weight = this.#requests.weight[request] as number;
    this.#count(this.#requests.pod[request] as number, t, -weight);
    this.#requests.pod[request] = pod;
    this.#count(pod, t, weight);
  }

  weight(request: number): number {
    return this.#requests.weight[request] as number;
  }

  /** Another one of the zone stands for what the request stood for, as if it had come with it. */
  merged(request: number, into: number, t: number): void {
    const { weight: weights, arrived, pod } = this.#requests;
    const weight = weights[request] as number;
    const later = (arrived[into] as number) - (arrived[request] as number);
    this.#gone += weight * later;
    this.#came += weight * later;
    this.#count(pod[request] as number, t, -weight);
    this.#count(pod[into] as number, t, weight);
    weights[into] = (weights[into] as number) + weight;
    this.#requests.release(request);
  }

  answered(request: number, t: number): void {
    const { weight: weights, demand, arrived, delay, generation } = this.#requests;
    const weight = weights[request] as number;
    const zone = this.#leave(request, t, weight);
    const tally = this.#tallies[zone] as Tally;
    tally.served += weight;
    tally.usedCoreSeconds += weight * (demand[request] as number);
    const response = t - (arrived[request] as number) + (delay[request] as number);
    (this.#weights[zone] as ResponseWeights).add(this.#responses.cell(response), weight);
    this.#retries?.served(generation[request] as number, weight);
    this.#requests.release(request);
  }

  timedOut(request: number, t: number): void {
    const { weight: weights, generation } = this.#requests;
    const weight = weights[request] as number;
    const zone = this.#leave(request, t, weight);
    (this.#tallies[zone] as Tally).timedOut += weight;
    this.#waste(request, zone, weight);
    this.#unexplained[zone] = (this.#unexplained[zone] as number) + weight;
    this.#retries?.failed(t, generation[request] as number, weight);
    this.#requests.release(request);
  }

  /** Its pod died under it: a fault. */
  lost(request: number, t: number): void {
    const { weight: weights, generation } = this.#requests;
    const weight = weights[request] as number;
    const zone = this.#leave(request, t, weight);
    const tally = this.#tallies[zone] as Tally;
    tally.lost += weight;
    this.#waste(request, zone, weight);
    tally.unserved[0] = (tally.unserved[0] as number) + weight;
    this.#retries?.failed(t, generation[request] as number, weight, 0);
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

  /** What has been worked for a request that is not answered was used all the same. */
  #waste(request: number, zone: number, weight: number): void {
    const { demand, work } = this.#requests;
    (this.#tallies[zone] as Tally).usedCoreSeconds += weight * ((demand[request] as number) - (work[request] as number));
  }

  /** The request leaves its pod; returns the zone. */
  #leave(request: number, t: number, weight: number): number {
    const pod = this.#requests.pod[request] as number;
    const came = this.#requests.arrived[request] as number;
    this.#gone += weight * (t - came);
    this.#came -= weight * came;
    this.#count(pod, t, -weight);
    return this.#zones[pod] as number;
  }

  /** So much more is present at the pod from `t` on. */
  #count(pod: number, t: number, weight: number): void {
    const zone = this.#zones[pod] as number;
    const present = this.#pods[2 * pod] as number;
    this.#presence += present * (t - (this.#pods[2 * pod + 1] as number));
    this.#pods[2 * pod + 1] = t;
    this.#pods[2 * pod] = present + weight;
    this.#present[zone] = (this.#present[zone] as number) + weight;
  }

  #zeros(): number[] {
    return this.#tallies.map(() => 0);
  }
}
