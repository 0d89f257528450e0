import type { PodState } from '../../src/cluster/pod.ts';
import type { NodeSpec } from '../../src/cluster/specs.ts';
import type { SlotState } from '../../src/cluster/slot.ts';
import type { Row } from '../../src/metrics/columns.ts';
import type { OperationState, Order } from '../../src/operations/orders.ts';
import type { Platform } from '../../src/operations/platform.ts';
import { draw } from '../../src/random/duration-law.ts';
import type { Streams } from '../../src/random/streams.ts';
import type { AppSpec, Scenario } from '../../src/scenario/scenario.ts';
import { type Appointment, type Clock, ranks } from './clock.ts';

/** One of the apps and where it stands in the scenario. */
export interface App extends AppSpec {
  readonly index: number;
}

export interface Group {
  readonly name: string;
  readonly members: readonly App[];
  readonly slot: { readonly cpu: number; readonly memory: number };
  /** Slots that are wanted, oldest first. */
  slots: Slot[];
}

export interface Node {
  readonly index: number;
  readonly name: string;
  readonly zone: number;
  readonly pool: number;
  readonly spec: NodeSpec;
  readonly labels: Readonly<Record<string, string>>;
  /** Faults at work on it: losses and agents that are down by number, slow devices by speed. */
  losses: number;
  agentsDown: number;
  readonly swapSpeeds: number[];
  givingUp: Appointment | undefined;
  /** Apps whose images it has. */
  readonly images: Set<App>;
  /** Images asked for and not there: the first is being pulled. */
  pulls: { readonly app: App; readonly pods: Pod[] }[];
}

export interface Pod {
  readonly id: number;
  readonly app: App;
  readonly kind: 'exclusive' | 'slot';
  readonly index: number;
  readonly incarnation: number;
  slot: Slot | undefined;
  state: PodState;
  since: number;
  zone: number;
  node: Node | undefined;
  /** Outside slots: it is to stand by. */
  standby: boolean;
  /** It was to serve when it began to start: its registration goes with its start. */
  announced: boolean;
  /** On its way out for good. */
  leaving: boolean;
  pushes: number;
  restarts: number;
  /** Its sidecar missed a ratio push, and the repeated push that is on its way. */
  missed: boolean;
  repeated: Appointment | undefined;
  /** The end of its present state. */
  end: Appointment | undefined;
}

export interface Slot {
  readonly id: number;
  readonly group: Group;
  readonly index: number;
  tenants: Pod[];
  node: Node | undefined;
  zone: number;
  state: SlotState;
  holder: App;
  wanted: App;
  leaving: boolean;
  /** Times it has begun to walk in a switch. */
  walks: number;
  /** The switch that it belongs to. */
  owner: Operation | undefined;
  /** For whom it holds more than its size. */
  extraFor: App | undefined;
}

export type Unit = Pod | Slot;
export const isSlot = (unit: Unit): unit is Slot => 'tenants' in unit;

export interface Failure {
  readonly slot: Slot;
  /** The slot, or what was made in its place. */
  now: Slot;
  readonly why: string;
  then: App | undefined;
}

export interface Operation {
  readonly id: number;
  readonly order: Order;
  readonly by: 'strategy' | 'inspection';
  readonly ordered: number;
  started: number | undefined;
  ended: number | undefined;
  state: OperationState;
  requested: number;
  done: number;
  batches: number;
  /** Units that it waits for; only of `scale` and `reserve`. */
  readonly awaited: Unit[];
  /** Whether its order has been given in full: before, it cannot be done. */
  isGiven: boolean;
  readonly failures: Failure[];
  /** What is to be said, by subject, in the order in which the subjects came up. */
  notes: (readonly [subject: string, text: string])[];
}

/** All there is. */
export interface World {
  readonly scenario: Scenario;
  readonly platform: Platform;
  readonly clock: Clock;
  readonly streams: Streams;
  readonly apps: readonly App[];
  readonly groups: readonly Group[];
  readonly nodes: readonly Node[];
  readonly pods: Pod[];
  readonly slots: Slot[];
  readonly operations: Operation[];
  /** Pods outside slots that are wanted, oldest first, and those that stand by, in the order in which they came to; by app. */
  readonly wanted: Pod[][];
  readonly pools: Pod[][];
  readonly rows: { readonly pods: Row[]; readonly switches: Row[]; readonly operations: Row[] };
  /** Something became of an operation that a strategy is told. */
  news(operation: Operation): void;
  /** Load of an app as it is seen now, requests/s. */
  seenLoad(app: App): number | undefined;
}

