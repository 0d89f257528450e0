import { roundUp } from '../../src/base/round-up.ts';
import { imbalance, podCapacityPerSecond } from '../../src/cluster/specs.ts';
import type { Order } from '../../src/operations/orders.ts';
import type { Step } from '../../src/operations/world.ts';
import { type Appointment, ranks } from './clock.ts';
import { isRunning, type Platform } from './platform.ts';
import { Walk, writeStep } from './walk.ts';
import { allocatable, type App, close, isOver, type Node, note, type Operation, reservedOn, setSlotState, type Slot } from './world.ts';

export type SwitchOrder = Extract<Order, { kind: 'switch' }>;

const sequences: Readonly<Record<SwitchOrder['rollout']['order'], readonly Step[]>> = {
  'break-before-make': ['traffic-down', 'resources-down', 'resources-up', 'traffic-up', 'status'],
  'make-before-break': ['resources-up', 'traffic-up', 'traffic-down', 'resources-down', 'status'],
};

/** Where a conductor stands; it waits for a moment, or (without one) for its walks. */
type Waits = Generator<number | undefined, void>;

/** One switch: a conductor who leads batches of walks through the steps, told as a course of waits. Orders may stop him or put another in his place. */
export class Switch {
  readonly operation: Operation;
  readonly #platform: Platform;
  readonly #order: SwitchOrder;
  readonly #from: App;
  readonly #to: App;
  readonly #slots: readonly Slot[];
  readonly #batches: readonly (readonly Slot[])[];
  readonly #touched: Slot[] = [];
  readonly #handed = new Set<Slot>();
  #phase: 'waiting' | 'walking' | 'observing' | 'paused' | 'over' = 'waiting';
  #wish: 'pause' | 'roll-back' | undefined;
  #walks: Walk[] = [];
  #atStep = new Set<Walk>();
  #conductor: Waits | undefined;
  #appointment: Appointment | undefined;
  #waitsForWalks = false;
  /** Times that the pre-check has held the next batch back. */
  #heldBack = 0;

  constructor(
    platform: Platform,
    operation: Operation,
    order: SwitchOrder,
    roles: { readonly from: App; readonly to: App },
    slots: readonly Slot[],
  ) {
    this.#platform = platform;
    this.operation = operation;
    this.#order = order;
    this.#from = roles.from;
    this.#to = roles.to;
    this.#slots = slots;
    const { metrics } = platform.world.platform;
    const { gate, observe, batches } = order.rollout;
    if (gate && observe < metrics.window + metrics.delay)
      note(operation, 'observation', 'its gate judges a time before the batch: `observe` is shorter than metrics.window + metrics.delay');
    const there = slots.filter(({ state }) => state !== 'failed');
    const ends = batches.map((share) => Math.min(there.length, roundUp(share * there.length)));
    this.#batches = ends.map((end, i) => there.slice(ends[i - 1] ?? 0, end)).filter(({ length }) => length > 0);
    for (const slot of slots) {
      slot.wanted = this.#to;
      if (slot.state === 'failed') this.#fail(slot, 'node lost');
      else {
        slot.owner = operation;
        slot.state = 'switching';
      }
    }
  }

  /** Called once the platform knows it. */
  start(): void {
    this.#conduct(this.#forwards());
  }

  get healthy(): readonly Walk[] {
    return this.#walks.filter((walk) => walk.healthy);
  }

  get isUnderWay(): boolean {
    return !isOver(this.operation) && this.operation.state !== 'rolling-back';
  }

