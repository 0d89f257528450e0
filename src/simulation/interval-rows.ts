import { defined } from '../base/assert.ts';
import { gibibyte, inSeconds, type Time, time } from '../base/units.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Account, Quantity } from '../cluster/ledger.ts';
import type { PodState } from '../cluster/pod.ts';
import type { LoadMeter } from '../metrics/load-meter.ts';
import type { RowSink } from '../metrics/recorder.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { responseQuantiles } from '../serving/response-quantile.ts';
import { attemptsOf, respondAlike, type Tally } from '../serving/tally.ts';
import type { Demand } from './demand.ts';

/** Writes the rows of one interval: apps.csv always, nodes.csv where every detail is wanted. */
export class IntervalRows {
  readonly #sink: RowSink;
  readonly #scenario: Scenario;
  readonly #cluster: Cluster;
  /** Running totals at the end of the last interval: of each app in each zone the amounts below, of each node bytes swapped out and in. */
  readonly #amounts: Float64Array;
  readonly #bytes: Float64Array;
  readonly #swapped: (node: number, direction: 'out' | 'in') => number;

  constructor(sink: RowSink, scenario: Scenario, cluster: Cluster, swapped: (node: number, direction: 'out' | 'in') => number) {
    this.#swapped = swapped;
    this.#sink = sink;
    this.#scenario = scenario;
    this.#cluster = cluster;
    this.#amounts = new Float64Array(cluster.apps.length * cluster.spec.zones.length * amounts.length);
    this.#bytes = new Float64Array(cluster.nodes.length * 2);
  }