export const isOver = ({ state }: Operation): boolean => ['done', 'rolled-back', 'refused', 'superseded'].includes(state);

export function note(operation: Operation, subject: string, text: string): void {
  const place = operation.notes.findIndex(([other]) => other === subject);
  if (place < 0) operation.notes.push([subject, text]);
  else operation.notes[place] = [subject, text];
}

/** An operation is over, as of `ended`. */
export function close(world: World, operation: Operation, state: OperationState, ended = world.clock.now): void {
  operation.state = state;
  operation.ended = ended;
  world.news(operation);
}

/** What is reserved on a node: pods outside slots and slots, until they are gone, and what slots hold beyond their size. */
export function reservedOn(world: World, node: Node): { cpu: number; memory: number; pods: number } {
  const sum = { cpu: 0, memory: 0, pods: 0 };
  for (const pod of world.pods) {
    if (pod.node !== node || pod.kind === 'slot' || pod.state === 'gone') continue;
    sum.cpu += pod.app.pod.cpu;
    sum.memory += pod.app.pod.memory;
    sum.pods++;
  }
  for (const { node: where, state, group, extraFor } of world.slots) {
    if (where !== node || state === 'gone') continue;
    sum.cpu += group.slot.cpu + (extraFor ? extraFor.pod.cpu - extraFor.keepAlive.cpu : 0);
    sum.memory += group.slot.memory + (extraFor ? extraFor.pod.memory - extraFor.keepAlive.memory : 0);
    sum.pods += group.members.length;
  }
  return sum;
}

export const allocatable = ({ spec }: Node): { cpu: number; memory: number; pods: number } => ({
  cpu: spec.cpu - spec.systemReserved.cpu,
  memory: spec.memory - spec.systemReserved.memory,
  pods: spec.pods,
});

export const tenantOf = (slot: Slot, app: App): Pod => slot.tenants.find((pod) => pod.app === app) as Pod;

/** Pods on a node that are not gone, oldest first. */
export const podsOn = (world: World, nodes: readonly Node[]): readonly Pod[] =>
  world.pods.filter((pod) => pod.state !== 'gone' && pod.node !== undefined && nodes.includes(pod.node));

/** Whether the pod is meant to get traffic. */
export const isToServe = ({ slot, app, standby }: Pod): boolean => (slot === undefined ? !standby : slot.holder === app);

export function setState(world: World, pod: Pod, state: PodState, reason: string): void {
  const { now } = world.clock;
  if (now > pod.since) writePod(world, pod, reason);
  world.clock.callOff(pod.end);
  pod.end = undefined;
  pod.state = state;
  pod.since = now;
}

export function writePod(world: World, pod: Pod, reason: string): void {
  const isPlaced = pod.state !== 'pending';
  world.rows.pods.push({
    pod: pod.id,
    app: pod.app.name,
    zone: isPlaced ? world.scenario.cluster.zones[pod.zone]?.name : undefined,
    node: isPlaced ? pod.node?.name : undefined,
    slot: pod.slot?.id,
    state: pod.state,
    from_s: pod.since / 1e6,
    to_s: world.clock.now / 1e6,
    reason,
  });
}

/** The pod's present state ends so much later, by `happens`. */
export function lasts(world: World, pod: Pod, microseconds: number, happens: () => void): void {
  world.clock.callOff(pod.end);
  pod.end = world.clock.at(world.clock.now + microseconds, ranks.over, happens);
}

const named = (base: string, count: number): string => (count === 0 ? base : `${base}~${String(count)}`);

/** How long the next push to the pod's sidecar takes; one that the inspection repeats, and that is still on its way, is void. */
export function push(world: World, pod: Pod): number {
  world.clock.callOff(pod.repeated);
  const role = named(`push/${pod.app.name}/${pod.kind}/${String(pod.index)}`, pod.incarnation);
  return draw(world.platform.push, world.streams.once(`${role}/${String(pod.pushes++)}`));
}

/** How long the pod takes to start. */
export function startup(world: World, { app, kind, index, incarnation, restarts }: Pod): number {
  const name = named(`startup/${app.name}/${kind}/${String(index)}/${String(incarnation)}`, restarts);
  return draw(app.startup, world.streams.once(name));
}

export function setSlotState(slot: Slot, state: SlotState, world: World): void {
  if (slot.state === state) return;
  slot.state = state;
  if (state !== 'steady') return;
  for (const { failures } of world.operations)
    for (const failure of failures) if (failure.now === slot && failure.then === undefined) failure.then = slot.holder;
}