  lost(slots: readonly Slot[]): void {
    for (const slot of slots) {
      slot.owner = undefined;
      this.#handed.delete(slot);
      this.#fail(slot, 'node lost');
      const walk = this.healthy.find((each) => each.slot === slot);
      walk?.lose(this.#atStep.delete(walk));
    }
    this.operation.done = this.#handed.size;
    this.#joinWalks();
  }

  pause(): void {
    if (this.#phase === 'walking' || this.#phase === 'observing') this.#wish = 'pause';
    else if (this.#phase !== 'paused') this.#pauseNow('paused by order');
  }

  resume(): void {
    this.#wish = undefined;
    if (this.#phase !== 'paused') return;
    this.operation.state = 'running';
    this.operation.notes = this.operation.notes.filter(([subject]) => subject !== 'paused');
    this.#conduct(this.#forwards());
  }

  rollBack(): void {
    this.operation.state = 'rolling-back';
    if (this.#phase === 'walking') this.#wish = 'roll-back';
    else this.#conduct(this.#back(this.#begun, 'rolled back by order'));
  }

  /** Puts a conductor in the place of the one before. */
  #conduct(conductor: Waits): void {
    this.#conductor = conductor;
    this.#goOn();
  }

  #goOn(): void {
    const { clock } = this.#platform.world;
    clock.callOff(this.#appointment);
    this.#waitsForWalks = false;
    const conductor = this.#conductor;
    const next = conductor?.next();
    if (next === undefined || next.done === true) return;
    this.#waitsForWalks = next.value === undefined;
    if (next.value !== undefined) this.#appointment = clock.at(next.value, ranks.look, () => this.#goOn());
  }

  #joinWalks(): void {
    if (this.#waitsForWalks && this.#atStep.size === 0) this.#goOn();
  }

  *#forwards(): Waits {
    const { operation } = this;
    const { pause, observe, order, gate } = this.#order.rollout;
    const { clock } = this.#platform.world;
    while (operation.batches < this.#batches.length) {
      this.#phase = 'waiting';
      const all = this.#batches[operation.batches] as readonly Slot[];
      for (;;) {
        const objection = preCheck(this.#platform, this.#from, this.#owned(all));
        if (objection === undefined) break;
        const { subject, text, again } = objection;
        const count = subject === 'pre-check' ? ` ${String(++this.#heldBack)} times` : '';
        note(operation, subject, `pre-check held batch ${String(operation.batches + 1)} back${count}: ${text}`);
        yield again;
      }
      this.#heldBack = 0;
      operation.batches++;
      const batch = this.#owned(all).filter((slot) => order === 'break-before-make' || this.#makesRoom(slot));
      this.#touched.push(...batch);
      yield* this.#lead(batch, sequences[order], { giver: this.#from, taker: this.#to });
      for (const { slot } of this.healthy) this.#handed.add(slot);
      this.#walks = [];
      operation.done = this.#handed.size;
      if (this.#wish === 'roll-back') {
        yield* this.#back(this.#begun, 'rolled back by order');
        return;
      }
      this.#phase = 'observing';
      yield clock.now + observe;
      const failed = all.filter((slot) => operation.failures.some((failure) => failure.slot === slot)).length / all.length;
      const complaint =
        gate && failed > gate.failedSlots ? `${percent(failed)} of the slots failed, ${percent(gate.failedSlots)} may` : undefined;
      const reason = `gate after batch ${String(operation.batches)}: ${complaint ?? ''}`;
      if (complaint !== undefined && gate?.otherwise === 'roll-back') {
        yield* this.#back(all, reason);
        return;
      }
      if (complaint !== undefined) {
        this.#pauseNow(reason);
        return;
      }
      if (operation.batches === this.#batches.length) break;
      if (this.#wish === 'pause') {
        this.#pauseNow('paused by order');
        return;
      }
      this.#phase = 'waiting';
      yield clock.now + pause;
    }
    this.#end('done');
  }

  /** Slots of the batches that have begun. */
  get #begun(): readonly Slot[] {
    return this.#batches.slice(0, this.operation.batches).flat();
  }

  /** Takes back those of `slots` that have entered the steps, the last first; all of them are to be the giver's after all. */
  *#back(slots: readonly Slot[], reason: string): Waits {
    const { operation } = this;
    const { world } = this.#platform;
    operation.state = 'rolling-back';
    operation.notes = operation.notes.filter(([subject]) => subject !== 'paused');
    note(operation, 'rolled-back', reason);
    for (const slot of slots) this.#isGivers(slot);
    const kept = slots.filter(({ wanted }) => wanted !== this.#from).length;
    if (kept > 0) note(operation, 'away', `${String(kept)} slots of lost nodes have started again for the taker and stay with it`);
    const owned = this.#owned(this.#touched.filter((slot) => slots.includes(slot)).reverse());
    for (const slot of owned) {
      setSlotState(slot, 'switching', world);
      this.#giveRoomBack(slot);
    }
    yield* this.#lead(owned, sequences['break-before-make'], { giver: this.#to, taker: this.#from });
    for (const { slot } of this.healthy) this.#handed.delete(slot);
    this.#walks = [];
    operation.done = this.#handed.size;
    for (const slot of this.#slots) if (!this.#begun.includes(slot)) this.#isGivers(slot);
    this.#end('rolled-back');
  }

  /** The slots walk through the steps together: a step begins when the last of them has taken the one before. */
  *#lead(slots: readonly Slot[], steps: readonly Step[], roles: { readonly giver: App; readonly taker: App }): Waits {
    this.#phase = 'walking';
    if (slots.length === 0) return;
    this.operation.started ??= this.#platform.world.clock.now;
    for (const slot of slots) slot.walks++;
    this.#walks = slots.map((slot) => new Walk(this.#platform, this.operation, slot, roles, (walk) => this.#stepEnded(walk)));
    for (const step of steps) {
      const walks = this.healthy;
      this.#atStep = new Set(walks);
      for (const walk of walks) walk.begin(step);
      while (this.#atStep.size > 0) yield undefined;
    }
    this.operation.ended = this.#platform.world.clock.now;
  }

  #stepEnded(walk: Walk): void {
    const { slot } = walk;
    if (!walk.healthy) {
      slot.state = 'stuck';
      this.#fail(slot, walk.trouble);
      this.#giveRoomBack(slot);
      if (!isRunning(slot, this.#to)) this.#handed.delete(slot);
    }
    this.#atStep.delete(walk);
    this.#joinWalks();
  }

  #owned(slots: readonly Slot[]): readonly Slot[] {
    return slots.filter(({ owner }) => owner === this.operation);
  }

  /** Only the first failure of a slot counts. */
  #fail(slot: Slot, why: string): void {
    const { failures } = this.operation;
    if (!failures.some((failure) => failure.slot === slot)) failures.push({ slot, now: slot, why, then: undefined });
  }

  /** Make before break: room for both at full limits, or the slot is refused. */
  #makesRoom(slot: Slot): boolean {
    const { world } = this.#platform;
    const node = slot.node as Node;
    const [taken, room, { pod, keepAlive }] = [reservedOn(world, node), allocatable(node), this.#to];
    if (taken.cpu + pod.cpu - keepAlive.cpu <= room.cpu && taken.memory + pod.memory - keepAlive.memory <= room.memory) {
      slot.extraFor = this.#to;
      this.#platform.fleet.life.starts.share(node);
      return true;
    }
    const { now } = world.clock;
    const at = { batch: this.operation.batches, from: this.#from, to: this.#to, started: now };
    writeStep(this.#platform, this.operation, slot, 'pre-check', { ...at, attempts: 1, outcome: 'refused', bytes: 0 });
    this.#fail(slot, 'no room to make before break');
    return false;
  }

  #giveRoomBack(slot: Slot): void {
    const isAsleep = slot.tenants.some(({ app, state }) => app === this.#to && state === 'keep-alive');
    if (slot.extraFor && isAsleep) this.#platform.roomBack(slot);
  }

  /** The slot is to be the giver's after all, unless it was lost and has started again for the taker. */
  #isGivers(slot: Slot): void {
    if (slot.owner === this.operation || slot.state === 'failed') slot.wanted = this.#from;
  }

  #pauseNow(reason: string): void {
    this.#platform.world.clock.callOff(this.#appointment);
    this.#conductor = this.#wish = undefined;
    this.#phase = 'paused';
    this.operation.state = 'paused';
    note(this.operation, 'paused', reason);
    this.#platform.world.news(this.operation);
  }

  #end(state: 'done' | 'rolled-back'): void {
    this.#phase = 'over';
    for (const slot of this.#owned(this.#slots)) {
      slot.owner = undefined;
      if (slot.state === 'stuck') this.#platform.expectInspection();
      if (slot.state === 'switching') setSlotState(slot, 'steady', this.#platform.world);
    }
    close(this.#platform.world, this.operation, state, this.operation.ended);
  }
}

const percent = (ratio: number): string => `${String(Math.round(ratio * 10000) / 100)}%`;

interface Objection {
  readonly subject: 'window' | 'pre-check';
  readonly text: string;
  readonly again: number;
}

/** Why a batch may not begin now: no change window is open, or what stays with the giver does not carry what it is seen to get. */
export function preCheck(platform: Platform, giver: App, batch: readonly Slot[]): Objection | undefined {
  const { world } = platform;
  const { now } = world.clock;
  const { changeWindows, metrics } = world.platform;
  if (changeWindows.length > 0 && !changeWindows.some(({ from, to }) => from <= now && now < to)) {
    const again = Math.min(...changeWindows.map(({ from }) => (from > now ? from : Infinity)));
    return { subject: 'window', text: `no change window is open${again === Infinity ? ', and none is to come' : ''}`, again };
  }
  const giving = batch.filter((slot) => isRunning(slot, giver)).length;
  if (giving === 0) return undefined;
  const running = world.pods.filter(({ app, state, standby }) => app === giver && state === 'running' && !standby).length;
  const stays = running - platform.promised(giver) - giving;
  const capacity = (stays * podCapacityPerSecond(giver)) / imbalance(world.scenario.cluster.zones);
  const load = world.seenLoad(giver) ?? 0;
  if (capacity >= load) return undefined;
  const text = `${String(Math.round(capacity))}/s would stay with ${giver.name}, which gets ${String(Math.round(load))}/s`;
  return { subject: 'pre-check', text, again: (Math.floor((now - metrics.delay) / metrics.window) + 1) * metrics.window + metrics.delay };
}
