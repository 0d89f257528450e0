import { InvariantError, defined } from '../base/assert.ts';
import type { Time } from '../base/units.ts';
import { ChangeLog } from './change-log.ts';
import { Ledger } from './ledger.ts';
import { checkReserved, checkUse, leave, type Node, nodesOf } from './node.ts';
import { checkTransition, type Duty, limitsIn, noLimits, type Pod, type PodState, type Role } from './pod.ts';
import { PodCounts } from './pod-counts.ts';
import type { Slot, SlotState } from './slot.ts';
import type { ClusterSpec, GroupSpec, NodeSpec, PodSpecs } from './specs.ts';
import { setStartCpu } from './start-cpu.ts';
import { StepMeter } from './step-meter.ts';

/** What a placement needs of a node. */
export interface Claim {
  readonly millicores: number;
  readonly bytes: number;
  readonly pods: number;
}

/** A group with its apps as indexes. */
export interface Group {
  readonly spec: GroupSpec;
  readonly members: readonly number[];
}

/**
 * Nodes, slots and pods in their legal states, with exact books of what is reserved, limited and resident. Invariants, checked at every change: a change of state is legal;
 * a node's reservations and its limits in force fit what it may give; a slot has at most one running tenant. Holds no policy and no durations.
 */
export class Cluster {
  readonly nodes: readonly Node[];
  readonly pods: Pod[] = [];
  readonly slots: Slot[] = [];
  readonly groups: readonly Group[];
  readonly ledger: Ledger;
  /** Nodes with at least one pod. */
  readonly occupied = new StepMeter();
  /** Slots that are stuck, by group and in all. */
  readonly stuck: readonly StepMeter[];
  readonly stuckAll = new StepMeter();
  /** Nodes that have changed in what decides a placement. */
  readonly changes: ChangeLog;
  /** Told of every node whose reservations have changed. */
  reservationChanged: ((node: Node) => void) | undefined;
  /** How many pods had a role so far, by app, kind and index. */
  readonly #incarnations: readonly Record<Role['kind'], number[]>[];
  readonly #counts: PodCounts;
  /** Slots that are there or to come, by group and holder. */
  readonly #slotCounts: readonly number[][];

  readonly spec: ClusterSpec;
  readonly apps: readonly PodSpecs[];

  constructor(spec: ClusterSpec, apps: readonly PodSpecs[], groups: readonly GroupSpec[]) {
    this.spec = spec;
    this.apps = apps;
    this.nodes = nodesOf(spec);
    this.groups = groups.map((group) => ({ spec: group, members: group.apps.map((name) => apps.findIndex((app) => app.name === name)) }));
    this.stuck = groups.map(() => new StepMeter());
    this.ledger = new Ledger(apps.length, spec.zones.length, spec.pools.length);
    this.changes = new ChangeLog(this.nodes.length);
    this.#incarnations = apps.map(() => ({ exclusive: [], slot: [] }));
    this.#counts = new PodCounts(apps.length, spec.zones.length);
    this.#slotCounts = groups.map(() => apps.map(() => 0));
  }

  app(index: number): PodSpecs {
    return defined(this.apps[index], 'app');
  }
  node(index: number | undefined): Node {
    return defined(this.nodes[index ?? -1], 'node');
  }
  /** What the node is by its pool. */
  shape(node: Node): NodeSpec {
    return defined(this.spec.pools[node.pool], 'pool').node;
  }
  pod(id: number): Pod {
    return defined(this.pods[id], 'pod');
  }
  slot(id: number): Slot {
    return defined(this.slots[id], 'slot');
  }
  group(index: number): Group {
    return defined(this.groups[index], 'group');
  }
  /** Index of the app's group; −1 where it is in none. */
  groupOf(app: number): number {
    return this.groups.findIndex(({ members }) => members.includes(app));
  }
  /** The tenant of `slot` that belongs to `app`. */
  tenant(slot: Slot, app: number): Pod {
    return defined(slot.tenants[this.group(slot.group).members.indexOf(app)], 'tenant');
  }
  /** The slot that a tenant stands in; undefined for exclusive pods. */
  slotOf(pod: Pod): Slot | undefined {
    return pod.slot === undefined ? undefined : this.slot(pod.slot);
  }

  /** Pods that stand on the nodes, oldest first. */
  podsOn(nodes: readonly number[]): readonly Pod[] {
    return nodes.flatMap((node) => this.node(node).here).sort((a, b) => a.id - b.id);
  }

  /** The node is lost, or ready again: what was planned for it no longer holds. */
  setNodeState(node: Node, state: Node['state']): void {
    node.state = state;
    node.epoch++;
    this.changes.note(node.index);
  }

