import { duration } from '../../src/base/units.ts';
import type { Order } from '../../src/operations/orders.ts';
import type { Fleet } from './fleet.ts';
import type { Platform } from './platform.ts';
import { preCheck, Switch, type SwitchOrder } from './switch.ts';
import { type App, close, type Group, note, type Operation, type Slot, tenantOf, type World } from './world.ts';

/** Carries out orders, and repairs stuck slots when the inspection finds them. */
export class Controller {
  readonly #world: World;
  readonly #fleet: Fleet;
  readonly #platform: Platform;

  constructor(world: World, fleet: Fleet, platform: Platform) {
    this.#world = world;
    this.#fleet = fleet;
    this.#platform = platform;
    platform.inspect = () => this.#inspect();
  }

  execute(order: Order, opening: boolean): void {
    const operation = this.#begin(order, 'strategy');
    const refusal = this.#start(operation, opening);
    if (refusal === undefined) return;
    if (order.kind === 'scale') operation.requested = order.pods;
    if (order.kind === 'reserve') operation.requested = order.slots;
    note(operation, 'refused', refusal);
    close(this.#world, operation, 'refused');
  }

  #begin(order: Order, by: Operation['by']): Operation {
    const { operations, clock } = this.#world;
    const isSwitch = order.kind === 'switch';
    const operation: Operation = {
      ...{ id: operations.length, order, by, ordered: clock.now, started: isSwitch ? undefined : clock.now, ended: undefined },
      ...{ state: 'running' as const, requested: isSwitch ? order.slots : 0, done: 0, batches: 0 },
      ...{ awaited: [], isGiven: false, failures: [], notes: [] },
    };
    operations.push(operation);
    return operation;
  }

