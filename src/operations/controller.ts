import { InvariantError, defined, unreachable } from '../base/assert.ts';
import { after, duration, operationId } from '../base/units.ts';
import { otherThanWanted, type Slot } from '../cluster/slot.ts';
import { inSwitchOrder } from './batches.ts';
import { losesPush, pushDelay, tellMode } from './changes.ts';
import { Faults } from './faults.ts';
import { Fleet } from './fleet.ts';
import { Inspection } from './inspection.ts';
import { NodeLoss } from './node-loss.ts';
import { begun, isOver, type Operation } from './operation.ts';
import { preCheck } from './pre-check.ts';
import type { Order } from './orders.ts';
import { announce, SwapDevices } from './swap-devices.ts';
import type { SlotWork } from './slot-work.ts';
import type { SwitchPorts } from './switch-ports.ts';
import { Switch, type SwitchOrder } from './switch.ts';
import type { OperationEvent, World } from './world.ts';
import { WriteLimiter } from './write-limiter.ts';

/** The time-sharing controller: turns orders into operations, refuses what cannot be, and passes events on to those at work. */
export class Controller {
  /** Every order so far. */
  readonly operations: Operation[] = [];
  readonly #live = new Map<number, Operation>();
  readonly fleet: Fleet;
  readonly #world: World;
  readonly #switches = new Map<number, Switch>();
  readonly #devices: SwapDevices;
  readonly #nodeLoss: NodeLoss;
  readonly #faults: Faults;
  readonly #inspection: Inspection;
  readonly #writes: WriteLimiter;
  /** Ten times what the nodes can hold: more is a mistake, and would only be waited for. */
  readonly #podsAtMost: number;
  readonly #ports: SwitchPorts = {
    swap: (node, direction) => this.#devices.of(node, direction),
    freed: () => {
      this.fleet.binder.freed();
    },
    writeWait: () => this.#writes.wait(this.#world.now()),
    losesPush: (pod, push) => losesPush(this.#world, pod, push, this.#faults.pushLoss(pod.app)),
    missed: (pod) => {
      this.#inspection.missed(pod);
    },
    stuck: () => {
      this.#inspection.expect();
    },
    promised: (app) => [...this.#switches.values()].reduce((sum, at) => sum + at.promised(app), 0),
  };

  constructor(world: World) {
    this.#world = world;
    this.#podsAtMost = 10 * world.cluster.nodes.reduce((sum, node) => sum + node.podLimit, 0);
    this.fleet = new Fleet(world);
    this.#devices = new SwapDevices(world);
    this.#nodeLoss = new NodeLoss(world, this.fleet);
    this.#writes = new WriteLimiter(world.platform.api.writes);
    this.#faults = new Faults(world, world.faults, {
      lost: (nodes) => {
        this.#lost(nodes);
      },
      back: (node) => {
        this.#nodeLoss.back(node);
      },
      changed: (node) => {
        this.#changed(node);
      },
      stalled: (what, until) => {
        this.fleet.binder.stall(until); // it binds by writing to the API server
        if (what === 'scheduler') return;
        const later = this.#writes.stall(world.now(), until);
        for (const work of this.#atWork) work.holdUp(later);
      },
      registry: (speed) => {
        this.fleet.images.slowed(speed);
      },
    });
    this.#inspection = new Inspection(world, {
      stuck: () => this.fleet.stuck,
      repair: (slots) => {
        this.#repair(slots);
      },
      push: (pod) => {
        const push = pod.pushes;
        const arrives = after(world.now(), pushDelay(world, pod));
        return this.#ports.losesPush(pod, push) ? undefined : arrives;
      },
    });
  }

  /** Carries out `order`; what cannot be becomes an operation in state `refused`, with its reason. App and group names must be known. */
  execute(order: Order, opening = false): Operation {
    const operation = this.#record(order, 'strategy');
    const refusal = this.#start(operation, opening);
    if (refusal !== undefined) {
      operation.state = 'refused';
      if (order.kind === 'scale') operation.requested = order.pods;
      if (order.kind === 'reserve') operation.requested = order.slots;
      operation.notes.set('refused', refusal);
      operation.ended = this.#world.now();
      this.#world.emit({ kind: 'operation', operation });
    }
    return operation;
  }

  #record(order: Order, by: Operation['by']): Operation {
    const operation = begun(operationId(this.operations.length), order, by, this.#world.now());
    this.operations.push(operation);
    this.#live.set(operation.id, operation);
    this.#world.emit({ kind: 'ordered', operation });
    return operation;
  }

  /** Operations that are not over, in the order of their orders. */
  get live(): readonly Operation[] {
    for (const [id, operation] of this.#live) if (isOver(operation)) this.#live.delete(id);
    return [...this.#live.values()];
  }

  /** Executes one event of the operations' life. */
  handle(event: OperationEvent): void {
    switch (event.kind) {
      case 'bind-due':
        this.fleet.binder.bindDue();
        return;
      case 'queue-due':
        this.fleet.binder.queueDue(event.token);
        return;
      case 'pod-due': {
        const pod = this.#world.cluster.pod(event.pod);
        if (pod.epoch === event.epoch) this.fleet.due(pod);
        return;
      }
      case 'step-due':
        this.#switches.get(event.operation)?.stepDue(event.slot, event.token);
        return;
      case 'pull-due':
        this.fleet.images.pullDue(event.epoch);
        return;
      case 'batch-due':
        this.#switches.get(event.operation)?.batchDue(event.token);
        return;
      case 'swap-due':
        this.#swapDue(event.node, event.direction, event.epoch);
        return;
      case 'fault-begins':
        this.#faults.begins(event.fault, event.node);
        return;
      case 'fault-ends':
        this.#faults.ends(event.fault, event.node);
        return;
      case 'node-due':
        if (this.#world.cluster.node(event.node).epoch !== event.epoch) return;
        if (event.what === 'unregister') this.#nodeLoss.unregister(event.node);
        else this.#nodeLoss.evict(event.node);
        return;
      case 'inspection-due':
        this.#inspection.due();
        return;
      case 'push-due':
        this.#inspection.pushed(this.#world.cluster.pod(event.pod), event.pushes);
        return;
      default:
        unreachable(event);
    }
  }

  #start(operation: Operation, opening: boolean): string | undefined {
    const { order } = operation;
    switch (order.kind) {
      case 'scale': {
        const app = this.#app(order.app);
        const least = this.#world.cluster.app(app).allowNoExclusive ? 0 : this.#world.cluster.spec.zones.length;
        if (order.pods < least)
          return `${order.app} keeps at least one pod outside slots in each zone, ${String(least)} in all, unless the scenario says allowNoExclusive`;
        const { pods, standby = 0 } = order;
        if (pods + standby > this.#podsAtMost) return this.#tooMany(`${String(pods + standby)} pods`);
        this.fleet.scale(operation, app, pods, standby, opening);
        return undefined;
      }
      case 'reserve': {
        const group = this.#group(order.group);
        if (order.slots > this.#podsAtMost) return this.#tooMany(`${String(order.slots)} slots`);
        const refusal = this.fleet.refusal(group, order.slots);
        if (refusal !== undefined) return refusal;
        this.fleet.reserve(operation, group, order.slots, this.#app(order.holder), opening);
        return undefined;
      }
      case 'switch':
        return this.#startSwitch(operation, order);
      case 'pause':
      case 'resume':
      case 'roll-back': {
        const at = this.#switches.get(order.operation);
        if (!at || isOver(at.operation) || at.operation.state === 'rolling-back')
          return `operation ${String(order.operation)} is no switch under way`;
        if (order.kind === 'pause') at.pause();
        else if (order.kind === 'resume') at.resume();
        else at.rollBack();
        operation.state = 'done';
        operation.ended = this.#world.now();
        return undefined;
      }
      default:
        return unreachable(order);
    }
  }

  #tooMany(what: string): string {
    const { nodes } = this.#world.cluster;
    return `${what} are more than ten times the ${String(this.#podsAtMost / 10)} pods that the ${String(nodes.length)} nodes can hold`;
  }

  #startSwitch(operation: Operation, order: SwitchOrder): string | undefined {
    const [group, from, to] = [this.#group(order.group), this.#app(order.from), this.#app(order.to)];
    const { members } = this.#world.cluster.group(group);
    for (const [app, name] of [
      [from, order.from],
      [to, order.to],
    ] as const)
      if (!members.includes(app)) return `${name} is not in group ${order.group}`;
    if (from === to) return `giver and taker are both ${order.from}`;
    const held = this.fleet.slots(group).filter((slot) => slot.holder === from && slot.state === 'steady');
    const away = this.fleet.slots(group).filter((slot) => slot.state === 'failed' && slot.wanted === from);
    if (held.length === 0) return `${order.from} holds no slot of group ${order.group} that could be switched (${this.#states(group)})`;
    const chosen = inSwitchOrder(held, order.rollout.by, this.#world.cluster.spec.zones.length).slice(0, order.slots);
    if (chosen.length < order.slots)
      operation.notes.set('fewer', `${String(order.slots)} slots asked, ${String(chosen.length)} can be switched (${this.#states(group)})`);
    this.#begin(operation, order, { from, to }, [...chosen, ...away.slice(0, order.slots - chosen.length)]);
    return undefined;
  }

  #begin(operation: Operation, order: SwitchOrder, roles: { readonly from: number; readonly to: number }, slots: readonly Slot[]): void {
    for (const [id, at] of this.#switches) if (isOver(at.operation)) this.#switches.delete(id);
    this.#switches.set(operation.id, new Switch(this.#world, operation, order, roles, slots, this.#ports));
  }

  /** Takes stuck slots up where they stand: as switches in one batch, one for each pair of giver and taker of a group. */
  #repair(slots: readonly Slot[]): void {
    const { cluster } = this.#world;
    const alike = new Map<string, Slot[]>();
    for (const slot of slots) {
      const key = `${String(slot.group)}/${String(otherThanWanted(slot))}/${String(slot.wanted)}`;
      alike.set(key, [...(alike.get(key) ?? []), slot]);
    }
    for (const some of alike.values()) {
      const [first] = some as [Slot];
      const [from, to] = [otherThanWanted(first), first.wanted];
      if (preCheck(this.#world, from, some, this.#ports.promised(from))) continue; // at another round
      const order: SwitchOrder = {
        kind: 'switch',
        group: cluster.group(first.group).spec.name,
        from: cluster.app(from).name,
        to: cluster.app(to).name,
        slots: some.length,
        rollout: { batches: [1], by: 'spread', pause: duration(0), observe: duration(0), order: 'break-before-make', gate: undefined },
      };
      const operation = this.#record(order, 'inspection');
      operation.notes.set('inspection', 'repairs stuck slots');
      this.#begin(operation, order, { from, to }, some);
    }
  }

  /** Nodes are lost: first everything on them has failed, then the switches whose slots were on them are told. */
  #lost(nodes: readonly number[]): void {
    for (const node of nodes) this.#devices.lost(node);
    this.fleet.images.lost(nodes);
    const slots = this.#nodeLoss.lost(nodes);
    for (const [id, at] of this.#switches) {
      const own = slots.filter(({ operation }) => operation === id);
      if (own.length > 0 && !isOver(at.operation)) at.lost(own);
    }
  }

  /** Slots at work in any switch. */
  get #atWork(): readonly SlotWork[] {
    return [...this.#switches.values()].flatMap((at) => at.atWork);
  }

  /** The speed of a node, or of its swap device, or its agent has changed. */
  #changed(index: number): void {
    const { cluster } = this.#world;
    const node = cluster.node(index);
    this.#devices.changed(index);
    for (const pod of cluster.podsOn([index])) if (pod.intended) tellMode(this.#world, pod);
    if (node.agentUp) for (const work of this.#atWork) if (work.slot.node === index) work.agentBack();
  }

  /** Slots of the group by state, for reasons: `470 steady, 10 switching`. */
  #states(group: number): string {
    const counts = new Map<Slot['state'], number>();
    for (const slot of this.fleet.slots(group)) counts.set(slot.state, (counts.get(slot.state) ?? 0) + 1);
    return counts.size === 0 ? 'it has none' : [...counts].map(([state, count]) => `${String(count)} ${state}`).join(', ');
  }

  #swapDue(node: number, direction: 'out' | 'in', epoch: number): void {
    const device = this.#devices.of(node, direction);
    if (device.epoch !== epoch) return;
    const finished = device.finish(this.#world.now());
    announce(this.#world, device, node, direction);
    for (const id of finished) {
      const slot = defined(this.#world.cluster.slotOf(this.#world.cluster.pod(id)), 'slot of a swapping pod');
      defined(this.#switches.get(slot.operation ?? -1), 'switch of a swapping pod').swapped(slot.id);
    }
  }

  /** Bytes that `node` has swapped in `direction` so far. */
  swapped(node: number, direction: 'out' | 'in'): number {
    return this.#devices.moved(node, direction);
  }

  #app(name: string): number {
    return known(
      this.#world.cluster.apps.findIndex((app) => app.name === name),
      name,
    );
  }

  #group(name: string): number {
    return known(
      this.#world.cluster.groups.findIndex((group) => group.spec.name === name),
      name,
    );
  }
}

function known(index: number, name: string): number {
  if (index < 0) throw new InvariantError(`an order names ${name}, which does not exist`);
  return index;
}
