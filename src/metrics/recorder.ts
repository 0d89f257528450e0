import { inSeconds, type Time } from '../base/units.ts';
import type { Pod } from '../cluster/pod.ts';
import { StepMeter } from '../cluster/step-meter.ts';
import { isOver, type Operation, reasonOf } from '../operations/operation.ts';
import type { Order } from '../operations/orders.ts';
import type { Fact } from '../operations/world.ts';
import type { DetailFile, RowOf } from './columns.ts';
import { failureText } from './failures.ts';
import type { Counts } from './summary.ts';

/** Where rows go; a run without one writes none. */
export interface RowSink {
  write<File extends DetailFile>(file: File, row: RowOf<File>): void;
}

/** Names that rows use instead of indexes. */
export interface Names {
  readonly strategy: string;
  app(index: number): string;
  zone(index: number): string;
  node(index: number | undefined): string | undefined;
}

/** Turns the operations' facts into rows and counts. */
export class Recorder {
  readonly #sink: RowSink | undefined;
  readonly #pods: boolean;
  readonly #names: Names;
  readonly #scheduling: number[][];
  readonly #deleted: number[];
  readonly #created: number[];
  /** Pods waiting for a node, per app and in all. */
  readonly #pending: StepMeter[];
  readonly #pendingAll = new StepMeter();
  /** Pods whose sidecar missed a push, per app and in all. */
  readonly #missed: StepMeter[];
  readonly #missedAll = new StepMeter();
  readonly #failed: number[];
  #opening = true;

  constructor(sink: RowSink | undefined, pods: boolean, names: Names, apps: number) {
    this.#sink = sink;
    this.#pods = pods;
    this.#names = names;
    this.#scheduling = Array.from({ length: apps }, () => []);
    this.#deleted = new Array<number>(apps).fill(0);
    this.#created = new Array<number>(apps).fill(0);
    this.#pending = Array.from({ length: apps }, () => new StepMeter());
    this.#missed = Array.from({ length: apps }, () => new StepMeter());
    this.#failed = new Array<number>(apps).fill(0);
  }

  /** From now on pods are created during the day. */
  opened(): void {
    this.#opening = false;
  }

