import { InvariantError, defined, unreachable } from '../base/assert.ts';
import { operationId } from '../base/units.ts';
import type { Slot } from '../cluster/slot.ts';
import { inSwitchOrder } from './batches.ts';
import { Fleet } from './fleet.ts';
import { isOver, type Operation } from './operation.ts';
import type { Order } from './orders.ts';
import { announce } from './slot-work.ts';
import { SwapDevice } from './swap-device.ts';
import { Switch, type SwitchPorts } from './switch.ts';
import type { OperationEvent, World } from './world.ts';

/** The time-sharing controller: turns orders into operations, refuses what cannot be, and passes events on to those at work. */
export class Controller {
  /** Every order so far. */
  readonly operations: Operation[] = [];
  readonly #live = new Map<number, Operation>();
  readonly fleet: Fleet;
  readonly #world: World;
  readonly #switches = new Map<number, Switch>();
  readonly #devices = new Map<string, SwapDevice>();
  readonly #ports: SwitchPorts = {
    swap: (node, direction) => this.#device(node, direction),
    freed: () => {
      this.fleet.binder.freed();
    },
    promised: (app) => [...this.#switches.values()].reduce((sum, at) => sum + at.promised(app), 0),
  };

  constructor(world: World) {
    this.#world = world;
    this.fleet = new Fleet(world);
  }

  /** Carries out `order`; what cannot be becomes an operation in state `refused`, with its reason. App and group names must be known. */
  execute(order: Order, opening = false): Operation {
    const now = this.#world.now();
    const operation: Operation = {
      id: operationId(this.operations.length),
      order,
      ordered: now,
      started: order.kind === 'switch' ? undefined : now,
      ended: undefined,
      state: 'running',
      requested: order.kind === 'switch' ? order.slots : 0,
      done: 0,
      failed: 0,
      handedOver: 0,
      handedBack: 0,
      batches: 0,
      gate: undefined,
      notes: new Map(),
    };
    this.operations.push(operation);
    this.#live.set(operation.id, operation);
    const refusal = this.#start(operation, opening);
    if (refusal !== undefined) {
      operation.state = 'refused';
      operation.notes.set('refused', refusal);
      operation.ended = now;
      this.#world.emit({ kind: 'operation', operation });
    }
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
      case 'batch-due':
        this.#switches.get(event.operation)?.batchDue(event.token);
        return;
      case 'swap-due':
        this.#swapDue(event.node, event.direction, event.epoch);
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
        if (order.pods > this.#podsAtMost) return this.#tooMany(`${String(order.pods)} pods`);
        this.fleet.scale(operation, app, order.pods, opening);
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

  /** Ten times what the nodes can hold: more is a mistake, and would only be waited for. */
  get #podsAtMost(): number {
    return 10 * this.#world.cluster.nodes.reduce((sum, node) => sum + node.podLimit, 0);
  }

  #tooMany(what: string): string {
    const { nodes } = this.#world.cluster;
    return `${what} are more than ten times the ${String(this.#podsAtMost / 10)} pods that the ${String(nodes.length)} nodes can hold`;
  }

  #startSwitch(operation: Operation, order: Extract<Order, { kind: 'switch' }>): string | undefined {
    const [group, from, to] = [this.#group(order.group), this.#app(order.from), this.#app(order.to)];
    const { members } = this.#world.cluster.group(group);
    for (const [app, name] of [
      [from, order.from],
      [to, order.to],
    ] as const)
      if (!members.includes(app)) return `${name} is not in group ${order.group}`;
    if (from === to) return `giver and taker are both ${order.from}`;
    const held = this.fleet.slots(group).filter((slot) => slot.holder === from && slot.state === 'steady');
    if (held.length === 0) return `${order.from} holds no slot of group ${order.group} that could be switched (${this.#states(group)})`;
    const chosen = inSwitchOrder(held, order.rollout.by, this.#world.cluster.spec.zones.length).slice(0, order.slots);
    if (chosen.length < order.slots)
      operation.notes.set('fewer', `${String(order.slots)} slots asked, ${String(chosen.length)} can be switched (${this.#states(group)})`);
    for (const [id, at] of this.#switches) if (isOver(at.operation)) this.#switches.delete(id);
    this.#switches.set(operation.id, new Switch(this.#world, operation, order, { from, to }, chosen, this.#ports));
    return undefined;
  }

  /** Slots of the group by state, for reasons: `470 steady, 10 switching`. */
  #states(group: number): string {
    const counts = new Map<Slot['state'], number>();
    for (const slot of this.fleet.slots(group)) counts.set(slot.state, (counts.get(slot.state) ?? 0) + 1);
    return counts.size === 0 ? 'it has none' : [...counts].map(([state, count]) => `${String(count)} ${state}`).join(', ');
  }

  #swapDue(node: number, direction: 'out' | 'in', epoch: number): void {
    const device = this.#device(node, direction);
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
    return this.#devices.get(deviceKey(node, direction))?.moved(this.#world.now()) ?? 0;
  }

  #device(node: number, direction: 'out' | 'in'): SwapDevice {
    const key = deviceKey(node, direction);
    let device = this.#devices.get(key);
    if (!device) {
      const { cluster } = this.#world;
      const { swapOut, swapIn } = cluster.shape(cluster.node(node));
      device = new SwapDevice(direction === 'out' ? swapOut : swapIn);
      this.#devices.set(key, device);
    }
    return device;
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

const deviceKey = (node: number, direction: 'out' | 'in'): string => `${direction} ${String(node)}`;