  /** A new pod, pending; `zone` is where it is expected until it is bound. */
  createPod(at: Time, app: number, role: Role, zone: number, operation: number | undefined, slot?: number): Pod {
    const incarnations = defined(this.#incarnations[app], 'app')[role.kind];
    const incarnation = incarnations[role.index] ?? 0;
    incarnations[role.index] = incarnation + 1;
    const pod: Pod = {
      id: this.pods.length,
      app,
      role,
      incarnation,
      slot,
      created: at,
      standby: false,
      node: undefined,
      zone,
      state: 'pending',
      since: at,
      epoch: 0,
      mode: undefined,
      intended: undefined,
      missed: undefined,
      restarts: 0,
      pushes: 0,
      operation,
      limits: noLimits,
      startCpu: 0,
      burst: 0,
    };
    this.pods.push(pod);
    this.#counts.add(pod, 1);
    return pod;
  }

  createSlot(at: Time, group: number, index: number, holder: number, zone: number, operation: number | undefined): Slot {
    const id = this.slots.length;
    const tenants = this.group(group).members.map((app) => this.createPod(at, app, { kind: 'slot', index }, zone, operation, id));
    const slot: Slot = {
      id,
      group,
      index,
      tenants,
      node: undefined,
      zone,
      state: 'pending',
      holder,
      wanted: holder,
      switches: 0,
      operation,
      failures: [],
      extra: undefined,
    };
    this.slots.push(slot);
    this.#countSlot(slot, 1);
    return slot;
  }

  /** Reserves the pod's requests on `node`. */
  placePod(at: Time, pod: Pod, node: number): void {
    const { pod: request } = this.app(pod.app);
    this.#reserve(at, this.node(node), { millicores: request.cpu, bytes: request.memory, pods: 1 }, pod.app);
    this.#move(pod, node);
  }

  /** Reserves the slot on `node` as one unit; its share goes to the holder's books, the others' keep-alive to theirs. */
  placeSlot(at: Time, slot: Slot, node: number): void {
    const where = this.node(node);
    slot.node = node;
    slot.zone = where.zone;
    for (const pod of slot.tenants) this.#move(pod, node);
    for (const [app, claim] of this.#shares(slot)) this.#reserve(at, where, claim, app);
    where.slots++;
  }

  /** Frees what `pod` had reserved; tenants free theirs with their slot. */
  releasePod(at: Time, pod: Pod): void {
    const { pod: request } = this.app(pod.app);
    this.#reserve(at, this.node(pod.node), { millicores: -request.cpu, bytes: -request.memory, pods: -1 }, pod.app);
  }

  releaseSlot(at: Time, slot: Slot): void {
    const where = this.node(slot.node);
    for (const [app, claim] of this.#shares(slot))
      this.#reserve(at, where, { millicores: -claim.millicores, bytes: -claim.bytes, pods: -claim.pods }, app);
    where.slots--;
  }

  /** Hands the slot's books to `holder`: from now on its limits are the large ones. */
  setHolder(at: Time, slot: Slot, holder: number): void {
    if (slot.holder === holder) return;
    this.#account(at, slot, -1);
    this.#countSlot(slot, -1);
    slot.holder = holder;
    this.#countSlot(slot, 1);
    this.#account(at, slot, 1);
  }

  /** Reserves what the taker's full limits are more than its keep-alive ones, for make-before-break; false where the node has no room. */
  reserveExtra(at: Time, slot: Slot, taker: number): boolean {
    const [node, app] = [this.node(slot.node), this.app(taker)];
    const extra = { app: taker, millicores: app.pod.cpu - app.keepAlive.cpu, bytes: app.pod.memory - app.keepAlive.memory };
    if (node.reservedMillicores + extra.millicores > node.millicores || node.reservedBytes + extra.bytes > node.bytes) return false;
    this.#reserve(at, node, { millicores: extra.millicores, bytes: extra.bytes, pods: 0 }, taker);
    slot.extra = extra;
    return true;
  }

  releaseExtra(at: Time, slot: Slot): void {
    const { extra } = slot;
    if (!extra) return;
    slot.extra = undefined;
    this.#reserve(at, this.node(slot.node), { millicores: -extra.millicores, bytes: -extra.bytes, pods: 0 }, extra.app);
  }

  /** Changes the pod's state and, with it, its limits in force and resident memory. */
  setState(at: Time, pod: Pod, state: PodState): void {
    const app = this.app(pod.app);
    checkTransition(pod, state, app.name);
    if (pod.node !== undefined) setStartCpu(this.ledger, at, this.node(pod.node), pod, 0);
    const keptBefore = pod.state === 'keep-alive' ? pod.limits.millicores : 0;
    const slot = this.slotOf(pod);
    const limits = pod.node === undefined ? noLimits : limitsIn(state, app, slot !== undefined && slot.holder !== pod.app);
    const [millicores, resident] = [limits.millicores - pod.limits.millicores, limits.resident - pod.limits.resident];
    this.#counts.add(pod, -1);
    pod.state = state;
    this.#counts.add(pod, 1);
    pod.since = at;
    pod.epoch++;
    pod.limits = limits;
    if (pod.node === undefined) return;
    if (state === 'gone') leave(this.node(pod.node), pod);
    this.#limit(at, pod, millicores, resident, (state === 'keep-alive' ? limits.millicores : 0) - keptBefore);
    if (slot && state === 'running') this.#checkOneRunning(slot);
  }

  /** Whether the pod is to stand by, or is wanted. */
  setStandby(pod: Pod, standby: boolean): void {
    if (pod.standby === standby) return;
    this.#counts.add(pod, -1);
    pod.standby = standby;
    this.#counts.add(pod, 1);
  }

  /** Pods of the app in a state, in one zone or all. */
  count(app: number, kind: Duty, state: PodState, zone?: number): number {
    return this.#counts.of(app, kind, state, zone);
  }

  /** Raised whenever a count of the app's pods changes. */
  readonly podChanges = (app: number): number => this.#counts.changes(app);

  /** Pods of the app that run, in slots and outside. */
  running(app: number): number {
    return this.count(app, 'exclusive', 'running') + this.count(app, 'slot', 'running');
  }

  setSlotState(at: Time, slot: Slot, state: SlotState): void {
    if (slot.state === state) return;
    if (state === 'steady' && slot.tenants.filter((tenant) => tenant.state === 'running').length !== 1)
      throw new InvariantError(`slot ${String(slot.id)} is to be steady, but not exactly one tenant runs`);
    const change = (state === 'stuck' ? 1 : 0) - (slot.state === 'stuck' ? 1 : 0);
    for (const meter of [defined(this.stuck[slot.group], 'group'), this.stuckAll]) meter.add(at, change);
    this.#countSlot(slot, -1);
    slot.state = state;
    this.#countSlot(slot, 1);
    if (state === 'steady') for (const failure of slot.failures.splice(0)) failure.then = slot.holder;
  }

  /** Slots of the group that are there or to come, held by the app, or by any. */
  slotCount(group: number, holder?: number): number {
    const counts = defined(this.#slotCounts[group], 'group');
    return holder === undefined ? counts.reduce((sum, count) => sum + count, 0) : (counts[holder] ?? 0);
  }

  #countSlot({ group, holder, state }: Slot, delta: number): void {
    if (state === 'leaving' || state === 'gone') return;
    (defined(this.#slotCounts[group], 'group')[holder] as number) += delta;
  }

  #move(pod: Pod, node: number): void {
    this.#counts.add(pod, -1);
    const where = this.node(node);
    pod.node = node;
    pod.zone = where.zone;
    where.here.push(pod);
    this.#counts.add(pod, 1);
  }

  #limit(at: Time, pod: Pod, millicores: number, resident: number, keepAlive: number): void {
    const node = this.node(pod.node);
    node.limitedMillicores += millicores;
    node.residentBytes += resident;
    checkUse(node);
    this.ledger.add(at, pod.app, node, 'limited', millicores);
    this.ledger.add(at, pod.app, node, 'memoryResident', resident);
    this.ledger.add(at, pod.app, node, 'keepAlive', keepAlive);
  }

  #reserve(at: Time, node: Node, claim: Claim, app: number): void {
    const before = node.pods;
    node.reservedMillicores += claim.millicores;
    node.reservedBytes += claim.bytes;
    node.pods += claim.pods;
    checkReserved(node);
    this.occupied.add(at, (node.pods > 0 ? 1 : 0) - (before > 0 ? 1 : 0));
    this.ledger.add(at, app, node, 'reserved', claim.millicores);
    this.ledger.add(at, app, node, 'memoryReserved', claim.bytes);
    this.changes.note(node.index);
    this.reservationChanged?.(node);
  }

  /** The slot's size as shares of its members: each its keep-alive amounts, the holder all that is left. */
  #shares(slot: Slot): (readonly [number, Claim])[] {
    const { spec, members } = this.group(slot.group);
    let [millicores, bytes] = [spec.slot.cpu, spec.slot.memory];
    for (const app of members) {
      if (app === slot.holder) continue;
      millicores -= this.app(app).keepAlive.cpu;
      bytes -= this.app(app).keepAlive.memory;
    }
    return members.map((app) => [
      app,
      app === slot.holder
        ? { millicores, bytes, pods: 1 }
        : { millicores: this.app(app).keepAlive.cpu, bytes: this.app(app).keepAlive.memory, pods: 1 },
    ]);
  }

  #account(at: Time, slot: Slot, sign: 1 | -1): void {
    for (const [app, claim] of this.#shares(slot)) {
      this.ledger.add(at, app, this.node(slot.node), 'reserved', sign * claim.millicores);
      this.ledger.add(at, app, this.node(slot.node), 'memoryReserved', sign * claim.bytes);
    }
  }

  #checkOneRunning(slot: Slot): void {
    const running = slot.tenants.filter((tenant) => tenant.state === 'running').length;
    if (running > 1 && slot.extra === undefined) throw new InvariantError(`slot ${String(slot.id)} has ${String(running)} running tenants`);
  }
}
