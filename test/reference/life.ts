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
  type Pod,
  push,
  setSlotState,
  setState,
  type Slot,
  startup,
  type Unit,
  type World,
} from './world.ts';

/** The life of pods and slots apart from switches: made, bound, pulled, started, warmed, standing by, leaving, gone. */
export class Life {
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

  /** The pod or slot is as it was asked to be. */
  done(unit: Unit): void {
    for (const operation of this.#world.operations) {
      const place = operation.awaited.indexOf(unit);
      if (place < 0) continue;
      operation.awaited.splice(place, 1);
      operation.done++;
      if (operation.isGiven && operation.awaited.length === 0) close(this.#world, operation, 'done');
    }
  }

  /** A pod that stands by is told to the clients, and warms up. */
  register(pod: Pod): void {
    lasts(this.#world, pod, push(this.#world, pod), () => this.#warm(pod, 'activated'));
  }

  makePod(app: App, kind: Pod['kind'], index: number, zone: number, slot?: Slot): Pod {
    const { pods, clock } = this.#world;
    const incarnation = pods.filter((pod) => pod.app === app && pod.kind === kind && pod.index === index).length;
    const pod: Pod = {
      ...{ id: pods.length, app, kind, index, incarnation, slot, zone, node: undefined, state: 'pending' as const, since: clock.now },
      ...{ standby: false, announced: false, leaving: false, pushes: 0, restarts: 0, missed: false, repeated: undefined, end: undefined },
    };
    pods.push(pod);
    return pod;
  }

  makeSlot(group: Group, index: number, holder: App, zone: number): Slot {
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
    slot.tenants = group.members.map((app) => this.makePod(app, 'slot', index, zone, slot));
    this.#world.slots.push(slot);
    return slot;
  }

  /** A new unit: of the opening fleet at once and warm, where there is room; else it waits for the scheduler. */
  add(unit: Unit, index: number, opening: boolean): void {
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
      this.done(unit);
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
      if (pod.standby) this.done(pod);
      else this.register(pod);
    }
  }

  #warm(pod: Pod, reason: string): void {
    setState(this.#world, pod, 'warming', reason);
    const runs = (): void => {
      setState(this.#world, pod, 'running', 'warm');
      if (pod.slot) this.#slotStarted(pod.slot);
      else this.done(pod);
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
    this.done(slot);
  }

  drain(pod: Pod): void {
    lasts(this.#world, pod, pod.app.drain, () => {
      if (!pod.standby) {
        this.#terminate(pod, 'drained');
        return;
      }
      setState(this.#world, pod, 'standby', 'drained');
      this.done(pod);
    });
  }

  #terminate(pod: Pod, reason: string): void {
    setState(this.#world, pod, 'terminating', reason);
    this.starts.share(pod.node as Node);
    lasts(this.#world, pod, pod.app.terminate, () => this.gone(pod, 'deleted'));
  }

  remove(pod: Pod): void {
    pod.missed = false;
    if (pod.slot) pod.slot.leaving ||= pod === pod.slot.tenants[0];
    pod.leaving = true;
    if (pod.state === 'pending') this.gone(pod, 'withdrawn');
    else if (pod.state === 'failed') this.gone(pod, 'evicted');
    else if (pod.state === 'pulling') this.gone(pod, 'scaled down');
    else if (['running', 'warming', 'draining-to-standby', 'cutoff', 'swapping-in'].includes(pod.state)) {
      setState(this.#world, pod, 'draining', 'scaled down');
      this.drain(pod);
    } else if (pod.state !== 'draining') this.#terminate(pod, 'scaled down');
  }

  removeSlot(slot: Slot): void {
    slot.state = 'leaving';
    for (const pod of slot.tenants) this.remove(pod);
  }

  /** The pod is no more; with the last tenant the slot is gone. What becomes free is tried by those that wait. */
  gone(pod: Pod, reason: string): void {
    const { slot } = pod;
    pod.missed = false;
    setState(this.#world, pod, 'gone', reason);
    if (slot === undefined) {
      if (pod.node) this.starts.share(pod.node);
      this.done(pod);
    } else if (slot.tenants.every(({ state }) => state === 'gone')) {
      slot.state = 'gone';
      slot.extraFor = undefined;
      if (pod.node) this.starts.share(pod.node);
      this.done(slot);
    }
    if (pod.node !== undefined && (slot === undefined || slot.state === 'gone'))
      this.scheduling.wake('NodeResourcesFit', 'PodTopologySpread');
  }
}

const podsOf = (unit: Unit): readonly Pod[] => (isSlot(unit) ? unit.tenants : [unit]);