  fact(fact: Fact, at: Time): void {
    switch (fact.kind) {
      case 'pod-created':
        if (!this.#opening) (this.#created[fact.pod.app] as number)++;
        this.#pend(fact.pod.app, at, 1);
        return;
      case 'pod-state': {
        const { pod } = fact;
        if (fact.left === 'pending') this.#pend(pod.app, at, -1);
        if (pod.state === 'gone') (this.#deleted[pod.app] as number)++;
        if (pod.state === 'failed') (this.#failed[pod.app] as number)++;
        if (this.#pods && at > fact.since) this.#podRow(pod, fact.left, fact.since, at, fact.reason);
        return;
      }
      case 'bound':
        this.#scheduling[fact.pod.app]?.push(inSeconds(fact.waited));
        return;
      case 'step':
        this.#sink?.write('switches', {
          operation: fact.operation.id,
          batch: fact.batch + 1,
          slot: fact.slot,
          node: this.#names.node(fact.node),
          step: fact.step,
          from_app: this.#names.app(fact.from),
          to_app: this.#names.app(fact.to),
          started_s: inSeconds(fact.started),
          ended_s: inSeconds(fact.ended),
          attempts: fact.attempts,
          outcome: fact.outcome,
          bytes: fact.bytes,
        });
        return;
      case 'drift':
        (this.#missed[fact.pod.app] as StepMeter).add(at, fact.begins ? 1 : -1);
        this.#missedAll.add(at, fact.begins ? 1 : -1);
        return;
      case 'chosen':
      case 'ordered':
      case 'traffic':
      case 'start-cpu':
      case 'operation':
        return;
    }
  }

  /** Rows of what is still under way at the end: operations in order, and the pods' last states. */
  end(at: Time, operations: readonly Operation[], pods: readonly Pod[]): void {
    for (const operation of operations) this.#sink?.write('operations', operationRow(operation, this.#names));
    if (this.#pods) for (const pod of pods) if (pod.state !== 'gone') this.#podRow(pod, pod.state, pod.since, at, 'end of the run');
  }

  /** Counts of the run up to `end`, of one app or of all; `stuck`: the slots that the app, or any, stands in. */
  counts(
    end: Time,
    operations: readonly Operation[],
    stuck: StepMeter | undefined,
    app?: { readonly index: number; readonly name: string },
  ): Counts {
    const switches = operations.filter(
      ({ order, by, state }) =>
        order.kind === 'switch' &&
        by === 'strategy' &&
        state !== 'refused' &&
        (app === undefined || order.from === app.name || order.to === app.name),
    );
    const pick = (values: readonly number[]) => (app ? (values[app.index] as number) : values.reduce((sum, value) => sum + value, 0));
    const ended = switches.filter(
      (operation) =>
        operation.started !== undefined && operation.ended !== undefined && (isOver(operation) || operation.state === 'paused'),
    );
    return {
      podsCreated: pick(this.#created),
      podsDeleted: pick(this.#deleted),
      podsPendingMax: (app ? (this.#pending[app.index] as StepMeter) : this.#pendingAll).max(end),
      scheduling: app ? (this.#scheduling[app.index] as number[]) : this.#scheduling.flat(),
      switches: switches.length,
      switchesFailed: switches.filter(({ failed }) => failed > 0).length,
      slotsFailed: switches.reduce((sum, { failed }) => sum + failed, 0),
      switchesRolledBack: switches.filter((operation) => operation.state === 'rolled-back').length,
      slotsSwitched: switches.reduce((sum, operation) => sum + slotsGot(operation, app?.name), 0),
      slotsStuckMax: stuck?.max(end) ?? 0,
      switchSeconds: ended.map((operation) => inSeconds(((operation.ended ?? 0) - (operation.started ?? 0)) as Time)),
      driftSeconds: ((stuck?.integral(end) ?? 0) + (app ? (this.#missed[app.index] as StepMeter) : this.#missedAll).integral(end)) / 1e6,
      podsFailed: pick(this.#failed),
    };
  }

  #pend(app: number, at: Time, delta: number): void {
    (this.#pending[app] as StepMeter).add(at, delta);
    this.#pendingAll.add(at, delta);
  }

  #podRow(pod: Pod, state: string, since: Time, at: Time, reason: string): void {
    this.#sink?.write('pods', {
      pod: pod.id,
      app: this.#names.app(pod.app),
      // A pod that waits is nowhere, though by the time it is written it has its node.
      zone: state === 'pending' ? undefined : this.#names.zone(pod.zone),
      node: state === 'pending' ? undefined : this.#names.node(pod.node),
      slot: pod.slot,
      state,
      from_s: inSeconds(since),
      to_s: inSeconds(at),
      reason,
    });
  }
}

/** Slots that the app, or any, got from another: the taker those handed over, the giver those handed back. */
function slotsGot({ order, handedOver, handedBack }: Operation, app: string | undefined): number {
  if (app === undefined || order.kind !== 'switch') return handedOver + handedBack;
  return app === order.to ? handedOver : handedBack;
}

function operationRow(operation: Operation, names: Names): RowOf<'operations'> {
  const { order } = operation;
  const seconds = (t: Time | undefined) => (t === undefined ? undefined : inSeconds(t));
  return {
    operation: operation.id,
    strategy: names.strategy,
    kind: operation.by === 'inspection' ? 'repair' : order.kind,
    ...subjectOf(order),
    requested: operation.requested,
    done: operation.done,
    failed: operation.failed,
    ordered_s: inSeconds(operation.ordered),
    started_s: seconds(operation.started),
    ended_s: isOver(operation) ? seconds(operation.ended) : undefined,
    state: operation.state,
    batches: order.kind === 'switch' ? operation.batches : undefined,
    gate_success_ratio: operation.gate?.successRatio,
    gate_response_p99_ms: operation.gate?.responseP99 === undefined ? undefined : operation.gate.responseP99 / 1000,
    reason:
      [reasonOf(operation), failureText(operation, (app) => names.app(app))].filter((text) => text !== undefined).join('; ') || undefined,
  };
}

/** Apps and group that the order is about. */
function subjectOf(order: Order): RowOf<'operations'> {
  switch (order.kind) {
    case 'scale':
      return { app_to: order.app };
    case 'reserve':
      return { app_to: order.holder, group: order.group };
    case 'switch':
      return { app_from: order.from, app_to: order.to, group: order.group };
    default:
      return {};
  }
}