  /** Starts what is ordered; tells why not. */
  #start(operation: Operation, opening: boolean): string | undefined {
    const { order } = operation;
    const { nodes, scenario, apps, groups, clock } = this.#world;
    const room = nodes.reduce((sum, { spec }) => sum + spec.pods, 0);
    const tooMany = (what: string): string =>
      `${what} are more than ten times the ${String(room)} pods that the ${String(nodes.length)} nodes can hold`;
    switch (order.kind) {
      case 'scale': {
        const app = apps.find(({ name }) => name === order.app) as App;
        const zones = app.allowNoExclusive ? 0 : scenario.cluster.zones.length;
        const { pods, standby = 0 } = order;
        if (pods < zones)
          return `${app.name} keeps at least one pod outside slots in each zone, ${String(zones)} in all, unless the scenario says allowNoExclusive`;
        if (pods + standby > 10 * room) return tooMany(`${String(pods + standby)} pods`);
        this.#fleet.scale(operation, app, pods, standby, opening);
        return undefined;
      }
      case 'reserve': {
        const group = groups.find(({ name }) => name === order.group) as Group;
        if (order.slots > 10 * room) return tooMany(`${String(order.slots)} slots`);
        const refusal = this.#fleet.refusal(group, order.slots);
        if (refusal !== undefined) return refusal;
        this.#fleet.reserve(operation, group, order.slots, apps.find(({ name }) => name === order.holder) as App, opening);
        return undefined;
      }
      case 'switch':
        return this.#switch(operation, order);
      default: {
        const at = this.#platform.switches.find((other) => other.operation.id === order.operation);
        if (at?.isUnderWay !== true) return `operation ${String(order.operation)} is no switch under way`;
        if (order.kind === 'pause') at.pause();
        else if (order.kind === 'resume') at.resume();
        else at.rollBack();
        operation.state = 'done';
        operation.ended = clock.now;
        return undefined;
      }
    }
  }

  #switch(operation: Operation, order: SwitchOrder): string | undefined {
    const { apps, groups } = this.#world;
    const group = groups.find(({ name }) => name === order.group) as Group;
    const [from, to] = [order.from, order.to].map((wanted) => apps.find(({ name }) => name === wanted) as App) as [App, App];
    if (from === to) return `giver and taker are both ${order.from}`;
    const counts = [...new Set(group.slots.map(({ state }) => state))].map(
      (state) => `${String(group.slots.filter((slot) => slot.state === state).length)} ${state}`,
    );
    const states = counts.length === 0 ? 'it has none' : counts.join(', ');
    const held = inOrder(
      group.slots.filter(({ holder, state }) => holder === from && state === 'steady'),
      order.rollout.by,
    ).slice(0, order.slots);
    const away = group.slots.filter(({ wanted, state }) => wanted === from && state === 'failed').slice(0, order.slots - held.length);
    if (held.length === 0) return `${order.from} holds no slot of group ${order.group} that could be switched (${states})`;
    if (held.length < order.slots)
      note(operation, 'fewer', `${String(order.slots)} slots asked, ${String(held.length)} can be switched (${states})`);
    this.#lead(operation, order, { from, to }, [...held, ...away]);
    return undefined;
  }

  #lead(operation: Operation, order: SwitchOrder, roles: { readonly from: App; readonly to: App }, slots: readonly Slot[]): void {
    const at = new Switch(this.#platform, operation, order, roles, slots);
    this.#platform.switches.push(at);
    at.start();
  }

  #inspect(): void {
    this.#platform.repeatPushes();
    const stuck = (): readonly Slot[] =>
      this.#world.groups.flatMap(({ slots }) => slots.filter(({ state, owner }) => state === 'stuck' && owner === undefined));
    const alike = new Map<string, { readonly from: App; readonly slots: Slot[] }>();
    for (const slot of stuck()) {
      const from = takenFrom(slot);
      const key = [slot.group.name, from.name, slot.wanted.name].join('/');
      const known = alike.get(key) ?? { from, slots: [] };
      alike.set(key, known);
      known.slots.push(slot);
    }
    for (const { from, slots } of alike.values()) this.#repair(from, slots);
    if (this.#platform.drifted.size > 0 || stuck().length > 0) this.#platform.expectInspection();
  }

  /** Takes stuck slots up where they stand, in one batch. */
  #repair(from: App, slots: readonly Slot[]): void {
    const [{ group, wanted }] = slots as [Slot];
    if (preCheck(this.#platform, from, slots)) return;
    const order: SwitchOrder = {
      ...{ kind: 'switch', group: group.name as SwitchOrder['group'], from: from.name, to: wanted.name, slots: slots.length },
      rollout: {
        ...{ batches: [1], by: 'spread', pause: duration(0), observe: duration(0), order: 'break-before-make', gate: undefined },
      },
    };
    const operation = this.#begin(order, 'inspection');
    note(operation, 'inspection', 'repairs stuck slots');
    this.#lead(operation, order, { from, to: wanted }, slots);
  }
}

/** The app from which a stuck slot is taken: whose tenant is awake beside the wanted one's, else the holder, else the first of the others. */
function takenFrom(slot: Slot): App {
  const others = slot.group.members.filter((app) => app !== slot.wanted);
  return (
    others.find((app) => tenantOf(slot, app).state !== 'keep-alive') ?? others.find((app) => app === slot.holder) ?? (others[0] as App)
  );
}

/** Slots node by node; or in turn over the zones, and in each in turn over its nodes. */
function inOrder(slots: readonly Slot[], by: 'node' | 'spread'): readonly Slot[] {
  const place = ({ node, id }: Slot): number => (node?.index ?? 0) * 1e6 + id;
  const byNode = [...slots].sort((a, b) => place(a) - place(b));
  if (by === 'node') return byNode;
  const onNode = (slot: Slot): number => byNode.filter(({ node }) => node === slot.node).indexOf(slot);
  const inZone = (slot: Slot): number =>
    byNode
      .filter(({ zone }) => zone === slot.zone)
      .sort((a, b) => onNode(a) - onNode(b))
      .indexOf(slot);
  return [...byNode].sort((a, b) => inZone(a) - inZone(b) || a.zone - b.zone);
}
