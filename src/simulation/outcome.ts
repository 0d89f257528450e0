import { defined } from '../base/assert.ts';
import type { Time } from '../base/units.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Pod } from '../cluster/pod.ts';
import { allocatable } from '../cluster/specs.ts';
import type { Row } from '../metrics/columns.ts';
import { failureText } from '../metrics/failures.ts';
import type { LoadMeter } from '../metrics/load-meter.ts';
import type { Recorder } from '../metrics/recorder.ts';
import { summaryRow } from '../metrics/summary.ts';
import { isOver, type Operation, reasonOf } from '../operations/operation.ts';
import type { Prices } from '../strategies/strategy.ts';
import { unionSeconds } from '../serving/interval-union.ts';
import type { RetryBooks } from '../serving/retries.ts';
import { addTally, emptyTally, sumOf } from '../serving/tally.ts';
import type { Foreseen } from './foresee.ts';

/** What a run leaves behind. */
export interface Outcome {
  readonly strategy: string;
  readonly replication: number;
  readonly seed: number;
  readonly end: Time;
  readonly prices: Prices;
  readonly cluster: Cluster;
  readonly meters: readonly LoadMeter[];
  /** Per app; undefined where nothing is tried again. */
  readonly retries: readonly (RetryBooks | undefined)[];
  readonly recorder: Recorder;
  readonly operations: readonly Operation[];
  readonly planned: Foreseen | undefined;
  readonly events: number;
  readonly fingerprint: string;
  /** Of all apps together. */
  readonly violationSeconds: number;
  readonly usedCoresMax: number;
}

/** The rows of summary.csv: one per app, then `all`. */
export function summaryOf(outcome: Outcome): readonly Row[] {
  const { strategy, replication, seed, end, prices, cluster, meters, recorder, operations } = outcome;
  const common = { strategy, replication, seed, end, prices };
  const all = {
    tally: emptyTally(),
    backlog: 0,
    forecastError: 0,
    fallbackSeconds: 0,
    unserved: [0, 0, 0, 0],
    retrying: 0,
    servedByRetry: 0,
  };
  const rows = meters.map((meter, index) => {
    const app = cluster.app(index).name;
    const zones = meter.total(end);
    const tally = sumOf(zones);
    const retries = outcome.retries[index];
    const unserved = retries?.unserved ?? tally.unserved;
    const generations = retries?.generations ?? [];
    const retrying = generations.reduce((sum, { pending }) => sum + pending, 0);
    const servedByRetry = generations.slice(1).reduce((sum, { served }) => sum + served, 0);
    const fallbackSeconds = Math.max(...zones.map((zone) => zone.fallbackSeconds));
    const { backlog } = meter;
    addTally(all.tally, tally);
    all.backlog += backlog;
    all.retrying += retrying;
    all.servedByRetry += servedByRetry;
    unserved.forEach((amount, k) => ((all.unserved[k] as number) += amount));
    all.forecastError += meter.forecastError;
    all.fallbackSeconds = Math.max(all.fallbackSeconds, fallbackSeconds);
    return summaryRow({
      ...common,
      app,
      tally,
      backlog,
      unserved,
      retrying,
      servedByRetry,
      account: defined(cluster.ledger.apps[index], 'account'),
      violationSeconds: meter.violationSeconds,
      exposureSeconds: exposureSeconds(cluster, [meter]),
      usedCoresMax: meter.usedCoresMax,
      forecastError: meter.forecastError,
      fallbackSeconds,
      counts: recorder.counts(end, operations, cluster.stuck[cluster.groupOf(index)], { index, name: app }),
      whole: undefined,
    });
  });
  const whole = {
    nodesUsedMax: nodesUsed(cluster, end),
    nodesOccupiedMax: cluster.occupied.max(end),
    planned: outcome.planned,
    events: outcome.events,
    fingerprint: outcome.fingerprint,
  };
  const { violationSeconds, usedCoresMax } = outcome;
  const counts = recorder.counts(end, operations, cluster.stuckAll);
  return [
    ...rows,
    summaryRow({
      ...common,
      app: 'all',
      ...all,
      account: cluster.ledger.all,
      violationSeconds,
      exposureSeconds: exposureSeconds(cluster, meters),
      usedCoresMax,
      counts,
      whole,
    }),
  ];
}

/** What a reader of the results should know: orders refused, held back or not over, pods without a node. */
export function notesOf(cluster: Cluster, operations: readonly Operation[], refusing: readonly string[]): readonly string[] {
  const notes = refusedScales(operations);
  for (const operation of operations) {
    const { id, order, state, done, requested } = operation;
    const name = `operation ${String(id)} (${order.kind})`;
    const reason = reasonOf(operation);
    if (reason !== undefined && order.kind !== 'scale') notes.push(`${name} is ${state}: ${reason}`);
    if (order.kind !== 'switch') continue;
    const failed = failureText(operation, (app) => cluster.app(app).name);
    if (failed !== undefined) notes.push(`${name}: ${failed}`);
    if (!isOver(operation)) notes.push(`${name} was ${state} at the end: ${String(done)} of ${String(requested)} slots done`);
  }
  const pending = cluster.pods.filter((pod) => pod.state === 'pending');
  if (pending.length > 0)
    notes.push(
      `${String(pending.length)} pods (${ofApps(pending, cluster)}) had no node at the end: ${
        refusing.length > 0
          ? `each of the ${String(cluster.nodes.length)} nodes is refused by ${refusing.join(' or ')}`
          : 'the scheduler is too slow'
      }`,
    );
  return notes;
}

/** Refused orders to scale, counted by reason: a strategy that does not look may give thousands. */
function refusedScales(operations: readonly Operation[]): string[] {
  const refused = operations.filter(({ order, state }) => order.kind === 'scale' && state === 'refused');
  const byReason = new Map<string, Operation[]>();
  for (const operation of refused) {
    const reason = reasonOf(operation) ?? '';
    const known = byReason.get(reason);
    if (known) known.push(operation);
    else byReason.set(reason, [operation]);
  }
  return [...byReason].map(([reason, [first, ...others]]) => {
    const more = others.length === 0 ? '' : `, and ${String(others.length)} more for the same reason`;
    return `operation ${String(first?.id)} (scale) is refused: ${reason}${more}`;
  });
}

/** `social-71 and 29 apps more`: whose pods they are. */
function ofApps(pods: readonly Pod[], cluster: Cluster): string {
  const names = [...new Set(pods.map(({ app }) => cluster.app(app).name))];
  const more = names.length - 3;
  return more > 0 ? `${names.slice(0, 3).join(', ')} and ${String(more)} more ${more === 1 ? 'app' : 'apps'}` : names.join(', ');
}

/** Length of time in which any of the services had a deficit in any zone, s. */
function exposureSeconds({ spec }: Cluster, meters: readonly LoadMeter[]): number {
  return unionSeconds(meters.flatMap(({ service }) => spec.zones.map((_, zone) => service.exposureIntervals(zone))));
}

/** Σ over zones and pools of ⌈largest reservation ÷ allocatable⌉, in CPU or memory, whichever is more. */
function nodesUsed({ spec, ledger }: Cluster, end: Time): number {
  let sum = 0;
  for (const zone of ledger.domains)
    zone.forEach(({ reserved, memoryReserved }, pool) => {
      const { millicores, bytes } = allocatable(defined(spec.pools[pool], 'pool').node);
      sum += Math.max(Math.ceil(reserved.max(end) / millicores), Math.ceil(memoryReserved.max(end) / bytes));
    });
  return sum;
}