  write(meters: readonly LoadMeter[], demands: readonly Demand[], from: Time, to: Time): void {
    const usedPerPod: number[][] = [];
    meters.forEach((meter, app) => {
      const tallies = meter.takeRow(to);
      usedPerPod.push(
        tallies.map(
          (tally, zone) =>
            tally.usedCoreSeconds /
            inSeconds(time(to - from)) /
            Math.max(1, this.#pods(app, zone, 'running') + this.#pods(app, zone, 'warming')),
        ),
      );
      const { zones } = this.#scenario.cluster;
      const weights = zones.reduce((sum, { weight }) => sum + weight, 0);
      let quantiles: readonly number[] = [];
      tallies.forEach((tally, zone) => {
        // Zones are alike more often than not, and quantiles take long.
        if (zone === 0 || !respondAlike(tally, tallies[zone - 1] as Tally)) quantiles = responseQuantiles(tally, [0.5, 0.99]) ?? [];
        const share = (defined(zones[zone], 'zone').weight * (demands[app] as Demand).forecast.mean(from, to)) / weights;
        this.#appRow(meter, app, zone, tally, quantiles, share, from, to);
      });
    });
    if (this.#scenario.results.detail === 'all') this.#nodeRows(usedPerPod, from, to);
  }

  #appRow(
    meter: LoadMeter,
    app: number,
    zone: number,
    tally: Tally,
    [p50, p99]: readonly number[],
    forecast: number,
    from: Time,
    to: Time,
  ): void {
    const seconds = inSeconds(time(to - from));
    this.#sink.write('apps', {
      from_s: inSeconds(from),
      to_s: inSeconds(to),
      app: this.#cluster.app(app).name,
      zone: this.#scenario.cluster.zones[zone]?.name,
      offered_per_s: tally.offered / seconds,
      retried_per_s: tally.retried / seconds,
      served_per_s: tally.served / seconds,
      rejected_per_s: tally.rejected / seconds,
      overflowed_per_s: tally.overflowedOut / seconds,
      timed_out_per_s: tally.timedOut / seconds,
      capacity_per_s: tally.capacity / seconds,
      forecast_per_s: forecast,
      backlog: meter.service.backlog(zone),
      response_p50_ms: p50 === undefined ? undefined : p50 * 1000,
      response_p99_ms: p99 === undefined ? undefined : p99 * 1000,
      forwarded_ratio: attemptsOf(tally) > 0 ? tally.forwarded / attemptsOf(tally) : undefined,
      pods_running: this.#pods(app, zone, 'running'),
      pods_keep_alive: this.#pods(app, zone, 'keep-alive'),
      pods_warming: this.#pods(app, zone, 'warming'),
      pods_standby: this.#pods(app, zone, 'standby'),
      pods_starting: this.#pods(app, zone, 'pulling') + this.#pods(app, zone, 'starting'),
      pods_pending: this.#pods(app, zone, 'pending'),
      pods_switching:
        this.#pods(app, zone, 'draining-to-standby') +
        this.#pods(app, zone, 'cutoff') +
        this.#pods(app, zone, 'swapping-out') +
        this.#pods(app, zone, 'swapping-in'),
      reserved_core: this.#cores(app, zone, 'reserved', from, to),
      limited_core: this.#cores(app, zone, 'limited', from, to),
      used_core: tally.usedCoreSeconds / seconds + this.#cores(app, zone, 'starting', from, to),
      exposure_s: tally.exposureSeconds,
    });
  }

  /** One row per node as it is at the end of the interval; the CPU used is each app's use in the zone, spread evenly over its running pods. */
  #nodeRows(usedPerPod: readonly (readonly number[])[], from: Time, to: Time): void {
    const used = new Float64Array(this.#cluster.nodes.length);
    const swapped = new Float64Array(this.#cluster.nodes.length);
    for (const pod of this.#cluster.pods) {
      if (pod.node === undefined) continue;
      used[pod.node] = (used[pod.node] as number) + pod.startCpu / 1000;
      if (pod.state === 'running' || pod.state === 'warming')
        used[pod.node] = (used[pod.node] as number) + (usedPerPod[pod.app]?.[pod.zone] ?? 0);
      if (pod.state === 'keep-alive') swapped[pod.node] = (swapped[pod.node] as number) + this.#cluster.app(pod.app).keepAlive.swap;
    }
    const swappedPerSecond = (node: number, direction: 'out' | 'in') =>
      grown(this.#bytes, 2 * node + (direction === 'out' ? 0 : 1), this.#swapped(node, direction)) / inSeconds(time(to - from));
    for (const node of this.#cluster.nodes) {
      this.#sink.write('nodes', {
        from_s: inSeconds(from),
        to_s: inSeconds(to),
        node: node.name,
        zone: this.#scenario.cluster.zones[node.zone]?.name,
        pods: node.pods,
        slots: node.slots,
        reserved_core: node.reservedMillicores / 1000,
        limited_core: node.limitedMillicores / 1000,
        used_core: used[node.index],
        memory_reserved_gib: node.reservedBytes / gibibyte,
        memory_resident_gib: node.residentBytes / gibibyte,
        swapped_gib: (swapped[node.index] as number) / gibibyte,
        swap_out_bytes_per_s: swappedPerSecond(node.index, 'out'),
        swap_in_bytes_per_s: swappedPerSecond(node.index, 'in'),
        state: node.state,
      });
    }
  }

  /** Mean of the amount from `from` to `to`, cores. */
  #cores(app: number, zone: number, amount: (typeof amounts)[number], from: Time, to: Time): number {
    const place = (app * this.#cluster.spec.zones.length + zone) * amounts.length + amounts.indexOf(amount);
    const account = this.#cluster.ledger.appZones[app]?.[zone] as Account;
    return grown(this.#amounts, place, account[amount].integral(to)) / (to - from) / 1000;
  }

  /** Pods of the app in the zone, whatever their duty. */
  #pods(app: number, zone: number, state: PodState): number {
    const cluster = this.#cluster;
    return (
      cluster.count(app, 'exclusive', state, zone) + cluster.count(app, 'standby', state, zone) + cluster.count(app, 'slot', state, zone)
    );
  }
}

const amounts = ['reserved', 'limited', 'starting'] as const satisfies readonly Quantity[];

/** How much the running total at `place` has grown since the last interval. */
function grown(totals: Float64Array, place: number, total: number): number {
  const before = totals[place] as number;
  totals[place] = total;
  return total - before;
}
