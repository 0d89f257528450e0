import { ranks } from './clock.ts';
import { Images } from './images.ts';
import { choose } from './placing.ts';
import { Scheduling } from './scheduling.ts';
import { Starts } from './starts.ts';
import {
  type App,
  close,
  type Group,
  isSlot,
  isToServe,
  lasts,
  type Node,
  note,
  type Operation,
  type Pod,
  podsOn,
  push,
  setSlotState,
  setState,
  type Slot,
  startup,
  type Unit,
  type World,
} from './world.ts';

/** Pods that may be taken to serve, the furthest on their way first. */
const nearestFirst = ['standby', 'starting', 'pulling', 'pending'];

/** The life of pods and slots apart from switches: created, bound, pulled, started, warmed, standing by, leaving; lost with their node and made anew. */
export class Fleet {
  readonly scheduling: Scheduling;
  readonly images: Images;
  readonly starts: Starts;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.scheduling = new Scheduling(world, (unit, node) => this.#bound(unit, node));
    this.starts = new Starts(world);
    this.images = new Images(world, (pod, reason) => this.#start(pod, reason));
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
      await_(operation, ready);
      if (ready.state === 'standby') this.#register(ready);
    }
    while (wanted.length < pods) wanted.push(this.#create(operation, app, false, opening));
    for (const pod of surplus) await_(operation, pod);
    const aside = surplus.splice(0, Math.max(0, standby - pool.length));
    for (const pod of aside) this.#putAside(pod);
    while (pool.length < standby) pool.push(this.#create(operation, app, true, opening));
    const leaving = [...surplus, ...pool.splice(standby).reverse()];
    this.scheduling.withdraw(leaving.filter(({ state }) => state === 'pending'));
    for (const pod of leaving) {
      await_(operation, pod);
      pod.standby = false;
      this.#remove(pod);
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
      const slot = this.#makeSlot(group, index, holder, index % this.#world.scenario.cluster.zones.length);
      group.slots.push(slot);
      await_(operation, slot);
      this.#add(slot, index, opening);
    }
    const candidates = [...group.slots].reverse().filter(canBeGivenBack);
    const isBroken = ({ state }: Slot): boolean => state === 'stuck' || state === 'failed';
    const leaving = [...candidates.filter(isBroken), ...candidates.filter((slot) => !isBroken(slot))].slice(0, group.slots.length - slots);
    group.slots = group.slots.filter((slot) => !leaving.includes(slot));
    this.scheduling.withdraw(leaving.filter(({ state }) => state === 'pending'));
    for (const slot of leaving) {
      await_(operation, slot);
      this.#removeSlot(slot);
    }
    this.#ordered(operation);
  }

  /** What the last order for the same waited for is this one's now. */
  #takeOver(operation: Operation, isSame: (other: Operation) => boolean): void {
    const older = this.#world.operations.find((other) => other !== operation && other.state === 'running' && isSame(other));
    if (!older) return;
    for (const unit of older.awaited.splice(0)) await_(operation, unit);
    note(older, 'superseded', `superseded by operation ${String(operation.id)}`);
    close(this.#world, older, 'superseded');
  }

  /** The order has been given in full. */
  #ordered(operation: Operation): void {
    operation.isGiven = true;
    if (operation.awaited.length === 0) close(this.#world, operation, 'done');
  }

  /** The pod or slot is as it was asked to be. */
  #done(unit: Unit): void {
    for (const operation of this.#world.operations) {
      const place = operation.awaited.indexOf(unit);
      if (place < 0) continue;
      operation.awaited.splice(place, 1);
      operation.done++;
      if (operation.isGiven && operation.awaited.length === 0) close(this.#world, operation, 'done');
    }
  }

  /** The one to be taken first of those that stand by: the furthest on its way, where its zone has the fewest wanted ones, the longest there. */
  #nearest(pool: readonly Pod[], wanted: readonly Pod[]): Pod | undefined {
    const inZone = (zone: number): number => wanted.filter((pod) => pod.zone === zone).length;
    const candidates = pool.filter(({ state }) => nearestFirst.includes(state));
    return candidates.sort((a, b) => nearestFirst.indexOf(a.state) - nearestFirst.indexOf(b.state) || inZone(a.zone) - inZone(b.zone))[0];
  }

  /** A pod that stands by is told to the clients, and warms up. */
  #register(pod: Pod): void {
    lasts(this.#world, pod, push(this.#world, pod), () => this.#warm(pod, 'activated'));
  }

  #putAside(pod: Pod): void {
    (this.#world.pools[pod.app.index] as Pod[]).push(pod);
    pod.standby = true;
    if (pod.state === 'running' || pod.state === 'warming') {
      setState(this.#world, pod, 'draining', 'to standby');
      this.#drain(pod);
    } else if (pod.state === 'standby') {
      this.#world.clock.callOff(pod.end);
      this.#done(pod);
    }
  }

  #create(operation: Operation, app: App, standby: boolean, opening: boolean): Pod {
    const { wanted, pools, scenario } = this.#world;
    const index = lowestFree([...(wanted[app.index] as Pod[]), ...(pools[app.index] as Pod[])]);
    const pod = this.#makePod(app, 'exclusive', index, index % scenario.cluster.zones.length);
    pod.standby = standby;
    await_(operation, pod);
    this.#add(pod, index, opening);
    return pod;
  }

  #makePod(app: App, kind: Pod['kind'], index: number, zone: number, slot?: Slot): Pod {
    const { pods, clock } = this.#world;
    const incarnation = pods.filter((pod) => pod.app === app && pod.kind === kind && pod.index === index).length;
    const pod: Pod = {
      ...{ id: pods.length, app, kind, index, incarnation, slot, zone, node: undefined, state: 'pending' as const, since: clock.now },
      ...{ standby: false, announced: false, leaving: false, pushes: 0, restarts: 0, missed: false, repeated: undefined, end: undefined },
    };
    pods.push(pod);
    return pod;
  }

