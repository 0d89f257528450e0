import { ranks } from './clock.ts';
import type { Life } from './life.ts';
import {
  type App,
  close,
  type Group,
  isSlot,
  type Node,
  note,
  type Operation,
  type Pod,
  podsOn,
  setState,
  type Slot,
  type Unit,
  type World,
} from './world.ts';

/** Pods that may be taken to serve, the furthest on their way first. */
const nearestFirst = ['standby', 'starting', 'pulling', 'pending'];

/** Which pods and slots there are to be: by orders to scale and to reserve, and anew where a node is lost for too long. */
export class Fleet {
  readonly life: Life;
  readonly #world: World;

  constructor(world: World, life: Life) {
    this.#world = world;
    this.life = life;
  }

  scale(operation: Operation, app: App, pods: number, standby: number, opening: boolean): void {
    const { wanted: fleets, pools } = this.#world;
    const [wanted, pool] = [fleets[app.index] as Pod[], pools[app.index] as Pod[]];
    this.#takeOver(operation, ({ order: other }) => other.kind === 'scale' && other.app === app.name);
    const surplus = wanted.splice(pods).reverse();
    while (wanted.length < pods) {
      const ready = this.#nearest(pool, wanted);
      if (ready === undefined) break;
      pool.splice(pool.indexOf(ready), 1);
      ready.standby = false;
      wanted.push(ready);
      waitFor(operation, ready);
      if (ready.state === 'standby') this.life.register(ready);
    }
    while (wanted.length < pods) wanted.push(this.#create(operation, app, false, opening));
    for (const pod of surplus) waitFor(operation, pod);
    const aside = surplus.splice(0, Math.max(0, standby - pool.length));
    for (const pod of aside) this.#putAside(pod);
    while (pool.length < standby) pool.push(this.#create(operation, app, true, opening));
    const leaving = [...surplus, ...pool.splice(standby).reverse()];
    this.life.scheduling.withdraw(leaving.filter(({ state }) => state === 'pending'));
    for (const pod of leaving) {
      waitFor(operation, pod);
      pod.standby = false;
      this.life.remove(pod);
    }
    this.#ordered(operation);
  }

  /** Why the group cannot be brought to so many slots. */
  refusal(group: Group, slots: number): string | undefined {
    const free = group.slots.filter(canBeGivenBack).length;
    return group.slots.length - slots > free
      ? `only ${String(free)} of ${String(group.slots.length)} slots can be given back; the others are starting or switching`
      : undefined;
  }

  reserve(operation: Operation, group: Group, slots: number, holder: App, opening: boolean): void {
    this.#takeOver(operation, ({ order: other }) => other.kind === 'reserve' && other.group === group.name);
    while (group.slots.length < slots) {
      const index = lowestFree(group.slots);
      const slot = this.life.makeSlot(group, index, holder, index % this.#world.scenario.cluster.zones.length);
      group.slots.push(slot);
      waitFor(operation, slot);
      this.life.add(slot, index, opening);
    }
    const candidates = [...group.slots].reverse().filter(canBeGivenBack);
    const isBroken = ({ state }: Slot): boolean => state === 'stuck' || state === 'failed';
    const leaving = [...candidates.filter(isBroken), ...candidates.filter((slot) => !isBroken(slot))].slice(0, group.slots.length - slots);
    group.slots = group.slots.filter((slot) => !leaving.includes(slot));
    this.life.scheduling.withdraw(leaving.filter(({ state }) => state === 'pending'));
    for (const slot of leaving) {
      waitFor(operation, slot);
      this.life.removeSlot(slot);
    }
    this.#ordered(operation);
  }

  /** What the last order for the same waited for is this one's now. */
  #takeOver(operation: Operation, isSame: (other: Operation) => boolean): void {
    const older = this.#world.operations.find((other) => other !== operation && other.state === 'running' && isSame(other));
    if (!older) return;
    for (const unit of older.awaited.splice(0)) waitFor(operation, unit);
    note(older, 'superseded', `superseded by operation ${String(operation.id)}`);
    close(this.#world, older, 'superseded');
  }

  /** The order has been given in full. */
  #ordered(operation: Operation): void {
    operation.isGiven = true;
    if (operation.awaited.length === 0) close(this.#world, operation, 'done');
  }

  /** The one to be taken first of those that stand by: the furthest on its way, where its zone has the fewest wanted ones, the longest there. */
  #nearest(pool: readonly Pod[], wanted: readonly Pod[]): Pod | undefined {
    const inZone = (zone: number): number => wanted.filter((pod) => pod.zone === zone).length;
    const candidates = pool.filter(({ state }) => nearestFirst.includes(state));
    return candidates.sort((a, b) => nearestFirst.indexOf(a.state) - nearestFirst.indexOf(b.state) || inZone(a.zone) - inZone(b.zone))[0];
  }

  #putAside(pod: Pod): void {
    (this.#world.pools[pod.app.index] as Pod[]).push(pod);
    pod.standby = true;
    if (pod.state === 'running' || pod.state === 'warming') {
      setState(this.#world, pod, 'draining', 'to standby');
      this.life.drain(pod);
    } else if (pod.state === 'standby') {
      this.#world.clock.callOff(pod.end);
      this.life.done(pod);
    }
  }

  #create(operation: Operation, app: App, standby: boolean, opening: boolean): Pod {
    const { wanted, pools, scenario } = this.#world;
    const index = lowestFree([...(wanted[app.index] as Pod[]), ...(pools[app.index] as Pod[])]);
    const pod = this.life.makePod(app, 'exclusive', index, index % scenario.cluster.zones.length);
    pod.standby = standby;
    waitFor(operation, pod);
    this.life.add(pod, index, opening);
    return pod;
  }

  /** Nodes are lost, and everything on them: what was leaving is gone, the rest has failed. Returns the slots. */
  lost(nodes: readonly Node[]): readonly Slot[] {
    const { platform, clock } = this.#world;
    this.life.images.lost(nodes);
    for (const node of nodes)
      node.givingUp = clock.at(clock.now + platform.nodeLoss.detect + platform.nodeLoss.evict, ranks.breaks, () => this.#giveUp(node));
    const slots = new Set<Slot>();
    for (const pod of podsOn(this.#world, nodes)) {
      if (pod.leaving || pod.state === 'terminating') {
        this.life.gone(pod, 'node lost');
        continue;
      }
      pod.missed = false;
      setState(this.#world, pod, 'failed', 'node lost');
      if (pod.slot) slots.add(pod.slot);
    }
    for (const slot of slots) {
      slot.extraFor = undefined;
      this.life.starts.share(slot.node as Node);
      slot.state = 'failed';
    }
    return [...slots];
  }

  /** The node is back: what was on it and has not been given up starts again, slots for the app that is to hold them. */
  back(node: Node): void {
    this.#world.clock.callOff(node.givingUp);
    for (const pod of podsOn(this.#world, [node]).filter(({ state }) => state === 'failed')) {
      if (pod.slot) {
        pod.slot.holder = pod.slot.wanted;
        pod.slot.state = 'starting';
      }
      pod.restarts++;
      this.life.images.ask(pod, 'node back');
    }
    this.life.scheduling.wake('NodeResourcesFit', 'TaintToleration', 'NodeAffinity', 'PodTopologySpread');
  }

  /** The node has been away for too long: what was on it is made anew in its roles. */
  #giveUp(node: Node): void {
    const units = new Set(podsOn(this.#world, [node]).flatMap((pod): Unit[] => (pod.state === 'failed' ? [pod.slot ?? pod] : [])));
    for (const unit of units) {
      const anew = isSlot(unit)
        ? this.life.makeSlot(unit.group, unit.index, unit.wanted, unit.zone)
        : this.life.makePod(unit.app, 'exclusive', unit.index, unit.zone);
      this.#inItsPlace(unit, anew);
      if (isSlot(unit)) this.life.removeSlot(unit);
      else this.life.remove(unit);
      this.life.add(anew, unit.index, false);
    }
  }

  /** Wherever the old one was wanted, awaited or remembered, the new one is. */
  #inItsPlace(old: Unit, anew: Unit): void {
    const { operations, wanted, pools } = this.#world;
    for (const { awaited, failures } of operations) {
      if (awaited.includes(old)) awaited[awaited.indexOf(old)] = anew;
      for (const failure of failures) if (failure.now === old && failure.then === undefined && isSlot(anew)) failure.now = anew;
    }
    if (isSlot(old) && isSlot(anew)) old.group.slots[old.group.slots.indexOf(old)] = anew;
    if (isSlot(old) || isSlot(anew)) return;
    const [fleet, pool] = [wanted[old.app.index] as Pod[], pools[old.app.index] as Pod[]];
    if (old.standby) {
      anew.standby = true;
      pool.splice(pool.indexOf(old), 1);
      pool.push(anew);
    } else fleet[fleet.indexOf(old)] = anew;
  }
}

/** The operation waits for one more. */
function waitFor(operation: Operation, unit: Unit): void {
  if (operation.awaited.includes(unit)) return;
  operation.awaited.push(unit);
  operation.requested++;
}

const lowestFree = (taken: readonly { readonly index: number }[]): number => {
  let index = 0;
  while (taken.some((one) => one.index === index)) index++;
  return index;
};

/** Neither starting nor part of a switch that is not over. */
const canBeGivenBack = ({ state, owner }: Slot): boolean =>
  state === 'steady' || state === 'pending' || state === 'failed' || (state === 'stuck' && owner === undefined);