  #makeSlot(group: Group, index: number, holder: App, zone: number): Slot {
    const slot: Slot = {
      ...{
        id: this.#world.slots.length,
        group,
        index,
        tenants: [],
        node: undefined,
        zone,
        state: 'pending' as const,
        holder,
        wanted: holder,
      },
      ...{ leaving: false, walks: 0, owner: undefined, extraFor: undefined },
    };
    slot.tenants = group.members.map((app) => this.#makePod(app, 'slot', index, zone, slot));
    this.#world.slots.push(slot);
    return slot;
  }

  /** A new unit: of the opening fleet at once and warm, where there is room; else it waits for the scheduler. */
  #add(unit: Unit, index: number, opening: boolean): void {
    const world = this.#world;
    for (const zone of opening ? [index % world.scenario.cluster.zones.length, undefined] : []) {
      const node = choose(world, unit, zone);
      if (node instanceof Set) continue;
      this.#place(unit, node as Node);
      for (const pod of podsOf(unit)) {
        (node as Node).images.add(pod.app);
        pod.state = pod.standby ? 'standby' : isToServe(pod) ? 'running' : 'keep-alive';
      }
      if (isSlot(unit)) unit.state = 'steady';
      this.#done(unit);
      return;
    }
    this.scheduling.add(unit);
  }

  #place(unit: Unit, node: Node): void {
    for (const each of new Set<Unit>([unit, ...podsOf(unit)])) {
      each.node = node;
      each.zone = node.zone;
    }
    this.starts.share(node);
  }

  #bound(unit: Unit, node: Node): void {
    this.#place(unit, node);
    if (isSlot(unit)) unit.state = 'starting';
    for (const pod of podsOf(unit)) this.images.ask(pod, 'bound');
  }

  #start(pod: Pod, reason: string): void {
    setState(this.#world, pod, 'starting', reason);
    pod.announced = isToServe(pod);
    const takes = startup(this.#world, pod);
    const announcement = pod.announced ? push(this.#world, pod) : 0;
    const announce = (): void => lasts(this.#world, pod, announcement, () => this.#started(pod));
    if (pod.app.startupCpu === 0) lasts(this.#world, pod, takes + announcement, () => this.#started(pod));
    else this.starts.begin(pod, takes, announcement === 0 ? () => this.#started(pod) : announce);
  }

  #started(pod: Pod): void {
    if (pod.slot && pod.slot.holder !== pod.app) {
      setState(this.#world, pod, 'keep-alive', 'started');
      this.#slotStarted(pod.slot);
    } else if (pod.announced && !pod.standby) this.#warm(pod, 'started');
    else {
      setState(this.#world, pod, 'standby', 'started');
      if (pod.standby) this.#done(pod);
      else this.#register(pod);
    }
  }

  #warm(pod: Pod, reason: string): void {
    setState(this.#world, pod, 'warming', reason);
    const runs = (): void => {
      setState(this.#world, pod, 'running', 'warm');
      if (pod.slot) this.#slotStarted(pod.slot);
      else this.#done(pod);
    };
    if (pod.app.warmup.for === 0) runs();
    else this.#warmOn(pod, 1, runs);
  }

  /** A linear warm-up takes 20 steps, as registries push them. */
  #warmOn(pod: Pod, step: number, runs: () => void): void {
    const { shape, for: length } = pod.app.warmup;
    const steps = shape === 'linear' ? 20 : 1;
    const at = pod.since + Math.ceil((step * length) / steps);
    lasts(this.#world, pod, at - this.#world.clock.now, () => {
      if (step === steps) runs();
      else this.#warmOn(pod, step + 1, runs);
    });
  }

  #slotStarted(slot: Slot): void {
    const ready = slot.tenants.every((pod) => pod.state === (pod.app === slot.holder ? 'running' : 'keep-alive'));
    if (slot.state !== 'starting' || !ready) return;
    setSlotState(slot, 'steady', this.#world);
    this.#done(slot);
  }

  #drain(pod: Pod): void {
    lasts(this.#world, pod, pod.app.drain, () => {
      if (!pod.standby) {
        this.#terminate(pod, 'drained');
        return;
      }
      setState(this.#world, pod, 'standby', 'drained');
      this.#done(pod);
    });
  }

  #terminate(pod: Pod, reason: string): void {
    setState(this.#world, pod, 'terminating', reason);
    this.starts.share(pod.node as Node);
    lasts(this.#world, pod, pod.app.terminate, () => this.#gone(pod, 'deleted'));
  }

  #remove(pod: Pod): void {
    pod.missed = false;
    if (pod.slot) pod.slot.leaving ||= pod === pod.slot.tenants[0];
    pod.leaving = true;
    if (pod.state === 'pending') this.#gone(pod, 'withdrawn');
    else if (pod.state === 'failed') this.#gone(pod, 'evicted');
    else if (pod.state === 'pulling') this.#gone(pod, 'scaled down');
    else if (['running', 'warming', 'draining-to-standby', 'cutoff', 'swapping-in'].includes(pod.state)) {
      setState(this.#world, pod, 'draining', 'scaled down');
      this.#drain(pod);
    } else if (pod.state !== 'draining') this.#terminate(pod, 'scaled down');
  }

  #removeSlot(slot: Slot): void {
    slot.state = 'leaving';
    for (const pod of slot.tenants) this.#remove(pod);
  }

  /** The pod is no more; with the last tenant the slot is gone. What becomes free is tried by those that wait. */
  #gone(pod: Pod, reason: string): void {
    const { slot } = pod;
    pod.missed = false;
    setState(this.#world, pod, 'gone', reason);
    if (slot === undefined) {
      if (pod.node) this.starts.share(pod.node);
      this.#done(pod);
    } else if (slot.tenants.every(({ state }) => state === 'gone')) {
      slot.state = 'gone';
      slot.extraFor = undefined;
      if (pod.node) this.starts.share(pod.node);
      this.#done(slot);
    }
    if (pod.node !== undefined && (slot === undefined || slot.state === 'gone'))
      this.scheduling.wake('NodeResourcesFit', 'PodTopologySpread');
  }

  /** Nodes are lost, and everything on them: what was leaving is gone, the rest has failed. Returns the slots. */
  lost(nodes: readonly Node[]): readonly Slot[] {
    const { platform, clock } = this.#world;
    this.images.lost(nodes);
    for (const node of nodes)
      node.givingUp = clock.at(clock.now + platform.nodeLoss.detect + platform.nodeLoss.evict, ranks.breaks, () => this.#giveUp(node));
    const slots = new Set<Slot>();
    for (const pod of podsOn(this.#world, nodes)) {
      if (pod.leaving || pod.state === 'terminating') {
        this.#gone(pod, 'node lost');
        continue;
      }
      pod.missed = false;
      setState(this.#world, pod, 'failed', 'node lost');
      if (pod.slot) slots.add(pod.slot);
    }
    for (const slot of slots) {
      slot.extraFor = undefined;
      this.starts.share(slot.node as Node);
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
      this.images.ask(pod, 'node back');
    }
    this.scheduling.wake('NodeResourcesFit', 'TaintToleration', 'NodeAffinity', 'PodTopologySpread');
  }

  /** The node has been away for too long: what was on it is made anew in its roles. */
  #giveUp(node: Node): void {
    const units = new Set(podsOn(this.#world, [node]).flatMap((pod): Unit[] => (pod.state === 'failed' ? [pod.slot ?? pod] : [])));
    for (const unit of units) {
      const anew = isSlot(unit)
        ? this.#makeSlot(unit.group, unit.index, unit.wanted, unit.zone)
        : this.#makePod(unit.app, 'exclusive', unit.index, unit.zone);
      this.#inItsPlace(unit, anew);
      if (isSlot(unit)) this.#removeSlot(unit);
      else this.#remove(unit);
      this.#add(anew, unit.index, false);
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
function await_(operation: Operation, unit: Unit): void {
  if (operation.awaited.includes(unit)) return;
  operation.awaited.push(unit);
  operation.requested++;
}

const podsOf = (unit: Unit): readonly Pod[] => (isSlot(unit) ? unit.tenants : [unit]);

const lowestFree = (taken: readonly { readonly index: number }[]): number => {
  let index = 0;
  while (taken.some((one) => one.index === index)) index++;
  return index;
};

/** Neither starting nor part of a switch that is not over. */
const canBeGivenBack = ({ state, owner }: Slot): boolean =>
  state === 'steady' || state === 'pending' || state === 'failed' || (state === 'stuck' && owner === undefined);
